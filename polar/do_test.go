package polar

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
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
		// The response, whatever its status, is the caller's to judge.
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
