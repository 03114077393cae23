package statecache

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

var errNilContext = errors.New("statecache: the context is nil")

// Source loads states. [*customers.Client] implements it.
type Source interface {
	// GetState returns the state of the customer with Polar's ID id.
	GetState(ctx context.Context, id string, opts ...polar.CallOption) (*customers.State, error)
	// GetStateByExternalID returns the state of the customer with your ID externalID.
	GetStateByExternalID(ctx context.Context, externalID string, opts ...polar.CallOption) (*customers.State, error)
}

// Answer is what the cache knows about a customer.
type Answer struct {
	// State is the customer's state. It is nil if the check returned an error.
	// Other callers share it: do not modify it.
	State *customers.State
	// AsOf is when the state was true: the time of the request to the service, or
	// the event's timestamp.
	AsOf time.Time
	// Stale reports whether the state is older than its time to live, or a newer one
	// may exist, and the service cannot be asked now.
	Stale bool
	// Cause is why a stale state could not be renewed. It is nil otherwise.
	Cause error
}

// Cache keeps customers' states in memory. It is safe for concurrent use.
type Cache struct {
	config
	clock  clock
	source Source
	// memory stores and evicts. When to load, and what replaces what, is decided
	// here, because events have a part in it.
	memory *otter.Cache[key, *entry]
	// coarse is a recent reading of the clock, all that eviction needs.
	coarse atomic.Int64

	// mu makes each change of the following, and of memory with it, one step.
	// Checks that memory can serve do not take it.
	mu      sync.Mutex
	loads   map[key]*load
	recents *recents
	// externalIDs has the external IDs in memory by customer ID, because the event
	// of a deletion can lack the external ID.
	externalIDs map[string]string

	outage outage

	// epoch changes when everything in memory has to be compared with the store.
	epoch        atomic.Uint64
	storeRetryAt retryTime
	stopWatching func()
}

// New returns a cache that loads states from source. The default options suit
// a shop whose webhook events are given to [Cache.Apply].
func New(source Source, opts ...Option) (*Cache, error) {
	c := &Cache{config: defaults(), clock: newClock(), source: source,
		loads: map[key]*load{}, externalIDs: map[string]string{}, stopWatching: func() {}}
	var errs []error
	if source == nil {
		errs = append(errs, errors.New("statecache: the source is nil; pass a *customers.Client"))
	}
	for _, opt := range opts {
		if opt == nil {
			errs = append(errs, errors.New("statecache: an option is nil"))
			continue
		}
		errs = append(errs, opt(&c.config))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	// An event's state is loaded again after its time to live anyway.
	c.margin = min(c.margin, c.ttl-1)
	c.recents = newRecents(c.margin+c.loadTimeout, c.size)
	var err error
	c.memory, err = otter.New(&otter.Options[key, *entry]{
		MaximumSize:      c.size,
		Clock:            coarseClock{&c.coarse},
		ExpiryCalculator: otter.ExpiryWriting[key, *entry](c.ttl + c.maxStale + 2*time.Second),
		OnDeletion:       c.removed,
	})
	if err != nil {
		return nil, err
	}
	if c.store != nil {
		c.epoch.Add(1) // so that there is an epoch before it
		c.stopWatching = c.store.Watch(c.storeChanged)
	}
	return c, nil
}

// Close stops watching the store. A cache without a store need not be closed.
func (c *Cache) Close() { c.stopWatching() }

// GetByExternalID returns what is known about the customer with this external ID, the
// ID that you chose. For Polar's own ID use [Cache.Get].
//
// It returns a state in memory at once, even if ctx has ended. Otherwise it waits for
// the service until ctx ends; callers that wait for the same customer share one
// request. If there is no such customer, the error matches [polar.ErrNotFound], and
// the cache remembers that too. Other errors are the source's, or that of ctx. They
// occur only if nothing usable is in memory. An error about one customer alone is
// returned again without a request for 1 second, and for up to 15 seconds if it
// persists.
func (c *Cache) GetByExternalID(ctx context.Context, externalID string) (Answer, error) {
	return c.get(ctx, key{id: externalID, external: true})
}

// Get is like [Cache.GetByExternalID] for Polar's own ID of the customer. The cache
// keeps states by ID and by external ID separately; each costs a request of its own.
func (c *Cache) Get(ctx context.Context, id string) (Answer, error) {
	return c.get(ctx, key{id: strings.ToLower(id)})
}

func (c *Cache) get(ctx context.Context, k key) (Answer, error) {
	now := c.clock.now()
	if now-c.coarse.Load() > int64(time.Second) {
		c.coarse.Store(now)
	}
	e, ok := c.memory.GetIfPresent(k)
	if ok && c.current(e, now) {
		return c.hit(e)
	}
	return c.check(ctx, k, e, now)
}

// current reports whether e can be used as it is.
func (c *Cache) current(e *entry, now int64) bool {
	return now < e.refreshAt && e.epoch == c.epoch.Load()
}

// check handles a check that the entry in memory cannot serve, or not for much
// longer. e is nil if there is none.
func (c *Cache) check(ctx context.Context, k key, e *entry, now int64) (Answer, error) {
	if ctx == nil {
		return Answer{}, errNilContext
	}
	if e == nil || e.snapshot == nil {
		if recent := c.recall(k); recent != nil {
			e = recent
		}
	}
	switch {
	case e == nil || now >= e.usableUntil:
		if e != nil && e.failure.pausing(now) && !e.failure.wide {
			return Answer{}, e.failure.err
		}
		return c.wait(ctx, k, now)
	case c.current(e, now):
		return c.hit(e)
	case e.fresh(now) && e.epoch != c.epoch.Load():
		// Another instance may know better. Whether the service is down does not
		// matter here.
		if c.storeRetryAt.waiting(now) {
			return c.memorized(e, now, nil)
		}
		return c.renew(ctx, k, e, now, c.storeTimeout)
	case e.failure.pausing(now) || !c.outage.retryAt.claim(now, c.loadTimeout):
		return c.memorized(e, now, nil)
	case e.fresh(now) || c.outage.ongoing():
		c.startLoad(ctx, k, e)
		return c.memorized(e, now, nil)
	}
	return c.renew(ctx, k, e, now, c.patience)
}

// recall brings what was learned recently into memory when somebody asks.
func (c *Cache) recall(k key) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.lookup(k)
	if e == nil || e.Doubtful {
		return nil
	}
	if e.State != nil {
		if byID := c.lookup(key{id: e.State.ID}); byID != nil && byID.supersedes(e.snapshot) {
			e = byID
		}
	}
	c.put(k, e)
	return e
}

// wait waits for a load as long as ctx allows.
func (c *Cache) wait(ctx context.Context, k key, now int64) (Answer, error) {
	if c.hooks.Miss != nil {
		c.hooks.Miss()
	}
	l := c.startLoad(ctx, k, nil)
	select {
	case <-l.done:
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	switch {
	case l.err != nil:
		return Answer{}, l.err
	case l.entry.Doubtful:
		// An event came during the request. This check may have begun after the
		// event, and must then see it.
		return c.renew(ctx, k, l.entry, now, c.loadTimeout)
	case !l.entry.fresh(now):
		return c.stale(l.entry, l.failure)
	}
	return Answer{State: l.entry.State, AsOf: l.entry.AsOf}, l.entry.err
}

// renew waits for a newer entry than e for a limited time, and otherwise uses e.
func (c *Cache) renew(ctx context.Context, k key, e *entry, now int64, limit time.Duration) (Answer, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	// A second load is needed if an event arrives during the first, as in wait.
	for range 2 {
		l := c.startLoad(ctx, k, e)
		select {
		case <-l.done:
		case <-ctx.Done():
			return c.memorized(e, now, nil)
		case <-timer.C:
			if !e.fresh(now) {
				// So that other checks need not find out for themselves.
				c.noteSlow(k, l)
			}
			return c.memorized(e, now, nil)
		}
		if l.err != nil {
			return c.memorized(e, now, l.err)
		}
		if e = l.entry; !e.Doubtful {
			break
		}
	}
	return c.memorized(e, now, nil)
}

func (c *Cache) hit(e *entry) (Answer, error) {
	if c.hooks.Hit != nil {
		c.hooks.Hit(false)
	}
	return Answer{State: e.State, AsOf: e.AsOf}, e.err
}

// memorized returns what is in memory, fresh or stale.
func (c *Cache) memorized(e *entry, now int64, cause error) (Answer, error) {
	if e.fresh(now) {
		return c.hit(e)
	}
	if c.hooks.Hit != nil {
		c.hooks.Hit(true)
	}
	return c.stale(e, cause)
}

func (c *Cache) stale(e *entry, cause error) (Answer, error) {
	if cause == nil {
		cause = errSlow
		if last := c.outage.cause.Load(); last != nil && c.outage.ongoing() {
			cause = *last
		} else if e.failure != nil {
			cause = e.failure.err
		}
	}
	return Answer{State: e.State, AsOf: e.AsOf, Stale: true, Cause: cause}, e.err
}

// removed is called, in a goroutine of its own, for entries that have left memory.
func (c *Cache) removed(event otter.DeletionEvent[key, *entry]) {
	if !event.Key.external || event.Value.snapshot == nil || event.Value.State == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := event.Value.State.ID
	if e, ok := c.memory.GetEntryQuietly(event.Key); ok && e.Value.snapshot != nil && e.Value.State != nil && e.Value.State.ID == id {
		return // replaced
	}
	if c.externalIDs[id] == event.Key.id {
		delete(c.externalIDs, id)
	}
}

// coarseClock lets memory drop entries that have not been usable for seconds
// without a clock reading per check, and without a goroutine.
type coarseClock struct{ at *atomic.Int64 }

func (c coarseClock) NowNano() int64                      { return c.at.Load() }
func (c coarseClock) Tick(time.Duration) <-chan time.Time { return nil }
