// Command quickstart is a tour of the SDK: everything that a program can do with
// Polar's customers, a line or two for each step.
//
//	go run ./examples/quickstart
//
// It runs on a server embedded in the program, so that it needs no account. With
// POLAR_ACCESS_TOKEN set it runs on Polar's sandbox, and deletes what it made.
// With POLAR_ENVIRONMENT=production as well it runs in production, and only reads.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
	"github.com/polarexpress/polar-go/internal/exampleenv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	env, err := exampleenv.Open()
	if err == nil {
		err = errors.Join(run(ctx, env, os.Stdout), env.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run takes the tour in env, and leaves nothing behind whatever happens.
func run(ctx context.Context, env *exampleenv.Env, out io.Writer) (err error) {
	t := &tour{client: env.Client, server: env.Server, out: out, suffix: time.Now().UTC().Format("150405.000000")}
	t.say("A tour of Polar's customers (%s)", env.Name)
	defer func() { err = errors.Join(err, t.cleanUp()) }()

	steps := t.reading()
	if env.Name != exampleenv.Production {
		steps = append(t.writing(), steps...)
		steps = append(steps, t.deleting()...)
	}
	for _, s := range steps {
		t.say("\n%s", s.name)
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", strings.ToLower(s.name), err)
		}
	}
	t.say("\nThat was all of it: %d steps.", len(steps))
	return nil
}

// tour is what the steps share.
type tour struct {
	client *customers.Client
	server *customerstest.Server // nil unless embedded
	out    io.Writer
	suffix string // makes addresses and IDs of this run its own

	ada     *customers.Customer
	team    *customers.Customer
	created []string
}

type step struct {
	name string
	do   func(context.Context) error
}

func (t *tour) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t *tour) writing() []step {
	return []step{
		{"Create a customer", t.create},
		{"Get it by Polar's ID and by your own", t.get},
		{"Update it", t.update},
		{"Create a team and its members", t.members},
		{"See its payment methods", t.paymentMethods},
	}
}

func (t *tour) reading() []step {
	return []step{
		{"List a page of customers", t.list},
		{"Iterate over all of them", t.iterate},
		{"Ask what a customer may use", t.state},
		{"Export everything as CSV", t.export},
		{"Ask for someone who is not there", t.notFound},
		{"Use a token that cannot do it", t.refused},
	}
}

func (t *tour) deleting() []step {
	return []step{{"Delete the customers", t.delete}}
}

func (t *tour) create(ctx context.Context) (err error) {
	t.ada, err = t.client.Create(ctx, customers.CreateParams{
		Email:      "ada+" + t.suffix + "@polar.sh",
		Name:       "Ada Lovelace",
		ExternalID: "user_" + t.suffix,
		BillingAddress: &customers.AddressParams{
			Line1: "1 rue de Rivoli", PostalCode: "75001", City: "Paris", Country: "FR",
		},
		Metadata: customers.Metadata{"plan": "gold", "seats": 3},
	})
	if err != nil {
		return err
	}
	t.created = append(t.created, t.ada.ID)
	t.say("  %s is %s, with metadata %v", customers.Value(t.ada.Name), t.ada.ID, t.ada.Metadata)

	// Again, as a sign-up handler would that is called twice: there is one Ada.
	again, created, err := t.client.Ensure(ctx, customers.CreateParams{ExternalID: *t.ada.ExternalID, Email: *t.ada.Email})
	if err != nil {
		return err
	}
	t.say("  Ensure finds her: created is %t, the ID the same: %t", created, again.ID == t.ada.ID)
	return nil
}

func (t *tour) get(ctx context.Context) error {
	byID, err := t.client.Get(ctx, t.ada.ID)
	if err != nil {
		return err
	}
	byExternalID, err := t.client.GetByExternalID(ctx, *t.ada.ExternalID)
	if err != nil {
		return err
	}
	t.say("  both are %s: %t", customers.Value(byID.Name), byID.ID == byExternalID.ID)
	return nil
}

func (t *tour) update(ctx context.Context) error {
	updated, err := t.client.Update(ctx, t.ada.ID, customers.UpdateParams{
		Name:     customers.Set("Ada King"),
		Locale:   customers.Set("en-GB"),
		Metadata: customers.Metadata{"plan": "platinum"}, // replaces all of it
	})
	if err != nil {
		return err
	}
	t.say("  %s, %s, %v", customers.Value(updated.Name), customers.Value(updated.Locale), updated.Metadata)

	updated, err = t.client.UpdateByExternalID(ctx, *t.ada.ExternalID, customers.UpdateByExternalIDParams{
		Locale: customers.Null[string](), // null clears; what is left out stays
	})
	if err != nil {
		return err
	}
	t.say("  the locale is cleared: %t, the name stays %s", updated.Locale == nil, customers.Value(updated.Name))
	return nil
}

func (t *tour) members(ctx context.Context) (err error) {
	t.team, err = t.client.Create(ctx, customers.CreateParams{
		Type:       customers.TypeTeam,
		Name:       "Analytical Engines",
		ExternalID: "team_" + t.suffix,
		Owner:      &customers.OwnerParams{Email: "charles+" + t.suffix + "@polar.sh", Name: "Charles"},
	})
	if err != nil {
		return err
	}
	t.created = append(t.created, t.team.ID)

	grace, err := t.client.Members().CreateByExternalID(ctx, *t.team.ExternalID, customers.MemberCreateParams{
		Email: "grace+" + t.suffix + "@polar.sh", Name: "Grace", ExternalID: "grace",
	})
	if errors.Is(err, customers.ErrNotPermitted) {
		t.say("  this organization does not manage members: %v", err)
		return nil
	}
	if err != nil {
		return err
	}
	if _, err = t.client.Members().Update(ctx, t.team.ID, grace.ID, customers.MemberUpdateParams{
		Role: customers.Set(customers.RoleBillingManager),
	}); err != nil {
		return err
	}
	for member, err := range t.client.Members().All(ctx, t.team.ID, customers.MemberListParams{}) {
		if err != nil {
			return err
		}
		t.say("  %s is %s", customers.Value(member.Name), member.Role)
	}
	if err := t.client.Members().DeleteByExternalID(ctx, *t.team.ExternalID, "grace"); err != nil {
		return err
	}
	t.say("  and %s has left", customers.Value(grace.Name))
	return nil
}

func (t *tour) paymentMethods(ctx context.Context) error {
	if t.server != nil { // customers store cards at checkout, which the tour cannot do
		t.server.AddPaymentMethod(customerstest.PaymentMethod{CustomerID: t.ada.ID})
	}
	page, err := t.client.ListPaymentMethods(ctx, t.ada.ID, customers.PageParams{})
	if err != nil {
		return err
	}
	t.say("  %s has %d", customers.Value(t.ada.Name), page.TotalCount)
	for _, m := range page.Items {
		if card := m.MethodMetadata; card != nil {
			t.say("  a %s that ends in %s", customers.Value(card.Brand), customers.Value(card.Last4))
		}
	}
	return nil
}

func (t *tour) list(ctx context.Context) error {
	page, err := t.client.List(ctx, customers.ListParams{
		Limit: 5, Sorting: []customers.SortProperty{customers.SortCreatedAtDesc},
	})
	if err != nil {
		return err
	}
	t.say("  %d of %d, page %d of %d", len(page.Items), page.TotalCount, page.Page, page.MaxPage)
	return nil
}

func (t *tour) iterate(ctx context.Context) error {
	const most = 250
	n, teams := 0, 0
	for customer, err := range t.client.All(ctx, customers.ListParams{}) {
		if err != nil {
			return err
		}
		if n++; customer.Type == customers.TypeTeam {
			teams++
		}
		if n == most {
			break // nothing more is asked for
		}
	}
	t.say("  %d customers, %d of them teams", n, teams)
	return nil
}

func (t *tour) state(ctx context.Context) error {
	if t.ada == nil { // in production: anybody
		page, err := t.client.List(ctx, customers.ListParams{Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Items) == 0 {
			t.say("  there is no customer yet")
			return nil
		}
		t.ada = &page.Items[0]
	}
	if t.server != nil { // what a customer gets by buying
		t.server.AddSubscription(customerstest.Subscription{CustomerID: t.ada.ID, Amount: 1500})
		t.server.AddGrant(customerstest.Grant{CustomerID: t.ada.ID})
		t.server.AddMeter(customerstest.Meter{CustomerID: t.ada.ID, CreditedUnits: 100, ConsumedUnits: 12.5, Balance: 87.5})
	}
	state, err := t.client.GetState(ctx, t.ada.ID)
	if err != nil {
		return err
	}
	t.say("  %d active subscriptions, %d benefits, %d meters",
		len(state.ActiveSubscriptions), len(state.GrantedBenefits), len(state.ActiveMeters))
	for _, s := range state.ActiveSubscriptions {
		t.say("  subscribed for %.2f %s a %s, until %s", float64(s.Amount)/100, s.Currency, s.RecurringInterval, s.CurrentPeriodEnd.Format(time.DateOnly))
	}
	for _, m := range state.ActiveMeters {
		t.say("  %g units left", m.Balance)
	}
	return nil
}

func (t *tour) export(ctx context.Context) error {
	csv, err := t.client.Export(ctx, customers.ExportParams{})
	if err != nil {
		return err
	}
	defer csv.Close()
	n, err := io.Copy(io.Discard, csv) // to a file, in a program of yours
	if err != nil {
		return err
	}
	t.say("  %d bytes, streamed", n)
	return nil
}

func (t *tour) notFound(ctx context.Context) error {
	_, err := t.client.GetByExternalID(ctx, "nobody_"+t.suffix)
	if !errors.Is(err, customers.ErrNotFound) {
		return fmt.Errorf("want a not-found error, have: %w", err)
	}
	t.say("  %v", err)

	_, err = t.client.GetByExternalID(ctx, "a/b")
	if !errors.Is(err, customers.ErrInvalidArgument) {
		return fmt.Errorf("want an error before any request, have: %w", err)
	}
	t.say("  %v", err)
	return nil
}

func (t *tour) refused(ctx context.Context) error {
	if t.server == nil { // no token with fewer scopes at hand: one that is none
		stranger, err := t.client.With(customers.WithTokenSource(func(context.Context) (string, error) { return "polar_oat_none", nil }))
		if err != nil {
			return err
		}
		_, err = stranger.List(ctx, customers.ListParams{})
		if !errors.Is(err, customers.ErrUnauthorized) {
			return fmt.Errorf("want an unauthorized error, have: %w", err)
		}
		t.say("  %v", err)
		return nil
	}
	reader := t.server.ClientWithToken(t.server.Token("customers:read"))
	err := reader.Delete(ctx, t.ada.ID, customers.DeleteParams{})
	if !errors.Is(err, customers.ErrInsufficientScope) {
		return fmt.Errorf("want an error for the scope, have: %w", err)
	}
	t.say("  %v", err)
	return nil
}

func (t *tour) delete(ctx context.Context) error {
	if err := t.client.DeleteByExternalID(ctx, *t.team.ExternalID, customers.DeleteParams{}); err != nil {
		return err
	}
	if err := t.client.Delete(ctx, t.ada.ID, customers.DeleteParams{Anonymize: true}); err != nil {
		return err
	}
	t.say("  %s and %s are gone, and Ada's data is unreadable", customers.Value(t.ada.Name), customers.Value(t.team.Name))
	t.created = nil
	return nil
}

// cleanUp deletes what a step that failed has left behind, also when the tour
// was interrupted.
func (t *tour) cleanUp() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var errs []error
	for _, id := range t.created {
		err := t.client.Delete(ctx, id, customers.DeleteParams{Anonymize: true})
		if err != nil && !errors.Is(err, customers.ErrNotFound) {
			errs = append(errs, fmt.Errorf("customer %s is left behind: %w", id, err))
		}
	}
	return errors.Join(errs...)
}
