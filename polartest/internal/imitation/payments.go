package imitation

// listPaymentMethods lists a customer's ways to pay, newest first.
func listPaymentMethods(c *call) func(*customerRow) *response {
	p := c.paging()
	return func(row *customerRow) *response {
		if p.beyond {
			return internalError()
		}
		all := c.db.methods[row.ID]
		items := make([]any, 0, len(all))
		for i := len(all) - 1; i >= 0; i-- {
			items = append(items, paymentMethodObject(all[i], row.DefaultPaymentMethodID))
		}
		return pageResponse(page(items, p), len(all), p)
	}
}
