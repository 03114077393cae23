package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func TestRun(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "")
	t.Setenv("POLAR_ENVIRONMENT", "")
	path := filepath.Join(t.TempDir(), "customers.csv")
	var out bytes.Buffer
	if err := run(t.Context(), path, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"100%", "(2500/2500)", "wrote 2500 customers to " + path} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("printed %q, want %q in it", &out, want)
		}
	}
	if rows := read(t, path); len(rows) != 2501 || rows[0][0] != "ID" {
		t.Errorf("the file has %d rows and begins with %q", len(rows), rows[0])
	}
}

func read(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestExportCounts(t *testing.T) {
	for name, seed := range map[string][]polartest.Customer{
		"none":                   {},
		"line breaks and quotes": {{Name: "Ada\nKing"}, {Name: `"Grace"` + "\r\n"}, {Name: `"`}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := polartest.NewServer(t)
			for _, c := range seed {
				srv.AddCustomer(c)
			}
			path := filepath.Join(t.TempDir(), "customers.csv")
			n, err := export(t.Context(), customers.New(srv.Client()), path, &bytes.Buffer{})
			if err != nil || n != len(seed) {
				t.Errorf("exported %d (%v), want %d", n, err, len(seed))
			}
			if rows := read(t, path); len(rows) != len(seed)+1 {
				t.Errorf("%d rows, want %d and a header", len(rows), len(seed))
			}
		})
	}
}

// A failure leaves the file unchanged, and no temporary file.
func TestFailureLeavesTheFile(t *testing.T) {
	for _, test := range []struct {
		name    string
		failure polartest.Failure
		want    error
	}{
		{"cut short", polartest.Failure{Operation: "customers:export", Cut: polartest.CutWithinBody}, polar.ErrUnexpectedResponse},
		{"refused", polartest.Failure{Operation: "customers:export", Status: 500}, polar.ErrServer},
	} {
		for _, before := range []string{"", "yesterday's\n"} {
			t.Run(test.name, func(t *testing.T) {
				srv := polartest.NewServer(t)
				for range 50 {
					srv.AddCustomer(polartest.Customer{})
				}
				dir := t.TempDir()
				path := filepath.Join(dir, "customers.csv")
				if before != "" {
					if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				srv.FailNext(test.failure)
				if _, err := export(t.Context(), customers.New(srv.Client()), path, &bytes.Buffer{}); !errors.Is(err, test.want) {
					t.Errorf("error is %v, want %v", err, test.want)
				}
				after, err := os.ReadFile(path)
				if before == "" && !errors.Is(err, os.ErrNotExist) || string(after) != before {
					t.Errorf("the file is %q (%v), want %q", after, err, before)
				}
				if rest, _ := filepath.Glob(filepath.Join(dir, ".*")); len(rest) > 0 {
					t.Errorf("left behind: %q", rest)
				}
			})
		}
	}
}

// An interrupt ends the export.
func TestInterrupt(t *testing.T) {
	srv := polartest.NewServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	client := customers.New(srv.Client())
	for range 5000 {
		srv.AddCustomer(polartest.Customer{})
	}
	path := filepath.Join(t.TempDir(), "customers.csv")
	// The bar draws itself when the first rows arrive.
	_, err := export(ctx, client, path, writer(func([]byte) { cancel() }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that of the context", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }
