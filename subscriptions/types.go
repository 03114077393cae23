package subscriptions

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Subscription is a customer's subscription to a product.
	Subscription = commerce.Subscription
	// Customer is the customer of a subscription.
	Customer = commerce.SubscriptionCustomer
	// Product is the product of a subscription.
	Product = commerce.Product
	// Price is a price of a subscription. AmountType says which of its fields have
	// values.
	Price = commerce.ProductPrice
	// Discount is the discount that applies to a subscription.
	Discount = commerce.AppliedDiscount
	// Meter is the usage that a subscription has metered in its period.
	Meter = commerce.SubscriptionMeter
	// PendingUpdate is a change that waits for the end of the period.
	PendingUpdate = commerce.PendingSubscriptionUpdate
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new subscription to a free product. Zero values are left
	// out.
	CreateParams = commerce.SubscriptionCreate
	// UpdateParams is one kind of change of a subscription. Use [polar.Set] and
	// [polar.Null] for its fields.
	UpdateParams = commerce.SubscriptionUpdate
	// ListParams selects and orders subscriptions.
	ListParams = commerce.SubscriptionsListParams
)

// Open sets of values: a value that is not listed here decodes like any other.
type (
	// Status is the state of a subscription.
	Status = commerce.SubscriptionStatus
	// SortProperty is a property by which a list is ordered.
	SortProperty = commerce.SubscriptionSortProperty
	// Proration is how the customer pays the difference after a change.
	Proration = commerce.SubscriptionProrationBehavior
	// CancellationReason is why a customer cancels.
	CancellationReason = commerce.CustomerCancellationReason
	// RecurringInterval is the unit in which a period is counted.
	RecurringInterval = commerce.RecurringInterval
)

// Statuses of subscriptions. Only an active and a trialing one gives access for
// certain.
const (
	StatusActive            = commerce.SubscriptionStatusActive
	StatusTrialing          = commerce.SubscriptionStatusTrialing
	StatusPastDue           = commerce.SubscriptionStatusPastDue
	StatusPaused            = commerce.SubscriptionStatusPaused
	StatusCanceled          = commerce.SubscriptionStatusCanceled
	StatusUnpaid            = commerce.SubscriptionStatusUnpaid
	StatusIncomplete        = commerce.SubscriptionStatusIncomplete
	StatusIncompleteExpired = commerce.SubscriptionStatusIncompleteExpired
)

// Ways to pay the difference after a change: at once, with the next invoice, by
// changing at the end of the period, or by beginning a new period at once, which an
// organization must have enabled.
const (
	ProrateInvoice    = commerce.SubscriptionProrationBehaviorInvoice
	ProrateNextBill   = commerce.SubscriptionProrationBehaviorProrate
	ProrateNextPeriod = commerce.SubscriptionProrationBehaviorNextPeriod
	ProrateReset      = commerce.SubscriptionProrationBehaviorReset
)

// Reasons of customers who cancel.
const (
	ReasonCustomerService = commerce.CustomerCancellationReasonCustomerService
	ReasonLowQuality      = commerce.CustomerCancellationReasonLowQuality
	ReasonMissingFeatures = commerce.CustomerCancellationReasonMissingFeatures
	ReasonSwitchedService = commerce.CustomerCancellationReasonSwitchedService
	ReasonTooComplex      = commerce.CustomerCancellationReasonTooComplex
	ReasonTooExpensive    = commerce.CustomerCancellationReasonTooExpensive
	ReasonUnused          = commerce.CustomerCancellationReasonUnused
	ReasonOther           = commerce.CustomerCancellationReasonOther
)

// Lengths of a period, together with RecurringIntervalCount.
const (
	IntervalDay   = commerce.RecurringIntervalDay
	IntervalWeek  = commerce.RecurringIntervalWeek
	IntervalMonth = commerce.RecurringIntervalMonth
	IntervalYear  = commerce.RecurringIntervalYear
)

// Orders of subscriptions. Package commerce has more, such as by the amount.
const (
	SortStartedAt            = commerce.SubscriptionSortPropertyStartedAt
	SortStartedAtDesc        = commerce.SubscriptionSortPropertyMinusStartedAt
	SortCurrentPeriodEnd     = commerce.SubscriptionSortPropertyCurrentPeriodEnd
	SortCurrentPeriodEndDesc = commerce.SubscriptionSortPropertyMinusCurrentPeriodEnd
)
