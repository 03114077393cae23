package polar

import (
	"context"
	"time"
)

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
