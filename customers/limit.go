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
	// Requests is how many may go within Per.
	Requests int
	// Per is the time that Requests are counted in.
	Per time.Duration
	// Burst is how many may go at once after a rest, on top of what Requests
	// allows from then on; a tenth of Requests unless given.
	Burst int
}

// Limits that stay below those of the service, which all tokens of an
// organization share: 500 requests a minute in production, 100 in the sandbox.
var (
	ProductionLimit = RateLimit{Requests: 450, Per: time.Minute, Burst: 40}
	SandboxLimit    = RateLimit{Requests: 88, Per: time.Minute, Burst: 10}
)

// WithRateLimit keeps the client below l: a request beyond it waits for its
// turn, or fails at once with [ErrRateLimited] if its context would end first.
// Repeats count. Without it, the client sends until the service says otherwise.
//
// Either way an answer 429 pauses the whole client: for the time that the service
// asks for, or a wait as before a repeat. Calls that come meanwhile wait, and go
// one after the other when it is over. A call for which that is too long, by
// [RetryPolicy] or its context, fails at once with [ErrRateLimited] and
// [Error.RetryAfter]; but one a second is sent all the same, since what the
// service asks for is the length of its window, of which less may be left. An
// answer to it ends the pause.
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

// turn waits until an attempt may go: for wait, for the end of the pause that
// the service has asked for, and for the client's own rate limit.
func (c *Client) turn(ctx context.Context, op *Operation, wait time.Duration) (waited time.Duration, stop *Error) {
	if err := sleep(ctx, wait); err != nil {
		return 0, newError(op).because(err)
	}
	held, left, err := c.cfg.gate.enter(ctx, max(c.cfg.retry.MaxRetryAfter, c.cfg.retry.MaxDelay))
	waited = wait + held
	switch {
	case left > 0:
		return waited, tooMany(op, left, err, "not sent, since the service has asked this client to pause")
	case err != nil:
		return waited, newError(op).because(err)
	case c.cfg.limit == nil:
		return waited, nil
	}
	r := c.cfg.limit.Reserve()
	d := r.Delay()
	if err := sleep(ctx, d); err != nil && d > 0 {
		r.Cancel()
		return waited, tooMany(op, d, err, "not sent, since the wait for the client's own rate limit would outlast the context")
	}
	return waited + d, nil
}

// tooMany refuses a request that has to wait for longer than it can.
func tooMany(op *Operation, after time.Duration, err error, why string) *Error {
	e := newError(op)
	e.kind, e.advice, e.RetryAfter = ErrRateLimited, why, after
	if err != nil {
		e.because(err)
	}
	return e
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
	paused atomic.Bool // spares the lock when there is no pause

	mu    sync.Mutex
	since time.Time // when it was last asked for
	until time.Time // when it ends
	next  time.Time // when the next request held back may go
	probe time.Time // when a request last went in spite of it
}

// pause holds requests back for d. A shorter pause never ends a longer one.
func (g *gate) pause(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if !now.Before(g.until) {
		g.probe = now // the 429 was one
	}
	g.since = now
	if end := now.Add(d); end.After(g.until) {
		g.until = end
	}
	g.paused.Store(true)
}

// open ends the pause, if the service has taken a request that was sent during
// it. One that was sent before and answered late tells nothing.
func (g *gate) open(sent time.Time) {
	if !g.paused.Load() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if sent.After(g.since) {
		g.until = time.Time{}
		g.paused.Store(false)
	}
}

// enter waits until a request may go. If the pause is longer than patience, or
// the wait than ctx allows, it returns at once how long is left of it.
func (g *gate) enter(ctx context.Context, patience time.Duration) (waited, left time.Duration, err error) {
	for g.paused.Load() {
		d, left, err := g.queue(ctx, patience)
		if d == 0 || left > 0 {
			return waited, left, err
		}
		if err := sleep(ctx, d); err != nil {
			return waited, 0, err
		}
		waited += d // and look again: the pause may have been prolonged
	}
	return waited, 0, nil
}

// queue gives a request its place among those held back, d from now. It is 0 if
// the request may go.
func (g *gate) queue(ctx context.Context, patience time.Duration) (d, left time.Duration, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	left = g.until.Sub(now)
	if left <= 0 {
		g.paused.Store(false)
		return 0, 0, nil
	}
	at := g.until
	if g.next.After(at) {
		at = g.next
	}
	d = at.Sub(now)
	if beyond(ctx, d) {
		err = context.DeadlineExceeded
	}
	if left <= patience && err == nil {
		g.next = at.Add(spacing)
		return d, 0, nil
	}
	if now.Sub(g.probe) >= probeEvery {
		g.probe = now
		return 0, 0, nil
	}
	return 0, left, err
}

// beyond reports whether ctx ends before d has passed.
func beyond(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < d
}

// sleep waits for d. If ctx ends before, it fails: at once if ctx says so.
func sleep(ctx context.Context, d time.Duration) error {
	switch {
	case ctx.Err() != nil || d <= 0:
		return ctx.Err()
	case beyond(ctx, d):
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
