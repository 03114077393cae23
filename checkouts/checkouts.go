package checkouts

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

// What an update of a session can meet, for [errors.Is].
const (
	// ErrNotOpen: the session is confirmed, paid, failed or expired, and cannot change
	// any more. It is also [polar.ErrNotPermitted].
	ErrNotOpen = polar.ErrorCode("NotOpenCheckout")
	// ErrAlreadySubscribed: the session's customer already has an active subscription,
	// and the organization allows only one. It is also [polar.ErrNotPermitted].
	ErrAlreadySubscribed = polar.ErrorCode("AlreadyActiveSubscriptionError")
	// ErrLocked: another request changes the session at this moment. Try again. It is
	// also [polar.ErrConflict].
	ErrLocked = polar.ErrorCode("CheckoutLocked")
)

// Client creates and reads checkout sessions. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for checkout sessions that sends its requests through
// client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// Create creates a checkout session and returns it. Send the customer to the URL
// in it. The session is open for 24 hours.
//
// Name the customer by CustomerID, or by ExternalCustomerID, your own ID: if there
// is no such customer yet, the purchase creates it. Without either, the customer
// is found or created by the email address. In SuccessURL, the service replaces
// {CHECKOUT_ID} with the session's ID.
//
// Products, customers and discounts that do not exist, or belong to another
// organization, are [polar.ErrValidation] and not [polar.ErrNotFound]. The service
// ignores an Amount for a product with a fixed price.
//
// A call whose response is lost is not retried, and its error also matches
// [polar.ErrOutcomeUnknown]: each request creates a session of its own. Calling
// Create again is harmless, because no customer gets the URL of the lost session and
// it expires; with [polar.RetryUnknownOutcome] the client does so by itself.
//
// Scopes: checkouts:write.
//
// API: POST /v1/checkouts/
func (c *Client) Create(ctx context.Context, p CreateParams, opts ...polar.CallOption) (*Checkout, error) {
	var args check.Arguments
	checkCreate(&args, p)
	if err := args.Err("checkouts:create"); err != nil {
		return nil, err
	}
	req, err := commerce.NewCheckoutsCreateRequest(c.baseURL, p)
	return polar.Fetch[Checkout](ctx, c.polar, "checkouts:create", req, err, opts...)
}

// Get returns the checkout session with the ID id.
//
// It returns [polar.ErrNotFound] if the token sees no such session. TaxAmount is
// nil until the customer's address is known; the totals are without tax then.
//
// Scopes: checkouts:read or checkouts:write (any one is enough).
//
// API: GET /v1/checkouts/{id}
func (c *Client) Get(ctx context.Context, id string, opts ...polar.CallOption) (*Checkout, error) {
	if err := check.ID("checkouts:get", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewCheckoutsGetRequest(c.baseURL, commerce.PathID(id))
	return polar.Fetch[Checkout](ctx, c.polar, "checkouts:get", req, err, opts...)
}

// List returns one page of the checkout sessions that the token sees: the first
// 10, newest first, unless p says otherwise. The service returns at most 100 a
// page. See [Client.All] for all of them.
//
// Scopes: checkouts:read or checkouts:write (any one is enough).
//
// API: GET /v1/checkouts/
func (c *Client) List(ctx context.Context, p ListParams, opts ...polar.CallOption) (*polar.Page[Checkout], error) {
	return c.list(p).Page(ctx, opts...)
}

// All iterates over the checkout sessions that p selects, page after page. It asks
// for 100 a page, oldest first, unless p says otherwise; p.Page is where it begins.
// The order always ends in the time of creation, because the service would
// otherwise repeat and lose sessions with equal values.
//
// It sends nothing before the loop begins, and yields no session twice. An error
// comes with a nil session and ends the loop. [polar.WithConcurrency] fetches pages
// ahead.
//
// Scopes: checkouts:read or checkouts:write (any one is enough).
func (c *Client) All(ctx context.Context, p ListParams, opts ...polar.ListOption) iter.Seq2[*Checkout, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortCreatedAt, SortCreatedAtDesc)
	return c.list(p).All(ctx, opts...)
}

func (c *Client) list(p ListParams) polar.List[Checkout] {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	args.UUIDs("product_id", p.ProductID)
	args.UUIDs("customer_id", p.CustomerID)
	args.Texts("external_customer_id", p.ExternalCustomerID)
	args.Text("query", p.Query, 0)
	return polar.NewList[Checkout](c.polar, "checkouts:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return commerce.NewCheckoutsListRequest(c.baseURL, &params)
	}, args.Problems()...)
}

// Update changes the open checkout session with the ID id and returns it.
//
// Fields that are left out keep their values. Null clears CustomerEmail,
// CustomerName and DiscountID, and sets SuccessURL back to Polar's own page.
// ProductID must be one of the session's products.
//
// It returns [ErrNotOpen], [ErrAlreadySubscribed], which the service returns for
// any change of the session of such a customer, [ErrLocked], [polar.ErrNotFound]
// and [polar.ErrValidation].
//
// A failed attempt is retried, because it sets the same values again. A retry can
// meet the first attempt still at work, and returns ErrLocked then. If no attempt
// gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: checkouts:write.
//
// API: PATCH /v1/checkouts/{id}
func (c *Client) Update(ctx context.Context, id string, p UpdateParams, opts ...polar.CallOption) (*Checkout, error) {
	var args check.Arguments
	args.ID("id", id)
	checkUpdate(&args, p)
	if err := args.Err("checkouts:update"); err != nil {
		return nil, err
	}
	req, err := commerce.NewCheckoutsUpdateRequest(c.baseURL, commerce.PathID(id), p)
	return polar.Fetch[Checkout](ctx, c.polar, "checkouts:update", req, err, opts...)
}

// FromEvent returns the checkout session that an event is about, whose type begins
// with "checkout.". The error matches [webhook.ErrPayload].
func FromEvent(event webhook.Event) (*Checkout, error) {
	return events.Data[Checkout](event, "checkout")
}
