package imitation

import (
	"crypto/rand"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

const (
	checkoutTTL    = 24 * time.Hour
	checkoutPrefix = "polar_c_"
	// linkLabel and checkoutLabel begin the names that errors give to the forms of a
	// new link and of a new checkout.
	linkLabel     = "function-after[is_complete_configuration(), "
	checkoutLabel = "function-after[_validate_unit_constraints(), function-after[_validate_seat_constraints(), function-after[is_complete_configuration(), "
)

// checkoutBody is the schema of a new checkout's body: the contract's, or one of two
// older forms that the service still accepts.
var checkoutBody = sync.OnceValue(func() *openapi3.SchemaRef {
	return withOlderForms("CheckoutProductsCreate", "CheckoutProductsCreate", [][2]string{{"CheckoutProductCreate", "product_id"}, {"CheckoutPriceCreate", "product_price_id"}})
})

// withOlderForms returns a union of a schema, under the given name, and its older
// forms. Each older form has a field for one product or price instead of products.
func withOlderForms(schema, name string, older [][2]string) *openapi3.SchemaRef {
	by := *document().Schema(schema)
	by.Ref = "#/components/schemas/" + name
	union := &openapi3.Schema{AnyOf: openapi3.SchemaRefs{&by}}
	for _, form := range older {
		s := *by.Value
		s.Required = []string{form[1]}
		for _, field := range by.Value.Required {
			if field != "products" {
				s.Required = append(s.Required, field)
			}
		}
		s.Properties = openapi3.Schemas{form[1]: openapi3.NewSchemaRef("", openapi3.NewStringSchema().WithFormat("uuid4"))}
		for key, v := range by.Value.Properties {
			if key != "products" && key != "currency" {
				s.Properties[key] = v
			}
		}
		union.AnyOf = append(union.AnyOf, openapi3.NewSchemaRef("#/components/schemas/"+form[0], &s))
	}
	return openapi3.NewSchemaRef("", union)
}

// uniqueProducts is a rule for new checkouts.
func uniqueProducts(in, values *python.Object, loc []any) []pydantic.Problem {
	ids := slices.Sorted(slices.Values(textsOf(listOf(values, "products"))))
	if len(slices.Compact(slices.Clone(ids))) < len(ids) {
		return []pydantic.Problem{pydantic.ValueError(in.Value("products"), pydantic.Within(loc, "products"), "Product IDs must be unique.")}
	}
	return checkoutLimits(in, values, loc)
}

func checkoutLimits(in, values *python.Object, loc []any) []pydantic.Problem {
	for _, what := range []string{"seats", "units"} {
		n, least, most := values.Value(what), values.Value("min_"+what), values.Value("max_"+what)
		switch {
		case least != nil && most != nil && intOf(least) > intOf(most):
			return []pydantic.Problem{pydantic.ValueError(in, loc, "min_"+what+" must be less than or equal to max_"+what)}
		case n != nil && least != nil && intOf(n) < intOf(least):
			return []pydantic.Problem{pydantic.ValueError(in, loc, what+" must be greater than or equal to min_"+what)}
		case n != nil && most != nil && intOf(n) > intOf(most):
			return []pydantic.Problem{pydantic.ValueError(in, loc, what+" must be less than or equal to max_"+what)}
		}
	}
	return nil
}

// renamed returns a body in which field replaces its older name.
func renamed(body any, older, field string) any {
	o, ok := body.(*python.Object)
	if !ok {
		return body
	}
	v, has := o.Get(older)
	if _, already := o.Get(field); !has || already {
		return body
	}
	o = o.Clone()
	o.Set(field, v)
	return o
}

func createCheckout(c *call) *response {
	body := renamed(c.body, "customer_external_id", "external_customer_id")
	values, problems := c.srv.checker.Body(checkoutBody(), body)
	c.badBody = problems
	if resp := c.invalid(); resp != nil {
		return resp
	}
	products, problems := c.checkoutProducts(values)
	if problems != nil {
		return businessError(problems...)
	}
	r, problems := c.srv.newCheckout(c.publicBase(), products, values, c.who.sees)
	if problems != nil {
		return businessError(problems...)
	}
	c.srv.sendEvent("checkout.created", r)
	return c.withSent(http.StatusCreated, r, values, "customer_metadata")
}

// checkoutProducts finds the products of a new checkout.
func (c *call) checkoutProducts(values *python.Object) (products []*row, problems []pydantic.Problem) {
	find := func(id string, loc ...any) {
		p := c.visibleRow(kindProduct, id)
		switch {
		case p == nil:
			problems = append(problems, refuse("Product does not exist.", id, loc...))
		case p.is("is_archived"):
			problems = append(problems, refuse("Product is archived.", id, loc...))
		default:
			products = append(products, p)
		}
	}
	switch id, price := values.Text("product_id"), values.Text("product_price_id"); {
	case price != "":
		for _, org := range c.who.Organizations {
			for _, p := range c.db.shop.of[owner{kindProduct, org}] {
				if slices.ContainsFunc(listOf(p.data, "prices"), func(v any) bool { return v.(*python.Object).Text("id") == price }) {
					return []*row{p}, nil
				}
			}
		}
		return nil, []pydantic.Problem{refuse("Price does not exist.", price, "product_price_id")}
	case id != "":
		find(id, "product_id")
	default:
		for i, id := range textsOf(listOf(values, "products")) {
			find(id, "products", i)
		}
	}
	for _, p := range products {
		if p.org != products[0].org {
			input := make([]any, len(products))
			for i := range input {
				input[i] = python.NewObject()
			}
			return nil, []pydantic.Problem{refuse("Products must all belong to the same organization.", input, "products")}
		}
	}
	return products, problems
}

// publicBase returns the base URL of the pages for customers.
func (c *call) publicBase() string { return c.srv.pages(c.req) }

// pages returns the base URL of the pages for customers.
func (s *Server) pages(r *http.Request) string {
	switch {
	case s.opts.pagesURL != "":
		return s.opts.pagesURL
	case s.URL != "" && !s.opts.publicPages:
		return s.URL
	case r != nil && host(r) != "":
		return "http://" + host(r)
	}
	return socketless
}

// newCheckout stores a checkout of products of one organization. sees reports whether
// the caller may refer to the objects of an organization.
func (s *Server) newCheckout(base string, products []*row, values *python.Object, sees func(org string) bool) (*row, []pydantic.Problem) {
	org := products[0].org
	secret := checkoutPrefix + secretText()
	r := newRow(kindCheckout, newUUID(), org, "", s.stamp())
	o := r.data
	o.Set("client_secret", secret)
	o.Set("url", base+"/checkout/"+secret)
	o.Set("expires_at", timestamp(r.created.Add(checkoutTTL)))
	for _, key := range strings.Fields(`return_url embed_origin currency allow_trial allow_discount_codes require_billing_address is_business_customer customer_ip_address
		trial_interval trial_interval_count min_seats max_seats min_units max_units custom_field_data`) {
		if v := values.Value(key); v != nil {
			o.Set(key, v)
		}
	}
	for _, key := range []string{"metadata", "customer_metadata"} {
		o.Set(key, polarrules.Stored(objectOf(values, key)))
	}
	o.Set("products", rowIDs(products))
	external := values.Value("external_customer_id")
	o.Set("external_customer_id", external)
	o.Set("customer_external_id", external)

	problems := s.checkoutPrices(r, values)
	problems = append(problems, s.checkoutCustomer(r, values, sees)...)
	if id := values.Text("discount_id"); id != "" {
		if s.db.primary.shop.getIn(org, kindDiscount, id) == nil {
			problems = append(problems, refuse("Discount does not exist.", id, "discount_id"))
		}
		o.Set("discount_id", id)
	}
	if id := values.Text("subscription_id"); id != "" {
		problems = append(problems, s.checkoutSubscription(r, id)...)
	}
	s.setSuccessURL(r, values.Text("success_url"))
	problems = append(problems, s.chooseProduct(r, products[0], values)...)
	problems = append(problems, s.checkoutTaxID(r, values)...)
	if problems != nil {
		return nil, problems
	}
	s.priceCheckout(r)
	s.save(r)
	return r, nil
}

// secretText returns random text of the length that the service's tokens have.
func secretText() string { return rand.Text() + rand.Text()[:17] }

// setSuccessURL sets where the customer goes after the purchase. The service's own
// page is the default.
func (s *Server) setSuccessURL(r *row, to string) {
	if to == "" {
		to = r.text("url") + "/confirmation"
	}
	r.data.Set("success_url", strings.ReplaceAll(to, "{CHECKOUT_ID}", r.id))
}

// checkoutPrices creates the prices that belong to one checkout only.
func (s *Server) checkoutPrices(r *row, values *python.Object) (problems []pydantic.Problem) {
	adHoc := python.NewObject()
	for id, list := range objectOf(values, "prices").All() {
		p := s.db.primary.shop.get(kindProduct, id)
		if p == nil || !slices.Contains(textsOf(listOf(r.data, "products")), id) {
			problems = append(problems, refuse("Product is not set on that checkout.", id, "prices", id))
			continue
		}
		given, _ := list.([]any)
		prices, bad := s.newPrices(r.org, id, p.data.Value("recurring_interval"), given, nil, "ad_hoc")
		for _, price := range prices {
			price.(*python.Object).Set("modified_at", timestamp(s.stamp()))
		}
		problems = append(problems, bad...)
		adHoc.Set(id, prices)
	}
	r.data.Set("prices", adHoc)
	return problems
}

// checkoutCustomer fills in the known details of the customer.
func (s *Server) checkoutCustomer(r *row, values *python.Object, sees func(string) bool) (problems []pydantic.Problem) {
	o := r.data
	db := s.db.primary
	var c *customerRow
	if id := values.Text("customer_id"); id != "" {
		if c = db.customer(id); c == nil || c.OrganizationID != r.org {
			return []pydantic.Problem{refuse("Customer does not exist.", id, "customer_id")}
		}
	} else if external := values.Text("external_customer_id"); external != "" {
		c = db.org(r.org).byExternal[external]
		for _, org := range s.orgOrder {
			if org != r.org && sees(org) && db.org(org).byExternal[external] != nil {
				c = nil // the external ID is ambiguous
			}
		}
	}
	if c != nil {
		s.setCheckoutCustomer(r, c)
		if c.Type == polarrules.Team {
			o.Set("customer_name", nil) // a team's name is that of a company
		}
	}
	for _, key := range []string{"customer_email", "customer_name", "customer_billing_name", "customer_billing_address", "customer_tax_id"} {
		if v := values.Value(key); v != nil {
			o.Set(key, v)
		}
	}
	return nil
}

func (s *Server) setCheckoutCustomer(r *row, c *customerRow) {
	o := r.data
	r.customer = c.ID
	shown := customerObject(s.db.primary, c, c.metadata)
	setAll(o, []any{"customer_id", c.ID, "customer_email", shown.Value("email"), "customer_name", shown.Value("name"),
		"customer_billing_name", shown.Value("billing_name"), "customer_billing_address", shown.Value("billing_address")})
	if c.DefaultPaymentMethodID != "" {
		processor := objectOf(o, "payment_processor_metadata").Clone()
		processor.Set("customer_session_client_secret", "create_customer_session_secret_"+strings.ToLower(newUUID()[24:]))
		o.Set("payment_processor_metadata", processor)
	}
	if c.TaxID != nil {
		o.Set("customer_tax_id", c.TaxID.Value)
	}
}

// checkoutSubscription prepares the upgrade of a free subscription.
func (s *Server) checkoutSubscription(r *row, id string) []pydantic.Problem {
	sub := s.db.primary.shop.getIn(r.org, kindSubscription, id)
	switch {
	case sub == nil:
		return []pydantic.Problem{refuse("Subscription does not exist.", id, "subscription_id")}
	case sub.int("amount") != 0:
		return []pydantic.Problem{refuse("Only free subscriptions can be upgraded.", id, "subscription_id")}
	}
	r.data.Set("subscription_id", id)
	if c := s.db.primary.customers[sub.customer]; c != nil {
		s.setCheckoutCustomer(r, c)
	}
	return nil
}

// checkoutTaxID checks the tax ID of a checkout against its country.
func (s *Server) checkoutTaxID(r *row, values *python.Object) []pydantic.Problem {
	number := values.Text("customer_tax_id")
	if number == "" {
		return nil
	}
	country := objectOf(r.data, "customer_billing_address").Text("country")
	if country == "" {
		return []pydantic.Problem{{Type: "missing", Loc: pydantic.Loc("body", "customer_billing_address"), Msg: "Country is required to validate tax ID."}}
	}
	tax, bad := polarrules.CheckTaxID(number, &polarrules.Address{Country: country})
	if bad != nil {
		return []pydantic.Problem{refuse("Invalid tax ID.", number, "customer_tax_id")}
	}
	r.data.Set("customer_tax_id", tax.Value)
	return nil
}

// pricesOf returns the prices of a product in a checkout.
func (r *row) pricesOf(product *row) []any {
	if own := listOf(objectOf(r.data, "prices"), product.id); len(own) > 0 {
		return own
	}
	return listOf(product.data, "prices")
}

// chooseProduct sets the product to buy, its price, and the number of seats or units or
// the amount.
func (s *Server) chooseProduct(r *row, p *row, values *python.Object) (problems []pydantic.Problem) {
	o := r.data
	o.Set("product_id", p.id)
	currency := o.Text("currency")
	var price *python.Object
	for _, v := range r.pricesOf(p) {
		candidate, _ := v.(*python.Object)
		if candidate.Text("price_currency") == currency && (price == nil || price.Text("amount_type") == "metered_unit") {
			price = candidate
		}
	}
	if price == nil {
		i := slices.Index(textsOf(listOf(o, "products")), p.id)
		return []pydantic.Problem{refuse("Product is not available in the specified currency.", p.id, "products", i)}
	}
	o.Set("product_price_id", price.Text("id"))
	r.hidden = r.hidden.Clone()
	r.hidden.Set("price", price)
	amount, given := values.Get("amount")
	kind := price.Text("amount_type")
	for what, of := range map[string]string{"seats": "seat", "units": "unit"} {
		n := values.Value(what)
		switch {
		case kind == of+"_based" && n != nil:
			o.Set(what, n)
		case kind == of+"_based" && o.Value(what) == nil:
			o.Set(what, orElse(o.Value("min_"+what), max(1, intOf(objectOf(price, "seat_tiers").Value("minimum_seats")), intOf(price.Value("minimum_units")))))
		case kind == of+"_based":
		case n != nil:
			problems = append(problems, refuse(strings.ToUpper(what[:1])+what[1:]+" can only be set for "+of+"-based pricing.", n, what))
		default:
			o.Set(what, nil)
		}
	}
	if kind == "custom" {
		if !given || amount == nil {
			amount = orElse(r.hidden.Value("amount"), orElse(price.Value("preset_amount"), price.Value("minimum_amount")))
		}
		switch most := price.Value("maximum_amount"); {
		case intOf(amount) != 0 && intOf(amount) < intOf(price.Value("minimum_amount")):
			problems = append(problems, pydantic.Problem{Type: "greater_than_equal", Loc: pydantic.Loc("body", "amount"), Msg: "Amount is below minimum.", Input: amount})
		case most != nil && intOf(amount) > intOf(most):
			problems = append(problems, pydantic.Problem{Type: "less_than_equal", Loc: pydantic.Loc("body", "amount"), Msg: "Amount is above maximum.", Input: amount})
		}
		r.hidden.Set("amount", amount)
	}
	return problems
}

// priceAmount returns the amount that a price charges immediately, in the currency's
// smallest unit.
func priceAmount(price *python.Object, custom any, seats, units int64) int64 {
	switch price.Text("amount_type") {
	case "fixed":
		return intOf(price.Value("price_amount"))
	case "custom":
		return intOf(custom)
	case "seat_based":
		tiers := objectOf(price, "seat_tiers")
		return tierAmount(listOf(tiers, "tiers"), "max_seats", "price_per_seat", tiers.Text("seat_tier_type") == "graduated", seats)
	case "unit_based":
		tiers := objectOf(price, "tiers")
		return tierAmount(listOf(tiers, "tiers"), "bound", "unit_amount", tiers.Text("type") == "graduated", units)
	}
	return 0
}

// tierAmount returns the price of n units. All units have the rate of the tier that n
// falls into or, if graduated, each unit has the rate of its own tier.
func tierAmount(tiers []any, bound, rate string, graduated bool, n int64) (total int64) {
	from := int64(0)
	for _, v := range tiers {
		t, _ := v.(*python.Object)
		each, _ := new(big.Rat).SetString(python.Str(t.Value(rate)))
		end := n
		if limit := t.Value(bound); limit != nil && intOf(limit) < n {
			end = intOf(limit)
		}
		if graduated {
			total += rounded(new(big.Rat).Mul(each, big.NewRat(end-from, 1)))
		}
		if end == n {
			if !graduated {
				total = rounded(new(big.Rat).Mul(each, big.NewRat(n, 1)))
			}
			return total
		}
		from = end
	}
	return total
}

func rounded(r *big.Rat) int64 {
	n, _ := new(big.Int).SetString(r.FloatString(0), 10)
	return n.Int64()
}

// discountOn returns the reduction of an amount by a discount.
func discountOn(d *row, amount int64, currency string) int64 {
	if d == nil {
		return 0
	}
	if d.text("type") == "percentage" {
		return rounded(big.NewRat(amount*d.int("basis_points"), 10_000))
	}
	return min(amount, intOf(objectOf(d.data, "amounts").Value(currency)))
}

// The tax is a fifth of the net price in all countries. The price includes it, except
// in the countries of taxOnTop.
const taxPercent = 20

var taxOnTop = []string{"US", "CA", "IN"}

// taxOf splits an amount into net and tax.
func taxOf(amount int64, country string) (net, tax int64, behavior any) {
	switch {
	case amount == 0 || country == "":
		return amount, 0, nil
	case slices.Contains(taxOnTop, country):
		return amount, rounded(big.NewRat(amount*taxPercent, 100)), "exclusive"
	}
	net = rounded(big.NewRat(amount*100, 100+taxPercent))
	return net, amount - net, "inclusive"
}

// priceCheckout computes the amounts of a checkout and decides which details it
// requires.
func (s *Server) priceCheckout(r *row) {
	o := r.data
	price := objectOf(r.hidden, "price")
	product := s.db.primary.shop.rows[r.text("product_id")]
	amount := priceAmount(price, r.hidden.Value("amount"), r.int("seats"), r.int("units"))
	discount := discountOn(s.db.primary.shop.get(kindDiscount, r.text("discount_id")), amount, r.text("currency"))
	country := objectOf(o, "customer_billing_address").Text("country")
	net, tax, behavior := taxOf(amount-discount, country)
	free := price.Text("amount_type") == "fixed" && amount == 0
	setAll(o, []any{"amount", amount, "discount_amount", discount, "net_amount", net, "tax_amount", tax, "tax_behavior", behavior, "total_amount", net + tax,
		"subtotal_amount", net})
	if country == "" && amount > discount {
		o.Set("tax_amount", nil)
	}
	recurring := product.is("is_recurring")
	trial := s.checkoutTrial(r, product)
	required := net+tax > 0 && !trial
	setup := recurring && !free
	setAll(o, []any{"is_free_product_price", free, "is_discount_applicable", !free, "is_payment_required", required, "is_payment_setup_required", setup,
		"is_payment_form_required", required || setup})
	s.addressFields(r, country)
}

// checkoutTrial sets the trial that the subscription would begin with.
func (s *Server) checkoutTrial(r *row, product *row) bool {
	o := r.data
	interval, count := o.Value("trial_interval"), o.Value("trial_interval_count")
	if interval == nil {
		interval, count = product.data.Value("trial_interval"), product.data.Value("trial_interval_count")
	}
	if interval == nil || o.Value("allow_trial") != true || !product.is("is_recurring") {
		setAll(o, []any{"active_trial_interval", nil, "active_trial_interval_count", nil, "trial_end", nil})
		return false
	}
	end := addInterval(s.clock.time(), text(interval), intOf(count))
	setAll(o, []any{"active_trial_interval", interval, "active_trial_interval_count", count, "trial_end", timestamp(end.Truncate(time.Microsecond))})
	return true
}

// addInterval adds a number of intervals to a time. If the resulting month lacks the
// day, the result is the month's last day.
func addInterval(t time.Time, interval string, count int64) time.Time {
	n := int(count)
	switch interval {
	case "day":
		return t.AddDate(0, 0, n)
	case "week":
		return t.AddDate(0, 0, 7*n)
	case "year":
		n *= 12
	}
	next := t.AddDate(0, n, 0)
	if next.Day() != t.Day() {
		next = next.AddDate(0, 0, -next.Day())
	}
	return next
}

// addressFields sets which parts of the billing address the checkout asks for.
func (s *Server) addressFields(r *row, country string) {
	need := map[string]string{"country": "required"}
	for _, f := range []string{"state", "city", "postal_code", "line1", "line2"} {
		need[f] = "disabled"
	}
	if r.is("require_billing_address") || r.is("is_business_customer") {
		need["city"], need["postal_code"], need["line1"], need["line2"], need["state"] = "required", "required", "required", "optional", "optional"
	}
	if country == "US" || country == "CA" {
		need["state"] = "required"
	}
	flags, fields := python.NewObject(), python.NewObject()
	for _, f := range []string{"country", "state", "city", "postal_code", "line1", "line2"} {
		flags.Set(f, need[f] == "required")
		fields.Set(f, need[f])
	}
	r.data.Set("customer_billing_address_fields", flags)
	r.data.Set("billing_address_fields", fields)
}

// showCheckout fills in the products of a checkout.
func (db *store) showCheckout(r *row, o *python.Object) {
	products, prices := []any{}, python.NewObject()
	for _, id := range textsOf(listOf(r.data, "products")) {
		p := db.shop.rows[id]
		if p == nil {
			continue
		}
		shown := db.publicProduct(p)
		products = append(products, shown)
		prices.Set(id, db.prices(r.pricesOf(p)))
		if id == r.text("product_id") {
			o.Set("product", shown)
		}
	}
	o.Set("products", products)
	o.Set("prices", prices)
	if price := objectOf(r.hidden, "price"); price.Len() > 0 {
		o.Set("product_price", db.prices([]any{price})[0])
	}
	db.showDiscount(o, "")
}

// clientCheckout is an operation on the checkout whose secret is in the path.
func clientCheckout(run func(c *call, r *row, values *python.Object) *response) func(*call) *response {
	return func(c *call) *response {
		values := c.checkBody()
		if resp := c.invalid(); resp != nil {
			return resp
		}
		r := c.db.shop.find(kindCheckout, c.params["client_secret"])
		switch {
		case r == nil:
			return notFound("Not found")
		case c.srv.expired(r):
			return domainError(http.StatusGone, "ExpiredCheckoutError", "This checkout session has expired.")
		}
		return run(c, r, values)
	}
}

// expired reports whether a checkout was not paid in time.
func (s *Server) expired(r *row) bool {
	return r.text("status") == "expired" || r.text("status") == "open" && !s.clock.time().Before(r.time("expires_at"))
}

func getClientCheckout(c *call, r *row, _ *python.Object) *response {
	return jsonResponse(http.StatusOK, c.srv.publicCheckout(r))
}

// publicCheckout returns a checkout as its customer sees it.
func (s *Server) publicCheckout(r *row) *python.Object {
	o := omit(s.db.primary.show(r), "metadata external_customer_id customer_external_id customer_metadata subscription_id trial_interval trial_interval_count")
	o.Set("organization", s.orgs[r.org].object())
	return o
}

func notOpen(r *row) *response {
	return domainError(http.StatusForbidden, "NotOpenCheckout", "Checkout "+r.id+" is not open: "+r.text("status"))
}

func updateCheckout(c *call, r *row, values *python.Object) *response {
	next, resp := c.applyCheckout(r, values)
	if resp != nil {
		return resp
	}
	return c.withSent(http.StatusOK, next, values)
}

func updateClientCheckout(c *call, r *row, values *python.Object) *response {
	next, resp := c.applyCheckout(r, values)
	if resp != nil {
		return resp
	}
	return jsonResponse(http.StatusOK, c.srv.publicCheckout(next))
}

// applyCheckout changes an open checkout.
func (c *call) applyCheckout(r *row, values *python.Object) (*row, *response) {
	if r.text("status") != "open" {
		return nil, notOpen(r)
	}
	if c.subscribed(r) {
		return nil, domainError(http.StatusForbidden, "AlreadyActiveSubscriptionError", "You already have an active subscription.")
	}
	next := *r
	next.data = r.data.Clone()
	o := next.data
	var problems []pydantic.Problem
	product := c.db.shop.rows[r.text("product_id")]
	if id := values.Text("product_id"); id != "" {
		if !slices.Contains(textsOf(listOf(o, "products")), id) {
			problems = append(problems, refuse("Product is not available in this checkout.", id, "product_id"))
		} else {
			product = c.db.shop.rows[id]
		}
	}
	for _, key := range strings.Fields(`customer_name customer_email customer_billing_name customer_tax_id return_url embed_origin allow_discount_codes
		require_billing_address is_business_customer custom_field_data min_seats max_seats min_units max_units allow_trial trial_interval trial_interval_count`) {
		if v, given := values.Get(key); given {
			o.Set(key, v)
		}
	}
	if v := values.Value("customer_billing_address"); v != nil {
		o.Set("customer_billing_address", v)
	}
	if v, given := values.Get("success_url"); given {
		c.srv.setSuccessURL(&next, text(v))
	}
	for _, key := range []string{"metadata", "customer_metadata"} {
		if m, ok := values.Value(key).(*python.Object); ok {
			o.Set(key, polarrules.Stored(m))
		}
	}
	problems = append(problems, c.checkoutDiscount(&next, values)...)
	problems = append(problems, c.srv.chooseProduct(&next, product, values)...)
	problems = append(problems, c.srv.checkoutTaxID(&next, values)...)
	if problems != nil {
		return nil, businessError(problems...)
	}
	c.srv.priceCheckout(&next)
	o.Set("trial_end", orElse(trialUnchanged(r, o), o.Value("trial_end")))
	changed := c.srv.change(r, pairsOf(o)...)
	if changed == r {
		return r, nil
	}
	changed.hidden = next.hidden
	c.srv.save(changed)
	c.srv.sendEvent("checkout.updated", changed)
	return changed, nil
}

// trialUnchanged returns the end of a trial that an update does not change, or nil.
func trialUnchanged(r *row, o *python.Object) any {
	if o.Value("trial_end") != nil && same(o.Value("active_trial_interval"), r.data.Value("active_trial_interval")) &&
		same(o.Value("active_trial_interval_count"), r.data.Value("active_trial_interval_count")) {
		return r.data.Value("trial_end")
	}
	return nil
}

func (c *call) checkoutDiscount(r *row, values *python.Object) []pydantic.Problem {
	if v, given := values.Get("discount_id"); given {
		if id := text(v); id != "" && c.db.shop.getIn(r.org, kindDiscount, id) == nil {
			return []pydantic.Problem{refuse("Discount does not exist.", v, "discount_id")}
		}
		r.data.Set("discount_id", v)
	}
	if v, given := values.Get("discount_code"); given {
		r.data.Set("discount_id", nil)
		if code := text(v); code != "" {
			d := c.srv.discountByCode(r.org, code)
			if d == nil {
				return []pydantic.Problem{{Type: "value_error", Loc: pydantic.Loc("body", "discount_code"), Msg: "Discount does not exist."}}
			}
			r.data.Set("discount_id", d.id)
		}
	}
	return nil
}

func (s *Server) discountByCode(org, code string) *row {
	for _, d := range s.db.primary.shop.of[owner{kindDiscount, org}] {
		if code != "" && strings.EqualFold(d.text("code"), code) {
			return d
		}
	}
	return nil
}

// subscribed reports whether the customer of a checkout already has an active
// subscription.
func (c *call) subscribed(r *row) bool {
	if r.customer == "" || r.text("subscription_id") != "" {
		return false
	}
	product := c.db.shop.rows[r.text("product_id")]
	return product.is("is_recurring") && slices.ContainsFunc(c.db.shop.of[owner{kindSubscription, r.customer}], func(sub *row) bool {
		return activeInList[sub.text("status")]
	})
}

func confirmCheckout(c *call, r *row, values *python.Object) *response {
	if r.text("status") != "open" {
		return notOpen(r)
	}
	next, resp := c.applyCheckout(r, values)
	if resp != nil {
		return resp
	}
	if problems := missingToConfirm(next, values); problems != nil {
		return businessError(problems...)
	}
	next, token := c.srv.confirm(next)
	c.srv.job(func() { c.srv.complete(next) })
	shown := c.srv.publicCheckout(next)
	shown.Set("customer_session_token", token)
	return jsonResponse(http.StatusOK, shown)
}

func missingToConfirm(r *row, values *python.Object) (problems []pydantic.Problem) {
	missing := func(msg string, loc ...any) {
		problems = append(problems, pydantic.Problem{Type: "missing", Loc: append([]any{"body"}, loc...), Msg: msg})
	}
	if r.text("customer_email") == "" {
		missing("Field is required.", "customer_email")
	}
	if r.is("is_payment_form_required") {
		if r.data.Value("customer_billing_address") == nil {
			missing("Field is required.", "customer_billing_address", "country")
			missing("Field is required.", "customer_billing_address")
		}
		if values.Text("confirmation_token_id") == "" {
			missing("Confirmation token is required.", "confirmation_token_id")
		}
	}
	return problems
}

// portalURL returns the URL of a customer's portal.
func portalURL(base string, org *Organization, token, email string) string {
	return base + "/" + org.Slug + "/portal?customer_session_token=" + token + "&email=" + url.QueryEscape(email)
}
