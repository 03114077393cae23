package orders

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/internal/await"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/internal/events"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// Why an order has no invoice, for [errors.Is].
const (
	// ErrNoInvoice: the invoice is not generated yet. It is also [polar.ErrNotFound].
	ErrNoInvoice = polar.ErrorCode("InvoiceDoesNotExist")
	// ErrNoBillingDetails: the order lacks the billing name or address, which the
	// customer can enter in the portal. It is also [polar.ErrValidation].
	ErrNoBillingDetails = polar.ErrorCode("MissingInvoiceBillingDetails")
	// ErrNotEligible: the order is a draft or void. It is also [polar.ErrConflict].
	ErrNotEligible = polar.ErrorCode("OrderNotEligibleForInvoice")
)

// Client reads orders. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for orders that sends its requests through client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// Get returns the order with the ID id.
//
// It returns [polar.ErrNotFound] if the token sees no such order. The scope
// orders:write does not allow it.
//
// Scopes: orders:read.
//
// API: GET /v1/orders/{id}
func (c *Client) Get(ctx context.Context, id string, opts ...polar.CallOption) (*Order, error) {
	if err := check.ID("orders:get", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewOrdersGetRequest(c.baseURL, commerce.PathID(id))
	return polar.Fetch[Order](ctx, c.polar, "orders:get", req, err, opts...)
}

// List returns one page of the orders that the token sees: the first 10, newest
// first, unless p says otherwise. The service returns at most 100 a page. See
// [Client.All] for all of them. The list includes orders that are not paid, unless
// p.Status selects others.
//
// Scopes: orders:read.
//
// API: GET /v1/orders/
func (c *Client) List(ctx context.Context, p ListParams, opts ...polar.CallOption) (*polar.Page[Order], error) {
	return c.list(p).Page(ctx, opts...)
}

// All iterates over the orders that p selects, page after page. It asks for 100 a
// page, oldest first, unless p says otherwise; p.Page is where it begins. The order
// always ends in the time of creation, because the service would otherwise repeat
// and lose orders with equal values.
//
// It sends nothing before the loop begins, and yields no order twice. An error
// comes with a nil order and ends the loop. [polar.WithConcurrency] fetches pages
// ahead; [polar.WithCheckpoint] lets an iteration continue where an earlier one
// stopped.
//
// Scopes: orders:read.
func (c *Client) All(ctx context.Context, p ListParams, opts ...polar.ListOption) iter.Seq2[*Order, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortCreatedAt, SortCreatedAtDesc)
	return c.list(p).All(ctx, opts...)
}

func (c *Client) list(p ListParams) polar.List[Order] {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	args.UUIDs("product_id", p.ProductID)
	args.UUIDs("customer_id", p.CustomerID)
	args.UUIDs("checkout_id", p.CheckoutID)
	args.UUIDs("subscription_id", p.SubscriptionID)
	args.UUIDs("discount_id", p.DiscountID)
	args.Texts("external_customer_id", p.ExternalCustomerID)
	args.MetadataFilter("metadata", p.Metadata)
	return polar.NewList[Order](c.polar, "orders:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return commerce.NewOrdersListRequest(c.baseURL, &params)
	}, args.Problems()...)
}

// Invoice returns the invoice of the order with the ID id. Its URL leads to the
// document for a limited time, without a token: whoever has it can read the invoice.
//
// It returns [ErrNoInvoice] if there is none yet: call [Client.GenerateInvoice]. It
// returns [polar.ErrNotFound], without ErrNoInvoice, if the token sees no such
// order.
//
// Scopes: orders:read.
//
// API: GET /v1/orders/{id}/invoice
func (c *Client) Invoice(ctx context.Context, id string, opts ...polar.CallOption) (*Invoice, error) {
	if err := check.ID("orders:invoice", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewOrdersInvoiceRequest(c.baseURL, commerce.PathID(id))
	return polar.FetchIf(ctx, c.polar, "orders:invoice", req, err, func(i *Invoice) bool { return i.URL != "" }, opts...)
}

// invoiceWait is how long GenerateInvoice waits for the service.
const invoiceWait = time.Minute

// GenerateInvoice asks the service to generate the invoice of the order with the ID
// id, and returns the invoice. The service does it in the background, which takes
// some seconds: GenerateInvoice asks for the invoice until it exists. After a minute it
// returns [ErrNoInvoice], and when ctx ends the context's error; the invoice can
// still appear.
//
// An invoice that exists is returned at once. If the order's billing details have
// changed since, that can be the old one, until the service has made the new one.
//
// It returns [ErrNoBillingDetails], [ErrNotEligible] and [polar.ErrNotFound]. A
// failed attempt is retried: asking twice does no harm.
//
// Scopes: orders:read.
//
// API: POST /v1/orders/{id}/invoice
func (c *Client) GenerateInvoice(ctx context.Context, id string, opts ...polar.CallOption) (invoice *Invoice, err error) {
	if err := check.ID("orders:generate_invoice", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewOrdersGenerateInvoiceRequest(c.baseURL, commerce.PathID(id))
	isAccepted := func(body *any) bool { return *body == nil }
	if _, err := polar.FetchIf(ctx, c.polar, "orders:generate_invoice", req, err, isAccepted, opts...); err != nil {
		return nil, err
	}
	await.Until(ctx, invoiceWait, func() bool {
		invoice, err = c.Invoice(ctx, id, opts...)
		return !errors.Is(err, ErrNoInvoice)
	})
	return invoice, polar.WithCaller(err, "generate invoice")
}

// FromEvent returns the order that an event is about, whose type begins with
// "order.". The error matches [webhook.ErrPayload].
func FromEvent(event webhook.Event) (*Order, error) {
	return events.Data[Order](event, "order")
}
