package products

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Product is what an organization sells.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name.
	//   - AttachedCustomFields ([]CustomField) are the fields that a checkout of the product asks for.
	//   - Benefits ([]Benefit) are what customers of the product get.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Description (*string) is the text that customers see.
	//   - IsArchived (bool) says whether the product can no longer be bought. Subscriptions of it go
	//     on.
	//   - IsRecurring (bool) says whether it is sold by subscription.
	//   - Medias ([]Media) are the pictures that customers see.
	//   - Metadata (Metadata) is your own data.
	//   - MeterInterval (*RecurringInterval) is the unit of the period after which meters are settled,
	//     if that is not the billing period.
	//   - MeterIntervalCount (*int) is how many units that period lasts.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Prices ([]Price) are the prices that are not archived.
	//   - RecurringInterval (*RecurringInterval) is the unit of the billing period, or nil for a
	//     product that is paid once.
	//   - RecurringIntervalCount (*int) is how many units the billing period lasts.
	//   - TrialInterval (*commerce.TrialInterval) is the unit of the trial, if there is one.
	//   - TrialIntervalCount (*int) is how many units the trial lasts.
	//   - Visibility (Visibility) says who sees the product.
	Product = commerce.Product
	// Price is a price of a product. AmountType says which of its fields have values.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - AmountType (AmountType)
	//   - CapAmount (*int) is the most that is charged for a period, or nil for no limit.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsArchived (bool) says whether the price is no longer available.
	//   - Legacy (bool) marks a price of an old product, which has a RecurringInterval of its own.
	//   - MaximumAmount (*int) is the most that the customer can choose to pay, or nil for no limit.
	//   - MaximumUnits (*int) is the most units that can be bought, or nil for no limit.
	//   - Meter (*Meter) is the meter that counts the units.
	//   - MeterID (*string) is the ID of the meter.
	//   - MinimumAmount (*int) is the least that the customer can choose to pay.
	//   - MinimumUnits (*int) is the fewest units that can be bought.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - PresetAmount (*int) is what the customer is shown first.
	//   - PriceAmount (*int) is the price.
	//   - PriceCurrency (string) is the ISO 4217 code in lower case, such as "usd".
	//   - ProductID (string) names the product by its ID.
	//   - RecurringInterval (*RecurringInterval) is the length of a subscription's period. Values that
	//     are not listed here can appear.
	//   - SeatTiers (*SeatTiers) are the prices of a seat, by the number of seats.
	//   - Source (commerce.ProductPriceSource) is catalog for a price of the product, and ad_hoc for
	//     one of a checkout.
	//   - TaxBehavior (*commerce.TaxBehaviorOption) says whether the price includes taxes. Nil stands
	//     for the organization's default.
	//   - Tiers (*Tiers) are the prices of a unit, by the number of units.
	//   - Type (*string)
	//   - UnitAmount (*string) is the price of a unit, as a decimal.
	//   - UnitLabel (map[string]map[string]string) is what a unit is called, by language and number.
	Price = commerce.ProductPrice
	// SeatTiers is what a seat costs, by the number of seats.
	//
	// Fields:
	//
	//   - MaximumSeats (*int)
	//   - MinimumSeats (*int)
	//   - SeatTierType (*commerce.SeatTierType)
	//   - Tiers ([]SeatTier)
	SeatTiers = commerce.ProductPriceSeatTiersOutput
	// SeatTier is what a seat costs in a range of numbers of seats.
	//
	// Fields:
	//
	//   - MaxSeats (*int)
	//   - MinSeats (int)
	//   - PricePerSeat (int)
	SeatTier = commerce.ProductPriceSeatTier
	// Tiers is what a unit costs, by the number of units.
	//
	// Fields:
	//
	//   - Tiers ([]Tier)
	//   - Type (commerce.TierType)
	Tiers = commerce.TiersOutput
	// Tier is what a unit costs up to a number of units.
	//
	// Fields:
	//
	//   - Bound (*int)
	//   - UnitAmount (string)
	Tier = commerce.TierOutput
	// Meter is what a metered price counts.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CustomLabel (*string)
	//   - CustomMultiplier (*int)
	//   - Name (string)
	//   - Unit (commerce.MeterUnit)
	Meter = commerce.ProductPriceMeter
	// Benefit is what a customer gets with a product.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Deletable (bool)
	//   - Description (string)
	//   - IsDeleted (bool)
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Properties (commerce.BenefitProperties)
	//   - Selectable (bool)
	//   - Type (commerce.BenefitType) is the type of a benefit. Values that are not listed here can
	//     appear.
	//   - Visibility (commerce.BenefitVisibility)
	//   - VisibilityConfigurable (*bool)
	Benefit = commerce.Benefit
	// Media is an image of a product.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string)
	//   - ChecksumEtag (*string)
	//   - ChecksumSha256Base64 (*string)
	//   - ChecksumSha256Hex (*string)
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsUploaded (bool)
	//   - LastModifiedAt (*time.Time)
	//   - MimeType (string)
	//   - OrganizationID (string) is the ID of the organization.
	//   - Path (string)
	//   - PublicURL (*string)
	//   - Service (string)
	//   - Size (int)
	//   - SizeReadable (*string)
	//   - StorageVersion (*string)
	//   - Version (*string)
	Media = commerce.ProductMediaFile
	// CustomField is a question that the checkout asks.
	//
	// Fields:
	//
	//   - CustomField (commerce.CustomField)
	//   - CustomFieldID (string)
	//   - Order (int)
	//   - Required (bool)
	CustomField = commerce.AttachedCustomField
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// ListParams selects and orders products.
//
// Fields:
//
//   - BenefitID ([]string)
//   - ID ([]string)
//   - IsArchived (*bool)
//   - IsRecurring (*bool)
//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
//   - Metadata (map[string][]string) selects objects whose metadata has one of the values for every
//     key. Values are compared as text.
//   - OrganizationID ([]string) selects objects of these organizations.
//   - Page (int) is the number of the page, from 1. The default is 1.
//   - Query (string)
//   - Sorting ([]SortProperty) lists properties to order by, the most important first. The default
//     is newest first.
//   - Visibility ([]Visibility)
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
