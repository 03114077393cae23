package products

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Product is what an organization sells.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, 3 to 64 characters.
	//   - AttachedCustomFields ([]CustomField) are the questions that the customer is asked.
	//   - Benefits ([]Benefit) are what the customer gets.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the description, in Markdown.
	//   - IsArchived (bool) is whether it can still be read but not be bought any more.
	//   - IsRecurring (bool) is whether it is a subscription.
	//   - Medias ([]Media) are the images.
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
	//   - Visibility (Visibility) says who sees it. It is an open set.
	Product = commerce.Product
	// Price is a price of a product. AmountType says which of its fields have values.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AmountType (AmountType) is the kind of the price. It is an open set.
	//   - CapAmount (*int) is the most that a period of use costs, in the smallest unit of the
	//     currency.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsArchived (bool) is whether it can still be read but not be bought any more.
	//   - Legacy (bool) is whether it is a price of an old form.
	//   - MaximumAmount (*int) is the greatest amount that the customer can choose, in the smallest
	//     unit of the currency.
	//   - MaximumUnits (*int) is the greatest number of units.
	//   - Meter (*Meter) is what the price counts.
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
	//   - SeatTiers (*SeatTiers) are what a seat costs, by the number of seats.
	//   - Source (commerce.ProductPriceSource) is whether it is a price of the catalog or of one
	//     session alone.
	//   - TaxBehavior (*commerce.TaxBehaviorOption) says whether prices include tax.
	//   - Tiers (*Tiers) are the steps of the price, from the lowest.
	//   - Type (*string)
	//   - UnitAmount (*string) is what a unit costs, a decimal number of the smallest unit of the
	//     currency, as text.
	//   - UnitLabel (map[string]map[string]string) is how units are called, by language.
	Price = commerce.ProductPrice
	// SeatTiers is what a seat costs, by the number of seats.
	//
	// Fields:
	//
	//   - MaximumSeats (*int) is the greatest number of seats.
	//   - MinimumSeats (*int) is the least number of seats.
	//   - SeatTierType (*commerce.SeatTierType) says whether all seats cost what the last step says, or
	//     each step has its own price.
	//   - Tiers ([]SeatTier) are the steps of the price, from the lowest.
	SeatTiers = commerce.ProductPriceSeatTiersOutput
	// SeatTier is what a seat costs in a range of numbers of seats.
	//
	// Fields:
	//
	//   - MaxSeats (*int) is the number of seats up to which the step applies, or nil for the last
	//     step.
	//   - MinSeats (int) is the number of seats from which the step applies.
	//   - PricePerSeat (int) is what a seat costs in this step, in the smallest unit of the currency.
	SeatTier = commerce.ProductPriceSeatTier
	// Tiers is what a unit costs, by the number of units.
	//
	// Fields:
	//
	//   - Tiers ([]Tier) are the steps of the price, from the lowest.
	//   - Type (commerce.TierType) says whether all units cost what the last step says, or each step
	//     has its own price.
	Tiers = commerce.TiersOutput
	// Tier is what a unit costs up to a number of units.
	//
	// Fields:
	//
	//   - Bound (*int) is the number of units up to which the step applies, or nil for the last step.
	//   - UnitAmount (string) is what a unit costs, a decimal number of the smallest unit of the
	//     currency, as text.
	Tier = commerce.TierOutput
	// Meter is what a metered price counts.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CustomLabel (*string) is how custom units are called.
	//   - CustomMultiplier (*int) is how many units are one of those that customers see.
	//   - Name (string) is the name of the meter.
	//   - Unit (commerce.MeterUnit) is what the meter counts.
	Meter = commerce.ProductPriceMeter
	// Benefit is what a customer gets with a product.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Deletable (bool) is whether it can be deleted.
	//   - Description (string) is what the customer gets, 3 to 42 characters.
	//   - IsDeleted (bool) is whether it is deleted.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Properties (commerce.BenefitProperties)
	//   - Selectable (bool) is whether it can be added to a product.
	//   - Type (commerce.BenefitType) is the kind of a benefit. Values that are not listed here can
	//     appear.
	//   - Visibility (commerce.BenefitVisibility) says who sees it. It is an open set.
	//   - VisibilityConfigurable (*bool) is whether the seller can change who sees it.
	Benefit = commerce.Benefit
	// Media is an image of a product.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name of the file.
	//   - ChecksumEtag (*string) is a checksum of the store.
	//   - ChecksumSha256Base64 (*string) is the SHA-256 checksum in base64.
	//   - ChecksumSha256Hex (*string) is the SHA-256 checksum in hexadecimal.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsUploaded (bool) is whether it is complete.
	//   - LastModifiedAt (*time.Time) is when the file last changed.
	//   - MimeType (string) is the media type, such as "image/png".
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Path (string) is where the service stores it.
	//   - PublicURL (*string) is where everyone can read it.
	//   - Service (string) is what the file is for.
	//   - Size (int) is its size in bytes.
	//   - SizeReadable (*string) is its size for people.
	//   - StorageVersion (*string) is its version in the store.
	//   - Version (*string) is its version.
	Media = commerce.ProductMediaFileRead
	// CustomField is a question that the checkout asks.
	//
	// Fields:
	//
	//   - CustomField (commerce.CustomField) is the question.
	//   - CustomFieldID (string) is the ID of the question.
	//   - Order (int) is the place among the questions.
	//   - Required (bool) is whether the customer must answer.
	CustomField = commerce.AttachedCustomField
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// ListParams selects and orders products.
//
// Fields:
//
//   - BenefitID ([]string) keeps only products with one of these benefits.
//   - ID ([]string) keeps only the products with these IDs.
//   - IsArchived (*bool) keeps only products that are (true) or are not (false) archived.
//   - IsRecurring (*bool) keeps only subscriptions (true) or products that are bought once (false).
//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
//   - Metadata (map[string][]string) keeps only objects whose metadata has, for every key, one of
//     its values, compared as text.
//   - OrganizationID ([]string) keeps only objects of these organizations. IDs that the token
//     cannot see match nothing.
//   - Page (int) is the number of the page, from 1, which is the default.
//   - Query (string) keeps only products with this text in their name, without regard to case.
//   - Sorting ([]SortProperty) is what to order by, the first thing first. The newest come first
//     unless given.
//   - Visibility ([]Visibility) keeps only products with one of these visibilities.
type ListParams = commerce.ProductsListParams

// Open sets of values: a value that is not listed here decodes like any other.
type (
	// AmountType is the kind of a price.
	AmountType = commerce.PriceType
	// Visibility says who sees a product.
	Visibility = commerce.ProductVisibility
	// RecurringInterval is the unit in which a period is counted.
	RecurringInterval = commerce.RecurringInterval
	// SortProperty is a property by which a list is ordered.
	SortProperty = commerce.ProductSortProperty
)

// Kinds of prices.
const (
	AmountFixed     = commerce.PriceTypeFixed
	AmountCustom    = commerce.PriceTypeCustom
	AmountSeatBased = commerce.PriceTypeSeatBased
	AmountUnitBased = commerce.PriceTypeUnitBased
	AmountMetered   = commerce.PriceTypeMeteredUnit
)

// Visibilities of products.
const (
	VisibilityPublic  = commerce.ProductVisibilityPublic
	VisibilityPrivate = commerce.ProductVisibilityPrivate
	VisibilityDraft   = commerce.ProductVisibilityDraft
)

// Lengths of a period, together with RecurringIntervalCount.
const (
	IntervalDay   = commerce.RecurringIntervalDay
	IntervalWeek  = commerce.RecurringIntervalWeek
	IntervalMonth = commerce.RecurringIntervalMonth
	IntervalYear  = commerce.RecurringIntervalYear
)

// Orders of products.
const (
	SortCreatedAt       = commerce.ProductSortPropertyCreatedAt
	SortCreatedAtDesc   = commerce.ProductSortPropertyMinusCreatedAt
	SortName            = commerce.ProductSortPropertyName
	SortNameDesc        = commerce.ProductSortPropertyMinusName
	SortPriceAmount     = commerce.ProductSortPropertyPriceAmount
	SortPriceAmountDesc = commerce.ProductSortPropertyMinusPriceAmount
)
