package api_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/polarexpress/polar-go/gen/api"
	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/polar"
)

// The raw clients send through the client that they are given.
func TestNew(t *testing.T) {
	var path, authorization string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, authorization = r.URL.Path, r.Header.Get("Authorization")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"x","status":"a status to come"}`)
	}))
	defer srv.Close()
	client, err := polar.New("polar_oat_test", polar.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	result, err := api.New(client).OrdersGetWithResponse(t.Context(), "one")
	if err != nil || result.JSON200 == nil || result.JSON200.Status != "a status to come" || path != "/v1/orders/one" || authorization != "Bearer polar_oat_test" {
		t.Errorf("got %+v, %v from %s with %s", result, err, path, authorization)
	}
	other, err := commerce.New(client).SubscriptionsGetWithResponse(t.Context(), "two")
	if err != nil || other.JSON200 == nil || other.JSON200.Status != "a status to come" || path != "/v1/subscriptions/two" {
		t.Errorf("got %+v, %v from %s", other, err, path)
	}
	if _, err := api.New(nil).OrdersGetWithResponse(t.Context(), "one"); !errors.Is(err, polar.ErrInvalidArgument) {
		t.Errorf("a nil client: got %v", err)
	}
	if _, err := commerce.New(nil).OrdersGetWithResponse(t.Context(), "one"); !errors.Is(err, polar.ErrInvalidArgument) {
		t.Errorf("a nil client: got %v", err)
	}
}
