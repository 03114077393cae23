// Command shop is a small web shop: a product page, a checkout, a page for customers
// who have paid, and a link to the customer portal.
//
//	go run ./examples/shop
//
// It starts an embedded server, whose checkout needs no card, and prints one URL. The
// page's footer links to the server's dashboard, which shows all events and moves the
// time.
//
// With POLAR_ACCESS_TOKEN, POLAR_WEBHOOK_SECRET and POLAR_PRODUCT set, it uses Polar's
// sandbox, which must send webhooks to /webhooks/polar.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run serves the shop until the context ends.
func run(ctx context.Context, addr string, out io.Writer) (err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	b, err := connect(url)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, b.close()) }()
	shop, err := newShop(ctx, b, url)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer shop.close()

	server := &http.Server{Handler: shop, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	fmt.Fprintln(out, url)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// backend is the service that the shop uses.
type backend struct {
	client            *polar.Client
	secret, productID string
	dashboard         string              // of the embedded server
	events            *polartest.Endpoint // of the embedded server
	close             func() error
}

// connect returns Polar's sandbox if there is a token, or else an embedded server that
// sends its events to the shop.
func connect(shopURL string) (*backend, error) {
	if token := os.Getenv("POLAR_ACCESS_TOKEN"); token != "" {
		client, err := polar.New(token, polar.WithSandbox())
		return &backend{
			client: client, secret: os.Getenv("POLAR_WEBHOOK_SECRET"), productID: os.Getenv("POLAR_PRODUCT"),
			close: func() error { return nil },
		}, err
	}
	server, err := polartest.Start()
	if err != nil {
		return nil, err
	}
	return embedded(server, shopURL)
}

//go:embed seed.json
var seed []byte

// seedProduct is the ID of the product in seed.json.
const seedProduct = "5d3c9f0e-6a41-4b0c-9d2f-1c7a52b4e8d3"

// embedded adds a product and a webhook to a server.
func embedded(server *polartest.Server, shopURL string) (*backend, error) {
	if err := server.Seed(bytes.NewReader(seed)); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	events := server.AddWebhook(polartest.Webhook{URL: shopURL + webhookPath})
	return &backend{
		client: server.Client(), secret: events.Secret(), productID: seedProduct, events: events, dashboard: server.URL, close: server.Close,
	}, nil
}
