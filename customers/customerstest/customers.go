package customerstest

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	typeIndividual = "individual"
	typeTeam       = "team"
)

// onCustomer prepares an operation on one customer: it checks query and body
// and returns what is to be done once the customer is found.
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

// byExternalID finds the customer by its external ID. Two customers with the
// same one in two organizations of a user's token are a fault of the service,
// which clients meet: it answers 500.
func byExternalID(prepare onCustomer) func(*call) *response {
	return func(c *call) *response {
		run := prepare(c)
		if resp := c.invalid(); resp != nil {
			return resp
		}
		if strings.ContainsRune(c.params["external_id"], 0) {
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

// withExternalID returns the live customers that bear an external ID.
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
		return jsonResponse(http.StatusOK, customerObject(c.db, row, row.metadata))
	}
}

// checkCreate checks the body of a new customer. The type decides which of
// two forms it must have.
func (f *forms) checkCreate(body any) (values map[string]any, kind string, problems []problem) {
	in, bad := bodyObject(body)
	if bad != nil {
		if _, isList := body.([]any); body != nil || isList {
			bad = untyped(body)
		}
		return nil, "", bad
	}
	kind = typeIndividual
	if v, given := in.get("type"); given {
		if s, ok := v.(string); !ok || s != typeIndividual && s != typeTeam {
			return nil, "", []problem{badTag(in, v)}
		}
		kind = v.(string)
	}
	fields := f.createIndividual
	if kind == typeTeam {
		fields = f.createTeam
	}
	at := loc("body", kind)
	values, problems = fields.apply(in, at)
	if kind == typeTeam && len(problems) == 0 && values["email"] == nil && values["owner"] == nil {
		problems = append(problems, valueError(in, at, "An owner with an email address is required when creating a team customer without an email."))
	}
	return values, kind, problems
}

// untyped is what a body gets that is no object: it is taken for that of an
// individual.
func untyped(body any) []problem {
	return []problem{{
		typ: "model_attributes_type", loc: loc("body", typeIndividual),
		msg: "Input should be a valid dictionary or object to extract fields from", input: body,
	}}
}

func badTag(in *object, tag any) problem {
	const discriminator, expected = "_customer_create_type()", "'individual', 'team'"
	shown := pythonStr(tag)
	return problem{
		typ: "union_tag_invalid", loc: loc("body"),
		msg:   fmt.Sprintf("Input tag '%s' found using %s does not match any of the expected tags: %s", shown, discriminator, expected),
		input: in, ctx: obj("discriminator", discriminator, "tag", shown, "expected_tags", expected),
	}
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func createCustomer(c *call) *response {
	values, kind, problems := c.srv.forms.checkCreate(c.body)
	c.badBody = problems
	if resp := c.invalid(); resp != nil {
		return resp
	}
	orgID, resp := c.newCustomerOrganization(str(values["organization_id"]))
	if resp != nil {
		return resp
	}
	row := Customer{
		ID: newUUID(), OrganizationID: orgID, Type: kind, Email: str(values["email"]), Name: str(values["name"]),
		ExternalID: str(values["external_id"]), Locale: str(values["locale"]),
	}
	row.BillingAddress, _ = values["billing_address"].(*Address)
	if taken := c.taken(&row, row.Email != "", row.ExternalID != ""); taken != nil {
		return businessError(taken...)
	}
	if number := str(values["tax_id"]); number != "" {
		tax, bad := validTaxID(number, row.BillingAddress)
		if bad != nil {
			return businessError(*bad)
		}
		row.TaxID = tax
	}
	sent := newObject()
	if m, ok := values["metadata"].(*object); ok {
		sent = m
	}
	if !storable(sent) || len(row.ExternalID) > maxIndexed && incompressible(row.ExternalID) {
		return internalError()
	}
	row.CreatedAt = c.srv.stamp()
	stored := newCustomerRow(row, stored(sent))
	c.write(func(s *store) { s.putCustomer(stored) })
	if !c.srv.orgs[orgID].WithoutMembers {
		owner, _ := values["owner"].(map[string]any)
		m := ownerOf(stored, owner)
		c.write(func(s *store) { s.putMember(m) })
		c.srv.tellMember("member.created", m)
	}
	c.srv.tellCustomer("customer.created", stored.ID)
	return jsonResponse(http.StatusCreated, customerObject(c.db, stored, sent))
}

// maxIndexed is the longest external ID that the database can index, roughly.
const maxIndexed = 2700

// incompressible tells whether the database could not squeeze s into its
// index. A string of few distinct characters is squeezed.
func incompressible(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) > 16
}

// ownerOf is the owner member of a new customer: what the request says, else
// a copy of the customer.
func ownerOf(row *customerRow, given map[string]any) *Member {
	m := &Member{ID: newUUID(), CustomerID: row.ID, CreatedAt: row.CreatedAt, Role: roleOwner}
	if given != nil {
		m.Email, m.Name, m.ExternalID = str(given["email"]), str(given["name"]), str(given["external_id"])
		return m
	}
	m.Email, m.Name, m.ExternalID = row.Email, row.Name, row.ExternalID
	return m
}

// newCustomerOrganization resolves the organization of a new customer.
func (c *call) newCustomerOrganization(given string) (string, *response) {
	at := loc("body", "organization_id")
	if !c.who.User {
		if given != "" {
			return "", businessError(problem{typ: "organization_token", loc: at, msg: "Setting organization_id is disallowed when using an organization token.", input: given})
		}
		return c.who.Organizations[0], nil
	}
	switch {
	case given == "" && c.req.Header.Get("Polar-Organization") != "" && len(c.who.Organizations) == 1:
		given = c.who.Organizations[0]
	case given == "":
		return "", businessError(problem{typ: "missing", loc: at, msg: "organization_id is required."})
	case !c.who.sees(given) || c.srv.orgs[given] == nil:
		return "", businessError(problem{typ: "value_error", loc: at, msg: "Organization not found.", input: given})
	}
	if !c.who.mayManage() {
		return "", cannotManage()
	}
	return given, nil
}

// taken reports the e-mail and external ID of row that another customer of
// the organization bears already.
func (c *call) taken(row *Customer, email, externalID bool) (problems []problem) {
	o := c.srv.db.primary.org(row.OrganizationID)
	if other := o.byEmail[strings.ToLower(row.Email)]; email && other != nil && other.ID != row.ID {
		problems = append(problems, problem{typ: "value_error", loc: loc("body", "email"), msg: "A customer with this email address already exists.", input: row.Email})
	}
	if other := o.byExternal[row.ExternalID]; externalID && other != nil && other.ID != row.ID {
		problems = append(problems, problem{typ: "value_error", loc: loc("body", "external_id"), msg: "A customer with this external ID already exists.", input: row.ExternalID})
	}
	return problems
}

func updateCustomer(c *call) func(*customerRow) *response {
	return patchCustomer(c, c.srv.forms.update)
}

func updateCustomerExternal(c *call) func(*customerRow) *response {
	return patchCustomer(c, c.srv.forms.updateExternal)
}

func patchCustomer(c *call, fields model) func(*customerRow) *response {
	in, bad := bodyObject(c.body)
	var values map[string]any
	if bad == nil {
		values, bad = fields.apply(in, loc("body"))
	}
	c.badBody = bad
	return func(row *customerRow) *response {
		if !c.who.mayManage() {
			return cannotManage()
		}
		p := &patch{call: c, values: values, old: row, row: row.Customer, metadata: row.metadata, shown: row.metadata}
		return p.run()
	}
}

// patch is a change of a customer under way.
type patch struct {
	*call
	values map[string]any
	old    *customerRow
	row    Customer
	// metadata is what will be stored, shown what the answer says.
	metadata, shown *object
	problems        []problem
	// touched is set once a column is written, if only with what it held.
	touched, emailChanged bool
}

func (p *patch) refuse(field, msg string, input any) {
	p.problems = append(p.problems, problem{typ: "value_error", loc: loc("body", field), msg: msg, input: input})
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
	if !storable(p.metadata) {
		return internalError()
	}
	p.metadata = stored(p.metadata)
	row := p.old
	if p.touched {
		p.row.ModifiedAt = p.srv.stamp()
		row = newCustomerRow(p.row, p.metadata)
		p.write(func(s *store) { s.putCustomer(row) })
	}
	if p.emailChanged && row.Type == typeIndividual {
		p.followEmail(row)
	}
	if p.touched {
		p.srv.tellCustomer("customer.updated", row.ID)
	}
	return jsonResponse(http.StatusOK, customerObject(p.db, row, p.shown))
}

// email changes the address unless it is null or differs in case only.
func (p *patch) email() {
	email := str(p.values["email"])
	if email == "" || strings.EqualFold(email, p.row.Email) {
		return
	}
	p.row.Email = email
	if taken := p.taken(&p.row, true, false); taken != nil {
		p.problems = append(p.problems, taken...)
		return
	}
	p.row.EmailVerified = false
	p.touched, p.emailChanged = true, true
}

func (p *patch) address() {
	v, given := p.values["billing_address"]
	if !given {
		return
	}
	address, _ := v.(*Address)
	if address == nil {
		p.refuse("billing_address", "Customer billing address cannot be reset to null once set.", nil)
		return
	}
	p.row.BillingAddress = address
	p.touched = true
}

// externalID sets an external ID that was not set before. Together with a
// taken e-mail address a taken external ID makes the service fail.
func (p *patch) externalID() *response {
	v, given := p.values["external_id"]
	if !given {
		return nil
	}
	id := str(v)
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
	if len(p.problems) > 0 && p.problems[0].loc[1] == "email" {
		return internalError()
	}
	p.row.ExternalID = id
	p.problems = append(p.problems, p.taken(&p.row, false, true)...)
	return nil
}

func (p *patch) kind() {
	v, given := p.values["type"]
	switch kind := str(v); {
	case !given:
	case kind == "":
		if p.old.Type == typeTeam {
			p.refuse("type", "Customer type cannot be downgraded from 'team' to 'individual'.", v)
		}
		p.touched = true
	case kind == p.old.Type:
	case kind == typeIndividual:
		p.refuse("type", "Customer type cannot be downgraded from 'team' to 'individual'.", v)
	default:
		p.row.Type = kind
		p.touched = true
	}
}

// taxID checks a new number, or the stored one against a new address.
func (p *patch) taxID() *problem {
	v, given := p.values["tax_id"]
	if !given {
		if _, moved := p.values["billing_address"]; !moved || p.row.TaxID == nil {
			return nil
		}
		tax, bad := validTaxID(p.row.TaxID.Value, p.row.BillingAddress)
		if bad == nil {
			p.row.TaxID = tax
		}
		return bad
	}
	p.touched = true
	number := str(v)
	if number == "" {
		p.row.TaxID = nil
		return nil
	}
	tax, bad := validTaxID(number, p.row.BillingAddress)
	if bad == nil {
		p.row.TaxID = tax
	}
	return bad
}

// plain sets the fields that have no rules of their own.
func (p *patch) plain() {
	if v, given := p.values["name"]; given {
		p.row.Name, p.touched = str(v), true
	}
	if v, given := p.values["locale"]; given {
		p.row.Locale, p.touched = str(v), true
	}
	if m, ok := p.values["metadata"].(*object); ok {
		p.metadata, p.shown, p.touched = m, m, true
	}
}

// followEmail gives an individual's owner the customer's new address.
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
	anonymize, _ := c.query.boolean("anonymize")
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
			c.srv.tellMember("member.deleted", m)
		}
		c.write(func(s *store) { remove(s, gone, now) })
		c.srv.tellCustomer("customer.deleted", row.ID)
		return &response{status: http.StatusNoContent, contentType: jsonType}
	}
}

// remove stores a deleted customer, and what its deletion entails: members
// go, subscriptions are cancelled, grants revoked.
func remove(s *store, gone *customerRow, now time.Time) {
	s.putCustomer(gone)
	for _, m := range s.membersOf[gone.ID] {
		s.dropMember(m.ID)
	}
	for _, sub := range s.subs[gone.ID] {
		if activeInList[sub.Status] {
			v := *sub
			v.Status, v.CanceledAt, v.EndsAt, v.ModifiedAt = "canceled", now, now, now
			s.setSubscription(&v)
		}
	}
	s.setGrants(gone.ID, nil)
}

const anonymizedKey = "__anonymized_at"

// anonymized scrubs a customer that is being deleted. The tax ID stays, and
// with it the name, which invoices need.
func anonymized(next *Customer, row *customerRow, now time.Time) *object {
	metadata := newObject()
	for _, k := range row.metadata.keys {
		metadata.set(k, row.metadata.values[k])
	}
	if row.ExternalID != "" {
		metadata.set("__external_id", row.ExternalID)
	}
	if _, done := metadata.get(anonymizedKey); !done {
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
		metadata.set(anonymizedKey, now.UTC().Format(time.RFC3339))
	}
	return stored(metadata)
}
