package customers

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Option configures a [Client]. What is wrong with it is reported by [New].
type Option func(*config) error

type config struct {
	baseURL, basePath string
	tokens            tokenSource
	httpClient        *http.Client
	middleware        []func(http.RoundTripper) http.RoundTripper
	retry             RetryPolicy
	timeout           time.Duration
	maxBytes          int64
	userAgent         string
	apiVersion        string
	organization      string
	logger            *slog.Logger
	limit             *rate.Limiter
	gate              *gate
	jitter            func() float64
}

func defaults() *config {
	return &config{
		baseURL:    ProductionURL,
		httpClient: &http.Client{Transport: defaultTransport()},
		retry:      defaultRetry,
		timeout:    30 * time.Second,
		maxBytes:   32 << 20,
		apiVersion: APIVersion,
		gate:       &gate{},
		jitter:     randomJitter,
	}
}

// defaultTransport is the standard library's with room for many requests at
// once to one host, and headers bounded to what the service could send.
func defaultTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if ok {
		t = t.Clone()
	} else { // a program has put another in its place
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
	}
	t.MaxIdleConnsPerHost = 64
	t.MaxResponseHeaderBytes = 256 << 10
	return t
}

// WithSandbox talks to Polar's sandbox, which has tokens and data of its own.
func WithSandbox() Option { return WithBaseURL(SandboxURL) }

// WithBaseURL talks to the service at u, such as that of a test server. It must
// be https, or http to the machine itself; a path is put before every route.
func WithBaseURL(u string) Option {
	return func(c *config) error {
		parsed, err := url.Parse(u)
		if err != nil {
			return errors.New("base URL: not a URL")
		}
		switch {
		case parsed.Host == "":
			return errors.New("base URL: must be absolute, such as " + ProductionURL)
		case parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "":
			return errors.New("base URL: must have neither user, query nor fragment")
		case parsed.Scheme != "https" && !(parsed.Scheme == "http" && loopback(parsed.Hostname())):
			return errors.New("base URL: must be https, or http to this machine, since it carries the token")
		}
		c.baseURL = strings.TrimRight(parsed.String(), "/")
		c.basePath = strings.TrimRight(parsed.EscapedPath(), "/")
		c.gate = &gate{}
		return nil
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// WithHTTPClient sends requests with the transport and the cookie jar of hc. Its
// timeout, unless 0, is as [WithTimeout]. Redirects are not followed, whatever
// hc says.
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

// cookies sends those of a jar, and puts those of answers into it.
type cookies struct {
	jar  http.CookieJar
	next http.RoundTripper
}

func (c cookies) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for _, cookie := range c.jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	resp, err := c.next.RoundTrip(req)
	if err == nil {
		c.jar.SetCookies(req.URL, resp.Cookies())
	}
	return resp, err
}

// WithMiddleware wraps the transport. Middleware sees every attempt of every
// call, complete with credentials, as the last thing before the network: a
// request that waits or is refused by this package does not reach it. The first
// one given is the outermost.
func WithMiddleware(wrap ...func(http.RoundTripper) http.RoundTripper) Option {
	return func(c *config) error {
		if slices.ContainsFunc(wrap, func(w func(http.RoundTripper) http.RoundTripper) bool { return w == nil }) {
			return errors.New("middleware: is nil")
		}
		c.middleware = append(slices.Clip(c.middleware), wrap...)
		return nil
	}
}

// WithTimeout bounds each attempt, from connecting to the last byte of the
// answer; the context bounds the call as a whole. For an export it bounds the
// wait for the first byte and for each one after that. The default is 30
// seconds, for the service can take 15 to look up an e-mail address's domain.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return errors.New("timeout: must be above 0")
		}
		c.timeout = d
		return nil
	}
}

// WithMaxResponseBytes bounds the size of an answer after decompression, exports
// aside. The default is 32 MiB; a page of 100 customers is rarely above 1.
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
		if name == "" || !headerValue(name) {
			return errors.New("user agent: is empty or has characters that no header can hold")
		}
		c.userAgent = name
		return nil
	}
}

// WithAPIVersion asks for a version of the API other than [APIVersion]. The
// service answers 404 to one that it does not have.
func WithAPIVersion(version string) Option {
	return func(c *config) error {
		if version == "" || !headerValue(version) {
			return errors.New("API version: is empty or has characters that no header can hold")
		}
		c.apiVersion = version
		return nil
	}
}

// WithOrganization confines a user's token that reaches several organizations to
// one of them.
func WithOrganization(id string) Option {
	return func(c *config) error {
		if !isUUID(id) {
			return errors.New("organization: must be a UUID")
		}
		c.organization = id
		return nil
	}
}

// headerName reports whether s can be the name of a header.
func headerName(s string) bool {
	return consists(s, letters+digits+"!#$%&'*+-.^_`|~")
}

// headerValue reports whether s can be sent as the value of a header.
func headerValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\t' && isControl(r) })
}

// CallOption changes a single call.
type CallOption func(*callOptions, *Operation) error

type callOptions struct {
	header       http.Header
	withoutRetry bool
	reconciled   bool // another attempt tells what became of the first
	capture      *Response
	concurrency  int
}

// WithHeader adds a header to a call. Those that the pipeline sets itself, such
// as Authorization, are refused with [ErrInvalidArgument].
func WithHeader(key, value string) CallOption {
	return func(o *callOptions, op *Operation) error {
		key := http.CanonicalHeaderKey(key)
		if !headerName(key) || !headerValue(value) {
			return invalidArgument(op, "header", "has a name or value that no header can hold")
		}
		if slices.Contains(ownHeaders, key) {
			return invalidArgument(op, "header", fmt.Sprintf("%s is set by an option of the client", key))
		}
		if o.header == nil {
			o.header = http.Header{}
		}
		o.header.Add(key, value)
		return nil
	}
}

var ownHeaders = []string{
	"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "Host",
	"Polar-Organization", "Polar-Version", "Transfer-Encoding", "User-Agent",
}

// WithoutRetry sends a call once, whatever happens.
func WithoutRetry() CallOption {
	return func(o *callOptions, _ *Operation) error {
		o.withoutRetry = true
		return nil
	}
}
