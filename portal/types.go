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
	//   - Customer (Customer) is the customer who is signed in.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - CustomerPortalURL (string) is where to send the customer. It holds the token and is a secret.
	//   - ExpiresAt (time.Time) is when the session ends, an hour after it was created.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - ReturnURL (*string) is where a link back leads. It must be an absolute http or https URL.
	//   - Token (string) is the secret that signs the customer in.
	Session = commerce.CustomerSession
	// SessionParams says for whom to create a session. Zero values are left out.
	//
	// Fields:
	//
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - ExternalCustomerID (string) is the customer's external ID, the seller's own.
	//   - ExternalMemberID (string) is the external ID of the member who signs in, the seller's own.
	//   - MemberID (string) is the ID of the member who signs in, Polar's own. A team needs it, or
	//     ExternalMemberID.
	//   - ReturnURL (string) is where a link back leads. It must be an absolute http or https URL.
	SessionParams = commerce.CustomerSessionCreate
	// Customer is the customer of a session.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is the seller's own ID of the customer, unique in the organization.
	//   - Email (*string) is the e-mail address, unique in the organization without regard to case.
	//     Only a team can be without.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the e-mail address of the customer or of its owner.
	//   - BillingAddress (*commerce.Address) is the address that invoices carry and taxes follow.
	//   - BillingName (*string) is the name on invoices; Name, unless the customer has given another.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - DefaultPaymentMethodID (*string) is the ID of the payment method that is charged first.
	//   - DeletedAt (*time.Time) is when the customer was deleted. It is nil but in webhooks, for a
	//     deleted customer is not found.
	//   - EmailVerified (bool) says whether the customer has confirmed the address. A change through
	//     the API makes it false.
	//   - FirstUserEventAt (*time.Time) is when the customer's first event was recorded; it can be
	//     earlier than CreatedAt.
	//   - Locale (*string) is the preferred language as a BCP 47 tag, such as "en-US".
	//   - Metadata (commerce.Metadata) is the seller's own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*commerce.TaxID) is the tax number, checked by the service.
	Customer = commerce.Customer
)
