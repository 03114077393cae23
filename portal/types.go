package portal

import "github.com/polarexpress/polar-go/gen/commerce"

type (
	// Session is a customer's way into the portal. CustomerPortalURL and Token are
	// secrets: do not log or store them.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Customer (Customer) is the customer.
	//   - CustomerID (string) names the customer by its ID.
	//   - CustomerPortalURL (string) is the page to send the customer to. It contains the token, so
	//     treat it as a secret.
	//   - ExpiresAt (time.Time) is when the session expires.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - ReturnURL (*string) is where the portal's back button leads. Without it there is none.
	//   - Token (string) authenticates requests of the customer. It is a secret.
	Session = commerce.CustomerSession
	// SessionParams says for whom to create a session. Zero values are left out.
	//
	// Fields:
	//
	//   - CustomerID (string) names the customer by its ID.
	//   - ExternalCustomerID (string) is your own ID of the customer.
	//   - ExternalMemberID (string) is your own ID of the member.
	//   - MemberID (string) names the member by its ID.
	//   - ReturnURL (string) is where the portal's back button leads.
	SessionParams = commerce.CustomerSessionCreate
	// Customer is the customer of a session.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is your own ID of the customer, unique in the organization.
	//   - Email (*string) is the email address, unique in the organization, ignoring case. Only a team
	//     can be without one.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the email address of the customer or of its owner.
	//   - BillingAddress (*commerce.Address) is the address on invoices, which also determines taxes.
	//   - BillingName (*string) is the name on invoices. It is Name unless the customer chose another.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - DefaultPaymentMethodID (*string) is the ID of the customer's default payment method.
	//   - DeletedAt (*time.Time) is when the customer was deleted. It is set only in webhooks.
	//   - EmailVerified (bool) reports whether the customer has confirmed the email address. A change
	//     through the API makes it false.
	//   - FirstUserEventAt (*time.Time) is when the customer's first event was recorded. It can be
	//     earlier than CreatedAt.
	//   - Locale (*string) is the preferred language as a BCP 47 tag, such as "en-US".
	//   - Metadata (commerce.Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*commerce.TaxID) is the tax number.
	Customer = commerce.Customer
)
