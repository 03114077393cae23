package statecache_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

// Webhook events keep the cache current, and a check asks it.
func ExampleNew() {
	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
	if err != nil {
		fmt.Println("set POLAR_ACCESS_TOKEN")
		return
	}
	cache, err := statecache.New(customers.New(client))
	if err != nil {
		fmt.Println(err)
		return
	}
	events, err := webhook.Handler(os.Getenv("POLAR_WEBHOOK_SECRET"), cache.Apply)
	if err != nil {
		fmt.Println("set POLAR_WEBHOOK_SECRET")
		return
	}
	http.Handle("POST /webhooks/polar", events)

	answer, err := cache.GetByExternalID(context.Background(), "user-42")
	switch {
	case errors.Is(err, polar.ErrNotFound):
		fmt.Println("not a customer")
	case err != nil:
		fmt.Println("the service cannot be asked now")
	default:
		fmt.Println(answer.State.HasBenefitKey("export"), answer.Stale)
	}
}

// A check takes your own ID of the customer. While the service is down, it returns
// what the cache knows, marked as stale.
func ExampleCache_GetByExternalID() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
	pro := srv.AddSubscription(polartest.Subscription{CustomerID: ada.ID})
	cache, err := statecache.New(customers.New(srv.Client(polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1}))), statecache.WithTTL(time.Millisecond))
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	answer, err := cache.GetByExternalID(ctx, "ada")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ada:", answer.State.HasProduct(pro.ProductID), answer.Stale)

	_, err = cache.GetByExternalID(ctx, "bob")
	fmt.Println("bob is not a customer:", errors.Is(err, polar.ErrNotFound))

	stop := srv.Outage(polartest.Failure{Status: http.StatusServiceUnavailable})
	defer stop()
	for !answer.Stale { // until the time to live ends
		if answer, err = cache.GetByExternalID(ctx, "ada"); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("ada:", answer.State.HasProduct(pro.ProductID), answer.Stale, answer.Cause)
	// Output:
	// ada: true false
	// bob is not a customer: true
	// ada: true true customers: get state by external ID: 503 service unavailable: the service failed
}

// Get takes Polar's own ID, for programs that have stored it.
func ExampleCache_Get() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
	cache, err := statecache.New(customers.New(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	answer, err := cache.Get(ctx, ada.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(polar.Value(answer.State.ExternalID))

	_, err = cache.GetByExternalID(ctx, ada.ID) // which takes the external ID
	fmt.Println("found as an external ID:", err == nil)
	// Output:
	// ada
	// found as an external ID: false
}

// A handler with work of its own passes each event on to Apply.
func ExampleCache_Apply() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
	cache, err := statecache.New(customers.New(srv.Client()))
	if err != nil {
		log.Fatal(err)
	}

	const secret = "whsec_0123456789abcdef0123456789abcdef"
	events, err := webhook.Handler(secret, func(ctx context.Context, event webhook.Event) error {
		fmt.Println(event.Type)
		return cache.Apply(ctx, event)
	})
	if err != nil {
		log.Fatal(err)
	}
	endpoint := srv.AddWebhook(polartest.Webhook{Handler: events, Secret: secret})

	ctx := context.Background()
	before, err := cache.GetByExternalID(ctx, "ada")
	if err != nil {
		log.Fatal(err)
	}
	pro := srv.AddSubscription(polartest.Subscription{CustomerID: ada.ID})
	if err := endpoint.Flush(ctx); err != nil {
		log.Fatal(err)
	}
	after, err := cache.GetByExternalID(ctx, "ada")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(before.State.HasProduct(pro.ProductID), after.State.HasProduct(pro.ProductID))
	// Output:
	// customer.state_changed
	// false true
}
