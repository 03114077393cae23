package checkouts

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Checkout is a checkout session.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - ActiveTrialInterval (*TrialInterval) is the unit of the trial that applies, of the session or
	//     of the product.
	//   - ActiveTrialIntervalCount (*int) is how many units that trial lasts.
	//   - AllowDiscountCodes (bool) says whether the customer may enter a discount code.
	//   - AllowTrial (*bool) says whether a trial applies, if the product or the session has one.
	//   - Amount (int) is the price before discounts and taxes, in the smallest unit of Currency.
	//   - AttachedCustomFields ([]commerce.AttachedCustomField) are the fields that the customer is
	//     asked to fill in.
	//   - BillingAddressFields (AddressFields) says which parts of the address are asked for.
	//   - ClientSecret (string) identifies the session to the customer's browser, without a token.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - CustomFieldData (map[string]any) is what the customer entered, by the slug of the custom
	//     field.
	//   - CustomerBillingAddress (*Address) is the address that taxes follow.
	//   - CustomerBillingName (*string) is the name for invoices.
	//   - CustomerEmail (*string) is the customer's email address.
	//   - CustomerID (*string) names the customer by its ID, once there is one.
	//   - CustomerIPAddress (*string) is where the customer connects from.
	//   - CustomerMetadata (Metadata) is your own data for a customer that is created.
	//   - CustomerName (*string) is the customer's name.
	//   - CustomerTaxID (*string) is the customer's tax number.
	//   - Discount (*Discount) is the discount that applies.
	//   - DiscountAmount (int) is what the discount takes off, in the smallest unit of Currency.
	//   - DiscountID (*string) names the discount by its ID.
	//   - EmbedOrigin (*string) is the origin of the page that embeds the checkout, which alone gets
	//     messages from it.
	//   - ExpiresAt (time.Time) is when an open session expires, 24 hours after its creation.
	//   - ExternalCustomerID (*string) is your own ID of the customer.
	//   - IsBusinessCustomer (bool) says whether the customer buys as a business, which needs a full
	//     address and a name for invoices.
	//   - IsDiscountApplicable (bool) says whether a discount can apply.
	//   - IsFreeProductPrice (bool) says whether the price is free.
	//   - IsPaymentFormRequired (bool) says whether the customer has to fill in the payment form.
	//   - IsPaymentRequired (bool) says whether something is to be paid now.
	//   - IsPaymentSetupRequired (bool) says whether a payment method is to be stored.
	//   - Locale (*string) is the language of the page, such as "en".
	//   - MaxSeats (*int) is the most seats that can be bought.
	//   - MaxUnits (*int) is the most units that can be bought.
	//   - Metadata (Metadata) is your own data.
	//   - MinSeats (*int) is the fewest seats that can be bought.
	//   - MinUnits (*int) is the fewest units that can be bought.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - NetAmount (int) is the amount after discounts and before taxes, in the smallest unit of
	//     Currency.
	//   - OrganizationID (string) is the ID of the organization.
	//   - PaymentMethodType (*string) is the kind of payment method, such as "card".
	//   - PaymentProcessor (commerce.PaymentProcessor) is who processes the payment.
	//   - PaymentProcessorMetadata (map[string]string) is what the browser needs to talk to the payment
	//     processor.
	//   - Prices (map[string][]Price) are the prices of the products, by the product's ID.
	//   - Product (*Product) is the selected product.
	//   - ProductID (*string) is the ID of the selected product.
	//   - ProductPrice (*Price) Deprecated: the service keeps it for older programs.
	//   - ProductPriceID (*string) Deprecated: the service keeps it for older programs.
	//   - Products ([]Product) are the products to select from.
	//   - RequireBillingAddress (bool) says whether the full address is required, not the country
	//     alone.
	//   - ReturnURL (*string) is where the back button leads. Without it there is none.
	//   - Seats (*int) is how many seats are bought, for a product sold by seat.
	//   - Status (Status) is how far the session has come.
	//   - SubscriptionID (*string) names the subscription that is upgraded, if one is.
	//   - SuccessURL (string) is where the customer goes after the payment.
	//   - TaxAmount (*int) is the tax in the smallest unit of Currency, or nil while no address is
	//     known.
	//   - TaxBehavior (*commerce.TaxBehavior) says whether the price includes taxes, or nil while that
	//     is not known.
	//   - TotalAmount (int) is what the customer pays, in the smallest unit of Currency; without tax
	//     while TaxAmount is nil.
	//   - TrialEnd (*time.Time) is when the trial would end.
	//   - TrialInterval (*TrialInterval) is the unit of the session's own trial.
	//   - TrialIntervalCount (*int) is how many units the session's own trial lasts.
	//   - Units (*int) is how many units are bought, for a product sold by unit.
	//   - URL (string) is the page to send the customer to.
	Checkout = commerce.Checkout
	// Product is a product that the customer can choose in a session.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name.
	//   - Benefits ([]commerce.BenefitPublic) are what customers of the product get.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the text that customers see.
	//   - IsArchived (bool) says whether the product can no longer be bought. Subscriptions of it go
	//     on.
	//   - IsRecurring (bool) says whether it is sold by subscription.
	//   - Medias ([]commerce.ProductMediaFile) are the pictures that customers see.
	//   - MeterInterval (*commerce.RecurringInterval) is the unit of the period after which meters are
	//     settled, if that is not the billing period.
	//   - MeterIntervalCount (*int) is how many units that period lasts.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Prices ([]Price) are the prices that are not archived.
	//   - RecurringInterval (*commerce.RecurringInterval) is the unit of the billing period, or nil for
	//     a product that is paid once.
	//   - RecurringIntervalCount (*int) is how many units the billing period lasts.
	//   - TrialInterval (*TrialInterval) is the unit of the trial, if there is one.
	//   - TrialIntervalCount (*int) is how many units the trial lasts.
	//   - Visibility (commerce.ProductVisibility) says who sees the product.
	Product = commerce.CheckoutProduct
	// Price is a price of a product. AmountType says which of its fields have values.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AmountType (commerce.PriceType) is the kind of price. It is an open set.
	//   - CapAmount (*int) is the most that is charged for a period, or nil for no limit.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsArchived (bool) says whether the price is no longer available.
	//   - Legacy (bool) marks a price of an old product, which has a RecurringInterval of its own.
	//   - MaximumAmount (*int) is the most that the customer can choose to pay, or nil for no limit.
	//   - MaximumUnits (*int) is the most units that can be bought, or nil for no limit.
	//   - Meter (*commerce.ProductPriceMeter) is the meter that counts the units.
	//   - MeterID (*string) is the ID of the meter.
	//   - MinimumAmount (*int) is the least that the customer can choose to pay.
	//   - MinimumUnits (*int) is the fewest units that can be bought.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PresetAmount (*int) is what the customer is shown first.
	//   - PriceAmount (*int) is the price.
	//   - PriceCurrency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - ProductID (string) names the product by its ID.
	//   - RecurringInterval (*commerce.RecurringInterval) is the length of a subscription's period.
	//     Values that are not listed here can appear.
	//   - SeatTiers (*commerce.ProductPriceSeatTiersOutput) are the prices of a seat, by the number of
	//     seats.
	//   - Source (commerce.ProductPriceSource) is catalog for a price of the product, and ad_hoc for
	//     one of a checkout.
	//   - TaxBehavior (*commerce.TaxBehaviorOption) says whether the price includes taxes. Nil stands
	//     for the organization's default.
	//   - Tiers (*commerce.TiersOutput) are the prices of a unit, by the number of units.
	//   - Type (*string) is recurring for a price of an old product. Other prices have none.
	//   - UnitAmount (*string) is the price of a unit, as a decimal.
	//   - UnitLabel (map[string]map[string]string) is what a unit is called, by language and number.
	Price = commerce.ProductPrice
	// Discount is the discount that applies to a session.
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
	//   - Currency (*string) is the currency of Amount. Deprecated: the service keeps it for older
	//     programs.
	//   - Duration (commerce.DiscountDuration) says whether the discount applies to the first payment
	//     of a subscription, to all, or for DurationInMonths.
	//   - DurationInMonths (*int) is how long a repeating discount applies.
	//   - Type (commerce.DiscountType) is fixed, which takes off Amounts, or percentage, which takes
	//     off BasisPoints.
	Discount = commerce.CheckoutDiscount
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
	// AddressFields says which parts of the address the customer is asked for.
	//
	// Fields:
	//
	//   - City (commerce.BillingAddressFieldMode) says whether the city is required, optional or
	//     disabled.
	//   - Country (commerce.BillingAddressFieldMode) says whether the country is required, optional or
	//     disabled.
	//   - Line1 (commerce.BillingAddressFieldMode) says whether the street and number are required,
	//     optional or disabled.
	//   - Line2 (commerce.BillingAddressFieldMode) says whether the flat, floor or building is
	//     required, optional or disabled.
	//   - PostalCode (commerce.BillingAddressFieldMode) says whether the postal code is required,
	//     optional or disabled.
	//   - State (commerce.BillingAddressFieldMode) says whether the state or province is required,
	//     optional or disabled.
	AddressFields = commerce.CheckoutBillingAddressFields
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
	// CreateParams describes a new checkout session. Zero values are left out.
	//
	// Fields:
	//
	//   - AllowDiscountCodes (*bool) lets the customer enter a discount code. A discount that is set
	//     cannot be changed by one.
	//   - AllowTrial (*bool) lets a trial apply, if the product or the session has one.
	//   - Amount (*int) is the amount of a price that the customer chooses, in the smallest unit of
	//     Currency. Other prices ignore it.
	//   - Currency (commerce.PresentmentCurrency) is the ISO 4217 code in lower case, such as "usd".
	//   - CustomFieldData (map[string]any) is what the customer entered, by the slug of the custom
	//     field.
	//   - CustomerBillingAddress (*AddressParams) is the address that taxes follow.
	//   - CustomerBillingName (string) is the name for invoices.
	//   - CustomerEmail (string) is the customer's email address.
	//   - CustomerID (string) names the customer by its ID.
	//   - CustomerIPAddress (string) is where the customer connects from.
	//   - CustomerMetadata (Metadata) is your own data for a customer that is created.
	//   - CustomerName (string) is the customer's name.
	//   - CustomerTaxID (string) is the customer's tax number.
	//   - DiscountID (string) is the ID of a discount to apply.
	//   - EmbedOrigin (string) is the origin of a page that embeds the checkout, which alone gets
	//     messages from it.
	//   - ExternalCustomerID (string) is your own ID of the customer, who need not exist yet.
	//   - IsBusinessCustomer (*bool) says whether the customer buys as a business, which needs a full
	//     address and a name for invoices.
	//   - Locale (string) is the language of the page, such as "en".
	//   - MaxSeats (*int) is the most seats that the customer can choose, for a product sold by seat.
	//   - MaxUnits (*int) is the most units that the customer can choose, for a product sold by unit.
	//   - Metadata (Metadata) is your own data.
	//   - MinSeats (*int) is the fewest seats that the customer can choose, for a product sold by seat.
	//   - MinUnits (*int) is the fewest units that the customer can choose, for a product sold by unit.
	//   - Prices (map[string][]PriceParams) are prices for this session only, by the product's ID.
	//   - Products ([]string) are the IDs of the products to select from, at least one, all of one
	//     organization. The first one is selected.
	//   - RequireBillingAddress (*bool) asks for the full address, not the country alone. In the United
	//     States the full address is always asked for.
	//   - ReturnURL (string) is where the back button leads. Without it there is none.
	//   - Seats (*int) is how many seats to buy, for a product sold by seat.
	//   - SubscriptionID (string) is the ID of a subscription of a free product, which the checkout
	//     upgrades.
	//   - SuccessURL (string) is where the customer goes after the payment: Polar's own page unless
	//     given. The text {CHECKOUT_ID} in it is replaced.
	//   - TrialInterval (TrialInterval) is the unit of a trial for this session. It comes with
	//     TrialIntervalCount.
	//   - TrialIntervalCount (*int) is how many units the trial lasts.
	//   - Units (*int) is how many units to buy, for a product sold by unit.
	CreateParams = commerce.CheckoutCreate
	// UpdateParams changes a checkout session. Use [polar.Set] and [polar.Null] for
	// its fields.
	//
	// Fields:
	//
	//   - AllowDiscountCodes (polar.Field[bool]) lets the customer enter a discount code. A discount
	//     that is set cannot be changed by one.
	//   - AllowTrial (polar.Field[bool]) lets a trial apply, if the product or the session has one.
	//   - Amount (polar.Field[int]) is the amount of a price that the customer chooses, in the smallest
	//     unit of Currency. Other prices ignore it.
	//   - Currency (polar.Field[commerce.PresentmentCurrency]) is the ISO 4217 code in lower case, such
	//     as "usd".
	//   - CustomFieldData (map[string]any) is what the customer entered, by the slug of the custom
	//     field.
	//   - CustomerBillingAddress (polar.Field[AddressParams]) is the address that taxes follow.
	//   - CustomerBillingName (polar.Field[string]) is the name for invoices.
	//   - CustomerEmail (polar.Field[string]) is the customer's email address.
	//   - CustomerIPAddress (polar.Field[string]) is where the customer connects from.
	//   - CustomerMetadata (Metadata) is your own data for a customer that is created.
	//   - CustomerName (polar.Field[string]) is the customer's name.
	//   - CustomerTaxID (polar.Field[string]) is the customer's tax number.
	//   - DiscountID (polar.Field[string]) is the ID of a discount to apply.
	//   - EmbedOrigin (polar.Field[string]) is the origin of a page that embeds the checkout, which
	//     alone gets messages from it.
	//   - IsBusinessCustomer (polar.Field[bool]) says whether the customer buys as a business, which
	//     needs a full address and a name for invoices.
	//   - Locale (polar.Field[string]) is the language of the page, such as "en".
	//   - Metadata (Metadata) is your own data.
	//   - ProductID (polar.Field[string]) selects one of the session's products.
	//   - ProductPriceID (polar.Field[string]) Deprecated: the service keeps it for older programs.
	//   - RequireBillingAddress (polar.Field[bool]) asks for the full address, not the country alone.
	//     In the United States the full address is always asked for.
	//   - ReturnURL (polar.Field[string]) is where the back button leads. Without it there is none.
	//   - Seats (polar.Field[int]) is how many seats to buy, for a product sold by seat.
	//   - SuccessURL (polar.Field[string]) is where the customer goes after the payment. The text
	//     {CHECKOUT_ID} in it is replaced.
	//   - TrialInterval (polar.Field[TrialInterval]) is the unit of a trial for this session. It comes
	//     with TrialIntervalCount.
	//   - TrialIntervalCount (polar.Field[int]) is how many units the trial lasts.
	//   - Units (polar.Field[int]) is how many units to buy, for a product sold by unit.
	UpdateParams = commerce.CheckoutUpdate
	// ListParams selects and orders checkout sessions.
	//
	// Fields:
	//
	//   - CustomerID ([]string) selects objects of the customers with these IDs.
	//   - ExternalCustomerID ([]string) selects objects of the customers with these external IDs.
	//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
	//   - OrganizationID ([]string) selects objects of these organizations.
	//   - Page (int) is the number of the page, from 1. The default is 1.
	//   - ProductID ([]string) selects objects of these products.
	//   - Query (string) selects sessions with this text in the customer's email address.
	//   - Sorting ([]SortProperty) lists properties to order by, the most important first. The default
	//     is newest first.
	//   - Status ([]Status) selects objects with one of these statuses.
	ListParams = commerce.CheckoutsListParams
	// AddressParams is a billing address to begin with.
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
	AddressParams = commerce.AddressInput
	// PriceParams is a price that only one session has.
	//
	// Fields:
	//
	//   - AmountType (commerce.PriceType) is the kind of price.
	//   - CapAmount (*int) is the most that is charged for a period.
	//   - MaximumAmount (*int) is the most that the customer can choose to pay.
	//   - MeterID (string) is the ID of the meter.
	//   - MinimumAmount (*int) is the least that the customer can choose to pay.
	//   - MinimumUnits (*int) is the fewest units that can be bought: 1 unless given.
	//   - PresetAmount (*int) is what the customer is shown first.
	//   - PriceAmount (*int) is the price of kind fixed, in the smallest unit of the currency: 0 for
	//     free, or at least the currency's minimum, such as 50 US cents.
	//   - PriceCurrency (commerce.PresentmentCurrency) is the ISO 4217 code in lower case, such as
	//     "usd".
	//   - SeatTiers (*commerce.ProductPriceSeatTiersInput) are the prices of a seat, by the number of
	//     seats.
	//   - TaxBehavior (commerce.TaxBehaviorOption) says whether the price includes taxes. The
	//     organization's default applies unless given.
	//   - Tiers (*commerce.TiersInput) are the prices of a unit, by the number of units.
	//   - UnitAmount (string) is the price of a unit, as a decimal in the smallest unit of the
	//     currency, such as "0.05".
	//   - UnitLabel (map[string]map[string]string) is what a unit is called, by language and number:
	//     "unit" and "units" unless given.
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
