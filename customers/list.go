package customers

import (
	"context"
	"iter"
	"net/http"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// List returns one page of the customers that the token sees: the first 10, newest
// first, unless p says otherwise. The service returns at most 100 a page. See
// [Client.All] for all of them.
//
// If a list fails with [polar.ErrServer] again and again, one of its customers may
// have the metadata key "__external_id", which the service cannot read. Find the
// customer with [Client.Export] and clear the metadata with [Client.Update], by
// Polar's ID.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/
func (c *Client) List(ctx context.Context, p ListParams, opts ...polar.CallOption) (*polar.Page[Customer], error) {
	return c.list(p).Page(ctx, opts...)
}

// All iterates over the customers that p selects, page after page. It sends nothing
// before the loop begins, can be ranged over again, and stops sending when the
// loop breaks. An error comes with a nil customer and ends the loop.
//
// It asks for 100 a page, oldest first, unless p says otherwise; p.Page is where it
// begins. The order always ends in the time of creation, because the service would
// otherwise repeat and lose customers with equal names or email addresses.
//
// Pages shift when customers are created or deleted meanwhile. No customer is
// yielded twice: the iterator remembers their IDs. With the oldest first, new
// customers come last and hide no other. Each customer deleted from a page that was
// already read can hide another one, which moves to that page. In other orders, new
// customers move others to later pages, where they are found, unless pages are
// fetched ahead.
//
// [polar.WithConcurrency] fetches pages ahead. [polar.WithCheckpoint] lets an
// iteration continue where an earlier one stopped.
//
// Scopes: customers:read or customers:write (any one is enough).
func (c *Client) All(ctx context.Context, p ListParams, opts ...polar.ListOption) iter.Seq2[*Customer, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortCreatedAt, SortCreatedAtDesc)
	return c.list(p).All(ctx, opts...)
}

func (c *Client) list(p ListParams) polar.List[Customer] {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	args.Text("email", p.Email, 0)
	args.Text("query", p.Query, 0)
	args.MetadataFilter("metadata", p.Metadata)
	return polar.NewList[Customer](c.polar, "customers:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return gen.NewCustomersListRequest(c.baseURL, &params)
	}, args.Problems()...)
}
