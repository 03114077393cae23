package polar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A nil client, context, request or option is an error in every function.
func TestNil(t *testing.T) {
	s := play(ok())
	c := s.client(t)
	var none *Client
	var noContext context.Context
	req := func() *http.Request {
		req, err := build(c, "customers:get", "")
		if err != nil {
			t.Fatal(err)
		}
		return req
	}
	for name, tc := range map[string]struct {
		call func() error
		want string
	}{
		"Fetch, client":    {func() error { _, err := Fetch[thing](t.Context(), nil, "customers:get", req(), nil); return err }, "customers: get: client: is nil: make one with polar.New"},
		"Fetch, context":   {func() error { _, err := Fetch[thing](noContext, c, "customers:get", req(), nil); return err }, "customers: get: context: is nil"},
		"Fetch, request":   {func() error { _, err := Fetch[thing](t.Context(), c, "customers:get", nil, nil); return err }, "customers: get: request: is nil or has no URL"},
		"Discard, client":  {func() error { return Discard(t.Context(), nil, "customers:delete", req(), nil) }, "customers: delete: client: is nil: make one with polar.New"},
		"Discard, context": {func() error { return Discard(noContext, c, "customers:delete", req(), nil) }, "customers: delete: context: is nil"},
		"Discard, request": {func() error { return Discard(t.Context(), c, "customers:delete", nil, nil) }, "customers: delete: request: is nil or has no URL"},
		"Stream, client":   {func() error { _, err := Stream(t.Context(), nil, "customers:export", req(), nil); return err }, "customers: export: client: is nil: make one with polar.New"},
		"Stream, context":  {func() error { _, err := Stream(noContext, c, "customers:export", req(), nil); return err }, "customers: export: context: is nil"},
		"Stream, request":  {func() error { _, err := Stream(t.Context(), c, "customers:export", nil, nil); return err }, "customers: export: request: is nil or has no URL"},
		"Call, client":     {func() error { _, err := Call[thing](t.Context(), nil, "GET", "/v1/customers/", nil); return err }, "polar: get: client: is nil: make one with polar.New"},
		"Call, context":    {func() error { _, err := Call[thing](noContext, c, "GET", "/v1/customers/", nil); return err }, "customers: list: context: is nil"},
		"Pages, client": {func() (err error) {
			for _, err = range Pages[thing](t.Context(), nil, "/v1/customers/") {
			}
			return err
		}, "polar: get: client: is nil: make one with polar.New"},
		"Pages, context": {func() (err error) {
			for _, err = range Pages[thing](noContext, c, "/v1/customers/") {
			}
			return err
		}, "customers: list: context: is nil"},
		"Page, client":  {func() error { _, err := listOf[thing](nil, 1, 1).Page(t.Context()); return err }, "customers: list: client: is nil: make one with polar.New"},
		"Page, context": {func() error { _, err := things(c, 1).Page(noContext); return err }, "customers: list: context: is nil"},
		"Do, client":    {func() error { _, err := none.Do(req()); return err }, "polar: client: is nil: make one with polar.New"},
		"Do, request":   {func() error { _, err := c.Do(nil); return err }, "polar: request: is nil or has no URL"},
		"Do, URL":       {func() error { _, err := c.Do(&http.Request{}); return err }, "polar: request: is nil or has no URL"},
		"With, client":  {func() error { _, err := none.With(WithSandbox()); return err }, "polar: client: is nil: make one with polar.New"},
		"With, option":  {func() error { _, err := c.With(nil); return err }, "polar: option: is nil"},
		"New, option":   {func() error { _, err := New(testToken, nil); return err }, "polar: option: is nil"},
	} {
		err := tc.call()
		if err == nil || !errors.Is(err, ErrInvalidArgument) || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
	bare := req()
	bare.Header = nil
	if _, err := Fetch[thing](t.Context(), c, "customers:get", bare, nil); err != nil {
		t.Errorf("without a header: %v", err)
	}
	if n := s.count(); n != 1 {
		t.Errorf("%d requests were sent", n)
	}
	if got := fmt.Sprintf("%v %s", none, none.String()); got != "polar.Client() polar.Client()" {
		t.Errorf("a nil client prints as %s", got)
	}
}

// Middleware and transports that break their contracts are errors.
func TestBrokenTransports(t *testing.T) {
	nothing := func(http.RoundTripper) http.RoundTripper { return nil }
	if _, err := New(testToken, WithMiddleware(nothing)); !errors.Is(err, ErrInvalidArgument) || err.Error() != "polar: middleware: returns a nil transport" {
		t.Errorf("middleware that returns nil: %v", err)
	}
	neither := roundTripper(func(*http.Request) (*http.Response, error) { return nil, nil })
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"get":    {get(t.Context(), clientOf(t, neither, WithRetry(RetryPolicy{MaxAttempts: 1}))), ""},
		"create": {create(t.Context(), clientOf(t, neither)), unknown},
		"export": {export(t.Context(), clientOf(t, neither, WithRetry(RetryPolicy{MaxAttempts: 1}))), ""},
	} {
		e := failureOf(t, tc.err)
		if want := "customers: " + name + ": the HTTP client's transport returns neither a response nor an error" + tc.want; e.Error() != want || e.Attempts != 1 {
			t.Errorf("got %v, want %s", e, want)
		}
	}
	_, err := do(t.Context(), clientOf(t, neither, WithRetry(RetryPolicy{MaxAttempts: 1})), "customers:get", "")
	if e := failureOf(t, err); !strings.Contains(e.Error(), "neither a response nor an error") {
		t.Errorf("Do: %v", e)
	}
	bodiless := roundTripper(func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, nil })
	if err := remove(t.Context(), clientOf(t, bodiless)); err != nil {
		t.Errorf("no body: %v", err)
	}
}

// An error in building a request is reported without what it says, which can be
// the input. One of this package is passed on.
func TestBuildErrors(t *testing.T) {
	s := play(ok())
	c := s.client(t)
	_, err := Fetch[thing](t.Context(), c, "customers:get", nil, errors.New("jane@shop.example"))
	if !errors.Is(err, ErrInvalidArgument) || err.Error() != "customers: get: input: cannot be encoded" {
		t.Errorf("got %v", err)
	}
	known := InvalidArgument("customers:create", FieldError{Path: "email", Message: "is empty"}, FieldError{In: "body", Path: "name", Type: "string_too_long", Message: "is too long"})
	if err := Discard(t.Context(), c, "customers:delete", nil, fmt.Errorf("wrapped: %w", known)); !errors.Is(err, known) || s.count() != 0 {
		t.Errorf("got %v after %d requests", err, s.count())
	}
	e := failureOf(t, known)
	if e.Error() != "customers: create: email: is empty; name: is too long" || sentinelsOf(e) != "ErrInvalidArgument" || len(e.Fields) != 2 ||
		e.Fields[0] != (FieldError{Path: "email", Type: "invalid_argument", Message: "is empty"}) || e.Fields[1].Type != "string_too_long" || e.Attempts != 0 || e.Route != "/v1/customers/" {
		t.Errorf("got %v: %+v", e, e.Fields)
	}
	if err := InvalidArgument("customers:create"); err != nil {
		t.Errorf("without problems: %v", err)
	}
}
