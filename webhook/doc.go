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
// your own, so a program pays only for the events that it handles. For the type with
// all fields, service packages have functions such as
// [github.com/polarexpress/polar-go/orders.FromEvent]. Return nil for the other
// events. Events of every type are delivered, including types that this package does
// not know.
//
// The handler logs nothing. Give [WithErrorHandler] to see why a request is refused
// and what the function returns.
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
//   - Events: those that you handle, by purpose as follows.
//
// For entitlements ("may this customer use it now?"), select
// customer.state_changed and customer.deleted. Each state lists all that the
// customer may use, so no other event is needed. Package statecache handles both:
//
//	events, err := webhook.Handler(secret, cache.Apply)
//
// For sales, select order.paid, and order.refunded for your books. Renewals are
// orders too.
//
// For subscriptions, select subscription.active, subscription.past_due,
// subscription.canceled, subscription.uncanceled, subscription.paused,
// subscription.resumed and subscription.revoked, and subscription.created if your
// products have trials.
//
// For single benefits, select benefit_grant.created, benefit_grant.cycled and
// benefit_grant.revoked. For seats in teams, select customer_seat.claimed and
// customer_seat.revoked.
//
// The endpoint's page shows its secret and every delivery with your response.
// Give the whole secret to [Handler], prefix included.
//
// To rotate the secret, reset it on that page, and deploy the new one with the
// old one in [WithSecrets], for requests that are still under way. The service
// signs with the new secret at once. Until your program has it, the response is
// 401 and the service retries, for about half an hour at least. Nothing is lost
// if you deploy within that time. Remove the old secret in a later deployment.
//
// An event fails for good after ten attempts. When the ten most recent events
// have failed for good, the service disables the endpoint, skips the events that
// are waiting, and emails the organization's members. Fix the cause, enable the
// endpoint on its page, and redeliver the failed events from there. The service
// keeps their contents for 90 days. Then compare your records with the API, since
// events may be missing: list the orders and subscriptions that have changed, and
// fetch the customer states again.
//
// # What the service promises
//
// An event can arrive more than once. The service makes up to ten attempts within
// an hour, until it gets a 2xx response within ten seconds, and sellers can
// redeliver an event by hand. Every delivery of an event has the same ID.
//
// Events can arrive in any order. A member.created usually comes before the
// customer.created of its customer, and an event that failed once is overtaken
// by later ones. Compare [Event.Timestamp] before you overwrite newer data, as
// package statecache does.
//
// An event shows the object as it was when the event was recorded, which can be
// some seconds after the change. A customer.created can contain later edits.
//
// # Which event means what
//
// "Paid" is order.paid, for purchases and renewals. An order.created, a
// subscription.cycled and a checkout.updated do not mean that money has arrived.
//
// "Access begins" is subscription.active or subscription.resumed;
// benefit_grant.created for a single benefit; customer_seat.claimed for a person
// in a team. "Access ends" is subscription.revoked or subscription.paused,
// benefit_grant.revoked, and customer_seat.revoked. A subscription.canceled alone
// does not end access, since the period is paid. A customer.state_changed can
// mean either: compare what it lists with what you know.
//
// The table has every event type of API version 2026-10, and
// subscription.migrated: the type, the type of its data, what it means, and what
// a seller does. [Types] returns the same table.
//
//	checkout.created        Checkout             A checkout session is created.
//	    Count started purchases.
//	checkout.updated        Checkout             A checkout session has changed, for example its status.
//	    Show progress; wait for order.paid before you deliver.
//	checkout.expired        Checkout             A checkout session has expired before payment.
//	    Remind the visitor.
//	customer.created        Customer             A customer is created, by a purchase or through the API.
//	    Link it to your user by external_id or email.
//	customer.updated        Customer             A customer's own fields have changed.
//	    Update your copy.
//	customer.deleted        Customer             A customer is deleted; deleted_at is set.
//	    Access ends: remove what the customer has, and your copy.
//	customer.state_changed  CustomerState        A customer, a subscription, a grant or a meter has changed.
//	    Replace what you know: the data lists all that the customer may use now.
//	customer_seat.assigned  CustomerSeat         A person is invited to a seat and has not accepted it yet.
//	    Show the invitation as pending.
//	customer_seat.claimed   CustomerSeat         The person has accepted the seat.
//	    Access begins: give this person what the seat includes.
//	customer_seat.revoked   CustomerSeat         A seat is revoked, by the seller or because the subscription ends.
//	    Access ends: remove this person's access.
//	member.created          Member               A member is added to a customer.
//	    Add the member to your copy of the team.
//	member.updated          Member               A member's name or role has changed.
//	    Update your copy.
//	member.deleted          Member               A member is removed from a customer, and so are the member's seats.
//	    Access ends: remove this person's access.
//	order.created           Order                An order is created; it may not be paid yet.
//	    Record it; wait for order.paid before you deliver.
//	order.updated           Order                An order's status or refunded amount has changed.
//	    Update your copy.
//	order.paid              Order                The payment of a purchase or a renewal has arrived.
//	    Paid: deliver; billing_reason tells a purchase from a renewal.
//	order.refunded          Order                An order is refunded in part or in full.
//	    Correct your books; benefits end only with benefit_grant.revoked.
//	subscription.created    Subscription         A subscription is created; its first payment may be pending.
//	    Record it; access begins already if the status is trialing.
//	subscription.updated    Subscription         A subscription has changed in any way, renewals included.
//	    Update your copy; a more specific event may follow.
//	subscription.active     Subscription         A subscription becomes active, for the first time or after a failed payment.
//	    Access begins: give what the product includes.
//	subscription.canceled   Subscription         A subscription is set to end, often only with its period.
//	    Ask why or make an offer; access continues until subscription.revoked.
//	subscription.uncanceled Subscription         A cancellation is withdrawn before it takes effect.
//	    Drop what you planned for the end; access continues.
//	subscription.cycled     Subscription         A new billing period begins, paid or not, also after a trial.
//	    Reset quotas per period; order.paid reports the payment.
//	subscription.past_due   Subscription         A payment has failed and will be retried.
//	    Ask for another payment method; access may end at once or after a grace period.
//	subscription.paused     Subscription         A subscription is paused; no orders are created until it resumes.
//	    Access ends: it returns with subscription.resumed.
//	subscription.resumed    Subscription         A paused subscription resumes with a new billing period.
//	    Access begins: restore what the pause removed.
//	subscription.revoked    Subscription         A subscription is over: canceled, or unpaid after the last retry.
//	    Access ends: remove what the product includes.
//	subscription.migrated   Subscription         Polar now bills a subscription that began at another provider.
//	    Match it with your records by provider_subscription_id in Event.Extra.
//	refund.created          Refund               A refund is created; its status may be pending.
//	    Record it.
//	refund.updated          Refund               A refund's status has changed.
//	    Update your copy.
//	benefit.created         Benefit              A benefit is created.
//	    Add it to your copy of the catalog.
//	benefit.updated         Benefit              A benefit has changed.
//	    Update your copy.
//	benefit_grant.created   BenefitGrantWebhook  A benefit is granted to a customer.
//	    Access begins: give this benefit.
//	benefit_grant.updated   BenefitGrantWebhook  A grant's details have changed.
//	    Update your copy.
//	benefit_grant.cycled    BenefitGrantWebhook  A grant continues because its subscription is renewed.
//	    Renew what the benefit gives for each period.
//	benefit_grant.revoked   BenefitGrantWebhook  A customer's grant of a benefit is revoked.
//	    Access ends: remove this benefit.
//	product.created         Product              A product is created.
//	    Add it to your copy of the catalog.
//	product.updated         Product              A product has changed, its prices and benefits included.
//	    Update your copy.
//	discount.created        Discount             A discount is created.
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
// Secrets begin with "whsec_", older ones with "polar_whs_". The service signs
// with the bytes of the whole secret. The Standard Webhooks specification signs
// with the part after "whsec_", decoded from base64. Both signatures are accepted.
package webhook
