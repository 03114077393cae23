package gen_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/polarexpress/polar-go/gen"
)

// The generated client works by itself, with what net/http does and no more: no
// retries, no limits, redirects followed.
func ExampleNewClientWithResponses() {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"items": [], "pagination": {"total_count": 0, "max_page": 0}}`)
	}))
	defer service.Close()

	client, err := gen.NewClientWithResponses(service.URL,
		gen.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer polar_oat_example")
			return nil
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := client.CustomersListWithResponse(context.Background(), &gen.CustomersListParams{Limit: 100})
	switch {
	case err != nil:
		fmt.Println(err) // there is no response, or it cannot be decoded
	case result.JSON200 != nil:
		fmt.Println(result.JSON200.Pagination.TotalCount, "customers")
	default:
		fmt.Println(result.Status())
	}
	// Output: 0 customers
}

// A request builder takes the base URL with a slash at its end.
func ExampleNewCustomersGetExternalRequest() {
	for _, id := range []gen.PathID{"user 42", "user/42"} {
		req, err := gen.NewCustomersGetExternalRequest("https://api.polar.sh/", id)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(req.Method, req.URL)
	}
	// Output:
	// GET https://api.polar.sh/v1/customers/external/user%2042
	// external_id: must not contain a slash
}

// Numbers are not squeezed into float64, as encoding/json does with an any.
func ExampleMetadata() {
	var m gen.Metadata
	if err := json.Unmarshal([]byte(`{"seats": 3, "discount": 0.5, "id": 9007199254740993}`), &m); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%T %T %v\n", m["seats"], m["discount"], m["id"])
	// Output: int64 float64 9007199254740993
}

// On the wire a tax ID is a list of two.
func ExampleTaxID() {
	var customer struct {
		TaxID *gen.TaxID `json:"tax_id"`
	}
	if err := json.Unmarshal([]byte(`{"tax_id": ["FR61954506077", "eu_vat"]}`), &customer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(customer.TaxID.Value, customer.TaxID.Format == gen.TaxIDFormatEuVat)

	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(customer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(b.String())
	// Output:
	// FR61954506077 true
	// {"tax_id":["FR61954506077","eu_vat"]}
}
