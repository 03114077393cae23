package polar

import (
	"context"
	"time"
)

// waitForTurn waits until an attempt may be sent: for the delay before a retry,
// for the end of the pause that the service asked for, and for the client's own
// rate limit.
func (c *config) waitForTurn(ctx context.Context, op *Operation, delay time.Duration) (waited time.Duration, refusal *Error) {
	if err := sleep(ctx, delay); err != nil {
		return 0, newError(op).withCause(err)
	}
	paused, left, err := c.pause.wait(ctx, max(c.retry.MaxRetryAfter, c.retry.MaxDelay))
	waited = delay + paused
	switch {
	case left > 0:
		return waited, rateLimited(op, left, err, "not sent, because the service asked this client to pause")
	case err != nil:
		return waited, newError(op).withCause(err)
	case c.limit == nil:
		return waited, nil
	}
	reservation := c.limit.Reserve()
	d := reservation.Delay()
	if err := sleep(ctx, d); err != nil && d > 0 {
		reservation.Cancel()
		return waited, rateLimited(op, d, err, "not sent, because the wait for the client's own rate limit would outlast the context")
	}
	return waited + d, nil
}
