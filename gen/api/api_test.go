package api_test

import (
	"net/http"
	"testing"

	"github.com/polarexpress/polar-go/gen/api"
	"github.com/polarexpress/polar-go/polar"
)

// A client sends the requests of this package.
var _ api.HttpRequestDoer = (*polar.Client)(nil)

func TestPathIDs(t *testing.T) {
	req, err := api.NewOrdersGetRequest("https://api.polar.sh/", "1dbfc517")
	if err != nil || req.Method != http.MethodGet || req.URL.String() != "https://api.polar.sh/v1/orders/1dbfc517" {
		t.Fatalf("got %v, %v", req, err)
	}
	for _, id := range []api.PathID{"", ".", "..", "a/b", "a\x00"} {
		if _, err := api.NewOrdersGetRequest("https://api.polar.sh/", id); err == nil {
			t.Errorf("%q is accepted as an ID", id)
		}
	}
}
