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

// Trace returns middleware that makes a span of each request, with otelhttp. A
// call that is repeated has several.
//
// otelhttp records the URL, and an external ID in it can be an email address.
// So it is shown the route in its place, such as
// /v1/customers/external/:external_id, and the URL is put back behind it.
func Trace(spans trace.TracerProvider) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		traced := otelhttp.NewTransport(reveal{next}, otelhttp.WithTracerProvider(spans),
			otelhttp.WithSpanNameFormatter(func(_ string, req *http.Request) string { return req.Method + " " + req.URL.Path }))
		return hide{traced}
	}
}

type urlKey struct{}

// hide puts the route in the place of a request's URL.
type hide struct{ next http.RoundTripper }

func (h hide) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.WithContext(context.WithValue(req.Context(), urlKey{}, req.URL))
	out.URL = &url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: route(req.Method, req.URL.EscapedPath())}
	return h.next.RoundTrip(out)
}

// reveal puts the URL back.
type reveal struct{ next http.RoundTripper }

func (r reveal) RoundTrip(req *http.Request) (*http.Response, error) {
	if u, ok := req.Context().Value(urlKey{}).(*url.URL); ok {
		req = req.WithContext(req.Context()) // a copy
		req.URL = u
	}
	return r.next.RoundTrip(req)
}

// route is the template that path is an instance of, with colons: a URL would
// escape braces.
func route(method, path string) string {
	at := strings.Index(path, "/v1/") // behind the base URL's own path
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

// matches counts the fixed segments of a template that path is an instance of,
// and is -1 if it is none.
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
