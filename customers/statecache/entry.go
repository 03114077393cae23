package statecache

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/polar"
)

// errDeleted is the error for a customer that an event, or another instance,
// reported as deleted.
var errDeleted = fmt.Errorf("statecache: there is no such customer: %w", polar.ErrNotFound)

// key is how a customer is looked up.
type key struct {
	id       string
	external bool
}

// String is the key in a store.
func (k key) String() string {
	if k.external {
		return "ext:" + k.id
	}
	return "id:" + k.id
}

func parseKey(name string) (key, bool) {
	kind, id, ok := strings.Cut(name, ":")
	return key{id: id, external: kind == "ext"}, ok && (kind == "ext" || kind == "id")
}

// noEvent is the time of the last event where there was none.
const noEvent = -int64(longest)

// entry is a snapshot in memory. It is immutable. Times are readings of the
// monotonic clock.
type entry struct {
	// snapshot is nil if all that is known is a failure.
	*snapshot
	// err is what a check returns.
	err error
	// learnedAt is when the snapshot was true: the time of the request, or the
	// event's timestamp.
	learnedAt int64
	// eventAt is when the last event that matters was received.
	eventAt int64
	// refreshAt is when checks begin to renew the entry, freshUntil the end of its
	// time to live, usableUntil the end of the time in which it may be stale.
	refreshAt, freshUntil, usableUntil int64
	// epoch is the store's when the entry was last compared with it.
	epoch uint64
	// failure is set if the last load failed.
	failure *failure
}

// newEntry returns an entry with the times that the options give it.
func (c *Cache) newEntry(s *snapshot, learnedAt, eventAt int64, epoch uint64) *entry {
	e := &entry{snapshot: s, learnedAt: learnedAt, eventAt: eventAt, epoch: epoch}
	ttl, ahead := c.ttl, c.ttl/5
	if s.State == nil {
		e.err = errDeleted
		ttl, ahead = c.negativeTTL, 0
	}
	e.freshUntil = learnedAt + int64(ttl)
	e.usableUntil = e.freshUntil + int64(c.maxStale)
	if s.Doubtful {
		return e
	}
	e.refreshAt = e.freshUntil
	if ahead > 0 {
		// Instances that learned something together should not refresh together.
		e.refreshAt -= int64(ahead/2) + rand.Int64N(int64(ahead/2)+1)
	}
	return e
}

// receivedEntry returns an entry for a snapshot that was received just now, in
// an event or from the store.
func (c *Cache) receivedEntry(s *snapshot) *entry {
	m := c.clock.moment()
	eventAt := noEvent
	if !s.Loaded || s.Doubtful {
		eventAt = m.mono
	}
	return c.newEntry(s, m.mono-int64(m.age(s.AsOf, c.margin)), eventAt, c.unconfirmedEpoch())
}

func (e *entry) fresh(now int64) bool { return now < e.freshUntil && !e.Doubtful }

// settledAt is when the service has caught up with the last event.
func (c *Cache) settledAt(e *entry) int64 { return e.eventAt + int64(c.margin) + 1 }

// merge returns what is known after news arrives, old itself if nothing has
// changed. Either may be nil.
func (c *Cache) merge(old, news *entry) *entry {
	switch {
	case old == nil:
		return news
	case news == nil:
		return old
	}
	switch s := combine(old.snapshot, news.snapshot, c.margin); {
	case s == news.snapshot && news.Loaded:
		return c.replaceByLoaded(old, news)
	case s == news.snapshot:
		return news
	case s != old.snapshot:
		return c.newEntry(s, old.learnedAt, news.eventAt, old.epoch)
	case news.Loaded && !old.Loaded && relate(old.snapshot, news.snapshot, c.margin) == recent:
		return c.keepEvent(old, news)
	}
	return old
}

// replaceByLoaded returns news, a response of the service, with the doubts that
// an event leaves about it.
func (c *Cache) replaceByLoaded(old, news *entry) *entry {
	doubt := old.Doubtful
	if !old.Loaded {
		doubt = relate(old.snapshot, news.snapshot, c.margin) != older
	}
	if !doubt || news.learnedAt >= c.settledAt(old) {
		return news
	}
	if news.learnedAt < old.eventAt {
		// The event came after the request. A check made since then must see it.
		return c.newEntry(news.doubtful(), news.learnedAt, old.eventAt, news.epoch)
	}
	// The service may lag. It has caught up when the margin has passed.
	e := *news
	e.eventAt = old.eventAt
	e.freshUntil = min(e.freshUntil, c.settledAt(old))
	e.refreshAt = min(e.refreshAt, e.freshUntil)
	return &e
}

// keepEvent returns old, an event that the service may not have caught up with
// when it sent the response news. The service is asked again once it has.
func (c *Cache) keepEvent(old, news *entry) *entry {
	e := *old
	if e.State == nil {
		// A short time to live must not end before that.
		e = *c.newEntry(old.snapshot, max(old.learnedAt, news.learnedAt), old.eventAt, old.epoch)
	}
	e.refreshAt = min(e.refreshAt, c.settledAt(old))
	return &e
}

// datedAfter returns e, a response of the service, with a date that agrees with
// what was known before the request: it is later than that of another response,
// and since an event was received, the service's clock has advanced at least as
// far as the monotonic clock here.
func (c *Cache) datedAfter(e, known *entry) *entry {
	if known == nil {
		return e
	}
	s := *e.snapshot
	bound := known.AsOf.Add(1)
	if !known.Loaded {
		bound = known.AsOf.Add(time.Duration(e.learnedAt - known.eventAt))
	}
	ahead := bound.Sub(s.AsOf)
	if ahead <= 0 {
		return e
	}
	s.Uncertainty += ahead // the clock may have been set back since
	s.AsOf = bound
	dated := *e
	dated.snapshot = &s
	return &dated
}
