package imitation

import (
	"net/http"

	"github.com/polarexpress/polar-go/internal/python"
)

// What customers see of themselves, with the token of a session.

func portalCustomer(c *call) *response {
	row := c.db.customer(c.who.customer)
	if row == nil {
		return unauthorized()
	}
	shown := customerObject(c.db, row, row.metadata)
	o := pick(shown, "created_at modified_at id email email_verified name billing_name billing_address tax_id")
	setAll(o, []any{"oauth_accounts", python.NewObject(), "default_payment_method_id", shown.Value("default_payment_method_id"), "type", row.Type, "locale", shown.Value("locale")})
	return jsonResponse(http.StatusOK, o)
}

// portalListing lists the caller's objects of a kind.
func portalListing(k kind, keep func(*row) bool) func(*call) *response {
	return func(c *call) *response {
		return c.list(k, func(r *row) bool { return r.customer == c.who.customer && (keep == nil || keep(r)) })
	}
}

// portalReading gets one of the caller's objects.
func portalReading(k kind) func(*call) *response {
	return func(c *call) *response {
		r, resp := c.object(k)
		switch {
		case resp != nil:
			return resp
		case r.customer != c.who.customer:
			return notFound("Not found")
		}
		return jsonResponse(http.StatusOK, c.portalForm(r))
	}
}

// portalForm is an object as its customer sees it.
func (c *call) portalForm(r *row) *python.Object {
	o := c.db.show(r)
	switch r.kind {
	case kindSubscription, kindOrder:
		o = omit(o, "metadata custom_field_data customer user discount platform_fee_amount platform_fee_currency")
		if p := c.db.shop.rows[r.text("product_id")]; p != nil {
			shown := c.db.publicProduct(p)
			shown.Set("organization", c.srv.orgs[r.org].portal())
			o.Set("product", shown)
		}
		if sub := objectOf(o, "subscription"); sub.Len() > 0 {
			o.Set("subscription", omit(sub, "metadata"))
		}
	case kindCustomerMeter:
		o.Delete("customer")
		if m := c.db.shop.rows[r.text("meter_id")]; m != nil {
			o.Set("meter", pick(m.data, "created_at modified_at id name"))
		}
	case kindGrant:
		o = omit(o, "user_id")
	}
	return o
}

// portalSubscription is an operation on one of the caller's subscriptions.
func portalSubscription(run func(c *call, r *row, values *python.Object) *response) func(*call) *response {
	return func(c *call) *response {
		values := c.checkBody()
		r, resp := c.object(kindSubscription)
		switch {
		case resp != nil:
			return resp
		case r.customer != c.who.customer:
			return notFound("Not found")
		}
		if resp := run(c, r, values); resp.status != http.StatusOK {
			return resp
		}
		return jsonResponse(http.StatusOK, c.portalForm(c.srv.db.primary.shop.rows[r.id]))
	}
}

func cancelPortalSubscription(c *call, r *row, _ *python.Object) *response {
	return c.cancelSubscription(r, python.NewObject("cancel_at_period_end", true))
}
