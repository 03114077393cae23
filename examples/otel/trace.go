package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace"

	"github.com/polarexpress/polar-go/polar"
)

// Trace returns middleware that makes a span for each request, with otelhttp. A call
// that is retried has several spans.
//
// otelhttp records the URL, and an external ID in it can be an email address. So
// otelhttp gets a request with the route as its path, such as
// /v1/customers/external/:external_id, and the URL is restored afterwards.
func Trace(spans trace.TracerProvider) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		traced := otelhttp.NewTransport(reveal{next}, otelhttp.WithTracerProvider(spans),
			otelhttp.WithSpanNameFormatter(func(_ string, req *http.Request) string { return req.Method + " " + req.URL.Path }))
		return hide{traced}
	}
}

type urlKey struct{}

// hide replaces a request's URL with its route.
type hide struct{ next http.RoundTripper }

func (h hide) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.WithContext(context.WithValue(req.Context(), urlKey{}, req.URL))
	out.URL = &url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: route(req.Method, req.URL.EscapedPath())}
	return h.next.RoundTrip(out)
}

// reveal restores the URL.
type reveal struct{ next http.RoundTripper }

func (r reveal) RoundTrip(req *http.Request) (*http.Response, error) {
	if u, ok := req.Context().Value(urlKey{}).(*url.URL); ok {
		req = req.WithContext(req.Context()) // a copy
		req.URL = u
	}
	return r.next.RoundTrip(req)
}

// route returns the template that path matches, with colons instead of braces,
// which a URL would escape.
func route(method, path string) string {
	at := strings.Index(path, "/v1/") // after the path of the base URL
	best, fixed := "/unknown", -1
	for _, op := range polar.Operations() {
		if at < 0 || op.Method != method {
			continue
		}
		if n := matches(op.Path, path[at:]); n > fixed {
			best, fixed = op.Path, n
		}
	}
	return strings.NewReplacer("{", ":", "}", "").Replace(best)
}

// matches returns the number of fixed segments of the template if path matches it,
// and otherwise -1.
func matches(template, path string) int {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return -1
	}
	fixed := 0
	for i := range want {
		switch {
		case want[i] == got[i]:
			fixed++
		case !strings.HasPrefix(want[i], "{") || got[i] == "":
			return -1
		}
	}
	return fixed
}
