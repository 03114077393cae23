package imitation

import (
	"net/http"
	"slices"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

const sessionTTL = time.Hour

// session is a customer's access to the portal.
type session struct {
	token   string
	expires time.Time
}

// newSession creates a session in the portal for a customer, or for a member of one.
func (s *Server) newSession(customerID, memberID, prefix string) session {
	v := session{prefix + secretText(), s.clock.time().Add(sessionTTL)}
	s.tokens[v.token] = Token{
		Value: v.token, Session: true, Organizations: []string{s.orgOf(customerID)}, Scopes: []string{"customer_portal:read", "customer_portal:write"},
		customer: customerID, member: memberID, until: v.expires,
	}
	return v
}

// setReturnURL sets the URL that the portal links back to.
func (s *Server) setReturnURL(token, to string) {
	t := s.tokens[token]
	t.returnURL = to
	s.tokens[token] = t
}

func createSession(c *call) *response {
	c.body = renamed(c.body, "customer_external_id", "external_customer_id")
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	var customer *customerRow
	if v, given := values.Get("external_customer_id"); given {
		switch rows := c.withExternalID(text(v)); {
		case len(rows) > 1:
			return internalError()
		case len(rows) == 0 || text(v) == "":
			return businessError(refuse("Customer does not exist.", v, "external_customer_id"))
		default:
			customer = rows[0]
		}
	} else if customer = c.visible(values.Text("customer_id")); customer == nil {
		return businessError(refuse("Customer does not exist.", values.Value("customer_id"), "customer_id"))
	}
	member, problem := c.sessionMember(customer, values)
	if problem != nil {
		return businessError(*problem)
	}
	prefix, memberID, email := "polar_cst_", "", customer.Email
	if member != nil {
		prefix, memberID, email = "polar_mst_", member.ID, member.Email
	}
	v := c.srv.newSession(customer.ID, memberID, prefix)
	c.srv.setReturnURL(v.token, values.Text("return_url"))
	return jsonResponse(http.StatusCreated, python.NewObject(
		"created_at", timestamp(c.srv.stamp()), "modified_at", nil, "id", newUUID(), "token", v.token, "expires_at", timestamp(v.expires.Truncate(time.Microsecond)),
		"return_url", values.Value("return_url"), "customer_portal_url", portalURL(c.publicBase(), c.srv.orgs[customer.OrganizationID], v.token, email),
		"customer_id", customer.ID, "customer", customerObject(c.db, customer, customer.metadata)))
}

// sessionMember returns the member of a new session: the given one, or the owner of an
// individual customer.
func (c *call) sessionMember(customer *customerRow, values *python.Object) (*Member, *pydantic.Problem) {
	if c.srv.orgs[customer.OrganizationID].WithoutMembers {
		return nil, nil
	}
	members := c.db.membersOf[customer.ID]
	for _, key := range []string{"member_id", "external_member_id"} {
		v := values.Value(key)
		if v == nil {
			continue
		}
		at := slices.IndexFunc(members, func(m *Member) bool {
			return key == "member_id" && m.ID == v || key == "external_member_id" && m.ExternalID == v
		})
		if at < 0 {
			p := refuse("Member does not exist for this customer.", v, key)
			return nil, &p
		}
		return members[at], nil
	}
	if customer.Type == polarrules.Team {
		p := refuse("member_id is required for team customers.", nil, "member_id")
		return nil, &p
	}
	return c.db.owner(customer.ID), nil
}
