// Command sync keeps a local table of all customers: it adds customers that were
// created at Polar, and changes and removes those that were updated and deleted. It
// can be interrupted at any time, and continues when it runs again.
//
//	go run ./examples/sync
//
// It runs on an embedded server. With POLAR_ACCESS_TOKEN set it syncs with Polar's
// sandbox, into the file that -o names. The token needs the scope customers:read.
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
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
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

func run(ctx context.Context, path string, out io.Writer) error {
	token := os.Getenv("POLAR_ACCESS_TOKEN")
	if token == "" {
		server, err := polartest.Start()
		if err != nil {
			return err
		}
		return errors.Join(demonstrate(ctx, server, out), server.Close())
	}
	// A job can wait for the service, and stays below its limits.
	client, err := polar.New(token, polar.WithSandbox(), polar.WithRetry(polar.BatchRetry()), polar.WithRateLimit(polar.SandboxLimit()))
	if err != nil {
		return err
	}
	return syncOnce(ctx, customers.New(client), path, 100, out, nil)
}

// syncOnce runs one pass, or the rest of an interrupted one.
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

// demonstrate interrupts a sync, continues it, and syncs again after changes.
func demonstrate(ctx context.Context, server *polartest.Server, out io.Writer) error {
	client := customers.New(server.Client())
	dir, err := os.MkdirTemp("", "polar-sync-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "customers.json")
	const pageSize = 10 // small, so that the example has several pages
	var seeded []polartest.Customer
	for i := range 45 {
		seeded = append(seeded, server.AddCustomer(polartest.Customer{ExternalID: fmt.Sprintf("user_%d", i)}))
	}

	fmt.Fprintln(out, "A first sync, interrupted after three pages")
	short, interrupt := context.WithCancel(ctx)
	defer interrupt()
	err = syncOnce(short, client, path, pageSize, out, func(page int) {
		if page == 3 {
			interrupt()
		}
	})
	if !errors.Is(err, context.Canceled) || ctx.Err() != nil {
		return fmt.Errorf("want an interruption, have: %w", err)
	}

	fmt.Fprintln(out, "The next one continues from there")
	if err := syncOnce(ctx, client, path, pageSize, out, nil); err != nil {
		return err
	}

	fmt.Fprintln(out, "One is created, one changes and one is deleted")
	_, err = client.Create(ctx, customers.CreateParams{Email: "new@polar.sh"})
	if err != nil {
		return err
	}
	_, err = client.Update(ctx, seeded[7].ID, customers.UpdateParams{Name: polar.Set("Ada")})
	if err != nil {
		return err
	}
	if err := client.Delete(ctx, seeded[8].ID, customers.DeleteParams{}); err != nil {
		return err
	}
	if err := syncOnce(ctx, client, path, pageSize, out, nil); err != nil {
		return err
	}

	fmt.Fprintln(out, "Without changes nothing happens")
	return syncOnce(ctx, client, path, pageSize, out, nil)
}
