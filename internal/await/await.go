// Package await waits for what the service has done to become visible. Reads come
// from a replica, which lags, and some work is done in the background.
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

// Until calls look until it returns true: at once, after 100 milliseconds, and then
// after delays that double up to 5 seconds. It gives up when the delays add up to
// limit or when ctx ends, and calls look a last time then, which returns the
// context's error to the caller in its own way.
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
