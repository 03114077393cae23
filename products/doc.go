// Package products reads the products that an organization sells.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	for product, err := range products.New(client).All(ctx, products.ListParams{IsArchived: polar.Ptr(false)}) {
//		// ...
//	}
//
// # Prices
//
// A price of any kind is a [Price]. AmountType says which fields have values:
//
//	AmountFixed     PriceAmount; 0 is free
//	AmountCustom    MinimumAmount, MaximumAmount, PresetAmount: the customer chooses
//	AmountSeatBased SeatTiers
//	AmountUnitBased Tiers, MinimumUnits, MaximumUnits
//	AmountMetered   UnitAmount, CapAmount, Meter: the customer pays for use
//
// Amounts are in the smallest unit of PriceCurrency, such as cents. UnitAmount is a
// decimal number of them, as text, because it can be a fraction. A product has one
// price in each currency, and metered prices in addition; [PriceIn] finds it.
//
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
package products
