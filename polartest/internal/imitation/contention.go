package imitation

import (
	"net/http"

	"github.com/polarexpress/polar-go/internal/python"
)

// The service does not queue requests that change one object at the same time: one
// succeeds, and the others fail.

// contenders maps operations to the response for a request that arrives while another
// one changes the same object. A nil response lets the request through.
var contenders = map[string]func(c *call) *response{
	"checkouts:update":         checkoutLocked,
	"checkouts:client_update":  checkoutLocked,
	"checkouts:client_confirm": checkoutLocked,
	"subscriptions:update": func(c *call) *response {
		if o, _ := c.body.(*python.Object); o == nil || o.Text("product_id") == "" {
			return nil
		}
		return internalError()
	},
	"products:update_benefits": func(*call) *response { return internalError() },
	"discounts:delete":         func(*call) *response { return noContent() },
	"refunds:create":           func(*call) *response { return nil },
	"customers:create":         externalIDTaken,
}

// externalIDTaken refuses a customer that another request has just created. The
// database detects the duplicate and reports only one field.
func externalIDTaken(c *call) *response {
	body, _ := c.body.(*python.Object)
	if body == nil {
		return nil
	}
	org, resp := c.newCustomerOrganization(body.Text("organization_id"))
	external := body.Text("external_id")
	if resp != nil || external == "" || c.db.org(org).byExternal[external] == nil {
		return nil
	}
	return businessError(refuse("A customer with this external ID already exists.", external, "external_id"))
}

func checkoutLocked(*call) *response {
	return domainError(http.StatusConflict, "CheckoutLocked", "Checkout is currently being processed. Please try again.")
}

// contention is a change of an object in progress.
type contention struct {
	requests int
	several  bool
	order    *row // as the first refund saw it
}

// enter records the start of a request that may change an object, and leave records its
// end. contended reports whether another such request was in progress when this one
// began or, for a new customer, has been since.
func (s *Server) enter(rt *route, params map[string]string, body []byte) (contended func() bool, leave func()) {
	if rt == nil || contenders[rt.operation] == nil {
		return nil, func() {}
	}
	key := rt.operation
	for _, name := range []string{"id", "client_secret"} {
		key += " " + params[name]
	}
	orderID := ""
	switch o := parseObject(string(body)); {
	case o == nil:
	case rt.operation == "refunds:create":
		orderID = o.Text("order_id")
		key += orderID
	case rt.operation == "customers:create":
		key += o.Text("external_id")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	current := s.inProgress[key]
	if current == nil {
		if s.inProgress == nil {
			s.inProgress = map[string]*contention{}
		}
		current = &contention{order: s.db.primary.shop.get(kindOrder, orderID)}
		s.inProgress[key] = current
		if orderID != "" {
			s.inProgress[orderID] = current
		}
	}
	current.requests++
	late := current.requests > 1
	current.several = current.several || late
	return func() bool { return late || current.several && rt.operation == "customers:create" }, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if current.requests--; current.requests == 0 {
			delete(s.inProgress, key)
			delete(s.inProgress, orderID)
		}
	}
}
