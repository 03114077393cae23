package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func TestRun(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "")
	t.Setenv("POLAR_ENVIRONMENT", "")
	var out bytes.Buffer
	if err := run(t.Context(), "", &out); err != nil {
		t.Fatal(err)
	}
	const want = `A first sync, interrupted after three pages
  page 1 of 5
  page 2 of 5
  page 3 of 5
  30 added, 0 changed, 0 removed; the table has 30
The next one continues from there
  page 3 of 5
  page 4 of 5
  page 5 of 5
  15 added, 0 changed, 0 removed; the table has 45
One is created, one changes and one is deleted
  page 1 of 5
  page 2 of 5
  page 3 of 5
  page 4 of 5
  page 5 of 5
  1 added, 1 changed, 1 removed; the table has 45
Without changes nothing happens
  page 1 of 5
  page 2 of 5
  page 3 of 5
  page 4 of 5
  page 5 of 5
  0 added, 0 changed, 0 removed; the table has 45
`
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", &out, want)
	}
}

// sync runs once on the table at path.
func sync(ctx context.Context, t *testing.T, client *customers.Client, path string) (changes, error) {
	t.Helper()
	table, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	s := syncer{client: client, table: table, pageSize: 10, pageDone: func(int, int) {}}
	return s.run(ctx)
}

// compare compares the table at path with the server.
func compare(t *testing.T, srv *polartest.Server, path string) {
	t.Helper()
	table, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	stored := srv.Customers()
	if len(table.Rows) != len(stored) {
		t.Errorf("the table has %d rows, the service %d customers", len(table.Rows), len(stored))
	}
	for _, c := range stored {
		r, ok := table.Rows[c.ID]
		if !ok || r.Email != c.Email || r.Name != c.Name || r.ExternalID != c.ExternalID {
			t.Errorf("customer %+v has the row %+v, %t", c, r, ok)
		}
	}
}

// After an interruption anywhere, while customers change, the next run finishes the
// pass, and the run after it finds the remaining changes.
func TestInterruptedAnywhere(t *testing.T) {
	for after := range 10 { // the last one sweeps
		t.Run(fmt.Sprint("after ", after, " requests"), func(t *testing.T) {
			srv := polartest.NewServer(t)
			for i := range 35 {
				srv.AddCustomer(polartest.Customer{ExternalID: fmt.Sprint("user_", i)})
			}
			client := customers.New(srv.Client())
			path := filepath.Join(t.TempDir(), "table.json")
			if _, err := sync(t.Context(), t, client, path); err != nil {
				t.Fatal(err)
			}

			all := srv.Customers()
			for i, c := range all {
				var err error
				switch {
				case i%5 == 0: // the sweep finds these
					err = client.Delete(t.Context(), c.ID, customers.DeleteParams{})
				case i%5 == 1:
					_, err = client.Update(t.Context(), c.ID, customers.UpdateParams{Name: polar.Set("Ada")})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			srv.AddCustomer(polartest.Customer{ExternalID: "new"})

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			broken := customers.New(srv.Client(polar.WithMiddleware(cancelAfter(after, cancel))))
			first, err := sync(ctx, t, broken, path)
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("error is %v, want that of the context", err)
			}
			// The deletion moves customers to a page that was already read.
			if err := client.Delete(t.Context(), all[12].ID, customers.DeleteParams{}); err != nil {
				t.Fatal(err)
			}
			second, err := sync(t.Context(), t, client, path)
			if err != nil {
				t.Fatal(err)
			}
			if n := first.added + second.added; n != 1 {
				t.Errorf("%d added, want 1", n)
			}
			third, err := sync(t.Context(), t, client, path)
			if err != nil || third.added+third.changed != 0 {
				t.Errorf("once more: %+v, %v", third, err)
			}
			compare(t, srv, path)
		})
	}
}

// cancelAfter lets n requests through and cancels instead of sending the next.
func cancelAfter(n int, cancel func()) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			if n == 0 {
				cancel()
				return nil, r.Context().Err()
			}
			n--
			return next.RoundTrip(r)
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A customer who moves up a page between two reads is kept.
func TestPagesShift(t *testing.T) {
	srv := polartest.NewServer(t)
	var first polartest.Customer
	for i := range 15 {
		c := srv.AddCustomer(polartest.Customer{})
		if i == 0 {
			first = c
		}
	}
	client := customers.New(srv.Client())
	path := filepath.Join(t.TempDir(), "table.json")
	if _, err := sync(t.Context(), t, client, path); err != nil {
		t.Fatal(err)
	}

	table, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	s := syncer{client: client, table: table, pageSize: 10, pageDone: func(page, _ int) {
		if page == 1 {
			if err := client.Delete(t.Context(), first.ID, customers.DeleteParams{}); err != nil {
				t.Error(err)
			}
		}
	}}
	changes, err := s.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The first was read before it was deleted, and the eleventh has moved.
	if n := len(srv.Requests("customers:get")); n != 1 || changes.removed != 0 {
		t.Errorf("asked for %d and removed %d, want 1 and none", n, changes.removed)
	}
	if _, err := sync(t.Context(), t, client, path); err != nil {
		t.Fatal(err)
	}
	compare(t, srv, path)
}

// A table that cannot be written or read is an error, and the file is unchanged.
func TestFiles(t *testing.T) {
	srv := polartest.NewServer(t)
	srv.AddCustomer(polartest.Customer{})
	dir := t.TempDir()
	if _, err := sync(t.Context(), t, customers.New(srv.Client()), filepath.Join(dir, "none", "table.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v, want that of the directory", err)
	}
	path := filepath.Join(dir, "table.json")
	if err := os.WriteFile(path, []byte("not JSON"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syncOnce(t.Context(), customers.New(srv.Client()), path, 10, &bytes.Buffer{}, nil); err == nil {
		t.Error("a damaged table was accepted")
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "not JSON" {
		t.Errorf("the file is %q, %v", data, err)
	}
}
