package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func TestRun(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "")
	t.Setenv("POLAR_ENVIRONMENT", "")
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	const want = `Charles creates a team
  Charles  owner
Ada and Grace join it
  Charles  owner
  Ada      member
  Grace    member
Ada looks after the invoices
  Charles  owner
  Ada      billing_manager
  Grace    member
Charles hands the team to Ada
  Charles  billing_manager
  Ada      owner
  Grace    member
Charles leaves
  Ada      owner
  Grace    member
Ada wants to leave, too
  but the team needs an owner
  Ada      owner
  Grace    member
`
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", &out, want)
	}
}

func TestRunRefusesProduction(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "polar_oat_x")
	t.Setenv("POLAR_ENVIRONMENT", "production")
	if err := run(t.Context(), &bytes.Buffer{}); err == nil {
		t.Error("the program ran in production")
	}
}

// Each step can be repeated, for example after a failure, and changes nothing more.
func TestRepeat(t *testing.T) {
	srv := polartest.NewServer(t)
	teams := &teams{customers: customers.New(srv.Client())}
	ctx := t.Context()
	owner := person{ID: "user_1", Name: "Charles", Email: "charles@polar.sh"}
	ada := person{ID: "user_2", Name: "Ada", Email: "ada@polar.sh"}
	grace := person{ID: "user_3", Name: "Grace", Email: "grace@polar.sh"}
	for range 2 {
		if err := errors.Join(
			teams.create(ctx, "team_7", "Engines", owner),
			teams.add(ctx, "team_7", ada),
			teams.setRole(ctx, "team_7", ada, customers.RoleOwner),
			teams.add(ctx, "team_7", grace),
			teams.remove(ctx, "team_7", grace),
		); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(srv.Customers()); n != 1 {
		t.Fatalf("%d teams, want 1", n)
	}
	roles := map[string]string{}
	for _, m := range srv.Members(srv.Customers()[0].ID) {
		roles[m.Name] = m.Role
	}
	if len(roles) != 2 || roles["Ada"] != "owner" || roles["Charles"] != "billing_manager" {
		t.Errorf("members are %v", roles)
	}
}

// Steps succeed even if responses are lost.
func TestLostResponses(t *testing.T) {
	srv := polartest.NewServer(t)
	teams := &teams{customers: customers.New(srv.Client())}
	ada := person{ID: "user_2", Email: "ada@polar.sh"}
	for _, step := range []struct {
		operation string
		do        func(context.Context) error
	}{
		{"customers:create", func(ctx context.Context) error {
			return teams.create(ctx, "team_7", "Engines", person{ID: "user_1", Email: "charles@polar.sh"})
		}},
		{"customers:members:create_external", func(ctx context.Context) error { return teams.add(ctx, "team_7", ada) }},
		{"customers:members:update_external", func(ctx context.Context) error {
			return teams.setRole(ctx, "team_7", ada, customers.RoleBillingManager)
		}},
		{"customers:members:delete_external", func(ctx context.Context) error { return teams.remove(ctx, "team_7", ada) }},
	} {
		t.Run(step.operation, func(t *testing.T) {
			srv.FailNext(polartest.Failure{Operation: step.operation, Applied: true, Cut: polartest.CutBeforeResponse})
			if err := step.do(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	if n := len(srv.Members(srv.Customers()[0].ID)); n != 1 {
		t.Errorf("%d members are left, want the owner", n)
	}
}

func TestRefusals(t *testing.T) {
	srv := polartest.NewServer(t)
	teams := &teams{customers: customers.New(srv.Client())}
	srv.AddCustomer(polartest.Customer{ExternalID: "user_1"}) // not a team
	if err := teams.add(t.Context(), "user_1", person{Email: "ada@polar.sh"}); !errors.Is(err, polar.ErrNotPermitted) {
		t.Errorf("adding to an individual: %v, want a refusal", err)
	}
	if err := teams.add(t.Context(), "team_7", person{Email: "ada@polar.sh"}); !errors.Is(err, polar.ErrNotFound) {
		t.Errorf("adding to a team that does not exist: %v, want not found", err)
	}
}

// The service's replica has not seen the team yet.
func TestLag(t *testing.T) {
	srv := polartest.NewServer(t)
	srv.SetReplicaLag(time.Hour)
	teams := &teams{customers: customers.New(srv.Client())}
	var out bytes.Buffer
	if err := errors.Join(
		teams.create(t.Context(), "team_7", "Engines", person{ID: "user_1", Email: "charles@polar.sh"}),
		teams.add(t.Context(), "team_7", person{ID: "user_2", Email: "ada@polar.sh"}),
		teams.print(t.Context(), &out, "team_7"),
	); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "cannot be read yet") {
		t.Errorf("printed %q", &out)
	}
}
