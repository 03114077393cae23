package licensekeys

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// ValidatedKey is a license key that allows the use.
	ValidatedKey = commerce.ValidatedLicenseKey
	// Activation is one of the activations of a key, with the key.
	Activation = commerce.LicenseKeyActivation
	// ValidatedActivation is the activation that a key was validated with.
	ValidatedActivation = commerce.LicenseKeyActivationBase
	// Key is a license key.
	Key = commerce.LicenseKey
	// Customer is the customer to whom a key was granted.
	Customer = commerce.LicenseKeyCustomer
	// Metadata is a set of up to 50 pairs of a key and a string, a number or a bool.
	Metadata = commerce.Metadata
)

// What the service is sent. Zero values are left out. OrganizationID, the ID of the
// seller's organization, is always needed; it is no secret.
type (
	// ValidateParams describes the use of a key.
	ValidateParams = commerce.LicenseKeyValidate
	// ActivateParams describes a machine or an installation.
	ActivateParams = commerce.LicenseKeyActivate
	// DeactivateParams names an activation.
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
