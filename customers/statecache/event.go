package statecache

import (
	"context"
	"errors"

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
	if externalID != nil && *externalID != "" {
		keys = append(keys, key{id: *externalID, external: true})
	}
	learned := false
	for _, k := range keys {
		learned = c.learn(k, news) || learned
	}
	if c.hooks.Event != nil {
		c.hooks.Event(learned)
	}
	var errs []error
	for _, k := range keys {
		errs = append(errs, c.share(ctx, k, news))
	}
	return errors.Join(errs...)
}

// learn merges news into what is in memory or on its way there.
func (c *Cache) learn(k key, news *knowledge) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flights[k]; f != nil {
		f.told = append(f.told, news)
	}
	e, ok := c.memory.GetEntryQuietly(k)
	if !ok {
		return false
	}
	merged := merge(e.Value.knowledge, news, c.margin)
	if merged == e.Value.knowledge {
		return false
	}
	c.put(k, c.entry(merged, e.Value.epoch))
	return true
}
