package subscriptions

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/internal/await"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Why the service refuses a change, for [errors.Is].
const (
	// ErrAlreadyCanceled: the subscription has ended or is set to end with its period,
	// and a subscription that ends cannot change. It is also [polar.ErrNotPermitted].
	ErrAlreadyCanceled = polar.ErrorCode("AlreadyCanceledSubscription")
	// ErrEnded: the subscription has ended, so that its end cannot be undone. It is
	// also [polar.ErrConflict].
	ErrEnded = polar.ErrorCode("ResourceUnavailable")
	// ErrLocked: the subscription is being renewed at this moment. Try again. It is
	// also [polar.ErrConflict].
	ErrLocked = polar.ErrorCode("SubscriptionLocked")
	// ErrCannotPause: a subscription in this state cannot be paused. It is also
	// [polar.ErrConflict].
	ErrCannotPause = polar.ErrorCode("CannotPauseSubscription")
	// ErrNotPaused: the subscription is not paused. It is also [polar.ErrConflict].
	ErrNotPaused = polar.ErrorCode("NotPausedSubscription")
	// ErrNoSeats: the product is not sold by seat. It is also [polar.ErrValidation].
	ErrNoSeats = polar.ErrorCode("NotASeatBasedSubscription")
	// ErrTooFewSeats: the product is not sold with so few seats. It is also
	// [polar.ErrValidation].
	ErrTooFewSeats = polar.ErrorCode("BelowMinimumSeats")
	// ErrTooManySeats: the product is not sold with so many seats. It is also
	// [polar.ErrValidation].
	ErrTooManySeats = polar.ErrorCode("AboveMaximumSeats")
	// ErrSeatsAssigned: more seats are assigned than would be left. It is also
	// [polar.ErrValidation].
	ErrSeatsAssigned = polar.ErrorCode("SeatsAlreadyAssigned")
)

// CancelParams says why a subscription ends. Zero values are left out.
type CancelParams struct {
	// Reason is the customer's reason, such as [ReasonTooExpensive].
	Reason CancellationReason
	// Comment is what the customer says.
	Comment string
}

// ChangeProduct moves a subscription to the product with the ID productID. p says
// how the customer pays the difference; empty means as the organization has set.
// With [ProrateNextPeriod] the subscription does not change until the period ends,
// and PendingUpdate says what will change; [Client.ClearPendingUpdate] undoes that.
// A product with another interval begins a new period at once.
//
// It returns [ErrAlreadyCanceled] if the subscription ends or has ended, and
// [polar.ErrPaymentFailed] if the customer has to pay at once and the payment
// fails. A product that does not exist, and one not sold by seat where the present
// one is, are [polar.ErrValidation].
//
// A change to the product that the subscription has does nothing, so a failed
// attempt is retried. If no attempt gets a response, the error also matches
// [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) ChangeProduct(ctx context.Context, id, productID string, p Proration, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	args.ID("product_id", productID)
	body := UpdateParams{ProductID: polar.Set(productID), ProrationBehavior: check.Optional(p)}
	return c.change(ctx, "change product", id, args, body, func(s *Subscription) bool {
		return s.ProductID == productID || s.PendingUpdate != nil && polar.Value(s.PendingUpdate.ProductID) == productID
	}, opts)
}

// CancelAtPeriodEnd sets a subscription to end with its period. It stays active
// until then, and [Client.Uncancel] undoes the cancellation. To end it at once, use
// [Client.Revoke].
//
// It returns [ErrAlreadyCanceled] if the subscription ends or has ended. A failed
// attempt is retried; after a lost response, ErrAlreadyCanceled counts as success.
// If no attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) CancelAtPeriodEnd(ctx context.Context, id string, p CancelParams, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	args.Text("customer_cancellation_comment", p.Comment, 0)
	body := UpdateParams{
		CancelAtPeriodEnd: polar.Ptr(true), CustomerCancellationReason: check.Optional(p.Reason), CustomerCancellationComment: check.Optional(p.Comment),
	}
	return c.change(ctx, "cancel at period end", id, args, body, func(s *Subscription) bool { return s.CancelAtPeriodEnd || s.EndedAt != nil }, opts)
}

// Uncancel undoes [Client.CancelAtPeriodEnd]: the subscription continues.
//
// It returns [ErrEnded] if the subscription has ended, and [polar.ErrValidation] if
// it is not set to end. A failed attempt is retried; after a lost response, a
// subscription that is not set to end counts as success. If no attempt gets a
// response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) Uncancel(ctx context.Context, id string, opts ...polar.CallOption) (*Subscription, error) {
	body := UpdateParams{CancelAtPeriodEnd: polar.Ptr(false)}
	return c.change(ctx, "uncancel", id, check.Arguments{}, body, func(s *Subscription) bool { return !s.CancelAtPeriodEnd && s.EndedAt == nil }, opts)
}

// PauseAtPeriodEnd pauses a subscription when its period ends: the customer pays
// nothing and has no access until [Client.Resume], or until resumesAt unless that
// is zero.
//
// It returns [ErrCannotPause] if the state of the subscription does not allow it,
// such as a failed payment. A failed attempt is retried; after a lost response, a
// subscription that is set to pause counts as success. If no attempt gets a
// response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) PauseAtPeriodEnd(ctx context.Context, id string, resumesAt time.Time, opts ...polar.CallOption) (*Subscription, error) {
	body := UpdateParams{PauseAtPeriodEnd: polar.Ptr(true), ResumesAt: check.Optional(resumesAt)}
	return c.change(ctx, "pause at period end", id, check.Arguments{}, body, func(s *Subscription) bool { return s.PauseAtPeriodEnd || s.PausedAt != nil }, opts)
}

// Resume ends the pause of a subscription: a new period begins, and is paid, at
// once.
//
// It returns [ErrNotPaused] for a subscription that is not paused, and
// [polar.ErrPaymentFailed] if the payment fails. A failed attempt is retried; after
// a lost response, a subscription that is not paused counts as success. If no
// attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) Resume(ctx context.Context, id string, opts ...polar.CallOption) (*Subscription, error) {
	return c.change(ctx, "resume", id, check.Arguments{}, UpdateParams{Resume: true}, func(s *Subscription) bool { return s.Status == StatusActive }, opts)
}

// SetSeats changes how many seats a subscription has. p says how the customer pays
// the difference, as for [Client.ChangeProduct].
//
// It returns [ErrNoSeats], [ErrTooFewSeats], [ErrTooManySeats], [ErrSeatsAssigned],
// [ErrAlreadyCanceled] and [polar.ErrPaymentFailed]. The same number again does
// nothing, so a failed attempt is retried. If no attempt gets a response, the error
// also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) SetSeats(ctx context.Context, id string, seats int, p Proration, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	args.Int("seats", &seats, 1, math.MaxInt32)
	body := UpdateParams{Seats: &seats, ProrationBehavior: check.Optional(p)}
	return c.change(ctx, "set seats", id, args, body, func(s *Subscription) bool { return polar.Value(s.Seats) == seats }, opts)
}

// SetTrialEnd sets the time at which the trial of a subscription ends, or begins a
// trial that ends then. end must be in the future, and after the end of the current
// period. To end a trial at once, use [Client.EndTrial].
//
// It returns [ErrAlreadyCanceled], and [polar.ErrValidation] for a time that the
// service does not accept. A failed attempt is retried; after a lost response, a
// trial that ends then counts as success. If no attempt gets a response, the error
// also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) SetTrialEnd(ctx context.Context, id string, end time.Time, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	if end.IsZero() {
		args.Refuse("trial_end", "is required; to end the trial at once, use EndTrial")
	}
	end = end.UTC().Truncate(time.Microsecond) // as the service stores it
	body := UpdateParams{TrialEnd: polar.Set(end.Format(time.RFC3339Nano))}
	return c.change(ctx, "set trial end", id, args, body, func(s *Subscription) bool { return s.TrialEnd != nil && s.TrialEnd.Equal(end) }, opts)
}

// EndTrial ends the trial of a subscription: the first paid period begins at once.
//
// It returns [polar.ErrValidation] if the subscription is not in its trial, and
// [polar.ErrPaymentFailed] if the payment fails. A failed attempt is retried; after
// a lost response, an active subscription counts as success. If no attempt gets a
// response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) EndTrial(ctx context.Context, id string, opts ...polar.CallOption) (*Subscription, error) {
	body := UpdateParams{TrialEnd: polar.Set("now")}
	return c.change(ctx, "end trial", id, check.Arguments{}, body, func(s *Subscription) bool { return s.Status == StatusActive }, opts)
}

// SetDiscount applies the discount with the ID discountID to a subscription, from
// the next period on. An empty ID removes the discount that the subscription has.
//
// A discount that does not exist, or does not apply to the product, is
// [polar.ErrValidation], and so is the one that the subscription has already. A
// failed attempt is retried; after a lost response, the requested discount counts
// as success. If no attempt gets a response, the error also matches
// [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) SetDiscount(ctx context.Context, id, discountID string, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	args.UUID("discount_id", discountID)
	body := UpdateParams{DiscountID: polar.Set(discountID)}
	if discountID == "" {
		body.DiscountID = polar.Null[string]()
	}
	return c.change(ctx, "set discount", id, args, body, func(s *Subscription) bool { return polar.Value(s.DiscountID) == discountID }, opts)
}

// ClearPendingUpdate undoes a change that waits for the end of the period, such as
// one that [Client.ChangeProduct] or [Client.SetSeats] made with
// [ProrateNextPeriod].
//
// A subscription without such a change is [polar.ErrValidation]. A failed attempt
// is retried; after a lost response, such a subscription counts as success. If no
// attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) ClearPendingUpdate(ctx context.Context, id string, opts ...polar.CallOption) (*Subscription, error) {
	body := UpdateParams{PendingUpdate: polar.Null[PendingUpdate]()}
	return c.change(ctx, "clear pending update", id, check.Arguments{}, body, func(s *Subscription) bool { return s.PendingUpdate == nil }, opts)
}

// Update makes any change that the service knows, such as of the metadata, which
// is replaced as a whole. Set the fields of one kind of change only: the service
// refuses a mixture with dozens of [polar.Error.Fields]. Prefer the method for the
// change, if there is one.
//
// A call whose response is lost is not retried, and its error also matches
// [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: PATCH /v1/subscriptions/{id}
func (c *Client) Update(ctx context.Context, id string, p UpdateParams, opts ...polar.CallOption) (*Subscription, error) {
	var args check.Arguments
	args.ID("id", id)
	args.UUID("product_id", check.Value(p.ProductID))
	args.UUID("discount_id", check.Value(p.DiscountID))
	args.Text("customer_cancellation_comment", check.Value(p.CustomerCancellationComment), 0)
	args.Metadata("metadata", p.Metadata)
	if err := args.Err("subscriptions:update"); err != nil {
		return nil, err
	}
	req, err := commerce.NewSubscriptionsUpdateRequest(c.baseURL, commerce.PathID(id), p)
	return polar.Fetch[Subscription](ctx, c.polar, "subscriptions:update", req, err, opts...)
}

// Revoke ends a subscription at once, with the customer's access, and returns it.
// The customer gets no money back. To let it end with its period, use
// [Client.CancelAtPeriodEnd].
//
// It returns [ErrAlreadyCanceled] if the subscription has ended. A failed attempt
// is retried; after a lost response, ErrAlreadyCanceled counts as success. If no
// attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: subscriptions:write.
//
// API: DELETE /v1/subscriptions/{id}
func (c *Client) Revoke(ctx context.Context, id string, opts ...polar.CallOption) (*Subscription, error) {
	if err := check.ID("subscriptions:revoke", id); err != nil {
		return nil, err
	}
	req, err := commerce.NewSubscriptionsRevokeRequest(c.baseURL, commerce.PathID(id))
	return c.settle(ctx, "subscriptions:revoke", "revoke", id, req, err, func(s *Subscription) bool { return s.EndedAt != nil }, opts)
}

// change sends one kind of change. caller names the method in errors, and made
// tells a subscription that has the change.
func (c *Client) change(ctx context.Context, caller, id string, args check.Arguments, body UpdateParams, made func(*Subscription) bool, opts []polar.CallOption) (*Subscription, error) {
	args.ID("id", id)
	if err := args.Err("subscriptions:update"); err != nil {
		return nil, polar.WithCaller(err, caller)
	}
	req, err := commerce.NewSubscriptionsUpdateRequest(c.baseURL, commerce.PathID(id), body)
	return c.settle(ctx, "subscriptions:update", caller, id, req, err, made, opts)
}

// settle sends a change, again if the response is lost. The service may then refuse
// what it has done already, so that only the subscription itself shows the outcome.
func (c *Client) settle(ctx context.Context, operationID, caller, id string, req *http.Request, err error, made func(*Subscription) bool, opts []polar.CallOption) (*Subscription, error) {
	changed, err := polar.Fetch[Subscription](ctx, c.polar, operationID, req, err, append(slices.Clip(opts), polar.RetryUnknownOutcome())...)
	var failure *polar.Error
	if !errors.As(err, &failure) {
		return changed, err
	}
	failure = failure.WithCaller(caller)
	refused := failure.StatusCode >= 400 && failure.StatusCode < 500 && failure.StatusCode != http.StatusTooManyRequests
	if !refused || !errors.Is(failure, polar.ErrOutcomeUnknown) {
		return nil, failure
	}
	await.Until(ctx, await.Replica, func() bool {
		changed, err = c.Get(ctx, id, opts...)
		return err != nil || made(changed)
	})
	if err != nil {
		return nil, failure.WithCause(err)
	}
	if !made(changed) {
		return nil, failure
	}
	return changed, nil
}
