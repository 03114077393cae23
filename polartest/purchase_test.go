package polartest_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

type object = map[string]any

// TestPurchase buys a subscription: a seller creates a checkout, the customer pays, and
// all services show it.
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

// TestFailedPayment declines a payment: the checkout fails, and nothing is sold.
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

// shopper buys a subscription to a product from a server that sends its events to
// an inbox.
type shopper struct {
	t      *testing.T
	srv    *polartest.Server
	hook   *polartest.Endpoint
	in     *inbox
	client *polar.Client
}

func newShopper(t *testing.T) *shopper {
	srv := polartest.NewServer(t)
	in := newInbox(t)
	receiver := httptest.NewServer(in)
	t.Cleanup(receiver.Close)
	hook := srv.AddWebhook(polartest.Webhook{URL: receiver.URL, Secret: webhookSecret})
	t.Cleanup(func() {
		if err := hook.Flush(context.Background()); err != nil {
			t.Error(err)
		}
		hook.Close()
	})
	return &shopper{t, srv, hook, in, srv.Client()}
}

// call sends a request and decodes the response.
func (s *shopper) call(method, path string, body any) object {
	s.t.Helper()
	got, err := polar.Call[object](s.t.Context(), s.client, method, path, body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return *got
}

// sent checks the types of the events since the last call, and returns the events.
func (s *shopper) sent(want string) []webhook.Event {
	s.t.Helper()
	if err := s.hook.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.in.mu.Lock()
	events := s.in.events
	s.in.mu.Unlock()
	if got := s.in.types(); got != want {
		s.t.Errorf("sent %q,\nwant %q", got, want)
	}
	return events
}

// buy buys a product and drops the events of the purchase.
func (s *shopper) buy(p polartest.Product, body object) polartest.Purchase {
	s.t.Helper()
	product := s.srv.AddProduct(p)
	if body == nil {
		body = object{}
	}
	body["products"] = []string{product.ID}
	checkout := s.call("POST", "/v1/checkouts/", body)
	bought := s.srv.Pay(checkout["id"].(string))
	if err := s.hook.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.in.types()
	return bought
}

const month = 31 * 24 * time.Hour

func (s *shopper) subscription(id string) object { return s.call("GET", "/v1/subscriptions/"+id, nil) }

func TestRenewal(t *testing.T) {
	s := newShopper(t)
	meter := s.srv.AddMeterDefinition(polartest.MeterDefinition{Event: "call"})
	credit := s.srv.AddBenefit(polartest.Benefit{Type: "meter_credit", Properties: object{"meter_id": meter.ID, "units": 10, "rollover": false}})
	bought := s.buy(polartest.Product{RecurringInterval: "month", Benefits: []string{credit.ID}}, nil)
	s.call("POST", "/v1/events/ingest", object{"events": []object{{"name": "call", "customer_id": bought.CustomerID}, {"name": "other", "customer_id": bought.CustomerID}}})
	s.sent("customer.state_changed")
	state := func() object {
		return s.call("GET", "/v1/customers/"+bought.CustomerID+"/state", nil)["active_meters"].([]any)[0].(object)
	}
	if m := state(); m["consumed_units"] != 1.0 || m["balance"] != 9.0 {
		t.Errorf("meter %v", m)
	}
	before := s.subscription(bought.SubscriptionID)
	s.srv.Advance(month)
	s.sent("subscription.updated subscription.cycled order.created order.updated order.paid benefit_grant.cycled customer.state_changed")
	after := s.subscription(bought.SubscriptionID)
	if after["current_period_start"] != before["current_period_end"] || after["status"] != "active" {
		t.Errorf("after a month: %v", after)
	}
	if m := state(); m["consumed_units"] != 0.0 || m["balance"] != 10.0 {
		t.Errorf("meter %v", m)
	}
	orders := s.call("GET", "/v1/orders/?customer_id="+bought.CustomerID, nil)["items"].([]any)
	if len(orders) != 2 || orders[0].(object)["billing_reason"] != "subscription_cycle" || orders[0].(object)["status"] != "paid" {
		t.Errorf("orders %v", orders)
	}
	s.srv.Advance(12 * month)
	if n := s.call("GET", "/v1/orders/?limit=1", nil)["pagination"].(object)["total_count"]; n != 14.0 {
		t.Errorf("%v orders after 13 months", n)
	}
}

func TestCancellation(t *testing.T) {
	s := newShopper(t)
	flag := s.srv.AddBenefit(polartest.Benefit{Type: "feature_flag"})
	bought := s.buy(polartest.Product{RecurringInterval: "month", Benefits: []string{flag.ID}}, nil)
	path := "/v1/subscriptions/" + bought.SubscriptionID
	s.call("PATCH", path, object{"cancel_at_period_end": true, "customer_cancellation_reason": "unused"})
	s.sent("subscription.updated subscription.canceled customer.state_changed")
	s.call("PATCH", path, object{"cancel_at_period_end": false})
	s.sent("subscription.updated subscription.uncanceled customer.state_changed")
	s.call("PATCH", path, object{"cancel_at_period_end": true})
	s.sent("subscription.updated subscription.canceled customer.state_changed")
	if state := s.call("GET", "/v1/customers/"+bought.CustomerID+"/state", nil); len(state["active_subscriptions"].([]any)) != 1 {
		t.Errorf("canceled for the end of the period: %v", state)
	}
	s.srv.Advance(month)
	s.sent("subscription.updated subscription.canceled subscription.revoked benefit_grant.revoked customer.state_changed")
	state := s.call("GET", "/v1/customers/"+bought.CustomerID+"/state", nil)
	if len(state["active_subscriptions"].([]any)) != 0 || len(state["granted_benefits"].([]any)) != 0 {
		t.Errorf("after the period: %v", state)
	}
	if v := s.subscription(bought.SubscriptionID); v["status"] != "canceled" || v["ended_at"] == nil {
		t.Errorf("after the period: %v", v)
	}
	again := s.buy(polartest.Product{RecurringInterval: "year"}, nil)
	s.call("DELETE", "/v1/subscriptions/"+again.SubscriptionID, nil)
	s.sent("subscription.updated subscription.canceled subscription.revoked customer.state_changed")
}

func TestTrial(t *testing.T) {
	s := newShopper(t)
	bought := s.buy(polartest.Product{RecurringInterval: "month", TrialInterval: "week", TrialIntervalCount: 2}, nil)
	if v := s.subscription(bought.SubscriptionID); v["status"] != "trialing" || bought.OrderID != "" {
		t.Errorf("%v, order %q", v, bought.OrderID)
	}
	s.srv.Advance(14 * 24 * time.Hour)
	s.sent("subscription.updated subscription.active subscription.cycled order.created order.updated order.paid customer.state_changed")
	if v := s.subscription(bought.SubscriptionID); v["status"] != "active" {
		t.Errorf("after the trial: %v", v)
	}
}

func TestPastDue(t *testing.T) {
	s := newShopper(t)
	bought := s.buy(polartest.Product{RecurringInterval: "month"}, nil)
	stop := s.srv.FailPayments(bought.CustomerID)
	s.srv.Advance(month)
	s.sent("subscription.updated subscription.cycled order.created order.updated subscription.updated subscription.past_due customer.state_changed")
	stop()
	s.srv.Advance(3 * 24 * time.Hour)
	s.sent("order.updated order.paid subscription.updated subscription.active customer.state_changed")
	if v := s.subscription(bought.SubscriptionID); v["status"] != "active" || v["past_due_at"] != nil {
		t.Errorf("paid after all: %v", v)
	}
	s.srv.FailPayments(bought.CustomerID)
	s.srv.Advance(month + 30*24*time.Hour)
	if v := s.subscription(bought.SubscriptionID); v["status"] != "unpaid" || v["ended_at"] == nil {
		t.Errorf("never paid: %v", v)
	}
}

func TestRefund(t *testing.T) {
	s := newShopper(t)
	key := s.srv.AddBenefit(polartest.Benefit{Type: "license_keys"})
	bought := s.buy(polartest.Product{Benefits: []string{key.ID}}, object{"customer_billing_address": object{"country": "FR"}})
	s.call("POST", "/v1/refunds/", object{"order_id": bought.OrderID, "reason": "customer_request", "amount": 100})
	s.sent("refund.created order.updated order.refunded")
	s.call("POST", "/v1/refunds/", object{"order_id": bought.OrderID, "reason": "other", "amount": 733, "revoke_benefits": true})
	s.sent("refund.created order.updated order.refunded benefit_grant.revoked customer.state_changed")
	if o := s.call("GET", "/v1/orders/"+bought.OrderID, nil); o["status"] != "refunded" || o["refunded_tax_amount"] != o["tax_amount"] {
		t.Errorf("order %v", o)
	}
	_, err := polar.Call[object](t.Context(), s.client, "POST", "/v1/license-keys/validate", object{"key": bought.LicenseKeys[0], "organization_id": s.srv.Organization().ID})
	if !errors.Is(err, polar.ErrNotFound) {
		t.Errorf("validate a revoked key: %v", err)
	}
}

// A grant that was bought is revoked with its license key.
func TestRevokeGrant(t *testing.T) {
	s := newShopper(t)
	key := s.srv.AddBenefit(polartest.Benefit{Type: "license_keys"})
	bought := s.buy(polartest.Product{Benefits: []string{key.ID}}, nil)
	s.srv.RevokeGrant(bought.CustomerID, bought.GrantIDs[0])
	s.sent("benefit_grant.revoked customer.state_changed")
	_, err := polar.Call[object](t.Context(), s.client, "POST", "/v1/license-keys/validate", object{"key": bought.LicenseKeys[0], "organization_id": s.srv.Organization().ID})
	if !errors.Is(err, polar.ErrNotFound) {
		t.Errorf("validate a revoked key: %v", err)
	}
}

// The events of a purchase and of later changes have the keys of the recorded ones.
func TestPayloadKeys(t *testing.T) {
	recorded := map[string]map[string]bool{}
	data, err := os.ReadFile("../webhook/testdata/deliveries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var d struct {
			Body struct {
				Type string
				Data object
			}
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		event := d.Body
		if recorded[event.Type] == nil {
			recorded[event.Type] = map[string]bool{}
		}
		recorded[event.Type][keysOf(event.Data)] = true
	}
	s := newShopper(t)
	var seen []webhook.Event
	take := func() {
		if err := s.hook.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.in.mu.Lock()
		seen = append(seen, s.in.events...)
		s.in.mu.Unlock()
		s.in.types()
	}
	benefits := []string{
		s.srv.AddBenefit(polartest.Benefit{}).ID, s.srv.AddBenefit(polartest.Benefit{Type: "feature_flag"}).ID, s.srv.AddBenefit(polartest.Benefit{Type: "license_keys"}).ID,
	}
	product := s.srv.AddProduct(polartest.Product{RecurringInterval: "month", Benefits: benefits})
	checkout := s.call("POST", "/v1/checkouts/", object{"products": []string{product.ID}, "customer_email": "a@polar.sh", "customer_billing_address": object{"country": "FR"}})
	bought := s.srv.Pay(checkout["id"].(string))
	take()
	s.srv.Advance(month)
	s.call("PATCH", "/v1/subscriptions/"+bought.SubscriptionID, object{"cancel_at_period_end": true})
	s.call("POST", "/v1/refunds/", object{"order_id": bought.OrderID, "reason": "other", "amount": 1})
	s.srv.Advance(month)
	take()
	checked := map[string]bool{}
	for _, e := range seen {
		var data object
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.Fatal(err)
		}
		want := recorded[string(e.Type)]
		if want == nil || e.Type == "customer.state_changed" {
			continue
		}
		checked[string(e.Type)] = true
		if got := keysOf(data); !want[got] {
			t.Errorf("%s has keys\n%s,\nrecorded %v", e.Type, got, slices.Sorted(maps.Keys(want)))
		}
	}
	if len(checked) < 14 {
		t.Errorf("only %v were checked", slices.Sorted(maps.Keys(checked)))
	}
}

func keysOf(o object) string { return strings.Join(slices.Sorted(maps.Keys(o)), " ") }
