// Package orders reads orders and their invoices.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	order, err := orders.New(client).Get(ctx, id)
//
// # When is it paid
//
// The event order.paid says that the payment has arrived: deliver then, for a
// purchase and for each renewal of a subscription. BillingReason tells them apart.
// [FromEvent] decodes the event. Events can come twice; what you do for an order,
// do once for its ID.
//
// In an order, Paid is true and Status is [StatusPaid]. After a refund Paid stays
// true, and Status is [StatusRefunded] or [StatusPartiallyRefunded]. An order that
// is [StatusPending] waits for its payment, and one that is [StatusVoid] gets none.
//
// # Amounts
//
// Amounts are in the smallest unit of Currency, such as cents. SubtotalAmount less
// DiscountAmount is NetAmount; with TaxAmount it is TotalAmount. DueAmount is what
// is left to pay after AppliedBalanceAmount, the customer's credit.
//
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
package orders
