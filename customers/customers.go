package customers

import (
	"context"

	"github.com/polarexpress/polar-go/gen"
)

// Get returns the customer with Polar's ID id.
//
// It returns [ErrNotFound] when the token sees no such customer. The service
// reads from a replica: a customer that was just created may not be found yet.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/{id}
func (c *Client) Get(ctx context.Context, id string, opts ...CallOption) (*Customer, error) {
	if err := checkID(opGet, "id", id); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetRequest(ctx, c.cfg.baseURL, id)
	return fetch[Customer](c, opGet, opts, req, err)
}

// GetByExternalID returns the customer whose external ID, the seller's own, is
// externalID.
//
// It returns [ErrNotFound] when the token sees no such customer, which may be so
// for a moment after one was created. An ID that no path can carry, such as one
// with a slash, is [ErrInvalidArgument]. A user's token that sees the ID in
// several organizations gets [ErrServer]; see [WithOrganization].
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}
func (c *Client) GetByExternalID(ctx context.Context, externalID string, opts ...CallOption) (*Customer, error) {
	if err := checkExternalID(opGetByExternalID, "external_id", externalID); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetExternalRequest(ctx, c.cfg.baseURL, externalID)
	return fetch[Customer](c, opGetByExternalID, opts, req, err)
}

// Update changes the customer with Polar's ID id and returns it as it is then.
//
// A field that is left out stays; see [UpdateParams] for what null does to each.
// Metadata is replaced as a whole. It returns [ErrNotFound], [ErrDuplicate] for
// an address or external ID that is taken, and [ErrValidation].
//
// A failed attempt is repeated, since it sets the same values again. If another
// program changes the same fields in between, the repeat overwrites that. Where
// no attempt is answered, the error is [ErrOutcomeUnknown] as well.
//
// Scopes: customers:write.
//
// API: PATCH /v1/customers/{id}
func (c *Client) Update(ctx context.Context, id string, p UpdateParams, opts ...CallOption) (*Customer, error) {
	if err := checkID(opUpdate, "id", id); err != nil {
		return nil, err
	}
	if err := firstError(checkTexts(opUpdate, "external_id", value(p.ExternalID)), checkUpdate(opUpdate, UpdateByExternalIDParams{
		BillingAddress: p.BillingAddress, Email: p.Email, Locale: p.Locale, Metadata: p.Metadata, Name: p.Name, TaxID: p.TaxID,
	})); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersUpdateRequest(ctx, c.cfg.baseURL, id, p)
	return fetch[Customer](c, opUpdate, opts, req, err)
}

// UpdateByExternalID changes the customer with the seller's ID externalID and
// returns it as it is then. It is [Client.Update], except that it can change
// neither the external ID nor the type.
//
// Scopes: customers:write.
//
// API: PATCH /v1/customers/external/{external_id}
func (c *Client) UpdateByExternalID(ctx context.Context, externalID string, p UpdateByExternalIDParams, opts ...CallOption) (*Customer, error) {
	if err := checkExternalID(opUpdateByExternalID, "external_id", externalID); err != nil {
		return nil, err
	}
	if err := checkUpdate(opUpdateByExternalID, p); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersUpdateExternalRequest(ctx, c.cfg.baseURL, externalID, p)
	return fetch[Customer](c, opUpdateByExternalID, opts, req, err)
}

// Delete deletes the customer with Polar's ID id. Its subscriptions are canceled
// at once, its benefits revoked and its members deleted; its e-mail address and
// external ID can be used again. It cannot be undone.
//
// It returns [ErrNotFound] when the token sees no such customer. A failed attempt
// is repeated, and after one whose answer was lost, "not found" counts as success,
// since that is what the attempt was for. Where no attempt is answered, the error
// is [ErrOutcomeUnknown] as well.
//
// Scopes: customers:write.
//
// API: DELETE /v1/customers/{id}
func (c *Client) Delete(ctx context.Context, id string, p DeleteParams, opts ...CallOption) error {
	if err := checkID(opDelete, "id", id); err != nil {
		return err
	}
	req, err := gen.NewCustomersDeleteRequest(ctx, c.cfg.baseURL, id, &p)
	return discard(c, opDelete, opts, req, err)
}

// DeleteByExternalID deletes the customer with the seller's ID externalID, as
// [Client.Delete] does. If another program gives the ID to a new customer while an
// attempt is repeated, the repeat deletes that one: where that can happen, use
// [Client.Delete] or [WithoutRetry].
//
// Scopes: customers:write.
//
// API: DELETE /v1/customers/external/{external_id}
func (c *Client) DeleteByExternalID(ctx context.Context, externalID string, p DeleteParams, opts ...CallOption) error {
	if err := checkExternalID(opDeleteByExternalID, "external_id", externalID); err != nil {
		return err
	}
	params := gen.CustomersDeleteExternalParams(p)
	req, err := gen.NewCustomersDeleteExternalRequest(ctx, c.cfg.baseURL, externalID, &params)
	return discard(c, opDeleteByExternalID, opts, req, err)
}
