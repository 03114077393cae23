package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func take(t *testing.T, ctx context.Context, env *environment) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(ctx, env, &out)
	return out.String(), err
}

func TestTourEmbedded(t *testing.T) {
	srv := polartest.NewServer(t)
	out, err := take(t, t.Context(), &environment{name: embedded, client: srv.Client(), server: srv})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"created is false, same ID: true",
		"both are Ada Lovelace: true",
		"Grace is billing_manager",
		"a visa that ends in 4242",
		"a checkout for Pro: 15.00 usd, open",
		"the event order.paid arrives, with invoice INV-",
		"use Pro? true",
		"100 units left",
		"404 ResourceNotFound",
		"403 insufficient_scope",
		"That was all: 13 steps. Read them in examples/quickstart/main.go.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the tour does not say %q:\n%s", want, out)
		}
	}
	if left := srv.Customers(); len(left) > 0 {
		t.Errorf("%d customers are left", len(left))
	}
}

// In the sandbox, the tour deletes what it creates.
func TestTourSandbox(t *testing.T) {
	srv := polartest.NewServer(t)
	out, err := take(t, t.Context(), &environment{name: sandbox, client: srv.Client()})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "401 invalid_token") {
		t.Errorf("the invalid token was not refused:\n%s", out)
	}
	if left := srv.Customers(); len(left) > 0 {
		t.Errorf("%d customers are left", len(left))
	}
}

func TestTourProductionReadsOnly(t *testing.T) {
	srv := polartest.NewServer(t)
	srv.AddCustomer(polartest.Customer{Email: "ada@polar.sh"})
	if _, err := take(t, t.Context(), &environment{name: production, client: srv.Client()}); err != nil {
		t.Fatal(err)
	}
	for _, r := range srv.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("the tour sent %s %s", r.Method, r.Path)
		}
	}
}

func TestTourCleansUpAfterFailure(t *testing.T) {
	srv := polartest.NewServer(t)
	srv.FailNext(polartest.Failure{Operation: "customers:update", Status: 500})
	out, err := take(t, t.Context(), &environment{name: sandbox, client: srv.Client()})
	if !errors.Is(err, polar.ErrServer) || !strings.Contains(err.Error(), "update it: ") {
		t.Errorf("error is %v\n%s", err, out)
	}
	if left := srv.Customers(); len(left) > 0 {
		t.Errorf("%d customers are left", len(left))
	}
}

func TestTourInterrupted(t *testing.T) {
	srv := polartest.NewServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := take(t, ctx, &environment{name: sandbox, client: srv.Client()}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestOpenEnvironment(t *testing.T) {
	for _, test := range []struct {
		token, environment string
		name, url          string
		refused            string // in the error
	}{
		{"", "", embedded, "http://127.0.0.1:", ""},
		{"", "sandbox", embedded, "http://127.0.0.1:", ""},
		{"polar_oat_x", "", sandbox, polar.SandboxURL, ""},
		{"polar_oat_x", "sandbox", sandbox, polar.SandboxURL, ""},
		{"polar_oat_x", "production", production, polar.ProductionURL, ""},
		{"", "production", "", "", "set POLAR_ACCESS_TOKEN"},
		{"polar_oat_x", "prod", "", "", `POLAR_ENVIRONMENT is "prod"`},
		{"polar oat", "", "", "", "access token"},
	} {
		t.Run(test.token+","+test.environment, func(t *testing.T) {
			env, err := openEnvironment(test.token, test.environment)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Fatalf("error is %v, want one with %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if env.name != test.name || !strings.Contains(env.client.String(), test.url) {
				t.Errorf("%s at %v, want %s at %s", env.name, env.client, test.name, test.url)
			}
			if err := env.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
