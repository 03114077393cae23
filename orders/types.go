package orders

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Order is a purchase or a renewal, with what the customer pays for it.
	Order = commerce.Order
	// Item is a line of an order.
	Item = commerce.OrderItem
	// Invoice is the document for an order.
	Invoice = commerce.OrderInvoice
	// Customer is the customer of an order.
	Customer = commerce.OrderCustomer
	// Product is the product of an order, as far as an order shows it.
	Product = commerce.OrderProduct
	// Subscription is the subscription of an order, as far as an order shows it.
	Subscription = commerce.OrderSubscription
	// Discount is the discount that applied to an order.
	Discount = commerce.AppliedDiscount
	// Address is a billing address.
	Address = commerce.Address
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// ListParams selects and orders orders.
type ListParams = commerce.OrdersListParams

// Open sets of values: a value that is not listed here decodes like any other.
type (
	// Status is the state of an order.
	Status = commerce.OrderStatus
	// BillingReason is why an order was made.
	BillingReason = commerce.OrderBillingReason
	// BillingType is how a product is paid.
	BillingType = commerce.ProductBillingType
	// SortProperty is a property by which a list is ordered.
	SortProperty = commerce.OrderSortProperty
)

// Statuses of orders.
const (
	StatusDraft             = commerce.OrderStatusDraft
	StatusPending           = commerce.OrderStatusPending
	StatusPaid              = commerce.OrderStatusPaid
	StatusRefunded          = commerce.OrderStatusRefunded
	StatusPartiallyRefunded = commerce.OrderStatusPartiallyRefunded
	StatusVoid              = commerce.OrderStatusVoid
)

// Reasons of orders: a product bought once, the beginning of a subscription, a new
// period of it, a change of it, and the use of meters between periods.
const (
	ReasonPurchase               = commerce.OrderBillingReasonPurchase
	ReasonSubscriptionCreate     = commerce.OrderBillingReasonSubscriptionCreate
	ReasonSubscriptionCycle      = commerce.OrderBillingReasonSubscriptionCycle
	ReasonSubscriptionUpdate     = commerce.OrderBillingReasonSubscriptionUpdate
	ReasonSubscriptionMeterCycle = commerce.OrderBillingReasonSubscriptionMeterCycle
)

// Ways to pay for a product.
const (
	BillingOneTime   = commerce.ProductBillingTypeOneTime
	BillingRecurring = commerce.ProductBillingTypeRecurring
)

// Orders of orders. Package commerce has more, such as by the product.
const (
	SortCreatedAt     = commerce.OrderSortPropertyCreatedAt
	SortCreatedAtDesc = commerce.OrderSortPropertyMinusCreatedAt
	SortAmount        = commerce.OrderSortPropertyAmount
	SortAmountDesc    = commerce.OrderSortPropertyMinusAmount
)
