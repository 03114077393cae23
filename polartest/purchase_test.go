package polartest_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

type object = map[string]any

// TestPurchase buys a subscription: a seller creates a checkout, the customer pays,
// and everybody sees it.
func TestPurchase(t *testing.T) {
	srv := polartest.NewServer(t)
	in := newInbox(t)
	receiver := httptest.NewServer(in)
	defer receiver.Close()
	hook := srv.AddWebhook(polartest.Webhook{URL: receiver.URL, Secret: webhookSecret})
	meter := srv.AddMeterDefinition(polartest.MeterDefinition{Name: "API calls", Event: "api_call"})
	key := srv.AddBenefit(polartest.Benefit{Type: "license_keys", Properties: object{"prefix": "ACME", "activations": object{"limit": 2, "enable_customer_admin": true}}})
	flag := srv.AddBenefit(polartest.Benefit{Type: "feature_flag", Metadata: object{"export": true}})
	credit := srv.AddBenefit(polartest.Benefit{Type: "meter_credit", Properties: object{"meter_id": meter.ID, "units": 100, "rollover": false}})
	discount := srv.AddDiscount(polartest.Discount{Code: "TEN"})
	product := srv.AddProduct(polartest.Product{Name: "Pro", RecurringInterval: "month", Benefits: []string{key.ID, flag.ID, credit.ID}})
	client, ctx := srv.Client(), t.Context()
	types := func(want string) {
		t.Helper()
		if err := hook.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if got := in.types(); got != want {
			t.Errorf("sent %q,\nwant %q", got, want)
		}
	}
	types("benefit.created benefit.created benefit.created discount.created product.created")

	checkout, err := polar.Call[struct {
		ID           string `json:"id"`
		URL          string `json:"url"`
		ClientSecret string `json:"client_secret"`
		TotalAmount  int    `json:"total_amount"`
		Status       string
	}](ctx, client, "POST", "/v1/checkouts/", object{
		"products": []string{product.ID}, "external_customer_id": "user_42", "customer_email": "ada@polar.sh", "customer_name": "Ada",
		"customer_billing_address": object{"country": "FR"}, "discount_id": discount.ID, "metadata": object{"cart": "c1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if checkout.TotalAmount != 900 || !strings.HasPrefix(checkout.URL, srv.URL+"/checkout/"+checkout.ClientSecret) {
		t.Errorf("got %+v", checkout)
	}
	types("checkout.created")

	bought := srv.Pay(checkout.ID)
	types("member.created customer.created customer.state_changed checkout.updated " +
		"subscription.created subscription.active subscription.updated order.created order.updated order.paid checkout.updated " +
		"benefit_grant.created benefit_grant.created benefit_grant.created customer.state_changed")
	if len(bought.LicenseKeys) != 1 || !strings.HasPrefix(bought.LicenseKeys[0], "ACME-") || len(bought.GrantIDs) != 3 {
		t.Errorf("bought %+v", bought)
	}
	state, err := customers.New(client).GetStateByExternalID(ctx, "user_42")
	if err != nil {
		t.Fatal(err)
	}
	if !state.HasProduct(product.ID) || !state.HasBenefit(key.ID) || !state.HasBenefitKey("export") || len(state.ActiveMeters) != 1 || state.ActiveMeters[0].Balance != 100 {
		t.Errorf("state %+v", state)
	}
	type seen struct {
		Status         string
		Amount         int
		NetAmount      int    `json:"net_amount"`
		TotalAmount    int    `json:"total_amount"`
		BillingReason  string `json:"billing_reason"`
		CustomerID     string `json:"customer_id"`
		SubscriptionID string `json:"subscription_id"`
		CheckoutID     string `json:"checkout_id"`
		Metadata       object
	}
	get := func(path string) *seen {
		t.Helper()
		v, err := polar.Call[seen](ctx, client, "GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if o := get("/v1/orders/" + bought.OrderID); o.Status != "paid" || o.TotalAmount != 900 || o.NetAmount != 750 || o.BillingReason != "subscription_create" || o.SubscriptionID != bought.SubscriptionID || o.CustomerID != bought.CustomerID {
		t.Errorf("order %+v", o)
	}
	if v := get("/v1/subscriptions/" + bought.SubscriptionID); v.Status != "active" || v.Amount != 900 || v.CheckoutID != checkout.ID || v.Metadata["cart"] != "c1" {
		t.Errorf("subscription %+v", v)
	}
	if v := get("/v1/checkouts/" + checkout.ID); v.Status != "succeeded" || v.CustomerID != bought.CustomerID {
		t.Errorf("checkout %+v", v)
	}
}

// TestFailedPayment declines: the checkout has failed, and nothing is sold.
func TestFailedPayment(t *testing.T) {
	srv := polartest.NewServer(t)
	product := srv.AddProduct(polartest.Product{})
	checkout, err := polar.Call[struct{ ID string }](t.Context(), srv.Client(), "POST", "/v1/checkouts/", object{"products": []string{product.ID}})
	if err != nil {
		t.Fatal(err)
	}
	srv.FailPayment(checkout.ID)
	got, err := polar.Call[struct{ Status string }](t.Context(), srv.Client(), "GET", "/v1/checkouts/"+checkout.ID, nil)
	if err != nil || got.Status != "failed" {
		t.Errorf("%+v, %v", got, err)
	}
}
