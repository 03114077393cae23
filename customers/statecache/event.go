package statecache

import (
	"context"
	"slices"

	"github.com/polarexpress/polar-go/customers/webhook"
)

// Apply takes in what an event says. It is made to be given to
// [webhook.Handler]:
//
//	events, err := webhook.Handler(secret, cache.Apply)
//
// A new state takes the place of the one in memory, a deletion that of any, if
// they are news: late and repeated events change nothing. What nobody has asked
// about is not brought into memory. Events that say nothing about what a
// customer may do are ignored.
//
// When Apply returns, checks of this instance see the event. The error is
// [ErrStore] if it could not be shared with others, which then see it when
// their time to live ends, or when the service delivers it again, as it does
// if this error is passed on.
func (c *Cache) Apply(ctx context.Context, event webhook.Event) error {
	news := &knowledge{AsOf: event.Timestamp}
	var externalID *string
	switch {
	case event.State != nil:
		news.ID, externalID = event.State.ID, event.State.ExternalID
		if event.State.DeletedAt == nil {
			news.State = event.State
		}
	case event.Type == webhook.CustomerDeleted && event.Customer != nil:
		news.ID, externalID = event.Customer.ID, event.Customer.ExternalID
	default:
		return nil
	}
	byID := key{id: news.ID}
	keys := []key{byID}
	if externalID != nil {
		keys = append(keys, key{id: *externalID, external: true})
	}
	if news.State == nil {
		return c.applyDeletion(ctx, news, keys)
	}
	c.told(c.learn(news, keys...))
	return c.share(ctx, news, keys...)
}

// applyDeletion takes in that a customer is gone. The service may tell so
// without the external ID, which is then in memory, or in what other instances
// have shared.
func (c *Cache) applyDeletion(ctx context.Context, news *knowledge, keys []key) error {
	byID := keys[0]
	c.mu.Lock()
	if known, ok := c.externalIDs[news.ID]; ok && len(keys) == 1 {
		keys = append(keys, key{id: known, external: true})
	}
	if len(keys) == 1 {
		// It may be on its way. To answers about others it means nothing.
		for k, f := range c.flights {
			if k.external {
				f.told = append(f.told, news)
			}
		}
	}
	if _, ok := c.memory.GetEntryQuietly(byID); !ok {
		// Later than what late events will say. See learn.
		c.put(byID, c.entry(news, c.epoch.Load()))
	}
	c.mu.Unlock()
	c.told(c.learn(news, keys...))
	if c.store == nil {
		return nil
	}
	return c.withStore(ctx, func(ctx context.Context) error {
		if len(keys) == 1 {
			value, err := c.store.Get(ctx, byID.name())
			if err != nil {
				return err
			}
			if shared := decode(value); shared != nil && shared.State != nil && shared.State.ExternalID != nil {
				keys = append(keys, key{id: *shared.State.ExternalID, external: true})
			}
		}
		// What is shared by ID goes last: until then it leads here again.
		slices.Reverse(keys)
		return c.shareKeys(ctx, news, keys)
	})
}

func (c *Cache) told(news bool) {
	if c.hooks.Event != nil {
		c.hooks.Event(news)
	}
}

// learn merges news into what is in memory or on its way there, and reports
// whether that changed anything.
func (c *Cache) learn(news *knowledge, keys ...key) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.memory.GetEntryQuietly(key{id: news.ID}); ok && e.Value.ends(news) {
		news = e.Value.knowledge
	}
	for _, k := range keys {
		if f := c.flights[k]; f != nil {
			f.told = append(f.told, news)
		}
		e, ok := c.memory.GetEntryQuietly(k)
		if !ok {
			continue
		}
		if merged := merge(e.Value.knowledge, news, c.margin); merged != e.Value.knowledge {
			c.put(k, c.entry(merged, e.Value.epoch))
			changed = true
		}
	}
	return changed
}
