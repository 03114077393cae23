package customers

import (
	"context"
	"iter"
	"net/http"

	"github.com/polarexpress/polar-go/gen"
)

// ListPaymentMethods returns one page of the payment methods that the customer
// with Polar's ID id has stored: the first 10, newest first, unless p says
// otherwise.
//
// It returns [ErrNotFound] when the token sees no such customer.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/{id}/payment-methods
func (c *Client) ListPaymentMethods(ctx context.Context, id string, p PageParams, opts ...CallOption) (*Page[PaymentMethod], error) {
	return c.paymentMethods(id, p).one(ctx, opts)
}

// AllPaymentMethods iterates over the customer's payment methods, as
// [Client.All] does over customers.
func (c *Client) AllPaymentMethods(ctx context.Context, id string, p PageParams, opts ...CallOption) iter.Seq2[*PaymentMethod, error] {
	return c.paymentMethods(id, p).all(ctx, opts)
}

// ListPaymentMethodsByExternalID returns one page of the payment methods that
// the customer with the seller's ID externalID has stored, as
// [Client.ListPaymentMethods] does.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/payment-methods
func (c *Client) ListPaymentMethodsByExternalID(ctx context.Context, externalID string, p PageParams, opts ...CallOption) (*Page[PaymentMethod], error) {
	return c.paymentMethodsByExternalID(externalID, p).one(ctx, opts)
}

// AllPaymentMethodsByExternalID iterates over the customer's payment methods, as
// [Client.All] does over customers.
func (c *Client) AllPaymentMethodsByExternalID(ctx context.Context, externalID string, p PageParams, opts ...CallOption) iter.Seq2[*PaymentMethod, error] {
	return c.paymentMethodsByExternalID(externalID, p).all(ctx, opts)
}

func (c *Client) paymentMethods(id string, p PageParams) lister[PaymentMethod] {
	return lister[PaymentMethod]{
		c: c, op: opListPaymentMethods, refused: checkID(opListPaymentMethods, "id", id), start: p.Page, limit: p.Limit, id: paymentMethodID,
		request: func(ctx context.Context, page, limit int) (*http.Request, error) {
			return gen.NewCustomersListPaymentMethodsRequest(ctx, c.cfg.baseURL, id, &PageParams{Page: page, Limit: limit})
		},
	}
}

func (c *Client) paymentMethodsByExternalID(externalID string, p PageParams) lister[PaymentMethod] {
	op := opListPaymentMethodsByExternal
	return lister[PaymentMethod]{
		c: c, op: op, refused: checkExternalID(op, "external_id", externalID), start: p.Page, limit: p.Limit, id: paymentMethodID,
		request: func(ctx context.Context, page, limit int) (*http.Request, error) {
			params := gen.CustomersListPaymentMethodsExternalParams{Page: page, Limit: limit}
			return gen.NewCustomersListPaymentMethodsExternalRequest(ctx, c.cfg.baseURL, externalID, &params)
		},
	}
}

func paymentMethodID(m *PaymentMethod) string { return m.ID }
