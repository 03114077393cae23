package statecache_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
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

	answer, err := cache.Get(context.Background(), "user-42")
	switch {
	case errors.Is(err, polar.ErrNotFound):
		fmt.Println("not a customer")
	case err != nil:
		fmt.Println("the service cannot be asked now")
	default:
		fmt.Println(answer.State.HasBenefitKey("export"), answer.Stale)
	}
}
