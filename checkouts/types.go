package checkouts

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Checkout is a checkout session.
	Checkout = commerce.Checkout
	// Product is a product that the customer can choose in a session.
	Product = commerce.CheckoutProduct
	// Price is a price of a product. AmountType says which of its fields have values.
	Price = commerce.ProductPrice
	// Discount is the discount that applies to a session.
	Discount = commerce.CheckoutDiscount
	// Address is a billing address.
	Address = commerce.Address
	// AddressFields says which parts of the address the customer is asked for.
	AddressFields = commerce.CheckoutBillingAddressFields
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new checkout session. Zero values are left out.
	CreateParams = commerce.CheckoutCreate
	// UpdateParams changes a checkout session. Use [polar.Set] and [polar.Null] for
	// its fields.
	UpdateParams = commerce.CheckoutUpdate
	// ListParams selects and orders checkout sessions.
	ListParams = commerce.CheckoutsListParams
	// AddressParams is a billing address to begin with.
	AddressParams = commerce.AddressInput
	// PriceParams is a price that only one session has.
	PriceParams = commerce.ProductPriceCreate
)

// Open sets of values: a value that is not listed here decodes like any other.
type (
	// Status says how far a session has come.
	Status = commerce.CheckoutStatus
	// SortProperty is a property by which a list is ordered.
	SortProperty = commerce.CheckoutSortProperty
	// TrialInterval is the unit in which a trial is counted.
	TrialInterval = commerce.TrialInterval
)

// Statuses of sessions. A session is open for 24 hours at most, and confirmed
// while the payment is processed. The event order.paid says that it is paid.
const (
	StatusOpen      = commerce.CheckoutStatusOpen
	StatusConfirmed = commerce.CheckoutStatusConfirmed
	StatusSucceeded = commerce.CheckoutStatusSucceeded
	StatusFailed    = commerce.CheckoutStatusFailed
	StatusExpired   = commerce.CheckoutStatusExpired
)

// Orders of sessions.
const (
	SortCreatedAt     = commerce.CheckoutSortPropertyCreatedAt
	SortCreatedAtDesc = commerce.CheckoutSortPropertyMinusCreatedAt
	SortExpiresAt     = commerce.CheckoutSortPropertyExpiresAt
	SortExpiresAtDesc = commerce.CheckoutSortPropertyMinusExpiresAt
	SortStatus        = commerce.CheckoutSortPropertyStatus
	SortStatusDesc    = commerce.CheckoutSortPropertyMinusStatus
)

// Units of trials.
const (
	TrialDay   = commerce.TrialIntervalDay
	TrialWeek  = commerce.TrialIntervalWeek
	TrialMonth = commerce.TrialIntervalMonth
	TrialYear  = commerce.TrialIntervalYear
)
