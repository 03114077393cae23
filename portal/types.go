package portal

import "github.com/polarexpress/polar-go/gen/commerce"

type (
	// Session is a customer's way into the portal. CustomerPortalURL and Token are
	// secrets: do not log or store them.
	Session = commerce.CustomerSession
	// SessionParams says for whom to create a session. Zero values are left out.
	SessionParams = commerce.CustomerSessionCreate
	// Customer is the customer of a session.
	Customer = commerce.Customer
)
