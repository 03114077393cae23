// Command quickstart is a tour of the SDK. It shows what a program can do with
// Polar's customers and what happens after a purchase, and prints the Go call
// beside each step.
//
//	go run ./examples/quickstart
//
// It runs on an embedded server and needs no account. With POLAR_ACCESS_TOKEN set
// it runs on Polar's sandbox and deletes what it created. With
// POLAR_ENVIRONMENT=production as well it runs in production and only reads.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/checkouts"
	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	env, err := openEnvironment(os.Getenv("POLAR_ACCESS_TOKEN"), os.Getenv("POLAR_ENVIRONMENT"))
	if err == nil {
		err = errors.Join(run(ctx, env, os.Stdout), env.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run takes the tour in env. It deletes what it created, even after an error.
func run(ctx context.Context, env *environment, out io.Writer) (err error) {
	t := &tour{polar: env.client, client: customers.New(env.client), server: env.server, out: out, suffix: time.Now().UTC().Format("150405.000000")}
	t.say("A tour of Polar's customers (%s)", env.name)
	defer func() { err = errors.Join(err, t.cleanUp()) }()

	steps := t.reading()
	if env.name != production {
		if t.server != nil { // in the sandbox, a customer pays in a browser
			steps = append(t.selling(), steps...)
		}
		steps = append(t.writing(), steps...)
		steps = append(steps, t.deleting()...)
	}
	for _, s := range steps {
		t.say("\n%-36s %s", s.name, s.call)
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", strings.ToLower(s.name), err)
		}
	}
	t.say("\nThat was all: %d steps. Read them in examples/quickstart/main.go.", len(steps))
	return nil
}

// tour is what the steps share.
type tour struct {
	polar  *polar.Client
	client *customers.Client
	server *polartest.Server // nil unless embedded
	out    io.Writer
	suffix string // makes addresses and IDs of this run unique

	ada     *customers.Customer
	team    *customers.Customer
	created []string
}

type step struct {
	name, call string
	do         func(context.Context) error
}

func (t *tour) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t *tour) writing() []step {
	return []step{
		{"Create a customer", "client.Create(ctx, params)", t.create},
		{"Get it by Polar's ID and by your own", "client.GetByExternalID(ctx, \"user_42\")", t.get},
		{"Update it", "client.Update(ctx, id, params)", t.update},
		{"Create a team and its members", "client.Members().Create(ctx, id, params)", t.members},
		{"See its payment methods", "client.ListPaymentMethods(ctx, id, params)", t.paymentMethods},
	}
}

func (t *tour) selling() []step {
	return []step{{"Sell something", "checkouts.New(client).Create(ctx, params)", t.sell}}
}

func (t *tour) reading() []step {
	return []step{
		{"List a page of customers", "client.List(ctx, params)", t.list},
		{"Iterate over all of them", "for customer, err := range client.All(ctx, params)", t.iterate},
		{"Ask what a customer may use", "client.GetState(ctx, id)", t.state},
		{"Export everything as CSV", "client.Export(ctx, params)", t.export},
		{"Get a customer that does not exist", "errors.Is(err, polar.ErrNotFound)", t.notFound},
		{"Use a token that lacks a scope", "errors.Is(err, polar.ErrInsufficientScope)", t.refused},
	}
}

func (t *tour) deleting() []step {
	return []step{{"Delete the customers", "client.Delete(ctx, id, params)", t.delete}}
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
	t.say("  %s is %s, with metadata %v", polar.Value(t.ada.Name), t.ada.ID, t.ada.Metadata)

	// A sign-up handler that is called twice still creates one customer.
	again, created, err := t.client.Ensure(ctx, customers.CreateParams{ExternalID: *t.ada.ExternalID, Email: *t.ada.Email})
	if err != nil {
		return err
	}
	t.say("  Ensure finds it: created is %t, same ID: %t", created, again.ID == t.ada.ID)
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
	t.say("  both are %s: %t", polar.Value(byID.Name), byID.ID == byExternalID.ID)
	return nil
}

func (t *tour) update(ctx context.Context) error {
	updated, err := t.client.Update(ctx, t.ada.ID, customers.UpdateParams{
		Name:     polar.Set("Ada King"),
		Locale:   polar.Set("en-GB"),
		Metadata: customers.Metadata{"plan": "platinum"}, // replaces all metadata
	})
	if err != nil {
		return err
	}
	t.say("  %s, %s, %v", polar.Value(updated.Name), polar.Value(updated.Locale), updated.Metadata)

	updated, err = t.client.UpdateByExternalID(ctx, *t.ada.ExternalID, customers.UpdateByExternalIDParams{
		Locale: polar.Null[string](), // null clears the locale; the other fields keep their values
	})
	if err != nil {
		return err
	}
	t.say("  the locale is cleared: %t, the name is still %s", updated.Locale == nil, polar.Value(updated.Name))
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
	if errors.Is(err, polar.ErrNotPermitted) {
		t.say("  this organization does not manage members: %v", err)
		return nil
	}
	if err != nil {
		return err
	}
	if _, err = t.client.Members().Update(ctx, t.team.ID, grace.ID, customers.MemberUpdateParams{
		Role: polar.Set(customers.RoleBillingManager),
	}); err != nil {
		return err
	}
	for member, err := range t.client.Members().All(ctx, t.team.ID, customers.MemberListParams{}) {
		if err != nil {
			return err
		}
		t.say("  %s is %s", polar.Value(member.Name), member.Role)
	}
	if err := t.client.Members().DeleteByExternalID(ctx, *t.team.ExternalID, "grace"); err != nil {
		return err
	}
	t.say("  %s was removed", polar.Value(grace.Name))
	return nil
}

func (t *tour) paymentMethods(ctx context.Context) error {
	if t.server != nil { // customers store cards at checkout
		t.server.AddPaymentMethod(polartest.PaymentMethod{CustomerID: t.ada.ID})
	}
	page, err := t.client.ListPaymentMethods(ctx, t.ada.ID, customers.PageParams{})
	if err != nil {
		return err
	}
	t.say("  %s has %d", polar.Value(t.ada.Name), page.TotalCount)
	for _, m := range page.Items {
		if card := m.MethodMetadata; card != nil {
			t.say("  a %s that ends in %s", polar.Value(card.Brand), polar.Value(card.Last4))
		}
	}
	return nil
}

// sell takes a purchase from the checkout to the check that the customer may use
// what was bought. The embedded server takes the place of the customer, who pays in a
// browser.
func (t *tour) sell(ctx context.Context) error {
	calls := t.server.AddMeterDefinition(polartest.MeterDefinition{Name: "Calls", Event: "call"})
	credit := t.server.AddBenefit(polartest.Benefit{Type: "meter_credit", Description: "100 calls",
		Properties: map[string]any{"meter_id": calls.ID, "units": 100, "rollover": false}})
	pro := t.server.AddProduct(polartest.Product{Name: "Pro", RecurringInterval: "month", PriceAmount: 1500, Benefits: []string{credit.ID}})

	secret := "whsec_" + rand.Text() + rand.Text()
	paid := make(chan webhook.Event, 1)
	events, err := webhook.Handler(secret, func(_ context.Context, event webhook.Event) error {
		if event.Type == webhook.OrderPaid {
			paid <- event
		}
		return nil
	})
	if err != nil {
		return err
	}
	endpoint := t.server.AddWebhook(polartest.Webhook{Handler: events, Secret: secret})
	defer endpoint.Close()

	checkout, err := checkouts.New(t.polar).Create(ctx, checkouts.CreateParams{
		Products:           []string{pro.ID},
		ExternalCustomerID: *t.ada.ExternalID,
		SuccessURL:         "https://your-domain.com/thanks?checkout_id={CHECKOUT_ID}",
	})
	if err != nil {
		return err
	}
	t.say("  a checkout for %s: %.2f %s, %s", checkout.Product.Name, float64(checkout.TotalAmount)/100, checkout.Currency, checkout.Status)
	t.server.Pay(checkout.ID)

	select {
	case event := <-paid:
		order, err := webhook.Data[struct {
			InvoiceNumber string `json:"invoice_number"`
		}](event)
		if err != nil {
			return err
		}
		t.say("  the event %s arrives, with invoice %s", event.Type, order.InvoiceNumber)
	case <-ctx.Done():
		return ctx.Err()
	}
	state, err := t.client.GetStateByExternalID(ctx, *t.ada.ExternalID)
	if err != nil {
		return err
	}
	t.say("  may %s use %s? %t", polar.Value(t.ada.Name), pro.Name, state.HasProduct(pro.ID))
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
			break // no more requests
		}
	}
	t.say("  %d customers, %d of them teams", n, teams)
	return nil
}

func (t *tour) state(ctx context.Context) error {
	if t.ada == nil { // in production: any customer
		page, err := t.client.List(ctx, customers.ListParams{Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Items) == 0 {
			t.say("  there are no customers yet")
			return nil
		}
		t.ada = &page.Items[0]
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
	n, err := io.Copy(io.Discard, csv) // your program writes a file
	if err != nil {
		return err
	}
	t.say("  %d bytes, streamed", n)
	return nil
}

func (t *tour) notFound(ctx context.Context) error {
	_, err := t.client.GetByExternalID(ctx, "nobody_"+t.suffix)
	if !errors.Is(err, polar.ErrNotFound) {
		return fmt.Errorf("want a not-found error, have: %w", err)
	}
	t.say("  %v", err)

	_, err = t.client.GetByExternalID(ctx, "a/b")
	if !errors.Is(err, polar.ErrInvalidArgument) {
		return fmt.Errorf("want an invalid-argument error, have: %w", err)
	}
	t.say("  %v", err)
	return nil
}

func (t *tour) refused(ctx context.Context) error {
	if t.server == nil { // the sandbox has no token with fewer scopes, so use an invalid one
		stranger, err := t.polar.With(polar.WithTokenSource(func(context.Context) (string, error) { return "polar_oat_none", nil }))
		if err != nil {
			return err
		}
		_, err = customers.New(stranger).List(ctx, customers.ListParams{})
		if !errors.Is(err, polar.ErrUnauthorized) {
			return fmt.Errorf("want an unauthorized error, have: %w", err)
		}
		t.say("  %v", err)
		return nil
	}
	reader := customers.New(t.server.ClientWithToken(t.server.Token("customers:read")))
	err := reader.Delete(ctx, t.ada.ID, customers.DeleteParams{})
	if !errors.Is(err, polar.ErrInsufficientScope) {
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
	t.say("  %s and %s are deleted, and Ada's data is anonymized", polar.Value(t.ada.Name), polar.Value(t.team.Name))
	t.created = nil
	return nil
}

// cleanUp deletes what a failed or interrupted tour has created.
func (t *tour) cleanUp() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var errs []error
	for _, id := range t.created {
		err := t.client.Delete(ctx, id, customers.DeleteParams{Anonymize: true})
		if err != nil && !errors.Is(err, polar.ErrNotFound) {
			errs = append(errs, fmt.Errorf("customer %s was not deleted: %w", id, err))
		}
	}
	return errors.Join(errs...)
}
