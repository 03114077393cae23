package polar_test

import (
	"encoding/json"
	"fmt"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func ExampleSet() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	client := customers.New(srv.Client())

	// A zero field is left out; a field that is set is sent.
	p := customers.UpdateParams{BillingAddress: polar.Set(customers.AddressParams{Country: "GB"})}
	customer, err := client.Update(ctx, ada.ID, p)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, customer.BillingAddress.Country)
	fmt.Printf("%s\n", srv.Requests()[0].Body)
	// Output:
	// Ada Lovelace GB
	// {"billing_address":{"country":"GB"}}
}

func ExampleNull() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace", Locale: "en-GB"})
	client := customers.New(srv.Client())

	customer, err := client.Update(ctx, ada.ID, customers.UpdateParams{Locale: polar.Null[string]()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, customer.Locale == nil)
	fmt.Printf("%s\n", srv.Requests()[0].Body)
	// Output:
	// Ada Lovelace true
	// {"locale":null}
}

func ExampleValue() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{ExternalID: "user_42"})
	client := customers.New(srv.Client())

	customer, err := client.GetByExternalID(ctx, "user_42")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q %q\n", polar.Value(customer.ExternalID), polar.Value(customer.Name))
	// Output: "user_42" ""
}

func ExamplePtr() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Name: "Ada"})
	client := customers.New(srv.Client())

	page, err := client.List(ctx, customers.ListParams{Active: polar.Ptr(false)}) // those without a subscription
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.TotalCount, "without a subscription")
	// Output: 1 without a subscription
}

// Pages for a user interface: one at a time, as the user turns them.
func ExamplePage_HasNext() {
	srv, stop := start()
	defer stop()
	for range 5 {
		srv.AddCustomer(polartest.Customer{})
	}
	client := customers.New(srv.Client())

	p := customers.ListParams{Page: 1, Limit: 2}
	for {
		page, err := client.List(ctx, p)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("page %d: %d customers\n", page.Page, len(page.Items))
		if !page.HasNext() {
			break
		}
		p.Page++
	}
	// Output:
	// page 1: 2 customers
	// page 2: 2 customers
	// page 3: 1 customers
}

func ExampleWithConcurrency() {
	srv, stop := start()
	defer stop()
	for range 1000 {
		srv.AddCustomer(polartest.Customer{})
	}
	client := customers.New(srv.Client())

	n := 0
	for _, err := range client.All(ctx, customers.ListParams{}, polar.WithConcurrency(4)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		n++
	}
	fmt.Println(n, "customers,", len(srv.Requests()), "requests")
	// Output: 1000 customers, 10 requests
}

// A job that was interrupted goes on where it stopped.
func ExampleWithCheckpoint() {
	srv, stop := start()
	defer stop()
	for _, name := range []string{"Ada", "Charles", "Grace"} {
		srv.AddCustomer(polartest.Customer{Name: name})
	}
	client := customers.New(srv.Client())

	file := "" // on a disk, in your program
	run := func(limit int) {
		var at polar.Checkpoint
		if file != "" {
			if err := json.Unmarshal([]byte(file), &at); err != nil {
				fmt.Println(err)
				return
			}
		}
		for customer, err := range client.All(ctx, customers.ListParams{}, polar.WithCheckpoint(&at)) {
			if err != nil {
				fmt.Println(err)
				return
			}
			if limit--; limit < 0 {
				break // the process is stopped
			}
			fmt.Println(*customer.Name)
		}
		text, err := json.Marshal(at)
		if err != nil {
			fmt.Println(err)
		}
		file = string(text)
	}
	run(2)
	fmt.Println("later:")
	run(100)
	// Output:
	// Ada
	// Charles
	// later:
	// Grace
}
