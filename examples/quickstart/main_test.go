package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/internal/exampleenv"
)

func take(t *testing.T, ctx context.Context, env *exampleenv.Env) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(ctx, env, &out)
	return out.String(), err
}

func TestTourEmbedded(t *testing.T) {
	srv := customerstest.NewServer(t)
	out, err := take(t, t.Context(), &exampleenv.Env{Client: srv.Client(), Server: srv, Name: exampleenv.Embedded})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"created is false, the ID the same: true",
		"both are Ada Lovelace: true",
		"Grace is billing_manager",
		"a visa that ends in 4242",
		"87.5 units left",
		"404 ResourceNotFound",
		"403 insufficient_scope",
		"That was all of it: 12 steps.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the tour does not say %q:\n%s", want, out)
		}
	}
	if left := srv.Customers(); len(left) > 0 {
		t.Errorf("%d customers are left behind", len(left))
	}
}

// In the sandbox, the tour makes only what it deletes.
func TestTourSandbox(t *testing.T) {
	srv := customerstest.NewServer(t)
	out, err := take(t, t.Context(), &exampleenv.Env{Client: srv.Client(), Name: exampleenv.Sandbox})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "401 invalid_token") {
		t.Errorf("no refusal of a made-up token:\n%s", out)
	}
	if left := srv.Customers(); len(left) > 0 {
		t.Errorf("%d customers are left behind", len(left))
	}
}

func TestTourProductionReadsOnly(t *testing.T) {
	srv := customerstest.NewServer(t)
	srv.AddCustomer(customerstest.Customer{Email: "ada@polar.sh"})
	if _, err := take(t, t.Context(), &exampleenv.Env{Client: srv.Client(), Name: exampleenv.Production}); err != nil {
		t.Fatal(err)
	}
	for _, r := range srv.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("the tour sent %s %s", r.Method, r.Path)
		}
	}
}

func TestTourCleansUpAfterFailure(t *testing.T) {
	srv := customerstest.NewServer(t)
	srv.FailNext(customerstest.Failure{Operation: "customers:update", Status: 500})
	out, err := take(t, t.Context(), &exampleenv.Env{Client: srv.Client(), Name: exampleenv.Sandbox})
	if !errors.Is(err, customers.ErrServer) || !strings.Contains(err.Error(), "update it: ") {
		t.Errorf("error is %v\n%s", err, out)
	}
	if left := srv.Customers(); len(left) > 0 {
		t.Errorf("%d customers are left behind", len(left))
	}
}

func TestTourInterrupted(t *testing.T) {
	srv := customerstest.NewServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := take(t, ctx, &exampleenv.Env{Client: srv.Client(), Name: exampleenv.Sandbox}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
