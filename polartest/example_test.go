package polartest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
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
