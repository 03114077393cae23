package imitation

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/polarexpress/polar-go/internal/python"
)

// snapshot is the form in which a server is saved.
type snapshot struct {
	Organizations  []Organization     `json:"organizations,omitempty"`
	Customers      []snapshotCustomer `json:"customers"`
	Members        []Member           `json:"members,omitempty"`
	PaymentMethods []PaymentMethod    `json:"payment_methods,omitempty"`
	Subscriptions  []Subscription     `json:"subscriptions,omitempty"`
	Grants         []Grant            `json:"grants,omitempty"`
	Meters         []Meter            `json:"meters,omitempty"`
	Objects        []snapshotObject   `json:"objects,omitempty"`
	// Tokens are read but never written.
	Tokens []Token `json:"tokens,omitempty"`
}

// snapshotCustomer keeps metadata exactly as stored, so that 1.0 does not become 1.
type snapshotCustomer struct {
	Customer
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// Save writes the server's organizations, their customers and all other objects as
// JSON. It leaves out deleted customers, tokens and scripted failures.
func (s *Server) Save(w io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := snapshot{Customers: []snapshotCustomer{}}
	db := s.db.primary
	for _, id := range s.orgOrder {
		out.Organizations = append(out.Organizations, *s.orgs[id])
		for _, row := range db.org(id).byTime {
			c := snapshotCustomer{Customer: row.Customer}
			c.WithoutOwner = true // the owner is among the members
			if row.metadata.Len() > 0 {
				c.Metadata = python.MarshalJSON(row.metadata)
			}
			out.Customers = append(out.Customers, c)
			out.Members = appendValues(out.Members, db.membersOf[row.ID])
			out.PaymentMethods = appendValues(out.PaymentMethods, db.methods[row.ID])
		}
	}
	out.Objects = saveObjects(db)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func appendValues[T any](list []T, rows []*T) []T {
	for _, row := range rows {
		list = append(list, *row)
	}
	return list
}

// Load adds the objects of a file that Save wrote. A hand-written file may also have
// tokens. If nothing has been added to the server yet, the first organization of the
// file replaces the server's first organization, whose tokens and webhooks move to it.
func (s *Server) Load(r io.Reader) error {
	s.helper()
	dec := json.NewDecoder(r)
	dec.UseNumber()
	var in snapshot
	if err := dec.Decode(&in); err != nil {
		return fmt.Errorf("polartest: load: %w", err)
	}
	before := s.problemCount()
	for i, o := range in.Organizations {
		s.loadOrganization(o, i == 0)
	}
	for _, t := range in.Tokens {
		s.AddToken(t)
	}
	for _, c := range in.Customers {
		if err := s.loadCustomer(c); err != nil {
			return err
		}
	}
	for _, v := range in.Members {
		s.AddMember(v)
	}
	for _, v := range in.PaymentMethods {
		s.AddPaymentMethod(v)
	}
	for _, v := range in.Subscriptions {
		s.AddSubscription(v)
	}
	for _, v := range in.Grants {
		s.AddGrant(v)
	}
	for _, v := range in.Meters {
		s.AddMeter(v)
	}
	if err := s.loadObjects(in.Objects); err != nil {
		return err
	}
	return s.takeProblems("load", before)
}

func (s *Server) loadCustomer(c snapshotCustomer) error {
	if len(c.Metadata) > 0 {
		v, err := python.ParseJSON(c.Metadata)
		o, ok := v.(*python.Object)
		if err != nil || !ok {
			return fmt.Errorf("polartest: load: metadata of customer %s is not an object", c.ID)
		}
		c.Customer.Metadata = map[string]any{}
		for _, k := range o.Keys() {
			c.Customer.Metadata[k] = o.Value(k)
		}
	}
	s.AddCustomer(c.Customer)
	return nil
}

// loadOrganization adds an organization. The first one of a file replaces that
// of an empty server.
func (s *Server) loadOrganization(o Organization, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.orgOrder[0]
	if !first || o.ID == "" || o.ID == old || len(s.db.primary.customers)+len(s.db.primary.shop.rows) > 0 {
		s.addOrganization(o)
		return
	}
	delete(s.orgs, old)
	s.orgOrder = s.orgOrder[1:]
	s.addOrganization(o)
	for value, t := range s.tokens {
		for i, id := range t.Organizations {
			if id == old {
				t.Organizations[i] = o.ID
			}
		}
		s.tokens[value] = t
	}
	for _, e := range s.endpoints {
		if e.hook.OrganizationID == old {
			e.hook.OrganizationID = o.ID
		}
	}
}

func (s *Server) problemCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.problems)
}

// takeProblems removes the problems from index since on, and returns the first of them.
func (s *Server) takeProblems(what string, since int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.problems) <= since {
		return nil
	}
	err := s.problems[since]
	s.problems = s.problems[:since]
	return fmt.Errorf("polartest: %s: %w", what, err)
}
