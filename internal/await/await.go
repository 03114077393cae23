// Package await waits until the effect of a request is visible. The service reads
// from a replica, which lags behind, and does some work in the background.
package await

import (
	"context"
	"time"
)

// Replica is how long a read may lag behind a change.
const Replica = 3 * time.Second

const (
	firstDelay = 100 * time.Millisecond
	lastDelay  = 5 * time.Second
)

// Until calls look until it returns true: immediately, after 100 milliseconds, and
// then after delays that double up to 5 seconds. When the delays add up to limit, or
// ctx ends, it calls look one last time and returns. If ctx has ended, a look that
// sends a request with ctx sees the context's error.
func Until(ctx context.Context, limit time.Duration, look func() bool) {
	waited := time.Duration(0)
	for delay := firstDelay; !look() && waited < limit && ctx.Err() == nil; delay = min(2*delay, lastDelay) {
		t := time.NewTimer(delay)
		select {
		case <-t.C:
			waited += delay
		case <-ctx.Done():
			t.Stop()
		}
	}
}

// Signal waits for d, for a signal, which can be nil, or for the end of ctx.
func Signal(ctx context.Context, d time.Duration, signal <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-signal:
	case <-ctx.Done():
	}
}
