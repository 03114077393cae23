package polar

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestOptionsRefused(t *testing.T) {
	for _, test := range []struct {
		token  string
		option Option
		want   string
	}{
		{"", WithSandbox(), "access token: is empty"},
		{"Bearer polar_oat_x", WithSandbox(), `must not include "Bearer"`},
		{"polar_oat_x", nil, "option: is nil"},
		{"polar_oat_x", WithBaseURL("api.polar.sh"), "base URL: must be absolute"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh:port"), "base URL: not a URL"},
		{"polar_oat_x", WithBaseURL("http://api.polar.sh"), "base URL: must be https"},
		{"polar_oat_x", WithBaseURL("http://127.0.0.1.polar.sh"), "base URL: must be https"},
		{"polar_oat_x", WithBaseURL("ftp://localhost"), "base URL: must be https"},
		{"polar_oat_x", WithBaseURL("https://user@api.polar.sh"), "must have no user, query or fragment"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh?a=b"), "must have no user, query or fragment"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh?"), "must have no user, query or fragment"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh/?"), "must have no user, query or fragment"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh#a"), "must have no user, query or fragment"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh#"), "must have no user, query or fragment"},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh/a/../b"), `must have no "." or ".." in its path`},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh/."), `must have no "." or ".." in its path`},
		{"polar_oat_x", WithBaseURL("https://api.polar.sh/%2E%2e/b"), `must have no "." or ".." in its path`},
		{"polar_oat_x", WithBaseURL("https:api.polar.sh"), "base URL: must be absolute"},
		{"polar_oat_x", WithBaseURL("https://:443"), "base URL: must be absolute"},
		{"polar_oat_x", WithBaseURL("//api.polar.sh"), "base URL: must be https"},
		{"polar_oat_x", WithBaseURL(""), "base URL: must be absolute"},
		{"polar_oat_x", WithHTTPClient(nil), "HTTP client: is nil"},
		{"polar_oat_x", WithMiddleware(nil), "middleware: is nil"},
		{"polar_oat_x", WithTimeout(0), "timeout: must be above 0"},
		{"polar_oat_x", WithMaxResponseBytes(0), "max response bytes: must be above 0"},
		{"polar_oat_x", WithUserAgent(""), "user agent: is empty"},
		{"polar_oat_x", WithUserAgent("a\r\nb: c"), "user agent: is empty or contains"},
		{"polar_oat_x", WithAPIVersion("2026\n"), "API version: is empty or contains"},
		{"polar_oat_x", WithOrganization("acme"), "organization: must be a UUID"},
		{"polar_oat_x", WithTokenSource(nil), "token source: is nil"},
		{"polar_oat_x", WithRetry(RetryPolicy{MaxAttempts: -1}), "retry: "},
		{"polar_oat_x", WithRateLimit(RateLimit{}), "rate limit: "},
	} {
		client, err := New(test.token, test.option)
		if client != nil || !errors.Is(err, ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, %v; want an error with %q", client, err, test.want)
		}
		if err != nil && (strings.Contains(err.Error(), "polar_oat_x") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("the error shows the token, or has two lines: %q", err)
		}
	}
}

// Everything that is wrong is in one error.
func TestOptionsJoined(t *testing.T) {
	_, err := New("", WithTimeout(-1), WithOrganization("x"))
	for _, want := range []string{"access token", "timeout", "organization"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name the %s", err, want)
		}
	}
}

// The options that choose an environment exclude each other.
func TestEnvironmentsExclude(t *testing.T) {
	for name, opts := range map[string][]Option{
		"sandbox first":  {WithSandbox(), WithBaseURL("https://gateway.example")},
		"sandbox second": {WithBaseURL("https://gateway.example"), WithSandbox()},
	} {
		if _, err := New(testToken, opts...); !errors.Is(err, ErrInvalidArgument) || !strings.Contains(err.Error(), "WithSandbox and WithBaseURL exclude each other") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// With may replace the environment of the client that it copies.
	c, err := New(testToken, WithSandbox(), WithSandbox())
	if err != nil {
		t.Fatal(err)
	}
	other, err := c.With(WithBaseURL("https://gateway.example/polar//"))
	if err != nil {
		t.Fatal(err)
	}
	if c.BaseURL() != SandboxURL+"/" || other.BaseURL() != "https://gateway.example/polar/" {
		t.Errorf("base URLs %s and %s", c.BaseURL(), other.BaseURL())
	}
}

func TestBaseURL(t *testing.T) {
	for u, want := range map[string]string{
		"https://api.polar.sh":           "https://api.polar.sh/",
		"https://api.polar.sh/":          "https://api.polar.sh/",
		"https://gateway.example/a%2Fb/": "https://gateway.example/a%2Fb/",
		"http://localhost:8080":          "http://localhost:8080/",
		"http://127.0.0.2":               "http://127.0.0.2/",
		"http://[::1]:8080/polar":        "http://[::1]:8080/polar/",
	} {
		c, err := New(testToken, WithBaseURL(u))
		if err != nil {
			t.Errorf("%s: %v", u, err)
		} else if got := c.BaseURL(); got != want {
			t.Errorf("%s: got %s, want %s", u, got, want)
		}
	}
	if got := (*Client)(nil).BaseURL(); got != "" {
		t.Errorf("a nil client has the base URL %q", got)
	}
	c, err := New(testToken)
	if err != nil || c.BaseURL() != ProductionURL+"/" || c.String() != "polar.Client("+ProductionURL+")" {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestCallOptionsRefused(t *testing.T) {
	s := play(ok())
	c := s.client(t)
	for name, option := range map[string]struct {
		option CallOption
		want   string
	}{
		"nil":                 {nil, "customers: get: option: is nil"},
		"reserved":            {WithHeader("authorization", "Bearer x"), "customers: get: header Authorization: is set by the client: use an option of polar.New"},
		"host":                {WithHeader("host", "x"), "customers: get: header Host: is set by the client: use an option of polar.New"},
		"version":             {WithHeader("polar-version", "x"), "customers: get: header Polar-Version: is set by the client: use an option of polar.New"},
		"idempotency key":     {WithHeader("idempotency-key", "x"), "customers: get: header Idempotency-Key: is ignored by Polar and would make net/http send a POST twice"},
		"other idempotency":   {WithHeader("X-IDEMPOTENCY-KEY", "x"), "customers: get: header X-Idempotency-Key: is ignored by Polar and would make net/http send a POST twice"},
		"header name":         {WithHeader("a b", "c"), "customers: get: header: has a name that is not allowed"},
		"no header name":      {WithHeader("", "c"), "customers: get: header: has a name that is not allowed"},
		"header value":        {WithHeader("X-Trace", "a\nb"), "customers: get: header X-Trace: has a value that is not allowed, such as a line break"},
		"header value, NUL":   {WithHeader("X-Trace", "a\x00b"), "customers: get: header X-Trace: has a value that is not allowed, such as a line break"},
		"response to capture": {CaptureResponse(nil), "customers: get: response: to capture into is nil"},
	} {
		if err := get(t.Context(), c, option.option); !errors.Is(err, ErrInvalidArgument) || err.Error() != option.want {
			t.Errorf("%s: got %v, want %s", name, err, option.want)
		}
		if err := remove(t.Context(), c, option.option); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: Discard gives %v", name, err)
		}
		if err := export(t.Context(), c, option.option); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: Stream gives %v", name, err)
		}
		if _, err := read(t.Context(), c, 0, option.option); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: List.All gives %v", name, err)
		}
	}
	// Everything that is wrong is in one error.
	if e := failureOf(t, get(t.Context(), c, nil, CaptureResponse(nil))); len(e.Fields) != 2 {
		t.Errorf("got %v", e)
	}
	if n := s.count(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// What options put on a request.
func TestOptionsSent(t *testing.T) {
	const organization = "0bf5078f-8bd5-4c34-b19f-551097e92545"
	s := play(ok())
	c := s.client(t, WithUserAgent("shop/1.4"), WithAPIVersion("2026-04"), WithOrganization(organization))
	if err := get(t.Context(), c, WithHeader("x-trace", "1"), WithHeader("X-Trace", "2")); err != nil {
		t.Fatal(err)
	}
	h := s.sent[0].header
	if got := h.Get("User-Agent"); !strings.HasPrefix(got, "shop/1.4 polar-go/"+Version+" (go") {
		t.Errorf("User-Agent is %q", got)
	}
	if h.Get("Polar-Version") != "2026-04" || h.Get("Polar-Organization") != organization || !slices.Equal(h.Values("X-Trace"), []string{"1", "2"}) {
		t.Errorf("header is %v", h)
	}
	s = play(ok())
	if err := get(t.Context(), s.client(t)); err != nil {
		t.Fatal(err)
	}
	h = s.sent[0].header
	if got := h.Get("User-Agent"); !strings.HasPrefix(got, "polar-go/"+Version+" (go") || h.Get("Polar-Version") != APIVersion || h["Polar-Organization"] != nil {
		t.Errorf("header is %v", h)
	}
}

// The caller's HTTP client is copied. Its transport and its timeout have an
// effect, its cookie jar has none.
func TestWithHTTPClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		s := play(ok().with("Set-Cookie", "route=7; Secure"), ok(), ok().later(time.Hour))
		hc := &http.Client{Transport: s, Jar: jar, Timeout: 3 * time.Second}
		c, err := New(testToken, WithHTTPClient(hc))
		if err != nil {
			t.Fatal(err)
		}
		hc.Transport, hc.Timeout = nil, 0 // no longer the client's
		for range 2 {
			if err := get(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if cookie := s.sent[1].header["Cookie"]; cookie != nil {
			t.Errorf("the second request has the cookie %q", cookie)
		}
		start := time.Now()
		err = get(t.Context(), c, WithoutRetry())
		if !errors.Is(err, errAttemptTimeout) || errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second ||
			err.Error() != "customers: get: the service did not respond in time" {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
	// Without a transport of its own, it uses the program's default.
	c, err := New(testToken, WithHTTPClient(&http.Client{}))
	if err != nil || c.transport != (withoutReplay{http.DefaultTransport}) {
		t.Errorf("%v, %v", c.transport, err)
	}
}

// The transport of the client is not the program's, nor a copy of a foreign one.
func TestDefaultTransport(t *testing.T) {
	standard := http.DefaultTransport
	defer func() { http.DefaultTransport = standard }()
	for name, rt := range map[string]http.RoundTripper{"standard": standard, "replaced": roundTripper(nil)} {
		http.DefaultTransport = rt
		got := defaultTransport()
		if got == standard || got.MaxIdleConnsPerHost != 64 || got.MaxResponseHeaderBytes != 256<<10 || got.Proxy == nil || got.TLSHandshakeTimeout == 0 || !got.ForceAttemptHTTP2 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// A client made by With shares what it does not change.
func TestWith(t *testing.T) {
	s := play(limited("60"), ok())
	c := s.client(t)
	if _, err := c.With(WithTimeout(0)); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("error is %v", err)
	}
	derived, err := c.With(WithUserAgent("job/1"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*Client{"paused": c, "derived": derived} { // either meets the 429 first
		if err := get(t.Context(), c); !errors.Is(err, ErrRateLimited) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, opt := range map[string]Option{
		"token":    WithTokenSource(func(context.Context) (string, error) { return "polar_oat_other", nil }),
		"base URL": WithBaseURL("https://gateway.example"),
	} {
		other, err := c.With(opt)
		if err != nil {
			t.Fatal(err)
		}
		if err := get(t.Context(), other); err != nil {
			t.Errorf("another %s is paused as well: %v", name, err)
		}
	}
	if n := s.count(); n != 3 {
		t.Errorf("%d requests were sent, want 3", n)
	}
}

// Middleware of a copy does not reach the client that it was copied from.
func TestWithMiddlewareOfCopies(t *testing.T) {
	var seen []string
	tag := func(name string) Option {
		return WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				seen = append(seen, name)
				return next.RoundTrip(req)
			})
		})
	}
	c := play(ok()).client(t, tag("a"), tag("b"), tag("c"))
	for _, name := range []string{"d", "e"} {
		derived, err := c.With(tag(name))
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			seen = nil
			if err := get(t.Context(), derived); err != nil || !slices.Equal(seen, []string{"a", "b", "c", name}) {
				t.Errorf("%v, saw %q", err, seen)
			}
		}()
	}
}

func TestFields(t *testing.T) {
	if Value[string](nil) != "" || Value(Ptr(3)) != 3 {
		t.Error("Value does not give what Ptr points to, or zero for nil")
	}
	set, null := Set("x"), Null[string]()
	if v, err := set.Get(); err != nil || v != "x" || !null.IsNull() || (Field[string]{}).IsSpecified() {
		t.Errorf("Set gives %v, Null %v", set, null)
	}
}
