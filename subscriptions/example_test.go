package subscriptions_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/subscriptions"
	"github.com/polarexpress/polar-go/webhook"
)

var ctx = context.Background()

const subscriptionID = "9296398a-9a0b-4939-ba91-88c5ce0fd25c"

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
	_, err = subscriptions.New(client).Get(ctx, "1")
	fmt.Println(err)
	// Output: subscriptions: get: id: must be Polar's ID, a UUID
}

func ExampleClient_Get() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	subscription, err := client.Get(ctx, "f05ca8d5-b536-4317-b1f1-030c6cca8144")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Status, subscription.Amount, subscription.Currency, subscription.RecurringInterval)
	// Output: active 1000 usd month
}

func ExampleClient_List() {
	client := subscriptions.New(recorded("subscriptions_list_get", 4))
	page, err := client.List(ctx, subscriptions.ListParams{Status: []subscriptions.Status{subscriptions.StatusActive}, Limit: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items), page.Items[0].Status, page.HasNext())
	// Output: 1 active true
}

func ExampleClient_All() {
	client := subscriptions.New(servicetest.ReplayList(servicetest.Recorded{Scenario: "subscriptions_change", Step: 0}))
	for subscription, err := range client.All(ctx, subscriptions.ListParams{ExternalCustomerID: []string{"user_42"}}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(subscription.Product.Name, subscription.Status)
	}
	// Output: Monthly fixed active
}

func ExampleClient_Create() {
	client := subscriptions.New(recorded("subscriptions_create", 0))
	subscription, err := client.Create(ctx, subscriptions.CreateParams{
		ProductID:          "b57f1595-4fd5-44f4-8fed-d694c0ff41bf", // a free one
		ExternalCustomerID: "user_42",
	})
	if errors.Is(err, polar.ErrOutcomeUnknown) {
		fmt.Println("look for it with List before you call Create again")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Status, subscription.Amount)
	// Output: active 0
}

func ExampleClient_ChangeProduct() {
	client := subscriptions.New(recorded("subscriptions_change", 2))
	subscription, err := client.ChangeProduct(ctx, "f05ca8d5-b536-4317-b1f1-030c6cca8144",
		"b3ea4698-ae96-4356-af36-83c90659c700", subscriptions.ProrateNextBill)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Product.Name, subscription.Amount)
	// Output: Yearly fixed 9900
}

func ExampleClient_CancelAtPeriodEnd() {
	client := subscriptions.New(recorded("subscriptions_cancel", 0))
	subscription, err := client.CancelAtPeriodEnd(ctx, subscriptionID, subscriptions.CancelParams{Reason: subscriptions.ReasonUnused})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Status, "until", subscription.EndsAt.Format(time.DateOnly))
	// Output: active until 2026-12-21
}

func ExampleClient_Uncancel() {
	client := subscriptions.New(recorded("subscriptions_cancel", 3))
	subscription, err := client.Uncancel(ctx, subscriptionID)
	if errors.Is(err, subscriptions.ErrEnded) {
		fmt.Println("it needs a new checkout")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.CancelAtPeriodEnd)
	// Output: false
}

func ExampleClient_Revoke() {
	client := subscriptions.New(recorded("subscriptions_cancel", 9))
	_, err := client.Revoke(ctx, subscriptionID)
	fmt.Println(errors.Is(err, subscriptions.ErrAlreadyCanceled))
	fmt.Println(err)
	// Output:
	// true
	// subscriptions: revoke: 403 AlreadyCanceledSubscription: the subscription is canceled already, or set to end with its period
}

func ExampleClient_PauseAtPeriodEnd() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	inThreeMonths := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	subscription, err := client.PauseAtPeriodEnd(ctx, subscriptionID, inThreeMonths)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Status)
	// Output: active
}

func ExampleClient_Resume() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	subscription, err := client.Resume(ctx, subscriptionID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Status)
	// Output: active
}

func ExampleClient_SetSeats() {
	client := subscriptions.New(recorded("subscriptions_change", 16))
	subscription, err := client.SetSeats(ctx, "5b2b470d-4e6e-483e-b4a4-2c92c5042585", 8, "") // as the organization has set
	if errors.Is(err, subscriptions.ErrSeatsAssigned) {
		fmt.Println("revoke seats first")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(polar.Value(subscription.Seats))
	// Output: 8
}

func ExampleClient_SetTrialEnd() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	subscription, err := client.SetTrialEnd(ctx, subscriptionID, time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.ID != "")
	// Output: true
}

func ExampleClient_EndTrial() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	subscription, err := client.EndTrial(ctx, subscriptionID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.Status)
	// Output: active
}

func ExampleClient_SetDiscount() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	subscription, err := client.SetDiscount(ctx, subscriptionID, "") // removes the discount
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.DiscountID == nil)
	// Output: true
}

func ExampleClient_ClearPendingUpdate() {
	client := subscriptions.New(recorded("subscriptions_change", 9))
	subscription, err := client.ClearPendingUpdate(ctx, "5f1a67e4-7876-4f6b-8ac4-fc066620cca3")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.PendingUpdate == nil)
	// Output: true
}

func ExampleClient_Update() {
	client := subscriptions.New(recorded("subscriptions_change", 0))
	subscription, err := client.Update(ctx, subscriptionID, subscriptions.UpdateParams{
		Metadata: subscriptions.Metadata{"team": "blue"}, // replaces all metadata
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(subscription.ID != "")
	// Output: true
}

func ExampleFromEvent() {
	event := webhook.Event{ // as webhook.Handler delivers it
		Type: webhook.SubscriptionRevoked,
		Data: json.RawMessage(`{"id":"9296398a-9a0b-4939-ba91-88c5ce0fd25c","status":"canceled","customer":{"id":"1","external_id":"user_42"}}`),
	}
	subscription, err := subscriptions.FromEvent(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("access ends for", *subscription.Customer.ExternalID)
	// Output: access ends for user_42
}
