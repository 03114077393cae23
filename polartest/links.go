package polartest

import "github.com/polarexpress/polar-go/internal/python"

// showLink fills in what a checkout link sells.
func (db *store) showLink(r *row, o *python.Object) {
	products := []any{}
	for _, id := range textsOf(listOf(r.data, "products")) {
		if p := db.shop.rows[id]; p != nil {
			shown := pick(p.data, productFields)
			shown.Set("prices", db.prices(listOf(p.data, "prices")))
			benefits := []any{}
			for _, b := range textsOf(listOf(p.data, "benefits")) {
				if b := db.shop.get(kindBenefit, b); b != nil && b.text("visibility") == "public" {
					benefits = append(benefits, pick(b.data, benefitFields))
				}
			}
			shown.Set("benefits", benefits)
			shown.Set("medias", p.data.Value("medias"))
			products = append(products, shown)
		}
	}
	o.Set("products", products)
	db.showDiscount(o, "created_at modified_at metadata starts_at ends_at max_redemptions redemptions_count organization_id")
}
