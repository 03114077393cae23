package statecache

import (
	"context"
	"slices"

	"github.com/polarexpress/polar-go/webhook"
)

// Apply updates the cache from an event. It has the signature that
// [webhook.Handler] takes:
//
//	events, err := webhook.Handler(secret, cache.Apply)
//
// A customer.state_changed event replaces the customer's state, and a
// customer.deleted event removes it. Apply ignores other events. Late, repeated
// and reordered events do no harm, because Apply orders events by their
// timestamps; it needs no [webhook.Deduplicator].
//
// When Apply returns, this instance's checks see the event, including the
// first check of a customer that nobody has asked for. See [WithClockMargin]
// for what happens when the service lags behind its own events.
//
// Apply returns an error that matches [ErrStore] if it could not write the event
// to the store. This instance's checks see the event nevertheless. Other
// instances see it when the service delivers it again, which it does if the
// handler passes the error on, and otherwise when their time to live ends. The
// error matches [webhook.ErrPayload] if the event cannot be decoded.
func (c *Cache) Apply(ctx context.Context, event webhook.Event) error {
	if ctx == nil {
		return errNilContext
	}
	change, err := decodeEvent(event)
	if err != nil || change == nil {
		return err
	}
	keys := []key{{id: change.ID}}
	if change.externalID != nil {
		keys = append(keys, key{id: *change.externalID, external: true})
	}
	if change.State == nil {
		return c.applyDeletion(ctx, change.snapshot, keys)
	}
	c.reportEvent(c.learn(change.snapshot, keys...))
	return c.share(ctx, change.snapshot, keys...)
}

// applyDeletion handles the deletion of a customer. The event may lack the
// external ID, which is then in memory or in the store.
func (c *Cache) applyDeletion(ctx context.Context, deletion *snapshot, keys []key) error {
	byID := keys[0]
	if len(keys) == 1 {
		if externalID, ok := c.externalIDOf(deletion.ID); ok {
			keys = append(keys, key{id: externalID, external: true})
		}
	}
	c.rememberCustomer(byID, deletion)
	c.reportEvent(c.learn(deletion, keys...))
	if c.store == nil {
		return nil
	}
	return c.useStore(ctx, func(ctx context.Context) error {
		if len(keys) == 1 {
			value, err := c.store.Get(ctx, byID.String())
			if err != nil {
				return err
			}
			if shared := decodeSnapshot(value); shared != nil && shared.State != nil && shared.State.ExternalID != nil {
				keys = append(keys, key{id: *shared.State.ExternalID, external: true})
			}
		}
		// The value by ID goes last: until then it leads to the external ID.
		slices.Reverse(keys)
		return c.shareKeys(ctx, deletion, keys)
	})
}

// externalIDOf returns the external ID of a customer, if memory knows it.
func (c *Cache) externalIDOf(id string) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if externalID, ok := c.externalIDs[id]; ok {
		return externalID, true
	}
	if e := c.lookup(key{id: id}); e != nil && e.State != nil && e.State.ExternalID != nil {
		return *e.State.ExternalID, true
	}
	return "", false
}

// rememberCustomer keeps what is known by ID in memory even if nobody has asked,
// so that late events do not bring a deleted customer back.
func (c *Cache) rememberCustomer(byID key, deletion *snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.lookup(byID)
	if e == nil {
		e = c.receivedEntry(deletion)
	}
	c.put(byID, e)
}

func (c *Cache) reportEvent(changed bool) {
	if c.hooks.Event != nil {
		c.hooks.Event(changed)
	}
}

// learn merges news into what is known locally under the keys, and reports
// whether it changed an entry in memory.
func (c *Cache) learn(news *snapshot, keys ...key) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.lookup(key{id: news.ID}); e != nil && e.supersedes(news) {
		news = e.snapshot
	}
	for _, k := range keys {
		received := c.receivedEntry(news)
		old := c.lookup(k)
		switch {
		case old != nil:
			received.epoch = old.epoch
		case c.mayBeOutdated(k, received):
			received = c.receivedEntry(news.doubtful())
		}
		if merged := c.merge(old, received); merged != old && c.update(k, merged) {
			changed = true
		}
	}
	return changed
}

// mayBeOutdated reports whether an event about which nothing else is known is so
// late that a newer one may have come and been forgotten. A deletion by ID is final.
func (c *Cache) mayBeOutdated(k key, e *entry) bool {
	final := e.State == nil && !k.external
	return !e.Loaded && !final && e.eventAt-e.learnedAt > int64(c.margin)
}

// lookup returns what memory knows about a customer, or nil. Cache.mu is held.
func (c *Cache) lookup(k key) *entry {
	if e, ok := c.memory.GetEntryQuietly(k); ok && e.Value.snapshot != nil {
		return e.Value
	}
	return c.recents.get(k, c.clock.now())
}

// update replaces what is known about a customer. An entry that nobody has
// asked for stays among the recent ones; update then returns false. Cache.mu is held.
func (c *Cache) update(k key, e *entry) (inMemory bool) {
	if old, ok := c.memory.GetEntryQuietly(k); ok && old.Value.snapshot != nil {
		c.put(k, e)
		return true
	}
	c.recents.put(k, e, c.clock.now())
	return false
}

// put keeps an entry in memory. Cache.mu is held.
func (c *Cache) put(k key, e *entry) {
	now := c.clock.now()
	c.coarse.Store(now)
	c.memory.Set(k, e)
	if e.snapshot == nil {
		return
	}
	c.recents.put(k, e, now)
	if k.external && e.State != nil {
		c.externalIDs[e.State.ID] = k.id
	}
}
