package polar

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// pauseSpacing is the time between the requests that a pause has held back, so
	// that they do not cause the next one.
	pauseSpacing = 20 * time.Millisecond
	// probeInterval is how often a request that would not wait may go during a
	// pause: Retry-After is the service's whole window, which often ends sooner.
	probeInterval = time.Second
)

// pause holds back all requests of a client after a 429.
type pause struct {
	active atomic.Bool // spares the lock where there is no pause

	mu      sync.Mutex
	asked   time.Time // when the service last asked for a pause
	until   time.Time // when the pause ends
	next    time.Time // when the next request in the line may go
	probed  time.Time // when a request last went despite the pause
	waiters list.List // the line, of chan struct{}, each with room for one signal
}

func newPause() *pause { return &pause{} }

// start holds requests back for d. A shorter pause does not end a longer one.
func (p *pause) start(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if !now.Before(p.until) {
		p.probed = now // the request that met the 429
	}
	p.asked = now
	if end := now.Add(d); end.After(p.until) {
		p.until = end
	}
	p.active.Store(true)
	for w := p.waiters.Front(); w != nil; w = w.Next() {
		signal(w)
	}
}

// end ends the pause early, after the service accepted a request that was sent
// during it. A request that was sent before tells nothing.
func (p *pause) end(sent time.Time) {
	if !p.active.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if sent.After(p.asked) {
		p.until = time.Time{}
		signal(p.waiters.Front())
	}
}

// wait waits until a request may go. If that would take longer than patience or
// than ctx allows, it returns at once, with the time that is left.
func (p *pause) wait(ctx context.Context, patience time.Duration) (waited, left time.Duration, err error) {
	if !p.active.Load() {
		return 0, 0, nil
	}
	start := time.Now()
	w, left, err := p.join(ctx, patience)
	if w == nil {
		return 0, left, err
	}
	defer p.leave(w)
	giveUp := time.NewTimer(patience)
	defer giveUp.Stop()
	for {
		d, first := p.position(w)
		switch waited = time.Since(start); {
		case first && d <= 0:
			return waited, 0, nil
		case waited >= patience, waited+d > patience:
			return waited, max(d, pauseSpacing), nil
		case endsWithin(ctx, d):
			return waited, d, context.DeadlineExceeded
		}
		var ready <-chan time.Time
		if first {
			ready = time.After(d)
		}
		select {
		case <-w.Value.(chan struct{}):
		case <-ready:
		case <-giveUp.C: // unless the turn comes at the same moment
		case <-ctx.Done():
			return time.Since(start), 0, ctx.Err()
		}
	}
}

// join takes a place in the line. It returns nil if the request may go at once
// or, with the time that is left, if it would have to wait too long.
func (p *pause) join(ctx context.Context, patience time.Duration) (w *list.Element, left time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	d := p.delay(now) + time.Duration(p.waiters.Len())*pauseSpacing
	if d <= 0 {
		p.active.Store(false)
		return nil, 0, nil
	}
	if endsWithin(ctx, d) {
		err = context.DeadlineExceeded
	}
	if d <= patience && err == nil {
		return p.waiters.PushBack(make(chan struct{}, 1)), 0, nil
	}
	if now.Sub(p.probed) >= probeInterval && p.until.After(now) {
		p.probed = now
		return nil, 0, nil
	}
	return nil, d, err
}

// leave gives the place of w back.
func (p *pause) leave(w *list.Element) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wasFirst := p.waiters.Front() == w
	p.waiters.Remove(w)
	if wasFirst {
		signal(p.waiters.Front())
	}
}

// position returns how long the first in the line has to wait, and whether w is
// the first. A request that may go takes the turn.
func (p *pause) position(w *list.Element) (d time.Duration, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	d, first = p.delay(now), p.waiters.Front() == w
	if first && d <= 0 {
		p.next = now.Add(pauseSpacing)
	}
	return d, first
}

// delay returns how long the first in the line has to wait from now on.
func (p *pause) delay(now time.Time) time.Duration {
	at := p.until
	if p.next.After(at) {
		at = p.next
	}
	return at.Sub(now)
}

// signal tells a waiter, if there is one, to look at its position again.
func signal(w *list.Element) {
	if w == nil {
		return
	}
	select {
	case w.Value.(chan struct{}) <- struct{}{}:
	default: // one is on its way
	}
}
