package customers

import (
	"github.com/oapi-codegen/nullable"

	"github.com/polarexpress/polar-go/gen"
)

// What the service answers.
type (
	// Customer is a person or a team that buys from the seller's organization.
	Customer = gen.Customer
	// State is a customer together with its active subscriptions, granted
	// benefits and meters: all that decides what it may use.
	State gen.CustomerState
	// Subscription is one of a state's active or trialing subscriptions.
	Subscription = gen.CustomerStateSubscription
	// SubscriptionMeter is what a subscription has metered in its period.
	SubscriptionMeter = gen.CustomerStateSubscriptionMeter
	// BenefitGrant is a benefit that the customer has been granted.
	BenefitGrant = gen.CustomerStateBenefitGrant
	// Meter is the customer's standing on one meter, over all subscriptions.
	Meter = gen.CustomerStateMeter
	// PaymentMethod is a way to pay that the customer has stored.
	PaymentMethod = gen.PaymentMethod
	// PaymentMethodMetadata is what is known of a stored card.
	PaymentMethodMetadata = gen.PaymentMethodMetadata
	// Member is a person who acts for a customer.
	Member = gen.Member
	// Address is a billing address.
	Address = gen.Address
	// TaxID is a tax number and the format that it was checked against.
	TaxID = gen.TaxID
	// Metadata is the seller's own data on an object.
	Metadata = gen.Metadata
)

// What the service is sent.
type (
	// CreateParams is what a new customer is made of.
	CreateParams = gen.CustomerCreate
	// UpdateParams changes a customer by ID. See [Set] and [Null].
	UpdateParams = gen.CustomerUpdate
	// UpdateByExternalIDParams changes a customer by external ID. It has neither
	// ExternalID nor Type, which only [UpdateParams] can change.
	UpdateByExternalIDParams = gen.CustomerUpdateExternalID
	// DeleteParams says how to delete a customer.
	DeleteParams = gen.CustomersDeleteParams
	// ListParams selects and orders customers.
	ListParams = gen.CustomersListParams
	// ExportParams selects customers to export.
	ExportParams = gen.CustomersExportParams
	// PageParams selects a page of payment methods.
	PageParams = gen.CustomersListPaymentMethodsParams
	// AddressParams is a billing address to store.
	AddressParams = gen.AddressInput
	// OwnerParams is the owner of a new customer.
	OwnerParams = gen.MemberOwnerCreate
	// MemberListParams selects and orders members.
	MemberListParams = gen.CustomersMembersListParams
	// MemberCreateParams is what a new member is made of.
	MemberCreateParams = gen.MemberCreateFromCustomer
	// MemberUpdateParams changes a member. See [Set].
	MemberUpdateParams = gen.MemberUpdate
)

// Open sets of values: one that is not listed here decodes like any other.
type (
	// Type is the kind of a customer.
	Type = gen.CustomerType
	// Role is what a member may do.
	Role = gen.MemberRole
	// SortProperty is what a list of customers is ordered by.
	SortProperty = gen.CustomerSortProperty
	// MemberSortProperty is what a list of members is ordered by.
	MemberSortProperty = gen.MemberSortProperty
	// SubscriptionStatus says whether a subscription is active or in its trial.
	SubscriptionStatus = gen.StateSubscriptionStatus
	// RecurringInterval is the length of a subscription's period.
	RecurringInterval = gen.RecurringInterval
	// BenefitType is the kind of a benefit.
	BenefitType = gen.BenefitType
	// TaxIDFormat is the kind of a tax number. Its values are those of gen.
	TaxIDFormat = gen.TaxIDFormat
	// PaymentProcessor is who processes a payment.
	PaymentProcessor = gen.PaymentProcessor
)

// Kinds of customers.
const (
	TypeIndividual = gen.CustomerTypeIndividual
	TypeTeam       = gen.CustomerTypeTeam
)

// Roles of members. A customer has exactly one owner.
const (
	RoleOwner          = gen.MemberRoleOwner
	RoleBillingManager = gen.MemberRoleBillingManager
	RoleMember         = gen.MemberRoleMember
)

// Orders of customers. Nulls come last in ascending order and first in descending.
const (
	SortCreatedAt     = gen.CustomerSortPropertyCreatedAt
	SortCreatedAtDesc = gen.CustomerSortPropertyMinusCreatedAt
	SortEmail         = gen.CustomerSortPropertyEmail
	SortEmailDesc     = gen.CustomerSortPropertyMinusEmail
	SortName          = gen.CustomerSortPropertyName
	SortNameDesc      = gen.CustomerSortPropertyMinusName
)

// Orders of members.
const (
	SortMembersCreatedAt     = gen.MemberSortPropertyCreatedAt
	SortMembersCreatedAtDesc = gen.MemberSortPropertyMinusCreatedAt
)

// Statuses of a state's subscriptions.
const (
	SubscriptionActive   = gen.StateSubscriptionStatusActive
	SubscriptionTrialing = gen.StateSubscriptionStatusTrialing
)

// Lengths of a subscription's period.
const (
	IntervalDay   = gen.RecurringIntervalDay
	IntervalWeek  = gen.RecurringIntervalWeek
	IntervalMonth = gen.RecurringIntervalMonth
	IntervalYear  = gen.RecurringIntervalYear
)

// Kinds of benefits.
const (
	BenefitCustom             = gen.BenefitTypeCustom
	BenefitDiscord            = gen.BenefitTypeDiscord
	BenefitDownloadables      = gen.BenefitTypeDownloadables
	BenefitFeatureFlag        = gen.BenefitTypeFeatureFlag
	BenefitGitHubRepository   = gen.BenefitTypeGithubRepository
	BenefitLicenseKeys        = gen.BenefitTypeLicenseKeys
	BenefitMeterCredit        = gen.BenefitTypeMeterCredit
	BenefitSlackSharedChannel = gen.BenefitTypeSlackSharedChannel
)

// Field is a field of an update. The zero Field is left out, so that the
// service keeps what it has; [Set] and [Null] make the other two states.
type Field[T any] = nullable.Nullable[T]

// Set returns a field that changes to v.
func Set[T any](v T) Field[T] { return nullable.NewNullableWithValue(v) }

// Null returns a field that is sent as null, which clears a name, a locale or a
// tax ID. What null does elsewhere is said at each field.
func Null[T any]() Field[T] { return nullable.NewNullNullable[T]() }

// Value returns what p points to, or the zero value where the service has none.
func Value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// Ptr returns a pointer to v, for [ListParams.Active].
func Ptr[T any](v T) *T { return &v }
