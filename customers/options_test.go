package customers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
)

func TestOptionsRefused(t *testing.T) {
	for _, test := range []struct {
		token  string
		option customers.Option
		want   string
	}{
		{"", customers.WithSandbox(), "access token: is empty"},
		{"Bearer polar_oat_x", customers.WithSandbox(), `without "Bearer"`},
		{"polar_oat_x", nil, "option: is nil"},
		{"polar_oat_x", customers.WithBaseURL("api.polar.sh"), "base URL: must be absolute"},
		{"polar_oat_x", customers.WithBaseURL("https://api.polar.sh:port"), "base URL: not a URL"},
		{"polar_oat_x", customers.WithBaseURL("http://api.polar.sh"), "base URL: must be https"},
		{"polar_oat_x", customers.WithBaseURL("http://127.0.0.1.polar.sh"), "base URL: must be https"},
		{"polar_oat_x", customers.WithBaseURL("ftp://localhost"), "base URL: must be https"},
		{"polar_oat_x", customers.WithBaseURL("https://user@api.polar.sh"), "neither user, query nor fragment"},
		{"polar_oat_x", customers.WithBaseURL("https://api.polar.sh?a=b"), "neither user, query nor fragment"},
		{"polar_oat_x", customers.WithHTTPClient(nil), "HTTP client: is nil"},
		{"polar_oat_x", customers.WithMiddleware(nil), "middleware: is nil"},
		{"polar_oat_x", customers.WithTimeout(0), "timeout: must be above 0"},
		{"polar_oat_x", customers.WithMaxResponseBytes(0), "max response bytes: must be above 0"},
		{"polar_oat_x", customers.WithUserAgent(""), "user agent: is empty"},
		{"polar_oat_x", customers.WithUserAgent("a\r\nb: c"), "user agent: is empty or has"},
		{"polar_oat_x", customers.WithAPIVersion("2026\n"), "API version: is empty or has"},
		{"polar_oat_x", customers.WithOrganization("acme"), "organization: must be a UUID"},
		{"polar_oat_x", customers.WithTokenSource(nil), "token source: is nil"},
		{"polar_oat_x", customers.WithRetry(customers.RetryPolicy{MaxAttempts: -1}), "retry: "},
		{"polar_oat_x", customers.WithRateLimit(customers.RateLimit{}), "rate limit: "},
	} {
		client, err := customers.New(test.token, test.option)
		if client != nil || !errors.Is(err, customers.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, %v; want an error with %q", client, err, test.want)
		}
		if err != nil && (strings.Contains(err.Error(), "polar_oat_x") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("the error shows the token, or has two lines: %q", err)
		}
	}
}

// All that is wrong is in one error.
func TestOptionsJoined(t *testing.T) {
	_, err := customers.New("", customers.WithTimeout(-1), customers.WithOrganization("x"))
	for _, want := range []string{"access token", "timeout", "organization"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name the %s", err, want)
		}
	}
}

func TestCallOptionsRefused(t *testing.T) {
	srv := customerstest.NewServer(t)
	client := srv.Client()
	for name, option := range map[string]customers.CallOption{
		"nil":           nil,
		"reserved":      customers.WithHeader("authorization", "Bearer x"),
		"header name":   customers.WithHeader("a b", "c"),
		"header value":  customers.WithHeader("X-Trace", "a\nb"),
		"capture":       customers.CaptureResponse(nil),
		"concurrency 0": customers.WithConcurrency(0),
	} {
		if _, err := client.List(t.Context(), customers.ListParams{}, option); !errors.Is(err, customers.ErrInvalidArgument) {
			t.Errorf("%s: List gives %v", name, err)
		}
		if err := client.Delete(t.Context(), "11111111-2222-4333-8444-555555555555", customers.DeleteParams{}, option); !errors.Is(err, customers.ErrInvalidArgument) {
			t.Errorf("%s: Delete gives %v", name, err)
		}
		if _, err := client.Export(t.Context(), customers.ExportParams{}, option); !errors.Is(err, customers.ErrInvalidArgument) {
			t.Errorf("%s: Export gives %v", name, err)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// What options put on a request.
func TestOptionsSent(t *testing.T) {
	const organization = "0bf5078f-8bd5-4c34-b19f-551097e92545"
	srv := customerstest.NewServer(t)
	client := srv.Client(
		customers.WithUserAgent("shop/1.4"),
		customers.WithAPIVersion("2026-04"),
		customers.WithOrganization(organization),
	)
	if _, err := client.List(t.Context(), customers.ListParams{}, customers.WithHeader("x-trace", "1"), customers.WithHeader("X-Trace", "2")); err != nil {
		t.Fatal(err)
	}
	h := srv.Requests()[0].Header
	if got := h.Get("User-Agent"); !strings.HasPrefix(got, "shop/1.4 polar-go/"+customers.Version+" (go") {
		t.Errorf("User-Agent is %q", got)
	}
	if h.Get("Polar-Version") != "2026-04" || h.Get("Polar-Organization") != organization || strings.Join(h.Values("X-Trace"), ",") != "1,2" {
		t.Errorf("header is %v", h)
	}
}

// The caller's HTTP client is copied and left as it is; its jar and its timeout hold.
func TestWithHTTPClient(t *testing.T) {
	srv := customerstest.NewServer(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	hc := &http.Client{Jar: jar, Timeout: 20 * time.Millisecond}
	client := srv.Client(customers.WithHTTPClient(hc))
	if hc.CheckRedirect != nil || hc.Transport != nil {
		t.Error("the caller's client was changed")
	}

	srv.FailNext(customerstest.Failure{Status: 502, Header: http.Header{"Set-Cookie": {"edge=7; Path=/"}}})
	if _, err := client.List(t.Context(), customers.ListParams{}); err != nil {
		t.Fatal(err)
	}
	if got := srv.Requests()[1].Header.Get("Cookie"); got != "edge=7" {
		t.Errorf("the second attempt has the cookie %q", got)
	}

	srv.FailNext(customerstest.Failure{Delay: time.Second})
	_, err = client.List(t.Context(), customers.ListParams{}, customers.WithoutRetry())
	if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer in time") {
		t.Errorf("error is %v", err)
	}
}

// A client made by With shares what it does not change.
func TestWith(t *testing.T) {
	srv := customerstest.NewServer(t)
	client := srv.Client()
	if _, err := client.With(customers.WithTimeout(0)); !errors.Is(err, customers.ErrInvalidArgument) {
		t.Errorf("error is %v", err)
	}
	derived, err := client.With(customers.WithUserAgent("job/1"))
	if err != nil {
		t.Fatal(err)
	}
	srv.FailNext(customerstest.Failure{Status: 429, RetryAfter: time.Minute})
	if _, err := client.List(t.Context(), customers.ListParams{}); !errors.Is(err, customers.ErrRateLimited) {
		t.Fatalf("error is %v", err)
	}
	if _, err := derived.List(t.Context(), customers.ListParams{}); !errors.Is(err, customers.ErrRateLimited) {
		t.Errorf("the pause of one is not that of the other: %v", err)
	}
	other, err := client.With(customers.WithTokenSource(func(context.Context) (string, error) { return srv.Token(), nil }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.List(t.Context(), customers.ListParams{}); err != nil {
		t.Errorf("another token is paused as well: %v", err)
	}
	if n := len(srv.Requests()); n != 2 {
		t.Errorf("%d requests were sent, want 2", n)
	}
}

func TestValueAndPtr(t *testing.T) {
	if customers.Value[string](nil) != "" || customers.Value(customers.Ptr(3)) != 3 {
		t.Error("Value does not give what Ptr points to, or zero for nil")
	}
}
