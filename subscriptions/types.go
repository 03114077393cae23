package subscriptions

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Subscription is a customer's subscription to a product.
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
	//   - CustomFieldData (map[string]any) is what the customer entered, by the slug of the custom
	//     field.
	//   - Customer (Customer) is the customer.
	//   - CustomerCancellationComment (*string) is what the customer said about the cancellation.
	//   - CustomerCancellationReason (*CancellationReason) is why the customer canceled.
	//   - CustomerID (string) names the customer by its ID.
	//   - Discount (*Discount) is the discount that applies.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EndedAt (*time.Time) is when the subscription ended.
	//   - EndsAt (*time.Time) is when the subscription will end, once that is known.
	//   - Metadata (Metadata) is your own data.
	//   - Meters ([]commerce.SubscriptionMeter) are the subscription's meters in the current period.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PastDueAt (*time.Time) is when it became past due.
	//   - PauseAtPeriodEnd (bool) says whether the subscription pauses with the end of the current
	//     period.
	//   - PausedAt (*time.Time) is when it was paused.
	//   - PendingUpdate (*PendingUpdate) is a change that applies from the next period.
	//   - Prices ([]commerce.ProductPrice) are the prices that are charged.
	//   - Product (Product) is the product.
	//   - ProductID (string) names the product by its ID.
	//   - RecurringInterval (RecurringInterval) is the unit of the billing period.
	//   - RecurringIntervalCount (int) is how many units the billing period lasts.
	//   - ResumesAt (*time.Time) is when a paused subscription resumes by itself.
	//   - Seats (*int) is how many seats were bought, for a product sold by seat.
	//   - StartedAt (*time.Time) is when the subscription began.
	//   - Status (Status) says whether the customer has access: active and trialing do.
	//   - TrialEnd (*time.Time) is when the trial ends or ended.
	//   - TrialStart (*time.Time) is when the trial began.
	//   - Units (*int) is how many units were bought, for a product sold by unit.
	Subscription = commerce.Subscription
	// Customer is the customer of a subscription.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - ExternalID (*string) is your own ID of the customer, unique in the organization.
	//   - Email (*string) is the email address, unique in the organization, ignoring case. Only a team
	//     can be without one.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the email address of the customer or of its owner.
	//   - BillingAddress (*commerce.Address) is the address on invoices, which also determines taxes.
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
	Customer = commerce.SubscriptionCustomer
	// Product is the product of a subscription.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name.
	//   - AttachedCustomFields ([]commerce.AttachedCustomField) are the fields that a checkout of the
	//     product asks for.
	//   - Benefits ([]commerce.Benefit) are what customers of the product get.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the text that customers see.
	//   - IsArchived (bool) says whether the product can no longer be bought. Subscriptions of it go
	//     on.
	//   - IsRecurring (bool) says whether it is sold by subscription.
	//   - Medias ([]commerce.ProductMediaFile) are the pictures that customers see.
	//   - Metadata (Metadata) is your own data.
	//   - MeterInterval (*RecurringInterval) is the unit of the period after which meters are settled,
	//     if that is not the billing period.
	//   - MeterIntervalCount (*int) is how many units that period lasts.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Prices ([]commerce.ProductPrice) are the prices that are not archived.
	//   - RecurringInterval (*RecurringInterval) is the unit of the billing period, or nil for a
	//     product that is paid once.
	//   - RecurringIntervalCount (*int) is how many units the billing period lasts.
	//   - TrialInterval (*commerce.TrialInterval) is the unit of the trial, if there is one.
	//   - TrialIntervalCount (*int) is how many units the trial lasts.
	//   - Visibility (commerce.ProductVisibility) says who sees the product.
	Product = commerce.Product
	// Discount is the discount that applies to a subscription.
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
	// PendingUpdate is a change that waits for the end of the period.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AppliesAt (time.Time) is when it applies.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - ProductID (*string) is the ID of the new product.
	//   - Seats (*int) is the new number of seats.
	//   - Units (*int) is the new number of units.
	PendingUpdate = commerce.PendingSubscriptionUpdate
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	//
	// In a response a number is an int64 if it is written as an integer, otherwise a
	// float64, and a json.Number if neither holds it exactly. A request can have any
	// Go type for a number.
	Metadata = commerce.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new subscription to a free product. Zero values are left
	// out.
	//
	// Fields:
	//
	//   - CustomerID (string) names the customer by its ID.
	//   - ExternalCustomerID (string) is your own ID of the customer.
	//   - Metadata (Metadata) is your own data.
	//   - ProductID (string) names the product by its ID.
	CreateParams = commerce.SubscriptionCreate
	// UpdateParams is one kind of change of a subscription. Use [polar.Set] and
	// [polar.Null] for its fields.
	//
	// Fields:
	//
	//   - CancelAtPeriodEnd (*bool) sets the subscription to end with its period (true), or undoes that
	//     (false).
	//   - CurrentBillingPeriodEnd (*time.Time) moves the end of the current period, to an earlier or
	//     later time in the future.
	//   - CustomerCancellationComment (polar.Field[string]) is what the customer said. Customers see
	//     it.
	//   - CustomerCancellationReason (polar.Field[CancellationReason]) is why the customer cancels.
	//   - DiscountID (polar.Field[string]) is the ID of the discount that applies from the next period.
	//     Null removes the discount.
	//   - Metadata (Metadata) replaces all metadata. An empty map clears it, nil keeps it.
	//   - PauseAtPeriodEnd (*bool) sets the subscription to pause when its period ends (true), or
	//     undoes that (false).
	//   - PendingUpdate (polar.Field[PendingUpdate]) undoes a change that applies from the next period.
	//     Null is its only value.
	//   - ProductID (polar.Field[string]) is the ID of the product to change to.
	//   - ProrationBehavior (polar.Field[Proration]) says when and how the difference is charged. The
	//     organization's default applies unless given.
	//   - Resume (bool) ends a pause at once: a new period begins, and is charged.
	//   - ResumesAt (polar.Field[time.Time]) is when the pause ends by itself, after the current
	//     period.
	//   - Revoke (bool) ends the subscription at once.
	//   - Seats (*int) is the new number of seats.
	//   - TrialEnd (polar.Field[string]) is a time in RFC 3339 after the current period, or "now" to
	//     end the trial.
	//   - Units (*int) is the new number of units.
	UpdateParams = commerce.SubscriptionUpdate
	// ListParams selects and orders subscriptions.
	//
	// Fields:
	//
	//   - Active (*bool) selects subscriptions that are active (true) or not (false). Deprecated: the
	//     service keeps it for older programs.
	//   - CancelAtPeriodEnd (*bool) selects subscriptions that are set to end with their period (true)
	//     or not (false).
	//   - CanceledAtAfter (*time.Time) selects subscriptions that were canceled at this time or later.
	//   - CanceledAtBefore (*time.Time) selects subscriptions that were canceled at this time or
	//     earlier.
	//   - CustomerCancellationReason ([]CancellationReason) selects subscriptions that were canceled
	//     for one of these reasons.
	//   - CustomerID ([]string) selects objects of the customers with these IDs.
	//   - DiscountID ([]string) selects objects with these discounts.
	//   - ExternalCustomerID ([]string) selects objects of the customers with these external IDs.
	//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
	//   - Metadata (map[string][]string) selects objects whose metadata has one of the values for every
	//     key. Values are compared as text.
	//   - OrganizationID ([]string) selects objects of these organizations.
	//   - Page (int) is the number of the page, from 1. The default is 1.
	//   - ProductID ([]string) selects objects of these products.
	//   - Sorting ([]SortProperty) lists properties to order by, the most important first.
	//   - StartedAfter (*time.Time) selects subscriptions that began after this time.
	//   - StartedBefore (*time.Time) selects subscriptions that began before this time.
	//   - Status ([]Status) selects objects with one of these statuses.
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

// Ways to pay the difference after a change: at once, with the next invoice, or by
// changing at the end of the period.
const (
	ProrateInvoice    = commerce.SubscriptionProrationBehaviorInvoice
	ProrateNextBill   = commerce.SubscriptionProrationBehaviorProrate
	ProrateNextPeriod = commerce.SubscriptionProrationBehaviorNextPeriod
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

// Orders of subscriptions. Package commerce has more, such as by the amount.
const (
	SortStartedAt     = commerce.SubscriptionSortPropertyStartedAt
	SortStartedAtDesc = commerce.SubscriptionSortPropertyMinusStartedAt
)
