package polar

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// Requests of a generated client go through the same pipeline.
func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(status(503), limited("1"), ok())
		resp, err := do(t.Context(), s.client(t), "customers:get", "")
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != testThing || resp.ContentLength != int64(len(testThing)) || resp.StatusCode != 200 {
			t.Errorf("got %d, %s, %v", resp.StatusCode, body, err)
		}
		if at := s.times(); !slices.Equal(at, seconds(0, .25, 1.25)) {
			t.Errorf("requests at %v", at)
		}
		h := s.sent[2].header
		if h.Get("Authorization") != "Bearer "+testToken || h.Get("Polar-Version") != APIVersion || !strings.HasPrefix(h.Get("User-Agent"), "polar-go/") ||
			h.Get("Accept") != "application/json, */*;q=0.5" {
			t.Errorf("header %v", h)
		}
		// A response of any status is the caller's to judge.
		for name, r := range map[string]reply{
			"404":      coded(404, notFoundBody),
			"422":      coded(422, `{"error":"RequestValidationError","detail":[]}`),
			"500":      coded(500, "Internal Server Error").with("Content-Type", "text/plain"),
			"302":      status(302).with("Location", "https://polar.sh"),
			"not JSON": coded(200, "<html>").with("Content-Type", "text/html"),
		} {
			resp, err := do(t.Context(), play(r).client(t), "customers:get", "")
			if err != nil || resp.StatusCode != r.status {
				t.Errorf("%s: got %+v, %v", name, resp, err)
			} else if body, _ := io.ReadAll(resp.Body); string(body) != r.body {
				t.Errorf("%s: body %q", name, body)
			}
		}
		resp, err = do(t.Context(), play(limited("60")).client(t), "customers:get", "")
		if err != nil || resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "60" {
			t.Errorf("got %+v, %v", resp, err)
		}
		// No response, or half of one, is an error.
		for name, r := range map[string]reply{
			"reset": failing(syscall.ECONNRESET), "truncated": {status: 200, body: testThing, cut: true}, "truncated error": {status: 404, body: notFoundBody, cut: true},
		} {
			resp, err := do(t.Context(), play(r).client(t), "customers:get", "")
			if e := failureOf(t, err); resp != nil || e.Operation != "customers:get" || e.Attempts != 3 {
				t.Errorf("%s: got %v, %v", name, resp, err)
			}
		}
		// The request is the caller's: nothing of it is changed.
		c := play(ok()).client(t)
		req, err := build(c, "customers:get", "")
		if err != nil {
			t.Fatal(err)
		}
		req.Header = nil
		if _, err := c.Do(req); err != nil || req.Header != nil {
			t.Errorf("%v, header %v", err, req.Header)
		}
	})
}

// Do tells operations apart by method and path.
func TestDoOperations(t *testing.T) {
	for _, baseURL := range []string{"https://polar.example", "https://proxy.example/polar/v1"} {
		c := play(failing(syscall.ECONNRESET)).client(t, WithBaseURL(baseURL), WithRetry(RetryPolicy{MaxAttempts: 1}))
		check := func(method, path, id, route string) {
			t.Helper()
			req, err := http.NewRequestWithContext(t.Context(), method, baseURL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Do(req)
			if e := failureOf(t, err); e.Operation != id || e.Method != method || e.Route != route || e.Attempts != 1 {
				t.Errorf("%s %s: got %s (%s %s), %v, want %s", method, path, e.Operation, e.Method, e.Route, e, id)
			}
		}
		for _, op := range Operations() {
			for _, external := range []string{"user_42", "a%20b", "members", "state", "payment-methods", "external", testID} {
				check(op.Method, fill(op.Path, external), op.ID, op.Path)
			}
		}
		check("GET", "/v1/nothing/", "", "(unknown)")
		check("PUT", "/v1/customers/"+testID, "", "(unknown)")
		check("GET", "/v1/customers//state", "", "(unknown)")
	}
}

// A body from any reader has a length, and is the same in each attempt.
func TestDoBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(status(503), ok())
		c := s.client(t)
		send := func(r io.Reader) error {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, c.BaseURL()+"v1/customers/"+testID, r)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Do(req)
			return err
		}
		if err := send(io.MultiReader(strings.NewReader(`{"name":"Jane"}`))); err != nil {
			t.Fatal(err)
		}
		if len(s.sent) != 2 || s.sent[0].body != `{"name":"Jane"}` || s.sent[1].body != s.sent[0].body {
			t.Errorf("sent %+v", s.sent)
		}
		for name, tc := range map[string]struct {
			body io.Reader
			want string
		}{
			"broken":             {io.MultiReader(brokenReader{}), "customers: update: body: cannot be read"},
			"too long":           {bytes.NewReader(make([]byte, maxRequest+1)), "customers: update: body: is longer than the 10 MiB that the service accepts"},
			"too long, a stream": {io.MultiReader(bytes.NewReader(make([]byte, maxRequest+1))), "customers: update: body: is longer than the 10 MiB that the service accepts"},
		} {
			if err := send(tc.body); !errors.Is(err, ErrInvalidArgument) || err.Error() != tc.want {
				t.Errorf("%s: got %v, want %s", name, err, tc.want)
			}
		}
		if len(s.sent) != 2 {
			t.Errorf("sent %d", len(s.sent))
		}
		if err := send(io.MultiReader(bytes.NewReader(make([]byte, maxRequest)))); err != nil || len(s.sent[2].body) != maxRequest {
			t.Errorf("the longest body: %v", err)
		}
	})
}

// A context that has ended sends nothing.
func TestDoContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := play(ok())
	if _, err := do(ctx, s.client(t), "customers:get", ""); !errors.Is(err, context.Canceled) || s.count() != 0 {
		t.Errorf("%v after %d requests", err, s.count())
	}
}

// Do sends nothing, and asks for no token, unless the request goes to the base URL.
func TestDoTarget(t *testing.T) {
	for _, tc := range []struct {
		base, url string
		change    func(*http.Request)
		want      string // of the error; empty if the request is sent
	}{
		{"https://api.polar.sh", "https://api.polar.sh/v1/customers/", nil, ""},
		{"https://api.polar.sh", "https://API.polar.sh/v1/customers/", nil, ""},
		{"https://api.polar.sh", "https://api.polar.sh/", nil, ""},
		{"https://api.polar.sh", "https://api.polar.sh/v1/../v1%252f..", nil, `path: has "." or ".." as a segment`},
		{"https://api.polar.sh", "https://api.polar.sh/v1/customers/external/a%252fb...", nil, ""},
		{"https://api.polar.sh", "https://api.polar.sh", nil, "request: has a path outside of the base URL"},
		{"https://api.polar.sh", "http://api.polar.sh/v1/customers/", nil, "request: has another scheme than the base URL"},
		{"https://api.polar.sh", "//api.polar.sh/v1/customers/", nil, "request: has another scheme than the base URL"},
		{"https://api.polar.sh", "/v1/customers/", nil, "request: has another scheme than the base URL"},
		{"https://api.polar.sh", "https:/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://polar.sh/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh.evil.example/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh:444/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh:444", "https://api.polar.sh/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh@evil.example/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://user@api.polar.sh/v1/customers/", nil, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh/v1/", func(r *http.Request) { r.Host = "evil.example" }, "request: names another host than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh/v1/", func(r *http.Request) { r.Host = "API.polar.sh" }, ""},
		{"https://api.polar.sh", "https://api.polar.sh/v1/", func(r *http.Request) { r.Host = "" }, ""},
		{"https://api.polar.sh", "https://api.polar.sh/v1/", func(r *http.Request) { r.URL.Opaque = "//evil.example/v1/" }, "request: goes to another host than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh/v1/", func(r *http.Request) { r.URL.Path = "v1/" }, "request: has a path outside of the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh/v1/", func(r *http.Request) { r.URL.Scheme = "HTTPS" }, "request: has another scheme than the base URL"},
		{"https://api.polar.sh", "https://api.polar.sh/v1/..", nil, `path: has "." or ".." as a segment`},
		{"https://api.polar.sh", "https://api.polar.sh/./v1/", nil, `path: has "." or ".." as a segment`},
		{"https://api.polar.sh", "https://api.polar.sh/v1/%2e%2E/v2/", nil, `path: has "." or ".." as a segment`},
		{"https://api.polar.sh", "https://api.polar.sh/v1/.%2e/v2/", nil, `path: has "." or ".." as a segment`},
		{"https://api.polar.sh", "https://api.polar.sh/v1/%2e/v2/", nil, `path: has "." or ".." as a segment`},
		{"https://api.polar.sh", "https://api.polar.sh/v1/a%2fb", nil, "path: has an escaped slash, which the service treats as a path separator"},
		{"https://api.polar.sh", "https://api.polar.sh/v1/a%2F..%2Fb", nil, "path: has an escaped slash, which the service treats as a path separator"},
		{"https://gateway.example/polar", "https://gateway.example/polar/v1/customers/", nil, ""},
		{"https://gateway.example/polar/", "https://gateway.example/polar/v1/customers/", nil, ""},
		{"https://gateway.example/a%2Fb/", "https://gateway.example/a%2Fb/v1/customers/", nil, ""},
		{"https://gateway.example/a%2Fb/", "https://gateway.example/a/b/v1/customers/", nil, "request: has a path outside of the base URL"},
		{"https://gateway.example/polar", "https://gateway.example/polarx/v1/customers/", nil, "request: has a path outside of the base URL"},
		{"https://gateway.example/polar", "https://gateway.example/polar", nil, "request: has a path outside of the base URL"},
		{"https://gateway.example/polar", "https://gateway.example/v1/customers/", nil, "request: has a path outside of the base URL"},
		{"https://gateway.example/polar", "https://gateway.example/polar/../v1/customers/", nil, `path: has "." or ".." as a segment`},
		{"https://gateway.example/polar", "https://gateway.example/polar/v1/", func(r *http.Request) { r.URL.RawPath = "/polar%2Fv1/" }, "request: has a path outside of the base URL"},
		{"https://gateway.example/polar", "https://gateway.example/polar/v1/", func(r *http.Request) { r.URL.RawPath = "/polar/%2e%2e/v1/" }, ""}, // not that of Path, so it is not sent
	} {
		s := play(ok())
		asked := 0
		c := s.client(t, WithBaseURL(tc.base), WithTokenSource(func(context.Context) (string, error) { asked++; return testToken, nil }))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tc.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tc.change != nil {
			tc.change(req)
		}
		_, err = c.Do(req)
		if req.Header["Authorization"] != nil {
			t.Errorf("%s: the caller's request has the token", tc.url)
		}
		if tc.want == "" {
			if err != nil || s.count() != 1 || asked != 1 {
				t.Errorf("%s: %v, %d requests", tc.url, err, s.count())
			}
			continue
		}
		if fetchErr := Discard(t.Context(), c, "customers:delete", req, nil); fetchErr == nil || fetchErr.Error() != "customers: delete: "+tc.want {
			t.Errorf("%s: Discard gives %v", tc.url, fetchErr)
		}
		if err == nil || err.Error() != "polar: "+tc.want || !errors.Is(err, ErrInvalidArgument) || s.count() != 0 || asked != 0 {
			t.Errorf("%s: got %v, want %s, after %d requests and %d tokens", tc.url, err, tc.want, s.count(), asked)
		}
	}
}

// A request that Do accepts goes to the base URL's host and below its path, as any
// server on the way may read them.
func FuzzDoTarget(f *testing.F) {
	for _, u := range []string{
		"https://api.polar.sh/v1/customers/", "https://gateway.example/polar/v1/customers/", "https://gateway.example/polar/..%2f", "https://gateway.example/polar%2fv1",
		"https://gateway.example/polar//evil.example/", "https://gateway.example/polar/%5c..%5c", "https://gateway.example/polar/v1/.%2E/?a=../..#x", "https://GATEWAY.example/polar/",
		"https://gateway.example\\@evil.example/polar/", "https://gateway.example:443/polar/v1", "https://gateway.example/polar/%2e%2e;/v1", "https://a@gateway.example/polar/",
	} {
		f.Add(u, "", "", "")
	}
	f.Add("https://gateway.example/polar/v1/", "evil.example", "", "")
	f.Add("https://gateway.example/polar/v1/", "", "//evil.example/", "")
	f.Add("https://gateway.example/polar/v1/", "", "", "/polar/%2e%2e/v1/")
	bases := []string{"https://api.polar.sh", "https://gateway.example/polar/", "http://[::1]:8080/a%2Fb"}
	f.Fuzz(func(t *testing.T, raw, host, opaque, rawPath string) {
		u, err := url.Parse(raw)
		if err != nil {
			return
		}
		u.Opaque = opaque
		if rawPath != "" {
			u.RawPath = rawPath
		}
		for _, base := range bases {
			s := play(ok())
			asked := false
			c := s.client(t, WithBaseURL(base), WithTokenSource(func(context.Context) (string, error) { asked = true; return testToken, nil }))
			target, wire := "", ""
			s.decide = func(_ int, req *http.Request) reply {
				target = req.URL.Scheme + "://" + req.URL.Host
				if req.Host != "" && !strings.EqualFold(req.Host, req.URL.Host) {
					t.Errorf("%q: the Host header is %q", raw, req.Host)
				}
				wire = req.URL.RequestURI() // as net/http writes it
				return ok()
			}
			_, err := c.Do((&http.Request{Method: http.MethodGet, URL: u, Host: host}).WithContext(t.Context()))
			if err != nil {
				if asked || s.count() > 0 || !errors.Is(err, ErrInvalidArgument) {
					t.Errorf("%q: refused after %d requests, token asked %t: %v", raw, s.count(), asked, err)
				}
				continue
			}
			want := c.config.base
			if !strings.EqualFold(target, want.Scheme+"://"+want.Host) {
				t.Errorf("%q goes to %s, not to %s", raw, target, base)
			}
			wire, _, _ = strings.Cut(wire, "?")
			prefix := want.EscapedPath() + "/"
			rest, below := strings.CutPrefix(wire, prefix)
			if !below {
				t.Fatalf("%q asks for %q, which is not below %s", raw, wire, base)
			}
			// Once more decoded, and with any number of slashes, it is still below.
			decoded, err := url.PathUnescape(rest)
			if err != nil {
				t.Fatalf("%q asks for %q: %v", raw, wire, err)
			}
			for segment := range strings.SplitSeq(decoded, "/") {
				if segment == ".." || segment == "." {
					t.Errorf("%q asks for %q, which leads elsewhere", raw, wire)
				}
			}
			if strings.Count(decoded, "/") != strings.Count(rest, "/") {
				t.Errorf("%q asks for %q, which has a hidden slash", raw, wire)
			}
		}
	})
}

// A body that cannot be read again ends the call with the response before it.
func TestDoBodyOnce(t *testing.T) {
	s := play(status(503), ok())
	c := s.client(t, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1}))
	req, err := build(c, "customers:update", `{"name":"Jane"}`)
	if err != nil {
		t.Fatal(err)
	}
	again, gone := req.GetBody, errors.New("jane")
	n := 0
	req.GetBody = func() (io.ReadCloser, error) {
		if n++; n > 1 {
			return nil, gone
		}
		return again()
	}
	_, err = c.Do(req)
	e := failureOf(t, err)
	if !errors.Is(e, gone) || errors.Is(e, context.Canceled) || !errors.Is(e, ErrServer) || e.StatusCode != 503 || e.Attempts != 1 || s.count() != 1 || strings.Contains(e.Error(), "jane") {
		t.Errorf("got %v after %d requests", e, s.count())
	}
}
