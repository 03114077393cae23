package statecache

import (
	"context"
	"errors"
	"time"

	"github.com/polarexpress/polar-go/polar"
)

// load is one load of a customer's state that is under way. A plain singleflight
// is not enough: events that arrive during the load have to meet its result.
type load struct {
	done chan struct{}
	// entry and err are set when done is closed.
	entry *entry
	err   error
	begun int64
	// requested says whether the service was asked, and failure how that failed.
	// They are set before done is closed.
	requested bool
	failure   error
	// storeChanged says that another instance has changed the store since the
	// load began. Cache.mu guards it.
	storeChanged bool
}

func (l *load) finished() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// startLoad returns the load of k that is under way, or starts one. known is
// what is in memory and usable, or nil. The source gets the values of ctx, but
// not its cancellation.
func (c *Cache) startLoad(ctx context.Context, k key, known *entry) *load {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.loads[k]; l != nil {
		return l
	}
	l := &load{done: make(chan struct{}), begun: c.clock.now()}
	if known == nil {
		// Another load may have finished since the caller looked.
		if e := c.lookup(k); e != nil && e.fresh(l.begun) {
			l.entry = e
			close(l.done)
			return l
		}
	}
	c.loads[k] = l
	go c.runLoad(context.WithoutCancel(ctx), k, known, l)
	return l
}

// runLoad reads the store, and then asks the service if that is not enough.
func (c *Cache) runLoad(ctx context.Context, k key, known *entry, l *load) {
	epoch := c.epoch.Load()
	shared, err := c.readStore(ctx, k)
	if err != nil {
		epoch-- // still to be compared with the store
	}
	best := known
	if shared != nil {
		best = c.merge(known, c.receivedEntry(shared))
	}
	now := c.clock.now()
	if best != nil && best.fresh(now) && now < best.refreshAt {
		c.finishLoad(k, l, best, epoch)
		return
	}
	response, err := c.request(ctx, k)
	l.requested, l.failure = true, err
	if err != nil {
		if known != nil || best != nil && now >= best.usableUntil {
			best = nil // no better than what the caller has
		}
		c.finishLoad(k, l, best, epoch)
		return
	}
	c.finishLoad(k, l, c.datedAfter(response, best), epoch)
	keys := []key{k}
	if s := l.entry.State; k.external && s != nil {
		// So that other instances find the external ID. See applyDeletion.
		keys = append(keys, key{id: s.ID})
	}
	// The hook reports a failure. There is nobody else to report it to.
	_ = c.share(ctx, l.entry.snapshot, keys...)
}

// request asks the service.
func (c *Cache) request(ctx context.Context, k key) (*entry, error) {
	ctx, cancel := context.WithTimeout(ctx, c.loadTimeout)
	defer cancel()
	sent := c.clock.moment()
	get := c.source.GetState
	if k.external {
		get = c.source.GetStateByExternalID
	}
	state, err := get(ctx, k.id)
	response := &snapshot{State: state, AsOf: sent.latest, Uncertainty: sent.uncertainty, Loaded: true}
	switch {
	case errors.Is(err, polar.ErrNotFound):
		response.State, err = nil, nil
	case err == nil && state == nil:
		err = errNoState
	case err == nil:
		response.ID = state.ID
		if state.DeletedAt != nil {
			response.State = nil
		}
	}
	if c.hooks.Load != nil {
		c.hooks.Load(time.Duration(c.clock.now()-sent.mono), err)
	}
	if err != nil {
		return nil, err
	}
	return c.newEntry(response, sent.mono, noEvent, 0), nil
}

// finishLoad ends a load with what it has found, unless events have brought
// something newer, or with its failure if found is nil.
func (c *Cache) finishLoad(k key, l *load, found *entry, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(l.done)
	delete(c.loads, k)
	switch {
	case l.failure != nil:
		c.noteFailure(k, l.begun, l.failure)
	case l.requested:
		c.outage.succeeded(c.clock.now())
	}
	if found == nil {
		l.err = l.failure
		return
	}
	old := c.lookup(k)
	if found.State != nil {
		// The deletion of this customer may be known by ID alone.
		if byID := c.lookup(key{id: found.State.ID}); byID != nil && byID.State == nil && !byID.Loaded {
			old = c.merge(old, byID)
		}
	}
	if l.requested && l.failure == nil {
		found = c.datedAfter(found, old)
	}
	e := *c.merge(old, found)
	e.epoch, e.failure = epoch, nil
	if l.storeChanged {
		e.epoch = c.unconfirmedEpoch()
	}
	c.put(k, &e)
	l.entry = &e
}

// noteSlow records that a load took longer than a caller was ready to wait.
func (c *Cache) noteSlow(k key, l *load) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !l.finished() {
		c.noteFailure(k, l.begun, errSlow)
	}
}
