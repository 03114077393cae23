package imitation

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// onCustomer prepares an operation on one customer: it checks query and body,
// and returns the operation, which runs once the customer is found.
type onCustomer func(c *call) func(row *customerRow) *response

// byCustomerID finds the customer by its ID.
func byCustomerID(prepare onCustomer) func(*call) *response {
	return func(c *call) *response {
		id := c.pathUUID("id", true)
		run := prepare(c)
		if resp := c.invalid(); resp != nil {
			return resp
		}
		row := c.visible(id)
		if row == nil {
			return notFound("Not found")
		}
		return run(row)
	}
}

// byExternalID finds the customer by its external ID. If two organizations of a
// user's token have a customer with that ID, the service fails with 500.
func byExternalID(prepare onCustomer) func(*call) *response {
	return func(c *call) *response {
		run := prepare(c)
		if resp := c.invalid(); resp != nil {
			return resp
		}
		if hasNUL(c.params["external_id"]) {
			return internalError()
		}
		switch rows := c.withExternalID(c.params["external_id"]); len(rows) {
		case 0:
			return notFound("Not found")
		case 1:
			return run(rows[0])
		}
		return internalError()
	}
}

// visible returns a live customer that the caller may see.
func (c *call) visible(id string) *customerRow {
	if row := c.db.customer(id); row != nil && c.who.sees(row.OrganizationID) {
		return row
	}
	return nil
}

// withExternalID returns the live customers with an external ID.
func (c *call) withExternalID(externalID string) (rows []*customerRow) {
	for _, org := range c.who.Organizations {
		if row := c.db.org(org).byExternal[externalID]; row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

func cannotManage() *response {
	return notPermitted("You don't have permission to manage customers")
}

func getCustomer(c *call) func(*customerRow) *response {
	return func(row *customerRow) *response {
		return customerResponse(http.StatusOK, c.db, row, row.metadata)
	}
}

// customerResponse returns a customer with the given metadata.
func customerResponse(status int, db *store, row *customerRow, metadata *python.Object) *response {
	if !row.presentable() {
		return internalError()
	}
	return jsonResponse(status, customerObject(db, row, metadata))
}

func createCustomer(c *call) *response {
	values, kind, problems := c.srv.bodies.CreateCustomer(c.body)
	c.badBody = problems
	if resp := c.invalid(); resp != nil {
		return resp
	}
	orgID, resp := c.newCustomerOrganization(text(values["organization_id"]))
	if resp != nil {
		return resp
	}
	row := Customer{
		ID: newUUID(), OrganizationID: orgID, Type: kind, Email: text(values["email"]), Name: text(values["name"]),
		ExternalID: text(values["external_id"]), Locale: text(values["locale"]),
	}
	row.BillingAddress = billingAddress(values)
	if taken := c.duplicates(&row, row.Email != "", row.ExternalID != ""); taken != nil {
		return businessError(taken...)
	}
	if number := text(values["tax_id"]); number != "" {
		tax, bad := checkTaxID(number, row.BillingAddress)
		if bad != nil {
			return businessError(*bad)
		}
		row.TaxID = tax
	}
	sent := python.NewObject()
	if m, ok := values["metadata"].(*python.Object); ok {
		sent = m
	}
	if !storableAddress(row.BillingAddress) || !polarrules.Storable(sent) || len(row.ExternalID) > maxIndexed && incompressible(row.ExternalID) {
		return internalError()
	}
	row.CreatedAt = c.srv.stamp()
	stored := newCustomerRow(row, polarrules.Stored(sent))
	c.write(func(s *store) { s.putCustomer(stored) })
	if !c.srv.orgs[orgID].WithoutMembers {
		owner, _ := values["owner"].(map[string]any)
		m := ownerOf(stored, owner)
		c.write(func(s *store) { s.putMember(m) })
		c.srv.sendMemberEvent("member.created", m)
	}
	c.srv.sendCustomerEvent("customer.created", stored.ID)
	return customerResponse(http.StatusCreated, c.db, stored, sent)
}

// maxIndexed is roughly the length of the longest external ID that the database can
// index.
const maxIndexed = 2700

// incompressible reports whether the database cannot compress s enough for its
// index. A string of few distinct characters compresses well.
func incompressible(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) > 16
}

// ownerOf returns the owner member of a new customer: the one in the request,
// or else a copy of the customer's data.
func ownerOf(row *customerRow, given map[string]any) *Member {
	m := &Member{ID: newUUID(), CustomerID: row.ID, CreatedAt: row.CreatedAt, Role: polarrules.Owner}
	if given != nil {
		m.Email, m.Name, m.ExternalID = text(given["email"]), text(given["name"]), text(given["external_id"])
		return m
	}
	m.Email, m.Name, m.ExternalID = row.Email, row.Name, row.ExternalID
	return m
}

// newCustomerOrganization resolves the organization of a new customer.
func (c *call) newCustomerOrganization(given string) (string, *response) {
	at := pydantic.Loc("body", "organization_id")
	if !c.who.User {
		if given != "" {
			return "", businessError(pydantic.Problem{Type: "organization_token", Loc: at, Msg: "Setting organization_id is disallowed when using an organization token.", Input: given})
		}
		return c.who.Organizations[0], nil
	}
	switch {
	case given == "" && c.req.Header.Get("Polar-Organization") != "" && len(c.who.Organizations) == 1:
		given = c.who.Organizations[0]
	case given == "":
		return "", businessError(pydantic.Problem{Type: "missing", Loc: at, Msg: "organization_id is required."})
	case !c.who.sees(given) || c.srv.orgs[given] == nil:
		return "", businessError(refuse("Organization not found.", given, "organization_id"))
	}
	if !c.who.mayManage() {
		return "", cannotManage()
	}
	return given, nil
}

// duplicates reports the email address and the external ID of row if another customer
// of the organization already has them.
func (c *call) duplicates(row *Customer, email, externalID bool) (problems []pydantic.Problem) {
	o := c.srv.db.primary.org(row.OrganizationID)
	if other := o.byEmail[strings.ToLower(row.Email)]; email && other != nil && other.ID != row.ID {
		problems = append(problems, refuse("A customer with this email address already exists.", row.Email, "email"))
	}
	if other := o.byExternal[row.ExternalID]; externalID && other != nil && other.ID != row.ID {
		problems = append(problems, refuse("A customer with this external ID already exists.", row.ExternalID, "external_id"))
	}
	return problems
}

func updateCustomer(c *call) func(*customerRow) *response { return patchCustomer(c, false) }

func updateCustomerExternal(c *call) func(*customerRow) *response { return patchCustomer(c, true) }

func patchCustomer(c *call, external bool) func(*customerRow) *response {
	values, bad := c.srv.bodies.UpdateCustomer(c.body, external)
	c.badBody = bad
	return func(row *customerRow) *response {
		if !c.who.mayManage() {
			return cannotManage()
		}
		p := &patch{call: c, values: values, old: row, row: row.Customer, metadata: row.metadata, shown: row.metadata}
		return p.run()
	}
}

// patch is a change of a customer in progress.
type patch struct {
	*call
	values map[string]any
	old    *customerRow
	row    Customer
	// metadata is the metadata to store, and shown the metadata of the response.
	metadata, shown *python.Object
	problems        []pydantic.Problem
	// touched is set once a column is written, even if the value is the same.
	touched, emailChanged bool
}

func (p *patch) refuse(field, msg string, input any) {
	p.problems = append(p.problems, refuse(msg, input, field))
}

func (p *patch) run() *response {
	p.email()
	p.address()
	if resp := p.externalID(); resp != nil {
		return resp
	}
	p.kind()
	if len(p.problems) > 0 {
		return businessError(p.problems...)
	}
	if bad := p.taxID(); bad != nil {
		return businessError(*bad)
	}
	p.plain()
	if !storableAddress(p.row.BillingAddress) || !polarrules.Storable(p.metadata) {
		return internalError()
	}
	p.metadata = polarrules.Stored(p.metadata)
	row := p.old
	if p.touched {
		p.row.ModifiedAt = p.srv.stamp()
		row = newCustomerRow(p.row, p.metadata)
		p.write(func(s *store) { s.putCustomer(row) })
	}
	if p.emailChanged && row.Type == polarrules.Individual {
		p.followEmail(row)
	}
	if p.touched {
		p.srv.sendCustomerEvent("customer.updated", row.ID)
	}
	return customerResponse(http.StatusOK, p.db, row, p.shown)
}

// email changes the address unless it is null or differs only in case.
func (p *patch) email() {
	email := text(p.values["email"])
	if email == "" || strings.EqualFold(email, p.row.Email) {
		return
	}
	p.row.Email = email
	if taken := p.duplicates(&p.row, true, false); taken != nil {
		p.problems = append(p.problems, taken...)
		return
	}
	p.row.EmailVerified = false
	p.touched, p.emailChanged = true, true
}

func (p *patch) address() {
	if _, given := p.values["billing_address"]; !given {
		return
	}
	address := billingAddress(p.values)
	if address == nil {
		p.refuse("billing_address", "Customer billing address cannot be reset to null once set.", nil)
		return
	}
	p.row.BillingAddress = address
	p.touched = true
}

// externalID sets an external ID for the first time. If the email address is
// taken too, the service fails.
func (p *patch) externalID() *response {
	v, given := p.values["external_id"]
	if !given {
		return nil
	}
	id := text(v)
	if p.old.ExternalID != "" {
		if id != p.old.ExternalID {
			p.refuse("external_id", "Customer external ID cannot be updated.", v)
		} else {
			p.touched = true
		}
		return nil
	}
	p.touched = true
	if id == "" {
		return nil
	}
	if len(p.problems) > 0 && p.problems[0].Loc[1] == "email" {
		return internalError()
	}
	p.row.ExternalID = id
	p.problems = append(p.problems, p.duplicates(&p.row, false, true)...)
	return nil
}

func (p *patch) kind() {
	v, given := p.values["type"]
	switch kind := text(v); {
	case !given:
	case kind == "":
		if p.old.Type == polarrules.Team {
			p.refuse("type", "Customer type cannot be downgraded from 'team' to 'individual'.", v)
		}
		p.touched = true
	case kind == p.old.Type:
	case kind == polarrules.Individual:
		p.refuse("type", "Customer type cannot be downgraded from 'team' to 'individual'.", v)
	default:
		p.row.Type = kind
		p.touched = true
	}
}

// taxID checks a new number, or the stored one against a new address.
func (p *patch) taxID() *pydantic.Problem {
	v, given := p.values["tax_id"]
	if !given {
		if _, moved := p.values["billing_address"]; !moved || p.row.TaxID == nil {
			return nil
		}
		tax, bad := checkTaxID(p.row.TaxID.Value, p.row.BillingAddress)
		if bad == nil {
			p.row.TaxID = tax
		}
		return bad
	}
	p.touched = true
	number := text(v)
	if number == "" {
		p.row.TaxID = nil
		return nil
	}
	tax, bad := checkTaxID(number, p.row.BillingAddress)
	if bad == nil {
		p.row.TaxID = tax
	}
	return bad
}

// plain sets the fields that have no rules of their own.
func (p *patch) plain() {
	if v, given := p.values["name"]; given {
		p.row.Name, p.touched = text(v), true
	}
	if v, given := p.values["locale"]; given {
		p.row.Locale, p.touched = text(v), true
	}
	if m, ok := p.values["metadata"].(*python.Object); ok {
		p.metadata, p.shown, p.touched = m, m, true
	}
}

// followEmail gives the owner of an individual customer its new address.
func (p *patch) followEmail(row *customerRow) {
	owner := p.db.owner(row.ID)
	if owner == nil {
		return
	}
	m := *owner
	m.Email, m.ModifiedAt = row.Email, p.srv.stamp()
	p.write(func(s *store) { s.putMember(&m) })
}

func deleteCustomer(c *call) func(*customerRow) *response {
	anonymize, _ := c.query.Bool("anonymize")
	return func(row *customerRow) *response {
		if !c.who.mayManage() {
			return cannotManage()
		}
		now := c.srv.stamp()
		next := row.Customer
		next.DeletedAt, next.ModifiedAt, next.ExternalID = now, now, ""
		metadata := row.metadata
		if anonymize {
			metadata = anonymized(&next, row, now)
		}
		gone := newCustomerRow(next, metadata)
		for _, m := range c.db.membersOf[row.ID] {
			c.srv.sendMemberEvent("member.deleted", m)
		}
		c.write(func(s *store) { remove(s, gone) })
		c.srv.endAll(row.ID, now)
		c.srv.sendCustomerEvent("customer.deleted", row.ID)
		return noContent()
	}
}

// remove stores a deleted customer and deletes its members.
func remove(s *store, gone *customerRow) {
	s.putCustomer(gone)
	for _, m := range s.membersOf[gone.ID] {
		s.dropMember(m.ID)
	}
}

const anonymizedKey = "__anonymized_at"

// anonymized removes personal data from a customer that is being deleted. A tax
// ID stays, and so does the name next to it, because invoices need them.
func anonymized(next *Customer, row *customerRow, now time.Time) *python.Object {
	metadata := python.NewObject()
	for _, k := range row.metadata.Keys() {
		metadata.Set(k, row.metadata.Value(k))
	}
	if row.ExternalID != "" {
		metadata.Set(externalIDKey, row.ExternalID)
	}
	if _, done := metadata.Get(anonymizedKey); !done {
		hash := func(v string) string {
			return fmt.Sprintf("%x", sha256.Sum256([]byte(fmt.Sprint(row.CreatedAt.UnixMicro())+v)))
		}
		if next.Email != "" {
			next.Email = hash(next.Email) + "@anonymized.polar.sh"
		}
		next.EmailVerified = false
		if next.Name != "" && next.TaxID == nil {
			next.Name = hash(next.Name)
		}
		if next.BillingName != "" {
			next.BillingName = hash(next.BillingName)
		}
		next.BillingAddress = nil
		metadata.Set(anonymizedKey, now.UTC().Format(time.RFC3339))
	}
	return polarrules.Stored(metadata)
}

// billingAddress returns the address among checked values, or nil.
func billingAddress(values map[string]any) *Address {
	a, _ := values["billing_address"].(*polarrules.Address)
	return (*Address)(a)
}

// storableAddress reports whether the database can store an address.
func storableAddress(a *Address) bool { return (*polarrules.Address)(a).Storable() }

// checkTaxID checks a number against the formats of an address's country.
func checkTaxID(number string, address *Address) (*TaxID, *pydantic.Problem) {
	t, bad := polarrules.CheckTaxID(number, (*polarrules.Address)(address))
	return (*TaxID)(t), bad
}

// text returns v if it is a string, and "" if it is null.
func text(v any) string {
	s, _ := v.(string)
	return s
}
