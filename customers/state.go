package customers

import (
	"context"

	"github.com/polarexpress/polar-go/gen"
)

// GetState returns the state of the customer with Polar's ID id: the customer,
// its active subscriptions, granted benefits and meters.
//
// The service computes it in the background and keeps it for up to an hour, so
// that it can lag behind a change by some seconds. It returns [ErrNotFound] when
// the token sees no such customer.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/{id}/state
func (c *Client) GetState(ctx context.Context, id string, opts ...CallOption) (*State, error) {
	if err := checkID(opGetState, "id", id); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetStateRequest(ctx, c.cfg.baseURL, id)
	return fetch[State](c, opGetState, opts, req, err)
}

// GetStateByExternalID returns the state of the customer with the seller's ID
// externalID, as [Client.GetState] does.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/state
func (c *Client) GetStateByExternalID(ctx context.Context, externalID string, opts ...CallOption) (*State, error) {
	if err := checkExternalID(opGetStateByExternalID, "external_id", externalID); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetStateExternalRequest(ctx, c.cfg.baseURL, externalID)
	return fetch[State](c, opGetStateByExternalID, opts, req, err)
}
