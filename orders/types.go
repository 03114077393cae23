package orders

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Order is a purchase or a renewal, with what the customer pays for it.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AppliedBalanceAmount (int) is how much of the customer's credit is used, in the smallest unit
	//     of the currency.
	//   - BillingAddress (*Address) is the address on invoices, which taxes follow.
	//   - BillingName (*string) is the name on invoices.
	//   - BillingReason (BillingReason) is why the order was made. It is an open set.
	//   - CheckoutID (*string) is the ID of the checkout session from which it comes.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	//   - CustomFieldData (map[string]any) is what the customer has entered at checkout, by the slug of
	//     the custom field.
	//   - Customer (Customer) is the customer.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - Description (string) is what was bought, in one line.
	//   - Discount (*Discount) is the discount that applies.
	//   - DiscountAmount (int) is how much the discount takes off, in the smallest unit of the
	//     currency.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - DueAmount (int) is what is left to pay, in the smallest unit of the currency.
	//   - InvoiceNumber (*string) is the number of the invoice.
	//   - IsInvoiceGenerated (bool) is whether there is an invoice to download.
	//   - Items ([]Item) are the lines of the order.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - NetAmount (int) is what is left after the discount, without tax that is added, in the
	//     smallest unit of the currency.
	//   - NextPaymentAttemptAt (*time.Time) is when a failed payment is tried again.
	//   - Paid (bool) is whether the order was paid. It stays true after a refund.
	//   - PlatformFeeAmount (int) is Polar's fee, in the smallest unit of PlatformFeeCurrency.
	//   - PlatformFeeCurrency (*string) is the currency of Polar's fee.
	//   - Product (*Product) is the product.
	//   - ProductID (*string) is the ID of the product.
	//   - ReceiptNumber (*string) is the number of the receipt.
	//   - RefundableAmount (*int) is how much can still be paid back, without tax, in the smallest unit
	//     of the currency.
	//   - RefundableTaxAmount (*int) is how much tax can still be paid back, in the smallest unit of
	//     the currency.
	//   - RefundedAmount (int) is how much was paid back, without tax, in the smallest unit of the
	//     currency.
	//   - RefundedTaxAmount (int) is how much tax was paid back, in the smallest unit of the currency.
	//   - Seats (*int) is the number of seats, of a product that is sold by seat.
	//   - Status (Status) is the state of the order. It is an open set.
	//   - Subscription (*Subscription) is the subscription.
	//   - SubscriptionID (*string) is the ID of the subscription.
	//   - SubtotalAmount (int) is the sum of the items, in the smallest unit of the currency.
	//   - TaxAmount (int) is the tax, in the smallest unit of the currency.
	//   - TotalAmount (int) is what the customer pays, with tax, in the smallest unit of the currency.
	//   - Units (*int) is the number of units, of a product that is sold by unit.
	Order = commerce.Order
	// Item is a line of an order.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is the price of the item, in the smallest unit of the currency.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Label (string) is what the item is.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - ProductPriceID (*string) is the ID of the price.
	//   - Proration (bool) is whether the item settles a change within a period.
	//   - TaxAmount (int) is the tax, in the smallest unit of the currency.
	Item = commerce.OrderItemSchema
	// Invoice is the document for an order.
	//
	// Fields:
	//
	//   - URL (string) is where the document is for a while.
	Invoice = commerce.OrderInvoice
	// Customer is the customer of an order.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
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
	//   - TaxID (*commerce.TaxID) is the tax number, checked by the service.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	Customer = commerce.OrderCustomer
	// Product is the product of an order, as far as an order shows it.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, 3 to 64 characters.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the description, in Markdown.
	//   - IsArchived (bool) is whether it can still be read but not be bought any more.
	//   - IsRecurring (bool) is whether it is a subscription.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - MeterInterval (*commerce.RecurringInterval) is the unit of the period after which use is
	//     billed, if that is not the period of the subscription.
	//   - MeterIntervalCount (*int) is the length of that period in units of MeterInterval.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - RecurringInterval (*commerce.RecurringInterval) is the unit in which a period is counted.
	//   - RecurringIntervalCount (*int) is the length of a period in units of RecurringInterval.
	//   - TrialInterval (*commerce.TrialInterval) is the unit in which the trial is counted.
	//   - TrialIntervalCount (*int) is the length of the trial in units of TrialInterval, 1 to 1,000.
	//   - Visibility (commerce.ProductVisibility) says who sees it. It is an open set.
	Product = commerce.OrderProduct
	// Subscription is the subscription of an order, as far as an order shows it.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is the price of a period, in the smallest unit of the currency.
	//   - CancelAtPeriodEnd (bool) is whether the subscription ends with its period.
	//   - CanceledAt (*time.Time) is when it was canceled; it can still be active until EndsAt.
	//   - CheckoutID (*string) is the ID of the checkout session from which it comes.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	//   - CurrentMeterPeriodEnd (*time.Time) is when the present period of metering ends, if it is not
	//     that of the subscription.
	//   - CurrentMeterPeriodStart (*time.Time) is when the present period of metering began, if it is
	//     not that of the subscription.
	//   - CurrentPeriodEnd (time.Time) is when the present period ends.
	//   - CurrentPeriodStart (time.Time) is when the present period began.
	//   - CustomerCancellationComment (*string) is what the customer said about it.
	//   - CustomerCancellationReason (*commerce.CustomerCancellationReason) is why the customer
	//     canceled.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EndedAt (*time.Time) is when it ended.
	//   - EndsAt (*time.Time) is when it will end, once that is known.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PastDueAt (*time.Time) is when a payment failed that is still to be made.
	//   - PauseAtPeriodEnd (bool) is whether the subscription is paused when its period ends.
	//   - PausedAt (*time.Time) is when the present pause began.
	//   - ProductID (string) is the ID of the product.
	//   - RecurringInterval (commerce.RecurringInterval) is the unit in which a period is counted.
	//   - RecurringIntervalCount (int) is the length of a period in units of RecurringInterval.
	//   - ResumesAt (*time.Time) is when a pause ends by itself.
	//   - Seats (*int) is the number of seats, of a product that is sold by seat.
	//   - StartedAt (*time.Time) is when it began.
	//   - Status (commerce.SubscriptionStatus) is the state of the subscription. It is an open set.
	//   - TrialEnd (*time.Time) is when the trial ends or ended.
	//   - TrialStart (*time.Time) is when the trial began.
	//   - Units (*int) is the number of units, of a product that is sold by unit.
	Subscription = commerce.OrderSubscription
	// Discount is the discount that applied to an order.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, which customers see.
	//   - Amount (*int) is how much is taken off, in the smallest unit of Currency. Deprecated by the
	//     service: use Amounts. Deprecated: this property has been marked as deprecated upstream, but
	//     no `x-deprecated-reason` was set
	//   - Amounts (map[string]int) are the amounts that are taken off, by currency, in its smallest
	//     unit.
	//   - BasisPoints (*int) is the discount in hundredths of a percent: 1,000 is 10 percent.
	//   - Code (*string) is what customers enter, or nil if they cannot.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (*string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	//     Deprecated: this property has been marked as deprecated upstream, but no
	//     `x-deprecated-reason` was set
	//   - Duration (commerce.DiscountDuration) is whether it applies once, for some months or for ever.
	//   - DurationInMonths (*int) is for how many months it applies.
	//   - EndsAt (*time.Time) is until when it can be used.
	//   - MaxRedemptions (*int) is how often it can be used, or nil without a limit.
	//   - MaxRedemptionsPerCustomer (*int) is how often a customer can use it, or nil without a limit.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - RedemptionsCount (int) is how often it was used.
	//   - StartsAt (*time.Time) is when it begins to apply.
	//   - Type (commerce.DiscountType) is whether it takes off an amount or a percentage.
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
	Metadata = commerce.Metadata
)

// ListParams selects and orders orders.
//
// Fields:
//
//   - CheckoutID ([]string) keeps only orders of these checkout sessions.
//   - CreatedAfter (*time.Time) keeps only orders created at this time or later.
//   - CreatedBefore (*time.Time) keeps only orders created at this time or earlier.
//   - CustomerID ([]string) keeps only objects of these customers, by Polar's ID.
//   - DiscountID ([]string) keeps only objects with one of these discounts.
//   - ExternalCustomerID ([]string) keeps only objects of these customers, by the external ID.
//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
//   - Metadata (map[string][]string) keeps only objects whose metadata has, for every key, one of
//     its values, compared as text.
//   - OrganizationID ([]string) keeps only objects of these organizations. IDs that the token
//     cannot see match nothing.
//   - Page (int) is the number of the page, from 1, which is the default.
//   - ProductBillingType ([]BillingType) keeps only orders of products that are paid in one of
//     these ways.
//   - ProductID ([]string) keeps only objects of these products.
//   - Sorting ([]SortProperty) is what to order by, the first thing first. The newest come first
//     unless given.
//   - Status ([]Status) keeps only objects with one of these statuses.
//   - SubscriptionID ([]string) keeps only orders of these subscriptions.
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
