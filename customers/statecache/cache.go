package statecache

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/polarexpress/polar-go/customers"
)

// Source is asked for states. [*customers.Client] is one.
type Source interface {
	// GetState returns the state of the customer with Polar's ID id.
	GetState(ctx context.Context, id string, opts ...customers.CallOption) (*customers.State, error)
	// GetStateByExternalID returns that of the customer with the seller's ID externalID.
	GetStateByExternalID(ctx context.Context, externalID string, opts ...customers.CallOption) (*customers.State, error)
}

// Answer is what the cache knows of a customer.
type Answer struct {
	// State is what the customer has. It is nil if the check returned an error.
	// It is shared with other callers: read it, do not write to it.
	State *customers.State
	// AsOf is when this was true: when the service was asked, or wrote the event.
	AsOf time.Time
	// Stale says that the answer is older than its time to live, or known to be
	// outdated, and that the service cannot be asked now.
	Stale bool
	// Cause is why a stale answer could not be renewed.
	Cause error
}

// Cache keeps customers' states in memory. It is safe for concurrent use.
type Cache struct {
	config
	source Source
	// start is where the cache's clock begins. Reading a monotonic clock alone
	// takes half the time that time.Now takes.
	start time.Time
	// memory only stores and evicts. What to load, when, and what wins is
	// decided here, since events have a say in it.
	memory *otter.Cache[key, *entry]
	// coarse is a reading of the clock, at most a second before the last check.
	// It is all that the expiry of entries needs.
	coarse atomic.Int64

	// mu makes one step of a change to flights and the changes to memory that
	// go with it. Hits do not take it.
	mu      sync.Mutex
	flights map[key]*flight
	// externalIDs has, by customer ID, what is in memory by external ID: the
	// service tells of deletions without it.
	externalIDs map[string]string

	// retryAt is when to ask a service again that has failed; 0 if it has not.
	retryAt   atomic.Int64
	failures  atomic.Int64 // in a row
	lastError atomic.Pointer[error]

	// epoch counts how often everything in memory had to be compared with the
	// store anew.
	epoch        atomic.Uint64
	storeRetryAt atomic.Int64
	stopWatching func()
}

// New returns a cache that asks source. Options have defaults that suit a shop
// whose events arrive.
func New(source Source, opts ...Option) (*Cache, error) {
	c := &Cache{config: defaults(), source: source, start: time.Now(), flights: map[key]*flight{}, externalIDs: map[string]string{}, stopWatching: func() {}}
	var errs []error
	if source == nil {
		errs = append(errs, errors.New("statecache: there is no source; give a *customers.Client"))
	}
	for _, opt := range opts {
		errs = append(errs, opt(&c.config))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var err error
	c.memory, err = otter.New(&otter.Options[key, *entry]{
		MaximumSize:      c.size,
		Clock:            coarseClock{&c.coarse},
		ExpiryCalculator: otter.ExpiryWriting[key, *entry](c.ttl + c.maxStale + 2*time.Second),
		OnDeletion:       c.dropped,
	})
	if err != nil {
		return nil, err
	}
	if c.store != nil {
		c.epoch.Add(1) // so that unconfirmed entries have an epoch before it
		c.stopWatching = c.store.Watch(c.changed)
	}
	return c, nil
}

// Close stops listening to the store. A cache without one needs no closing.
func (c *Cache) Close() { c.stopWatching() }

// Get returns what is known of the customer whose external ID, the one you
// chose, is externalID.
//
// An answer in memory is returned at once, whatever the state of ctx. Otherwise
// the service is asked, once for all who wait, and ctx bounds the wait. That
// there is no such customer is remembered too: the error is then
// [customers.ErrNotFound], with the answer's other fields set. Other errors are
// the source's, for an answer that is not in memory, and those of ctx.
func (c *Cache) Get(ctx context.Context, externalID string) (Answer, error) {
	return c.get(ctx, key{id: externalID, external: true})
}

// GetByID returns what is known of the customer with this ID, as [Cache.Get]
// does. It is remembered apart from what is known by external ID, and costs a
// request of its own.
func (c *Cache) GetByID(ctx context.Context, id string) (Answer, error) {
	return c.get(ctx, key{id: strings.ToLower(id)})
}

func (c *Cache) get(ctx context.Context, k key) (Answer, error) {
	now := c.now()
	if now-c.coarse.Load() > int64(time.Second) {
		c.coarse.Store(now)
	}
	e, ok := c.memory.GetIfPresent(k)
	if ok && now < e.refreshAt && e.epoch == c.epoch.Load() {
		return c.hit(e)
	}
	return c.ask(ctx, k, e, now)
}

// ask answers a check that memory alone cannot, or not for much longer. e is
// what is in memory, or nil.
func (c *Cache) ask(ctx context.Context, k key, e *entry, now int64) (Answer, error) {
	switch {
	case e == nil || now >= e.usableUntil:
		return c.miss(ctx, k, now)
	case e.fresh(now) && e.epoch != c.epoch.Load():
		// Another instance may know better. A store that has just failed is left
		// alone, and whether the service is down is no matter here.
		if now < c.storeRetryAt.Load() {
			return c.memorized(e, now)
		}
		return c.renew(ctx, k, e, now, c.storeTimeout, nil)
	case !claim(&c.retryAt, now, c.loadTimeout):
		return c.memorized(e, now)
	case e.fresh(now) || c.failures.Load() > 0:
		c.join(ctx, k, e)
		return c.memorized(e, now)
	}
	// Others need not find out for themselves that the service is slow.
	return c.renew(ctx, k, e, now, c.patience, c.late)
}

// miss waits for an answer as long as it takes.
func (c *Cache) miss(ctx context.Context, k key, now int64) (Answer, error) {
	if c.hooks.Miss != nil {
		c.hooks.Miss()
	}
	f := c.join(ctx, k, nil)
	select {
	case <-f.done:
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	switch {
	case f.err != nil:
		return Answer{}, f.err
	case f.entry.Doubtful:
		// An event came while the service was asked. It counts for a check that
		// was made after it, and this may be one.
		return c.renew(ctx, k, f.entry, now, c.loadTimeout, nil)
	case !f.entry.fresh(now):
		return c.stale(f.entry)
	}
	return Answer{State: f.entry.State, AsOf: f.entry.AsOf}, f.entry.err
}

// renew waits for a better answer than e, up to a time, after which it calls
// late, if there is such a function, and makes do with e.
func (c *Cache) renew(ctx context.Context, k key, e *entry, now int64, wait time.Duration, late func(*flight)) (Answer, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for inTime, try := true, 0; inTime && try < 2; try++ {
		f := c.join(ctx, k, e)
		select {
		case <-f.done:
		case <-timer.C:
			inTime = false
			if late != nil {
				late(f)
			}
		case <-ctx.Done():
			inTime = false
		}
		if !f.landed() || f.err != nil {
			break
		}
		// An event may have cast doubt on this one too, as in miss.
		if e = f.entry; !e.Doubtful {
			break
		}
	}
	return c.memorized(e, now)
}

func (c *Cache) hit(e *entry) (Answer, error) {
	if c.hooks.Hit != nil {
		c.hooks.Hit(false)
	}
	return Answer{State: e.State, AsOf: e.AsOf}, e.err
}

// memorized answers with what is in memory, fresh or stale.
func (c *Cache) memorized(e *entry, now int64) (Answer, error) {
	if e.fresh(now) {
		return c.hit(e)
	}
	if c.hooks.Hit != nil {
		c.hooks.Hit(true)
	}
	return c.stale(e)
}

func (c *Cache) stale(e *entry) (Answer, error) {
	cause := errSlow
	if last := c.lastError.Load(); last != nil && c.failures.Load() > 0 {
		cause = *last
	}
	return Answer{State: e.State, AsOf: e.AsOf, Stale: true, Cause: cause}, e.err
}

func (e *entry) fresh(now int64) bool { return now < e.freshUntil && !e.Doubtful }

// entry dates knowledge by the cache's clock.
func (c *Cache) entry(k *knowledge, epoch uint64) *entry {
	e := &entry{knowledge: k, epoch: epoch}
	now := time.Now()
	learned := int64(min(k.AsOf.Sub(c.start), now.Sub(c.start)))
	ttl, ahead := c.ttl, c.ttl/5
	if k.State == nil {
		e.err = errDeleted
		ttl, ahead = c.negativeTTL, 0
	}
	e.freshUntil = learned + int64(ttl)
	e.usableUntil = e.freshUntil + int64(c.maxStale)
	if k.Doubtful {
		return e
	}
	e.refreshAt = e.freshUntil
	if ahead > 0 {
		// Instances that learned something together should not ask together.
		e.refreshAt -= int64(ahead/2) + rand.Int64N(int64(ahead/2)+1)
	}
	return e
}

// put keeps an entry in memory. Cache.mu is held.
func (c *Cache) put(k key, e *entry) {
	c.coarse.Store(c.now())
	c.memory.Set(k, e)
	if k.external && e.State != nil {
		c.externalIDs[e.State.ID] = k.id
	}
}

// dropped hears, in a goroutine of its own, of entries that are no more.
func (c *Cache) dropped(gone otter.DeletionEvent[key, *entry]) {
	if !gone.Key.external || gone.Value.State == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := gone.Value.State.ID
	if e, ok := c.memory.GetEntryQuietly(gone.Key); ok && e.Value.State != nil && e.Value.State.ID == id {
		return // replaced by what is known better
	}
	if c.externalIDs[id] == gone.Key.id {
		delete(c.externalIDs, id)
	}
}

// now reads the cache's clock.
func (c *Cache) now() int64 { return int64(time.Since(c.start)) }

// claim reports whether the caller is the one to try what failed before: at is
// 0 if nothing did, or the time of the next try, which is then put off.
func claim(at *atomic.Int64, now int64, next time.Duration) bool {
	t := at.Load()
	return t == 0 || now >= t && at.CompareAndSwap(t, now+int64(next))
}

// key is how a customer is asked for.
type key struct {
	id       string
	external bool
}

// name is the key in a store.
func (k key) name() string {
	if k.external {
		return "ext:" + k.id
	}
	return "id:" + k.id
}

func parseKey(name string) (key, bool) {
	kind, id, ok := strings.Cut(name, ":")
	return key{id: id, external: kind == "ext"}, ok && (kind == "ext" || kind == "id")
}

// coarseClock lets the memory forget what has not been usable for seconds
// without reading a clock of its own at every check, and without a goroutine.
type coarseClock struct{ at *atomic.Int64 }

func (c coarseClock) NowNano() int64                      { return c.at.Load() }
func (c coarseClock) Tick(time.Duration) <-chan time.Time { return nil }
