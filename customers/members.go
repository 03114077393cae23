package customers

import (
	"context"
	"iter"
	"net/http"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// MembersClient calls the operations for the members of a customer. They need
// scopes of their own: customers:* scopes do not cover members.
type MembersClient struct{ c *Client }

// Members returns the client for the members of customers.
func (c *Client) Members() *MembersClient { return &MembersClient{c} }

// List returns one page of the members of the customer with Polar's ID
// customerID: the first 10, newest first, unless p says otherwise.
//
// It returns [polar.ErrNotFound] if the token sees no such customer.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/{id}/members
func (m *MembersClient) List(ctx context.Context, customerID string, p MemberListParams, opts ...polar.CallOption) (*polar.Page[Member], error) {
	return m.list(customerID, p).Page(ctx, opts...)
}

// All iterates over the members, oldest first unless p says otherwise, as
// [Client.All] does over customers.
//
// Scopes: members:read or members:write (any one is enough).
func (m *MembersClient) All(ctx context.Context, customerID string, p MemberListParams, opts ...polar.ListOption) iter.Seq2[*Member, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortMembersCreatedAt, SortMembersCreatedAtDesc)
	return m.list(customerID, p).All(ctx, opts...)
}

// ListByExternalID returns one page of the members of the customer with the
// external ID externalID, as [MembersClient.List] does.
//
// It returns [polar.ErrConflict] if a user's token sees the ID in several
// organizations.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/members
func (m *MembersClient) ListByExternalID(ctx context.Context, externalID string, p MemberListParams, opts ...polar.CallOption) (*polar.Page[Member], error) {
	return m.listByExternalID(externalID, p).Page(ctx, opts...)
}

// AllByExternalID iterates over the members, oldest first unless p says otherwise,
// as [Client.All] does over customers.
//
// Scopes: members:read or members:write (any one is enough).
func (m *MembersClient) AllByExternalID(ctx context.Context, externalID string, p MemberListParams, opts ...polar.ListOption) iter.Seq2[*Member, error] {
	p.Sorting = check.TieBreaker(p.Sorting, SortMembersCreatedAt, SortMembersCreatedAtDesc)
	return m.listByExternalID(externalID, p).All(ctx, opts...)
}

// Create adds a member to the customer with Polar's ID customerID and returns the
// member. If a member of the customer already has the email address, the service
// returns that member and changes nothing, so a failed attempt is retried.
//
// It returns [polar.ErrNotFound] if the token sees no such customer, and
// [polar.ErrNotPermitted] if the customer is an individual, who has one member
// only, or if member management is not enabled for the organization.
//
// Scopes: members:write.
//
// API: POST /v1/customers/{id}/members
func (m *MembersClient) Create(ctx context.Context, customerID string, p MemberCreateParams, opts ...polar.CallOption) (*Member, error) {
	var args check.Arguments
	args.IDOfTwo("customer_id", customerID)
	checkMemberCreate(&args, p)
	if err := args.Err("customers:members:create"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersCreateRequest(m.c.baseURL, gen.PathID(customerID), p)
	return polar.Fetch[Member](ctx, m.c.polar, "customers:members:create", req, err, opts...)
}

// CreateByExternalID adds a member to the customer with the external ID
// externalID, as [MembersClient.Create] does.
//
// It returns [polar.ErrConflict] if a user's token sees the ID in several
// organizations.
//
// Scopes: members:write.
//
// API: POST /v1/customers/external/{external_id}/members
func (m *MembersClient) CreateByExternalID(ctx context.Context, externalID string, p MemberCreateParams, opts ...polar.CallOption) (*Member, error) {
	var args check.Arguments
	args.ExternalID("external_id", externalID)
	checkMemberCreate(&args, p)
	if err := args.Err("customers:members:create_external"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersCreateExternalRequest(m.c.baseURL, gen.PathID(externalID), p)
	return polar.Fetch[Member](ctx, m.c.polar, "customers:members:create_external", req, err, opts...)
}

// Get returns the member with Polar's ID memberID of the customer with Polar's ID
// customerID.
//
// It returns [polar.ErrNotFound] if the customer has no such member, or the token
// sees no such customer.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/{id}/members/{member_id}
func (m *MembersClient) Get(ctx context.Context, customerID, memberID string, opts ...polar.CallOption) (*Member, error) {
	if err := memberIDs(customerID, memberID).Err("customers:members:get"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersGetRequest(m.c.baseURL, gen.PathID(customerID), gen.PathID(memberID))
	return polar.Fetch[Member](ctx, m.c.polar, "customers:members:get", req, err, opts...)
}

// GetByExternalID returns the member with the external ID memberExternalID of the
// customer with the external ID externalID, as [MembersClient.Get] does.
//
// It returns [polar.ErrConflict] if a user's token sees the ID in several
// organizations.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/members/{member_external_id}
func (m *MembersClient) GetByExternalID(ctx context.Context, externalID, memberExternalID string, opts ...polar.CallOption) (*Member, error) {
	if err := memberExternalIDs(externalID, memberExternalID).Err("customers:members:get_external"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersGetExternalRequest(m.c.baseURL, gen.PathID(externalID), gen.PathID(memberExternalID))
	return polar.Fetch[Member](ctx, m.c.polar, "customers:members:get_external", req, err, opts...)
}

// Update changes a member and returns the updated member. The role owner transfers
// the ownership; the former owner becomes billing manager. A name cannot be
// cleared, and the email address of an individual's only member is that of the
// customer.
//
// It returns [polar.ErrNotFound], [polar.ErrDuplicate] if another member of the
// customer has the email address, and [polar.ErrValidation].
//
// Scopes: members:write.
//
// API: PATCH /v1/customers/{id}/members/{member_id}
func (m *MembersClient) Update(ctx context.Context, customerID, memberID string, p MemberUpdateParams, opts ...polar.CallOption) (*Member, error) {
	args := memberIDs(customerID, memberID)
	checkMemberUpdate(args, p)
	if err := args.Err("customers:members:update"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersUpdateRequest(m.c.baseURL, gen.PathID(customerID), gen.PathID(memberID), p)
	return polar.Fetch[Member](ctx, m.c.polar, "customers:members:update", req, err, opts...)
}

// UpdateByExternalID changes a member by external IDs, as [MembersClient.Update]
// does.
//
// It returns [polar.ErrConflict] if a user's token sees the ID in several
// organizations.
//
// Scopes: members:write.
//
// API: PATCH /v1/customers/external/{external_id}/members/{member_external_id}
func (m *MembersClient) UpdateByExternalID(ctx context.Context, externalID, memberExternalID string, p MemberUpdateParams, opts ...polar.CallOption) (*Member, error) {
	args := memberExternalIDs(externalID, memberExternalID)
	checkMemberUpdate(args, p)
	if err := args.Err("customers:members:update_external"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersUpdateExternalRequest(m.c.baseURL, gen.PathID(externalID), gen.PathID(memberExternalID), p)
	return polar.Fetch[Member](ctx, m.c.polar, "customers:members:update_external", req, err, opts...)
}

// Delete removes a member and revokes the member's seats and benefits. The only
// owner cannot be removed: that is [polar.ErrValidation].
//
// It returns [polar.ErrNotFound] if there is no such member, except after a lost
// response: then "not found" counts as success.
//
// Scopes: members:write.
//
// API: DELETE /v1/customers/{id}/members/{member_id}
func (m *MembersClient) Delete(ctx context.Context, customerID, memberID string, opts ...polar.CallOption) error {
	if err := memberIDs(customerID, memberID).Err("customers:members:delete"); err != nil {
		return err
	}
	req, err := gen.NewCustomersMembersDeleteRequest(m.c.baseURL, gen.PathID(customerID), gen.PathID(memberID))
	return polar.Discard(ctx, m.c.polar, "customers:members:delete", req, err, opts...)
}

// DeleteByExternalID removes a member by external IDs, as [MembersClient.Delete]
// does.
//
// It returns [polar.ErrConflict] if a user's token sees the ID in several
// organizations.
//
// Scopes: members:write.
//
// API: DELETE /v1/customers/external/{external_id}/members/{member_external_id}
func (m *MembersClient) DeleteByExternalID(ctx context.Context, externalID, memberExternalID string, opts ...polar.CallOption) error {
	if err := memberExternalIDs(externalID, memberExternalID).Err("customers:members:delete_external"); err != nil {
		return err
	}
	req, err := gen.NewCustomersMembersDeleteExternalRequest(m.c.baseURL, gen.PathID(externalID), gen.PathID(memberExternalID))
	return polar.Discard(ctx, m.c.polar, "customers:members:delete_external", req, err, opts...)
}

func (m *MembersClient) list(customerID string, p MemberListParams) polar.List[Member] {
	var args check.Arguments
	args.IDOfTwo("customer_id", customerID)
	return polar.NewList[Member](m.c.polar, "customers:members:list", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := p
		params.Page, params.Limit = page, limit
		return gen.NewCustomersMembersListRequest(m.c.baseURL, gen.PathID(customerID), &params)
	}, args.Problems()...)
}

func (m *MembersClient) listByExternalID(externalID string, p MemberListParams) polar.List[Member] {
	var args check.Arguments
	args.ExternalID("external_id", externalID)
	return polar.NewList[Member](m.c.polar, "customers:members:list_external", p.Page, p.Limit, func(page, limit int) (*http.Request, error) {
		params := gen.CustomersMembersListExternalParams(p)
		params.Page, params.Limit = page, limit
		return gen.NewCustomersMembersListExternalRequest(m.c.baseURL, gen.PathID(externalID), &params)
	}, args.Problems()...)
}

func memberIDs(customerID, memberID string) *check.Arguments {
	var args check.Arguments
	args.IDOfTwo("customer_id", customerID)
	args.IDOfTwo("member_id", memberID)
	return &args
}

func memberExternalIDs(externalID, memberExternalID string) *check.Arguments {
	var args check.Arguments
	args.ExternalID("external_id", externalID)
	args.ExternalID("member_external_id", memberExternalID)
	return &args
}
