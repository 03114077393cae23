package customers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/internal/await"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Create creates a customer and returns it.
//
// It returns [polar.ErrDuplicate] if the email address or the external ID is
// taken, [polar.ErrValidation] for other input that the service refuses, and
// [polar.ErrNotPermitted] if the user's role does not allow it. To get the
// customer if it exists, use [Client.Ensure].
//
// An external ID that a ByExternalID method could not find, such as one with a
// slash, is refused; [Client.Raw] can create it. So is the metadata key
// "__external_id", which makes customers unreadable.
//
// The service has no idempotency keys. Create is still safe with an external ID or
// an email address: it retries, even after a 500, and if the service then says that
// the customer exists, it gets the customer and returns it if it is what p asks
// for. Reads can lag behind, so Create looks for up to three seconds.
//
// The error also matches [polar.ErrOutcomeUnknown] if the customer may have been
// created: when attempts or time run out, when the customer that exists is not
// what p asks for, and for a team without ID and address, which is not retried
// because it could be created twice. A team's owner can only be compared if the
// token has a scope for members.
//
// Scopes: customers:write.
//
// API: POST /v1/customers/
func (c *Client) Create(ctx context.Context, p CreateParams, opts ...polar.CallOption) (*Customer, error) {
	var args check.Arguments
	checkCreate(&args, p)
	if err := args.Err("customers:create"); err != nil {
		return nil, err
	}
	return c.create(ctx, p, opts)
}

// Ensure returns the customer with the external ID of p, and creates it from p if
// there is none. It first asks for the customer, so the common case is one
// request. Ensure does not update a customer that exists. With an OrganizationID,
// only that organization's customers count.
//
// Goroutines and processes may call it at the same time: one creates the customer,
// the others get it. created is true for the call that created it, even if the
// response was lost, and then it is found to be what p asks for. If another call
// with the same p created it at the same moment, both can report true: the service
// does not tell them apart.
//
// It returns [polar.ErrDuplicate] if a customer with another external ID, or
// none, has the email address, and otherwise the errors of
// [Client.GetByExternalID] and [Client.Create].
//
// Scopes: customers:write.
func (c *Client) Ensure(ctx context.Context, p CreateParams, opts ...polar.CallOption) (customer *Customer, created bool, err error) {
	customer, created, err = c.ensure(ctx, p, opts)
	return customer, created, polar.WithCaller(err, "ensure")
}

func (c *Client) ensure(ctx context.Context, p CreateParams, opts []polar.CallOption) (*Customer, bool, error) {
	var args check.Arguments
	if p.ExternalID == "" {
		args.Refuse("external_id", "is required")
	}
	checkCreate(&args, p)
	if err := args.Err("customers:create"); err != nil {
		return nil, false, err
	}
	customer, err := c.findByExternalID(ctx, p, opts)
	if !errors.Is(err, polar.ErrNotFound) {
		return customer, false, err
	}
	customer, err = c.create(ctx, p, opts)
	if !isTaken(err, "external_id") {
		return customer, err == nil, err
	}
	// Another call was faster, or the first request met a replica that lags.
	var taken *polar.Error
	maybeCreated := errors.Is(err, polar.ErrOutcomeUnknown) && errors.As(err, &taken)
	customer, err = c.await(ctx, p, c.findByExternalID, opts)
	switch {
	case err != nil && maybeCreated:
		return nil, false, taken.WithCause(err)
	case err != nil:
		return nil, false, err
	}
	return customer, maybeCreated && c.isRequested(ctx, customer, p, opts), nil
}

// create sends p, and finds out what became of it if the response was lost.
func (c *Client) create(ctx context.Context, p CreateParams, opts []polar.CallOption) (*Customer, error) {
	retried := opts
	if p.ExternalID != "" || p.Email != "" {
		retried = append(slices.Clip(opts), polar.RetryUnknownOutcome())
	}
	req, err := gen.NewCustomersCreateRequest(c.baseURL, p)
	customer, err := polar.Fetch[Customer](ctx, c.polar, "customers:create", req, err, retried...)
	var failure *polar.Error
	if !errors.Is(err, polar.ErrOutcomeUnknown) || !errors.As(err, &failure) {
		return customer, err
	}
	find := c.findByExternalID
	switch {
	case p.ExternalID != "" && (isTaken(failure, "external_id") || failure.StatusCode == http.StatusCreated):
	case p.Email != "" && failure.Is(polar.ErrDuplicate):
		find = c.findByEmail
	default:
		return nil, failure
	}
	customer, err = c.await(ctx, p, find, opts)
	switch {
	case errors.Is(err, polar.ErrNotFound):
		return nil, failure
	case err != nil:
		return nil, failure.WithCause(err)
	case c.isRequested(ctx, customer, p, opts):
		return customer, nil
	case p.ExternalID != "" && !sameText(customer.ExternalID, p.ExternalID):
		return nil, failure.WithKnownOutcome() // external IDs never change, so it is another customer
	}
	return nil, failure
}

// isTaken reports whether the service refused the value of a field as taken.
func isTaken(err error, field string) bool {
	var e *polar.Error
	return errors.As(err, &e) && e.Is(polar.ErrDuplicate) &&
		slices.ContainsFunc(e.Fields, func(f polar.FieldError) bool { return f.Path == field })
}

type finder = func(context.Context, CreateParams, []polar.CallOption) (*Customer, error)

// await looks for a customer that exists until it is visible.
func (c *Client) await(ctx context.Context, p CreateParams, find finder, opts []polar.CallOption) (customer *Customer, err error) {
	await.Until(ctx, await.Replica, func() bool {
		customer, err = find(ctx, p, opts)
		return !errors.Is(err, polar.ErrNotFound)
	})
	return customer, err
}

// findByExternalID gets the customer with the external ID of p. A user's token can
// see the ID in several organizations; only the list can tell them apart.
func (c *Client) findByExternalID(ctx context.Context, p CreateParams, opts []polar.CallOption) (*Customer, error) {
	if p.OrganizationID == "" {
		return c.GetByExternalID(ctx, p.ExternalID, opts...)
	}
	return c.find(ctx, ListParams{Query: p.ExternalID, OrganizationID: []string{p.OrganizationID}}, opts, func(found *Customer) bool {
		return sameText(found.ExternalID, p.ExternalID)
	})
}

func (c *Client) findByEmail(ctx context.Context, p CreateParams, opts []polar.CallOption) (*Customer, error) {
	params := ListParams{Email: strings.TrimSpace(p.Email)}
	if p.OrganizationID != "" {
		params.OrganizationID = []string{p.OrganizationID}
	}
	return c.find(ctx, params, opts, func(*Customer) bool { return true })
}

// find returns the first customer of a list that matches.
func (c *Client) find(ctx context.Context, p ListParams, opts []polar.CallOption, matches func(*Customer) bool) (*Customer, error) {
	listOpts := make([]polar.ListOption, len(opts))
	for i, opt := range opts {
		listOpts[i] = opt
	}
	for customer, err := range c.All(ctx, p, listOpts...) {
		if err != nil || matches(customer) {
			return customer, err
		}
	}
	return nil, polar.NotFound("customers:list")
}
