package portal

import (
	"context"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Client creates sessions of the customer portal. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for the customer portal that sends its requests through
// client.
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// CreateSession signs a customer in to the portal and returns the session. Send
// the customer to CustomerPortalURL, which holds the token and is a secret like
// it. The session ends after an hour, at ExpiresAt, and cannot be extended, listed or
// ended earlier.
//
// Name the customer by exactly one of CustomerID and ExternalCustomerID. A team
// needs a member as well, by MemberID or ExternalMemberID. An individual becomes a
// team when one of its subscriptions moves to a product that is sold by seat: from
// then on a call without a member is [polar.ErrValidation], with the field
// member_id. The portal links back to ReturnURL.
//
// A customer or a member that does not exist, or belongs to another organization,
// is [polar.ErrValidation] and not [polar.ErrNotFound]. A user's token for which
// the external ID exists in several organizations gets [polar.ErrServer]: use
// CustomerID then.
//
// A failed attempt is retried: another session does no harm, and nobody has the
// first one's token. If no attempt gets a response, the error also matches
// [polar.ErrOutcomeUnknown]; call CreateSession again.
//
// Scopes: customer_sessions:write.
//
// API: POST /v1/customer-sessions/
func (c *Client) CreateSession(ctx context.Context, p SessionParams, opts ...polar.CallOption) (*Session, error) {
	var args check.Arguments
	args.ACustomer(p.CustomerID, p.ExternalCustomerID)
	if p.MemberID != "" && p.ExternalMemberID != "" {
		args.Refuse("external_member_id", "must be left out with member_id: a member is named by one of them")
	}
	args.UUID("member_id", p.MemberID)
	args.Text("external_member_id", p.ExternalMemberID, 0)
	args.URL("return_url", p.ReturnURL)
	if err := args.Err("customer-sessions:create"); err != nil {
		return nil, err
	}
	req, err := commerce.NewCustomerSessionsCreateRequest(c.baseURL, p)
	return polar.Fetch[Session](ctx, c.polar, "customer-sessions:create", req, err, opts...)
}
