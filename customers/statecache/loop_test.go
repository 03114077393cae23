package statecache_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

// TestLoop covers the whole way: a change at the service, its event, the
// handler, the cache, and a check.
func TestLoop(t *testing.T) {
	srv := polartest.NewServer(t)
	cache, err := statecache.New(customers.New(srv.Client()))
	if err != nil {
		t.Fatal(err)
	}
	const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	// The first delivery of every third event is lost after it was handled.
	n := 0
	events, err := webhook.Handler(secret, func(ctx context.Context, e webhook.Event) error {
		n++
		return errors.Join(cache.Apply(ctx, e), map[bool]error{true: errors.New("crashed")}[n%3 == 0])
	})
	if err != nil {
		t.Fatal(err)
	}
	receiver := httptest.NewServer(events)
	defer receiver.Close()
	endpoint := srv.AddWebhook(polartest.Webhook{URL: receiver.URL, Secret: secret})
	flush := func() {
		t.Helper()
		if err := endpoint.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := cache.GetByExternalID(t.Context(), "u1"); !errors.Is(err, polar.ErrNotFound) {
		t.Errorf("before there is a customer: %v", err)
	}
	customer := srv.AddCustomer(polartest.Customer{ExternalID: "u1"})
	flush()
	if a := get(t, cache, "u1"); a.State.ID != customer.ID || a.State.HasBenefitKey("export") {
		t.Errorf("got %+v", a)
	}
	asked := len(srv.Requests())
	for range 3 {
		grant := srv.AddGrant(polartest.Grant{CustomerID: customer.ID, Metadata: map[string]any{"export": true}})
		flush()
		if a := get(t, cache, "u1"); !a.State.HasBenefitKey("export") || a.Stale {
			t.Errorf("after the grant: %+v", a)
		}
		srv.RevokeGrant(customer.ID, grant.ID)
		flush()
		if a := get(t, cache, "u1"); a.State.HasBenefitKey("export") || a.Stale {
			t.Errorf("after the grant was revoked: %+v", a)
		}
	}
	if n := len(srv.Requests()) - asked; n != 0 {
		t.Errorf("%d requests although the events said everything", n)
	}
	if err := customers.New(srv.Client()).Delete(t.Context(), customer.ID, customers.DeleteParams{}); err != nil {
		t.Fatal(err)
	}
	flush()
	if _, err := cache.GetByExternalID(t.Context(), "u1"); !errors.Is(err, polar.ErrNotFound) {
		t.Errorf("after the deletion: %v", err)
	}
	if n := len(srv.Requests("customers:get_state_external")); n != 1 {
		t.Errorf("%d questions", n)
	}
}
