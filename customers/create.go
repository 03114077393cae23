package customers

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/gen"
)

// Create creates a customer and returns it.
//
// It returns [ErrDuplicate] when the e-mail address or the external ID is taken,
// [ErrValidation] for other input that the service refuses, and [ErrNotPermitted]
// when the user's role does not allow it. See [Client.Ensure] to get the
// customer where it exists.
//
// The service has no idempotency keys, so a create whose answer was lost cannot
// simply be sent again. With an external ID or an e-mail address it is all the
// same safe: Create repeats it, and when the service then says that the customer
// exists, looks it up and returns it if it is what p asks for. So it ends with
// one customer, whatever the network does. Where even that fails, and for a team
// without either, the error is also [ErrOutcomeUnknown].
//
// Scopes: customers:write.
//
// API: POST /v1/customers/
func (c *Client) Create(ctx context.Context, p CreateParams, opts ...CallOption) (*Customer, error) {
	o, err := resolve(opCreate, opts)
	if err != nil {
		return nil, err
	}
	if err := checkCreate(p); err != nil {
		return nil, err
	}
	return c.create(ctx, p, &o)
}

// create sends p until its outcome is known, or attempts run out.
func (c *Client) create(ctx context.Context, p CreateParams, o *callOptions) (*Customer, error) {
	retry := c.cfg.retry
	attempts := 0
	uncertain := false
	for round := 1; ; round++ {
		req, err := gen.NewCustomersCreateRequest(ctx, c.cfg.baseURL, p)
		customer, err := fetchResolved[Customer](c, opCreate, o, req, err)
		if err == nil {
			return customer, nil
		}
		var e *Error
		if !errors.As(err, &e) {
			return nil, err
		}
		attempts += e.Attempts
		e.Attempts = attempts
		if uncertain && errors.Is(e, ErrDuplicate) {
			return c.reconcile(ctx, p, e, o)
		}
		uncertain = uncertain || e.unknown
		e.unknown = uncertain

		findable := p.ExternalID != "" || p.Email != ""
		again := e.unknown && findable && !o.withoutRetry && round < retry.MaxAttempts && repeatable(e)
		delay := max(e.RetryAfter, retry.backoff(round, c.cfg.jitter))
		if !again || e.RetryAfter > retry.MaxRetryAfter || ctx.Err() != nil || beyond(ctx, delay) {
			return nil, e
		}
		if err := sleep(ctx, delay); err != nil {
			e.cause = err
			return nil, e
		}
	}
}

// repeatable reports whether a create that failed with e may fare better next
// time, now that what it made can be found.
func repeatable(e *Error) bool {
	return judge(opGet, e).repeat || e.StatusCode >= 200 && e.StatusCode < 300
}

// reconcile finds the customer that stands in the way of p, after a create that
// may have made it. It returns the customer if it is what p asks for, and else
// duplicate, the service's refusal.
func (c *Client) reconcile(ctx context.Context, p CreateParams, duplicate *Error, o *callOptions) (*Customer, error) {
	// Reads come from a replica, which may not have the customer yet.
	for attempt := 1; ; attempt++ {
		customer, err := c.find(ctx, p, o)
		switch {
		case err == nil && asked(customer, p):
			return customer, nil
		case err == nil:
			return nil, duplicate // it is another's, so that ours was never made
		case !errors.Is(err, ErrNotFound) || attempt >= lookups:
			duplicate.unknown = true
			return nil, duplicate
		}
		if err := sleep(ctx, lookupDelay<<(attempt-1)); err != nil {
			duplicate.cause, duplicate.unknown = err, true
			return nil, duplicate
		}
	}
}

// A replica is given some three seconds to catch up.
const (
	lookups     = 6
	lookupDelay = 100 * time.Millisecond
)

// find looks up the customer that p names, by external ID or else by e-mail address.
func (c *Client) find(ctx context.Context, p CreateParams, o *callOptions) (*Customer, error) {
	if id := strings.TrimSpace(p.ExternalID); id != "" && checkExternalID(opGetByExternalID, "external_id", id) == nil {
		req, err := gen.NewCustomersGetExternalRequest(ctx, c.cfg.baseURL, id)
		return fetchResolved[Customer](c, opGetByExternalID, &callOptions{header: o.header, withoutRetry: o.withoutRetry}, req, err)
	}
	params := ListParams{Email: strings.TrimSpace(p.Email), Limit: 1}
	if p.Email == "" { // an external ID that no path can carry
		params = ListParams{Query: strings.TrimSpace(p.ExternalID), Limit: 100}
	}
	if p.OrganizationID != "" {
		params.OrganizationID = []string{p.OrganizationID}
	}
	page, err := c.customers(params).page(ctx, 1, params.Limit, &callOptions{header: o.header, withoutRetry: o.withoutRetry})
	if err != nil {
		return nil, err
	}
	for i := range page.Items {
		if customer := &page.Items[i]; p.Email != "" || deref(customer.ExternalID) == strings.TrimSpace(p.ExternalID) {
			return customer, nil
		}
	}
	e := newError(opList)
	e.kind = ErrNotFound
	return nil, e
}

// asked reports whether customer is what p asks for, as far as the service does
// not rewrite it.
func asked(customer *Customer, p CreateParams) bool {
	kind := p.Type
	if kind == "" {
		kind = TypeIndividual
	}
	return customer.Type == kind &&
		strings.EqualFold(deref(customer.Email), strings.TrimSpace(p.Email)) &&
		deref(customer.ExternalID) == strings.TrimSpace(p.ExternalID) &&
		deref(customer.Name) == strings.TrimSpace(p.Name) &&
		(p.OrganizationID == "" || strings.EqualFold(customer.OrganizationID, p.OrganizationID)) &&
		sameMetadata(customer.Metadata, p.Metadata)
}

// sameMetadata compares the keys and texts: the service rewrites some numbers.
func sameMetadata(got, want Metadata) bool {
	return maps.EqualFunc(got, want, func(a, b any) bool {
		s, isText := a.(string)
		t, wantsText := b.(string)
		return isText == wantsText && s == t
	})
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Ensure returns the customer with the external ID of p, and creates it from p
// where there is none. The service is asked for it first, so that the common case, a
// customer who exists, is one request. A customer who exists is returned as it
// is; nothing of p is written to it.
//
// It is safe when several goroutines or processes do it at once: one creates, the
// others get. created is true for the call that created the customer, also when
// the answer was lost and the customer found to be what p asks for.
//
// p must have an external ID. It returns [ErrDuplicate] when a customer with
// another external ID, or none, has the e-mail address, and otherwise what
// [Client.GetByExternalID] and [Client.Create] return. It needs the scope
// customers:write.
func (c *Client) Ensure(ctx context.Context, p CreateParams, opts ...CallOption) (customer *Customer, created bool, err error) {
	id := strings.TrimSpace(p.ExternalID)
	if err := firstError(checkExternalID(opCreate, "external_id", id), checkCreate(p)); err != nil {
		return nil, false, err
	}
	customer, err = c.GetByExternalID(ctx, id, opts...)
	if !errors.Is(err, ErrNotFound) {
		return customer, false, err
	}
	customer, err = c.Create(ctx, p, opts...)
	var e *Error
	if err == nil || !errors.As(err, &e) || !e.Is(ErrDuplicate) || e.unknown {
		return customer, err == nil, err
	}
	// Another call was faster, or the first look was at a replica that lags.
	o, err := resolve(opGetByExternalID, opts)
	if err != nil {
		return nil, false, err
	}
	for attempt := 1; ; attempt++ {
		customer, err = c.find(ctx, p, &o)
		if !errors.Is(err, ErrNotFound) {
			return customer, false, err
		}
		taken := func(f FieldError) bool { return f.Path == "external_id" && f.duplicate() }
		if attempt >= lookups || !anyField(e, taken) {
			return nil, false, e
		}
		if err := sleep(ctx, lookupDelay<<(attempt-1)); err != nil {
			e.cause = err
			return nil, false, e
		}
	}
}

func anyField(e *Error, is func(FieldError) bool) bool {
	for _, f := range e.Fields {
		if is(f) {
			return true
		}
	}
	return false
}
