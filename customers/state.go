package customers

import (
	"context"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/polar"
)

// GetState returns the state of the customer with Polar's ID id: the customer with
// its active subscriptions, granted benefits and meters.
//
// The service computes it in the background and keeps it for up to an hour, so it
// can lag behind a change by some seconds. It returns [polar.ErrNotFound] if the
// token sees no such customer.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/{id}/state
func (c *Client) GetState(ctx context.Context, id string, opts ...polar.CallOption) (*State, error) {
	if err := checkID("customers:get_state", "id", id); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetStateRequest(c.baseURL, gen.PathID(id))
	return polar.Fetch[State](ctx, c.polar, "customers:get_state", req, err, opts...)
}

// GetStateByExternalID returns the state of the customer with the external ID
// externalID, as [Client.GetState] does.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/state
func (c *Client) GetStateByExternalID(ctx context.Context, externalID string, opts ...polar.CallOption) (*State, error) {
	if err := checkExternalID("customers:get_state_external", "external_id", externalID); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersGetStateExternalRequest(c.baseURL, gen.PathID(externalID))
	return polar.Fetch[State](ctx, c.polar, "customers:get_state_external", req, err, opts...)
}
