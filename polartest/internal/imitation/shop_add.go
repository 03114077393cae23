package imitation

import (
	"cmp"

	"github.com/polarexpress/polar-go/internal/python"
)

// Product is a product to sell. Its zero value is a one-time product for ten dollars.
type Product struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// OrganizationID defaults to the server's first organization.
	OrganizationID string `json:"organization_id,omitempty"`
	// Name defaults to "Product".
	Name string `json:"name"`
	// Description is null when it is empty.
	Description string `json:"description,omitempty"`
	// RecurringInterval is "day", "week", "month" or "year" for a subscription, and
	// empty for a one-time product.
	RecurringInterval string `json:"recurring_interval,omitempty"`
	// RecurringIntervalCount defaults to 1.
	RecurringIntervalCount int `json:"recurring_interval_count,omitempty"`
	// TrialInterval is the unit of the trial that a subscription begins with. The
	// default is no trial.
	TrialInterval string `json:"trial_interval,omitempty"`
	// TrialIntervalCount is the length of the trial in these units.
	TrialIntervalCount int `json:"trial_interval_count,omitempty"`
	// PriceAmount is the price in US cents. The default is 1000. Prices replace it.
	PriceAmount int `json:"price_amount,omitempty"`
	// Free makes the price 0. Prices replace it.
	Free bool `json:"free,omitempty"`
	// Prices are prices as in the body of products:create, for other currencies
	// and other kinds of prices.
	Prices []map[string]any `json:"prices,omitempty"`
	// PriceIDs are the IDs of the prices. AddProduct fills them in.
	PriceIDs []string `json:"-"`
	// Benefits are the IDs of the benefits that buyers are granted.
	Benefits []string `json:"benefits,omitempty"`
	// Metadata is the seller's own data.
	Metadata map[string]any `json:"metadata,omitempty"`
}

// AddProduct stores a product and returns it with its defaults filled in. A product
// that the service would refuse fails the test. The same holds for the other methods
// that add something to sell.
func (s *Server) AddProduct(p Product) Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	p.Name = cmp.Or(p.Name, "Product")
	p.OrganizationID = cmp.Or(p.OrganizationID, s.orgOrder[0])
	if len(p.Prices) == 0 {
		p.Prices = []map[string]any{{"amount_type": "fixed", "price_amount": cmp.Or(p.PriceAmount, 1000)}}
		if p.Free {
			p.Prices[0]["price_amount"] = 0
		}
	}
	body := python.NewObject("name", p.Name)
	for key, v := range map[string]string{"description": p.Description, "recurring_interval": p.RecurringInterval, "trial_interval": p.TrialInterval} {
		if v != "" {
			body.Set(key, v)
		}
	}
	for key, v := range map[string]int{"recurring_interval_count": p.RecurringIntervalCount, "trial_interval_count": p.TrialIntervalCount} {
		if v != 0 {
			body.Set(key, goValue(v))
		}
	}
	body.Set("metadata", fromGo(p.Metadata))
	prices := []any{}
	for _, price := range p.Prices {
		prices = append(prices, fromGo(price))
	}
	body.Set("prices", prices)
	values := s.checkSeedBody("AddProduct", "ProductCreate", body)
	if values == nil {
		return p
	}
	defer s.seeds(p.ID)()
	r, _, problems := s.newProduct(p.OrganizationID, values)
	if problems != nil {
		s.misuse("AddProduct: %w", seedError(problems))
		return p
	}
	for _, id := range p.Benefits {
		if s.db.primary.shop.get(kindBenefit, id) == nil {
			s.misuse("AddProduct: no benefit %q; add it with AddBenefit", id)
			return p
		}
	}
	r = s.change(r, "benefits", anys(p.Benefits), "modified_at", nil)
	p.ID = r.id
	p.PriceIDs = nil
	for _, price := range listOf(r.data, "prices") {
		p.PriceIDs = append(p.PriceIDs, price.(*python.Object).Text("id"))
	}
	s.sendEvent("product.created", r)
	return p
}

// seeds makes stored objects visible immediately until end is called. The first object
// gets the ID, if it is not empty.
func (s *Server) seeds(id string) (end func()) {
	s.helper()
	if id != "" {
		s.fillID(&id)
		if s.db.primary.shop.rows[id] != nil {
			s.misuse("seed with ID %s, which is taken", id)
		}
	}
	s.seeding, s.seedID = true, id
	return func() { s.seeding, s.seedID = false, "" }
}

// checkSeedBody checks what a test adds against the body of the operation that
// would create it. The result is nil if it is refused.
func (s *Server) checkSeedBody(what, schema string, body *python.Object) *python.Object {
	s.helper()
	values, problems := s.checker.Body(document().Schema(schema), body)
	if problems != nil {
		s.misuse("%s: %w", what, seedError(problems))
		return nil
	}
	return values
}

// Benefit is a benefit that buyers of a product are granted. Its zero value is a custom
// benefit.
type Benefit struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// OrganizationID defaults to the server's first organization.
	OrganizationID string `json:"organization_id,omitempty"`
	// Type is "custom" (the default), "license_keys", "meter_credit", "feature_flag"
	// or another of the service's types.
	Type string `json:"type,omitempty"`
	// Description defaults to "Benefit".
	Description string `json:"description,omitempty"`
	// Properties are the properties of the type, as in the body of benefits:create.
	Properties map[string]any `json:"properties,omitempty"`
	// Metadata is the seller's own data, which states show with a grant.
	Metadata map[string]any `json:"metadata,omitempty"`
}

// AddBenefit stores a benefit and returns it with its defaults filled in.
func (s *Server) AddBenefit(b Benefit) Benefit {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	b.Type = cmp.Or(b.Type, "custom")
	b.Description = cmp.Or(b.Description, "Benefit")
	b.OrganizationID = cmp.Or(b.OrganizationID, s.orgOrder[0])
	properties := fromGo(b.Properties)
	if _, given := properties.Get("note"); b.Type == "custom" && !given {
		properties.Set("note", nil)
	}
	values := s.checkSeedBody("AddBenefit", "BenefitCreate", python.NewObject("type", b.Type, "description", b.Description, "properties", properties, "metadata", fromGo(b.Metadata)))
	if values == nil {
		return b
	}
	defer s.seeds(b.ID)()
	r, problems := s.newBenefit(b.OrganizationID, values)
	if problems != nil {
		s.misuse("AddBenefit: %w", seedError(problems))
		return b
	}
	b.ID = r.id
	s.sendEvent("benefit.created", r)
	return b
}

// Discount reduces a price. Its zero value is ten percent once.
type Discount struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// OrganizationID defaults to the server's first organization.
	OrganizationID string `json:"organization_id,omitempty"`
	// Name defaults to "Discount".
	Name string `json:"name,omitempty"`
	// Code is what customers enter; null when it is empty.
	Code string `json:"code,omitempty"`
	// BasisPoints are hundredths of a percent. The default is 1000 if Amount is
	// zero.
	BasisPoints int `json:"basis_points,omitempty"`
	// Amount is in US cents.
	Amount int `json:"amount,omitempty"`
	// Duration is "once" (the default), "forever" or "repeating".
	Duration string `json:"duration,omitempty"`
	// DurationInMonths is the duration of a repeating discount.
	DurationInMonths int `json:"duration_in_months,omitempty"`
}

// AddDiscount stores a discount and returns it with its defaults filled in.
func (s *Server) AddDiscount(d Discount) Discount {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	d.Name, d.Duration = cmp.Or(d.Name, "Discount"), cmp.Or(d.Duration, "once")
	d.OrganizationID = cmp.Or(d.OrganizationID, s.orgOrder[0])
	body := python.NewObject("name", d.Name, "duration", d.Duration)
	if d.Amount != 0 {
		setAll(body, []any{"type", "fixed", "amount", goValue(d.Amount), "currency", "usd"})
	} else {
		d.BasisPoints = cmp.Or(d.BasisPoints, 1000)
		setAll(body, []any{"type", "percentage", "basis_points", goValue(d.BasisPoints)})
	}
	if d.Code != "" {
		body.Set("code", d.Code)
	}
	if d.DurationInMonths != 0 {
		body.Set("duration_in_months", goValue(d.DurationInMonths))
	}
	values := s.checkSeedBody("AddDiscount", "DiscountCreate", body)
	if values == nil {
		return d
	}
	defer s.seeds(d.ID)()
	r, problems := s.newDiscount(d.OrganizationID, values)
	if problems != nil {
		s.misuse("AddDiscount: %w", seedError(problems))
		return d
	}
	d.ID = r.id
	s.sendEvent("discount.created", r)
	return d
}

// MeterDefinition is a meter that counts events. Its zero value counts all.
type MeterDefinition struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// OrganizationID defaults to the server's first organization.
	OrganizationID string `json:"organization_id,omitempty"`
	// Name defaults to "Meter".
	Name string `json:"name,omitempty"`
	// Event is the name of the events that count. The default is all events.
	Event string `json:"event,omitempty"`
	// Aggregation is "count" (the default), "sum", "max", "min", "avg" or "unique".
	Aggregation string `json:"aggregation,omitempty"`
	// Property is the metadata key that is aggregated. "count" needs none.
	Property string `json:"property,omitempty"`
}

// AddMeterDefinition stores a meter and returns it with its defaults filled in. A
// customer's consumption of it is added with [Server.AddMeter], or by ingesting events.
func (s *Server) AddMeterDefinition(m MeterDefinition) MeterDefinition {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	m.Name, m.Aggregation = cmp.Or(m.Name, "Meter"), cmp.Or(m.Aggregation, "count")
	m.OrganizationID = cmp.Or(m.OrganizationID, s.orgOrder[0])
	clauses := []any{}
	if m.Event != "" {
		clauses = append(clauses, python.NewObject("property", "name", "operator", "eq", "value", m.Event))
	}
	aggregation := python.NewObject("func", m.Aggregation)
	if m.Property != "" {
		aggregation.Set("property", m.Property)
	}
	values := s.checkSeedBody("AddMeterDefinition", "MeterCreate", python.NewObject("name", m.Name,
		"filter", python.NewObject("conjunction", "and", "clauses", clauses), "aggregation", aggregation))
	if values == nil {
		return m
	}
	defer s.seeds(m.ID)()
	m.ID = s.newMeter(m.OrganizationID, values).id
	return m
}
