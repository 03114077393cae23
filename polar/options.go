package polar

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"
)

// Option configures a [Client]. [New] reports what is wrong with it.
type Option func(*config) error

type config struct {
	baseURL      string // without a slash at the end
	base         *url.URL
	environment  string // the option that chose baseURL
	tokens       tokenSource
	httpClient   *http.Client
	middleware   []func(http.RoundTripper) http.RoundTripper
	retry        RetryPolicy
	timeout      time.Duration
	maxBytes     int64
	userAgent    string
	apiVersion   string
	organization string
	logger       *slog.Logger
	limit        *rate.Limiter
	pause        *pause
	jitter       func() float64
}

func defaultConfig() *config {
	cfg := &config{
		httpClient: &http.Client{Transport: defaultTransport()},
		retry:      defaultRetry(),
		timeout:    30 * time.Second,
		maxBytes:   8 << 20,
		apiVersion: APIVersion,
		pause:      newPause(),
		jitter:     randomJitter,
	}
	cfg.baseURL = ProductionURL
	cfg.base, _ = url.Parse(ProductionURL) // a constant, which is a URL
	return cfg
}

// defaultTransport is the standard library's with room for many requests at
// once to one host, and a limit on headers.
func defaultTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if ok {
		t = t.Clone()
	} else { // the program has replaced it
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
	}
	t.MaxIdleConnsPerHost = 64
	t.MaxResponseHeaderBytes = 256 << 10
	return t
}

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
// service answers 404 to a version that it does not have.
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

// isHeaderName reports whether s can be the name of a header.
func isHeaderName(s string) bool {
	return consistsOf(s, letters+digits+"!#$%&'*+-.^_`|~")
}

// isHeaderValue reports whether s can be the value of a header.
func isHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\t' && (r < 0x20 || r == 0x7f) })
}

// isUUID reports whether s is a UUID in its usual form, in groups of 8-4-4-4-12.
func isUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }
