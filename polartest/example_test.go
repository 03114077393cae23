package polartest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/checkouts"
	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/subscriptions"
	"github.com/polarexpress/polar-go/webhook"
)

// A server without a test: the program closes it, and Close returns the problems.
func ExampleStart() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()

	ctx, client := context.Background(), customers.New(srv.Client())
	customer, err := client.Create(ctx, customers.CreateParams{Email: "ada@polar.sh", ExternalID: "ada"})
	if err != nil {
		log.Fatal(err)
	}
	again, err := client.GetByExternalID(ctx, "ada")
	fmt.Println(again.ID == customer.ID, err)
	// Output: true <nil>
}

// An outage that outlasts all attempts. In a test, NewServer(t) takes the
// place of Start and Close.
func ExampleServer_FailNext() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	srv.FailNext(polartest.Failure{Status: 503, Times: 2})

	client := customers.New(srv.Client(polar.WithRetry(polar.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Millisecond})))
	_, err = client.List(context.Background(), customers.ListParams{})
	fmt.Println("outage:", errors.Is(err, polar.ErrServer))
	_, err = client.List(context.Background(), customers.ListParams{})
	fmt.Println("afterwards:", err)
	fmt.Println("requests:", len(srv.Requests("customers:list")))
	fmt.Println("unmet:", srv.Close())
	// Output:
	// outage: true
	// afterwards: <nil>
	// requests: 3
	// unmet: <nil>
}

// What a customer may do follows from the benefits in the state.
func ExampleServer_AddGrant() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
	grant := srv.AddGrant(polartest.Grant{CustomerID: ada.ID, Type: "feature_flag"})

	state, err := customers.New(srv.Client()).GetStateByExternalID(context.Background(), "ada")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(state.HasBenefit(grant.BenefitID), state.HasBenefit("another"))
	// Output: true false
}

// A customer buys a subscription, which is renewed and ends.
func ExampleServer_Pay() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	license := srv.AddBenefit(polartest.Benefit{Type: "license_keys", Properties: map[string]any{"prefix": "ACME"}})
	pro := srv.AddProduct(polartest.Product{RecurringInterval: "month", PriceAmount: 1900, Benefits: []string{license.ID}})

	ctx, client := context.Background(), srv.Client()
	checkout, err := checkouts.New(client).Create(ctx, checkouts.CreateParams{Products: []string{pro.ID}, ExternalCustomerID: "ada"})
	if err != nil {
		log.Fatal(err)
	}
	bought := srv.Pay(checkout.ID)
	fmt.Println(len(bought.LicenseKeys), strings.HasPrefix(bought.LicenseKeys[0], "ACME-"))

	if _, err := subscriptions.New(client).CancelAtPeriodEnd(ctx, bought.SubscriptionID, subscriptions.CancelParams{}); err != nil {
		log.Fatal(err)
	}
	has := func() bool {
		state, err := customers.New(client).GetStateByExternalID(ctx, "ada")
		return err == nil && state.HasProduct(pro.ID)
	}
	fmt.Println("has Pro:", has())
	srv.Advance(32 * 24 * time.Hour)
	fmt.Println("a month later:", has())
	// Output:
	// 1 true
	// has Pro: true
	// a month later: false
}

// The server signs events and delivers them as the service does. Flush waits for
// them.
func ExampleServer_AddWebhook() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	const secret = "whsec_0123456789abcdef0123456789abcdef"
	events, err := webhook.Handler(secret, func(_ context.Context, event webhook.Event) error {
		fmt.Println("received", event.Type)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	endpoint := srv.AddWebhook(polartest.Webhook{Handler: events, Secret: secret, Types: []string{"customer.created"}})

	ctx := context.Background()
	if _, err := customers.New(srv.Client()).Create(ctx, customers.CreateParams{Email: "ada@polar.sh"}); err != nil {
		log.Fatal(err)
	}
	if err := endpoint.Flush(ctx); err != nil {
		log.Fatal(err)
	}
	delivery := endpoint.Deliveries()[0]
	fmt.Println("delivered", delivery.Type, delivery.OK())

	// The service can deliver an event twice. The handler notices.
	if delivery, err = endpoint.Redeliver(delivery.EventID); err != nil {
		log.Fatal(err)
	}
	fmt.Println("again", delivery.OK())
	// Output:
	// received customer.created
	// delivered customer.created true
	// again true
}

// A failure that lasts until it is stopped.
func ExampleServer_Outage() {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
	client := customers.New(srv.Client(polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1})))

	stop := srv.Outage(polartest.Failure{Operation: "customers.GetByExternalID", Cut: polartest.CutBeforeResponse})
	_, err = client.GetByExternalID(context.Background(), "ada")
	fmt.Println(err)
	stop()
	_, err = client.GetByExternalID(context.Background(), "ada")
	fmt.Println(err)
	// Output:
	// customers: get by external ID: the connection was closed before the response
	// <nil>
}
