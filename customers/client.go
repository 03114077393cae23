package customers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/gen"
)

// Version is the version of this module.
const Version = "0.1.0"

// APIVersion is the version of Polar's API that this module is generated from.
// It is sent with every request, unless [WithAPIVersion] says otherwise.
const APIVersion = "2026-10"

// Base URLs of Polar's environments. A token of one is unknown to the other.
const (
	ProductionURL = "https://api.polar.sh"
	SandboxURL    = "https://sandbox-api.polar.sh"
)

// Client calls Polar's Customers API. It never changes and is safe for use by
// many goroutines at once. One is enough for a program: it keeps connections
// alive, and knows for all its users when the service wants a pause.
type Client struct {
	cfg *config
	// transport is the HTTP client's, in its middleware. Without an http.Client
	// around it nothing follows redirects: one is the answer to a mangled path, and
	// could lead to another customer, or hand the token to another host.
	transport http.RoundTripper
	raw       *gen.ClientWithResponses
	// What every request carries. Requests share the slices.
	userAgent, apiVersion, organization []string
}

// New returns a client that acts with accessToken: that of an organization, a
// personal one, or one from OAuth. It talks to production unless [WithSandbox]
// or [WithBaseURL] says otherwise, and sends nothing yet.
//
// All that is wrong with the arguments is in one error, [ErrInvalidArgument].
// Nothing is read from the environment, but for the proxies that net/http looks
// up there.
func New(accessToken string, opts ...Option) (*Client, error) {
	if accessToken != "" {
		opts = append([]Option{withToken(accessToken)}, opts...)
	}
	return build(defaults(), opts)
}

// With returns a client that differs from c by opts. Both share connections and
// what they know of rate limits, as far as opts leave the token, the base URL and
// the HTTP client alone.
func (c *Client) With(opts ...Option) (*Client, error) {
	cfg := *c.cfg
	return build(&cfg, opts)
}

// Raw returns the generated client, for what this package does not offer. Its
// requests go through the same pipeline: credentials, limits, retries, bounds.
// Its errors are [*Error] where no answer came; whatever the status of an answer,
// it is the caller's to judge.
func (c *Client) Raw() *gen.ClientWithResponses { return c.raw }

// String names the client by its base URL.
func (c *Client) String() string { return "customers.Client(" + c.cfg.baseURL + ")" }

// Format prints String whatever the verb: a client's fields are not for logs.
func (c *Client) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

func build(cfg *config, opts []Option) (*Client, error) {
	var errs []error
	for _, o := range opts {
		if o == nil {
			errs = append(errs, errors.New("option: is nil"))
		} else if err := o(cfg); err != nil {
			errs = append(errs, err)
		}
	}
	if cfg.tokens == nil {
		errs = append(errs, errors.New("access token: is empty"))
	}
	if len(errs) > 0 {
		return nil, &Error{kind: ErrInvalidArgument, advice: strings.ReplaceAll(errors.Join(errs...).Error(), "\n", "; ")}
	}

	transport := cfg.httpClient.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	if cfg.httpClient.Jar != nil {
		transport = cookies{cfg.httpClient.Jar, transport}
	}
	for _, wrap := range slices.Backward(cfg.middleware) {
		transport = wrap(transport)
	}

	c := &Client{
		cfg:        cfg,
		transport:  transport,
		userAgent:  []string{strings.TrimSpace(cfg.userAgent + " " + userAgent)},
		apiVersion: []string{cfg.apiVersion},
	}
	if cfg.organization != "" {
		c.organization = []string{cfg.organization}
	}
	raw, err := gen.NewClientWithResponses(cfg.baseURL, gen.WithHTTPClient(rawDoer{c}))
	if err != nil {
		return nil, err
	}
	c.raw = raw
	return c, nil
}

var userAgent = fmt.Sprintf("polar-go/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)

// rawDoer lets the generated client send through the pipeline.
type rawDoer struct{ c *Client }

func (d rawDoer) Do(req *http.Request) (*http.Response, error) {
	op := operationAt(req.Method, strings.TrimPrefix(req.URL.EscapedPath(), d.c.cfg.basePath))
	a, err := d.c.do(req, op, &callOptions{}, nil)
	var e *Error
	if errors.As(err, &e) && (e.StatusCode == 0 || e.cause != nil) {
		return nil, err // no answer, or only a part of one
	}
	return a.unread(), nil
}

// fetch sends req, which gen has built, and decodes the answer into a T.
func fetch[T any](c *Client, op *Operation, opts []CallOption, req *http.Request, err error) (*T, error) {
	o, optErr := resolve(op, opts)
	if optErr != nil {
		return nil, optErr
	}
	return fetchResolved[T](c, op, &o, req, err)
}

// fetchResolved is fetch with the options resolved.
func fetchResolved[T any](c *Client, op *Operation, o *callOptions, req *http.Request, err error) (*T, error) {
	out := new(T)
	if _, err := c.call(op, o, req, err, func(a *answer) *Error { return decode(op, a, out) }); err != nil {
		return nil, err
	}
	return out, nil
}

// discard sends req and expects an answer without content.
func discard(c *Client, op *Operation, opts []CallOption, req *http.Request, err error) error {
	o, optErr := resolve(op, opts)
	if optErr != nil {
		return optErr
	}
	_, err = c.call(op, &o, req, err, func(a *answer) *Error {
		if a.status != http.StatusNoContent { // a proxy's page, say
			return unexpected(op, a.status, a.header, a.body, "the answer is not the empty one of Polar's API: check the base URL and what is in front of the service")
		}
		return nil
	})
	return err
}

// call sends req, unless err says that gen could not build it.
func (c *Client) call(op *Operation, o *callOptions, req *http.Request, err error, accept func(*answer) *Error) (*answer, error) {
	if err != nil {
		return nil, invalidArgument(op, "input", "cannot be encoded")
	}
	a, err := c.do(req, op, o, accept)
	if o.capture != nil {
		*o.capture = a.captured(err)
	}
	return a, err
}

func resolve(op *Operation, opts []CallOption) (callOptions, error) {
	var o callOptions
	for _, opt := range opts {
		if opt == nil {
			return o, invalidArgument(op, "option", "is nil")
		}
		if err := opt(&o, op); err != nil {
			return o, err
		}
	}
	return o, nil
}
