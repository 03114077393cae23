package orders

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Order is a purchase or a renewal, with what the customer pays for it.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AppliedBalanceAmount (int) is what the customer's balance adds to the payment, or takes off
	//     if it is below zero.
	//   - BillingAddress (*Address) is the address on the invoice.
	//   - BillingName (*string) is the name on the invoice.
	//   - BillingReason (BillingReason) is what the order was made for.
	//   - CheckoutID (*string) names the checkout by its ID.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - CustomFieldData (map[string]any) is what the customer entered, by the slug of the custom
	//     field.
	//   - Customer (Customer) is the customer.
	//   - CustomerID (string) names the customer by its ID.
	//   - Description (string) sums up what was bought.
	//   - Discount (*Discount) is the discount that applied.
	//   - DiscountAmount (int) is what the discount took off.
	//   - DiscountID (*string) names the discount by its ID.
	//   - DueAmount (int) is what the customer has to pay.
	//   - InvoiceNumber (*string) is the number of the invoice, which a draft does not have.
	//   - IsInvoiceGenerated (bool) says whether the invoice has been made.
	//   - Items ([]Item) are the lines of the order.
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - NetAmount (int) is the amount after discounts and before taxes.
	//   - NextPaymentAttemptAt (*time.Time) is when the payment is tried again, or nil if it is not.
	//   - Paid (bool) says whether the order was paid. It stays true after a refund.
	//   - PlatformFeeAmount (int) is what the platform charges the seller, in the smallest unit of
	//     PlatformFeeCurrency.
	//   - PlatformFeeCurrency (*string) is the currency of the platform's fee.
	//   - Product (*Product) is the product.
	//   - ProductID (*string) names the product by its ID.
	//   - ReceiptNumber (*string) is the number of the receipt, once there is one.
	//   - RefundableAmount (*int) is what can still be refunded, before taxes.
	//   - RefundableTaxAmount (*int) is the tax that would be refunded with all of RefundableAmount.
	//   - RefundedAmount (int) is what was refunded, before taxes.
	//   - RefundedTaxAmount (int) is the tax that was refunded.
	//   - Seats (*int) is how many seats were bought, for a product sold by seat.
	//   - Status (Status) is the state of the order.
	//   - Subscription (*Subscription) is the subscription that the order is for.
	//   - SubscriptionID (*string) names the subscription by its ID.
	//   - SubtotalAmount (int) is the amount before discounts and taxes.
	//   - TaxAmount (int) is the tax.
	//   - TotalAmount (int) is the amount after discounts and taxes.
	//   - Units (*int) is how many units were bought, for a product sold by unit.
	Order = commerce.Order
	// Item is a line of an order.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is the amount before discounts and taxes.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Label (string) says what the line is for.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - ProductPriceID (*string) names the price by its ID.
	//   - Proration (bool) says whether the line settles a change in the middle of a period.
	//   - TaxAmount (int) is the tax.
	Item = commerce.OrderItem
	// Invoice is the document for an order.
	//
	// Fields:
	//
	//   - URL (string) is where the document can be downloaded for a while, without a token.
	Invoice = commerce.OrderInvoice
	// Customer is the customer of an order.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
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
	//   - TaxID (*commerce.TaxID) is the tax number.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	Customer = commerce.OrderCustomer
	// Product is the product of an order, as far as an order shows it.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the text that customers see.
	//   - IsArchived (bool) says whether the product can no longer be bought. Subscriptions of it go
	//     on.
	//   - IsRecurring (bool) says whether it is sold by subscription.
	//   - Metadata (Metadata) is your own data.
	//   - MeterInterval (*commerce.RecurringInterval) is the unit of the period after which meters are
	//     settled, if that is not the billing period.
	//   - MeterIntervalCount (*int) is how many units that period lasts.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - RecurringInterval (*commerce.RecurringInterval) is the unit of the billing period, or nil for
	//     a product that is paid once.
	//   - RecurringIntervalCount (*int) is how many units the billing period lasts.
	//   - TrialInterval (*commerce.TrialInterval) is the unit of the trial, if there is one.
	//   - TrialIntervalCount (*int) is how many units the trial lasts.
	//   - Visibility (commerce.ProductVisibility) says who sees the product.
	Product = commerce.OrderProduct
	// Subscription is the subscription of an order, as far as an order shows it.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is the price of a period in the smallest unit of Currency.
	//   - CancelAtPeriodEnd (bool) reports whether the subscription ends with the current period.
	//   - CanceledAt (*time.Time) is when the subscription was canceled. It can stay active until
	//     EndsAt.
	//   - CheckoutID (*string) is the ID of the checkout that it came from.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - CurrentMeterPeriodEnd (*time.Time) is when the meters' current period ends, if it is not the
	//     billing period.
	//   - CurrentMeterPeriodStart (*time.Time) is when the meters' current period began.
	//   - CurrentPeriodEnd (time.Time) is when the current period ends.
	//   - CurrentPeriodStart (time.Time) is when the current period began.
	//   - CustomerCancellationComment (*string) is what the customer said about the cancellation.
	//   - CustomerCancellationReason (*commerce.CustomerCancellationReason) is why the customer
	//     canceled.
	//   - CustomerID (string) names the customer by its ID.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EndedAt (*time.Time) is when the subscription ended.
	//   - EndsAt (*time.Time) is when the subscription will end, once that is known.
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PastDueAt (*time.Time) is when it became past due.
	//   - PauseAtPeriodEnd (bool) says whether the subscription pauses with the end of the current
	//     period.
	//   - PausedAt (*time.Time) is when it was paused.
	//   - ProductID (string) names the product by its ID.
	//   - RecurringInterval (commerce.RecurringInterval) is the unit of the billing period.
	//   - RecurringIntervalCount (int) is how many units the billing period lasts.
	//   - ResumesAt (*time.Time) is when a paused subscription resumes by itself.
	//   - Seats (*int) is how many seats were bought, for a product sold by seat.
	//   - StartedAt (*time.Time) is when the subscription began.
	//   - Status (commerce.SubscriptionStatus) says whether the customer has access: active and
	//     trialing do.
	//   - TrialEnd (*time.Time) is when the trial ends or ended.
	//   - TrialStart (*time.Time) is when the trial began.
	//   - Units (*int) is how many units were bought, for a product sold by unit.
	Subscription = commerce.OrderSubscription
	// Discount is the discount that applied to an order.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, which customers see.
	//   - Amount (*int) is what a fixed discount takes off in Currency. Deprecated: the service keeps
	//     it for older programs.
	//   - Amounts (map[string]int) is what a fixed discount takes off, by currency, in its smallest
	//     unit.
	//   - BasisPoints (*int) is what a percentage takes off, in hundredths of a percent: 1000 is 10 %.
	//   - Code (*string) is what the customer enters, or nil if the discount has no code.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (*string) is the currency of Amount. Deprecated: the service keeps it for older
	//     programs.
	//   - Duration (commerce.DiscountDuration) says whether the discount applies to the first payment
	//     of a subscription, to all, or for DurationInMonths.
	//   - DurationInMonths (*int) is how long a repeating discount applies.
	//   - EndsAt (*time.Time) is when the discount can no longer be redeemed.
	//   - MaxRedemptions (*int) is how often the discount can be redeemed, or nil for no limit.
	//   - MaxRedemptionsPerCustomer (*int) is how often one customer can redeem it, or nil for no
	//     limit.
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - RedemptionsCount (int) is how often it was redeemed.
	//   - StartsAt (*time.Time) is when the discount can first be redeemed.
	//   - Type (commerce.DiscountType) is fixed, which takes off Amounts, or percentage, which takes
	//     off BasisPoints.
	Discount = commerce.AppliedDiscount
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
	Address = commerce.Address
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	//
	// In a response a number is an int64 if it is written as an integer, otherwise a
	// float64, and a json.Number if neither holds it exactly. A request can have any
	// Go type for a number.
	Metadata = commerce.Metadata
)

// ListParams selects and orders orders.
//
// Fields:
//
//   - CheckoutID ([]string) selects the orders of these checkout sessions.
//   - CreatedAfter (*time.Time) selects orders that were created after this time.
//   - CreatedBefore (*time.Time) selects orders that were created before this time.
//   - CustomerID ([]string) selects objects of the customers with these IDs.
//   - DiscountID ([]string) selects objects with these discounts.
//   - ExternalCustomerID ([]string) selects objects of the customers with these external IDs.
//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
//   - Metadata (map[string][]string) selects objects whose metadata has one of the values for every
//     key. Values are compared as text.
//   - OrganizationID ([]string) selects objects of these organizations.
//   - Page (int) is the number of the page, from 1. The default is 1.
//   - ProductBillingType ([]BillingType) selects recurring orders, of subscriptions and their
//     renewals, or one_time ones.
//   - ProductID ([]string) selects objects of these products.
//   - Sorting ([]SortProperty) lists properties to order by, the most important first. The default
//     is newest first.
//   - Status ([]Status) selects objects with one of these statuses.
//   - SubscriptionID ([]string) selects the orders of these subscriptions.
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
