package imitation

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// catalogue is the form of a file for Seed.
type catalogue struct {
	Organization Organization      `json:"organization"`
	Meters       []MeterDefinition `json:"meters"`
	Benefits     []Benefit         `json:"benefits"`
	Products     []Product         `json:"products"`
	Discounts    []Discount        `json:"discounts"`
	Customers    []Customer        `json:"customers"`
}

// Seed adds a catalogue and customers from hand-written JSON:
//
//	{
//	  "organization": {"name": "Acme", "slug": "acme"},
//	  "meters":       [{"name": "API calls", "event": "api_call"}],
//	  "benefits":     [{"description": "License", "type": "license_keys", "properties": {"prefix": "ACME"}},
//	                   {"description": "100 calls", "type": "meter_credit", "properties": {"meter_id": "API calls", "units": 100, "rollover": false}}],
//	  "products":     [{"name": "Pro", "recurring_interval": "month", "price_amount": 1900, "benefits": ["License", "100 calls"]}],
//	  "discounts":    [{"code": "WELCOME", "basis_points": 1000}],
//	  "customers":    [{"external_id": "ada", "email": "ada@polar.sh"}]
//	}
//
// The fields are those of the types of this package. A product refers to its benefits
// by description or ID, and a meter credit refers to its meter by name or ID. An object
// without an ID gets one derived from its name, so that it is the same at each start.
// The organization replaces the server's first one, as in [Server.Load].
func (s *Server) Seed(r io.Reader) error {
	s.helper()
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	dec.UseNumber()
	var in catalogue
	if err := dec.Decode(&in); err != nil {
		return fmt.Errorf("polartest: seed: %w", err)
	}
	before := s.problemCount()
	if in.Organization != (Organization{}) {
		s.seedOrganization(in.Organization)
	}
	ids := map[string]string{} // by the name of a meter or the description of a benefit
	for _, m := range in.Meters {
		orDefault(&m.ID, idOf("meter", m.Name))
		ids[m.Name] = s.AddMeterDefinition(m).ID
	}
	for _, b := range in.Benefits {
		orDefault(&b.ID, idOf("benefit", b.Description))
		if id := ids[text(b.Properties["meter_id"])]; id != "" {
			b.Properties["meter_id"] = id
		}
		ids[b.Description] = s.AddBenefit(b).ID
	}
	for _, p := range in.Products {
		orDefault(&p.ID, idOf("product", p.Name))
		p.Benefits = slices.Clone(p.Benefits)
		for i, name := range p.Benefits {
			if id := ids[name]; id != "" {
				p.Benefits[i] = id
			}
		}
		s.AddProduct(p)
	}
	for _, d := range in.Discounts {
		orDefault(&d.ID, idOf("discount", d.Name+d.Code))
		s.AddDiscount(d)
	}
	for _, c := range in.Customers {
		orDefault(&c.ID, idOf("customer", c.ExternalID+c.Email))
		s.AddCustomer(c)
	}
	return s.takeProblems("seed", before)
}

func (s *Server) seedOrganization(o Organization) {
	orDefault(&o.ID, idOf("organization", o.Name))
	s.loadOrganization(o, true)
}

// idOf returns a version 4 UUID derived from a name.
func idOf(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
