// Command teams manages the members of a team: it creates the team, adds people,
// changes their roles, transfers the ownership, and removes the former owner. It
// uses the application's own IDs of teams and users.
//
//	go run ./examples/teams
//
// It runs on a server embedded in the program. With POLAR_ACCESS_TOKEN set it
// runs on Polar's sandbox, and deletes the team that it created. The token needs the
// scopes customers:write and members:write.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "teams:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) (err error) {
	client, server, err := connect()
	if err != nil {
		return err
	}
	if server != nil {
		defer func() { err = errors.Join(err, server.Close()) }()
	}
	c := customers.New(client)

	suffix := time.Now().UTC().Format("150405.000000") // makes addresses and IDs of this run unique
	address := func(name string) string { return name + "+" + suffix + "@polar.sh" }

	teams := &teams{customers: c}
	id := "team_" + suffix
	charles := person{ID: "user_1", Name: "Charles", Email: address("charles")}
	ada := person{ID: "user_2", Name: "Ada", Email: address("ada")}
	grace := person{ID: "user_3", Name: "Grace", Email: address("grace")}

	if err := teams.create(ctx, id, "Analytical Engines", charles); err != nil {
		return err
	}
	defer func() { // even if a step fails or the program is interrupted
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		err = errors.Join(err, c.DeleteByExternalID(ctx, id, customers.DeleteParams{Anonymize: true}))
	}()

	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"Charles creates a team", func() error { return nil }},
		{"Ada and Grace join it", func() error {
			return errors.Join(teams.add(ctx, id, ada), teams.add(ctx, id, grace))
		}},
		{"Ada looks after the invoices", func() error {
			return teams.setRole(ctx, id, ada, customers.RoleBillingManager)
		}},
		{"Charles hands the team to Ada", func() error {
			return teams.setRole(ctx, id, ada, customers.RoleOwner)
		}},
		{"Charles leaves", func() error { return teams.remove(ctx, id, charles) }},
		{"Ada wants to leave, too", func() error {
			if err := teams.remove(ctx, id, ada); !errors.Is(err, errOwner) {
				return fmt.Errorf("want a refusal, have: %w", err)
			}
			fmt.Fprintln(out, "  but the team needs an owner")
			return nil
		}},
	} {
		fmt.Fprintln(out, step.what)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
		if err := teams.print(ctx, out, id); err != nil {
			return err
		}
	}
	return nil
}

// connect returns a client for the sandbox if there is a token, and otherwise for
// a server that is embedded in the program.
func connect() (client *polar.Client, server *polartest.Server, err error) {
	if token := os.Getenv("POLAR_ACCESS_TOKEN"); token != "" {
		client, err = polar.New(token, polar.WithSandbox())
		return client, nil, err
	}
	if server, err = polartest.Start(); err != nil {
		return nil, nil, err
	}
	return server.Client(), server, nil
}
