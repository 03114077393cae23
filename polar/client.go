package polar

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
)

// Client sends requests to Polar's API. It is immutable and safe for concurrent
// use. A program needs one: it keeps connections alive and shares rate-limit
// pauses between goroutines.
type Client struct {
	config *config
	// transport is the HTTP client's, wrapped in the middleware. It is used without
	// an http.Client, which would follow redirects: those could lead to another
	// customer or take the token to another host.
	transport http.RoundTripper
	// keepsRequests is whether transport leaves requests unchanged.
	keepsRequests bool
	// Header values that every request carries. Requests share the slices.
	userAgent, apiVersion, organization []string
}

// New returns a client that authenticates with accessToken, which belongs to an
// organization or a user. It talks to production unless [WithSandbox] or
// [WithBaseURL] says otherwise. It sends nothing yet.
//
// The error is [ErrInvalidArgument] and lists everything that is wrong with the
// arguments. New reads nothing from the environment, except the proxy settings
// that net/http looks up.
func New(accessToken string, opts ...Option) (*Client, error) {
	if accessToken != "" {
		opts = append([]Option{withToken(accessToken)}, opts...)
	}
	return newClient(defaultConfig(), opts)
}

// With returns a copy of c that is changed by opts. The copies share connections
// unless opts change the HTTP client, rate-limit pauses unless opts change the token
// or the base URL, and the rate limit unless opts change it.
func (c *Client) With(opts ...Option) (*Client, error) {
	if c == nil {
		return nil, noClient(&Operation{})
	}
	cfg := *c.config
	cfg.environment = ""
	return newClient(&cfg, opts)
}

// BaseURL returns the URL that all requests begin with. It ends in a slash, as
// request builders of generated packages need it.
func (c *Client) BaseURL() string {
	if c == nil {
		return ""
	}
	return c.config.baseURL + "/"
}

// String names the client by its base URL.
func (c *Client) String() string { return "polar.Client(" + strings.TrimSuffix(c.BaseURL(), "/") + ")" }

// Format prints String for every verb, since the fields are not for logs.
func (c *Client) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

func newClient(cfg *config, opts []Option) (*Client, error) {
	var problems []error
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, errors.New("option: is nil"))
		} else if err := opt(cfg); err != nil {
			problems = append(problems, err)
		}
	}
	switch {
	case cfg.tokens == nil && !cfg.public:
		problems = append(problems, errors.New("access token: is empty"))
	case cfg.tokens != nil && cfg.public:
		problems = append(problems, errors.New("token source: a public client has no access token: use polar.New"))
	}
	if len(problems) > 0 {
		return nil, &Error{kind: ErrInvalidArgument, advice: strings.ReplaceAll(errors.Join(problems...).Error(), "\n", "; ")}
	}

	base := cfg.httpClient.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	_, standard := base.(*http.Transport)
	var transport http.RoundTripper = withoutReplay{base}
	for _, wrap := range slices.Backward(cfg.middleware) {
		if transport = wrap(transport); transport == nil {
			return nil, &Error{kind: ErrInvalidArgument, advice: "middleware: returns a nil transport"}
		}
	}
	c := &Client{
		config:        cfg,
		transport:     transport,
		keepsRequests: standard && len(cfg.middleware) == 0,
		userAgent:     []string{strings.TrimSpace(cfg.userAgent + " " + userAgent)},
		apiVersion:    []string{cfg.apiVersion},
	}
	if cfg.organization != "" {
		c.organization = []string{cfg.organization}
	}
	return c, nil
}

var userAgent = fmt.Sprintf("polar-go/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
