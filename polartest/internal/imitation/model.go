package imitation

import (
	"time"
)

// Organization is a seller on the service. Its zero value is an organization in good
// standing, with the member model, as the service creates it today.
type Organization struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// Name is the name that customers see. The default is "Organization".
	Name string `json:"name,omitempty"`
	// Slug is its name in URLs. The default is derived from the ID.
	Slug string `json:"slug,omitempty"`
	// AvatarURL is null when it is empty.
	AvatarURL string `json:"avatar_url,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// WithoutMembers turns the member model off: no owner member is created
	// with a customer, and member operations fail with 403.
	WithoutMembers bool `json:"without_members,omitempty"`
	// Blocked makes the organization's tokens unusable (401).
	Blocked bool `json:"blocked,omitempty"`
}

// Customer is a stored customer. Empty strings and nil pointers are nulls. AddCustomer
// fills in the defaults of a new customer.
type Customer struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// OrganizationID defaults to the server's first organization.
	OrganizationID string `json:"organization_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// Type is "individual" (the default) or "team".
	Type string `json:"type,omitempty"`
	// Email defaults to a generated address for an individual.
	Email string `json:"email,omitempty"`
	// EmailVerified is set if the customer has confirmed the address.
	EmailVerified bool `json:"email_verified,omitempty"`
	// Name is null when it is empty.
	Name string `json:"name,omitempty"`
	// BillingName defaults to Name in responses.
	BillingName string `json:"billing_name,omitempty"`
	// ExternalID is the seller's own ID, null when it is empty.
	ExternalID string `json:"external_id,omitempty"`
	// BillingAddress is null when it is nil.
	BillingAddress *Address `json:"billing_address,omitempty"`
	// TaxID is null when it is nil.
	TaxID *TaxID `json:"tax_id,omitempty"`
	// Locale is a BCP 47 tag.
	Locale string `json:"locale,omitempty"`
	// Metadata holds strings, bools, ints and floats.
	Metadata map[string]any `json:"metadata,omitempty"`
	// DefaultPaymentMethodID is null when it is empty; AddPaymentMethod can set it.
	DefaultPaymentMethodID string `json:"default_payment_method_id,omitempty"`
	// FirstUserEventAt is null when it is zero.
	FirstUserEventAt time.Time `json:"first_user_event_at,omitzero"`
	// AvatarURL defaults to the address that the service derives from the
	// email address.
	AvatarURL string `json:"avatar_url,omitempty"`
	// DeletedAt is set once the customer has been deleted. AddCustomer
	// ignores it.
	DeletedAt time.Time `json:"deleted_at,omitzero"`
	// WithoutOwner leaves out the owner member that a customer gets in an
	// organization with the member model.
	WithoutOwner bool `json:"without_owner,omitempty"`
}

// Address is a billing address. Only Country is required.
type Address struct {
	// Line1 is the street and number.
	Line1 string `json:"line1,omitempty"`
	// Line2 is the flat, floor or building.
	Line2 string `json:"line2,omitempty"`
	// PostalCode is the postal code.
	PostalCode string `json:"postal_code,omitempty"`
	// City is the city.
	City string `json:"city,omitempty"`
	// State is the state or province, "US-NY" for one of the United States.
	State string `json:"state,omitempty"`
	// Country is the ISO 3166-1 alpha-2 code.
	Country string `json:"country,omitempty"`
}

// TaxID is a stored tax number: its value and its format, such as "eu_vat".
type TaxID struct {
	// Value is the number without separators.
	Value string `json:"value,omitempty"`
	// Format is the kind of number.
	Format string `json:"format,omitempty"`
}

// Member is a person who belongs to a customer.
type Member struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// CustomerID is required.
	CustomerID string `json:"customer_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// Email defaults to a generated address.
	Email string `json:"email,omitempty"`
	// Name is null when it is empty.
	Name string `json:"name,omitempty"`
	// ExternalID is the seller's own ID of the member, null when it is empty.
	ExternalID string `json:"external_id,omitempty"`
	// Role is "owner", "billing_manager" or "member" (the default).
	Role string `json:"role,omitempty"`
}

// PaymentMethod is a stored payment method.
type PaymentMethod struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// CustomerID is required.
	CustomerID string `json:"customer_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// Type is "card" (the default), "kr_card", or any other, such as
	// "sepa_debit".
	Type string `json:"type,omitempty"`
	// Card holds the details of a card. Without them, responses have no
	// method_metadata, as on the service.
	Card *Card `json:"card,omitempty"`
	// KrCard holds the details of a kr_card.
	KrCard *KrCard `json:"kr_card,omitempty"`
	// Default makes it the customer's default payment method.
	Default bool `json:"default,omitempty"`
}

// Card holds the details of a card.
type Card struct {
	// Brand is the card's brand, such as "visa".
	Brand string `json:"brand,omitempty"`
	// Last4 is the last four digits of its number.
	Last4 string `json:"last4,omitempty"`
	// ExpMonth is the month in which it expires, 1 to 12.
	ExpMonth int `json:"exp_month,omitempty"`
	// ExpYear is the year in which it expires.
	ExpYear int `json:"exp_year,omitempty"`
	// Wallet is null when it is empty.
	Wallet string `json:"wallet,omitempty"`
}

// KrCard holds the details of a Korean card. Empty strings are nulls.
type KrCard struct {
	// Brand is the card's brand.
	Brand string `json:"brand,omitempty"`
	// Last4 is the last four digits of its number.
	Last4 string `json:"last4,omitempty"`
}

// Subscription is a customer's subscription. Its zero value is an active monthly
// subscription that starts now.
type Subscription struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// ProductID is the product's ID. The default is a random one.
	ProductID string `json:"product_id,omitempty"`
	// PriceID is the price's ID. The default is a random one. The service sends it
	// in a state although its document does not list it.
	PriceID string `json:"price_id,omitempty"`
	// CustomerID is required.
	CustomerID string `json:"customer_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// Status is "active" (the default), "trialing", "past_due", "canceled",
	// "unpaid", "incomplete", "incomplete_expired" or "paused". A state shows
	// the first two; the list filter active=true counts the first three.
	Status string `json:"status,omitempty"`
	// Amount is in the currency's smallest unit.
	Amount int `json:"amount,omitempty"`
	// Currency defaults to "usd".
	Currency string `json:"currency,omitempty"`
	// RecurringInterval defaults to "month".
	RecurringInterval string `json:"recurring_interval,omitempty"`
	// CurrentPeriodStart defaults to CreatedAt.
	CurrentPeriodStart time.Time `json:"current_period_start,omitzero"`
	// CurrentPeriodEnd defaults to a month after CurrentPeriodStart.
	CurrentPeriodEnd time.Time `json:"current_period_end,omitzero"`
	// TrialStart is null when it is zero.
	TrialStart time.Time `json:"trial_start,omitzero"`
	// TrialEnd is null when it is zero.
	TrialEnd time.Time `json:"trial_end,omitzero"`
	// CancelAtPeriodEnd is set if the subscription ends with the current period.
	CancelAtPeriodEnd bool `json:"cancel_at_period_end,omitempty"`
	// CanceledAt is null when it is zero.
	CanceledAt time.Time `json:"canceled_at,omitzero"`
	// StartedAt defaults to CreatedAt.
	StartedAt time.Time `json:"started_at,omitzero"`
	// EndsAt is null when it is zero.
	EndsAt time.Time `json:"ends_at,omitzero"`
	// DiscountID is null when it is empty.
	DiscountID string `json:"discount_id,omitempty"`
	// Seats is null when it is zero.
	Seats int `json:"seats,omitempty"`
	// Units is null when it is zero.
	Units int `json:"units,omitempty"`
	// Metadata is the seller's own data.
	Metadata map[string]any `json:"metadata,omitempty"`
	// CustomFieldData is what the customer entered at checkout.
	CustomFieldData map[string]any `json:"custom_field_data,omitempty"`
	// Meters are the usage in the current period.
	Meters []SubscriptionMeter `json:"meters,omitempty"`
}

// SubscriptionMeter is the usage of one meter within a subscription.
type SubscriptionMeter struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// MeterID is the meter's ID. The default is a random one.
	MeterID string `json:"meter_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// ConsumedUnits is the number of units used.
	ConsumedUnits float64 `json:"consumed_units,omitempty"`
	// CreditedUnits is the number of units credited.
	CreditedUnits int `json:"credited_units,omitempty"`
	// Amount is in the currency's smallest unit.
	Amount int `json:"amount,omitempty"`
}

// Grant is a benefit granted to a customer. Its zero value is a "custom"
// benefit granted now.
type Grant struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// BenefitID is the benefit's ID. The default is a random one.
	BenefitID string `json:"benefit_id,omitempty"`
	// CustomerID is required.
	CustomerID string `json:"customer_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// GrantedAt defaults to CreatedAt.
	GrantedAt time.Time `json:"granted_at,omitzero"`
	// Pending leaves GrantedAt null. Such a grant is not part of the state.
	Pending bool `json:"pending,omitempty"`
	// Type is "custom" (the default), "feature_flag", "discord",
	// "github_repository", "downloadables", "license_keys", "meter_credit" or
	// "slack_shared_channel".
	Type string `json:"type,omitempty"`
	// Metadata is the benefit's metadata.
	Metadata map[string]any `json:"metadata,omitempty"`
	// Properties are the properties of the type. Responses leave out others, as on
	// the service.
	Properties map[string]any `json:"properties,omitempty"`
}

// Meter is a customer's usage of a meter.
type Meter struct {
	// ID is a version 4 UUID. The default is a random one.
	ID string `json:"id,omitempty"`
	// MeterID is the meter's ID. The default is a random one.
	MeterID string `json:"meter_id,omitempty"`
	// CustomerID is required.
	CustomerID string `json:"customer_id,omitempty"`
	// CreatedAt defaults to the server's clock.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// ModifiedAt is null when it is zero.
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// ConsumedUnits is the number of units used.
	ConsumedUnits float64 `json:"consumed_units,omitempty"`
	// CreditedUnits is the number of units credited.
	CreditedUnits int `json:"credited_units,omitempty"`
	// Balance is the balance in responses. It is not computed from the units.
	Balance float64 `json:"balance,omitempty"`
}

// activeInList are the statuses that the list's active filter counts.
var activeInList = map[string]bool{"active": true, "trialing": true, "past_due": true}

// activeInState are the statuses that a state shows.
var activeInState = map[string]bool{"active": true, "trialing": true}
