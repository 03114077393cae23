package customers

import (
	"context"
	"iter"
	"net/http"

	"github.com/polarexpress/polar-go/gen"
)

// MembersClient calls the part of the API that deals with the members of a
// customer. It needs scopes of its own: those for customers do not do.
type MembersClient struct{ c *Client }

// Members returns the client for the members of customers.
func (c *Client) Members() *MembersClient { return &MembersClient{c} }

// List returns one page of the members of the customer with Polar's ID
// customerID: the first 10, newest first, unless p says otherwise.
//
// It returns [ErrNotFound] when the token sees no such customer.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/{id}/members
func (m *MembersClient) List(ctx context.Context, customerID string, p MemberListParams, opts ...CallOption) (*Page[Member], error) {
	return m.list(customerID, p).one(ctx, opts)
}

// All iterates over the members, as [Client.All] does over customers.
func (m *MembersClient) All(ctx context.Context, customerID string, p MemberListParams, opts ...CallOption) iter.Seq2[*Member, error] {
	return m.list(customerID, oldestFirst(p)).all(ctx, opts)
}

// ListByExternalID returns one page of the members of the customer with the
// seller's ID externalID, as [MembersClient.List] does.
//
// It returns [ErrConflict] when a user's token sees the ID in several
// organizations.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/members
func (m *MembersClient) ListByExternalID(ctx context.Context, externalID string, p MemberListParams, opts ...CallOption) (*Page[Member], error) {
	return m.listByExternalID(externalID, p).one(ctx, opts)
}

// AllByExternalID iterates over the members, as [Client.All] does over customers.
func (m *MembersClient) AllByExternalID(ctx context.Context, externalID string, p MemberListParams, opts ...CallOption) iter.Seq2[*Member, error] {
	return m.listByExternalID(externalID, oldestFirst(p)).all(ctx, opts)
}

// Create adds a member to the customer with Polar's ID customerID and returns it.
// If a member of the customer has the e-mail address already, that one is
// returned as it is, and nothing changes. So a failed attempt is repeated.
//
// It returns [ErrNotFound] when the token sees no such customer, and
// [ErrNotPermitted] for an individual, who has one member only, and where the
// organization has no members at all.
//
// Scopes: members:write.
//
// API: POST /v1/customers/{id}/members
func (m *MembersClient) Create(ctx context.Context, customerID string, p MemberCreateParams, opts ...CallOption) (*Member, error) {
	if err := firstError(checkID(opMembersCreate, "customer_id", customerID), checkMember(opMembersCreate, p)); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersCreateRequest(ctx, m.c.cfg.baseURL, customerID, p)
	return fetch[Member](m.c, opMembersCreate, opts, req, err)
}

// CreateByExternalID adds a member to the customer with the seller's ID
// externalID, as [MembersClient.Create] does.
//
// It returns [ErrConflict] when a user's token sees the ID in several
// organizations.
//
// Scopes: members:write.
//
// API: POST /v1/customers/external/{external_id}/members
func (m *MembersClient) CreateByExternalID(ctx context.Context, externalID string, p MemberCreateParams, opts ...CallOption) (*Member, error) {
	op := opMembersCreateByExternal
	if err := firstError(checkExternalID(op, "external_id", externalID), checkMember(op, p)); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersCreateExternalRequest(ctx, m.c.cfg.baseURL, externalID, p)
	return fetch[Member](m.c, op, opts, req, err)
}

// Get returns a member of the customer with Polar's ID customerID by Polar's ID
// memberID.
//
// It returns [ErrNotFound] when the customer has no such member, or the token
// sees no such customer.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/{id}/members/{member_id}
func (m *MembersClient) Get(ctx context.Context, customerID, memberID string, opts ...CallOption) (*Member, error) {
	if err := checkMemberIDs(opMembersGet, customerID, memberID); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersGetRequest(ctx, m.c.cfg.baseURL, customerID, memberID)
	return fetch[Member](m.c, opMembersGet, opts, req, err)
}

// GetByExternalID returns a member of the customer with the seller's ID
// externalID by the seller's ID of the member, as [MembersClient.Get] does.
//
// It returns [ErrConflict] when a user's token sees the ID in several
// organizations.
//
// Scopes: members:read or members:write (any one is enough).
//
// API: GET /v1/customers/external/{external_id}/members/{member_external_id}
func (m *MembersClient) GetByExternalID(ctx context.Context, externalID, memberExternalID string, opts ...CallOption) (*Member, error) {
	op := opMembersGetByExternal
	if err := checkMemberExternalIDs(op, externalID, memberExternalID); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersGetExternalRequest(ctx, m.c.cfg.baseURL, externalID, memberExternalID)
	return fetch[Member](m.c, op, opts, req, err)
}

// Update changes a member and returns it as it is then. The role owner transfers
// the ownership; the former owner becomes billing manager. A name cannot be
// cleared, and the address of an individual's only member follows the customer's.
//
// It returns [ErrNotFound], [ErrDuplicate] for an address that another member of
// the customer has, and [ErrValidation].
//
// Scopes: members:write.
//
// API: PATCH /v1/customers/{id}/members/{member_id}
func (m *MembersClient) Update(ctx context.Context, customerID, memberID string, p MemberUpdateParams, opts ...CallOption) (*Member, error) {
	if err := firstError(checkMemberIDs(opMembersUpdate, customerID, memberID), checkMemberUpdate(opMembersUpdate, p)); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersUpdateRequest(ctx, m.c.cfg.baseURL, customerID, memberID, p)
	return fetch[Member](m.c, opMembersUpdate, opts, req, err)
}

// UpdateByExternalID changes a member, addressed by the seller's IDs, as
// [MembersClient.Update] does.
//
// It returns [ErrConflict] when a user's token sees the ID in several
// organizations.
//
// Scopes: members:write.
//
// API: PATCH /v1/customers/external/{external_id}/members/{member_external_id}
func (m *MembersClient) UpdateByExternalID(ctx context.Context, externalID, memberExternalID string, p MemberUpdateParams, opts ...CallOption) (*Member, error) {
	op := opMembersUpdateByExternal
	if err := firstError(checkMemberExternalIDs(op, externalID, memberExternalID), checkMemberUpdate(op, p)); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersMembersUpdateExternalRequest(ctx, m.c.cfg.baseURL, externalID, memberExternalID, p)
	return fetch[Member](m.c, op, opts, req, err)
}

// Delete removes a member and revokes the seats and benefits that it had. The
// only owner cannot be removed: that is [ErrValidation].
//
// It returns [ErrNotFound] when there is no such member, except after an attempt
// whose answer was lost: that counts as success.
//
// Scopes: members:write.
//
// API: DELETE /v1/customers/{id}/members/{member_id}
func (m *MembersClient) Delete(ctx context.Context, customerID, memberID string, opts ...CallOption) error {
	if err := checkMemberIDs(opMembersDelete, customerID, memberID); err != nil {
		return err
	}
	req, err := gen.NewCustomersMembersDeleteRequest(ctx, m.c.cfg.baseURL, customerID, memberID)
	return discard(m.c, opMembersDelete, opts, req, err)
}

// DeleteByExternalID removes a member, addressed by the seller's IDs, as
// [MembersClient.Delete] does.
//
// It returns [ErrConflict] when a user's token sees the ID in several
// organizations.
//
// Scopes: members:write.
//
// API: DELETE /v1/customers/external/{external_id}/members/{member_external_id}
func (m *MembersClient) DeleteByExternalID(ctx context.Context, externalID, memberExternalID string, opts ...CallOption) error {
	op := opMembersDeleteByExternal
	if err := checkMemberExternalIDs(op, externalID, memberExternalID); err != nil {
		return err
	}
	req, err := gen.NewCustomersMembersDeleteExternalRequest(ctx, m.c.cfg.baseURL, externalID, memberExternalID)
	return discard(m.c, op, opts, req, err)
}

func (m *MembersClient) list(customerID string, p MemberListParams) lister[Member] {
	return lister[Member]{
		c: m.c, op: opMembersList, refused: checkID(opMembersList, "customer_id", customerID), start: p.Page, limit: p.Limit, id: memberID,
		request: func(ctx context.Context, page, limit int) (*http.Request, error) {
			p := p
			p.Page, p.Limit = page, limit
			return gen.NewCustomersMembersListRequest(ctx, m.c.cfg.baseURL, customerID, &p)
		},
	}
}

func (m *MembersClient) listByExternalID(externalID string, p MemberListParams) lister[Member] {
	op := opMembersListByExternal
	return lister[Member]{
		c: m.c, op: op, refused: checkExternalID(op, "external_id", externalID), start: p.Page, limit: p.Limit, id: memberID,
		request: func(ctx context.Context, page, limit int) (*http.Request, error) {
			params := gen.CustomersMembersListExternalParams(p)
			params.Page, params.Limit = page, limit
			return gen.NewCustomersMembersListExternalRequest(ctx, m.c.cfg.baseURL, externalID, &params)
		},
	}
}

func memberID(m *Member) string { return m.ID }

// oldestFirst is the order in which members that come meanwhile come last.
func oldestFirst(p MemberListParams) MemberListParams {
	if len(p.Sorting) == 0 {
		p.Sorting = []MemberSortProperty{SortMembersCreatedAt}
	}
	return p
}
