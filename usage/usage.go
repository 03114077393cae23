package usage

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Client sends events and reads meters. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for usage that sends its requests through client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// maxBatch is how many events a request may have. With four times as many, or with
// more than four meters that match each event, the service fails.
const maxBatch = 1000

// Ingest sends up to 1,000 events in one request, and returns how many of them are
// new and how many the service had already. The service records all of them or none.
//
// Events that the service would refuse, or accept and never bill, are
// [polar.ErrInvalidArgument]. A CustomerID that does not exist is
// [polar.ErrValidation]; an ExternalCustomerID that does not exist is accepted. The
// service refuses a Timestamp in the future, even by seconds.
//
// Events without an ExternalID get one for the call, so a failed attempt is
// retried, also after a 500, and counts once. If no attempt gets a response, the
// error also matches [polar.ErrOutcomeUnknown]: to call Ingest again with the same
// events, they need an ExternalID of your own.
//
// Scopes: events:write.
//
// API: POST /v1/events/ingest
func (c *Client) Ingest(ctx context.Context, events []Event, opts ...polar.CallOption) (*IngestResult, error) {
	var args check.Arguments
	if n := len(events); n == 0 || n > maxBatch {
		args.Refuse("events", fmt.Sprintf("must be 1 to %d, not %d", maxBatch, n))
	}
	for i := range events {
		args.At(fmt.Sprintf("events[%d].", i), func(args *check.Arguments) { checkEvent(args, &events[i]) })
	}
	if err := args.Err("events:ingest"); err != nil {
		return nil, err
	}
	events = slices.Clone(events) // the caller's stay as they are
	for i := range events {
		identify(&events[i])
	}
	return c.ingest(ctx, events, opts)
}

// ingest sends events that are checked and have IDs.
func (c *Client) ingest(ctx context.Context, events []Event, opts []polar.CallOption) (*IngestResult, error) {
	req, err := commerce.NewEventsIngestRequest(c.baseURL, commerce.EventsIngest{Events: events})
	isResult := func(r *IngestResult) bool { return r.Inserted > 0 || r.Duplicates != nil }
	return polar.FetchIf(ctx, c.polar, "events:ingest", req, err, isResult, append(slices.Clip(opts), polar.RetryUnknownOutcome())...)
}

func checkEvent(args *check.Arguments, e *Event) {
	args.Required("name", e.Name, 128)
	args.ACustomer(e.CustomerID, e.ExternalCustomerID)
	args.UUID("member_id", e.MemberID)
	args.Text("external_member_id", e.ExternalMemberID, 0)
	args.Text("external_id", e.ExternalID, 0)
	args.Text("parent_id", e.ParentID, 0)
	args.UUID("organization_id", e.OrganizationID)
	if e.Timestamp != nil && e.Timestamp.IsZero() {
		args.Refuse("timestamp", "is the zero time: leave it out for the present time")
	}
	for _, key := range slices.Sorted(maps.Keys(e.Metadata)) {
		switch key {
		case "_cost", "_llm": // which are objects
		default:
			args.MetadataValue(fmt.Sprintf("metadata[%.80q]", key), e.Metadata[key])
		}
	}
}

// identify gives an event an external ID that no other event has, unless it has one.
func identify(e *Event) {
	if e.ExternalID == "" {
		e.ExternalID = uuid.NewString()
	}
}

// ListMeters returns one page of customers' balances, one for each customer and
// meter: the first 10, the latest change first, unless p says otherwise. Select a
// customer by Polar's ID with p.CustomerID, or by your own with
// p.ExternalCustomerID. See [Client.AllMeters] for all of them.
//
// Balance is what is credited less what is consumed, and can be below zero. A
// customer without events or credits has no balance yet, and unknown customers
// match nothing. Balances lag behind events by some seconds.
//
// Scopes: customer_meters:read.
//
// API: GET /v1/customer-meters/
func (c *Client) ListMeters(ctx context.Context, p MeterParams, opts ...polar.CallOption) (*polar.Page[Meter], error) {
	return c.meters(p).Page(ctx, opts...)
}

// AllMeters iterates over the balances that p selects, page after page. It asks
// for 100 a page, oldest first, unless p says otherwise; p.Page is where it begins.
// It sends nothing before the loop begins, and yields no balance twice. An error
// comes with a nil balance and ends the loop.
//
// Scopes: customer_meters:read.
func (c *Client) AllMeters(ctx context.Context, p MeterParams, opts ...polar.ListOption) iter.Seq2[*Meter, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortCreatedAt, SortCreatedAtDesc)
	return c.meters(p).All(ctx, opts...)
}

func (c *Client) meters(p MeterParams) polar.List[Meter] {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	args.UUIDs("customer_id", p.CustomerID)
	args.Texts("external_customer_id", p.ExternalCustomerID)
	args.UUIDs("meter_id", p.MeterID)
	return polar.NewList[Meter](c.polar, "customer_meters:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return commerce.NewCustomerMetersListRequest(c.baseURL, &params)
	}, args.Problems()...)
}
