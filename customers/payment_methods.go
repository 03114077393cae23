package customers

import (
	"context"
	"iter"
	"net/http"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// ListPaymentMethods returns one page of the stored payment methods of the
// customer with Polar's ID id: the first 10, newest first, unless p says
// otherwise.
//
// It returns [polar.ErrNotFound] if the token sees no such customer.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/{id}/payment-methods
func (c *Client) ListPaymentMethods(ctx context.Context, id string, p PageParams, opts ...polar.CallOption) (*polar.Page[PaymentMethod], error) {
	return c.paymentMethods(id, p).Page(ctx, opts...)
}

// AllPaymentMethods iterates over the customer's payment methods, as [Client.All]
// does over customers.
//
// Scopes: customers:read or customers:write (any one is enough).
func (c *Client) AllPaymentMethods(ctx context.Context, id string, p PageParams, opts ...polar.ListOption) iter.Seq2[*PaymentMethod, error] {
	return c.paymentMethods(id, p).All(ctx, opts...)
}

// ListPaymentMethodsByExternalID returns one page of the stored payment methods of
// the customer with the external ID externalID, as [Client.ListPaymentMethods]
// does.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/payment-methods
func (c *Client) ListPaymentMethodsByExternalID(ctx context.Context, externalID string, p PageParams, opts ...polar.CallOption) (*polar.Page[PaymentMethod], error) {
	return c.paymentMethodsByExternalID(externalID, p).Page(ctx, opts...)
}

// AllPaymentMethodsByExternalID iterates over the customer's payment methods, as
// [Client.All] does over customers.
//
// Scopes: customers:read or customers:write (any one is enough).
func (c *Client) AllPaymentMethodsByExternalID(ctx context.Context, externalID string, p PageParams, opts ...polar.ListOption) iter.Seq2[*PaymentMethod, error] {
	return c.paymentMethodsByExternalID(externalID, p).All(ctx, opts...)
}

func (c *Client) paymentMethods(id string, p PageParams) polar.List[PaymentMethod] {
	var args check.Arguments
	args.IDOfTwo("id", id)
	return polar.NewList[PaymentMethod](c.polar, "customers:list_payment_methods", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		return gen.NewCustomersListPaymentMethodsRequest(c.baseURL, gen.PathID(id), &PageParams{Page: page, Limit: limit})
	}, args.Problems()...)
}

func (c *Client) paymentMethodsByExternalID(externalID string, p PageParams) polar.List[PaymentMethod] {
	var args check.Arguments
	args.ExternalID("external_id", externalID)
	return polar.NewList[PaymentMethod](c.polar, "customers:list_payment_methods_external", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := gen.CustomersListPaymentMethodsExternalParams{Page: page, Limit: limit}
		return gen.NewCustomersListPaymentMethodsExternalRequest(c.baseURL, gen.PathID(externalID), &params)
	}, args.Problems()...)
}
