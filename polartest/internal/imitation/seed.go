package imitation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// Organization returns the server's first organization. It is the default of
// tokens and customers.
func (s *Server) Organization() Organization {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.orgs[s.orgOrder[0]]
}

// AddOrganization stores an organization and returns it with its defaults filled in.
func (s *Server) AddOrganization(o Organization) Organization {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	return s.addOrganization(o)
}

func (s *Server) addOrganization(o Organization) Organization {
	s.helper()
	s.fillID(&o.ID)
	orDefault(&o.Name, "Organization")
	orDefault(&o.Slug, "organization-"+o.ID[:min(8, len(o.ID))])
	orDefault(&o.CreatedAt, s.clock.time().Truncate(time.Microsecond))
	if s.orgs[o.ID] == nil {
		s.orgOrder = append(s.orgOrder, o.ID)
	}
	s.orgs[o.ID] = &o
	return o
}

// Token adds an organization token of the first organization with the given scopes, or
// with all scopes if none are given.
func (s *Server) Token(scopes ...string) string { return s.AddToken(Token{Scopes: scopes}) }

// ExpiredToken adds an expired token. Requests with it fail with 401.
func (s *Server) ExpiredToken() string { return s.AddToken(Token{Expired: true}) }

// RevokedToken adds a revoked token. Requests with it fail with 401. The service does
// not distinguish expired and revoked tokens.
func (s *Server) RevokedToken() string { return s.AddToken(Token{Revoked: true}) }

// AddToken adds a token of any kind and returns its value.
func (s *Server) AddToken(t Token) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.Value == "" {
		t.Value = tokenValue(t)
	}
	if t.Scopes == nil {
		t.Scopes = allScopes()
	}
	if len(t.Organizations) == 0 {
		t.Organizations = s.orgOrder[:1]
	}
	t.Organizations = slices.Clone(t.Organizations)
	s.tokens[t.Value] = t
	return t.Value
}

// RevokeToken revokes a token.
func (s *Server) RevokeToken(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tokens[value]; ok {
		t.Revoked = true
		s.tokens[value] = t
	}
}

// fillID sets a random ID, or checks the given one.
func (s *Server) fillID(id *string) {
	s.helper()
	if *id == "" {
		*id = newUUID()
		return
	}
	if _, p := pydantic.CheckUUID(*id, nil, true); p != nil {
		s.misuse("seed with ID %q: want a version 4 UUID", *id)
	}
	*id = strings.ToLower(*id)
}

// misuse reports a mistake of the test, which fails immediately. Without a test, Close
// returns the mistake. The caller holds the lock.
func (s *Server) misuse(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	if s.t == nil {
		s.problems = append(s.problems, err)
		return
	}
	s.helper()
	s.t.Fatalf("polartest: %v", err)
}

func orDefault[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// AddCustomer stores a customer as if it had existed before the test, and returns it
// with its defaults filled in. A customer that the service would refuse fails the test,
// for instance if the email address is taken or is in a domain that accepts no mail,
// such as example.com. The tax ID is stored unchecked.
func (s *Server) AddCustomer(c Customer) Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	s.fillID(&c.ID)
	s.sequence++
	orDefault(&c.OrganizationID, s.orgOrder[0])
	orDefault(&c.Type, polarrules.Individual)
	if c.Email == "" && c.Type == polarrules.Individual {
		c.Email = fmt.Sprintf("customer-%d@polar.sh", s.sequence)
	}
	metadata := fromGo(c.Metadata)
	if err := s.checkSeed(&c, metadata); err != nil {
		s.misuse("AddCustomer: %w", err)
		return c
	}
	if c.CreatedAt.IsZero() {
		c.CreatedAt = s.stamp()
	}
	c.CreatedAt = c.CreatedAt.Truncate(time.Microsecond)
	c.DeletedAt = time.Time{}
	org := s.orgs[c.OrganizationID]
	if org == nil {
		s.misuse("AddCustomer: no organization %s; add it with AddOrganization", c.OrganizationID)
		return c
	}
	o := s.db.primary.org(c.OrganizationID)
	if c.Email != "" && o.byEmail[strings.ToLower(c.Email)] != nil || c.ExternalID != "" && o.byExternal[c.ExternalID] != nil {
		s.misuse("AddCustomer: email address %q or external ID %q is taken", c.Email, c.ExternalID)
		return c
	}
	row := newCustomerRow(c, polarrules.Stored(metadata))
	s.seed(func(db *store) { db.putCustomer(row) })
	if !org.WithoutMembers && !c.WithoutOwner && c.Email != "" {
		m := ownerOf(row, nil)
		s.seed(func(db *store) { db.putMember(m) })
		s.sendMemberEvent("member.created", m)
	}
	s.sendCustomerEvent("customer.created", c.ID)
	return c
}

// checkSeed applies the rules for new customers to c, and gives c the form in which the
// service stores it.
func (s *Server) checkSeed(c *Customer, metadata *python.Object) error {
	if s.opts.uncheckedSeeds {
		return nil
	}
	fields := map[string]*string{"email": &c.Email, "name": &c.Name, "external_id": &c.ExternalID, "locale": &c.Locale}
	body := python.NewObject("type", c.Type, "metadata", metadata)
	for name, field := range fields {
		if *field != "" {
			body.Set(name, *field)
		}
	}
	if c.Email == "" {
		body.Set("owner", python.NewObject("email", "owner@polar.sh")) // a team needs one of the two
	}
	if c.BillingAddress != nil {
		body.Set("billing_address", addressObject(c.BillingAddress))
	}
	values, _, problems := s.bodies.CreateCustomer(body)
	if len(problems) > 0 {
		return seedError(problems)
	}
	for name, field := range fields {
		*field = text(values[name])
	}
	c.BillingAddress = billingAddress(values)
	return nil
}

// seedError returns the problems of a seed as an error.
func seedError(problems []pydantic.Problem) error {
	var errs []error
	for _, p := range problems {
		where := make([]string, len(p.Loc))
		for i, part := range p.Loc {
			where[i] = fmt.Sprint(part)
		}
		errs = append(errs, fmt.Errorf("%s: %s", strings.Join(where, "."), p.Msg))
	}
	return errors.Join(errs...)
}

// seed applies a change to the primary and the replica: seeds do not lag.
func (s *Server) seed(apply func(*store)) {
	apply(s.db.primary)
	if s.db.replica != s.db.primary {
		apply(s.db.replica)
	}
}

// fillRow fills in the fields that all rows of a customer have. It reports whether the
// customer exists.
func (s *Server) fillRow(what string, id *string, customerID string, created *time.Time) bool {
	s.helper()
	s.fillID(id)
	if created.IsZero() {
		*created = s.stamp()
	}
	*created = created.Truncate(time.Microsecond)
	if s.db.primary.customer(customerID) == nil {
		s.misuse("%s: no customer %q; add it with AddCustomer", what, customerID)
		return false
	}
	return true
}

// addToState stores a part of a customer's state and sends the event about it.
func (s *Server) addToState(what string, id *string, customerID string, created *time.Time, store func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	if s.fillRow(what, id, customerID, created) {
		store()
		s.sendStateEvent(customerID)
	}
}

// AddMember stores a member and returns it with its defaults filled in.
func (s *Server) AddMember(m Member) Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	if !s.fillRow("AddMember", &m.ID, m.CustomerID, &m.CreatedAt) {
		return m
	}
	s.sequence++
	orDefault(&m.Email, fmt.Sprintf("member-%d@polar.sh", s.sequence))
	if email, problems := s.bodies.Email(m.Email); problems == nil {
		m.Email = email
	} else if !s.opts.uncheckedSeeds {
		s.misuse("AddMember: %w", seedError(problems))
		return m
	}
	orDefault(&m.Role, polarrules.PlainMember)
	if m.Role == polarrules.Owner && s.db.primary.owner(m.CustomerID) != nil {
		s.misuse("AddMember: customer %s has an owner already; add it with WithoutOwner", m.CustomerID)
		return m
	}
	row := m
	s.seed(func(db *store) { db.putMember(&row) })
	s.sendMemberEvent("member.created", &row)
	return m
}

// AddPaymentMethod stores a payment method and returns it with its defaults filled in.
// A card without details is a Visa card.
func (s *Server) AddPaymentMethod(m PaymentMethod) PaymentMethod {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	if !s.fillRow("AddPaymentMethod", &m.ID, m.CustomerID, &m.CreatedAt) {
		return m
	}
	if m.Type == "" {
		m.Type = "card"
		if m.Card == nil {
			m.Card = &Card{Brand: "visa", Last4: "4242", ExpMonth: 12, ExpYear: s.clock.time().Year() + 3}
		}
	}
	row := m
	s.seed(func(db *store) { db.putMethod(&row) })
	if m.Default {
		old := s.db.primary.customer(m.CustomerID)
		next := old.Customer
		next.DefaultPaymentMethodID = m.ID
		owner := newCustomerRow(next, old.metadata)
		s.seed(func(db *store) { db.putCustomer(owner) })
	}
	return m
}

// AddSubscription stores a subscription and returns it with its defaults filled in.
func (s *Server) AddSubscription(v Subscription) Subscription {
	s.helper()
	s.addToState("AddSubscription", &v.ID, v.CustomerID, &v.CreatedAt, func() {
		s.helper()
		s.fillID(&v.ProductID)
		s.fillID(&v.PriceID)
		orDefault(&v.Status, "active")
		orDefault(&v.Currency, "usd")
		orDefault(&v.RecurringInterval, "month")
		orDefault(&v.CurrentPeriodStart, v.CreatedAt)
		orDefault(&v.CurrentPeriodEnd, v.CurrentPeriodStart.AddDate(0, 1, 0))
		orDefault(&v.StartedAt, v.CreatedAt)
		v.Meters = slices.Clone(v.Meters)
		for i := range v.Meters {
			m := &v.Meters[i]
			s.fillID(&m.ID)
			s.fillID(&m.MeterID)
			orDefault(&m.CreatedAt, v.CreatedAt)
		}
		s.seedSubscription(&v)
	})
	return v
}

// AddGrant grants a benefit and returns the grant with its defaults filled in.
func (s *Server) AddGrant(v Grant) Grant {
	s.helper()
	s.addToState("AddGrant", &v.ID, v.CustomerID, &v.CreatedAt, func() {
		s.helper()
		s.fillID(&v.BenefitID)
		orDefault(&v.Type, "custom")
		if !v.Pending {
			orDefault(&v.GrantedAt, v.CreatedAt)
		}
		s.seedGrant(&v)
	})
	return v
}

// AddMeter stores a customer's meter and returns it with its defaults filled in.
func (s *Server) AddMeter(v Meter) Meter {
	s.helper()
	s.addToState("AddMeter", &v.ID, v.CustomerID, &v.CreatedAt, func() {
		s.helper()
		s.fillID(&v.MeterID)
		s.seedMeter(&v)
	})
	return v
}

// Customer returns the stored customer with an ID, even if it is deleted, and whether
// it exists.
func (s *Server) Customer(id string) (Customer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.db.primary.customers[id]
	if row == nil {
		return Customer{}, false
	}
	return exportCustomer(row), true
}

func exportCustomer(row *customerRow) Customer {
	c := row.Customer
	if row.metadata.Len() > 0 {
		c.Metadata = toGo(row.metadata).(map[string]any)
	}
	return c
}

// Customers returns all customers that are not deleted, oldest first.
func (s *Server) Customers() []Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Customer
	for _, id := range s.orgOrder {
		for _, row := range s.db.primary.org(id).byTime {
			list = append(list, exportCustomer(row))
		}
	}
	return list
}

// Members returns a customer's members, oldest first.
func (s *Server) Members(customerID string) []Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Member
	for _, m := range s.db.primary.membersOf[customerID] {
		list = append(list, *m)
	}
	return list
}
