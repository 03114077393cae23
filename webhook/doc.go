// Package webhook receives the events that Polar sends, and proves that they
// come from Polar.
//
// [Handler] is all that most programs need:
//
//	events, err := webhook.Handler(secret, func(ctx context.Context, event webhook.Event) error {
//		switch event.Type {
//		case webhook.OrderPaid:
//			order, err := webhook.Data[Order](event)
//			if err != nil {
//				return err
//			}
//			return deliver(ctx, order)
//		case webhook.SubscriptionRevoked:
//			subscription, err := webhook.Data[Subscription](event)
//			if err != nil {
//				return err
//			}
//			return removeAccess(ctx, subscription)
//		}
//		return nil
//	})
//	if err != nil {
//		return err
//	}
//	http.Handle("POST /webhooks/polar", events)
//
// [Data] decodes what an event carries into a generated type or into a struct of
// your own, so a program pays only for the events that it handles. Return nil for
// the others: events of any type are delivered, also of types that this package
// does not know.
//
// Where requests do not come through net/http, give [Parse] the headers and the
// body exactly as it arrived.
//
// # Setting up the endpoint
//
// In Polar's dashboard, open the organization's settings, then Webhooks, and add
// an endpoint. Polar's sandbox has a dashboard, endpoints and secrets of its own.
//
//   - URL: where your program serves the handler. It must be https and public.
//   - Format: Raw. The other formats are messages for Discord and Slack.
//   - Events: those you handle. Which ones depends on the purpose:
//
// Entitlements, the question "may this customer use it now?":
// customer.state_changed and customer.deleted. Each state lists all that the
// customer may use, so no other event is needed. Package statecache takes both:
//
//	events, err := webhook.Handler(secret, cache.Apply)
//
// Selling, once or by subscription: order.paid, and order.refunded for your
// books. A renewal is an order too.
//
// Subscriptions, one event per step: subscription.active,
// subscription.past_due, subscription.canceled, subscription.uncanceled,
// subscription.paused, subscription.resumed and subscription.revoked. Take
// subscription.created too if your products have trials.
//
// Benefits by themselves: benefit_grant.created, benefit_grant.cycled and
// benefit_grant.revoked. Seats of teams: customer_seat.claimed and
// customer_seat.revoked.
//
// The endpoint's page shows its secret and every delivery with your response.
// Give the whole secret to [Handler], prefix included.
//
// To rotate the secret, reset it on that page and deploy the new one, with the
// old one in [WithSecrets] for requests under way. The service signs with the
// new secret at once. Until your program knows it the response is 401, and the
// service retries for about half an hour, so nothing is lost if you deploy
// within that time. Remove the old secret in a later deployment.
//
// An event fails for good after ten attempts. When ten events in a row have
// failed for good, the service disables the endpoint, skips the events that wait
// and emails the organization's members. Fix the cause, enable the endpoint on
// its page, and deliver the failed events again from there. The service keeps
// their contents for 90 days. Skipped events may be missing from your records,
// so compare with the API: with package statecache, drop the cached states; for
// orders and subscriptions, list them.
//
// # What the service promises
//
// An event can arrive more than once. The service retries it up to ten times in
// most of an hour until it gets a 2xx response within ten seconds, and it can be
// redelivered by hand. Every delivery has the same ID.
//
// Events can arrive in any order. A member.created usually comes before the
// customer.created of its customer, and an event that failed once is overtaken
// by later ones. Compare [Event.Timestamp] before you overwrite newer data, as
// package statecache does.
//
// An event shows the object at the time it was recorded, which can be some
// seconds after the change: a customer.created can contain later edits.
//
// # Which event means what
//
// "Paid" is order.paid, for purchases and renewals alike. A checkout.updated
// whose status is succeeded, an order.created and a subscription.cycled are not
// yet payments.
//
// "Access begins" is subscription.active and subscription.resumed, or
// benefit_grant.created for a single benefit, or customer_seat.claimed for a
// person of a team. "Access ends" is subscription.revoked and
// subscription.paused, benefit_grant.revoked, and customer_seat.revoked. A
// subscription.canceled does not end access: the customer has paid for the
// period. A customer.state_changed means either: compare what it lists.
//
// The types of API version 2026-10 and subscription.migrated, each with the type
// of its data, its meaning and its use. [Types] returns this table.
//
//	checkout.created        Checkout             A checkout session exists.
//	    Count started purchases.
//	checkout.updated        Checkout             A checkout session has changed, for example its status.
//	    Show progress; wait for order.paid before you deliver.
//	checkout.expired        Checkout             A checkout session has expired before payment.
//	    Remind the visitor.
//	customer.created        Customer             A customer exists, made by a purchase or by the API.
//	    Link it to your user by external_id.
//	customer.updated        Customer             A customer's own fields have changed.
//	    Update your copy.
//	customer.deleted        Customer             A customer is deleted; deleted_at is set.
//	    Access ends: remove what the customer has, and your copy.
//	customer.state_changed  CustomerState        A customer, a subscription, a grant or a meter has changed.
//	    Replace what you know: the data lists all that the customer may use now.
//	customer_seat.assigned  CustomerSeat         A seat is offered to a person, who has yet to accept it.
//	    Show the invitation as pending.
//	customer_seat.claimed   CustomerSeat         The person has accepted the seat.
//	    Access begins: let this person in.
//	customer_seat.revoked   CustomerSeat         A seat is taken back, by hand or at the subscription's end.
//	    Access ends: shut this person out.
//	member.created          Member               A person has joined a customer.
//	    Add the person to your copy of the team.
//	member.updated          Member               A member's name or role has changed.
//	    Update your copy.
//	member.deleted          Member               A person has left a customer; the person's seats are revoked too.
//	    Access ends: shut this person out.
//	order.created           Order                An order exists; it may not be paid yet.
//	    Record it; wait for order.paid before you deliver.
//	order.updated           Order                An order's status or refunded amount has changed.
//	    Update your copy.
//	order.paid              Order                The payment of a purchase or a renewal has arrived.
//	    Paid: deliver; billing_reason tells a purchase from a renewal.
//	order.refunded          Order                An order is refunded in part or in full.
//	    Correct your books; access ends by the events that say so.
//	subscription.created    Subscription         A subscription exists; its first payment may be pending.
//	    Record it; a status of trialing gives access already.
//	subscription.updated    Subscription         A subscription has changed in any way, renewals included.
//	    Update your copy; the specific events follow.
//	subscription.active     Subscription         A subscription becomes active, for the first time or after a failed payment.
//	    Access begins: give what the product includes.
//	subscription.canceled   Subscription         A subscription is set to end, often only with its period.
//	    Offer to stay; access goes on until subscription.revoked.
//	subscription.uncanceled Subscription         A cancellation is taken back before it took effect.
//	    Withdraw what you announced; access goes on.
//	subscription.cycled     Subscription         A new billing period begins, paid or not; a trial's end counts too.
//	    Reset quotas per period; wait for order.paid for the payment.
//	subscription.past_due   Subscription         A payment has failed and will be tried again.
//	    Ask for another payment method; access may end at once or after a grace period.
//	subscription.paused     Subscription         A subscription is paused; no orders are made meanwhile.
//	    Access ends: until subscription.resumed.
//	subscription.resumed    Subscription         A paused subscription goes on with a new period.
//	    Access begins: again, as before the pause.
//	subscription.revoked    Subscription         A subscription is over: canceled, or unpaid after the last attempt.
//	    Access ends: take back what the product includes.
//	subscription.migrated   Subscription         Polar now bills a subscription that began at another provider.
//	    Match it with your records by provider_subscription_id in Event.Extra.
//	refund.created          Refund               A refund exists, whatever its status.
//	    Record it.
//	refund.updated          Refund               A refund's status has changed.
//	    Update your copy.
//	benefit.created         Benefit              A benefit exists.
//	    Add it to your copy of the catalog.
//	benefit.updated         Benefit              A benefit has changed.
//	    Update your copy.
//	benefit_grant.created   BenefitGrantWebhook  A customer gets a benefit.
//	    Access begins: to this benefit.
//	benefit_grant.updated   BenefitGrantWebhook  A grant's details have changed.
//	    Update your copy.
//	benefit_grant.cycled    BenefitGrantWebhook  A grant goes on because its subscription is renewed.
//	    Renew what the benefit gives for each period.
//	benefit_grant.revoked   BenefitGrantWebhook  A customer loses a benefit.
//	    Access ends: to this benefit.
//	product.created         Product              A product exists.
//	    Add it to your copy of the catalog.
//	product.updated         Product              A product has changed, its prices and benefits included.
//	    Update your copy.
//	discount.created        Discount             A discount exists.
//	    Add it to your copy of the catalog.
//	discount.updated        Discount             A discount has changed.
//	    Update your copy.
//	discount.deleted        Discount             A discount is deleted.
//	    Remove your copy.
//	organization.updated    Organization         The seller's organization has changed.
//	    Update your copy.
//
// # Secrets
//
// The service signs with the bytes of the whole secret, whether it begins with
// "whsec_" or with "polar_whs_", as older ones do. The Standard Webhooks
// specification signs with the part after "whsec_", decoded as base64. Both
// signatures are accepted.
package webhook
