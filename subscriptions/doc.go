// Package subscriptions reads and changes subscriptions.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	subscription, err := subscriptions.New(client).CancelAtPeriodEnd(ctx, id, subscriptions.CancelParams{})
//	if errors.Is(err, subscriptions.ErrAlreadyCanceled) {
//		// ...
//	}
//
// A paid subscription begins with a checkout, see
// [github.com/polarexpress/polar-go/checkouts]; [Client.Create] is for free
// products.
//
// # Access
//
// A customer has access while the status is [StatusActive] or [StatusTrialing], and
// loses it when the subscription is revoked, which is later than when it is
// canceled: CancelAtPeriodEnd leaves it active to the end of the period. A
// subscription with a failed payment is [StatusPastDue], and the organization
// decides whether the customer keeps the benefits meanwhile. The events
// subscription.active and subscription.revoked mean "access begins" and "access
// ends"; [FromEvent] decodes them. To ask what a customer may use, get the
// customer's state from [github.com/polarexpress/polar-go/customers].
//
// # Changes
//
// The service accepts one kind of change in a request, so each has a method. All
// of them return the updated subscription. They are retried after a lost response, because the service does not make such a change twice. If it
// refuses the retry because the change has been made, the method gets the
// subscription and returns it: the call has succeeded. Several changes of one
// subscription at the same time can fail with [polar.ErrServer].
//
// Amounts are in the smallest unit of their currency, such as cents.
//
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
package subscriptions
