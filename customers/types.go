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
	//   - ExternalID (*string) is the seller's own ID of the customer, unique in the organization.
	//   - Email (*string) is the e-mail address, unique in the organization without regard to case.
	//     Only a team can be without.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the e-mail address of the customer or of its owner.
	//   - BillingAddress (*Address) is the address that invoices carry and taxes follow.
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
	//   - TaxID (*TaxID) is the tax number, checked by the service.
	Customer = gen.Customer
	// State is a customer with its active subscriptions, granted benefits and meters:
	// everything that decides what the customer may use.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is the seller's own ID of the customer, unique in the organization.
	//   - Email (*string) is the e-mail address, unique in the organization without regard to case.
	//     Only a team can be without.
	//   - Name (*string) is the name of the person or team.
	//   - ActiveMeters ([]ActiveMeter) are the customer's meters, oldest first.
	//   - ActiveSubscriptions ([]Subscription) are the subscriptions that are active or trialing, in no
	//     order. One that is past due is not among them.
	//   - AvatarURL (*string) is a picture found by the e-mail address of the customer or of its owner.
	//   - BillingAddress (*Address) is the address that invoices carry and taxes follow.
	//   - BillingName (*string) is the name on invoices; Name, unless the customer has given another.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - DefaultPaymentMethodID (*string) is the ID of the payment method that is charged first.
	//   - DeletedAt (*time.Time) is when the customer was deleted. It is nil but in webhooks, for a
	//     deleted customer is not found.
	//   - EmailVerified (bool) says whether the customer has confirmed the address. A change through
	//     the API makes it false.
	//   - FirstUserEventAt (*time.Time) is when the customer's first event was recorded; it can be
	//     earlier than CreatedAt.
	//   - GrantedBenefits ([]BenefitGrant) are the benefits that the customer has now, in no order.
	//   - Locale (*string) is the preferred language as a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is the seller's own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*TaxID) is the tax number, checked by the service.
	State gen.CustomerState
	// Subscription is one of a state's active or trialing subscriptions.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is the price of a period in the smallest unit of Currency, such as cents.
	//   - CancelAtPeriodEnd (bool) says whether the subscription ends with the current period.
	//   - CanceledAt (*time.Time) is when it was canceled; it can still be active until EndsAt.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - CurrentPeriodEnd (time.Time) is when the current period ends.
	//   - CurrentPeriodStart (time.Time) is when the current period began.
	//   - CustomFieldData (map[string]any) is what the customer answered at checkout, by the slug of
	//     the custom field.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EndsAt (*time.Time) is when the subscription will end, once that is known.
	//   - Metadata (Metadata) is the seller's own data on the subscription.
	//   - Meters ([]SubscriptionMeter) is what the subscription has metered in the current period.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PriceID (*string) names the price by its ID. Deprecated: a subscription can have several
	//     prices; use ProductID.
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
	//   - Amount (int) is what the period's use costs so far, in the smallest unit of the
	//     subscription's currency.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were given in advance.
	//   - MeterID (string) names the meter by its ID.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	SubscriptionMeter = gen.CustomerStateSubscriptionMeter
	// BenefitGrant is a benefit that the customer has been granted.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - BenefitID (string) names the benefit by its ID.
	//   - BenefitMetadata (Metadata) is the seller's own data on the benefit.
	//   - BenefitType (BenefitType) is the kind of benefit. It is an open set.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - GrantedAt (time.Time) is when the benefit was granted.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - Properties (map[string]any) is what belongs to this grant, by the kind of benefit: a license
	//     key's ID, the files to download, the role on a Discord server.
	BenefitGrant = gen.CustomerStateBenefitGrant
	// ActiveMeter is the customer's balance on one meter, over all subscriptions.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Balance (float64) is the units credited less the units used; below zero when more was used
	//     than credited.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were given in advance.
	//   - MeterID (string) names the meter by its ID.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	ActiveMeter = gen.CustomerStateMeter
	// PaymentMethod is a payment method that the customer has stored.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (string) is the kind of method, such as "card", "kr_card" or "link". It is an open set.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CustomerID (string) names by ID the customer whose method it is.
	//   - IsDefault (bool) says whether it is the customer's default.
	//   - MethodMetadata (*PaymentMethodMetadata) is what is known of a card. Nil for other types, and
	//     for a card of which too little is known.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - Processor (PaymentProcessor) is who processes payments with it.
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
	//   - ExternalID (*string) is the seller's own ID of the member, unique among the customer's
	//     members.
	//   - Email (string) is the e-mail address, unique among the customer's members without regard to
	//     case.
	//   - Name (*string) is the member's name.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CustomerID (string) names by ID the customer whose member it is.
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
	Metadata = gen.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new customer. Zero values are left out.
	//
	// Fields:
	//
	//   - Type (CustomerType) is individual unless given.
	//   - ExternalID (string) is the seller's own ID of the customer. It is trimmed, must be unique in
	//     the organization, and cannot be changed later. One with a slash cannot be used in a path.
	//   - Email (string) is the e-mail address, unique in the organization. The service looks its
	//     domain up.
	//   - Name (string) has at most 256 characters and is trimmed.
	//   - BillingAddress (*AddressParams) is the address that invoices carry. A tax ID needs it.
	//   - Locale (string) is a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is the seller's own data.
	//   - OrganizationID (string) is needed with a user's token and refused with an organization's.
	//   - Owner (*OwnerParams) is the first member, who owns the customer; made from the customer
	//     itself unless given.
	//   - TaxID (string) is a tax number, checked by the service against the country of the billing
	//     address.
	CreateParams = gen.CustomerCreate
	// UpdateParams changes a customer, found by Polar's ID. Use [polar.Set] and
	// [polar.Null] for its fields.
	//
	// Fields:
	//
	//   - Type (polar.Field[CustomerType]) turns an individual into a team. A team stays one.
	//   - ExternalID (polar.Field[string]) can be set once. A change of it, or null, is refused after
	//     that.
	//   - Email (polar.Field[string]) is the new address, which becomes unverified. Null is ignored,
	//     and so is a change of case alone.
	//   - Name (polar.Field[string]) has at most 256 characters; null or blank clears it.
	//   - BillingAddress (polar.Field[AddressParams]) replaces the whole address. Null is refused.
	//   - Locale (polar.Field[string]) is a BCP 47 tag; null clears it.
	//   - Metadata (Metadata) replaces all metadata; empty clears it, nil leaves it alone.
	//   - TaxID (polar.Field[string]) is a tax number, checked against the country of the address; null
	//     clears it.
	UpdateParams = gen.CustomerUpdate
	// UpdateByExternalIDParams changes a customer, found by external ID. It has neither
	// ExternalID nor Type, which only [UpdateParams] can change.
	//
	// Fields:
	//
	//   - Email (polar.Field[string]) is the new address, which becomes unverified. Null is ignored,
	//     and so is a change of case alone.
	//   - Name (polar.Field[string]) has at most 256 characters; null or blank clears it.
	//   - BillingAddress (polar.Field[AddressParams]) replaces the whole address. Null is refused.
	//   - Locale (polar.Field[string]) is a BCP 47 tag; null clears it.
	//   - Metadata (Metadata) replaces all metadata; empty clears it, nil leaves it alone.
	//   - TaxID (polar.Field[string]) is a tax number, checked against the country of the address; null
	//     clears it.
	UpdateByExternalIDParams = gen.CustomerUpdateExternalID
	// DeleteParams says how to delete a customer.
	//
	// Fields:
	//
	//   - Anonymize (bool) also makes the customer's personal data unreadable, for good.
	DeleteParams = gen.CustomersDeleteParams
	// ListParams selects and orders customers.
	//
	// Fields:
	//
	//   - Active (*bool) keeps only customers with (true) or without (false) a subscription that is
	//     active, trialing or past due.
	//   - Email (string) keeps only the customer with this e-mail address, without regard to case.
	//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
	//   - Metadata (map[string][]string) keeps only customers whose metadata has, for every key, one of
	//     its values, compared as text.
	//   - OrganizationID ([]string) keeps only customers of these organizations. IDs that the token
	//     cannot see match nothing.
	//   - Page (int) is the number of the page, from 1, which is the default.
	//   - Query (string) keeps only customers with this text in their name, billing name or e-mail
	//     address, or at the start of their external ID, without regard to case.
	//   - Sorting ([]SortProperty) is what to order by, the first thing first. The newest come first
	//     unless given.
	ListParams = gen.CustomersListParams
	// ExportParams selects customers to export.
	//
	// Fields:
	//
	//   - OrganizationID ([]string) keeps only customers of these organizations. IDs that the token
	//     cannot see match nothing.
	ExportParams = gen.CustomersExportParams
	// PageParams selects a page of payment methods.
	//
	// Fields:
	//
	//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
	//   - Page (int) is the number of the page, from 1, which is the default.
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
	//   - ExternalID (string) is the seller's own ID of the member, unique among the customer's
	//     members.
	//   - Email (string) is the e-mail address, required.
	//   - Name (string) has at most 256 characters and is trimmed.
	OwnerParams = gen.MemberOwnerCreate
	// MemberListParams selects and orders members.
	//
	// Fields:
	//
	//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
	//   - Page (int) is the number of the page, from 1, which is the default.
	//   - Role (MemberRole) keeps only members with this role.
	//   - Sorting ([]MemberSortProperty) is what to order by, the first thing first. The newest come
	//     first unless given.
	MemberListParams = gen.CustomersMembersListParams
	// MemberCreateParams describes a new member.
	//
	// Fields:
	//
	//   - ExternalID (string) is the seller's own ID of the member, unique among the customer's
	//     members.
	//   - Email (string) is the e-mail address, required.
	//   - Role (MemberRole) is member unless given, or billing manager. Ownership is transferred by an
	//     update.
	//   - Name (string) has at most 256 characters and is trimmed.
	MemberCreateParams = gen.MemberCreateFromCustomer
	// MemberUpdateParams changes a member. Use [polar.Set] for its fields.
	//
	// Fields:
	//
	//   - Role (polar.Field[MemberRole]) is the new role. Owner transfers the ownership, and the former
	//     owner becomes billing manager.
	//   - Email (polar.Field[string]) is the new address. That of an individual customer's owner
	//     follows the customer's and cannot be set here.
	//   - Name (polar.Field[string]) has at most 256 characters. It cannot be cleared.
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
