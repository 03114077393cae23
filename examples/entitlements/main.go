// Command entitlements is an HTTP service that allows only what the customer has paid
// for. It checks states in memory, which webhooks keep current.
//
//	go run ./examples/entitlements
//
// It runs on an embedded server with one customer, "ada", whose plan Pro ends after
// half a minute:
//
//	curl -H 'X-User: ada' localhost:8080/export
//
// With POLAR_ACCESS_TOKEN, POLAR_WEBHOOK_SECRET and POLAR_PRO_PRODUCT set it runs on
// Polar's sandbox.
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

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
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
	client, server, err := connect()
	if err != nil {
		return err
	}
	if server != nil {
		defer func() { err = errors.Join(err, server.Close()) }()
	}

	secret, product := os.Getenv("POLAR_WEBHOOK_SECRET"), os.Getenv("POLAR_PRO_PRODUCT")
	if server != nil {
		endpoint := server.AddWebhook(polartest.Webhook{URL: "http://" + address + webhookPath})
		secret, product = endpoint.Secret(), play(server)
	}
	cache, err := statecache.New(customers.New(client), statecache.WithTTL(time.Hour)) // events keep it current
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
func play(server *polartest.Server) (product string) {
	ada := server.AddCustomer(polartest.Customer{ExternalID: "ada", Email: "ada@polar.sh"})
	plan := server.AddSubscription(polartest.Subscription{CustomerID: ada.ID})
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

// connect returns a client for the sandbox if there is a token, and otherwise for
// a server that is embedded in the program.
func connect() (client *polar.Client, server *polartest.Server, err error) {
	if token := os.Getenv("POLAR_ACCESS_TOKEN"); token != "" {
		client, err = polar.New(token, polar.WithSandbox())
		return client, nil, err
	}
	if server, err = polartest.Start(); err != nil {
		return nil, nil, err
	}
	return server.Client(), server, nil
}
