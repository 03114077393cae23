package licensekeys

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// ValidatedKey is a license key that allows the use.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Activation (*ValidatedActivation) is the activation that the key was validated with.
	//   - BenefitID (string) is the ID of the benefit.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Customer (Customer) is the customer to whom the key was granted.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - DisplayKey (string) is the key with all but its end hidden, to show to people.
	//   - ExpiresAt (*time.Time) is when it expires, or nil if it never does.
	//   - Key (string) is the license key, a secret of the customer.
	//   - LastValidatedAt (*time.Time) is when the key was last validated.
	//   - LimitActivations (*int) is how many activations the key has at most, or nil for keys without
	//     activations.
	//   - LimitUsage (*int) is how much the key can be used, or nil without a limit.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Status (Status) is the state of the key. It is an open set.
	//   - Usage (int) is how much the key was used.
	//   - Validations (int) is how often the key was validated.
	ValidatedKey = commerce.ValidatedLicenseKey
	// Activation is one of the activations of a key, with the key.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Label (string) is what the customer sees, such as the name of the machine.
	//   - LicenseKey (Key) is the license key.
	//   - LicenseKeyID (string) is the ID of the license key.
	//   - Meta (Metadata) is the seller's own data on the activation.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	Activation = commerce.LicenseKeyActivation
	// ValidatedActivation is the activation that a key was validated with.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Label (string) is what the customer sees, such as the name of the machine.
	//   - LicenseKeyID (string) is the ID of the license key.
	//   - Meta (Metadata) is the seller's own data on the activation.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	ValidatedActivation = commerce.LicenseKeyActivationBase
	// Key is a license key.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - BenefitID (string) is the ID of the benefit.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Customer (Customer) is the customer to whom the key was granted.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - DisplayKey (string) is the key with all but its end hidden, to show to people.
	//   - ExpiresAt (*time.Time) is when it expires, or nil if it never does.
	//   - Key (string) is the license key, a secret of the customer.
	//   - LastValidatedAt (*time.Time) is when the key was last validated.
	//   - LimitActivations (*int) is how many activations the key has at most, or nil for keys without
	//     activations.
	//   - LimitUsage (*int) is how much the key can be used, or nil without a limit.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Status (Status) is the state of the key. It is an open set.
	//   - Usage (int) is how much the key was used.
	//   - Validations (int) is how often the key was validated.
	Key = commerce.LicenseKey
	// Customer is the customer to whom a key was granted.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
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
	//   - Metadata (Metadata) is the seller's own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*commerce.TaxID) is the tax number, checked by the service.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	Customer = commerce.LicenseKeyCustomer
	// Metadata is a set of up to 50 pairs of a key and a string, a number or a bool.
	Metadata = commerce.Metadata
)

// What the service is sent. Zero values are left out. OrganizationID, the ID of the
// seller's organization, is always needed; it is no secret.
type (
	// ValidateParams describes the use of a key.
	//
	// Fields:
	//
	//   - ActivationID (string) is the ID of the activation, for a key that has activations.
	//   - BenefitID (string) is the ID of the benefit that the key must be for.
	//   - Conditions (Metadata) must hold when the activation is validated, exactly as they were given
	//     when it was made.
	//   - CustomerID (string) is the ID of the customer whose key it must be, Polar's own.
	//   - IncrementUsage (*int) adds to the key's use. Nil or 0 adds nothing.
	//   - Key (string) is the license key.
	//   - OrganizationID (string) is the ID of the seller's organization, which is no secret.
	ValidateParams = commerce.LicenseKeyValidate
	// ActivateParams describes a machine or an installation.
	//
	// Fields:
	//
	//   - Conditions (Metadata) must be given in the same way when the activation is validated.
	//   - Key (string) is the license key.
	//   - Label (string) is what the customer sees, such as the name of the machine.
	//   - Meta (Metadata) is the seller's own data on the activation.
	//   - OrganizationID (string) is the ID of the seller's organization, which is no secret.
	ActivateParams = commerce.LicenseKeyActivate
	// DeactivateParams names an activation.
	//
	// Fields:
	//
	//   - ActivationID (string) is the ID of the activation.
	//   - Key (string) is the license key.
	//   - OrganizationID (string) is the ID of the seller's organization, which is no secret.
	DeactivateParams = commerce.LicenseKeyDeactivate
)

// Status is the state of a key. It is an open set: a value that is not listed here
// decodes like any other.
type Status = commerce.LicenseKeyStatus

// Statuses of keys.
const (
	StatusGranted  = commerce.LicenseKeyStatusGranted
	StatusRevoked  = commerce.LicenseKeyStatusRevoked
	StatusDisabled = commerce.LicenseKeyStatusDisabled
)
