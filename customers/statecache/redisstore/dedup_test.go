package redisstore_test

import (
	"context"
	"testing"

	"github.com/redis/rueidis"

	"github.com/polarexpress/polar-go/customers/statecache/redisstore"
	"github.com/polarexpress/polar-go/webhook"
)

// dedupTest claims and settles one event.
type dedupTest struct {
	*testing.T
	server *server
}

func (t dedupTest) claim(d webhook.Deduplicator, want webhook.Claim) {
	t.Helper()
	if got, err := d.Claim(context.Background(), "e"); err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

func (t dedupTest) settle(d webhook.Deduplicator, handled bool) {
	t.Helper()
	if err := d.Settle(context.Background(), "e", handled); err != nil {
		t.Error(err)
	}
}

// expire lets the claim of the event expire now, as if a minute had passed.
func (t dedupTest) expire() {
	t.Helper()
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{t.server.addr}, DisableCache: true})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ttl, err := client.Do(context.Background(), client.B().Pttl().Key(redisstore.Prefix+"event:e").Build()).AsInt64()
	if err != nil || ttl <= 0 || ttl > 60_000 {
		t.Fatalf("the claim expires in %d ms, %v", ttl, err)
	}
	if err := client.Do(context.Background(), client.B().Del().Key(redisstore.Prefix+"event:e").Build()).Error(); err != nil {
		t.Fatal(err)
	}
}

func TestDeduplicator(t *testing.T) {
	s := startServer(t)
	a, b := s.store().Deduplicator(), s.store().Deduplicator()
	dt := dedupTest{t, s}
	dt.claim(a, webhook.Claimed)
	dt.claim(a, webhook.InProgress)
	dt.claim(b, webhook.InProgress)
	dt.settle(a, false)
	dt.claim(b, webhook.Claimed)
	dt.settle(b, true)
	dt.claim(a, webhook.Handled)
	dt.claim(b, webhook.Handled)
	s.stop()
	if _, err := a.Claim(context.Background(), "f"); err == nil {
		t.Error("claimed without a server")
	}
}

// A caller that settles after its claim has expired does not release the next
// caller's claim, in another process or in the same.
func TestExpiredClaim(t *testing.T) {
	for name, sameProcess := range map[string]bool{"two processes": false, "one process": true} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t)
			dt := dedupTest{t, s}
			a := s.store().Deduplicator()
			b, other := a, s.store().Deduplicator()
			if !sameProcess {
				b = s.store().Deduplicator()
			}

			dt.claim(a, webhook.Claimed)
			dt.expire()
			dt.claim(b, webhook.Claimed)
			dt.settle(a, false) // late
			dt.claim(other, webhook.InProgress)
			dt.settle(b, true)
			dt.claim(other, webhook.Handled)
		})
		t.Run(name+", settled in the other order", func(t *testing.T) {
			s := startServer(t)
			dt := dedupTest{t, s}
			a := s.store().Deduplicator()
			b, other := a, s.store().Deduplicator()
			if !sameProcess {
				b = s.store().Deduplicator()
			}

			dt.claim(a, webhook.Claimed)
			dt.expire()
			dt.claim(b, webhook.Claimed)
			dt.settle(b, true)
			dt.settle(a, false) // late
			dt.claim(other, webhook.Handled)
		})
	}
}

// An event that was handled late is handled, even if another caller fails then.
func TestExpiredClaimHandled(t *testing.T) {
	s := startServer(t)
	dt := dedupTest{t, s}
	a, b := s.store().Deduplicator(), s.store().Deduplicator()
	dt.claim(a, webhook.Claimed)
	dt.expire()
	dt.claim(b, webhook.Claimed)
	dt.settle(a, true) // late
	dt.settle(b, false)
	dt.claim(b, webhook.Handled)
}
