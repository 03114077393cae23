package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/orders"
	"github.com/polarexpress/polar-go/webhook"
)

// A handler delivers what is paid and takes back what has ended. It decodes the
// fields that it needs.
func ExampleHandler() {
	type Order struct {
		ID            string `json:"id"`
		BillingReason string `json:"billing_reason"`
		TotalAmount   int    `json:"total_amount"` // in cents
	}
	type Subscription struct {
		ID         string `json:"id"`
		CustomerID string `json:"customer_id"`
		Status     string `json:"status"`
	}
	const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	events, err := webhook.Handler(secret, func(_ context.Context, event webhook.Event) error {
		switch event.Type {
		case webhook.OrderPaid:
			order, err := webhook.Data[Order](event)
			if err != nil {
				return err
			}
			fmt.Printf("deliver order %s, a %s of %d cents\n", order.ID, order.BillingReason, order.TotalAmount)
		case webhook.SubscriptionRevoked:
			subscription, err := webhook.Data[Subscription](event)
			if err != nil {
				return err
			}
			fmt.Printf("%s loses access: subscription %s is %s\n", subscription.CustomerID, subscription.ID, subscription.Status)
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/polar", events)

	// The service would send these.
	send := func(id, body string) {
		now := time.Now()
		r := httptest.NewRequest(http.MethodPost, "/webhooks/polar", strings.NewReader(body))
		r.Header.Set(webhook.HeaderID, id)
		r.Header.Set(webhook.HeaderTimestamp, fmt.Sprint(now.Unix()))
		r.Header.Set(webhook.HeaderSignature, webhook.Sign(secret, id, now, []byte(body)))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	paid := `{"type":"order.paid","timestamp":"2026-11-22T12:00:00Z","data":{"id":"o1","billing_reason":"purchase","total_amount":1500}}`
	send("event-1", paid)
	send("event-1", paid) // again: acknowledged, not handled
	send("event-2", `{"type":"subscription.revoked","timestamp":"2026-11-22T12:00:01Z","data":{"id":"s1","customer_id":"c1","status":"canceled"}}`)
	send("event-3", `{"type":"product.updated","timestamp":"2026-11-22T12:00:02Z","data":{"id":"p1"}}`)
	// Output:
	// deliver order o1, a purchase of 1500 cents
	// 204
	// 204
	// c1 loses access: subscription s1 is canceled
	// 204
	// 204
}

// Parse is for requests that do not come through net/http, such as those that a
// queue or a cloud function passes on.
func ExampleParse() {
	const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	body := []byte(`{"type":"subscription.migrated","timestamp":"2026-11-22T12:00:00Z","data":{"id":"s1"},"provider":"stripe","provider_subscription_id":"sub_1"}`)
	header := http.Header{}
	header.Set(webhook.HeaderID, "event-1")
	header.Set(webhook.HeaderTimestamp, fmt.Sprint(time.Now().Unix()))
	header.Set(webhook.HeaderSignature, webhook.Sign(secret, "event-1", time.Now(), body))

	event, err := webhook.Parse(body, header, secret)
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := webhook.Data[map[string]any](event)
	if err != nil {
		fmt.Println(err)
		return
	}
	var oldID string
	if err := json.Unmarshal(event.Extra["provider_subscription_id"], &oldID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(event.Type, (*data)["id"], "was", oldID)
	// Output: subscription.migrated s1 was sub_1
}

// A test signs its own events.
func ExampleSign() {
	const secret = "a secret for tests"
	body := []byte(`{"type":"order.paid","timestamp":"2026-11-22T12:00:00Z","data":{"id":"o1"}}`)
	now := time.Now()
	header := http.Header{}
	header.Set(webhook.HeaderID, "event-1")
	header.Set(webhook.HeaderTimestamp, fmt.Sprint(now.Unix()))
	header.Set(webhook.HeaderSignature, webhook.Sign(secret, "event-1", now, body))
	fmt.Println(webhook.Verify(body, header, secret))
	fmt.Println(webhook.Verify(body, header, "another secret"))
	// Output:
	// <nil>
	// webhook: no matching signature
}

// Verify judges a request and leaves its content to the program.
func ExampleVerify() {
	const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	body := []byte(`{"type":"order.paid","timestamp":"2026-11-22T12:00:00Z","data":{"id":"o1"}}`)
	sent := time.Now().Add(-10 * time.Minute) // a request that somebody has captured
	header := http.Header{}
	header.Set(webhook.HeaderID, "event-1")
	header.Set(webhook.HeaderTimestamp, fmt.Sprint(sent.Unix()))
	header.Set(webhook.HeaderSignature, webhook.Sign(secret, "event-1", sent, body))

	fmt.Println(webhook.Verify(body, header, secret))
	fmt.Println(webhook.Verify(body, header, secret, webhook.WithTolerance(time.Hour)))
	// Output:
	// webhook: timestamp outside the tolerance: signed more than 5m0s ago
	// <nil>
}

// Data decodes into any type. Service packages have types for all fields.
func ExampleData() {
	event := webhook.Event{Type: webhook.OrderPaid, Data: []byte(`{"id":"o1","total_amount":1900,"currency":"usd"}`)}

	type Order struct { // the fields that this program needs
		ID          string `json:"id"`
		TotalAmount int    `json:"total_amount"`
	}
	order, err := webhook.Data[Order](event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.ID, order.TotalAmount)

	full, err := orders.FromEvent(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(full.ID, full.TotalAmount, full.Currency)

	event.Data = []byte(`{"id":"o1","total_amount":"free"}`)
	_, err = webhook.Data[Order](event)
	fmt.Println(err)
	// Output:
	// o1 1900
	// o1 1900 usd
	// webhook: unreadable event: order.paid: data.total_amount: string does not fit int
}

// The response has no body, so that the error handler is the place to log why a
// request was refused, or why the program could not handle an event.
func ExampleWithErrorHandler() {
	const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	events, err := webhook.Handler(secret, func(context.Context, webhook.Event) error {
		return errors.New("the database is down")
	}, webhook.WithErrorHandler(func(_ *http.Request, err error) {
		fmt.Println("log:", err)
	}))
	if err != nil {
		fmt.Println(err)
		return
	}

	body := []byte(`{"type":"order.paid","timestamp":"2026-11-22T12:00:00Z","data":{"id":"o1"}}`)
	send := func(secret string) {
		now := time.Now()
		r := httptest.NewRequest(http.MethodPost, "/webhooks/polar", bytes.NewReader(body))
		r.Header.Set(webhook.HeaderID, "event-1")
		r.Header.Set(webhook.HeaderTimestamp, fmt.Sprint(now.Unix()))
		r.Header.Set(webhook.HeaderSignature, webhook.Sign(secret, "event-1", now, body))
		w := httptest.NewRecorder()
		events.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	send("whsec_of_another_endpoint")
	send(secret)
	// Output:
	// log: webhook: no matching signature
	// 401
	// log: the database is down
	// 500
}

// While a secret is replaced, requests that are signed with either one pass.
func ExampleWithSecrets() {
	const old, replacement = "whsec_old_0123456789abcdefghijklmnopqrstuvwx", "whsec_new_0123456789abcdefghijklmnopqrstuvwx"
	body := []byte(`{"type":"order.paid","timestamp":"2026-11-22T12:00:00Z","data":{"id":"o1"}}`)
	now := time.Now()
	header := http.Header{}
	header.Set(webhook.HeaderID, "event-1")
	header.Set(webhook.HeaderTimestamp, fmt.Sprint(now.Unix()))
	header.Set(webhook.HeaderSignature, webhook.Sign(old, "event-1", now, body))

	fmt.Println(webhook.Verify(body, header, replacement))
	fmt.Println(webhook.Verify(body, header, replacement, webhook.WithSecrets(old)))
	// Output:
	// webhook: no matching signature
	// <nil>
}

// Types holds what the package documentation says about each event.
func ExampleTypes() {
	for _, info := range webhook.Types() {
		if strings.HasPrefix(info.Use, "Access ends:") {
			fmt.Println(info.Type, "carries a", info.Data)
		}
	}
	// Output:
	// customer.deleted carries a Customer
	// customer_seat.revoked carries a CustomerSeat
	// member.deleted carries a Member
	// subscription.paused carries a Subscription
	// subscription.revoked carries a Subscription
	// benefit_grant.revoked carries a BenefitGrantWebhook
}
