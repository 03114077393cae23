package imitation

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

// Purchase is the result of a paid checkout.
type Purchase struct {
	// CheckoutID is the ID of the checkout.
	CheckoutID string
	// CustomerID is the ID of the customer, who existed before or was created.
	CustomerID string
	// OrderID is the ID of the order. It is empty if the subscription begins with a
	// trial, because nothing is charged yet.
	OrderID string
	// SubscriptionID is the ID of the subscription. It is empty for a one-time
	// product.
	SubscriptionID string
	// GrantIDs are the IDs of the grants of the product's benefits.
	GrantIDs []string
	// LicenseKeys are the keys among these grants.
	LicenseKeys []string
}

// Pay completes a checkout, given by its ID or URL, as if the customer had paid: the
// customer is found or created, the order is paid, the subscription begins, benefits
// are granted, and webhooks get the events in the service's order. A checkout without
// an email address gets a generated one. A checkout that is not open fails the test.
func (s *Server) Pay(checkout string) Purchase {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	r := s.openCheckout("Pay", checkout)
	if r == nil {
		return Purchase{}
	}
	r, _ = s.confirm(r)
	return s.complete(r)
}

// FailPayment makes the payment of a checkout fail, given its ID or URL: the status of
// the checkout becomes "failed", and nothing is sold.
func (s *Server) FailPayment(checkout string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	if r := s.openCheckout("FailPayment", checkout); r != nil {
		s.decline(r)
	}
}

// decline makes the payment of an open checkout fail.
func (s *Server) decline(r *row) {
	r, _ = s.confirm(r)
	s.sendEvent("checkout.updated", s.change(r, "status", "failed"))
}

// job runs what the service leaves to a background job: immediately, or in RunJobs if
// the server caches states.
func (s *Server) job(run func()) {
	if s.opts.stateCache {
		s.jobs = append(s.jobs, run)
		return
	}
	run()
}

func (s *Server) openCheckout(what, id string) *row {
	s.helper()
	shop := s.db.primary.shop
	r := shop.get(kindCheckout, id)
	if _, secret, isURL := strings.Cut(id, "/checkout/"); isURL {
		secret, _, _ = strings.Cut(secret, "?")
		r = shop.find(kindCheckout, secret)
	}
	switch {
	case r == nil:
		s.misuse("%s: no checkout %q", what, id)
		return nil
	case s.expired(r):
		s.misuse("%s: checkout %s has expired", what, r.id)
		return nil
	case r.text("status") != "open":
		s.misuse("%s: checkout %s is not open but %s", what, r.id, r.text("status"))
		return nil
	}
	return r
}

// confirm finds or creates the customer of a checkout and confirms it. The token
// belongs to a new session of the customer.
func (s *Server) confirm(r *row) (*row, string) {
	c := s.checkoutBuyer(r)
	metadata := objectOf(r.data, "payment_processor_metadata").Clone()
	metadata.Set("customer_id", "cus_"+rand.Text()[:14])
	next := s.change(r, "status", "confirmed", "customer_id", c.ID, "customer_email", null(c.Email), "payment_processor_metadata", metadata)
	owned := *next
	owned.customer = c.ID
	s.save(&owned)
	s.sendEvent("checkout.updated", &owned)
	return &owned, s.newSession(c.ID, "", "polar_cst_").token
}

// checkoutBuyer returns the customer who buys: the checkout's, or else one with the
// same email address, or else a new one.
func (s *Server) checkoutBuyer(r *row) *customerRow {
	db := s.db.primary
	if c := db.customer(r.customer); c != nil {
		return c
	}
	email := r.text("customer_email")
	if email == "" {
		s.sequence++
		email = fmt.Sprintf("customer-%d@polar.sh", s.sequence)
	}
	if c := db.org(r.org).byEmail[strings.ToLower(email)]; c != nil {
		return c
	}
	v := Customer{
		ID: newUUID(), OrganizationID: r.org, Type: polarrules.Individual, Email: email, Name: r.text("customer_name"), BillingName: r.text("customer_billing_name"),
		ExternalID: r.text("external_customer_id"), CreatedAt: s.stamp(),
	}
	if a := objectOf(r.data, "customer_billing_address"); a.Len() > 0 {
		v.BillingAddress = &Address{a.Text("line1"), a.Text("line2"), a.Text("postal_code"), a.Text("city"), a.Text("state"), a.Text("country")}
	}
	if number := r.text("customer_tax_id"); number != "" && v.BillingAddress != nil {
		v.TaxID, _ = checkTaxID(number, v.BillingAddress)
	}
	c := newCustomerRow(v, objectOf(r.data, "customer_metadata"))
	s.write(func(db *store) { db.putCustomer(c) })
	if !s.orgs[r.org].WithoutMembers {
		m := ownerOf(c, nil)
		s.write(func(db *store) { db.putMember(m) })
		s.sendMemberEvent("member.created", m)
	}
	s.sendCustomerEvent("customer.created", c.ID)
	return c
}

// write stores a change by a method of the server or by a job.
func (s *Server) write(apply func(*store)) { s.db.write(s.clock.time(), apply) }

// complete creates the order, the subscription and the grants of a confirmed checkout.
func (s *Server) complete(r *row) Purchase {
	db := s.db.primary
	product := db.shop.rows[r.text("product_id")]
	p := Purchase{CheckoutID: r.id, CustomerID: r.customer}
	now := s.stamp()
	var sub *row
	if product.is("is_recurring") {
		sub = s.subscribe(r, product, now)
		p.SubscriptionID = sub.id
	}
	if sub == nil || sub.text("status") != "trialing" {
		order := s.orderOf(r, sub)
		p.OrderID = order.id
		for _, event := range []string{"order.created", "order.updated", "order.paid"} {
			s.sendEvent(event, order)
		}
	}
	s.redeem(r.text("discount_id"))
	r = s.change(r, "status", "succeeded")
	s.sendEvent("checkout.updated", r)
	for _, g := range s.grantAll(product, r.customer, p.SubscriptionID, p.OrderID) {
		p.GrantIDs = append(p.GrantIDs, g.id)
		if key := db.shop.get(kindKey, objectOf(g.data, "properties").Text("license_key_id")); key != nil {
			p.LicenseKeys = append(p.LicenseKeys, key.text("key"))
		}
	}
	s.sendStateEvent(r.customer)
	return p
}

// redeem counts a redemption of a discount.
func (s *Server) redeem(id string) {
	if d := s.db.primary.shop.get(kindDiscount, id); d != nil {
		s.setQuietly(d, "redemptions_count", d.int("redemptions_count")+1)
	}
}

// subscribe creates the subscription of a checkout, or upgrades the free one that the
// checkout refers to.
func (s *Server) subscribe(r, product *row, now time.Time) *row {
	price := objectOf(r.hidden, "price")
	values := []any{
		"amount", r.int("amount") - r.int("discount_amount"), "currency", r.text("currency"),
		"recurring_interval", product.data.Value("recurring_interval"), "recurring_interval_count", product.data.Value("recurring_interval_count"),
		"status", "active", "current_period_start", timestamp(now), "started_at", timestamp(now),
		"current_period_end", timestamp(addInterval(now, product.text("recurring_interval"), product.int("recurring_interval_count"))),
		"product_id", product.id, "discount_id", r.data.Value("discount_id"), "checkout_id", r.id, "seats", r.data.Value("seats"), "units", r.data.Value("units"),
		"price_id", price.Text("id"), "prices", r.pricesOf(product), "metadata", r.data.Value("metadata"), "custom_field_data", r.data.Value("custom_field_data"),
		"meters", s.subscriptionMeters(r.pricesOf(product)),
	}
	if end := r.data.Value("trial_end"); end != nil {
		end = timestamp(addInterval(now, r.text("active_trial_interval"), r.int("active_trial_interval_count")))
		values = append(values, "status", "trialing", "trial_start", timestamp(now), "trial_end", end, "current_period_end", end)
	}
	if old := s.db.primary.shop.get(kindSubscription, r.text("subscription_id")); old != nil {
		sub := s.change(old, values...)
		s.sendEvent("subscription.updated", sub)
		return sub
	}
	sub := s.insert(kindSubscription, r.org, r.customer, values...)
	s.sendEvent("subscription.created", sub)
	if sub.text("status") == "active" {
		s.sendEvent("subscription.active", sub)
	}
	s.sendEvent("subscription.updated", sub)
	return sub
}

// subscriptionMeters returns the meters of a subscription's prices, at zero.
func (s *Server) subscriptionMeters(prices []any) []any {
	meters := []any{}
	for _, v := range prices {
		if id := v.(*python.Object).Text("meter_id"); id != "" {
			meters = append(meters, python.NewObject("created_at", timestamp(s.stamp()), "modified_at", nil, "id", newUUID(),
				"consumed_units", 0.0, "credited_units", 0, "amount", 0, "meter_id", id))
		}
	}
	return meters
}

// orderOf creates the paid order of a checkout.
func (s *Server) orderOf(r, sub *row) *row {
	reason := "purchase"
	var subscription any
	if sub != nil {
		reason, subscription = "subscription_create", sub.id
		if r.text("subscription_id") != "" {
			reason = "subscription_update"
		}
	}
	product := s.db.primary.shop.rows[r.text("product_id")]
	return s.newOrder(r.org, r.customer, product, r.int("amount"), r.int("discount_amount"), r.int("net_amount"), r.int("tax_amount"),
		"billing_reason", reason, "currency", r.text("currency"), "billing_name", orElse(r.data.Value("customer_billing_name"), r.data.Value("customer_name")),
		"billing_address", r.data.Value("customer_billing_address"), "seats", r.data.Value("seats"), "units", r.data.Value("units"),
		"product_price_id", r.text("product_price_id"), "product_price", objectOf(r.hidden, "price"), "discount_id", r.data.Value("discount_id"),
		"subscription_id", subscription, "checkout_id", r.id, "metadata", r.data.Value("metadata"), "custom_field_data", r.data.Value("custom_field_data"))
}

// newOrder stores an order of one product.
func (s *Server) newOrder(org, customer string, product *row, subtotal, discount, net, tax int64, pairs ...any) *row {
	item := python.NewObject("created_at", timestamp(s.stamp()), "modified_at", nil, "id", newUUID(), "label", product.text("name"), "amount", subtotal,
		"tax_amount", tax, "proration", false, "product_price_id", nil)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "product_price_id" {
			item.Set("product_price_id", pairs[i+1])
		}
	}
	values := []any{
		"subtotal_amount", subtotal, "discount_amount", discount, "net_amount", net, "tax_amount", tax, "total_amount", net + tax, "due_amount", net + tax,
		"invoice_number", fmt.Sprintf("INV-%s", rand.Text()[:6]), "product_id", product.id, "items", []any{item}, "description", product.text("name"),
		"amount", net, "refundable_amount", net, "refundable_tax_amount", tax,
	}
	s.touch(customer)
	return s.insert(kindOrder, org, customer, append(values, pairs...)...)
}

// touch updates the time of a customer's last change: the service counts invoices in
// the customer's row.
func (s *Server) touch(customerID string) {
	if c := s.db.primary.customer(customerID); c != nil {
		next := c.Customer
		next.ModifiedAt = s.stamp()
		stored := newCustomerRow(next, c.metadata)
		s.write(func(db *store) { db.putCustomer(stored) })
	}
}

// grantAll grants the benefits of a product.
func (s *Server) grantAll(product *row, customer, subscription, order string) (grants []*row) {
	if subscription != "" {
		order = ""
	}
	for _, id := range slices.Compact(textsOf(listOf(product.data, "benefits"))) {
		b := s.db.primary.shop.get(kindBenefit, id)
		if b == nil {
			continue
		}
		g := s.insert(kindGrant, product.org, customer, "benefit_id", id, "subscription_id", null(subscription), "order_id", null(order))
		g = s.activate(g, b)
		s.sendGrant("benefit_grant.created", g, nil)
		grants = append(grants, g)
	}
	return grants
}

// activate makes a grant effective: it creates a license key or credits a meter.
func (s *Server) activate(g, b *row) *row {
	now := s.stamp()
	properties := python.NewObject()
	given := objectOf(b.data, "properties")
	switch b.text("type") {
	case "license_keys":
		key := s.newLicenseKey(b, g.customer)
		properties = python.NewObject("license_key_id", key.id, "display_key", key.text("display_key"))
	case "meter_credit":
		units := intOf(given.Value("units"))
		s.credit(g.org, g.customer, given.Text("meter_id"), units)
		properties = python.NewObject("last_credited_at", timestamp(now), "last_credited_units", units, "last_credited_meter_id", given.Text("meter_id"))
	}
	return s.setQuietly(g, "granted_at", timestamp(now), "is_granted", true, "revoked_at", nil, "is_revoked", false, "properties", properties)
}

// sendGrant sends an event about a grant, with the properties that it had before.
func (s *Server) sendGrant(typ string, g *row, previous *python.Object) {
	s.happened(typ, g.id)
	s.sendData(typ, g.org, func() *python.Object {
		shown := s.db.primary.show(g)
		user := shown.Value("user_id")
		shown.Delete("user_id")
		if previous == nil {
			previous = python.NewObject()
		}
		shown.Set("previous_properties", previous)
		shown.Set("user_id", user)
		return shown
	})
}

// revokeGrants revokes the grants of a subscription or an order.
func (s *Server) revokeGrants(customer, field, id string) {
	for _, g := range slices.Clone(s.db.primary.shop.of[owner{kindGrant, customer}]) {
		if g.text(field) == id && g.is("is_granted") {
			s.revokeGrant(g)
		}
	}
}

// revokeGrant revokes a grant, and the license key that came with it.
func (s *Server) revokeGrant(g *row) {
	if key := s.db.primary.shop.get(kindKey, objectOf(g.data, "properties").Text("license_key_id")); key != nil {
		s.change(key, "status", "revoked")
	}
	next := s.change(g, "is_granted", false, "granted_at", nil, "is_revoked", true, "revoked_at", timestamp(s.stamp()))
	s.sendGrant("benefit_grant.revoked", next, objectOf(g.data, "properties"))
}

// newLicenseKey creates a key with the settings of its benefit.
func (s *Server) newLicenseKey(b *row, customer string) *row {
	given := objectOf(b.data, "properties")
	value := strings.ToUpper(newUUID())
	if prefix := given.Text("prefix"); prefix != "" {
		value = prefix + "-" + value
	}
	var expires any
	if e := objectOf(given, "expires"); e.Len() > 0 {
		expires = timestamp(addInterval(s.clock.time().Truncate(time.Microsecond), e.Text("timeframe"), intOf(e.Value("ttl"))))
	}
	return s.insert(kindKey, b.org, customer, "user_id", customer, "benefit_id", b.id, "key", value, "display_key", "****-"+value[len(value)-6:],
		"limit_activations", objectOf(given, "activations").Value("limit"), "limit_usage", given.Value("limit_usage"), "expires_at", expires)
}

// credit adds units to a customer's meter, which begins with them.
func (s *Server) credit(org, customer, meter string, units int64) {
	m := s.customerMeter(org, customer, meter)
	credited := m.int("credited_units") + units
	s.change(m, "credited_units", credited, "balance", float64(credited)-floatOf(m.data.Value("consumed_units")))
}

// customerMeter returns a meter of a customer, and creates it if there is none.
func (s *Server) customerMeter(org, customer, meter string) *row {
	for _, m := range s.db.primary.shop.of[owner{kindCustomerMeter, customer}] {
		if m.text("meter_id") == meter {
			return m
		}
	}
	return s.insert(kindCustomerMeter, org, customer, "meter_id", meter)
}
