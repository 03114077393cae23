// Command otel traces calls with OpenTelemetry: a span for each request that is
// sent, under the route of the contract, without the IDs and e-mail addresses
// that URLs hold. It prints the spans.
//
//	cd examples/otel
//	go run .
//
// It runs on a server embedded in the program that fails once, so that the trace
// shows a repeat. With POLAR_ACCESS_TOKEN set it runs on Polar's sandbox. The
// token needs the scope customers:read.
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
	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/internal/exampleenv"
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

	env, err := exampleenv.Open(customers.WithMiddleware(Trace(spans)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, env.Close()) }()
	if env.Server != nil {
		env.Server.AddCustomer(customerstest.Customer{Email: "ada@example.com", ExternalID: "user_1"})
		env.Server.FailNext(customerstest.Failure{Status: 503})
	}
	return report(ctx, spans.Tracer("otel"), env.Client, out)
}

// report is a piece of work with a span of its own, of which the requests' are
// the children.
func report(ctx context.Context, tracer trace.Tracer, polar *customers.Client, out io.Writer) error {
	ctx, span := tracer.Start(ctx, "report")
	defer span.End()
	n := 0
	for _, err := range polar.All(ctx, customers.ListParams{}) {
		if err != nil {
			span.RecordError(err) // its text holds no personal data
			return err
		}
		n++
	}
	fmt.Fprintf(out, "%d customers\n", n)
	return nil
}
