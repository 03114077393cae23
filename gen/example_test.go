package gen_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/gen"
)

// A program comes to the raw client by Raw, so that its requests go through the
// pipeline of package customers: credentials, limits, retries, bounds.
func Example() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(customerstest.Customer{ExternalID: "user_42", Name: "Ada Lovelace"})
	client := srv.Client() // customers.New, outside of a test

	result, err := client.Raw().CustomersGetExternalWithResponse(ctx, "user_42")
	switch {
	case err != nil:
		fmt.Println(err) // no answer came
	case result.JSON200 != nil:
		fmt.Println(*result.JSON200.Name)
	case result.JSON404 != nil:
		fmt.Println(result.JSON404.Detail)
	default:
		fmt.Println(result.Status())
	}
	// Output: Ada Lovelace
}

// An editor adds to a request what the generated functions have no parameter for.
func ExampleClientWithResponses_CustomersListWithResponse() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(customerstest.Customer{Email: "ada@example.com"})
	client := srv.Client()

	params := gen.CustomersListParams{Email: "ada@example.com"}
	result, err := client.Raw().CustomersListWithResponse(ctx, &params, func(_ context.Context, req *http.Request) error {
		req.Header.Set("X-Job", "nightly")
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.StatusCode(), result.JSON200.Pagination.TotalCount, srv.Requests()[0].Header.Get("X-Job"))
	// Output: 200 1 nightly
}

// The answer's status is the caller's to judge. What the service refused is typed.
func ExampleClientWithResponses_CustomersCreateWithResponse() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(customerstest.Customer{Email: "ada@example.com"})
	client := srv.Client()

	result, err := client.Raw().CustomersCreateWithResponse(ctx, gen.CustomerCreate{Email: "ada@example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if result.JSON422 != nil {
		for _, mistake := range result.JSON422.Detail {
			fmt.Println(result.StatusCode(), mistake.Msg)
		}
	}
	// Output: 422 A customer with this email address already exists.
}

// The raw client also works by itself, with nothing but what net/http does: no
// retries, no bounds, redirects followed. Raw is the better way to it.
func ExampleNewClientWithResponses() {
	srv, stop := start()
	defer stop()
	token := srv.Token()

	raw, err := gen.NewClientWithResponses(srv.URL(),
		gen.WithHTTPClient(&http.Client{Timeout: 30 * time.Second}),
		gen.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Polar-Version", customers.APIVersion)
			return nil
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := raw.CustomersListWithResponse(ctx, &gen.CustomersListParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.StatusCode())
	// Output: 200
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

func ExampleMetadata_Validate() {
	for _, m := range []gen.Metadata{
		{"plan": "gold", "seats": 3},
		{"plan": ""},
		{"tags": []string{"a", "b"}},
	} {
		fmt.Println(m.Validate())
	}
	// Output:
	// <nil>
	// has a string that is not 1 to 500 characters long
	// has a value that is no string, number or bool
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
