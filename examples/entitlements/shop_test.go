package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polartest"
)

// A change of the plan takes effect with the event, without another request.
func TestPlanChange(t *testing.T) {
	polar := polartest.NewServer(t)
	cache, err := statecache.New(customers.New(polar.Client()))
	if err != nil {
		t.Fatal(err)
	}
	const secret, product = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "0b0f3c3e-7a51-4c51-9a47-8f6a2c1c6f11"
	handler, err := newShop(cache, secret, product)
	if err != nil {
		t.Fatal(err)
	}
	shop := httptest.NewServer(handler)
	defer shop.Close()
	endpoint := polar.AddWebhook(polartest.Webhook{URL: shop.URL + webhookPath, Secret: secret})

	expect := func(path, user string, want int) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, shop.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-User", user)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if resp.StatusCode != want {
			t.Errorf("%s for %q: status %d, want %d", path, user, resp.StatusCode, want)
		}
	}
	delivered := func() {
		t.Helper()
		if err := endpoint.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, d := range endpoint.Deliveries() {
			if !d.OK() {
				t.Errorf("%s got status %d", d.Type, d.Status)
			}
		}
	}

	ada := polar.AddCustomer(polartest.Customer{ExternalID: "ada"})
	expect("/", "", http.StatusOK)
	expect("/export", "", http.StatusUnauthorized)
	expect("/export", "stranger", http.StatusPaymentRequired)
	expect("/export", "ada", http.StatusPaymentRequired)
	delivered()
	before := len(polar.Requests())

	plan := polar.AddSubscription(polartest.Subscription{CustomerID: ada.ID, ProductID: product})
	delivered()
	expect("/export", "ada", http.StatusOK)
	expect("/support", "ada", http.StatusOK)

	plan.Status = "canceled"
	polar.ChangeSubscription(plan)
	delivered()
	expect("/export", "ada", http.StatusPaymentRequired)
	expect("/support", "ada", http.StatusPaymentRequired)

	polar.AddGrant(polartest.Grant{CustomerID: ada.ID, Metadata: map[string]any{"support": true}})
	delivered()
	expect("/export", "ada", http.StatusPaymentRequired)
	expect("/support", "ada", http.StatusOK)
	if n := len(polar.Requests()) - before; n != 0 {
		t.Errorf("%d requests for what the events said", n)
	}

	// The cache has no state of bob, and the service is down.
	polar.FailNext(polartest.Failure{Times: 3, Status: http.StatusBadGateway})
	expect("/export", "bob", http.StatusServiceUnavailable)
	expect("/support", "ada", http.StatusOK)
}

func TestSecretIsNeeded(t *testing.T) {
	if _, err := newShop(nil, "", "product"); err == nil {
		t.Error("a shop without a secret")
	}
}

func TestPlay(t *testing.T) {
	polar := polartest.NewServer(t)
	product := play(polar)
	state, err := customers.New(polar.Client()).GetStateByExternalID(t.Context(), "ada")
	if err != nil || !state.HasProduct(product) {
		t.Errorf("got %+v, %v", state, err)
	}
}
