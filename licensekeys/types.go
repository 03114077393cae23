package licensekeys

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// ValidatedKey is a license key that allows the use.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Activation (*ValidatedActivation) is the activation that was validated, if one was named.
	//   - BenefitID (string) is the ID of the benefit.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Customer (Customer) is the customer, with email address and metadata.
	//   - CustomerID (string) names the customer by its ID.
	//   - DisplayKey (string) is the key in part, fit to be shown.
	//   - ExpiresAt (*time.Time) is when the key expires, or nil if it does not.
	//   - Key (string) is the key. It is a secret of the customer.
	//   - LastValidatedAt (*time.Time) is when the key was last validated.
	//   - LimitActivations (*int) is how many activations there can be, or nil for no limit.
	//   - LimitUsage (*int) is how far Usage can go, or nil for no limit.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Status (Status) says whether the key is valid: granted is.
	//   - Usage (int) is the sum of what validations have added.
	//   - Validations (int) is how often the key was validated.
	ValidatedKey = commerce.ValidatedLicenseKey
	// Activation is one of the activations of a key, with the key.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Label (string) is the name of the use.
	//   - LicenseKey (Key) is the license key.
	//   - LicenseKeyID (string) names the license key by its ID.
	//   - Meta (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	Activation = commerce.LicenseKeyActivation
	// ValidatedActivation is the activation that a key was validated with.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Label (string) is the name of the use.
	//   - LicenseKeyID (string) names the license key by its ID.
	//   - Meta (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	ValidatedActivation = commerce.LicenseKeyActivationBase
	// Key is a license key.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - BenefitID (string) is the ID of the benefit.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Customer (Customer) is the customer, with email address and metadata.
	//   - CustomerID (string) names the customer by its ID.
	//   - DisplayKey (string) is the key in part, fit to be shown.
	//   - ExpiresAt (*time.Time) is when the key expires, or nil if it does not.
	//   - Key (string) is the key. It is a secret of the customer.
	//   - LastValidatedAt (*time.Time) is when the key was last validated.
	//   - LimitActivations (*int) is how many activations there can be, or nil for no limit.
	//   - LimitUsage (*int) is how far Usage can go, or nil for no limit.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Status (Status) says whether the key is valid: granted is.
	//   - Usage (int) is the sum of what validations have added.
	//   - Validations (int) is how often the key was validated.
	Key = commerce.LicenseKey
	// Customer is the customer to whom a key was granted.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
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
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*commerce.TaxID) is the tax number.
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
	//   - ActivationID (string) names the activation by its ID.
	//   - BenefitID (string) is the ID of the benefit.
	//   - Conditions (Metadata) are pairs that an activation sets, and that a validation of it must
	//     repeat exactly.
	//   - CustomerID (string) names the customer by its ID.
	//   - IncrementUsage (*int) is added to the key's usage, which fails above its limit.
	//   - Key (string) is the key, exactly as it was granted.
	//   - OrganizationID (string) is the ID of the organization.
	ValidateParams = commerce.LicenseKeyValidate
	// ActivateParams describes a machine or an installation.
	//
	// Fields:
	//
	//   - Conditions (Metadata) are pairs that an activation sets, and that a validation of it must
	//     repeat exactly.
	//   - Key (string) is the key, exactly as it was granted.
	//   - Label (string) is the name of the use.
	//   - Meta (Metadata) is your own data.
	//   - OrganizationID (string) is the ID of the organization.
	ActivateParams = commerce.LicenseKeyActivate
	// DeactivateParams names an activation.
	//
	// Fields:
	//
	//   - ActivationID (string) names the activation by its ID.
	//   - Key (string) is the key, exactly as it was granted.
	//   - OrganizationID (string) is the ID of the organization.
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
