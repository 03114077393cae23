package imitation

import (
	"net/http"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

func createDiscount(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	org, resp := c.newOrganization(values)
	if resp != nil {
		return resp
	}
	r, problems := c.srv.newDiscount(org, values)
	if problems != nil {
		return businessError(problems...)
	}
	c.srv.sendEvent("discount.created", r)
	return c.withSent(http.StatusCreated, r, values, "amounts")
}

func (s *Server) newDiscount(org string, values *python.Object) (*row, []pydantic.Problem) {
	if problems := s.checkDiscount(org, "", values); problems != nil {
		return nil, problems
	}
	completeAmounts(values)
	stored := values.Clone()
	stored.Set("metadata", polarrules.Stored(objectOf(values, "metadata")))
	if amounts, ok := values.Value("amounts").(*python.Object); ok {
		stored.Set("amounts", polarrules.Stored(amounts))
	}
	if stored.Text("duration") != "repeating" {
		stored.Delete("duration_in_months")
	}
	return s.insert(kindDiscount, org, "", pairsOf(stored)...), nil
}

// completeAmounts derives the older form of an amount, which has one currency, from the
// newer one, or the newer form from the older one.
func completeAmounts(values *python.Object) {
	amounts, given := values.Value("amounts").(*python.Object)
	switch amount := values.Value("amount"); {
	case given && amounts != nil:
		for currency, v := range amounts.All() {
			if currency == "usd" || values.Value("currency") == nil {
				values.Set("amount", v)
				values.Set("currency", currency)
			}
		}
	case amount != nil:
		currency := text(orElse(values.Value("currency"), "usd"))
		values.Set("currency", currency)
		values.Set("amounts", python.NewObject(currency, amount))
	}
}

// checkDiscount checks that the code of a discount is free and that its products exist.
// id is the discount's ID, or empty if it is new.
func (s *Server) checkDiscount(org, id string, values *python.Object) (problems []pydantic.Problem) {
	if other := s.discountByCode(org, values.Text("code")); other != nil && other.id != id {
		problems = append(problems, refuse("Discount with this code already exists.", values.Text("code"), "code"))
	}
	for i, v := range listOf(values, "products") {
		if s.db.primary.shop.getIn(org, kindProduct, text(v)) == nil {
			problems = append(problems, refuse("Product not found.", v, "products", i))
		}
	}
	return problems
}

func updateDiscount(c *call, r *row, values *python.Object) *response {
	for _, field := range []string{"duration", "type"} {
		if v, given := values.Get(field); given && v != nil && !same(v, r.data.Value(field)) {
			what := map[string]string{"duration": "Duration", "type": "Type"}[field]
			return businessError(refuse(what+" cannot be changed.", v, field))
		}
	}
	if problems := c.srv.checkDiscount(r.org, r.id, values); problems != nil {
		return businessError(problems...)
	}
	if !notNull(values, "name") {
		return internalError()
	}
	completeAmounts(values)
	changed := omit(values, "type duration")
	for _, key := range []string{"metadata", "amounts"} {
		if m, ok := values.Value(key).(*python.Object); ok {
			changed.Set(key, polarrules.Stored(m))
		}
	}
	next := c.srv.change(r, pairsOf(changed)...)
	if next != r {
		c.srv.sendEvent("discount.updated", next)
	}
	return c.withSent(http.StatusOK, next, values)
}
