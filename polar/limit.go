package polar

import (
	"context"
	"errors"
	"time"

	"golang.org/x/time/rate"
)

// RateLimit is a number of requests per unit of time.
type RateLimit struct {
	// Requests is the number of requests allowed within Per.
	Requests int
	// Per is the unit of time.
	Per time.Duration
	// Burst is the burst size: how many requests may go at once after idle time.
	// The default is a tenth of Requests.
	Burst int
}

// ProductionLimit returns a limit below that of the production environment, which
// allows 500 requests a minute for all tokens of an organization together.
func ProductionLimit() RateLimit { return RateLimit{Requests: 450, Per: time.Minute, Burst: 40} }

// SandboxLimit returns a limit below that of the sandbox, which allows 100
// requests a minute for all tokens of an organization together.
func SandboxLimit() RateLimit { return RateLimit{Requests: 88, Per: time.Minute, Burst: 10} }

// WithRateLimit keeps the client below l. A request over the limit waits for its
// turn, or fails at once with [ErrRateLimited] if its context would end first.
// Retries count. Without this option the client sends until the service answers
// 429.
//
// Either way a 429 pauses the whole client: for the service's Retry-After, or for
// a delay as before a retry. Calls made meanwhile wait and then go one by one. A
// call does not wait longer than the larger of [RetryPolicy].MaxRetryAfter and
// MaxDelay, nor longer than its context: if it would have to, it fails at once
// with [ErrRateLimited] and [Error.RetryAfter]. Once a second such a call is sent
// nevertheless, because Retry-After is the length of the service's window, which
// often ends sooner. Its success ends the pause.
func WithRateLimit(l RateLimit) Option {
	return func(c *config) error {
		if l.Requests < 1 || l.Per <= 0 || l.Burst < 0 {
			return errors.New("rate limit: Requests and Per must be above 0, and Burst not negative")
		}
		burst := l.Burst
		if burst == 0 {
			burst = max(1, l.Requests/10)
		}
		c.limit = rate.NewLimiter(rate.Limit(float64(l.Requests)/l.Per.Seconds()), burst)
		return nil
	}
}

// waitForTurn waits until an attempt may be sent: for the delay before a retry,
// for the end of the pause that the service asked for, and for the client's own
// rate limit.
func (c *Client) waitForTurn(ctx context.Context, op *Operation, delay time.Duration) (waited time.Duration, refusal *Error) {
	if err := sleep(ctx, delay); err != nil {
		return 0, newError(op).withCause(err)
	}
	paused, left, err := c.config.pause.wait(ctx, max(c.config.retry.MaxRetryAfter, c.config.retry.MaxDelay))
	waited = delay + paused
	switch {
	case left > 0:
		return waited, rateLimited(op, left, err, "not sent, because the service asked this client to pause")
	case err != nil:
		return waited, newError(op).withCause(err)
	case c.config.limit == nil:
		return waited, nil
	}
	reservation := c.config.limit.Reserve()
	d := reservation.Delay()
	if err := sleep(ctx, d); err != nil && d > 0 {
		reservation.Cancel()
		return waited, rateLimited(op, d, err, "not sent, because the wait for the client's own rate limit would outlast the context")
	}
	return waited + d, nil
}

// rateLimited refuses a request that would have to wait too long.
func rateLimited(op *Operation, after time.Duration, err error, why string) *Error {
	e := newError(op)
	e.kind, e.advice, e.RetryAfter = ErrRateLimited, why, after
	if err != nil {
		e = e.withCause(err)
	}
	return e
}

// sleep waits for d. It fails when ctx ends, and at once if ctx would end first.
func sleep(ctx context.Context, d time.Duration) error {
	switch {
	case ctx.Err() != nil || d <= 0:
		return ctx.Err()
	case endsWithin(ctx, d):
		return context.DeadlineExceeded
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// endsWithin reports whether the deadline of ctx comes before d has passed.
func endsWithin(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < d
}
