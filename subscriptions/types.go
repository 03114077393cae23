package subscriptions

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Subscription is a customer's subscription to a product.
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
	//   - CustomFieldData (map[string]any) is what the customer has entered at checkout, by the slug of
	//     the custom field.
	//   - Customer (Customer) is the customer.
	//   - CustomerCancellationComment (*string) is what the customer said about it.
	//   - CustomerCancellationReason (*CancellationReason) is why the customer canceled.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - Discount (*Discount) is the discount that applies.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EndedAt (*time.Time) is when it ended.
	//   - EndsAt (*time.Time) is when it will end, once that is known.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - Meters ([]Meter) are what was metered in the present period.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PastDueAt (*time.Time) is when a payment failed that is still to be made.
	//   - PauseAtPeriodEnd (bool) is whether the subscription is paused when its period ends.
	//   - PausedAt (*time.Time) is when the present pause began.
	//   - PendingUpdate (*PendingUpdate) is a change that waits for the end of the period.
	//   - Prices ([]Price) are the prices. AmountType of each says which of its fields have values.
	//   - Product (Product) is the product.
	//   - ProductID (string) is the ID of the product.
	//   - RecurringInterval (RecurringInterval) is the unit in which a period is counted.
	//   - RecurringIntervalCount (int) is the length of a period in units of RecurringInterval.
	//   - ResumesAt (*time.Time) is when a pause ends by itself.
	//   - Seats (*int) is the number of seats, of a product that is sold by seat.
	//   - StartedAt (*time.Time) is when it began.
	//   - Status (Status) is the state of the subscription. It is an open set.
	//   - TrialEnd (*time.Time) is when the trial ends or ended.
	//   - TrialStart (*time.Time) is when the trial began.
	//   - Units (*int) is the number of units, of a product that is sold by unit.
	Subscription = commerce.Subscription
	// Customer is the customer of a subscription.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - ExternalID (*string) is the seller's own ID of the customer, unique in the organization.
	//   - Email (*string) is the e-mail address, unique in the organization without regard to case.
	//     Only a team can be without.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the e-mail address of the customer or of its owner.
	//   - BillingAddress (*commerce.Address) is the address that invoices carry and taxes follow.
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
	Customer = commerce.SubscriptionCustomer
	// Product is the product of a subscription.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, 3 to 64 characters.
	//   - AttachedCustomFields ([]commerce.AttachedCustomField) are the questions that the customer is
	//     asked.
	//   - Benefits ([]commerce.Benefit) are what the customer gets.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the description, in Markdown.
	//   - IsArchived (bool) is whether it can still be read but not be bought any more.
	//   - IsRecurring (bool) is whether it is a subscription.
	//   - Medias ([]commerce.ProductMediaFileRead) are the images.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - MeterInterval (*RecurringInterval) is the unit of the period after which use is billed, if
	//     that is not the period of the subscription.
	//   - MeterIntervalCount (*int) is the length of that period in units of MeterInterval.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Prices ([]Price) are the prices. AmountType of each says which of its fields have values.
	//   - RecurringInterval (*RecurringInterval) is the unit in which a period is counted.
	//   - RecurringIntervalCount (*int) is the length of a period in units of RecurringInterval.
	//   - TrialInterval (*commerce.TrialInterval) is the unit in which the trial is counted.
	//   - TrialIntervalCount (*int) is the length of the trial in units of TrialInterval, 1 to 1,000.
	//   - Visibility (commerce.ProductVisibility) says who sees it. It is an open set.
	Product = commerce.Product
	// Price is a price of a subscription. AmountType says which of its fields have
	// values.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AmountType (commerce.PriceType) is the kind of the price. It is an open set.
	//   - CapAmount (*int) is the most that a period of use costs, in the smallest unit of the
	//     currency.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsArchived (bool) is whether it can still be read but not be bought any more.
	//   - Legacy (bool) is whether it is a price of an old form.
	//   - MaximumAmount (*int) is the greatest amount that the customer can choose, in the smallest
	//     unit of the currency.
	//   - MaximumUnits (*int) is the greatest number of units.
	//   - Meter (*commerce.ProductPriceMeter) is what the price counts.
	//   - MeterID (*string) is the ID of the meter.
	//   - MinimumAmount (*int) is the least amount that the customer can choose, in the smallest unit
	//     of the currency.
	//   - MinimumUnits (*int) is the least number of units.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PresetAmount (*int) is the amount that the customer is shown first, in the smallest unit of
	//     the currency.
	//   - PriceAmount (*int) is the amount of a fixed price, in the smallest unit of the currency. 0 is
	//     free.
	//   - PriceCurrency (string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	//   - ProductID (string) is the ID of the product.
	//   - RecurringInterval (*RecurringInterval) is the unit in which a period is counted.
	//   - SeatTiers (*commerce.ProductPriceSeatTiersOutput) are what a seat costs, by the number of
	//     seats.
	//   - Source (commerce.ProductPriceSource) is whether it is a price of the catalog or of one
	//     session alone.
	//   - TaxBehavior (*commerce.TaxBehaviorOption) says whether prices include tax.
	//   - Tiers (*commerce.TiersOutput) are the steps of the price, from the lowest.
	//   - Type (*string)
	//   - UnitAmount (*string) is what a unit costs, a decimal number of the smallest unit of the
	//     currency, as text.
	//   - UnitLabel (map[string]map[string]string) is how units are called, by language.
	Price = commerce.ProductPrice
	// Discount is the discount that applies to a subscription.
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
	// Meter is the usage that a subscription has metered in its period.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Amount (int) is what the period's use costs so far, in the smallest unit of the currency.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were given in advance.
	//   - Meter (commerce.Meter) is the meter.
	//   - MeterID (string) is the ID of the meter.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	Meter = commerce.SubscriptionMeter
	// PendingUpdate is a change that waits for the end of the period.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AppliesAt (time.Time) is when the change is made.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - ProductID (*string) is the ID of the product to come, if it changes.
	//   - Seats (*int) is the number of seats to come, if it changes.
	//   - Units (*int) is the number of units to come, if it changes.
	PendingUpdate = commerce.PendingSubscriptionUpdate
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new subscription to a free product. Zero values are left
	// out.
	//
	// Fields:
	//
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - ExternalCustomerID (string) is the customer's external ID, the seller's own.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ProductID (string) is the ID of a free product with a period.
	CreateParams = commerce.SubscriptionCreate
	// UpdateParams is one kind of change of a subscription. Use [polar.Set] and
	// [polar.Null] for its fields.
	//
	// Fields:
	//
	//   - CancelAtPeriodEnd (*bool) is true to let the subscription end with its period, and false to
	//     take that back.
	//   - CurrentBillingPeriodEnd (*time.Time) is when the present period is to end.
	//   - CustomerCancellationComment (polar.Field[string]) is what the customer said about it.
	//   - CustomerCancellationReason (polar.Field[CancellationReason]) is why the customer canceled.
	//   - DiscountID (polar.Field[string]) is the ID of the discount to apply. Null removes it.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - PauseAtPeriodEnd (*bool) is true to pause the subscription when its period ends, and false to
	//     take that back.
	//   - PendingUpdate (polar.Field[PendingUpdate])
	//   - ProductID (polar.Field[string]) is the ID of the product to change to.
	//   - ProrationBehavior (polar.Field[Proration]) says how the customer pays the difference.
	//   - Resume (bool) is true to end a pause.
	//   - ResumesAt (polar.Field[time.Time]) is when the pause ends by itself.
	//   - Revoke (bool) is true to end the subscription at once.
	//   - Seats (*int) is the new number of seats.
	//   - TrialEnd (polar.Field[string]) is when the trial ends, a time in RFC 3339, or "now".
	//   - Units (*int) is the new number of units.
	UpdateParams = commerce.SubscriptionUpdate
	// ListParams selects and orders subscriptions.
	//
	// Fields:
	//
	//   - Active (*bool) keeps only subscriptions that are (true) or are not (false) active. Deprecated
	//     by the service: use Status. Deprecated: this property has been marked as deprecated upstream,
	//     but no `x-deprecated-reason` was set
	//   - CancelAtPeriodEnd (*bool) keeps only subscriptions that are (true) or are not (false) set to
	//     end with their period.
	//   - CanceledAtAfter (*time.Time) keeps only subscriptions that were canceled at this time or
	//     later.
	//   - CanceledAtBefore (*time.Time) keeps only subscriptions that were canceled at this time or
	//     earlier.
	//   - CustomerCancellationReason ([]CancellationReason) keeps only subscriptions that were canceled
	//     for one of these reasons.
	//   - CustomerID ([]string) keeps only objects of these customers, by Polar's ID.
	//   - DiscountID ([]string) keeps only objects with one of these discounts.
	//   - ExternalCustomerID ([]string) keeps only objects of these customers, by the external ID.
	//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
	//   - Metadata (map[string][]string) keeps only objects whose metadata has, for every key, one of
	//     its values, compared as text.
	//   - OrganizationID ([]string) keeps only objects of these organizations. IDs that the token
	//     cannot see match nothing.
	//   - Page (int) is the number of the page, from 1, which is the default.
	//   - ProductID ([]string) keeps only objects of these products.
	//   - Sorting ([]SortProperty) is what to order by, the first thing first. The newest come first
	//     unless given.
	//   - StartedAfter (*time.Time) keeps only subscriptions that began at this time or later.
	//   - StartedBefore (*time.Time) keeps only subscriptions that began at this time or earlier.
	//   - Status ([]Status) keeps only objects with one of these statuses.
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
