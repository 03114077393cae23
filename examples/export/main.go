// Command export writes all customers to a CSV file, with a progress bar. It writes
// the file only when the export is complete: after a truncated stream or an
// interruption, an existing file is unchanged.
//
//	cd examples/export
//	go run . -o customers.csv
//
// It runs on an embedded server with some customers to export. With
// POLAR_ACCESS_TOKEN set it runs on Polar's sandbox. The token needs the scope
// customers:read.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func main() {
	path := flag.String("o", "customers.csv", "the file to write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *path, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "export:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, path string, out io.Writer) (err error) {
	// A job can wait for the service.
	client, server, err := connect(polar.WithRetry(polar.BatchRetry()))
	if err != nil {
		return err
	}
	if server != nil {
		defer func() { err = errors.Join(err, server.Close()) }()
		for i := range 2500 {
			server.AddCustomer(polartest.Customer{ExternalID: fmt.Sprintf("user_%d", i), Metadata: map[string]any{"row": i}})
		}
	}

	n, err := export(ctx, customers.New(client), path, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "wrote %d customers to %s\n", n, path)
	return nil
}

// connect returns a client for the sandbox if there is a token, and otherwise for
// a server that is embedded in the program.
func connect(opts ...polar.Option) (client *polar.Client, server *polartest.Server, err error) {
	if token := os.Getenv("POLAR_ACCESS_TOKEN"); token != "" {
		client, err = polar.New(token, append(opts, polar.WithSandbox())...)
		return client, nil, err
	}
	if server, err = polartest.Start(); err != nil {
		return nil, nil, err
	}
	return server.Client(opts...), server, nil
}
