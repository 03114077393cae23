package imitation

import (
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
)

var memberSorting = []string{"created_at", "-created_at"}

// memberList reads the parameters of a list of members and returns what makes
// the response.
func (c *call) memberList() (list func([]*Member) *response) {
	role, byRole := c.query.Word("role", polarrules.MemberRoles()...)
	p := c.paging()
	sorting := c.query.Words("sorting", memberSorting, "-created_at")
	return func(all []*Member) *response {
		if p.beyond {
			return internalError()
		}
		var kept []*Member
		for _, m := range all {
			if !byRole || m.Role == role {
				kept = append(kept, m)
			}
		}
		if strings.HasPrefix(sorting[0], "-") {
			slices.Reverse(kept)
		}
		var items []any
		for _, m := range page(kept, p) {
			items = append(items, memberObject(m))
		}
		return pageResponse(items, len(kept), p)
	}
}

func listCustomerMembers(c *call) *response {
	id := c.pathUUID("id", true)
	list := c.memberList()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	row := c.visible(id)
	if row == nil {
		return notFound("Customer not found")
	}
	return list(c.db.membersOf[row.ID])
}

func listCustomerMembersExternal(c *call) *response {
	list := c.memberList()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	row, resp := c.byUniqueExternalID(c.params["external_id"], "Customer not found")
	if resp != nil {
		return resp
	}
	return list(c.db.membersOf[row.ID])
}

// listMembers lists the members of one customer, or of all customers that the
// caller sees. A customer that does not exist has none.
func listMembers(c *call) *response {
	customerID, byCustomer := c.query.Last("customer_id")
	externalID, byExternal := c.query.Last("external_customer_id")
	list := c.memberList()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	if byCustomer {
		id, err := pydantic.ParseUUID(customerID)
		if err != nil {
			return notFound("Invalid customer ID format")
		}
		customerID = id
	}
	if hasNUL(externalID) {
		return internalError()
	}
	var all []*Member
	for _, org := range c.who.Organizations {
		for _, row := range c.db.org(org).byTime {
			if byCustomer && row.ID != customerID || byExternal && (externalID == "" || row.ExternalID != externalID) {
				continue
			}
			all = append(all, c.db.membersOf[row.ID]...)
		}
	}
	slices.SortStableFunc(all, compareMembers)
	return list(all)
}

// byUniqueExternalID returns the only customer with an external ID, or the error.
func (c *call) byUniqueExternalID(externalID, missing string) (*customerRow, *response) {
	if hasNUL(externalID) {
		return nil, internalError()
	}
	switch rows := c.withExternalID(externalID); len(rows) {
	case 0:
		return nil, notFound(missing)
	case 1:
		return rows[0], nil
	}
	return nil, ambiguousCustomer()
}

// newMember checks the body of a new member.
func (c *call) newMember() map[string]any {
	values, bad := c.srv.bodies.CreateMember(c.body)
	c.badBody = bad
	return values
}

func createMember(c *call) *response {
	id := c.pathUUID("id", true)
	values := c.newMember()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	row := c.visible(id)
	if row == nil {
		return notFound("Customer not found")
	}
	return c.addMember(row, values)
}

func createMemberExternal(c *call) *response {
	values := c.newMember()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	row, resp := c.byUniqueExternalID(c.params["external_id"], "Customer not found")
	if resp != nil {
		return resp
	}
	return c.addMember(row, values)
}

// addMember adds a member to a customer. If a member already has the address, that
// member is returned unchanged. If another member has the external ID, the service
// fails.
func (c *call) addMember(row *customerRow, values map[string]any) *response {
	if c.srv.orgs[row.OrganizationID].WithoutMembers {
		return notPermitted("Member management is not enabled for this organization")
	}
	if row.Type == polarrules.Individual && len(c.db.membersOf[row.ID]) > 0 {
		return notPermitted("Individual customers can only have one member (the owner). Upgrade to a team customer to add more members.")
	}
	m := &Member{CustomerID: row.ID, Email: text(values["email"]), Name: text(values["name"]), ExternalID: text(values["external_id"]), Role: text(values["role"])}
	if old := c.db.memberByEmail(row.ID, m.Email); old != nil {
		return jsonResponse(http.StatusCreated, memberObject(old))
	}
	if c.db.memberByExternalID(row.ID, m.ExternalID) != nil {
		return internalError()
	}
	if m.Role == "" {
		m.Role = polarrules.PlainMember
	}
	m.ID, m.CreatedAt = newUUID(), c.srv.stamp()
	c.write(func(s *store) { s.putMember(m) })
	c.srv.sendMemberEvent("member.created", m)
	return jsonResponse(http.StatusCreated, memberObject(m))
}

// onMember prepares an operation on one member, as onCustomer does.
type onMember func(c *call) func(m *Member) *response

// nestedMember finds a member by the customer's ID and its own.
func nestedMember(prepare onMember) func(*call) *response {
	return func(c *call) *response {
		customer := c.pathUUID("id", true)
		id := c.pathUUID("member_id", false)
		run := prepare(c)
		if resp := c.invalid(); resp != nil {
			return resp
		}
		m := c.db.members[id]
		if m == nil || m.CustomerID != customer || c.visible(customer) == nil {
			return notFound("Member not found")
		}
		return run(m)
	}
}

// nestedMemberExternal finds a member by two external IDs.
func nestedMemberExternal(prepare onMember) func(*call) *response {
	return func(c *call) *response {
		run := prepare(c)
		if resp := c.invalid(); resp != nil {
			return resp
		}
		row, resp := c.byUniqueExternalID(c.params["external_id"], "Member not found")
		if resp != nil {
			return resp
		}
		if hasNUL(c.params["member_external_id"]) {
			return internalError()
		}
		m := c.db.memberByExternalID(row.ID, c.params["member_external_id"])
		if m == nil {
			return notFound("Member not found")
		}
		return run(m)
	}
}

func getMember(*call) func(*Member) *response {
	return func(m *Member) *response { return jsonResponse(http.StatusOK, memberObject(m)) }
}

func updateMember(c *call) func(*Member) *response {
	values, bad := c.srv.bodies.UpdateMember(c.body)
	c.badBody = bad
	return func(m *Member) *response { return c.changeMember(*m, values) }
}

// changeMember applies the given fields. Null and blank fields count as missing.
func (c *call) changeMember(m Member, values map[string]any) *response {
	old := m
	row := c.db.customer(m.CustomerID)
	if email := text(values["email"]); email != "" && email != m.Email {
		if bad := c.memberEmail(row, &m, email); bad != nil {
			return businessError(*bad)
		}
	}
	if name := text(values["name"]); name != "" {
		m.Name = name
	}
	var demoted *Member
	switch role := text(values["role"]); {
	case role == "" || role == m.Role:
	case role == polarrules.Owner:
		demoted = c.db.owner(m.CustomerID)
		m.Role = role
	case m.Role == polarrules.Owner:
		return businessError(refuse("Cannot change role. Customer must have exactly one owner.", role, "role"))
	default:
		m.Role = role
	}
	if m == old {
		return jsonResponse(http.StatusOK, memberObject(&old))
	}
	if demoted != nil {
		d := *demoted
		d.Role, d.ModifiedAt = polarrules.BillingManager, c.srv.stamp()
		c.write(func(s *store) { s.putMember(&d) })
	}
	m.ModifiedAt = c.srv.stamp()
	c.write(func(s *store) { s.putMember(&m) })
	c.srv.sendMemberEvent("member.updated", &m)
	return jsonResponse(http.StatusOK, memberObject(&m))
}

// memberEmail changes a member's address, or returns why that is not allowed.
func (c *call) memberEmail(row *customerRow, m *Member, email string) *pydantic.Problem {
	bad := func(msg string) *pydantic.Problem { p := refuse(msg, email, "email"); return &p }
	if row != nil && row.Type == polarrules.Individual {
		return bad("Cannot change the email of an individual customer's owner. Update the customer's email instead.")
	}
	if other := c.db.memberByEmail(m.CustomerID, email); other != nil && other.ID != m.ID {
		return bad("A member with this email already exists for this customer.")
	}
	m.Email = email
	return nil
}

func deleteMember(c *call) func(*Member) *response {
	return func(m *Member) *response {
		if m.Role == polarrules.Owner {
			return businessError(refuse("Cannot delete the only owner. Transfer ownership first.", m.ID))
		}
		c.write(func(s *store) { s.dropMember(m.ID) })
		c.srv.sendMemberEvent("member.deleted", m)
		return noContent()
	}
}
