package customers

import "github.com/polarexpress/polar-go/gen"

// What the service returns.
type (
	// Customer is a person or a team that buys from your organization.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is your own ID of the customer, unique in the organization.
	//   - Email (*string) is the email address, unique in the organization, ignoring case. Only a team
	//     can be without one.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the email address of the customer or of its owner.
	//   - BillingAddress (*Address) is the address on invoices, which also determines taxes.
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
	//   - TaxID (*TaxID) is the tax number.
	Customer = gen.Customer
	// State is a customer with its active subscriptions, granted benefits and meters:
	// everything that decides what the customer may use.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is your own ID of the customer, unique in the organization.
	//   - Email (*string) is the email address, unique in the organization, ignoring case. Only a team
	//     can be without one.
	//   - Name (*string) is the name of the person or team.
	//   - ActiveMeters ([]ActiveMeter) are the customer's meters, oldest first.
	//   - ActiveSubscriptions ([]Subscription) are the subscriptions that are active or trialing, in no
	//     order. Subscriptions that are past due are not included.
	//   - AvatarURL (*string) is a picture found by the email address of the customer or of its owner.
	//   - BillingAddress (*Address) is the address on invoices, which also determines taxes.
	//   - BillingName (*string) is the name on invoices. It is Name unless the customer chose another.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - DefaultPaymentMethodID (*string) is the ID of the customer's default payment method.
	//   - DeletedAt (*time.Time) is when the customer was deleted. It is set only in webhooks.
	//   - EmailVerified (bool) reports whether the customer has confirmed the email address. A change
	//     through the API makes it false.
	//   - FirstUserEventAt (*time.Time) is when the customer's first event was recorded. It can be
	//     earlier than CreatedAt.
	//   - GrantedBenefits ([]BenefitGrant) are the benefits that the customer has now, in no order.
	//   - Locale (*string) is the preferred language as a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*TaxID) is the tax number.
	State gen.CustomerState
	// Subscription is one of a state's active or trialing subscriptions.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is the price of a period in the smallest unit of Currency, such as cents.
	//   - CancelAtPeriodEnd (bool) reports whether the subscription ends with the current period.
	//   - CanceledAt (*time.Time) is when the subscription was canceled. It can stay active until
	//     EndsAt.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - CurrentPeriodEnd (time.Time) is when the current period ends.
	//   - CurrentPeriodStart (time.Time) is when the current period began.
	//   - CustomFieldData (map[string]any) holds what the customer entered at checkout, by the slug of
	//     the custom field.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EndsAt (*time.Time) is when the subscription will end, once that is known.
	//   - Metadata (Metadata) is your own data on the subscription.
	//   - Meters ([]SubscriptionMeter) are the subscription's meters in the current period.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PriceID (*string) is the ID of the price. Deprecated: a subscription can have several prices;
	//     use ProductID.
	//   - ProductID (string) is the ID of the product subscribed to.
	//   - RecurringInterval (RecurringInterval) is how long a period is.
	//   - Seats (*int) is how many seats were bought, for a product sold by seat.
	//   - StartedAt (*time.Time) is when the subscription began.
	//   - Status (SubscriptionStatus) says whether the subscription is active or in its trial. It is an
	//     open set.
	//   - TrialEnd (*time.Time) is when the trial ends or ended.
	//   - TrialStart (*time.Time) is when the trial began.
	//   - Units (*int) is how many units were bought, for a product sold by unit.
	Subscription = gen.CustomerStateSubscription
	// SubscriptionMeter is the usage that a subscription has metered in its period.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is what the usage of the period costs so far, in the smallest unit of the
	//     subscription's currency.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were credited.
	//   - MeterID (string) is the ID of the meter.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	SubscriptionMeter = gen.CustomerStateSubscriptionMeter
	// BenefitGrant is a benefit that the customer has been granted.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - BenefitID (string) is the ID of the benefit.
	//   - BenefitMetadata (Metadata) is your own data on the benefit.
	//   - BenefitType (BenefitType) is the type of benefit. It is an open set.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - GrantedAt (time.Time) is when the benefit was granted.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - Properties (map[string]any) depends on the type of benefit: a license key's ID, the files to
	//     download, the role on a Discord server.
	BenefitGrant = gen.CustomerStateBenefitGrant
	// ActiveMeter is the customer's balance on one meter, over all subscriptions.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Balance (float64) is the units credited less the units used. It is negative if more was used
	//     than credited.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were credited.
	//   - MeterID (string) is the ID of the meter.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	ActiveMeter = gen.CustomerStateMeter
	// PaymentMethod is a payment method that the customer has stored.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (string) is the type of payment method, such as "card", "kr_card" or "link". It is an
	//     open set.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CustomerID (string) is the ID of the customer.
	//   - IsDefault (bool) reports whether it is the customer's default.
	//   - MethodMetadata (*PaymentMethodMetadata) describes a card. It is nil for other types, and for
	//     a card with incomplete data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - Processor (PaymentProcessor) is the company that processes payments with it.
	PaymentMethod = gen.PaymentMethod
	// PaymentMethodMetadata describes a stored card.
	//
	// Fields:
	//
	//   - Brand (*string) is the card's brand, such as "visa".
	//   - ExpMonth (*int) is the month in which the card expires, 1 to 12.
	//   - ExpYear (*int) is the year in which the card expires, such as 2030.
	//   - Last4 (*string) is the last four digits of the card's number.
	//   - Wallet (*string) is the wallet that holds the card, such as "apple_pay".
	PaymentMethodMetadata = gen.PaymentMethodMetadata
	// Member is a person who acts for a customer.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - ExternalID (*string) is your own ID of the member, unique among the customer's members.
	//   - Email (string) is the email address, unique among the customer's members, ignoring case.
	//   - Name (*string) is the member's name.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CustomerID (string) is the ID of the customer.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - Role (MemberRole) is what the member may do. It is an open set.
	Member = gen.Member
	// Address is a billing address.
	//
	// Fields:
	//
	//   - City (*string) is the city.
	//   - Country (string) is the ISO 3166-1 alpha-2 code, such as "FR".
	//   - Line1 (*string) is the street and number.
	//   - Line2 (*string) is the flat, floor or building.
	//   - PostalCode (*string) is the postal code.
	//   - State (*string) is the state or province. For the United States and Canada a code such as
	//     "US-NY"; the country's prefix may be left out in requests.
	Address = gen.Address
	// TaxID is a tax number and the format that it was checked against.
	//
	// Fields:
	//
	//   - Value (string) is the number without separators, in upper case.
	//   - Format (TaxIDFormat) names the kind of number, such as "eu_vat". It is an open set.
	TaxID = gen.TaxID
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	//
	// In a response a number is an int64 if it is written as an integer, otherwise a
	// float64, and a json.Number if neither holds it exactly. A request can have any
	// Go type for a number.
	Metadata = gen.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new customer. Zero values are left out.
	//
	// Fields:
	//
	//   - Type (CustomerType) is the type. The default is individual.
	//   - ExternalID (string) is your own ID of the customer. It must be unique in the organization,
	//     and cannot be changed later.
	//   - Email (string) is the email address, unique in the organization. The service checks that its
	//     domain accepts mail.
	//   - Name (string) is the name, at most 256 characters. White space at its ends is removed.
	//   - BillingAddress (*AddressParams) is the address on invoices. A tax ID needs one.
	//   - Locale (string) is a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is your own data.
	//   - OrganizationID (string) is required with a user's token, and refused with an organization's
	//     token.
	//   - Owner (*OwnerParams) is the first member, who owns the customer. The default is the customer
	//     itself.
	//   - TaxID (string) is a tax number, checked by the service against the country of the billing
	//     address.
	CreateParams = gen.CustomerCreate
	// UpdateParams changes a customer, found by Polar's ID. Use [polar.Set] and
	// [polar.Null] for its fields.
	//
	// Fields:
	//
	//   - Type (polar.Field[CustomerType]) changes an individual to a team. A team cannot change back.
	//   - ExternalID (polar.Field[string]) can be set once. After that, a change or null is refused.
	//   - Email (polar.Field[string]) is the new email address, which is then unverified. The service
	//     ignores null, and a change of case alone.
	//   - Name (polar.Field[string]) is the new name, at most 256 characters. Null or a blank name
	//     clears it.
	//   - BillingAddress (polar.Field[AddressParams]) replaces the whole address. Null is refused.
	//   - Locale (polar.Field[string]) is a BCP 47 tag. Null clears it.
	//   - Metadata (Metadata) replaces all metadata. An empty map clears it, nil keeps it.
	//   - TaxID (polar.Field[string]) is a tax number, checked against the country of the address. Null
	//     clears it.
	UpdateParams = gen.CustomerUpdate
	// UpdateByExternalIDParams changes a customer, found by external ID. It has neither
	// ExternalID nor Type, which only [UpdateParams] can change.
	//
	// Fields:
	//
	//   - Email (polar.Field[string]) is the new email address, which is then unverified. The service
	//     ignores null, and a change of case alone.
	//   - Name (polar.Field[string]) is the new name, at most 256 characters. Null or a blank name
	//     clears it.
	//   - BillingAddress (polar.Field[AddressParams]) replaces the whole address. Null is refused.
	//   - Locale (polar.Field[string]) is a BCP 47 tag. Null clears it.
	//   - Metadata (Metadata) replaces all metadata. An empty map clears it, nil keeps it.
	//   - TaxID (polar.Field[string]) is a tax number, checked against the country of the address. Null
	//     clears it.
	UpdateByExternalIDParams = gen.CustomerUpdateExternalID
	// DeleteParams says how to delete a customer.
	//
	// Fields:
	//
	//   - Anonymize (bool) also makes the customer's personal data unreadable. It cannot be undone.
	DeleteParams = gen.CustomersDeleteParams
	// ListParams selects and orders customers.
	//
	// Fields:
	//
	//   - Active (*bool) selects customers with (true) or without (false) a subscription that is
	//     active, trialing or past due.
	//   - Email (string) selects the customer with this email address, ignoring case.
	//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
	//   - Metadata (map[string][]string) selects customers whose metadata has one of the values for
	//     every key. Values are compared as text.
	//   - OrganizationID ([]string) selects customers of these organizations. IDs that the token cannot
	//     see match nothing.
	//   - Page (int) is the number of the page, from 1. The default is 1.
	//   - Query (string) selects customers with this text in their name, billing name or email address,
	//     or at the start of their external ID, ignoring case.
	//   - Sorting ([]SortProperty) lists properties to order by, the most important first. The default
	//     is newest first.
	ListParams = gen.CustomersListParams
	// ExportParams selects customers to export.
	//
	// Fields:
	//
	//   - OrganizationID ([]string) selects customers of these organizations. IDs that the token cannot
	//     see match nothing.
	ExportParams = gen.CustomersExportParams
	// PageParams selects a page of payment methods.
	//
	// Fields:
	//
	//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
	//   - Page (int) is the number of the page, from 1. The default is 1.
	PageParams = gen.CustomersListPaymentMethodsParams
	// AddressParams is a billing address to store.
	//
	// Fields:
	//
	//   - City (string) is the city.
	//   - Country (string) is the ISO 3166-1 alpha-2 code, such as "FR".
	//   - Line1 (string) is the street and number.
	//   - Line2 (string) is the flat, floor or building.
	//   - PostalCode (string) is the postal code.
	//   - State (string) is the state or province. For the United States and Canada a code such as
	//     "US-NY"; the country's prefix may be left out in requests.
	AddressParams = gen.AddressInput
	// OwnerParams is the owner of a new team.
	//
	// Fields:
	//
	//   - ExternalID (string) is your own ID of the member, unique among the customer's members.
	//   - Email (string) is the email address. It is required.
	//   - Name (string) is the name, at most 256 characters. White space at its ends is removed.
	OwnerParams = gen.MemberOwnerCreate
	// MemberListParams selects and orders members.
	//
	// Fields:
	//
	//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
	//   - Page (int) is the number of the page, from 1. The default is 1.
	//   - Role (MemberRole) selects members with this role.
	//   - Sorting ([]MemberSortProperty) lists properties to order by, the most important first. The
	//     default is newest first.
	MemberListParams = gen.CustomersMembersListParams
	// MemberCreateParams describes a new member.
	//
	// Fields:
	//
	//   - ExternalID (string) is your own ID of the member, unique among the customer's members.
	//   - Email (string) is the email address. It is required.
	//   - Role (MemberRole) is member or billing manager. The default is member. To make somebody the
	//     owner, update the member.
	//   - Name (string) is the name, at most 256 characters. White space at its ends is removed.
	MemberCreateParams = gen.MemberCreateFromCustomer
	// MemberUpdateParams changes a member. Use [polar.Set] for its fields.
	//
	// Fields:
	//
	//   - Role (polar.Field[MemberRole]) is the new role. Owner transfers the ownership; the former
	//     owner becomes billing manager.
	//   - Email (polar.Field[string]) is the new email address. That of an individual customer's owner
	//     is the customer's, and cannot be changed here.
	//   - Name (polar.Field[string]) is the new name, at most 256 characters. It cannot be cleared.
	MemberUpdateParams = gen.MemberUpdate
)

// Open sets of values: a value that is not listed here decodes like any other.
type (
	// CustomerType is the kind of a customer.
	CustomerType = gen.CustomerType
	// MemberRole is what a member may do.
	MemberRole = gen.MemberRole
	// SortProperty is a property by which a list of customers is ordered.
	SortProperty = gen.CustomerSortProperty
	// MemberSortProperty is a property by which a list of members is ordered.
	MemberSortProperty = gen.MemberSortProperty
	// SubscriptionStatus says whether a subscription is active or in its trial.
	SubscriptionStatus = gen.StateSubscriptionStatus
	// RecurringInterval is the length of a subscription's period.
	RecurringInterval = gen.RecurringInterval
	// BenefitType is the kind of a benefit.
	BenefitType = gen.BenefitType
	// TaxIDFormat is the kind of a tax number. Package gen has its values.
	TaxIDFormat = gen.TaxIDFormat
	// PaymentProcessor is the company that processes a payment.
	PaymentProcessor = gen.PaymentProcessor
)

// Types of customers.
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

// Types of benefits.
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
