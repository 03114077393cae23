package redisstore

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/polarexpress/polar-go/webhook"
)

const (
	// claimTTL is when the claim of a process that has died expires. The service
	// waits ten seconds for a response, and then retries for most of an hour.
	claimTTL = time.Minute
	// handledTTL is longer than the service retries.
	handledTTL = 2 * time.Hour
)

// handledMark is the value of a handled event. Other values are claims.
const handledMark = "handled"

// Deduplicator is a [webhook.Deduplicator] that processes share. It is safe for
// concurrent use.
//
// When Redis is not available, Claim fails, and [webhook.Handler] responds with
// 503 to every event unless [webhook.WithFailOpen] is set. The service retries,
// and disables an endpoint whose last ten events have all failed for good. A
// handler that only calls [statecache.Cache.Apply] needs no deduplicator: Apply
// ignores what it has seen.
//
// [statecache.Cache.Apply]: https://pkg.go.dev/github.com/polarexpress/polar-go/customers/statecache#Cache.Apply
type Deduplicator struct {
	store *Store

	mu sync.Mutex
	// claims has the values of this process's claims by event ID, oldest first.
	// There is more than one if a claim expired before it was settled.
	claims map[string][]string
}

// Deduplicator returns a deduplicator that keeps the IDs of events beside the
// states.
func (s *Store) Deduplicator() *Deduplicator {
	return &Deduplicator{store: s, claims: map[string][]string{}}
}

var _ webhook.Deduplicator = (*Deduplicator)(nil)

// claimScript returns the value of the key. It sets the key if it has none.
var claimScript = rueidis.NewLuaScript(`
local value = redis.call('GET', KEYS[1])
if value then return value end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`)

// Claim reserves an event unless it is in progress or handled. A claim that is
// not settled expires after a minute.
func (d *Deduplicator) Claim(ctx context.Context, id string) (webhook.Claim, error) {
	claim := rand.Text()
	value, err := claimScript.Exec(ctx, d.store.client, []string{d.key(id)}, []string{claim, millis(claimTTL)}).ToString()
	switch {
	case err != nil:
		return 0, err
	case value == handledMark:
		return webhook.Handled, nil
	case value != claim:
		return webhook.InProgress, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.claims[id] = append(d.claims[id], claim)
	return webhook.Claimed, nil
}

// releaseScript deletes the key if it still has the value of the claim.
var releaseScript = rueidis.NewLuaScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

// Settle ends a claim. A handled event is remembered for two hours, even if the
// claim has expired. Otherwise the event can be claimed again, unless the claim
// has expired and another caller has claimed or handled the event.
func (d *Deduplicator) Settle(ctx context.Context, id string, handled bool) error {
	claim := d.popClaim(id)
	if handled {
		b := d.store.client.B()
		return d.store.client.Do(ctx, b.Set().Key(d.key(id)).Value(handledMark).Px(handledTTL).Build()).Error()
	}
	return releaseScript.Exec(ctx, d.store.client, []string{d.key(id)}, []string{claim}).Error()
}

// popClaim removes and returns the oldest claim of this process. If several
// callers overlap because claims have expired, the last of them to settle gets
// the claim that may still be valid. So no caller releases another's.
func (d *Deduplicator) popClaim(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	claims := d.claims[id]
	if len(claims) <= 1 {
		delete(d.claims, id)
	} else {
		d.claims[id] = claims[1:]
	}
	if len(claims) == 0 {
		return ""
	}
	return claims[0]
}

func (d *Deduplicator) key(id string) string { return d.store.prefix + "event:" + id }
