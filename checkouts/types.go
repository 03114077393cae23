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
	//   - ActiveTrialIntervalCount (*int) is the length of the trial that applies, in units of
	//     ActiveTrialInterval.
	//   - AllowDiscountCodes (bool) is whether the customer can enter a discount code. The default is
	//     true.
	//   - AllowTrial (*bool) is whether the product has its trial. The default is true.
	//   - Amount (int) is the price before the discount and taxes, in the smallest unit of the
	//     currency.
	//   - AttachedCustomFields ([]commerce.AttachedCustomField) are the questions that the customer is
	//     asked.
	//   - BillingAddressFields (AddressFields) says which parts of the address the customer is asked
	//     for.
	//   - ClientSecret (string) is the secret that gives access to the session without a token.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Currency (string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	//   - CustomFieldData (map[string]any) is what the customer has entered at checkout, by the slug of
	//     the custom field.
	//   - CustomerBillingAddress (*Address) is the customer's billing address, which the customer can
	//     change.
	//   - CustomerBillingName (*string) is the name on the customer's invoices.
	//   - CustomerEmail (*string) is the customer's email address, which the customer can change unless
	//     the session is for a customer that exists.
	//   - CustomerID (*string) is the ID of the customer, or nil until the purchase creates it.
	//   - CustomerIPAddress (*string) is the customer's IP address, from which the service guesses the
	//     country.
	//   - CustomerMetadata (Metadata) is the metadata of the customer that the purchase creates.
	//   - CustomerName (*string) is the customer's name, at most 256 characters.
	//   - CustomerTaxID (*string) is the customer's tax number. It needs a billing address.
	//   - Discount (*Discount) is the discount that applies.
	//   - DiscountAmount (int) is how much the discount takes off, in the smallest unit of the
	//     currency.
	//   - DiscountID (*string) is the ID of the discount that applies.
	//   - EmbedOrigin (*string) is the origin of the page that embeds the checkout.
	//   - ExpiresAt (time.Time) is when the session expires, 24 hours after it was created.
	//   - ExternalCustomerID (*string) is the customer's external ID, the seller's own.
	//   - IsBusinessCustomer (bool) is whether a company buys, which the billing name and the tax
	//     number are for.
	//   - IsDiscountApplicable (bool) is whether a discount can apply to the product.
	//   - IsFreeProductPrice (bool) is whether the price is free, which needs no payment.
	//   - IsPaymentFormRequired (bool) is whether the customer has to enter a payment method.
	//   - IsPaymentRequired (bool) is whether something is to be paid now.
	//   - IsPaymentSetupRequired (bool) is whether a payment method is stored for later payments.
	//   - Locale (*string) is the language as a BCP 47 tag, such as "en-US".
	//   - MaxSeats (*int) is the greatest number of seats that the customer can choose.
	//   - MaxUnits (*int) is the greatest number of units that the customer can choose.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - MinSeats (*int) is the least number of seats that the customer can choose.
	//   - MinUnits (*int) is the least number of units that the customer can choose.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - NetAmount (int) is what is left after the discount, without tax that is added, in the
	//     smallest unit of the currency.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - PaymentMethodType (*string) is the kind of payment method that the customer has chosen.
	//   - PaymentProcessor (commerce.PaymentProcessor) is who processes the payment.
	//   - PaymentProcessorMetadata (map[string]string) is what the payment form needs.
	//   - Prices (map[string][]Price) are the prices of each product, by the ID of the product.
	//   - Product (*Product) is the product that is chosen at present.
	//   - ProductID (*string) is the ID of the product that is chosen at present.
	//   - ProductPrice (*Price) is the price that is chosen at present. Deprecated by the service: use
	//     Prices. Deprecated: this property has been marked as deprecated upstream, but no
	//     `x-deprecated-reason` was set
	//   - ProductPriceID (*string) is the ID of the price. Deprecated: this property has been marked as
	//     deprecated upstream, but no `x-deprecated-reason` was set
	//   - Products ([]Product) are the products that the customer can choose from.
	//   - RequireBillingAddress (bool) is whether the full address is asked for, and not only the
	//     country.
	//   - ReturnURL (*string) is where a link back leads. It must be an absolute http or https URL.
	//   - Seats (*int) is the number of seats, of a product that is sold by seat.
	//   - Status (Status) says how far the session has come. It is an open set.
	//   - SubscriptionID (*string) is the ID of the free subscription that the purchase upgrades.
	//   - SuccessURL (string) is where the customer goes after the purchase, with the session's ID
	//     filled in.
	//   - TaxAmount (*int) is the tax, in the smallest unit of the currency, or nil while the address
	//     is not known.
	//   - TaxBehavior (*commerce.TaxBehavior) says whether prices include tax.
	//   - TotalAmount (int) is what the customer pays, with tax, in the smallest unit of the currency.
	//   - TrialEnd (*time.Time) is when the trial would end.
	//   - TrialInterval (*TrialInterval) is the unit in which the trial is counted.
	//   - TrialIntervalCount (*int) is the length of the trial in units of TrialInterval, 1 to 1,000.
	//   - Units (*int) is the number of units, of a product that is sold by unit.
	//   - URL (string) is where to send the customer. It holds the client secret.
	Checkout = commerce.Checkout
	// Product is a product that the customer can choose in a session.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, 3 to 64 characters.
	//   - Benefits ([]commerce.BenefitPublic) are what the customer gets.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the description, in Markdown.
	//   - IsArchived (bool) is whether it can still be read but not be bought any more.
	//   - IsRecurring (bool) is whether it is a subscription.
	//   - Medias ([]commerce.ProductMediaFileRead) are the images.
	//   - MeterInterval (*commerce.RecurringInterval) is the unit of the period after which use is
	//     billed, if that is not the period of the subscription.
	//   - MeterIntervalCount (*int) is the length of that period in units of MeterInterval.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Prices ([]Price) are the prices. AmountType of each says which of its fields have values.
	//   - RecurringInterval (*commerce.RecurringInterval) is the unit in which a period is counted.
	//   - RecurringIntervalCount (*int) is the length of a period in units of RecurringInterval.
	//   - TrialInterval (*TrialInterval) is the unit in which the trial is counted.
	//   - TrialIntervalCount (*int) is the length of the trial in units of TrialInterval, 1 to 1,000.
	//   - Visibility (commerce.ProductVisibility) says who sees it. It is an open set.
	Product = commerce.CheckoutProduct
	// Price is a price of a product. AmountType says which of its fields have values.
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
	//   - RecurringInterval (*commerce.RecurringInterval) is the unit in which a period is counted.
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
	// Discount is the discount that applies to a session.
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
	//   - Currency (*string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	//     Deprecated: this property has been marked as deprecated upstream, but no
	//     `x-deprecated-reason` was set
	//   - Duration (commerce.DiscountDuration) is whether it applies once, for some months or for ever.
	//   - DurationInMonths (*int) is for how many months it applies.
	//   - Type (commerce.DiscountType) is whether it takes off an amount or a percentage.
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
	//   - City (commerce.BillingAddressFieldMode) is whether the customer is asked for it, and must
	//     answer.
	//   - Country (commerce.BillingAddressFieldMode) is whether the customer is asked for it, and must
	//     answer.
	//   - Line1 (commerce.BillingAddressFieldMode) is whether the customer is asked for it, and must
	//     answer.
	//   - Line2 (commerce.BillingAddressFieldMode) is whether the customer is asked for it, and must
	//     answer.
	//   - PostalCode (commerce.BillingAddressFieldMode) is whether the customer is asked for it, and
	//     must answer.
	//   - State (commerce.BillingAddressFieldMode) is whether the customer is asked for it, and must
	//     answer.
	AddressFields = commerce.CheckoutBillingAddressFields
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// What the service is sent.
type (
	// CreateParams describes a new checkout session. Zero values are left out.
	//
	// Fields:
	//
	//   - AllowDiscountCodes (*bool) is whether the customer can enter a discount code. The default is
	//     true.
	//   - AllowTrial (*bool) is whether the product has its trial. The default is true.
	//   - Amount (*int) is what the customer pays for a product with a custom price, in the smallest
	//     unit of the currency. For other prices it is ignored.
	//   - Currency (commerce.PresentmentCurrency) is the ISO 4217 code of one of the currencies of the
	//     product. By default the service chooses one by the country.
	//   - CustomFieldData (map[string]any) is what the customer has entered at checkout, by the slug of
	//     the custom field.
	//   - CustomerBillingAddress (*AddressParams) is the customer's billing address, which the customer
	//     can change.
	//   - CustomerBillingName (string) is the name on the customer's invoices.
	//   - CustomerEmail (string) is the customer's email address, which the customer can change unless
	//     the session is for a customer that exists.
	//   - CustomerID (string) is the ID of a customer that exists, Polar's own. It excludes
	//     ExternalCustomerID.
	//   - CustomerIPAddress (string) is the customer's IP address, from which the service guesses the
	//     country.
	//   - CustomerMetadata (Metadata) is the metadata of the customer that the purchase creates.
	//   - CustomerName (string) is the customer's name, at most 256 characters.
	//   - CustomerTaxID (string) is the customer's tax number. It needs a billing address.
	//   - DiscountID (string) is the ID of the discount that applies.
	//   - EmbedOrigin (string) is the origin of the page that embeds the checkout.
	//   - ExternalCustomerID (string) is the customer's external ID, the seller's own. If there is no
	//     such customer, the purchase creates it.
	//   - IsBusinessCustomer (*bool) is whether a company buys, which the billing name and the tax
	//     number are for.
	//   - Locale (string) is the language as a BCP 47 tag, such as "en-US".
	//   - MaxSeats (*int) is the greatest number of seats that the customer can choose.
	//   - MaxUnits (*int) is the greatest number of units that the customer can choose.
	//   - Metadata (Metadata) is the seller's own data. The order and the subscription get it as well.
	//   - MinSeats (*int) is the least number of seats that the customer can choose.
	//   - MinUnits (*int) is the least number of units that the customer can choose.
	//   - Prices (map[string][]PriceParams) are prices for this session alone, by the ID of the
	//     product.
	//   - Products ([]string) are the IDs of the products that the customer can choose from, at least
	//     one.
	//   - RequireBillingAddress (*bool) is whether the full address is asked for, and not only the
	//     country.
	//   - ReturnURL (string) is where a link back leads. It must be an absolute http or https URL.
	//   - Seats (*int) is the number of seats, of a product that is sold by seat.
	//   - SubscriptionID (string) is the ID of a free subscription of the customer that the purchase
	//     upgrades.
	//   - SuccessURL (string) is where the customer goes after the purchase. The service replaces
	//     {CHECKOUT_ID} by the ID.
	//   - TrialInterval (TrialInterval) is the unit in which the trial is counted.
	//   - TrialIntervalCount (*int) is the length of the trial in units of TrialInterval, 1 to 1,000.
	//   - Units (*int) is the number of units, of a product that is sold by unit.
	CreateParams = commerce.CheckoutCreate
	// UpdateParams changes a checkout session. Use [polar.Set] and [polar.Null] for
	// its fields.
	//
	// Fields:
	//
	//   - AllowDiscountCodes (polar.Field[bool]) is whether the customer can enter a discount code. The
	//     default is true.
	//   - AllowTrial (polar.Field[bool]) is whether the product has its trial. The default is true.
	//   - Amount (polar.Field[int]) is what the customer pays for a product with a custom price, in the
	//     smallest unit of the currency.
	//   - Currency (polar.Field[commerce.PresentmentCurrency]) is the ISO 4217 code of the currency, in
	//     lower case, such as "usd".
	//   - CustomFieldData (map[string]any) is what the customer has entered at checkout, by the slug of
	//     the custom field.
	//   - CustomerBillingAddress (polar.Field[AddressParams]) is the customer's billing address, which
	//     the customer can change.
	//   - CustomerBillingName (polar.Field[string]) is the name on the customer's invoices.
	//   - CustomerEmail (polar.Field[string]) is the customer's email address, which the customer can
	//     change unless the session is for a customer that exists.
	//   - CustomerIPAddress (polar.Field[string]) is the customer's IP address, from which the service
	//     guesses the country.
	//   - CustomerMetadata (Metadata) is the metadata of the customer that the purchase creates.
	//   - CustomerName (polar.Field[string]) is the customer's name, at most 256 characters.
	//   - CustomerTaxID (polar.Field[string]) is the customer's tax number. It needs a billing address.
	//   - DiscountID (polar.Field[string]) is the ID of the discount that applies.
	//   - EmbedOrigin (polar.Field[string]) is the origin of the page that embeds the checkout.
	//   - IsBusinessCustomer (polar.Field[bool]) is whether a company buys, which the billing name and
	//     the tax number are for.
	//   - Locale (polar.Field[string]) is the language as a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ProductID (polar.Field[string]) is the ID of one of the session's products.
	//   - ProductPriceID (polar.Field[string]) is the ID of the price. Deprecated: this property has
	//     been marked as deprecated upstream, but no `x-deprecated-reason` was set
	//   - RequireBillingAddress (polar.Field[bool]) is whether the full address is asked for, and not
	//     only the country.
	//   - ReturnURL (polar.Field[string]) is where a link back leads. It must be an absolute http or
	//     https URL.
	//   - Seats (polar.Field[int]) is the number of seats, of a product that is sold by seat.
	//   - SuccessURL (polar.Field[string]) is where the customer goes after the purchase. The service
	//     replaces {CHECKOUT_ID} by the ID.
	//   - TrialInterval (polar.Field[TrialInterval]) is the unit in which the trial is counted.
	//   - TrialIntervalCount (polar.Field[int]) is the length of the trial in units of TrialInterval, 1
	//     to 1,000.
	//   - Units (polar.Field[int]) is the number of units, of a product that is sold by unit.
	UpdateParams = commerce.CheckoutUpdate
	// ListParams selects and orders checkout sessions.
	//
	// Fields:
	//
	//   - CustomerID ([]string) keeps only objects of these customers, by Polar's ID.
	//   - ExternalCustomerID ([]string) keeps only objects of these customers, by the external ID.
	//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
	//   - OrganizationID ([]string) keeps only objects of these organizations. IDs that the token
	//     cannot see match nothing.
	//   - Page (int) is the number of the page, from 1, which is the default.
	//   - ProductID ([]string) keeps only objects of these products.
	//   - Query (string) keeps only sessions with this text in the customer's name or email address.
	//   - Sorting ([]SortProperty) is what to order by, the first thing first. The newest come first
	//     unless given.
	//   - Status ([]Status) keeps only objects with one of these statuses.
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
	//   - AmountType (commerce.PriceType)
	//   - CapAmount (*int) is the most that a period of use costs, in the smallest unit of the
	//     currency.
	//   - MaximumAmount (*int) is the greatest amount that the customer can choose, in the smallest
	//     unit of the currency.
	//   - MeterID (string) is the ID of the meter.
	//   - MinimumAmount (*int) is the least amount that the customer can choose, in the smallest unit
	//     of the currency.
	//   - MinimumUnits (*int) is the least number of units.
	//   - PresetAmount (*int) is the amount that the customer is shown first, in the smallest unit of
	//     the currency.
	//   - PriceAmount (*int) is the amount of a fixed price, in the smallest unit of the currency. 0 is
	//     free.
	//   - PriceCurrency (commerce.PresentmentCurrency) is the ISO 4217 code of the currency, in lower
	//     case, such as "usd".
	//   - SeatTiers (*commerce.ProductPriceSeatTiersInput) are what a seat costs, by the number of
	//     seats.
	//   - TaxBehavior (commerce.TaxBehaviorOption) says whether prices include tax.
	//   - Tiers (*commerce.TiersInput) are the steps of the price, from the lowest.
	//   - UnitAmount (string) is what a unit costs, a decimal number of the smallest unit of the
	//     currency, as text.
	//   - UnitLabel (map[string]map[string]string) is how units are called, by language.
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
