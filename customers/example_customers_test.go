package customers_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func ExampleClient_Create() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	customer, err := client.Create(ctx, customers.CreateParams{
		ExternalID: "user_42", // your own ID
		Email:      "ada@polar.sh",
		Name:       "Ada Lovelace",
		BillingAddress: &customers.AddressParams{
			Line1: "1 rue de Rivoli", PostalCode: "75001", City: "Paris", Country: "FR",
		},
		TaxID:    "FR 61 954 506 077",
		Metadata: customers.Metadata{"plan": "gold", "seats": 3},
	})
	if errors.Is(err, polar.ErrDuplicate) {
		fmt.Println("already exists: see Ensure")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, customer.TaxID.Value, customer.Metadata["plan"])
	// Output: Ada Lovelace FR61954506077 gold
}

// A team can do without an email address if its owner has one.
func ExampleClient_Create_team() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	team, err := client.Create(ctx, customers.CreateParams{
		Type:       customers.TypeTeam,
		Name:       "Analytical Engines",
		ExternalID: "team_7",
		Owner:      &customers.OwnerParams{Email: "charles@polar.sh", Name: "Charles", ExternalID: "user_1"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*team.Name, "has an email address:", team.Email != nil)
	// Output: Analytical Engines has an email address: false
}

// However many times a user signs up, there is one customer.
func ExampleClient_Ensure() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	for range 2 {
		customer, created, err := client.Ensure(ctx, customers.CreateParams{
			ExternalID: "user_42",
			Email:      "ada@polar.sh",
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*customer.ExternalID, "created:", created)
	}
	// Output:
	// user_42 created: true
	// user_42 created: false
}

func ExampleClient_Get() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	client := customers.New(srv.Client())

	customer, err := client.Get(ctx, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name)
	// Output: Ada Lovelace
}

func ExampleClient_GetByExternalID() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace", ExternalID: "user_42"})
	client := customers.New(srv.Client())

	customer, err := client.GetByExternalID(ctx, "user_42")
	if errors.Is(err, polar.ErrNotFound) {
		fmt.Println("no purchase yet")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name)
	// Output: Ada Lovelace
}

// A field that can be null is a pointer. polar.Value reads one without a check.
func ExampleCustomer() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Email: "ada@polar.sh", ExternalID: "user_42"})
	client := customers.New(srv.Client())

	customer, err := client.GetByExternalID(ctx, "user_42")
	if err != nil {
		fmt.Println(err)
		return
	}
	if customer.Name == nil {
		fmt.Println("no name")
	}
	fmt.Println(polar.Value(customer.Email), customer.BillingAddress == nil)
	// Output:
	// no name
	// ada@polar.sh true
}

// An update keeps what it leaves out.
func ExampleClient_Update() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{
		Email: "ada@polar.sh", Name: "Ada Lovelace", Locale: "fr-FR", Metadata: map[string]any{"plan": "gold"},
	})
	client := customers.New(srv.Client())

	customer, err := client.Update(ctx, ada.ID, customers.UpdateParams{
		Name:     polar.Set("Ada King"),                  // change it
		Locale:   polar.Null[string](),                   // clear it
		Metadata: customers.Metadata{"plan": "platinum"}, // replace all of it
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, customer.Locale == nil, customer.Metadata["plan"], *customer.Email)
	// Output: Ada King true platinum ada@polar.sh
}

// An external ID can be given later, once.
func ExampleClient_Update_externalID() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	client := customers.New(srv.Client())

	for _, id := range []string{"user_42", "user_43"} {
		_, err := client.Update(ctx, ada.ID, customers.UpdateParams{ExternalID: polar.Set(id)})
		fmt.Println(id, errors.Is(err, polar.ErrValidation))
	}
	// Output:
	// user_42 false
	// user_43 true
}

func ExampleClient_UpdateByExternalID() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{ExternalID: "user_42", Email: "ada@polar.sh"})
	client := customers.New(srv.Client())

	customer, err := client.UpdateByExternalID(ctx, "user_42", customers.UpdateByExternalIDParams{
		Email: polar.Set("ada.king@polar.sh"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Email)
	// Output: ada.king@polar.sh
}

func ExampleClient_Delete() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	client := customers.New(srv.Client())

	// Anonymize makes the stored data unreadable as well.
	err := client.Delete(ctx, ada.ID, customers.DeleteParams{Anonymize: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Get(ctx, ada.ID)
	fmt.Println(errors.Is(err, polar.ErrNotFound))
	// Output: true
}

func ExampleClient_DeleteByExternalID() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{ExternalID: "user_42"})
	client := customers.New(srv.Client())

	for range 2 {
		err := client.DeleteByExternalID(ctx, "user_42", customers.DeleteParams{})
		switch {
		case errors.Is(err, polar.ErrNotFound):
			fmt.Println("already deleted")
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Println("deleted")
		}
	}
	// Output:
	// deleted
	// already deleted
}

func ExampleClient_GetState() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	srv.AddSubscription(polartest.Subscription{CustomerID: ada.ID, Status: "trialing", Amount: 900})
	client := customers.New(srv.Client())

	state, err := client.GetState(ctx, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sub := range state.ActiveSubscriptions {
		fmt.Println(sub.Status, sub.Amount, sub.Currency, "a", sub.RecurringInterval)
	}
	// Output: trialing 900 usd a month
}

func ExampleClient_GetStateByExternalID() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "user_42"})
	srv.AddGrant(polartest.Grant{
		CustomerID: ada.ID, Type: "feature_flag", Metadata: map[string]any{"feature": "export"},
	})
	client := customers.New(srv.Client())

	state, err := client.GetStateByExternalID(ctx, "user_42")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("may export:", state.HasBenefitValue("feature", "export"))
	fmt.Println("may import:", state.HasBenefitValue("feature", "import"))
	// Output:
	// may export: true
	// may import: false
}

// States takes the IDs from any iterator, here a slice, and yields the results in
// order. One that fails does not end the loop.
func ExampleClient_States() {
	srv, stop := start()
	defer stop()
	ids := []string{
		srv.AddCustomer(polartest.Customer{Name: "Ada"}).ID,
		"7b0f64b6-0a6b-4a6f-9d83-0d7a3ff0cf0e",
		srv.AddCustomer(polartest.Customer{Name: "Grace"}).ID,
	}
	client := customers.New(srv.Client())

	for result := range client.States(ctx, slices.Values(ids), 2) {
		switch {
		case errors.Is(result.Err, polar.ErrNotFound):
			fmt.Println("no such customer")
		case result.Err != nil:
			fmt.Println(result.Err)
		default:
			fmt.Println(*result.State.Name)
		}
	}
	// Output:
	// Ada
	// no such customer
	// Grace
}

// A nightly job gives all results to a report, below the service's rate limit.
func ExampleClient_StatesByExternalID() {
	srv, stop := start()
	defer stop()
	for _, id := range []string{"user_1", "user_2"} {
		srv.AddCustomer(polartest.Customer{ExternalID: id})
	}
	client := customers.New(srv.Client(polar.WithRetry(polar.BatchRetry()), polar.WithRateLimit(polar.SandboxLimit())))

	users := slices.Values([]string{"user_1", "user_2"}) // from a database, in your program
	for result := range client.StatesByExternalID(ctx, users, 4) {
		if result.Err != nil {
			fmt.Println(result.ID, result.Err)
			continue
		}
		fmt.Println(result.ID, "has", len(result.State.ActiveSubscriptions), "subscriptions")
	}
	// Output:
	// user_1 has 0 subscriptions
	// user_2 has 0 subscriptions
}

// A state answers the questions that a program has about a customer.
func ExampleState() {
	const product, meter = "9c3f2a52-6f0e-4d0b-9d4a-3b6c1f2e7a10", "1b0d7c44-52b3-4a41-8b1e-d3f3a0c9e5f2"
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	srv.AddSubscription(polartest.Subscription{
		CustomerID: ada.ID, ProductID: product,
		CurrentPeriodStart: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	srv.AddMeter(polartest.Meter{CustomerID: ada.ID, MeterID: meter, CreditedUnits: 100, ConsumedUnits: 58, Balance: 42})
	client := customers.New(srv.Client())

	state, err := client.GetState(ctx, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("has the product:", state.HasProduct(product))
	fmt.Println("units left:", state.RemainingUnits(meter))
	if end, ok := state.NextPeriodEnd(); ok {
		fmt.Println("renews on:", end.Format(time.DateOnly))
	}
	// Output:
	// has the product: true
	// units left: 42
	// renews on: 2027-02-01
}

// A number that is written as an integer is an int64, any other a float64.
func ExampleMetadata() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	customer, err := client.Create(ctx, customers.CreateParams{
		Email:    "ada@polar.sh",
		Metadata: customers.Metadata{"plan": "gold", "seats": 3, "discount": 0.5, "beta": true},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range []string{"plan", "seats", "discount", "beta"} {
		fmt.Printf("%s: %v (%[2]T)\n", key, customer.Metadata[key])
	}
	// Output:
	// plan: gold (string)
	// seats: 3 (int64)
	// discount: 0.5 (float64)
	// beta: true (bool)
}
