package customerstest

import (
	"cmp"
	"slices"
	"strings"
)

// The older routes under /v1/members: the service still serves them, the
// contract of this SDK does not list them.

// listMembers lists the members of a customer, or of all customers that the
// caller sees. A customer that does not exist has none.
func listMembers(c *call) *response {
	customerID, byCustomer := c.query.last("customer_id")
	externalID, byExternal := c.query.last("external_customer_id")
	list := c.memberList()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	if byCustomer {
		id, err := parseUUID(customerID)
		if err != nil {
			return notFound("Invalid customer ID format")
		}
		customerID = id
	}
	if strings.ContainsRune(externalID, 0) {
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
	slices.SortStableFunc(all, func(a, b *Member) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list(all)
}

// flatMember finds a member by its ID alone.
func flatMember(prepare onMember) func(*call) *response {
	return func(c *call) *response {
		id := c.pathUUID("id", true)
		run := prepare(c)
		if resp := c.invalid(); resp != nil {
			return resp
		}
		m := c.db.members[id]
		if m == nil || c.visible(m.CustomerID) == nil {
			return notFound("Member not found")
		}
		return run(m)
	}
}

// flatMemberExternal finds a member by its external ID and its customer.
func flatMemberExternal(prepare onMember) func(*call) *response {
	return func(c *call) *response {
		run := prepare(c)
		customerID, byCustomer := c.query.last("customer_id")
		customerExternal, byExternal := c.query.last("external_customer_id")
		if byCustomer {
			id, p := checkUUID(customerID, loc("query", "customer_id"), true)
			if p != nil {
				c.query.problems = append(c.query.problems, *p)
			}
			customerID = id
		}
		if resp := c.invalid(); resp != nil {
			return resp
		}
		switch {
		case !byCustomer && !byExternal:
			return businessError(problem{typ: "missing", loc: loc("query"), msg: "One of customer_id or external_customer_id must be provided."})
		case byCustomer && byExternal:
			return businessError(problem{typ: "value_error", loc: loc("query"), msg: "Only one of customer_id or external_customer_id may be provided."})
		}
		var row *customerRow
		if byCustomer {
			row = c.visible(customerID)
		} else {
			var resp *response
			if row, resp = c.theOne(customerExternal, "Member not found"); resp != nil {
				return resp
			}
		}
		if row == nil {
			return notFound("Member not found")
		}
		m := c.db.memberByExternalID(row.ID, c.params["external_id"])
		if m == nil {
			return notFound("Member not found")
		}
		return run(m)
	}
}
