// Command sync keeps a local table of all customers: what is new, changed or gone
// at Polar becomes so in the table. It can be interrupted at any time, and goes on
// where it was when it is run again; run once more, it changes nothing.
//
//	go run ./examples/sync
//
// Without an account it shows that on a server embedded in the program. With
// POLAR_ACCESS_TOKEN set it syncs with Polar's sandbox, and with
// POLAR_ENVIRONMENT=production as well with production, where it only reads; -o
// names the table's file then. The token needs the scope customers:read.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/internal/exampleenv"
)

func main() {
	path := flag.String("o", "customers.json", "the table's file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *path, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sync:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, path string, out io.Writer) (err error) {
	env, err := exampleenv.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, env.Close()) }()
	if env.Server != nil {
		return demonstrate(ctx, env, out)
	}

	// A job has time: it waits for the service, and leaves room below its limits.
	limit := customers.SandboxLimit
	if env.Name == exampleenv.Production {
		limit = customers.ProductionLimit
	}
	client, err := env.Client.With(customers.WithRetry(customers.BatchRetry), customers.WithRateLimit(limit))
	if err != nil {
		return err
	}
	return syncOnce(ctx, client, path, 100, out, nil)
}

// syncOnce runs one pass, or what is left of it.
func syncOnce(ctx context.Context, client *customers.Client, path string, pageSize int, out io.Writer, after func(page int)) error {
	table, err := open(path)
	if err != nil {
		return err
	}
	s := syncer{client: client, table: table, pageSize: pageSize, pageDone: func(page, of int) {
		fmt.Fprintf(out, "  page %d of %d\n", page, of)
		if after != nil {
			after(page)
		}
	}}
	changes, err := s.run(ctx)
	fmt.Fprintf(out, "  %d added, %d changed, %d removed; the table has %d\n",
		changes.added, changes.changed, changes.removed, len(table.Rows))
	return err
}

// demonstrate interrupts a sync, goes on with it, and syncs again after changes.
func demonstrate(ctx context.Context, env *exampleenv.Env, out io.Writer) error {
	dir, err := os.MkdirTemp("", "polar-sync-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "customers.json")
	const pageSize = 10 // small, for a small example
	var seeded []customerstest.Customer
	for i := range 45 {
		seeded = append(seeded, env.Server.AddCustomer(customerstest.Customer{ExternalID: fmt.Sprintf("user_%d", i)}))
	}

	fmt.Fprintln(out, "A first sync, interrupted after three pages")
	short, interrupt := context.WithCancel(ctx)
	defer interrupt()
	err = syncOnce(short, env.Client, path, pageSize, out, func(page int) {
		if page == 3 {
			interrupt()
		}
	})
	if !errors.Is(err, context.Canceled) || ctx.Err() != nil {
		return fmt.Errorf("want an interrupt, have: %w", err)
	}

	fmt.Fprintln(out, "The next one goes on from there")
	if err := syncOnce(ctx, env.Client, path, pageSize, out, nil); err != nil {
		return err
	}

	fmt.Fprintln(out, "Meanwhile one is new, one changes and one is deleted")
	_, err = env.Client.Create(ctx, customers.CreateParams{Email: "new@polar.sh"})
	if err != nil {
		return err
	}
	_, err = env.Client.Update(ctx, seeded[7].ID, customers.UpdateParams{Name: customers.Set("Ada")})
	if err != nil {
		return err
	}
	if err := env.Client.Delete(ctx, seeded[8].ID, customers.DeleteParams{}); err != nil {
		return err
	}
	if err := syncOnce(ctx, env.Client, path, pageSize, out, nil); err != nil {
		return err
	}

	fmt.Fprintln(out, "Nothing happens")
	return syncOnce(ctx, env.Client, path, pageSize, out, nil)
}
