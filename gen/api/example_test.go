package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/polarexpress/polar-go/gen/api"
	"github.com/polarexpress/polar-go/polar"
)

// newService imitates the service for the examples. Programs use polar.New with
// their token and nothing else.
func newService(route, body string, status int) (*polar.Client, func()) {
	mux := http.NewServeMux()
	mux.HandleFunc(route, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
	server := httptest.NewServer(mux)
	client, err := polar.New("polar_oat_example", polar.WithBaseURL(server.URL))
	if err != nil {
		fmt.Println(err)
	}
	return client, server.Close
}

// Create a discount, with polar.Fetch judging the response.
func ExampleNewDiscountsCreateRequest() {
	client, closeService := newService("POST /v1/discounts/", `{"id":"0b0f3c3e-7a51-4c51-9a47-8f6a2c1c6f11","name":"Spring"}`, http.StatusCreated)
	defer closeService()

	req, err := api.NewDiscountsCreateRequest(client.BaseURL(), api.DiscountCreate{
		Name: "Spring", Type: "percentage", Duration: "once", BasisPoints: polar.Ptr(1000),
	})
	discount, err := polar.Fetch[api.Discount](context.Background(), client, "discounts:create", req, err)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(discount.Name)
	// Output: Spring
}

// List benefits with the raw client, which leaves the response to the caller.
func ExampleNew() {
	client, closeService := newService("GET /v1/benefits/", `{"items":[{"id":"0b0f3c3e-7a51-4c51-9a47-8f6a2c1c6f11","description":"Downloads"}],"pagination":{"total_count":1,"max_page":1}}`, http.StatusOK)
	defer closeService()

	result, err := api.New(client).BenefitsListWithResponse(context.Background(), &api.BenefitsListParams{Limit: 10})
	switch {
	case err != nil:
		fmt.Println(err) // no complete response
	case result.JSON200 == nil:
		fmt.Println(result.Status())
	default:
		fmt.Println(result.JSON200.Items[0].Description)
	}
	// Output: Downloads
}
