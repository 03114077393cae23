// Command entitlements is an HTTP service that lets requests through by what
// the customer has paid for. Checks are answered from memory, which the
// service's webhooks keep current.
//
//	go run ./examples/entitlements
//
// It runs on a server embedded in the program, on which one customer, "ada",
// has the plan Pro until it is canceled after a while:
//
//	curl -H 'X-User: ada' localhost:8080/export
//
// With POLAR_ACCESS_TOKEN, POLAR_WEBHOOK_SECRET and POLAR_PRO_PRODUCT set it
// runs on Polar's sandbox, with POLAR_ENVIRONMENT=production in production.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/internal/exampleenv"
)

const (
	address     = "localhost:8080"
	webhookPath = "/webhooks/polar"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "entitlements:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	env, err := exampleenv.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, env.Close()) }()

	secret, product := os.Getenv("POLAR_WEBHOOK_SECRET"), os.Getenv("POLAR_PRO_PRODUCT")
	if env.Server != nil {
		endpoint := env.Server.AddWebhook(customerstest.Webhook{URL: "http://" + address + webhookPath})
		secret, product = endpoint.Secret(), play(env.Server)
	}
	cache, err := statecache.New(env.Client, statecache.WithTTL(time.Hour)) // events do the rest
	if err != nil {
		return err
	}
	defer cache.Close()
	shop, err := newShop(cache, secret, product)
	if err != nil {
		return err
	}
	return serve(ctx, shop)
}

// play gives ada the plan Pro for half a minute, and returns the product's ID.
func play(server *customerstest.Server) (product string) {
	ada := server.AddCustomer(customerstest.Customer{ExternalID: "ada", Email: "ada@example.com"})
	plan := server.AddSubscription(customerstest.Subscription{CustomerID: ada.ID})
	time.AfterFunc(30*time.Second, func() {
		slog.Info("ada's subscription ends")
		plan.Status = "canceled"
		server.ChangeSubscription(plan)
	})
	return plan.ProductID
}

func serve(ctx context.Context, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Shutdown(context.Background()) })()
	slog.Info("try it", "command", "curl -H 'X-User: ada' "+address+"/export")
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
