package imitation

import (
	"net/http"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

func createLink(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	products, problems := c.checkoutProducts(values)
	if problems == nil {
		problems = append(problems, c.linkDiscount(products[0].org, values)...)
	}
	if problems != nil {
		return businessError(problems...)
	}
	secret := "polar_cl_" + secretText()
	stored := omit(values, "product_id product_price_id")
	setAll(stored, []any{"products", rowIDs(products), "client_secret", secret, "url", c.publicBase() + "/v1/checkout-links/" + secret + "/redirect", "metadata", polarrules.Stored(objectOf(values, "metadata"))})
	return c.withSent(http.StatusCreated, c.srv.insert(kindLink, products[0].org, "", pairsOf(stored)...), values)
}

func (c *call) linkDiscount(org string, values *python.Object) []pydantic.Problem {
	if id := values.Text("discount_id"); id != "" && c.db.shop.getIn(org, kindDiscount, id) == nil {
		return []pydantic.Problem{refuse("Discount does not exist or is not applicable to this product.", id, "discount_id")}
	}
	return nil
}

func updateLink(c *call, r *row, values *python.Object) *response {
	problems := c.linkDiscount(r.org, values)
	changed := values.Clone()
	if values.Value("products") == nil {
		changed.Delete("products")
	} else {
		_, bad := c.checkoutProducts(values)
		problems = append(problems, bad...)
	}
	if problems != nil {
		return businessError(problems...)
	}
	if m, ok := values.Value("metadata").(*python.Object); ok {
		changed.Set("metadata", polarrules.Stored(m))
	}
	next := r
	if changed.Value("products") != nil {
		next = c.srv.setQuietly(r, "products", changed.Value("products"))
		changed.Delete("products")
	}
	return c.withSent(http.StatusOK, c.srv.change(next, pairsOf(changed)...), values)
}

// followLink creates a checkout, as the service does at each visit of a link.
func followLink(c *call) *response {
	r := c.db.shop.find(kindLink, c.params["client_secret"])
	if r == nil {
		return notFound("Not found")
	}
	values := pick(r.data, "success_url return_url allow_discount_codes require_billing_address discount_id seats units metadata trial_interval trial_interval_count")
	var products []*row
	for _, id := range textsOf(listOf(r.data, "products")) {
		if p := c.db.shop.get(kindProduct, id); p != nil {
			products = append(products, p)
		}
	}
	if len(products) == 0 {
		return notFound("Not found")
	}
	checkout, problems := c.srv.newCheckout(c.publicBase(), products, values, func(string) bool { return true })
	if problems != nil {
		return businessError(problems...)
	}
	c.srv.sendEvent("checkout.created", checkout)
	return (&response{status: http.StatusTemporaryRedirect}).set("Location", checkout.text("url"))
}

// showLink fills in the products of a checkout link.
func (db *store) showLink(r *row, o *python.Object) {
	products := []any{}
	for _, id := range textsOf(listOf(r.data, "products")) {
		if p := db.shop.rows[id]; p != nil {
			shown := db.publicProduct(p)
			shown.Set("metadata", p.data.Value("metadata"))
			products = append(products, shown)
		}
	}
	o.Set("products", products)
	if len(products) > 0 {
		first := products[0].(*python.Object)
		price, _ := firstOf(listOf(first, "prices")).(*python.Object)
		setAll(o, []any{"product_id", first.Value("id"), "product", first, "product_price_id", nil, "product_price", price})
		if price != nil {
			o.Set("product_price_id", price.Value("id"))
		}
	}
	db.showDiscount(o, "created_at modified_at metadata starts_at ends_at max_redemptions max_redemptions_per_customer redemptions_count organization_id")
}

// publicProduct returns a product as customers see it, without private fields.
func (db *store) publicProduct(p *row) *python.Object {
	shown := pick(p.data, productFields)
	shown.Set("prices", db.prices(listOf(p.data, "prices")))
	benefits := []any{}
	for _, b := range textsOf(listOf(p.data, "benefits")) {
		if b := db.shop.get(kindBenefit, b); b != nil && b.text("visibility") == "public" {
			benefits = append(benefits, pick(b.data, benefitFields))
		}
	}
	shown.Set("benefits", benefits)
	shown.Set("medias", p.data.Value("medias"))
	return shown
}
