package customers

import (
	"context"
	"errors"
	"maps"
	"slices"
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
// same safe: Create repeats it, even after a 500, and when the service then says
// that the customer exists, looks it up and returns it if it is what p asks for.
// So it ends with one customer, whatever the network does. Reads can lag behind,
// so that the lookup is tried for some three seconds.
//
// What stays open is [ErrOutcomeUnknown] on top of the error: where attempts or
// time run out; where there is [ErrDuplicate], but the customer who exists is not
// what p asks for, so that it is another's, or p's and changed since; and after
// the first failure for a team with neither ID nor address, which could be made
// twice.
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
	o.reconciled = strings.TrimSpace(p.ExternalID) != "" || p.Email != ""
	req, err := gen.NewCustomersCreateRequest(ctx, c.cfg.baseURL, p)
	customer, err := fetchResolved[Customer](c, opCreate, &o, req, err)
	var duplicate *Error
	if !errors.As(err, &duplicate) || !duplicate.unknown || !duplicate.Is(ErrDuplicate) {
		return customer, err
	}
	customer, err = c.existing(ctx, p, duplicate, &o)
	if err != nil || asked(customer, p) {
		return customer, err
	}
	// With another external ID, which never changes, it cannot be what this call made.
	duplicate.unknown = p.ExternalID == "" || same(customer.ExternalID, p.ExternalID)
	return nil, duplicate
}

// existing finds the customer who stands in the way of p, or else returns
// duplicate, by which the service has said so.
func (c *Client) existing(ctx context.Context, p CreateParams, duplicate *Error, o *callOptions) (*Customer, error) {
	externalID := strings.TrimSpace(p.ExternalID)
	if p.Email != "" && !taken(duplicate, "external_id") {
		externalID = "" // it is the address that is taken
	}
	var seen Response
	look := callOptions{header: o.header, withoutRetry: o.withoutRetry, capture: &seen}
	// Reads come from a replica, which may not have the customer yet.
	for delay := lookupDelay; ; delay *= 2 {
		customer, err := c.find(ctx, externalID, p, &look)
		if err == nil {
			if o.capture != nil {
				seen.Attempts += duplicate.Attempts
				*o.capture = seen
			}
			return customer, nil
		}
		if errors.Is(err, ErrNotFound) && delay <= lookupDelayMax {
			if err = sleep(ctx, delay); err == nil {
				continue
			}
		}
		var e *Error
		if errors.As(err, &e) {
			err = e.cause
		}
		if err != nil {
			duplicate.because(err)
		}
		return nil, duplicate
	}
}

// taken reports whether the service refused the value of a field as taken.
func taken(e *Error, field string) bool {
	return slices.ContainsFunc(e.Fields, func(f FieldError) bool { return f.Path == field && f.duplicate() })
}

// A replica is given some three seconds to catch up.
const (
	lookupDelay    = 100 * time.Millisecond
	lookupDelayMax = 1600 * time.Millisecond
)

// find looks a customer up by externalID, unless it is empty, or else by the
// e-mail address of p.
func (c *Client) find(ctx context.Context, externalID string, p CreateParams, o *callOptions) (*Customer, error) {
	if externalID != "" && checkExternalID(opGetByExternalID, "external_id", externalID) == nil {
		req, err := gen.NewCustomersGetExternalRequest(ctx, c.cfg.baseURL, externalID)
		return fetchResolved[Customer](c, opGetByExternalID, o, req, err)
	}
	params := ListParams{Email: strings.TrimSpace(p.Email)}
	if externalID != "" { // one that no path can carry
		params = ListParams{Query: externalID}
	}
	if p.OrganizationID != "" {
		params.OrganizationID = []string{p.OrganizationID}
	}
	page, err := c.customers(params).page(ctx, 1, 100, o)
	if err != nil {
		return nil, err
	}
	for i := range page.Items {
		if externalID == "" || Value(page.Items[i].ExternalID) == externalID {
			return &page.Items[i], nil
		}
	}
	e := newError(opList)
	e.kind = ErrNotFound
	return nil, e
}

// asked reports whether customer is what p asks for, as far as the service does
// not rewrite it: it has forms of its own for addresses, tax IDs and locales.
func asked(customer *Customer, p CreateParams) bool {
	kind := p.Type
	if kind == "" {
		kind = TypeIndividual
	}
	return customer.Type == kind &&
		strings.EqualFold(Value(customer.Email), strings.TrimSpace(p.Email)) &&
		same(customer.ExternalID, p.ExternalID) &&
		same(customer.Name, p.Name) &&
		sameAddress(customer.BillingAddress, p.BillingAddress) &&
		(p.OrganizationID == "" || strings.EqualFold(customer.OrganizationID, p.OrganizationID)) &&
		maps.EqualFunc(customer.Metadata, p.Metadata, sameValue)
}

// same compares a text with what was sent: the service trims it, and has no
// empty ones.
func same(got *string, sent string) bool { return Value(got) == strings.TrimSpace(sent) }

func sameAddress(got *Address, sent *AddressParams) bool {
	if got == nil || sent == nil {
		return got == nil && sent == nil
	}
	return strings.EqualFold(got.Country, sent.Country) && same(got.Line1, sent.Line1) && same(got.Line2, sent.Line2) &&
		same(got.PostalCode, sent.PostalCode) && same(got.City, sent.City)
}

// Ensure returns the customer with the external ID of p, and creates it from p
// where there is none. The service is asked for it first, so that the common case, a
// customer who exists, is one request. A customer who exists is returned as it
// is; nothing of p is written to it.
//
// It is safe when several goroutines or processes do it at once: one creates, the
// others get. created is true for the call that created the customer, also when
// the answer was lost and the customer found to be what p asks for. Only if at
// the same moment another call with the same p made it can both say so: the
// service does not tell them apart.
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
	var duplicate *Error
	if !errors.As(err, &duplicate) || !taken(duplicate, "external_id") {
		return customer, err == nil, err
	}
	// Another call was faster, or the first look was at a replica that lags.
	o, err := resolve(opGetByExternalID, opts)
	if err != nil {
		return nil, false, err
	}
	customer, err = c.existing(ctx, p, duplicate, &o)
	return customer, err == nil && duplicate.unknown && asked(customer, p), err
}
