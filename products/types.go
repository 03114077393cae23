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
	//   - AmountType (AmountType) is the kind of price. It is an open set.
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
	//   - Type (*string) is recurring for a price of an old product. Other prices have none.
	//   - UnitAmount (*string) is the price of a unit, as a decimal.
	//   - UnitLabel (map[string]map[string]string) is what a unit is called, by language and number.
	Price = commerce.ProductPrice
	// SeatTiers is what a seat costs, by the number of seats.
	//
	// Fields:
	//
	//   - MaximumSeats (*int) is the most seats that can be bought, or nil for no limit.
	//   - MinimumSeats (*int) is the fewest seats that can be bought.
	//   - SeatTierType (*commerce.SeatTierType) says how the tiers apply: volume prices all seats by
	//     the tier of their number, graduated prices the seats of each tier by themselves.
	//   - Tiers ([]SeatTier) are the tiers.
	SeatTiers = commerce.ProductPriceSeatTiersOutput
	// SeatTier is what a seat costs in a range of numbers of seats.
	//
	// Fields:
	//
	//   - MaxSeats (*int) is where the range ends, or nil for no end.
	//   - MinSeats (int) is where the range begins.
	//   - PricePerSeat (int) is the price of a seat, in the smallest unit of the price's currency.
	SeatTier = commerce.ProductPriceSeatTier
	// Tiers is what a unit costs, by the number of units.
	//
	// Fields:
	//
	//   - Tiers ([]Tier) are the tiers.
	//   - Type (commerce.TierType) says how the tiers apply: volume prices all units by the tier of
	//     their number, graduated prices the units of each tier by themselves.
	Tiers = commerce.TiersOutput
	// Tier is what a unit costs up to a number of units.
	//
	// Fields:
	//
	//   - Bound (*int) is the number of units up to which the tier goes, or nil for no end.
	//   - UnitAmount (string) is the price of a unit, as a decimal in the smallest unit of the price's
	//     currency.
	Tier = commerce.TierOutput
	// Meter is what a metered price counts.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CustomLabel (*string) is the name of your own unit.
	//   - CustomMultiplier (*int) is the factor of your own unit for display.
	//   - Name (string) is the name of the meter.
	//   - Unit (commerce.MeterUnit) is what is counted.
	Meter = commerce.ProductPriceMeter
	// Benefit is what a customer gets with a product.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - Deletable (bool) says whether the benefit can be deleted.
	//   - Description (string) is the text that customers see.
	//   - IsDeleted (bool) says whether the benefit is deleted.
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Properties (commerce.BenefitProperties) depends on the type of benefit.
	//   - Selectable (bool) says whether the benefit can be chosen for a product.
	//   - Type (commerce.BenefitType) is the type of benefit. It is an open set.
	//   - Visibility (commerce.BenefitVisibility) says who sees the benefit in the portal.
	//   - VisibilityConfigurable (*bool) says whether Visibility can be changed.
	Benefit = commerce.Benefit
	// Media is an image of a product.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name of the file.
	//   - ChecksumEtag (*string) is the ETag that the storage gave the file.
	//   - ChecksumSha256Base64 (*string) is the SHA-256 checksum of the content, in base64.
	//   - ChecksumSha256Hex (*string) is the SHA-256 checksum of the content, in hexadecimal.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - IsUploaded (bool) says whether the content has been uploaded.
	//   - LastModifiedAt (*time.Time) is when the content last changed.
	//   - MimeType (string) is the media type, such as "image/png".
	//   - OrganizationID (string) is the ID of the organization.
	//   - Path (string) is where the storage has the file.
	//   - PublicURL (*string) is where customers can see the picture.
	//   - Service (string) is what the file is for.
	//   - Size (int) is the size in bytes.
	//   - SizeReadable (*string) is the size with a unit, for people.
	//   - StorageVersion (*string) is the version that the storage gave the file.
	//   - Version (*string) is the seller's version of the file.
	Media = commerce.ProductMediaFile
	// CustomField is a question that the checkout asks.
	//
	// Fields:
	//
	//   - CustomField (commerce.CustomField) is the field.
	//   - CustomFieldID (string) is the ID of the field.
	//   - Order (int) is the place of the field among the others.
	//   - Required (bool) says whether the customer must fill in the field.
	CustomField = commerce.AttachedCustomField
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	//
	// In a response a number is an int64 if it is written as an integer, otherwise a
	// float64, and a json.Number if neither holds it exactly. A request can have any
	// Go type for a number.
	Metadata = commerce.Metadata
)

// ListParams selects and orders products.
//
// Fields:
//
//   - BenefitID ([]string) selects products that grant one of these benefits.
//   - ID ([]string) selects the products with these IDs.
//   - IsArchived (*bool) selects products that are archived (true) or not (false).
//   - IsRecurring (*bool) selects products that are sold by subscription (true) or once (false).
//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
//   - Metadata (map[string][]string) selects objects whose metadata has one of the values for every
//     key. Values are compared as text.
//   - OrganizationID ([]string) selects objects of these organizations.
//   - Page (int) is the number of the page, from 1. The default is 1.
//   - Query (string) selects products with this text in their name, ignoring case.
//   - Sorting ([]SortProperty) lists properties to order by, the most important first. The default
//     is newest first.
//   - Visibility ([]Visibility) selects products with one of these visibilities.
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
