package imitation

import (
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/polarexpress/polar-go/internal/python"
)

// retryDays are the days between the attempts to charge a failed renewal.
var retryDays = []int{2, 5, 7, 7}

// runUntil moves the clock to target. On the way, trials end, subscriptions are
// renewed, charged again, resumed or ended, and checkouts expire.
func (s *Server) runUntil(target time.Time) {
	for r := s.agenda.next(s.db.primary.shop.rows, target); r != nil; r = s.agenda.next(s.db.primary.shop.rows, target) {
		s.clock.forward(r.due())
		switch {
		case r.kind == kindOrder:
			s.retryCharge(r)
		case r.kind == kindCheckout:
			next := s.change(r, "status", "expired")
			s.sendEvent("checkout.updated", next)
			s.sendEvent("checkout.expired", next)
		case r.text("status") == "paused":
			s.resume(r)
		default:
			s.cycle(r)
		}
	}
	s.clock.forward(target)
}

// cycle ends a period of a subscription.
func (s *Server) cycle(r *row) {
	end := r.time("current_period_end")
	switch {
	case r.is("cancel_at_period_end"):
		next := s.change(r, "status", "canceled", "ended_at", timestamp(end))
		s.sendEvent("subscription.updated", next)
		s.sendEvent("subscription.canceled", next)
		s.sendEvent("subscription.revoked", next)
		s.revokeGrants(r.customer, "subscription_id", r.id)
		s.sendStateEvent(r.customer)
		return
	case r.is("pause_at_period_end"):
		next := s.change(r, "status", "paused", "paused_at", timestamp(end), "pause_at_period_end", false)
		s.sendEvent("subscription.updated", next)
		s.sendEvent("subscription.paused", next)
		s.revokeGrants(r.customer, "subscription_id", r.id)
		s.sendStateEvent(r.customer)
		return
	}
	pairs := []any{"status", "active"}
	if update, ok := r.data.Value("pending_update").(*python.Object); ok {
		if product := s.db.primary.shop.rows[update.Text("product_id")]; product != nil {
			pairs = append(pairs, s.productPairs(r, product, end)...)
		}
		for _, what := range []string{"seats", "units"} {
			if n := update.Value(what); n != nil {
				pairs = append(pairs, what, n, "amount", priceAmount(objectOf(s.db.primary.show(r), "price"), nil, intOf(orElse(update.Value("seats"), r.data.Value("seats"))), intOf(orElse(update.Value("units"), r.data.Value("units")))))
			}
		}
		pairs = append(pairs, "pending_update", nil)
	}
	next := s.change(r, pairs...)
	metered := s.meteredAmount(next)
	next = s.change(next, "current_period_start", timestamp(end), "current_period_end", timestamp(s.nextPeriod(next, end)), "meters", resetMeters(listOf(next.data, "meters")))
	s.sendEvent("subscription.updated", next)
	if r.text("status") == "trialing" {
		s.sendEvent("subscription.active", next)
	}
	s.sendEvent("subscription.cycled", next)
	s.charge(next, metered)
}

// charge makes and pays the order of a period. metered is the price of the usage
// in the period before.
func (s *Server) charge(r *row, metered int64) {
	amount := s.fullAmount(r)
	discount := int64(0)
	if d := s.db.primary.shop.get(kindDiscount, r.text("discount_id")); d != nil && s.stillDiscounted(r, d) {
		discount = discountOn(d, amount, r.text("currency"))
	} else if d != nil {
		r = s.change(r, "discount_id", nil, "amount", amount)
	}
	order := s.subscriptionOrder(r, "subscription_cycle", amount+metered, discount)
	s.sendEvent("order.created", order)
	s.attempt(order, r)
}

// subscriptionOrder creates an unpaid order of a subscription.
func (s *Server) subscriptionOrder(r *row, reason string, amount, discount int64) *row {
	db := s.db.primary
	c := db.customers[r.customer]
	shown := customerObject(db, c, c.metadata)
	net, tax, _ := taxOf(amount-discount, objectOf(shown, "billing_address").Text("country"))
	return s.newOrder(r.org, r.customer, db.shop.rows[r.text("product_id")], amount, discount, net, tax, "status", "pending", "paid", false,
		"billing_reason", reason, "currency", r.text("currency"), "billing_name", shown.Value("billing_name"), "billing_address", shown.Value("billing_address"),
		"product_price_id", r.text("price_id"), "product_price", firstOf(listOf(r.data, "prices")), "discount_id", r.data.Value("discount_id"), "subscription_id", r.id,
		"seats", r.data.Value("seats"), "units", r.data.Value("units"), "metadata", r.data.Value("metadata"))
}

func firstOf(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// fullAmount returns the price of a subscription without its discount.
func (s *Server) fullAmount(r *row) int64 {
	price, _ := firstOf(listOf(r.data, "prices")).(*python.Object)
	if price == nil {
		return r.int("amount")
	}
	if price.Text("amount_type") == "custom" {
		return r.int("amount")
	}
	return priceAmount(price, nil, r.int("seats"), r.int("units"))
}

// stillDiscounted reports whether a discount applies to the period that begins.
func (s *Server) stillDiscounted(r, d *row) bool {
	switch d.text("duration") {
	case "forever":
		return true
	case "repeating":
		return r.time("current_period_start").Before(r.time("started_at").AddDate(0, int(d.int("duration_in_months")), 0))
	}
	return false
}

// meteredAmount returns the price of a subscription's usage in its period, beyond its
// credits.
func (s *Server) meteredAmount(r *row) (total int64) {
	for _, v := range listOf(r.data, "prices") {
		price := v.(*python.Object)
		if price.Text("amount_type") != "metered_unit" {
			continue
		}
		for _, m := range listOf(r.data, "meters") {
			if m := m.(*python.Object); m.Text("meter_id") == price.Text("meter_id") {
				total += meterAmount(price, m)
			}
		}
	}
	return total
}

// meterAmount returns the amount that a metered price charges for consumption.
func meterAmount(price, m *python.Object) int64 {
	used := floatOf(m.Value("consumed_units")) - floatOf(m.Value("credited_units"))
	rate, ok := new(big.Rat).SetString(python.Str(price.Value("unit_amount")))
	if used <= 0 || !ok || math.IsInf(used, 0) {
		return 0
	}
	amount := rounded(rate.Mul(rate, new(big.Rat).SetFloat64(used)))
	if limit := price.Value("cap_amount"); limit != nil {
		amount = min(amount, intOf(limit))
	}
	return amount
}

func resetMeters(meters []any) []any {
	out := make([]any, len(meters))
	for i, v := range meters {
		m := v.(*python.Object).Clone()
		setAll(m, []any{"consumed_units", 0.0, "amount", 0})
		out[i] = m
	}
	return out
}

// attempt charges an order of a subscription.
func (s *Server) attempt(order, r *row) {
	if !s.failing[r.customer] {
		order = s.change(order, "status", "paid", "paid", true, "next_payment_attempt_at", nil)
		s.sendEvent("order.updated", order)
		s.sendEvent("order.paid", order)
		s.cycleGrants(r)
		if r.text("status") == "past_due" {
			r = s.change(r, "status", "active", "past_due_at", nil)
			s.sendEvent("subscription.updated", r)
			s.sendEvent("subscription.active", r)
		}
		s.sendStateEvent(r.customer)
		return
	}
	attempts := intOf(order.hidden.Value("attempts"))
	if attempts == int64(len(retryDays)) {
		s.setQuietly(order, "next_payment_attempt_at", nil)
		now := timestamp(s.stamp())
		r = s.change(r, "status", "unpaid", "ended_at", now, "ends_at", now)
		s.sendEvent("subscription.updated", r)
		s.sendEvent("subscription.revoked", r)
		s.revokeGrants(r.customer, "subscription_id", r.id)
		s.sendStateEvent(r.customer)
		return
	}
	order = s.change(order, "next_payment_attempt_at", timestamp(s.clock.time().Truncate(time.Microsecond).AddDate(0, 0, retryDays[attempts])))
	next := *order
	next.hidden = order.hidden.Clone()
	next.hidden.Set("attempts", attempts+1)
	s.save(&next)
	s.sendEvent("order.updated", &next)
	if r.text("status") != "past_due" {
		r = s.change(r, "status", "past_due", "past_due_at", timestamp(s.stamp()))
		s.sendSubscription(r, "subscription.past_due")
	}
}

func (s *Server) retryCharge(order *row) {
	if r := s.db.primary.shop.get(kindSubscription, order.text("subscription_id")); r != nil && !ended(r) {
		s.attempt(order, r)
		return
	}
	s.setQuietly(order, "next_payment_attempt_at", nil)
}

// cycleGrants renews the credits that grants give for each period.
func (s *Server) cycleGrants(r *row) {
	for _, g := range slices.Clone(s.db.primary.shop.of[owner{kindGrant, r.customer}]) {
		b := s.db.primary.shop.rows[g.text("benefit_id")]
		if g.text("subscription_id") != r.id || !g.is("is_granted") || b == nil || b.text("type") != "meter_credit" {
			continue
		}
		given := objectOf(b.data, "properties")
		m := s.customerMeter(g.org, g.customer, given.Text("meter_id"))
		if given.Value("rollover") != true {
			s.change(m, "consumed_units", 0.0, "credited_units", 0, "balance", 0.0)
		}
		s.credit(g.org, g.customer, given.Text("meter_id"), intOf(given.Value("units")))
		properties := objectOf(g.data, "properties").Clone()
		properties.Set("last_credited_at", timestamp(s.stamp()))
		next := s.setQuietly(g, "properties", properties)
		s.sendGrant("benefit_grant.cycled", next, nil)
	}
}

// FailPayments makes the payments of a customer's renewals fail until stop is called.
// The subscription becomes past due, is charged again after 2, 7, 14 and 21 days, and
// ends when the last attempt fails. Use [Server.Advance] to move the time.
func (s *Server) FailPayments(customerID string) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing == nil {
		s.failing = map[string]bool{}
	}
	s.failing[customerID] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.failing, customerID)
	}
}
