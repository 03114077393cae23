// Command otel traces calls with OpenTelemetry and prints the spans. Each request has
// a span with the route as its name, without the IDs and email addresses in URLs.
//
//	cd examples/otel
//	go run .
//
// It runs on an embedded server that fails once, so that the trace shows a retry.
// With POLAR_ACCESS_TOKEN set it runs on Polar's sandbox. The token needs the scope
// customers:read.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "otel:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) (err error) {
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(out), stdouttrace.WithPrettyPrint())
	if err != nil {
		return err
	}
	spans := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	defer func() { err = errors.Join(err, spans.Shutdown(ctx)) }()

	client, server, err := connect(polar.WithMiddleware(Trace(spans)))
	if err != nil {
		return err
	}
	if server != nil {
		defer func() { err = errors.Join(err, server.Close()) }()
		server.AddCustomer(polartest.Customer{Email: "ada@polar.sh", ExternalID: "user_1"})
		server.FailNext(polartest.Failure{Status: 503})
	}
	return report(ctx, spans.Tracer("otel"), customers.New(client), out)
}

// report is a piece of work with a span of its own, the parent of the requests'
// spans.
func report(ctx context.Context, tracer trace.Tracer, c *customers.Client, out io.Writer) error {
	ctx, span := tracer.Start(ctx, "report")
	defer span.End()
	n := 0
	for _, err := range c.All(ctx, customers.ListParams{}) {
		if err != nil {
			span.RecordError(err) // its text holds no personal data
			return err
		}
		n++
	}
	fmt.Fprintf(out, "%d customers\n", n)
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
