package products

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

// Client reads products. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for products that sends its requests through client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// Get returns the product with the ID id, even if it is archived.
//
// It returns [polar.ErrNotFound] if the token sees no such product.
//
// Scopes: products:read or products:write (any one is enough).
//
// API: GET /v1/products/{id}
func (c *Client) Get(ctx context.Context, id string, opts ...polar.CallOption) (*Product, error) {
	if err := check.ID("products:get", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewProductsGetRequest(c.baseURL, commerce.PathID(id))
	return polar.Fetch[Product](ctx, c.polar, "products:get", req, err, opts...)
}

// List returns one page of the products that the token sees: the first 10, newest
// first, unless p says otherwise. The service returns at most 100 a page. See
// [Client.All] for all of them.
//
// The list includes archived products, which cannot be bought, unless p.IsArchived
// is false.
//
// Scopes: products:read or products:write (any one is enough).
//
// API: GET /v1/products/
func (c *Client) List(ctx context.Context, p ListParams, opts ...polar.CallOption) (*polar.Page[Product], error) {
	return c.list(p).Page(ctx, opts...)
}

// All iterates over the products that p selects, page after page. It asks for 100
// a page, oldest first, unless p says otherwise; p.Page is where it begins. The
// order always ends in the time of creation, because the service would otherwise
// repeat and lose products with equal values.
//
// It sends nothing before the loop begins, and yields no product twice. An error
// comes with a nil product and ends the loop.
//
// Scopes: products:read or products:write (any one is enough).
func (c *Client) All(ctx context.Context, p ListParams, opts ...polar.ListOption) iter.Seq2[*Product, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortCreatedAt, SortCreatedAtDesc)
	return c.list(p).All(ctx, opts...)
}

func (c *Client) list(p ListParams) polar.List[Product] {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	args.UUIDs("id", p.ID)
	args.UUIDs("benefit_id", p.BenefitID)
	args.Text("query", p.Query, 0)
	args.MetadataFilter("metadata", p.Metadata)
	return polar.NewList[Product](c.polar, "products:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return commerce.NewProductsListRequest(c.baseURL, &params)
	}, args.Problems()...)
}

// PriceIn returns the price that a product has in a currency, such as "usd", or
// nil if it is not sold in that currency. PriceIn skips metered prices, which a
// product can have in addition, and archived ones.
func PriceIn(product *Product, currency string) *Price {
	for i := range product.Prices {
		if p := &product.Prices[i]; p.PriceCurrency == currency && !p.IsArchived && p.AmountType != AmountMetered {
			return p
		}
	}
	return nil
}

// FromEvent returns the product that an event is about, whose type begins with
// "product.". The error matches [webhook.ErrPayload].
func FromEvent(event webhook.Event) (*Product, error) {
	return events.Data[Product](event, "product")
}
