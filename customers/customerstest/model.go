package customerstest

import (
	"time"
)

// Organization is a seller on the service. Its zero value is an organization
// as the service makes them today: in good standing, with the member model.
type Organization struct {
	// ID is a version 4 UUID; one is made up when it is empty.
	ID string
	// WithoutMembers turns the member model off: no owner member is created
	// with a customer, and member operations answer 403.
	WithoutMembers bool
	// Blocked makes the organization's tokens unusable (401).
	Blocked bool
}

// Customer is a customer as it is stored. Empty strings and nil pointers are
// nulls. AddCustomer fills in what a new customer has by itself.
type Customer struct {
	// ID is a version 4 UUID; one is made up when it is empty.
	ID string
	// OrganizationID defaults to the server's first organization.
	OrganizationID string
	// CreatedAt defaults to the server's clock; ModifiedAt to null.
	CreatedAt, ModifiedAt time.Time
	// Type is "individual" (the default) or "team".
	Type string
	// Email is made up for an individual without one.
	Email         string
	EmailVerified bool
	Name          string
	// BillingName is shown as Name when it is empty.
	BillingName    string
	ExternalID     string
	BillingAddress *Address
	TaxID          *TaxID
	// Locale is a BCP 47 tag.
	Locale string
	// Metadata holds strings, bools, ints and floats.
	Metadata               map[string]any
	DefaultPaymentMethodID string
	FirstUserEventAt       time.Time
	// AvatarURL defaults to the address that the service derives from the
	// e-mail address.
	AvatarURL string
	// DeletedAt is set once the customer has been deleted. AddCustomer
	// ignores it.
	DeletedAt time.Time
	// WithoutOwner leaves out the owner member that a customer gets in an
	// organization with the member model.
	WithoutOwner bool
}

// Address is a billing address. Only Country is required.
type Address struct {
	Line1, Line2, PostalCode, City, State, Country string
}

// TaxID is a tax number as it is stored: its compacted value and its format,
// such as "eu_vat".
type TaxID struct {
	Value, Format string
}

// Member is a person who belongs to a customer.
type Member struct {
	// ID is a version 4 UUID; one is made up when it is empty.
	ID string
	// CustomerID is required.
	CustomerID            string
	CreatedAt, ModifiedAt time.Time
	// Email is made up when it is empty.
	Email      string
	Name       string
	ExternalID string
	// Role is "owner", "billing_manager" or "member" (the default).
	Role string
}

// PaymentMethod is a stored way to pay.
type PaymentMethod struct {
	// ID is a version 4 UUID; one is made up when it is empty.
	ID string
	// CustomerID is required.
	CustomerID            string
	CreatedAt, ModifiedAt time.Time
	// Type is "card" (the default), "kr_card", or any other, such as
	// "sepa_debit".
	Type string
	// Card holds the details of a card. A card without them is answered
	// without method_metadata, as the service does.
	Card *Card
	// KrCard holds the details of a kr_card.
	KrCard *KrCard
	// Default makes it the customer's default payment method.
	Default bool
}

// Card is what is known of a card.
type Card struct {
	Brand, Last4      string
	ExpMonth, ExpYear int
	// Wallet is null when it is empty.
	Wallet string
}

// KrCard is what is known of a Korean card. Empty strings are nulls.
type KrCard struct {
	Brand, Last4 string
}

// Subscription is a customer's subscription. Its zero value is an active
// monthly one that began now.
type Subscription struct {
	// ID, ProductID and PriceID are version 4 UUIDs; they are made up when
	// empty.
	ID, ProductID, PriceID string
	// CustomerID is required.
	CustomerID            string
	CreatedAt, ModifiedAt time.Time
	// Status is "active" (the default), "trialing", "past_due", "canceled",
	// "unpaid", "incomplete", "incomplete_expired" or "paused". A state shows
	// the first two; the list filter active=true counts the first three.
	Status string
	// Amount is in the currency's smallest unit.
	Amount int
	// Currency defaults to "usd".
	Currency string
	// RecurringInterval defaults to "month".
	RecurringInterval string
	// CurrentPeriodStart and StartedAt default to CreatedAt,
	// CurrentPeriodEnd to a month after CurrentPeriodStart.
	CurrentPeriodStart, CurrentPeriodEnd time.Time
	TrialStart, TrialEnd                 time.Time
	CancelAtPeriodEnd                    bool
	CanceledAt, StartedAt, EndsAt        time.Time
	DiscountID                           string
	// Seats and Units are null when zero.
	Seats, Units    int
	Metadata        map[string]any
	CustomFieldData map[string]any
	Meters          []SubscriptionMeter
}

// SubscriptionMeter is the consumption of one meter within a subscription.
type SubscriptionMeter struct {
	// ID and MeterID are version 4 UUIDs; they are made up when empty.
	ID, MeterID           string
	CreatedAt, ModifiedAt time.Time
	ConsumedUnits         float64
	CreditedUnits         int
	// Amount is in the currency's smallest unit.
	Amount int
}

// Grant is a benefit granted to a customer. Its zero value is a "custom"
// benefit granted now.
type Grant struct {
	// ID and BenefitID are version 4 UUIDs; they are made up when empty.
	ID, BenefitID string
	// CustomerID is required.
	CustomerID            string
	CreatedAt, ModifiedAt time.Time
	// GrantedAt defaults to CreatedAt.
	GrantedAt time.Time
	// Pending leaves GrantedAt null: such a grant is not in the state.
	Pending bool
	// Type is "custom" (the default), "feature_flag", "discord",
	// "github_repository", "downloadables", "license_keys", "meter_credit" or
	// "slack_shared_channel".
	Type string
	// Metadata is the benefit's.
	Metadata map[string]any
	// Properties are those of the type; what the type does not have is
	// dropped, as the service does.
	Properties map[string]any
}

// Meter is a customer's consumption of a meter. Balance is what the caller
// says it is.
type Meter struct {
	// ID and MeterID are version 4 UUIDs; they are made up when empty.
	ID, MeterID string
	// CustomerID is required.
	CustomerID            string
	CreatedAt, ModifiedAt time.Time
	ConsumedUnits         float64
	CreditedUnits         int
	Balance               float64
}

// activeInList are the statuses that the list's active filter counts.
var activeInList = map[string]bool{"active": true, "trialing": true, "past_due": true}

// activeInState are the statuses that a state shows.
var activeInState = map[string]bool{"active": true, "trialing": true}
