package products

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service returns.
type (
	// Product is what an organization sells.
	Product = commerce.Product
	// Price is a price of a product. AmountType says which of its fields have values.
	Price = commerce.ProductPrice
	// SeatTiers is what a seat costs, by the number of seats.
	SeatTiers = commerce.ProductPriceSeatTiersOutput
	// SeatTier is what a seat costs in a range of numbers of seats.
	SeatTier = commerce.ProductPriceSeatTier
	// Tiers is what a unit costs, by the number of units.
	Tiers = commerce.TiersOutput
	// Tier is what a unit costs up to a number of units.
	Tier = commerce.TierOutput
	// Meter is what a metered price counts.
	Meter = commerce.ProductPriceMeter
	// Benefit is what a customer gets with a product.
	Benefit = commerce.Benefit
	// Media is an image of a product.
	Media = commerce.ProductMediaFile
	// CustomField is a question that the checkout asks.
	CustomField = commerce.AttachedCustomField
	// Metadata is your own data on an object: up to 50 pairs of a key and a string, a
	// number or a bool.
	Metadata = commerce.Metadata
)

// ListParams selects and orders products.
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
