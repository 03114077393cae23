package redisstore

import (
	"context"
	"time"

	"github.com/redis/rueidis"

	"github.com/polarexpress/polar-go/webhook"
)

const (
	// claimTTL is when the claim of a process that died lapses. The service
	// waits ten seconds for an answer, and then tries again for most of an hour.
	claimTTL = time.Minute
	// handledTTL outlasts the service's own repetitions.
	handledTTL = 2 * time.Hour
)

// Deduplicator is a [webhook.Deduplicator] that processes share.
type Deduplicator struct {
	store *Store
}

// Deduplicator returns one that keeps the IDs of events beside the states.
func (s *Store) Deduplicator() *Deduplicator { return &Deduplicator{s} }

var _ webhook.Deduplicator = (*Deduplicator)(nil)

var claimScript = rueidis.NewLuaScript(`
local have = redis.call('GET', KEYS[1])
if have then return have end
redis.call('SET', KEYS[1], 'claimed', 'PX', ARGV[1])
return 'new'`)

// Claim takes the event on, if nobody has. A claim that is not settled lapses
// after a minute.
func (d *Deduplicator) Claim(ctx context.Context, id string) (webhook.Claim, error) {
	state, err := claimScript.Exec(ctx, d.store.client, []string{d.key(id)}, []string{millis(claimTTL)}).ToString()
	switch {
	case err != nil:
		return 0, err
	case state == "new":
		return webhook.Claimed, nil
	case state == "handled":
		return webhook.Handled, nil
	}
	return webhook.InProgress, nil
}

// Settle ends a claim. That an event was handled is remembered for two hours.
func (d *Deduplicator) Settle(ctx context.Context, id string, handled bool) error {
	b := d.store.client.B()
	if handled {
		return d.store.client.Do(ctx, b.Set().Key(d.key(id)).Value("handled").Px(handledTTL).Build()).Error()
	}
	return d.store.client.Do(ctx, b.Del().Key(d.key(id)).Build()).Error()
}

func (d *Deduplicator) key(id string) string { return d.store.prefix + "event:" + id }
