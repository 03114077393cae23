// Command export writes all customers to a CSV file, with a progress bar. The file
// appears when it is complete and not before: a stream that is cut short, or an
// interrupt, leaves what was there.
//
//	cd examples/export
//	go run . -o customers.csv
//
// It runs on a server embedded in the program, with some customers to export. With
// POLAR_ACCESS_TOKEN set it runs on Polar's sandbox, and with
// POLAR_ENVIRONMENT=production as well in production. The token needs the scope
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
	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/internal/exampleenv"
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
	// A job has time to wait for the service.
	env, err := exampleenv.Open(customers.WithRetry(customers.BatchRetry))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, env.Close()) }()
	if env.Server != nil {
		for i := range 2500 {
			env.Server.AddCustomer(customerstest.Customer{ExternalID: fmt.Sprintf("user_%d", i), Metadata: map[string]any{"row": i}})
		}
	}

	n, err := export(ctx, env.Client, path, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d customers (%s) are in %s\n", n, env.Name, path)
	return nil
}
