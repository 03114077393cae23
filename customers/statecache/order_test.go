package statecache_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// history is the history of one customer, with the least that a check must know.
type history struct {
	t      *testing.T
	c      *statecache.Cache
	s      *fakeService
	key    string
	skew   time.Duration // by which this machine's clock is ahead
	events []webhook.Event
	// deletions are the versions in which the customer does not exist.
	deletions []int
	// floor is the latest version that a check or an event has shown.
	floor int
	log   strings.Builder
}

func (h *history) note(format string, args ...any) { fmt.Fprintf(&h.log, format+"; ", args...) }

// change makes a new version and records its event.
func (h *history) change(remove bool) {
	time.Sleep(time.Microsecond)
	var e webhook.Event
	if remove {
		e = h.s.remove(h.key)
		h.deletions = append(h.deletions, h.s.version)
		if h.s.version%2 == 0 {
			e = withoutExternalID(e) // as by default
		}
	} else {
		e = h.s.change(h.key)
	}
	e.Timestamp = e.Timestamp.Add(-h.skew)
	e.ID = fmt.Sprint(h.s.version)
	h.events = append(h.events, e)
	h.note("change to %d (deleted: %v)", h.s.version, remove)
}

// deliver gives the cache an event, possibly one that it has had before.
func (h *history) deliver(i int) {
	h.note("deliver %s", h.events[i].ID)
	if err := h.c.Apply(context.Background(), h.events[i]); err != nil {
		h.t.Error(err)
	}
	h.floor = max(h.floor, i+1)
}

// check fails the test if the cache returns an older version than floor. It may
// do so only while the service is slow, marked as stale.
func (h *history) check(floor int, slow bool) {
	a, err := h.c.GetByExternalID(context.Background(), h.key)
	if a.Stale {
		if !slow {
			h.t.Errorf("stale: %s", h.log.String())
		}
		return
	}
	got := version(a)
	if errors.Is(err, polar.ErrNotFound) {
		// One of the deletions must be late enough.
		i := slices.IndexFunc(h.deletions, func(v int) bool { return v >= floor })
		if i < 0 {
			h.t.Errorf("gone, but known in version %d: %s", floor, h.log.String())
			return
		}
		got = h.deletions[i]
	} else if err != nil {
		h.t.Errorf("%v: %s", err, h.log.String())
		return
	}
	if got < floor {
		h.t.Errorf("version %d after %d: %s", got, floor, h.log.String())
	}
	h.floor = max(h.floor, got)
}

// TestOrder plays histories of one customer in which events arrive late, twice
// and out of order, before, during and after requests. After a check or an event
// has shown a version, no check may return an older one.
func TestOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s, statecache.WithMaxEntries(100), statecache.WithLoadTimeout(time.Hour))
		for i := range histories {
			if t.Failed() {
				t.Fatalf("seed %d, history %d", seed, i)
			}
			synctest.Wait() // a request of the last history may be under way
			s.version, s.deleted = 0, false
			h := &history{t: t, c: c, s: s, key: fmt.Sprint("u", i), skew: time.Duration(r.IntN(2)) * time.Duration(r.Int64N(int64(2*time.Second)))}
			h.play(r)
		}
	})
}

func (h *history) play(r *rand.Rand) {
	var pending chan struct{} // lets a pending request continue
	done := make(chan struct{})
	release := func() {
		if pending != nil {
			h.note("response")
			close(pending)
			pending = nil
			<-done
			synctest.Wait() // the check may have returned before
		}
	}
	for range 4 + r.IntN(12) {
		switch n := r.IntN(20); {
		case n < 5:
			h.change(r.IntN(5) == 0)
		case n < 11 && len(h.events) > 0:
			h.deliver(r.IntN(len(h.events)))
		case n < 15 && pending == nil:
			h.note("check")
			h.check(h.floor, false)
		case n < 17 && pending == nil:
			// The response shows the present but arrives later.
			h.note("ask")
			pending = make(chan struct{})
			h.s.hold = pending
			floor := h.floor
			done = make(chan struct{})
			go func(done chan struct{}) {
				defer close(done)
				h.check(floor, true)
			}(done)
			synctest.Wait()
			h.s.hold = nil
		case n < 18:
			release()
		default:
			time.Sleep([]time.Duration{time.Millisecond, time.Second, 4 * time.Second, 7 * time.Second, 6 * time.Minute}[r.IntN(5)])
		}
	}
	release()
	h.check(h.floor, false)
	// After all events, checks return the latest version.
	for _, i := range r.Perm(len(h.events)) {
		h.deliver(i)
	}
	h.check(h.floor, false)
}
