package polar

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Option configures a [Client]. [New] reports what is wrong with it.
type Option func(*config) error

// WithSandbox talks to Polar's sandbox, which has its own tokens and data.
func WithSandbox() Option { return withBaseURL("WithSandbox", SandboxURL) }

// WithBaseURL talks to the service at u, such as a test server. It must be https,
// or http to this machine. A path in it comes before every route.
func WithBaseURL(u string) Option { return withBaseURL("WithBaseURL", u) }

func withBaseURL(option, u string) Option {
	return func(c *config) error {
		if c.environment != "" && c.environment != option {
			return errors.New("base URL: WithSandbox and WithBaseURL exclude each other")
		}
		c.environment = option
		parsed, err := url.Parse(u)
		if err != nil {
			return errors.New("base URL: not a URL")
		}
		switch {
		case parsed.Hostname() == "":
			return errors.New("base URL: must be absolute, such as " + ProductionURL)
		case parsed.User != nil || parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "" || strings.HasSuffix(u, "#"):
			return errors.New("base URL: must have no user, query or fragment")
		case parsed.Scheme != "https" && !(parsed.Scheme == "http" && isLoopback(parsed.Hostname())):
			return errors.New("base URL: must be https, or http to this machine, because requests carry the token")
		case hasDotSegment(parsed.EscapedPath()):
			return errors.New(`base URL: must have no "." or ".." in its path`)
		}
		c.baseURL = strings.TrimRight(parsed.String(), "/")
		if c.base, err = url.Parse(c.baseURL); err != nil {
			return errors.New("base URL: not a URL")
		}
		c.pause = newPause()
		return nil
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// WithHTTPClient sends requests through the transport of hc. Its timeout, if it
// is not 0, has the effect of [WithTimeout]. Its cookie jar and its redirect
// policy have none: the client sends no cookies and follows no redirects.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		if hc == nil {
			return errors.New("HTTP client: is nil")
		}
		copied := *hc
		c.httpClient = &copied
		if hc.Timeout > 0 {
			c.timeout = hc.Timeout
		}
		return nil
	}
}

// WithMiddleware wraps the transport. Middleware sees each attempt of each call,
// with credentials, right before the network. It does not see requests that the
// client refuses or holds back. The first middleware is the outermost.
//
// An Idempotency-Key header that middleware adds is removed again: Polar ignores
// it, and net/http would send such a request a second time by itself.
func WithMiddleware(wrap ...func(http.RoundTripper) http.RoundTripper) Option {
	return func(c *config) error {
		if slices.ContainsFunc(wrap, func(w func(http.RoundTripper) http.RoundTripper) bool { return w == nil }) {
			return errors.New("middleware: is nil")
		}
		c.middleware = append(slices.Clip(c.middleware), wrap...)
		return nil
	}
}

// WithTimeout limits each attempt, from connecting to the last byte of the
// response; the context limits the call as a whole. For an export it limits the
// wait for the first byte and for each part after it. The default is 30 seconds,
// because the service can take 15 to check the domain of an email address.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return errors.New("timeout: must be above 0")
		}
		c.timeout = d
		return nil
	}
}

// WithMaxResponseBytes limits the size of a response after decompression, exports
// aside. The default is 8 MiB; a page of 100 objects is rarely above 1 MiB.
//
// It limits the memory of a call as well: one that decodes a response, whatever
// its content, takes at most 4 times n plus 16 MiB. To that end a response may
// hold at most 4,096 + n/4096 objects and 65,536 + n/512 values.
func WithMaxResponseBytes(n int64) Option {
	return func(c *config) error {
		if n <= 0 {
			return errors.New("max response bytes: must be above 0")
		}
		c.maxBytes = n
		return nil
	}
}

// WithUserAgent puts the name of a program before this module's in the
// User-Agent header, such as "shop/1.4".
func WithUserAgent(name string) Option {
	return func(c *config) error {
		if name == "" || !isHeaderValue(name) {
			return errors.New("user agent: is empty or contains characters that are not allowed in a header")
		}
		c.userAgent = name
		return nil
	}
}

// WithAPIVersion asks for another version of the API than [APIVersion]. The
// service responds with 404 to a version that it does not have.
func WithAPIVersion(version string) Option {
	return func(c *config) error {
		if version == "" || !isHeaderValue(version) {
			return errors.New("API version: is empty or contains characters that are not allowed in a header")
		}
		c.apiVersion = version
		return nil
	}
}

// WithOrganization limits a user's token that reaches several organizations to
// the organization with this ID.
func WithOrganization(id string) Option {
	return func(c *config) error {
		if !isUUID(id) {
			return errors.New("organization: must be a UUID")
		}
		c.organization = id
		return nil
	}
}

func withToken(token string) Option {
	return func(c *config) error {
		s := newSecret(token)
		c.tokens = func(context.Context) (secret, error) { return s, nil }
		return checkToken(token)
	}
}

// WithTokenSource asks source for the access token of each attempt. It replaces
// the token given to [New], which may be empty then. When the service refuses a
// token, source is asked once more; if it returns a different token, that one is
// tried as one of the attempts that [RetryPolicy] allows. If source fails, the
// call fails with [ErrUnauthorized] and source's error.
//
// source is called from many goroutines at once and should cache the token.
func WithTokenSource(source func(context.Context) (string, error)) Option {
	return func(c *config) error {
		if source == nil {
			return errors.New("token source: is nil")
		}
		c.pause = newPause()
		c.tokens = func(ctx context.Context) (secret, error) {
			token, err := source(ctx)
			if err == nil {
				err = checkToken(token)
			}
			return newSecret(token), err
		}
		return nil
	}
}

// WithRetry replaces the retry policy. By default a call has three attempts, with
// delays of up to 250 and 500 milliseconds, or up to 2 seconds if the service
// asks for it. [BatchRetry] is a policy for jobs.
func WithRetry(p RetryPolicy) Option {
	return func(c *config) error {
		if p.MaxAttempts < 0 || p.BaseDelay < 0 || p.MaxDelay < 0 || p.MaxRetryAfter < 0 {
			return errors.New("retry: MaxAttempts and delays must not be negative")
		}
		if p.MaxDelay != 0 && p.MaxDelay < p.BaseDelay {
			return errors.New("retry: MaxDelay is below BaseDelay")
		}
		standard := defaultRetry()
		p.MaxAttempts = cmp.Or(p.MaxAttempts, standard.MaxAttempts)
		p.MaxDelay = cmp.Or(p.MaxDelay, max(p.BaseDelay, standard.MaxDelay))
		p.BaseDelay = cmp.Or(p.BaseDelay, min(p.MaxDelay, standard.BaseDelay))
		p.MaxRetryAfter = cmp.Or(p.MaxRetryAfter, standard.MaxRetryAfter)
		c.retry = p
		return nil
	}
}

// WithRateLimit keeps the client below l. A request over the limit waits for its
// turn, or fails at once with [ErrRateLimited] if its context would end first.
// Retries count. Without this option the client sends until the service responds
// with 429.
//
// Either way a 429 pauses the whole client: for the service's Retry-After, or for
// a delay as before a retry. Calls made meanwhile wait and then go one by one. A
// call does not wait longer than the larger of [RetryPolicy].MaxRetryAfter and
// MaxDelay, nor longer than its context: if it would have to, it fails at once
// with [ErrRateLimited] and [Error.RetryAfter]. Once a second such a call is sent
// nevertheless, because Retry-After is the length of the service's window, which
// often ends sooner. Its success ends the pause.
func WithRateLimit(l RateLimit) Option {
	return func(c *config) error {
		if l.Requests < 1 || l.Per <= 0 || l.Burst < 0 {
			return errors.New("rate limit: Requests and Per must be above 0, and Burst not negative")
		}
		burst := l.Burst
		if burst == 0 {
			burst = max(1, l.Requests/10)
		}
		c.limit = rate.NewLimiter(rate.Limit(float64(l.Requests)/l.Per.Seconds()), burst)
		return nil
	}
}

// WithLogger logs one line for each attempt: operation, route template, status,
// duration, number of the attempt, and the time waited before it. Failures are
// logged as warnings, everything else at debug level. No line holds an ID, an
// email address, a body or a secret. A nil logger logs nothing.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error {
		c.logger = l
		return nil
	}
}
