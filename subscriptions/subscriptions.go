package subscriptions

import (
	"context"
	"iter"
	"net/http"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/internal/events"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// Client reads and changes subscriptions. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for subscriptions that sends its requests through client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// Get returns the subscription with the ID id.
//
// It returns [polar.ErrNotFound] if the token sees no such subscription, and for
// one whose first payment is not made yet.
//
// Scopes: subscriptions:read or subscriptions:write (any one is enough).
//
// API: GET /v1/subscriptions/{id}
func (c *Client) Get(ctx context.Context, id string, opts ...polar.CallOption) (*Subscription, error) {
	if err := check.ID("subscriptions:get", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewSubscriptionsGetRequest(c.baseURL, commerce.PathID(id))
	return polar.Fetch[Subscription](ctx, c.polar, "subscriptions:get", req, err, opts...)
}

// List returns one page of the subscriptions that the token sees: the first 10, the
// latest start first, unless p says otherwise. The service returns at most 100 a
// page. See [Client.All] for all of them.
//
// Scopes: subscriptions:read or subscriptions:write (any one is enough).
//
// API: GET /v1/subscriptions/
func (c *Client) List(ctx context.Context, p ListParams, opts ...polar.CallOption) (*polar.Page[Subscription], error) {
	return c.list(p).Page(ctx, opts...)
}

// All iterates over the subscriptions that p selects, page after page. It asks for
// 100 a page, the earliest start first, unless p says otherwise; p.Page is where it
// begins. The order always ends in the time of the start, because the service would
// otherwise repeat and lose subscriptions with equal values.
//
// It sends nothing before the loop begins, and yields no subscription twice. An
// error comes with a nil subscription and ends the loop. [polar.WithConcurrency]
// fetches pages ahead.
//
// Scopes: subscriptions:read or subscriptions:write (any one is enough).
func (c *Client) All(ctx context.Context, p ListParams, opts ...polar.ListOption) iter.Seq2[*Subscription, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortStartedAt, SortStartedAtDesc)
	return c.list(p).All(ctx, opts...)
}

func (c *Client) list(p ListParams) polar.List[Subscription] {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	args.UUIDs("product_id", p.ProductID)
	args.UUIDs("customer_id", p.CustomerID)
	args.UUIDs("discount_id", p.DiscountID)
	args.Texts("external_customer_id", p.ExternalCustomerID)
	args.MetadataFilter("metadata", p.Metadata)
	return polar.NewList[Subscription](c.polar, "subscriptions:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return commerce.NewSubscriptionsListRequest(c.baseURL, &params)
	}, args.Problems()...)
}

// Create subscribes a customer to a free product and returns the subscription,
// which is active at once. Name the customer by exactly one of CustomerID and
// ExternalCustomerID.
//
// A product that is not free, not recurring or does not exist is
// [polar.ErrValidation], and so is a customer that does not exist.
//
// A call whose response is lost is not retried, and its error also matches
// [polar.ErrOutcomeUnknown]: the customer would get a second subscription. Look for
// it with [Client.List], by the customer and the product, before you call Create
// again.
//
// Scopes: subscriptions:write.
//
// API: POST /v1/subscriptions/
func (c *Client) Create(ctx context.Context, p CreateParams, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	args.ID("product_id", p.ProductID)
	args.ACustomer(p.CustomerID, p.ExternalCustomerID)
	args.Metadata("metadata", p.Metadata)
	if err := args.Err("subscriptions:create"); err != nil {
		return nil, err
	}
	req, err := commerce.NewSubscriptionsCreateRequest(c.baseURL, p)
	return polar.Fetch[Subscription](ctx, c.polar, "subscriptions:create", req, err, opts...)
}

// FromEvent returns the subscription that an event is about, whose type begins
// with "subscription.". The error matches [webhook.ErrPayload].
func FromEvent(event webhook.Event) (*Subscription, error) {
	return events.Data[Subscription](event, "subscription")
}
