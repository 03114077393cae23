package imitation

import (
	"math/big"
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// freePrices replaces prices of the older type "free" with fixed prices of 0.
func freePrices(body any) any {
	o, ok := body.(*python.Object)
	if !ok {
		return body
	}
	prices := slices.Clone(listOf(o, "prices"))
	for i, v := range prices {
		if p, ok := v.(*python.Object); ok && p.Text("amount_type") == "free" {
			p = p.Clone()
			setAll(p, []any{"amount_type", "fixed", "price_amount", big.NewInt(0)})
			prices[i] = p
			o = o.Clone()
			o.Set("prices", prices)
		}
	}
	return o
}

func createProduct(c *call) *response {
	c.body = freePrices(c.body)
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	org, resp := c.newOrganization(values)
	if resp != nil {
		return resp
	}
	r, sent, problems := c.srv.newProduct(org, values)
	if problems != nil {
		return businessError(problems...)
	}
	c.srv.sendEvent("product.created", r)
	shown := c.db.show(r)
	sent(shown)
	return jsonResponse(http.StatusCreated, shown)
}

// newProduct stores a product. sent sets the fields that the response to its creation
// shows as the request sent them.
func (s *Server) newProduct(org string, values *python.Object) (r *row, sent func(*python.Object), problems []pydantic.Problem) {
	recurring := values.Value("recurring_interval") != nil
	if !recurring {
		for _, field := range []string{"trial_interval", "trial_interval_count", "recurring_interval", "recurring_interval_count"} {
			values.Delete(field)
		}
	} else if values.Value("recurring_interval_count") == nil {
		values.Set("recurring_interval_count", 1)
	}
	id := s.newID()
	given := listOf(values, "prices")
	prices, problems := s.newPrices(org, id, values.Value("recurring_interval"), given, nil, "catalog")
	for i, m := range listOf(values, "medias") {
		problems = append(problems, refuse("File does not exist or is not yet uploaded.", m, "medias", i))
	}
	for i, f := range listOf(values, "attached_custom_fields") {
		field, _ := f.(*python.Object)
		problems = append(problems, refuse("Custom field does not exist.", field.Value("custom_field_id"), "attached_custom_fields", i))
	}
	if problems != nil {
		return nil, nil, problems
	}
	metadata := objectOf(values, "metadata")
	r = newRow(kindProduct, id, org, "", s.stamp())
	stored := slices.Clone(prices)
	for i, p := range prices {
		stored[i] = storedPrice(p)
	}
	setAll(r.data, pairsOf(omit(values, "medias attached_custom_fields")))
	setAll(r.data, []any{"is_recurring", recurring, "prices", stored, "metadata", polarrules.Stored(metadata)})
	s.save(r)
	return r, func(shown *python.Object) {
		shown.Set("metadata", metadata)
		shown.Set("prices", s.db.primary.prices(prices))
	}, nil
}

// storedPrice returns a price as the database stores it: with twelve decimals.
func storedPrice(v any) any {
	p, _ := v.(*python.Object)
	amount := p.Text("unit_amount")
	if amount == "" {
		return p
	}
	p = p.Clone()
	if r, ok := new(big.Rat).SetString(amount); ok {
		p.Set("unit_amount", r.FloatString(12))
	}
	return p
}

// priceFields are the fields that are specific to each type of price.
var priceFields = map[string]string{
	"fixed": "price_amount", "custom": "minimum_amount maximum_amount preset_amount", "metered_unit": "unit_amount cap_amount meter_id",
	"seat_based": "seat_tiers", "unit_based": "tiers minimum_units unit_label maximum_units",
}

// newPrices creates prices for a product. It takes prices given by ID from kept.
func (s *Server) newPrices(org, product string, interval any, given, kept []any, source string) (prices []any, problems []pydantic.Problem) {
	static := map[string]int{}
	currencies := map[string]bool{}
	shown := make([]any, len(given))
	for i, v := range given {
		in, _ := v.(*python.Object)
		if id := in.Text("id"); id != "" {
			shown[i] = in
			at := slices.IndexFunc(kept, func(p any) bool { return p.(*python.Object).Text("id") == id })
			if at < 0 {
				problems = append(problems, refuse("Price does not exist.", id, "prices", i))
				continue
			}
			prices = append(prices, kept[at])
			continue
		}
		kind := in.Text("amount_type")
		p := python.NewObject("created_at", timestamp(s.stamp()), "modified_at", nil, "id", newUUID(), "source", source, "amount_type", kind,
			"price_currency", orElse(in.Value("price_currency"), "usd"), "tax_behavior", in.Value("tax_behavior"), "is_archived", false, "product_id", product,
			"type", "recurring", "recurring_interval", interval)
		if interval == nil {
			p.Set("type", "one_time")
		}
		echo := python.NewObject("amount_type", kind, "price_currency", p.Value("price_currency"), "tax_behavior", p.Value("tax_behavior"))
		for _, f := range strings.Fields(priceFields[kind]) {
			p.Set(f, in.Value(f))
			if kind == "metered_unit" && f != "meter_id" {
				continue
			}
			echo.Set(f, in.Value(f))
		}
		shown[i] = echo
		switch kind {
		case "custom":
			p.Set("minimum_amount", orElse(p.Value("minimum_amount"), minimumPrice))
		case "metered_unit":
			echo.Set("unit_amount", in.Value("unit_amount"))
			echo.Set("cap_amount", in.Value("cap_amount"))
			if interval == nil {
				problems = append(problems, refuse("Metered pricing is not supported on one-time products.", echo, "prices", i))
				continue
			}
			if s.db.primary.shop.getIn(org, kindMeter, in.Text("meter_id")) == nil {
				problems = append(problems, refuse("Meter does not exist.", in.Text("meter_id"), "prices", i, "meter_id"))
				continue
			}
		case "seat_based":
			seatTiers(p)
		case "unit_based":
			unitTiers(p)
		}
		prices = append(prices, p)
	}
	for _, v := range prices {
		p := v.(*python.Object)
		currency := p.Text("price_currency")
		currencies[currency] = true
		if p.Text("amount_type") != "metered_unit" {
			if static[currency]++; static[currency] == 2 {
				problems = append(problems, refuse("Only one "+p.Text("amount_type")+" price is allowed.", shown, "prices"))
			}
		}
	}
	if len(prices) == 0 {
		problems = append(problems, pydantic.Problem{Type: "too_short", Loc: pydantic.Loc("body", "prices"), Msg: "At least one price is required.", Input: shown})
	}
	if !currencies["usd"] && source == "catalog" {
		problems = append(problems, refuse("The organization's default presentment currency must be present in the prices.", shown, "prices"))
	}
	return prices, problems
}

func orElse(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}

// seatTiers fills in the fields of the tiers of a price.
func seatTiers(p *python.Object) {
	in := objectOf(p, "seat_tiers")
	tiers := []any{}
	for _, v := range listOf(in, "tiers") {
		t, _ := v.(*python.Object)
		tiers = append(tiers, python.NewObject("min_seats", t.Value("min_seats"), "max_seats", t.Value("max_seats"), "price_per_seat", t.Value("price_per_seat")))
	}
	first, _ := tiers[0].(*python.Object)
	last, _ := tiers[len(tiers)-1].(*python.Object)
	p.Set("seat_tiers", python.NewObject("seat_tier_type", orElse(in.Value("seat_tier_type"), "volume"), "tiers", tiers,
		"minimum_seats", first.Value("min_seats"), "maximum_seats", last.Value("max_seats")))
	p.Set("price_per_seat", first.Value("price_per_seat"))
}

// unitTiers sorts the tiers of a price by their bounds.
func unitTiers(p *python.Object) {
	in := objectOf(p, "tiers").Clone()
	tiers := slices.Clone(listOf(in, "tiers"))
	slices.SortStableFunc(tiers, func(a, b any) int {
		return compareValues(a.(*python.Object).Value("bound"), b.(*python.Object).Value("bound"))
	})
	in.Set("tiers", tiers)
	p.Set("tiers", in)
}

// notNull reports whether an update sets none of the fields to null. Their columns do
// not accept null, which makes the service fail.
func notNull(values *python.Object, fields string) bool {
	for _, f := range strings.Fields(fields) {
		if v, given := values.Get(f); given && v == nil {
			return false
		}
	}
	return true
}

func updateProduct(c *call, r *row, values *python.Object) *response {
	given, changed := values.Get("prices")
	if interval, set := values.Get("recurring_interval"); set && !same(interval, r.data.Value("recurring_interval")) {
		return businessError(refuse("Recurring interval cannot be changed.", interval, "recurring_interval"))
	}
	prices := listOf(r.data, "prices")
	if changed && given != nil {
		var problems []pydantic.Problem
		list, _ := given.([]any)
		if prices, problems = c.srv.newPrices(r.org, r.id, r.data.Value("recurring_interval"), list, prices, "catalog"); problems != nil {
			return businessError(problems...)
		}
	}
	if !notNull(values, "name is_archived visibility") {
		return internalError()
	}
	if !r.is("is_recurring") {
		values.Delete("trial_interval")
		values.Delete("trial_interval_count")
	}
	values.Delete("prices")
	values.Delete("medias")
	values.Delete("attached_custom_fields")
	sent := values.Value("metadata")
	if m, ok := sent.(*python.Object); ok {
		values.Set("metadata", polarrules.Stored(m))
	}
	next := c.srv.change(r, pairsOf(values)...)
	if changed && given != nil {
		next = c.srv.setQuietly(next, "prices", prices)
	}
	if !same(next.data, r.data) {
		c.srv.sendEvent("product.updated", next)
	}
	shown := c.db.show(next)
	if sent != nil {
		shown.Set("metadata", sent)
	}
	return jsonResponse(http.StatusOK, shown)
}

func updateBenefits(c *call, r *row, values *python.Object) *response {
	ids := listOf(values, "benefits")
	var problems []pydantic.Problem
	for i, id := range ids {
		if b := c.visibleRow(kindBenefit, text(id)); b == nil {
			problems = append(problems, refuse("Benefit does not exist.", id, "benefits", i))
		}
	}
	if problems != nil {
		return businessError(problems...)
	}
	next := c.srv.setQuietly(r, "benefits", ids)
	c.srv.sendEvent("product.updated", next)
	return c.shown(http.StatusOK, next)
}
