package statecache

import (
	"context"

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
	if externalID == nil && news.State == nil {
		externalID = c.externalID(ctx, news.ID)
	}
	keys := []key{{id: news.ID}}
	if externalID != nil {
		keys = append([]key{{id: *externalID, external: true}}, keys...)
	}
	learned := false
	for _, k := range keys {
		learned = c.learn(k, news) || learned
	}
	if c.hooks.Event != nil {
		c.hooks.Event(learned)
	}
	for _, k := range keys {
		// In order: what is shared by ID still leads a repeated deletion to the
		// external ID.
		if err := c.share(ctx, k, news); err != nil {
			return err
		}
	}
	return nil
}

// externalID finds the external ID of a customer who is reported deleted
// without it: in memory, or in what other instances have shared.
func (c *Cache) externalID(ctx context.Context, id string) *string {
	c.mu.Lock()
	known, ok := c.externalIDs[id]
	c.mu.Unlock()
	if ok {
		return &known
	}
	stored, err := c.recall(ctx, key{id: id})
	if err != nil || stored == nil || stored.State == nil {
		return nil
	}
	return stored.State.ExternalID
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
