package customers

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// RateLimit is a number of requests within a time.
type RateLimit struct {
	Requests int
	Per      time.Duration
	// Burst is how many may go at once; a tenth of Requests unless given.
	Burst int
}

// Limits that stay below those of the service, which all tokens of an
// organization share: 500 requests a minute in production, 100 in the sandbox.
var (
	ProductionLimit = RateLimit{Requests: 480, Per: time.Minute}
	SandboxLimit    = RateLimit{Requests: 95, Per: time.Minute}
)

// WithRateLimit keeps the client below l: a request beyond it waits for its
// turn, or fails at once with [ErrRateLimited] if its context would end first.
// Without it, the client sends until the service says otherwise.
func WithRateLimit(l RateLimit) Option {
	return func(c *config) error {
		if l.Requests < 1 || l.Per <= 0 || l.Burst < 0 {
			return errors.New("rate limit: Requests and Per must be above 0")
		}
		burst := l.Burst
		if burst == 0 {
			burst = max(1, l.Requests/10)
		}
		c.limit = rate.NewLimiter(rate.Limit(float64(l.Requests)/l.Per.Seconds()), burst)
		return nil
	}
}

const (
	// spacing is between the requests that a pause has held back, so that they do
	// not bring the next one about.
	spacing = 20 * time.Millisecond
	// probeEvery is how often a request that would not wait may go during a pause:
	// Retry-After is the service's whole window, which often ends sooner.
	probeEvery = time.Second
)

// gate is the pause that a 429 asks for, which holds for the whole client.
type gate struct {
	until atomic.Int64 // the end of the pause, in Unix nanoseconds; 0 for none
	since atomic.Int64 // when it was asked for

	mu    sync.Mutex
	next  time.Time // when the next request held back may go
	probe time.Time // when a request last went in spite of the pause
}

// pause holds requests back for d. A shorter pause never ends a longer one.
func (g *gate) pause(d time.Duration) {
	now := time.Now()
	g.since.Store(now.UnixNano())
	end := now.Add(d).UnixNano()
	for {
		old := g.until.Load()
		if old >= end || g.until.CompareAndSwap(old, end) {
			return
		}
	}
}

// open ends the pause, if the service has taken a request that was sent during it.
func (g *gate) open(sent time.Time) {
	if g.until.Load() != 0 && sent.UnixNano() > g.since.Load() {
		g.until.Store(0)
	}
}

// enter waits until a request may go. If that is longer than patience, or than
// the context has, it returns how long it would be, and goes not at all.
func (g *gate) enter(ctx context.Context, patience time.Duration) (waited, short time.Duration, err error) {
	for {
		end := g.until.Load()
		if end == 0 {
			return waited, 0, nil
		}
		now := time.Now()
		left := time.Unix(0, end).Sub(now)
		if left <= 0 && waited == 0 {
			return waited, 0, nil
		}
		g.mu.Lock()
		at := now.Add(max(left, 0))
		if g.next.After(at) {
			at = g.next
		}
		d := at.Sub(now)
		switch {
		case left > 0 && (d > patience || beyond(ctx, d)):
			probe := now.Sub(g.probe) >= probeEvery
			if probe {
				g.probe = now
			}
			g.mu.Unlock()
			if probe {
				return waited, 0, nil
			}
			return waited, left, nil
		case left <= 0:
			g.mu.Unlock()
			return waited, 0, nil
		}
		g.next = at.Add(spacing)
		g.mu.Unlock()
		if err := sleep(ctx, d); err != nil {
			return waited, 0, err
		}
		waited += d
	}
}

// beyond reports whether ctx ends before d has passed.
func beyond(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < d
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
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
