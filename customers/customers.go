package customers

import (
	"context"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Client calls the Customers API. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for customers that sends its requests through client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// Raw returns the generated client for the operations of this package. Its
// requests go through the same [polar.Client]. It returns responses of any status
// without judging them; its errors are [*polar.Error] where there is no complete
// response.
func (c *Client) Raw() *gen.ClientWithResponses {
	raw, _ := gen.NewClientWithResponses(c.baseURL, gen.WithHTTPClient(c.polar)) // only options can fail
	return raw
}

// Get returns the customer with Polar's ID id.
//
// It returns [polar.ErrNotFound] if the token sees no such customer. The service
// reads from a replica, so a new customer may not be found for a moment.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/{id}
func (c *Client) Get(ctx context.Context, id string, opts ...polar.CallOption) (*Customer, error) {
	if err := checkID("customers:get", "id", id); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetRequest(c.baseURL, gen.PathID(id))
	return polar.Fetch[Customer](ctx, c.polar, "customers:get", req, err, opts...)
}

// GetByExternalID returns the customer with the external ID, your own, externalID.
//
// It returns [polar.ErrNotFound] if the token sees no such customer. A new
// customer may not be found for a moment. An ID that no path can carry, such as
// one with a slash, is [polar.ErrInvalidArgument]. A user's token for which the ID
// exists in several organizations gets [polar.ErrServer]: use [Client.List] with
// OrganizationID then.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}
func (c *Client) GetByExternalID(ctx context.Context, externalID string, opts ...polar.CallOption) (*Customer, error) {
	if err := checkExternalID("customers:get_external", "external_id", externalID); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetExternalRequest(c.baseURL, gen.PathID(externalID))
	return polar.Fetch[Customer](ctx, c.polar, "customers:get_external", req, err, opts...)
}

// Update changes the customer with Polar's ID id and returns the updated customer.
//
// Fields that are left out keep their values; [UpdateParams] says what null does
// to each. Metadata is replaced as a whole. It returns [polar.ErrNotFound],
// [polar.ErrDuplicate] if the email address or the external ID is taken, and
// [polar.ErrValidation].
//
// A failed attempt is retried, because it sets the same values again. If another
// program changes the same fields in between, the retry overwrites that. If no
// attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: customers:write.
//
// API: PATCH /v1/customers/{id}
func (c *Client) Update(ctx context.Context, id string, p UpdateParams, opts ...polar.CallOption) (*Customer, error) {
	var args check.Arguments
	args.IDOfTwo("id", id)
	args.NewExternalID("external_id", check.Value(p.ExternalID))
	checkUpdate(&args, UpdateByExternalIDParams{
		BillingAddress: p.BillingAddress, Email: p.Email, Locale: p.Locale, Metadata: p.Metadata, Name: p.Name, TaxID: p.TaxID,
	})
	if err := args.Err("customers:update"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersUpdateRequest(c.baseURL, gen.PathID(id), p)
	return polar.Fetch[Customer](ctx, c.polar, "customers:update", req, err, opts...)
}

// UpdateByExternalID changes the customer with the external ID externalID and
// returns the updated customer. It works as [Client.Update] does, except that it
// can change neither the external ID nor the type.
//
// Scopes: customers:write.
//
// API: PATCH /v1/customers/external/{external_id}
func (c *Client) UpdateByExternalID(ctx context.Context, externalID string, p UpdateByExternalIDParams, opts ...polar.CallOption) (*Customer, error) {
	var args check.Arguments
	args.ExternalID("external_id", externalID)
	checkUpdate(&args, p)
	if err := args.Err("customers:update_external"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersUpdateExternalRequest(c.baseURL, gen.PathID(externalID), p)
	return polar.Fetch[Customer](ctx, c.polar, "customers:update_external", req, err, opts...)
}

// Delete deletes the customer with Polar's ID id. The service then cancels the
// customer's subscriptions, revokes the benefits and deletes the members, in the
// background: right after Delete, subscriptions can still be active. The email
// address and the external ID can be used again. It cannot be undone.
//
// To erase personal data, set [DeleteParams].Anonymize now: after a plain Delete
// the customer is not found any more.
//
// It returns [polar.ErrNotFound] if the token sees no such customer. A failed
// attempt is retried; after a lost response, "not found" counts as success. If no
// attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: customers:write.
//
// API: DELETE /v1/customers/{id}
func (c *Client) Delete(ctx context.Context, id string, p DeleteParams, opts ...polar.CallOption) error {
	if err := checkID("customers:delete", "id", id); err != nil {
		return err
	}
	req, err := gen.NewCustomersDeleteRequest(c.baseURL, gen.PathID(id), &p)
	return polar.Discard(ctx, c.polar, "customers:delete", req, err, opts...)
}

// DeleteByExternalID deletes the customer with the external ID externalID, as
// [Client.Delete] does. If another program gives the ID to a new customer while a
// failed attempt is retried, the retry deletes that customer: where that can
// happen, use [Client.Delete] or [polar.WithoutRetry].
//
// Scopes: customers:write.
//
// API: DELETE /v1/customers/external/{external_id}
func (c *Client) DeleteByExternalID(ctx context.Context, externalID string, p DeleteParams, opts ...polar.CallOption) error {
	if err := checkExternalID("customers:delete_external", "external_id", externalID); err != nil {
		return err
	}
	params := gen.CustomersDeleteExternalParams(p)
	req, err := gen.NewCustomersDeleteExternalRequest(c.baseURL, gen.PathID(externalID), &params)
	return polar.Discard(ctx, c.polar, "customers:delete_external", req, err, opts...)
}
