package checkouts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/polarexpress/polar-go/checkouts"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

var ctx = context.Background()

const productID = "b7a58649-b55b-44d4-b9ac-07131f36110d"

// recorded is a client that gets a recorded response. A real program calls
// polar.New with a token instead.
func recorded(scenario string, step int) *polar.Client {
	return servicetest.Replay(servicetest.Recorded{Scenario: scenario, Step: step})
}

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", polar.WithSandbox())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = checkouts.New(client).Get(ctx, "1")
	fmt.Println(err)
	// Output: checkouts: get: id: must be Polar's ID, a UUID
}

func ExampleClient_Create() {
	client := checkouts.New(recorded("checkouts_create", 3))
	checkout, err := client.Create(ctx, checkouts.CreateParams{
		Products:           []string{productID},
		ExternalCustomerID: "user_42", // your own ID
		CustomerEmail:      "ada@polar.sh",
		SuccessURL:         "https://your-domain.com/thanks?checkout_id={CHECKOUT_ID}",
		Metadata:           checkouts.Metadata{"campaign": "launch"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Redirect the customer to checkout.URL.
	fmt.Println(checkout.URL != "", checkout.Status, checkout.Amount, checkout.Currency)
	// Output: true open 2000 usd
}

func ExampleClient_Get() {
	client := checkouts.New(recorded("checkouts_create", 0))
	checkout, err := client.Get(ctx, "85cb11c7-a47c-462f-9bbe-fbdbab45fa53")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(checkout.Product.Name, checkout.Status)
	// Output: One time renamed open
}

func ExampleClient_List() {
	client := checkouts.New(servicetest.ReplayList(servicetest.Recorded{Scenario: "checkouts_create", Step: 0}))
	page, err := client.List(ctx, checkouts.ListParams{Status: []checkouts.Status{checkouts.StatusOpen}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items), "of", page.TotalCount)
	// Output: 1 of 1
}

func ExampleClient_All() {
	client := checkouts.New(servicetest.ReplayList(servicetest.Recorded{Scenario: "checkouts_create", Step: 0}))
	for checkout, err := range client.All(ctx, checkouts.ListParams{ExternalCustomerID: []string{"user_42"}}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(checkout.Status, checkout.TotalAmount)
	}
	// Output: open 2000
}

func ExampleClient_Update() {
	client := checkouts.New(recorded("checkouts_create", 0))
	checkout, err := client.Update(ctx, "85cb11c7-a47c-462f-9bbe-fbdbab45fa53", checkouts.UpdateParams{
		CustomerEmail: polar.Set("ada@polar.sh"),
		DiscountID:    polar.Null[string](), // removes the discount
	})
	if errors.Is(err, checkouts.ErrNotOpen) {
		fmt.Println("too late")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(checkout.Status)
	// Output: open
}

func ExampleFromEvent() {
	event := webhook.Event{ // as webhook.Handler delivers it
		Type: webhook.CheckoutExpired,
		Data: json.RawMessage(`{"id":"85cb11c7-a47c-462f-9bbe-fbdbab45fa53","status":"expired","customer_email":"ada@polar.sh"}`),
	}
	checkout, err := checkouts.FromEvent(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(checkout.Status, *checkout.CustomerEmail)
	// Output: expired ada@polar.sh
}
