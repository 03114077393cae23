package statecache

import (
	"context"
	"errors"
	"time"

	"github.com/polarexpress/polar-go/customers"
)

// errSlow is why an answer is stale that was not renewed in time.
var errSlow = errors.New("statecache: the service has not answered yet")

// Pauses after failures of the service, twofold longer from one to the next.
const (
	firstPause = time.Second
	lastPause  = 15 * time.Second
)

// flight is one question that is under way. A ready-made singleflight would
// not do: an event that comes meanwhile has to meet the answer.
type flight struct {
	done chan struct{}
	// entry and err are set when done is closed.
	entry *entry
	err   error
	// asked says whether the service was, and failure how that ended. Only the
	// flight's own goroutine uses them.
	asked   bool
	failure error
	// told is what events have said meanwhile, and outdated whether another
	// instance has changed the store. Cache.mu guards them.
	told     []*knowledge
	outdated bool
}

func (f *flight) landed() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// join returns the question about k that is under way, or puts one. known is
// what is in memory and usable, or nil. The values of ctx, but not its end, are
// for the source.
func (c *Cache) join(ctx context.Context, k key, known *entry) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flights[k]; f != nil {
		return f
	}
	if known == nil {
		// Another flight may have landed since the caller looked.
		if e, ok := c.memory.GetEntryQuietly(k); ok && c.now() < e.Value.freshUntil && !e.Value.Doubtful {
			f := &flight{done: make(chan struct{}), entry: e.Value}
			close(f.done)
			return f
		}
	}
	f := &flight{done: make(chan struct{})}
	c.flights[k] = f
	go c.fly(context.WithoutCancel(ctx), k, known, f)
	return f
}

// fly asks the store, then the service.
func (c *Cache) fly(ctx context.Context, k key, known *entry, f *flight) {
	epoch := c.epoch.Load()
	stored, err := c.recall(ctx, k)
	if err != nil {
		epoch-- // still to be compared with the store
	}
	now := c.now()
	if known != nil && known.fresh(now) && now < known.refreshAt && !stored.after(known.knowledge) {
		c.land(k, f, known.knowledge, epoch)
		return
	}
	// Another instance may have asked already, or been told by an event.
	if stored != nil && stored.after(known.what()) {
		if e := c.entry(stored, epoch); e.fresh(now) && now < e.refreshAt {
			c.land(k, f, stored, epoch)
			return
		}
	}
	answer, err := c.load(ctx, k)
	f.asked, f.failure = true, err
	if err != nil {
		if known != nil || stored != nil && now >= c.entry(stored, epoch).usableUntil {
			stored = nil
		}
		c.land(k, f, stored, epoch)
		return
	}
	// Causes precede effects, whatever the clocks say: this was asked after
	// those were known.
	for _, before := range []*knowledge{stored, known.what()} {
		if before != nil && !answer.after(before) {
			answer.AsOf = before.AsOf.Add(1)
		}
	}
	c.land(k, f, answer, epoch)
	keys := []key{k}
	if k.external && answer.State != nil {
		// For a deletion that another instance is told of. See applyDeletion.
		keys = append(keys, key{id: answer.ID})
	}
	// A failure to share is told to the hook; there is nobody else to tell.
	_ = c.share(ctx, answer, keys...)
}

// after reports whether k is later than what was known, of which there may be
// nothing.
func (k *knowledge) after(known *knowledge) bool {
	return k != nil && (known == nil || k.AsOf.After(known.AsOf))
}

func (e *entry) what() *knowledge {
	if e == nil {
		return nil
	}
	return e.knowledge
}

// load asks the service, and keeps account of its failures.
func (c *Cache) load(ctx context.Context, k key) (*knowledge, error) {
	ctx, cancel := context.WithTimeout(ctx, c.loadTimeout)
	defer cancel()
	begun := time.Now().Round(0)
	get := c.source.GetState
	if k.external {
		get = c.source.GetStateByExternalID
	}
	state, err := get(ctx, k.id)
	answer := &knowledge{State: state, AsOf: begun, Asked: true}
	switch {
	case errors.Is(err, customers.ErrNotFound):
		answer.State, err = nil, nil
	case err == nil && state != nil:
		answer.ID = state.ID
		if state.DeletedAt != nil {
			answer.State = nil
		}
	case err == nil:
		err = errors.New("statecache: the source returned neither a state nor an error")
	}
	if c.hooks.Load != nil {
		c.hooks.Load(time.Since(begun), err)
	}
	return answer, err
}

// late takes note that somebody has waited for a flight in vain.
func (c *Cache) late(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !f.landed() {
		c.account(errSlow)
	}
}

// account decides when to ask again. Cache.mu is held.
func (c *Cache) account(err error) {
	if err == nil {
		c.failures.Store(0)
		c.retryAt.Store(0)
		return
	}
	if errors.Is(err, customers.ErrInvalidArgument) || errors.Is(err, customers.ErrConflict) {
		return // of this customer alone
	}
	n := c.failures.Add(1)
	pause := min(firstPause<<min(n-1, 8), lastPause)
	if limited := (*customers.Error)(nil); errors.As(err, &limited) && limited.RetryAfter > 0 {
		pause = limited.RetryAfter
	}
	c.lastError.Store(&err)
	c.retryAt.Store(c.now() + int64(pause))
}

// land ends a flight with an answer, unless events have brought a better one,
// or with nil and the failure.
func (c *Cache) land(k key, f *flight, answer *knowledge, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	delete(c.flights, k)
	if f.asked {
		c.account(f.failure)
	}
	if answer == nil {
		f.err = f.failure
		return
	}
	merged := answer
	if e, ok := c.memory.GetEntryQuietly(k); ok {
		merged = merge(e.Value.knowledge, answer, c.margin)
	}
	for _, event := range f.told {
		merged = merge(merged, event, c.margin)
	}
	f.entry = c.entry(merged, epoch)
	if f.outdated {
		f.entry = c.unconfirmed(f.entry)
	}
	c.put(k, f.entry)
}
