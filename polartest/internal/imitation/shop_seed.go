package imitation

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/polarexpress/polar-go/internal/python"
)

// insertAs stores an object with a given ID and time of creation, as a seed.
func (s *Server) insertAs(k kind, id, org, customer string, created time.Time, data *python.Object) *row {
	r := newRow(k, id, org, customer, created)
	setAll(r.data, pairsOf(data))
	s.seedRow(r)
	return r
}

// seedRow stores an object as a seed.
func (s *Server) seedRow(r *row) {
	s.seed(func(db *store) { db.shop.put(r) })
	s.agenda.add(r)
}

// orgOf is the organization of a customer.
func (s *Server) orgOf(customerID string) string {
	return s.db.primary.customers[customerID].OrganizationID
}

// seedSubscription stores a subscription, and its product if there is none.
func (s *Server) seedSubscription(v *Subscription) {
	org := s.orgOf(v.CustomerID)
	price := python.NewObject("created_at", timestamp(v.CreatedAt), "modified_at", nil, "id", v.PriceID, "source", "catalog", "amount_type", "fixed",
		"price_currency", v.Currency, "tax_behavior", nil, "is_archived", false, "product_id", v.ProductID, "type", "recurring",
		"recurring_interval", v.RecurringInterval, "price_amount", v.Amount)
	if product := s.db.primary.shop.get(kindProduct, v.ProductID); product == nil {
		s.insertAs(kindProduct, v.ProductID, org, "", v.CreatedAt, python.NewObject("name", "Product", "recurring_interval", v.RecurringInterval,
			"recurring_interval_count", 1, "is_recurring", true, "prices", []any{price}))
	}
	data := subscriptionObject(v)
	data.Set("prices", []any{price})
	for _, m := range v.Meters {
		s.seedMeterDefinition(m.MeterID, org, m.CreatedAt)
	}
	s.insertAs(kindSubscription, v.ID, org, v.CustomerID, v.CreatedAt, data)
}

// seedGrant stores a grant, and its benefit if there is none.
func (s *Server) seedGrant(v *Grant) {
	org := s.orgOf(v.CustomerID)
	if s.db.primary.shop.get(kindBenefit, v.BenefitID) == nil {
		s.insertAs(kindBenefit, v.BenefitID, org, "", v.CreatedAt, python.NewObject("type", v.Type, "description", "Benefit", "metadata", fromGo(v.Metadata)))
	}
	s.insertAs(kindGrant, v.ID, org, v.CustomerID, v.CreatedAt, python.NewObject("modified_at", timestamp(v.ModifiedAt), "granted_at", timestamp(v.GrantedAt),
		"is_granted", !v.Pending, "benefit_id", v.BenefitID, "properties", fromGo(v.Properties)))
}

// seedMeter stores a customer's meter, and the meter if there is none.
func (s *Server) seedMeter(v *Meter) {
	org := s.orgOf(v.CustomerID)
	s.seedMeterDefinition(v.MeterID, org, v.CreatedAt)
	s.insertAs(kindCustomerMeter, v.ID, org, v.CustomerID, v.CreatedAt, python.NewObject("modified_at", timestamp(v.ModifiedAt), "meter_id", v.MeterID,
		"consumed_units", v.ConsumedUnits, "credited_units", v.CreditedUnits, "balance", v.Balance))
}

func (s *Server) seedMeterDefinition(id, org string, created time.Time) {
	if s.db.primary.shop.get(kindMeter, id) == nil {
		s.insertAs(kindMeter, id, org, "", created, python.NewObject("name", "Meter",
			"filter", python.NewObject("conjunction", "and", "clauses", []any{}), "aggregation", python.NewObject("func", "count")))
	}
}

// endAll cancels the subscriptions and revokes the grants of a deleted customer.
func (s *Server) endAll(customerID string, now time.Time) {
	of := s.db.primary.shop.of
	for _, r := range slices.Clone(of[owner{kindSubscription, customerID}]) {
		if activeInList[r.text("status")] {
			s.change(r, "status", "canceled", "canceled_at", timestamp(now), "ends_at", timestamp(now), "ended_at", timestamp(now))
		}
	}
	for _, r := range slices.Clone(of[owner{kindGrant, customerID}]) {
		if r.is("is_granted") {
			s.change(r, "is_granted", false, "granted_at", nil, "is_revoked", true, "revoked_at", timestamp(now))
		}
	}
}

// snapshotObject is a saved object of the shop.
type snapshotObject struct {
	Kind         kind            `json:"kind"`
	Organization string          `json:"organization_id,omitempty"`
	Customer     string          `json:"customer_id,omitempty"`
	Data         json.RawMessage `json:"data"`
	Hidden       json.RawMessage `json:"hidden,omitempty"`
}

func saveObjects(db *store) (objects []snapshotObject) {
	var rows []*row
	for _, r := range db.shop.rows {
		if !r.deleted {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, compareAge)
	for _, r := range rows {
		o := snapshotObject{Kind: r.kind, Organization: r.org, Customer: r.customer, Data: python.MarshalJSON(r.data)}
		if r.hidden.Len() > 0 {
			o.Hidden = python.MarshalJSON(r.hidden)
		}
		objects = append(objects, o)
	}
	return objects
}

func (s *Server) loadObjects(objects []snapshotObject) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range objects {
		data := parseObject(string(o.Data))
		if data == nil || blanks[o.Kind] == "" {
			return fmt.Errorf("polartest: load: %q is not an object of a known kind", o.Kind)
		}
		if o.Organization == "" {
			o.Organization = s.orgOrder[0]
		}
		id, created := data.Text("id"), timeOf(data.Value("created_at"))
		if created.IsZero() {
			created = timeOf(data.Value("timestamp"))
		}
		s.fillID(&id)
		orDefault(&created, s.stamp())
		r := newRow(o.Kind, id, o.Organization, o.Customer, created)
		setAll(r.data, pairsOf(data))
		if hidden := parseObject(string(o.Hidden)); hidden != nil {
			r.hidden = hidden
		}
		s.seedRow(r)
	}
	return nil
}
