package webhook

import "slices"

// Type names what happened. [Types] says what each one means.
//
// An endpoint can receive types that have no constant here. They are delivered
// like the others.
type Type string

// Checkout sessions. Their data is a Checkout.
const (
	CheckoutCreated Type = "checkout.created"
	CheckoutUpdated Type = "checkout.updated"
	CheckoutExpired Type = "checkout.expired"
)

// Customers. CustomerStateChanged carries a CustomerState, the others a Customer.
const (
	CustomerCreated      Type = "customer.created"
	CustomerUpdated      Type = "customer.updated"
	CustomerDeleted      Type = "customer.deleted"
	CustomerStateChanged Type = "customer.state_changed"
)

// Seats of a team's purchase. Their data is a CustomerSeat.
const (
	CustomerSeatAssigned Type = "customer_seat.assigned"
	CustomerSeatClaimed  Type = "customer_seat.claimed"
	CustomerSeatRevoked  Type = "customer_seat.revoked"
)

// Members, the people who belong to a customer. Their data is a Member.
const (
	MemberCreated Type = "member.created"
	MemberUpdated Type = "member.updated"
	MemberDeleted Type = "member.deleted"
)

// Orders. OrderPaid means "paid". Their data is an Order.
const (
	OrderCreated  Type = "order.created"
	OrderUpdated  Type = "order.updated"
	OrderPaid     Type = "order.paid"
	OrderRefunded Type = "order.refunded"
)

// Subscriptions. SubscriptionActive means "access begins", SubscriptionRevoked
// means "access ends". Their data is a Subscription. SubscriptionMigrated has
// the members "provider" and "provider_subscription_id" in [Event.Extra].
const (
	SubscriptionCreated    Type = "subscription.created"
	SubscriptionUpdated    Type = "subscription.updated"
	SubscriptionActive     Type = "subscription.active"
	SubscriptionCanceled   Type = "subscription.canceled"
	SubscriptionUncanceled Type = "subscription.uncanceled"
	SubscriptionCycled     Type = "subscription.cycled"
	SubscriptionPastDue    Type = "subscription.past_due"
	SubscriptionPaused     Type = "subscription.paused"
	SubscriptionResumed    Type = "subscription.resumed"
	SubscriptionRevoked    Type = "subscription.revoked"
	SubscriptionMigrated   Type = "subscription.migrated"
)

// Refunds. Their data is a Refund.
const (
	RefundCreated Type = "refund.created"
	RefundUpdated Type = "refund.updated"
)

// Benefits and their grants to customers. The data is a Benefit or a
// BenefitGrantWebhook.
const (
	BenefitCreated      Type = "benefit.created"
	BenefitUpdated      Type = "benefit.updated"
	BenefitGrantCreated Type = "benefit_grant.created"
	BenefitGrantUpdated Type = "benefit_grant.updated"
	BenefitGrantCycled  Type = "benefit_grant.cycled"
	BenefitGrantRevoked Type = "benefit_grant.revoked"
)

// The catalog and the organization. The data is a Product, a Discount or an
// Organization.
const (
	ProductCreated      Type = "product.created"
	ProductUpdated      Type = "product.updated"
	DiscountCreated     Type = "discount.created"
	DiscountUpdated     Type = "discount.updated"
	DiscountDeleted     Type = "discount.deleted"
	OrganizationUpdated Type = "organization.updated"
)

// TypeInfo describes an event type.
type TypeInfo struct {
	// Type is the event type.
	Type Type
	// Data names the type of [Event.Data], as Polar's API contract and the
	// generated Go types name it: "Order", "Subscription". The state that
	// package customers calls State is a "CustomerState".
	Data string
	// Meaning says in one sentence what happened.
	Meaning string
	// Use suggests what a seller does. It begins with "Paid:", "Access begins:" or
	// "Access ends:" for the events that mean that.
	Use string
}

// Types returns the event types that have a constant in this package: those of
// API version 2026-10 and subscription.migrated. The package documentation
// holds the same table.
func Types() []TypeInfo { return slices.Clone(types[:]) }

var types = [...]TypeInfo{
	{CheckoutCreated, "Checkout", "A checkout session is created.", "Count started purchases."},
	{CheckoutUpdated, "Checkout", "A checkout session has changed, for example its status.", "Show progress; wait for order.paid before you deliver."},
	{CheckoutExpired, "Checkout", "A checkout session has expired before payment.", "Remind the visitor."},

	{CustomerCreated, "Customer", "A customer is created, by a purchase or through the API.", "Link it to your user by external_id or email."},
	{CustomerUpdated, "Customer", "A customer's own fields have changed.", "Update your copy."},
	{CustomerDeleted, "Customer", "A customer is deleted; deleted_at is set.", "Access ends: remove what the customer has, and your copy."},
	{CustomerStateChanged, "CustomerState", "A customer, a subscription, a grant or a meter has changed.", "Replace what you know: the data lists all that the customer may use now."},

	{CustomerSeatAssigned, "CustomerSeat", "A person is invited to a seat and has not accepted it yet.", "Show the invitation as pending."},
	{CustomerSeatClaimed, "CustomerSeat", "The person has accepted the seat.", "Access begins: give this person what the seat includes."},
	{CustomerSeatRevoked, "CustomerSeat", "A seat is revoked, by the seller or because the subscription ends.", "Access ends: remove this person's access."},

	{MemberCreated, "Member", "A member is added to a customer.", "Add the member to your copy of the team."},
	{MemberUpdated, "Member", "A member's name or role has changed.", "Update your copy."},
	{MemberDeleted, "Member", "A member is removed from a customer, and so are the member's seats.", "Access ends: remove this person's access."},

	{OrderCreated, "Order", "An order is created; it may not be paid yet.", "Record it; wait for order.paid before you deliver."},
	{OrderUpdated, "Order", "An order's status or refunded amount has changed.", "Update your copy."},
	{OrderPaid, "Order", "The payment of a purchase or a renewal has arrived.", "Paid: deliver; billing_reason tells a purchase from a renewal."},
	{OrderRefunded, "Order", "An order is refunded in part or in full.", "Correct your books; benefits end only with benefit_grant.revoked."},

	{SubscriptionCreated, "Subscription", "A subscription is created; its first payment may be pending.", "Record it; access begins already if the status is trialing."},
	{SubscriptionUpdated, "Subscription", "A subscription has changed in any way, renewals included.", "Update your copy; a more specific event may follow."},
	{SubscriptionActive, "Subscription", "A subscription becomes active, for the first time or after a failed payment.", "Access begins: give what the product includes."},
	{SubscriptionCanceled, "Subscription", "A subscription is set to end, often only with its period.", "Ask why or make an offer; access continues until subscription.revoked."},
	{SubscriptionUncanceled, "Subscription", "A cancellation is withdrawn before it takes effect.", "Drop what you planned for the end; access continues."},
	{SubscriptionCycled, "Subscription", "A new billing period begins, paid or not, also after a trial.", "Reset quotas per period; order.paid reports the payment."},
	{SubscriptionPastDue, "Subscription", "A payment has failed and will be retried.", "Ask for another payment method; access may end at once or after a grace period."},
	{SubscriptionPaused, "Subscription", "A subscription is paused; no orders are created until it resumes.", "Access ends: it returns with subscription.resumed."},
	{SubscriptionResumed, "Subscription", "A paused subscription resumes with a new billing period.", "Access begins: restore what the pause removed."},
	{SubscriptionRevoked, "Subscription", "A subscription is over: canceled, or unpaid after the last retry.", "Access ends: remove what the product includes."},
	{SubscriptionMigrated, "Subscription", "Polar now bills a subscription that began at another provider.", "Match it with your records by provider_subscription_id in Event.Extra."},

	{RefundCreated, "Refund", "A refund is created; its status may be pending.", "Record it."},
	{RefundUpdated, "Refund", "A refund's status has changed.", "Update your copy."},

	{BenefitCreated, "Benefit", "A benefit is created.", "Add it to your copy of the catalog."},
	{BenefitUpdated, "Benefit", "A benefit has changed.", "Update your copy."},
	{BenefitGrantCreated, "BenefitGrantWebhook", "A benefit is granted to a customer.", "Access begins: give this benefit."},
	{BenefitGrantUpdated, "BenefitGrantWebhook", "A grant's details have changed.", "Update your copy."},
	{BenefitGrantCycled, "BenefitGrantWebhook", "A grant continues because its subscription is renewed.", "Renew what the benefit gives for each period."},
	{BenefitGrantRevoked, "BenefitGrantWebhook", "A customer's grant of a benefit is revoked.", "Access ends: remove this benefit."},

	{ProductCreated, "Product", "A product is created.", "Add it to your copy of the catalog."},
	{ProductUpdated, "Product", "A product has changed, its prices and benefits included.", "Update your copy."},
	{DiscountCreated, "Discount", "A discount is created.", "Add it to your copy of the catalog."},
	{DiscountUpdated, "Discount", "A discount has changed.", "Update your copy."},
	{DiscountDeleted, "Discount", "A discount is deleted.", "Remove your copy."},
	{OrganizationUpdated, "Organization", "The seller's organization has changed.", "Update your copy."},
}

// info finds what is known about a type.
func (t Type) info() (TypeInfo, bool) {
	i := slices.IndexFunc(types[:], func(info TypeInfo) bool { return info.Type == t })
	if i < 0 {
		return TypeInfo{}, false
	}
	return types[i], true
}
