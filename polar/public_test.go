package polar

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// A public client sends no credentials, even if the caller adds them to a request, and
// calls only operations that need none.
func TestNewPublic(t *testing.T) {
	var got []http.Header
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		got = append(got, req.Header)
		return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
	})
	c, err := NewPublic(WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Call[struct{}](t.Context(), c, "POST", "/v1/customer-portal/license-keys/validate", map[string]string{}); err == nil {
		t.Error("no error")
	}
	req, err := http.NewRequest(http.MethodPost, c.BaseURL()+"v1/customer-portal/license-keys/validate", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer polar_oat_secret")
	if _, err := c.Do(req); err != nil {
		t.Error(err)
	}
	if len(got) != 2 {
		t.Fatalf("%d requests, want one each: a refused call must not ask for another token", len(got))
	}
	for _, h := range got {
		if v, ok := h["Authorization"]; ok {
			t.Errorf("Authorization: %q", v)
		}
	}

	got = nil
	_, err = Call[struct{}](t.Context(), c, "GET", "/v1/customers/", nil)
	if want := "customers: list: client: has no access token, which the operation needs: make it with polar.New"; !errors.Is(err, ErrInvalidArgument) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	req, err = http.NewRequest(http.MethodGet, c.BaseURL()+"v1/customers/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(req); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("got %v", err)
	}
	if len(got) != 0 {
		t.Errorf("sent %v", got)
	}

	if other, err := c.With(WithUserAgent("shop/1")); err != nil || !other.config.public {
		t.Errorf("With: %v", err)
	}
	if _, err := NewPublic(WithTokenSource(func(context.Context) (string, error) { return "polar_oat_x", nil })); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("a token source: %v", err)
	}
}

func TestErrorCode(t *testing.T) {
	const canceled = ErrorCode("AlreadyCanceledSubscription")
	var e error = &Error{StatusCode: 403, Code: "AlreadyCanceledSubscription"}
	if !errors.Is(e, canceled) || errors.Is(e, ErrorCode("NotOpenCheckout")) || !errors.Is(e, ErrNotPermitted) {
		t.Errorf("%v does not match its code alone", e)
	}
	if errors.Is(&Error{StatusCode: 502}, ErrorCode("")) {
		t.Error("no code matches the empty one")
	}
	if canceled.Error() != "polar: AlreadyCanceledSubscription" {
		t.Error(canceled)
	}
	revoked := errors.New("revoked")
	refined := e.(*Error).WithMeaning(revoked, "the key is revoked")
	if !errors.Is(refined, revoked) || !errors.Is(refined, canceled) || errors.Is(e, revoked) {
		t.Errorf("%v does not match its meaning", refined)
	}
	if got, want := refined.Error(), "polar: 403 AlreadyCanceledSubscription: the key is revoked"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
