package imitation

import (
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

func createSubscription(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	id := values.Text("product_id")
	product := c.visibleRow(kindProduct, id)
	bad := func(msg string, field string) *response {
		return businessError(refuse(msg, values.Value(field), field))
	}
	switch {
	case product == nil:
		return bad("Product does not exist.", "product_id")
	case !product.is("is_recurring"):
		return bad("Product is not a recurring product.", "product_id")
	case product.is("is_archived"):
		return bad("Product is archived.", "product_id")
	case firstPrice(product).Text("amount_type") != "fixed" || intOf(firstPrice(product).Value("price_amount")) != 0 || len(listOf(product.data, "prices")) != 1:
		return bad("Product is not free. The customer should go through a checkout to create a paid subscription.", "product_id")
	}
	var customer *customerRow
	field := "customer_id"
	if customerID := values.Text("customer_id"); customerID != "" {
		customer = c.db.customer(customerID)
	} else {
		field = "external_customer_id"
		customer = c.db.org(product.org).byExternal[values.Text(field)]
	}
	if customer == nil || customer.OrganizationID != product.org {
		return bad("Customer does not exist.", field)
	}
	now := c.srv.stamp()
	price := firstPrice(product)
	r := c.srv.insert(kindSubscription, product.org, customer.ID, "metadata", polarrules.Stored(objectOf(values, "metadata")),
		"recurring_interval", product.data.Value("recurring_interval"), "recurring_interval_count", product.data.Value("recurring_interval_count"),
		"current_period_start", timestamp(now), "started_at", timestamp(now), "product_id", product.id, "price_id", price.Text("id"), "prices", []any{price},
		"current_period_end", timestamp(addInterval(now, product.text("recurring_interval"), product.int("recurring_interval_count"))))
	c.srv.sendEvent("subscription.created", r)
	c.srv.sendEvent("subscription.active", r)
	c.srv.sendEvent("subscription.updated", r)
	c.srv.grantAll(product, customer.ID, r.id, "")
	c.srv.sendStateEvent(customer.ID)
	return c.withSent(http.StatusCreated, r, values)
}

func alreadyCanceled() *response {
	return domainError(http.StatusForbidden, "AlreadyCanceledSubscription", "This subscription is already canceled or will be at the end of the period.")
}

// ended reports whether a subscription is over.
func ended(r *row) bool {
	return !slices.Contains([]string{"active", "trialing", "past_due", "paused"}, r.text("status"))
}

func updateSubscription(c *call, r *row, values *python.Object) *response {
	has := func(key string) bool { _, given := values.Get(key); return given }
	switch {
	case has("cancel_at_period_end"):
		return c.cancelSubscription(r, values)
	case has("revoke"):
		return c.revokeSubscription(r, values)
	case has("seats"), has("units"):
		return c.resizeSubscription(r, values)
	case has("pending_update"):
		if r.data.Value("pending_update") == nil {
			return businessError(refuse("This subscription has no pending update to clear.", nil, "pending_update"))
		}
		return c.shown(http.StatusOK, c.srv.setQuietly(r, "pending_update", nil))
	case has("pause_at_period_end"):
		return c.pauseSubscription(r, values)
	case has("resume"):
		if r.text("status") != "paused" {
			return domainError(http.StatusConflict, "NotPausedSubscription", "This subscription is not paused.")
		}
		return c.shown(http.StatusOK, c.srv.resume(r))
	case has("current_billing_period_end"):
		return c.movePeriod(r, values)
	}
	return c.updateSubscriptionBase(r, values)
}

// setQuietly changes fields of an object, but not modified_at.
func (s *Server) setQuietly(r *row, pairs ...any) *row {
	next := *r
	next.data = r.data.Clone()
	setAll(next.data, pairs)
	s.save(&next)
	return &next
}

// cancellationReasons returns the reason and the comment of a cancellation.
func cancellationReasons(values *python.Object) []any {
	return pairsOf(pick(values, "customer_cancellation_reason customer_cancellation_comment"))
}

func (c *call) cancelSubscription(r *row, values *python.Object) *response {
	if values.Value("cancel_at_period_end") == true {
		if ended(r) || r.is("cancel_at_period_end") {
			return alreadyCanceled()
		}
		end := r.data.Value("current_period_end")
		next := c.srv.change(r, append(cancellationReasons(values), "cancel_at_period_end", true, "canceled_at", timestamp(c.srv.stamp()), "ends_at", end)...)
		return c.announce(next, "subscription.canceled")
	}
	switch {
	case r.data.Value("ended_at") != nil || ended(r):
		return domainError(http.StatusGone, "ResourceUnavailable", "Unavailable")
	case !r.is("cancel_at_period_end"):
		return domainError(http.StatusBadRequest, "BadRequest", "Bad request")
	}
	next := c.srv.change(r, "cancel_at_period_end", false, "canceled_at", nil, "ends_at", nil, "customer_cancellation_reason", nil, "customer_cancellation_comment", nil)
	return c.announce(next, "subscription.uncanceled")
}

// announce sends the events of a change, and shows the subscription.
func (c *call) announce(r *row, events ...string) *response {
	c.srv.sendSubscription(r, events...)
	return c.shown(http.StatusOK, r)
}

// sendSubscription sends what a change of a subscription entails: an update, the
// more specific events, and the customer's state.
func (s *Server) sendSubscription(r *row, events ...string) {
	s.sendEvent("subscription.updated", r)
	for _, e := range events {
		s.sendEvent(e, r)
	}
	s.sendStateEvent(r.customer)
}

func (c *call) revokeSubscription(r *row, values *python.Object) *response {
	if ended(r) {
		return alreadyCanceled()
	}
	return c.shown(http.StatusOK, c.srv.revoke(r, cancellationReasons(values)...))
}

func deleteSubscription(c *call) *response {
	r, resp := c.object(kindSubscription)
	if resp != nil {
		return resp
	}
	return c.revokeSubscription(r, python.NewObject())
}

// revoke ends a subscription now.
func (s *Server) revoke(r *row, pairs ...any) *row {
	now := timestamp(s.stamp())
	next := s.change(r, append(pairs, "status", "canceled", "canceled_at", now, "ends_at", now, "ended_at", now)...)
	s.sendEvent("subscription.updated", next)
	s.sendEvent("subscription.canceled", next)
	s.sendEvent("subscription.revoked", next)
	s.revokeGrants(r.customer, "subscription_id", r.id)
	s.sendStateEvent(r.customer)
	return next
}

func (c *call) pauseSubscription(r *row, values *python.Object) *response {
	if values.Value("pause_at_period_end") != true {
		if !r.is("pause_at_period_end") {
			return domainError(http.StatusConflict, "NoScheduledPause", "This subscription has no scheduled pause.")
		}
		return c.announce(c.srv.change(r, "pause_at_period_end", false, "resumes_at", nil))
	}
	if r.text("status") != "active" || r.is("pause_at_period_end") || r.is("cancel_at_period_end") {
		return domainError(http.StatusConflict, "CannotPauseSubscription", "This subscription cannot be paused.")
	}
	return c.announce(c.srv.change(r, "pause_at_period_end", true, "resumes_at", values.Value("resumes_at")))
}

// resume ends a pause: a new period begins.
func (s *Server) resume(r *row) *row {
	now := s.stamp()
	next := s.change(r, "status", "active", "paused_at", nil, "resumes_at", nil, "pause_at_period_end", false, "current_period_start", timestamp(now),
		"current_period_end", timestamp(s.nextPeriod(r, now)))
	s.sendSubscription(next, "subscription.resumed")
	s.charge(next, 0)
	return s.db.primary.shop.rows[r.id]
}

// nextPeriod returns the end of a subscription's period that begins at from.
func (s *Server) nextPeriod(r *row, from time.Time) time.Time {
	return addInterval(from, r.text("recurring_interval"), max(1, r.int("recurring_interval_count")))
}

func (c *call) movePeriod(r *row, values *python.Object) *response {
	end := timeOf(values.Value("current_billing_period_end"))
	switch {
	case ended(r) || r.is("cancel_at_period_end"):
		return alreadyCanceled()
	case !end.After(c.now):
		return businessError(refuse("The new billing period end must be in the future.", values.Value("current_billing_period_end"), "current_billing_period_end"))
	}
	return c.announce(c.srv.change(r, "current_period_end", values.Value("current_billing_period_end")))
}

// resizeSubscription changes the number of seats or units.
func (c *call) resizeSubscription(r *row, values *python.Object) *response {
	what, kind, class := "seats", "seat_based", "Seat"
	if _, units := values.Get("units"); units {
		what, kind, class = "units", "unit_based", "Unit"
	}
	n := intOf(values.Value(what))
	prices := listOf(r.data, "prices")
	at := slices.IndexFunc(prices, func(p any) bool { return p.(*python.Object).Text("amount_type") == kind })
	fail := func(name, detail string) *response { return domainError(http.StatusBadRequest, name, detail) }
	switch {
	case ended(r) || r.is("cancel_at_period_end"):
		return alreadyCanceled()
	case at < 0:
		return fail("NotA"+class+"BasedSubscription", "This subscription does not support "+strings.ToLower(class)+"-based pricing.")
	}
	price := prices[at].(*python.Object)
	least, most := minimumOf(price, class), maximumOf(price, class)
	switch {
	case n < least:
		return fail("BelowMinimum"+class+"s", "Minimum "+what+" required: "+python.Str(int(least)))
	case most > 0 && n > most:
		return fail("AboveMaximum"+class+"s", "Maximum "+what+" allowed: "+python.Str(int(most)))
	case n == r.int(what) && values.Text("proration_behavior") != "next_period":
		return c.shown(http.StatusOK, r)
	}
	if values.Text("proration_behavior") == "next_period" {
		return c.shown(http.StatusOK, c.srv.schedule(r, nil, what, values.Value(what)))
	}
	seats, units := r.int("seats"), r.int("units")
	if class == "Seat" {
		seats = n
	} else {
		units = n
	}
	next := c.srv.change(r, what, values.Value(what), "amount", priceAmount(price, nil, seats, units))
	return c.announce(next)
}

func minimumOf(price *python.Object, class string) int64 {
	if class == "Seat" {
		return max(1, intOf(objectOf(price, "seat_tiers").Value("minimum_seats")))
	}
	return max(1, intOf(price.Value("minimum_units")))
}

func maximumOf(price *python.Object, class string) int64 {
	if class == "Seat" {
		return intOf(objectOf(price, "seat_tiers").Value("maximum_seats"))
	}
	return intOf(price.Value("maximum_units"))
}

// schedule stores a change for the next period. A repeated change has no effect.
func (s *Server) schedule(r *row, product any, pairs ...any) *row {
	update := python.NewObject("created_at", timestamp(s.stamp()), "modified_at", nil, "id", newUUID(), "applies_at", r.data.Value("current_period_end"),
		"product_id", product, "seats", nil, "units", nil)
	setAll(update, pairs)
	if old, ok := r.data.Value("pending_update").(*python.Object); ok && same(omit(old, "id created_at modified_at"), omit(update, "id created_at modified_at")) {
		return r
	}
	return s.setQuietly(r, "pending_update", update)
}

// updateSubscriptionBase changes the product, the discount, the trial or the
// metadata.
func (c *call) updateSubscriptionBase(r *row, values *python.Object) *response {
	changed := []any{}
	if m, ok := values.Value("metadata").(*python.Object); ok {
		changed = append(changed, "metadata", polarrules.Stored(m))
	}
	if v, given := values.Get("discount_id"); given {
		if problem := c.subscriptionDiscount(r, v); problem != nil {
			return businessError(*problem)
		}
		changed = append(changed, "discount_id", v)
	}
	if v := values.Value("trial_end"); v != nil {
		pairs, resp := c.moveTrial(r, v)
		if resp != nil {
			return resp
		}
		changed = append(changed, pairs...)
	}
	events := []string{}
	next := r
	if id := values.Text("product_id"); id != "" && id != r.text("product_id") {
		pairs, scheduled, resp := c.switchProduct(r, id, values)
		if resp != nil {
			return resp
		}
		if scheduled != nil {
			next = scheduled
		}
		changed = append(changed, pairs...)
	} else if id == r.text("product_id") && id != "" && (ended(r) || r.is("cancel_at_period_end")) {
		return alreadyCanceled()
	} else if id != "" && values.Text("proration_behavior") == "reset" {
		return businessError(refuse("The 'reset' proration behavior is not enabled for this organization.", "reset", "proration_behavior"))
	}
	updated := c.srv.change(next, changed...)
	if updated != next {
		if r.text("status") == "trialing" && updated.text("status") == "active" {
			events = append(events, "subscription.active")
		}
		c.srv.sendSubscription(updated, events...)
		c.srv.settle(r, updated, values.Text("proration_behavior"))
		if updated.text("product_id") != r.text("product_id") {
			c.srv.revokeGrants(r.customer, "subscription_id", r.id)
			c.srv.grantAll(c.db.shop.rows[updated.text("product_id")], r.customer, r.id, "")
			c.srv.sendStateEvent(r.customer)
		}
	}
	return c.withSent(http.StatusOK, updated, values)
}

// settle charges the change of a subscription to another product. A new period is paid
// immediately. So is a change within the period if behavior is "invoice"; otherwise it
// waits for the next order. The remaining time of the old product is credited.
func (s *Server) settle(old, next *row, behavior string) {
	if old.text("product_id") == next.text("product_id") {
		return
	}
	product := s.db.primary.shop.rows[next.text("product_id")]
	if firstPrice(product).Text("amount_type") == "seat_based" {
		s.becomeTeam(next.customer)
	}
	restarted := old.text("current_period_start") != next.text("current_period_start")
	if !restarted && behavior != "invoice" || old.text("status") == "trialing" {
		return
	}
	left := func(r *row) *big.Rat {
		now, start, end := s.clock.time(), r.time("current_period_start"), r.time("current_period_end")
		if !end.After(start) || !end.After(now) || now.Before(start) {
			return new(big.Rat)
		}
		return big.NewRat(int64(end.Sub(now)), int64(end.Sub(start)))
	}
	share := func(r *row, of *big.Rat) int64 { return rounded(new(big.Rat).Mul(of, big.NewRat(r.int("amount"), 1))) }
	amount := share(next, big.NewRat(1, 1))
	if !restarted {
		amount = share(next, left(next))
	}
	if old.text("status") == "active" {
		amount -= share(old, left(old))
	}
	if amount > 0 {
		order := s.subscriptionOrder(next, "subscription_update", amount, 0)
		s.sendEvent("order.created", order)
		s.job(func() { s.attempt(order, s.db.primary.shop.rows[next.id]) })
	}
}

// becomeTeam makes a customer with seats a team.
func (s *Server) becomeTeam(customerID string) {
	c := s.db.primary.customer(customerID)
	if c == nil || c.Type == polarrules.Team {
		return
	}
	next := c.Customer
	next.Type, next.ModifiedAt = polarrules.Team, s.stamp()
	stored := newCustomerRow(next, c.metadata)
	s.write(func(db *store) { db.putCustomer(stored) })
	s.sendCustomerEvent("customer.updated", customerID)
}

func (c *call) subscriptionDiscount(r *row, v any) *pydantic.Problem {
	id := text(v)
	problem := func(msg string) *pydantic.Problem { p := refuse(msg, v, "discount_id"); return &p }
	switch {
	case v == nil:
	case c.db.shop.getIn(r.org, kindDiscount, id) == nil:
		return problem("Discount does not exist.")
	case id == r.text("discount_id"):
		return problem("This discount is already applied to the subscription.")
	}
	return nil
}

func (c *call) moveTrial(r *row, v any) ([]any, *response) {
	now := c.srv.stamp()
	if v == "now" {
		if r.text("status") != "trialing" {
			return nil, businessError(refuse("The subscription is not currently in trial.", v, "trial_end"))
		}
		return []any{"status", "active", "trial_end", timestamp(now), "current_period_start", timestamp(now), "current_period_end", timestamp(c.srv.nextPeriod(r, now))}, nil
	}
	switch end := timeOf(v); {
	case ended(r):
		return nil, alreadyCanceled()
	case !end.After(now) || r.text("status") != "trialing" && !end.After(r.time("current_period_end")):
		return nil, businessError(refuse("Trial end must be after the current period end.", v, "trial_end"))
	}
	return []any{"status", "trialing", "trial_start", orElse(r.data.Value("trial_start"), timestamp(now)), "trial_end", v, "current_period_end", v}, nil
}

// switchProduct changes to another product, now or with the next period.
func (c *call) switchProduct(r *row, id string, values *python.Object) (pairs []any, scheduled *row, resp *response) {
	bad := func(msg string) *response { return businessError(refuse(msg, id, "product_id")) }
	product := c.db.shop.getIn(r.org, kindProduct, id)
	old := c.db.shop.rows[r.text("product_id")]
	seats := func(p *row) bool { return p != nil && firstPrice(p).Text("amount_type") == "seat_based" }
	behavior := values.Text("proration_behavior")
	switch {
	case ended(r) || r.is("cancel_at_period_end"):
		return nil, nil, alreadyCanceled()
	case product == nil:
		return nil, nil, bad("Product does not exist.")
	case product.is("is_archived"):
		return nil, nil, bad("Product is archived.")
	case !product.is("is_recurring"):
		return nil, nil, bad("Product is not recurring.")
	case seats(old) && !seats(product):
		return nil, nil, bad("Can't switch from a seat-based to a non-seat-based product.")
	case behavior == "reset":
		return nil, nil, businessError(refuse("The 'reset' proration behavior is not enabled for this organization.", "reset", "proration_behavior"))
	case behavior == "next_period":
		return nil, c.srv.schedule(r, id), nil
	}
	return c.srv.productPairs(r, product, c.srv.stamp()), nil, nil
}

// productPairs returns the fields that a subscription takes from its product. Another
// interval begins a new period.
func (s *Server) productPairs(r, product *row, now time.Time) []any {
	price := firstPrice(product)
	pairs := []any{"product_id", product.id, "price_id", price.Text("id"), "prices", product.data.Value("prices"), "meters", s.subscriptionMeters(listOf(product.data, "prices"))}
	seats, units := r.int("seats"), r.int("units")
	switch price.Text("amount_type") {
	case "seat_based":
		seats = max(seats, 1)
		pairs = append(pairs, "seats", seats)
	case "unit_based":
		units = max(units, 1)
		pairs = append(pairs, "units", units)
	}
	pairs = append(pairs, "amount", priceAmount(price, price.Value("preset_amount"), seats, units))
	if product.text("recurring_interval") != r.text("recurring_interval") || product.int("recurring_interval_count") != r.int("recurring_interval_count") {
		pairs = append(pairs, "recurring_interval", product.text("recurring_interval"), "recurring_interval_count", product.data.Value("recurring_interval_count"),
			"current_period_start", timestamp(now), "current_period_end", timestamp(addInterval(now, product.text("recurring_interval"), product.int("recurring_interval_count"))))
	}
	return pairs
}
