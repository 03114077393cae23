package imitation

import (
	"bufio"
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

func updateOrder(c *call, r *row, values *python.Object) *response {
	if given, ok := values.Value("billing_address").(*python.Object); ok {
		old := objectOf(r.data, "billing_address")
		for _, field := range []string{"country", "state"} {
			if was := old.Value(field); was != nil && given.Value(field) != nil && !same(was, given.Value(field)) {
				what := strings.ToUpper(field[:1]) + field[1:]
				return businessError(refuse(what+" cannot be changed", given.Value(field), "billing_address", field))
			}
		}
	}
	next := c.srv.change(r, pairsOf(pick(values, "billing_name billing_address"))...)
	if next != r {
		c.srv.sendEvent("order.updated", next)
	}
	return c.shown(http.StatusOK, next)
}

func createInvoice(c *call) *response {
	r, resp := c.object(kindOrder)
	if resp != nil {
		return resp
	}
	switch {
	case slices.Contains([]string{"void", "draft"}, r.text("status")):
		return domainError(http.StatusConflict, "OrderNotEligibleForInvoice", "Order is not eligible for an invoice.")
	case r.text("billing_name") == "" || r.data.Value("billing_address") == nil:
		return domainError(http.StatusUnprocessableEntity, "MissingInvoiceBillingDetails", "Billing name and address are required to generate an invoice.")
	}
	c.srv.change(r, "is_invoice_generated", true)
	return jsonResponse(http.StatusAccepted, nil)
}

func getInvoice(c *call) *response {
	r, resp := c.object(kindOrder)
	if resp != nil {
		return resp
	}
	if !r.is("is_invoice_generated") {
		return domainError(http.StatusNotFound, "InvoiceDoesNotExist", "No invoice exists for this order.")
	}
	return jsonResponse(http.StatusOK, python.NewObject("url", c.publicBase()+"/invoices/"+r.id+".pdf"))
}

// exporting is the operation that exports a kind of objects as CSV.
func exporting(k kind, file, header string, cells func(db *store, r *row) []any) func(*call) *response {
	return func(c *call) *response {
		args, _ := c.arguments()
		if resp := c.invalid(); resp != nil {
			return resp
		}
		v := views[k]
		rows := c.sorted(v, c.selected(k, v, nil, args), "-created_at")
		records := [][]string{strings.Split(header, ",")}
		for _, r := range rows {
			record := make([]string, 0, 8)
			for _, cell := range cells(c.db, r) {
				record = append(record, csvCell(cell))
			}
			records = append(records, record)
		}
		return csvResponse(file, records)
	}
}

func csvResponse(file string, records [][]string) *response {
	return (&response{status: http.StatusOK, contentType: "text/csv; charset=utf-8", stream: func(w http.ResponseWriter) {
		b := bufio.NewWriter(w)
		for _, record := range records {
			_ = python.WriteCSV(b, record...) // the client may have disconnected
		}
		_ = b.Flush()
		flush(w)
	}}).set("Content-Disposition", `attachment; filename="`+file+`"`)
}

// money returns an amount in the currency's main unit.
func money(cents int64) any { return float64(cents) / 100 }

func orderCells(db *store, r *row) []any {
	return []any{customerEmail(db, r.customer), csvTime(r.time("created_at")), r.text("description"), money(r.int("net_amount")), r.text("currency"), r.text("status"), r.data.Value("invoice_number")}
}

func subscriptionCells(db *store, r *row) []any {
	product := ""
	if p := db.shop.rows[r.text("product_id")]; p != nil {
		product = p.text("name")
	}
	interval := r.text("recurring_interval")
	if n := r.int("recurring_interval_count"); n > 1 {
		interval = python.Str(int(n)) + " " + interval + "s"
	}
	return []any{customerEmail(db, r.customer), csvTime(r.time("started_at")), product, money(r.int("amount")), r.text("currency"), r.text("status"), interval}
}

func customerEmail(db *store, id string) string {
	if c := db.customers[id]; c != nil {
		return c.Email
	}
	return ""
}

func createRefund(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	order := c.visibleRow(kindOrder, values.Text("order_id"))
	if order == nil {
		return businessError(refuse("Order not found", values.Value("order_id"), "order_id"))
	}
	if current := c.srv.inProgress[order.id]; current != nil && current.order != nil {
		order = current.order // other refunds in progress are not visible
	}
	amount := intOf(values.Value("amount"))
	revoke := values.Value("revoke_benefits") == true
	refundable := order.int("net_amount") - order.int("refunded_amount")
	switch {
	case order.text("status") == "refunded":
		return domainError(http.StatusForbidden, "RefundedAlready", "Order is already fully refunded: "+order.id)
	case revoke && order.text("subscription_id") != "":
		return domainError(http.StatusBadRequest, "RevokeSubscriptionBenefitsProhibited", "Subscription benefits can only be revoked upon cancellation")
	case amount > refundable:
		return businessError(refuse("Refund amount exceeds refundable amount", values.Value("amount"), "amount"))
	case !order.is("paid"):
		return domainError(http.StatusNotFound, "RefundUnknownPayment", "Refund issued for unknown order: "+order.id)
	}
	r := c.srv.refund(order, amount, revoke, values)
	return c.withSent(http.StatusCreated, r, values)
}

// refund refunds a part of the net amount of an order, and the tax on it.
func (s *Server) refund(order *row, amount int64, revoke bool, values *python.Object) *row {
	tax := int64(0)
	if net := order.int("net_amount"); net > 0 {
		tax = (order.int("tax_amount")*amount + net/2) / net
	}
	r := s.insert(kindRefund, order.org, order.customer, "metadata", polarrules.Stored(objectOf(values, "metadata")), "reason", orElse(values.Value("reason"), "customer_request"),
		"amount", amount, "tax_amount", tax, "currency", order.text("currency"), "order_id", order.id, "subscription_id", order.data.Value("subscription_id"), "revoke_benefits", revoke)
	refunded, refundedTax := order.int("refunded_amount")+amount, order.int("refunded_tax_amount")+tax
	status := "partially_refunded"
	if refunded >= order.int("net_amount") {
		status = "refunded"
	}
	order = s.change(order, "status", status, "refunded_amount", refunded, "refunded_tax_amount", refundedTax,
		"refundable_amount", order.int("net_amount")-refunded, "refundable_tax_amount", order.int("tax_amount")-refundedTax)
	s.sendEvent("refund.created", r)
	s.sendEvent("order.updated", order)
	s.sendEvent("order.refunded", order)
	if revoke {
		s.revokeGrants(order.customer, "order_id", order.id)
		s.sendStateEvent(order.customer)
	}
	return r
}

// Refund refunds amount of the net amount of an order, in the currency's smallest unit,
// and the tax on it. If amount is zero, it refunds the rest.
func (s *Server) Refund(orderID string, amount int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	order := s.db.primary.shop.get(kindOrder, orderID)
	if order == nil {
		s.misuse("Refund: no order %q", orderID)
		return
	}
	left := order.int("net_amount") - order.int("refunded_amount")
	if amount == 0 {
		amount = int(left)
	}
	if amount < 0 || int64(amount) > left {
		s.misuse("Refund: order %s has %d left to refund", orderID, left)
		return
	}
	s.refund(order, int64(amount), false, python.NewObject())
}
