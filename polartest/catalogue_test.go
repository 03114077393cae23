package polartest_test

import (
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/products"
)

const catalogue = `{
	"organization": {"name": "Acme", "slug": "acme"},
	"meters":    [{"name": "API calls", "event": "api_call"}],
	"benefits":  [{"description": "License", "type": "license_keys", "properties": {"prefix": "ACME"}},
	              {"description": "100 calls", "type": "meter_credit", "properties": {"meter_id": "API calls", "units": 100, "rollover": false}}],
	"products":  [{"name": "Pro", "recurring_interval": "month", "price_amount": 1900, "benefits": ["License", "100 calls"]}],
	"discounts": [{"code": "WELCOME", "basis_points": 1000}],
	"customers": [{"external_id": "ada", "email": "ada@polar.sh", "metadata": {"plan": "gold"}}]
}`

// Seeded products can be bought, and have the same IDs each time.
func TestSeed(t *testing.T) {
	var first string
	for range 2 {
		srv := polartest.NewServer(t)
		if err := srv.Seed(strings.NewReader(catalogue)); err != nil {
			t.Fatal(err)
		}
		page, err := products.New(srv.Client()).List(t.Context(), products.ListParams{})
		if err != nil || len(page.Items) != 1 || len(page.Items[0].Benefits) != 2 {
			t.Fatalf("products %+v, %v", page, err)
		}
		id := page.Items[0].ID
		if first == "" {
			first = id
		}
		if id != first {
			t.Errorf("product %s, then %s", first, id)
		}
		bought := srv.Pay(newCheckout(t, srv, object{"products": []string{id}, "external_customer_id": "ada", "discount_id": nil}).ID)
		if len(bought.LicenseKeys) != 1 || !strings.HasPrefix(bought.LicenseKeys[0], "ACME-") {
			t.Errorf("bought %+v", bought)
		}
		state, err := customers.New(srv.Client()).GetStateByExternalID(t.Context(), "ada")
		if err != nil || len(state.ActiveMeters) != 1 || state.ActiveMeters[0].Balance != 100 || state.Metadata["plan"] != "gold" {
			t.Errorf("state %+v, %v", state, err)
		}
		if o := srv.Organization(); o.Name != "Acme" || o.Slug != "acme" {
			t.Errorf("organization %+v", o)
		}
	}
}

func TestSeedRefuses(t *testing.T) {
	for seed, want := range map[string]string{
		`{"product":[]}`: `unknown field "product"`,
		`{"products":[{"name":"Pro","price_amount":1}]}`:        "price_amount",
		`{"products":[{"name":"Pro","benefits":["None"]}]}`:     `no benefit "None"`,
		`{"products":[{"name":"Pro"},{"name":"Pro"}]}`:          "taken",
		`{"products":[{"name":"Pro","id":"1"}]}`:                `ID "1"`,
		`{"benefits":[{"type":"free_beer"}]}`:                   "type",
		`{"customers":[{"email":"ada@example.com"}]}`:           "email",
		`{"customers":[{"email":"ada@polar.sh","nick":"ada"}]}`: `unknown field "nick"`,
		`{"organization":{"id":"1"}}`:                           `ID "1"`,
		`[]`:                                                    "seed: json",
	} {
		srv, err := polartest.Start(polartest.WithoutSocket())
		if err != nil {
			t.Fatal(err)
		}
		if err := srv.Seed(strings.NewReader(seed)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want one with %q", seed, err, want)
		}
		if err := srv.Close(); err != nil {
			t.Errorf("%s: Close: %v", seed, err)
		}
	}
}

// The events are those that a webhook gets. The server keeps the latest thousand.
func TestEvents(t *testing.T) {
	var logged []string
	srv := polartest.NewServer(t, polartest.WithoutSocket(), polartest.WithEventLog(func(e polartest.Event) { logged = append(logged, e.Type+" "+e.ObjectID) }))
	product := srv.AddProduct(polartest.Product{})
	if want := []string{"product.created " + product.ID}; len(logged) != 1 || logged[0] != want[0] {
		t.Errorf("logged %q, want %q", logged, want)
	}
	for range 500 {
		srv.AddCustomer(polartest.Customer{})
	}
	events := srv.Events()
	if len(events) != 1000 || len(logged) != 1501 {
		t.Errorf("%d events are kept of %d", len(events), len(logged))
	}
	for i, e := range events {
		if want := logged[len(logged)-len(events)+i]; e.Type+" "+e.ObjectID != want || e.Time.IsZero() {
			t.Errorf("event %d is %+v, want %s", i, e, want)
			break
		}
	}
}
