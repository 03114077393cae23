package statecache_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// storm is a service with many customers whose responses lag, and which fails
// for one of them.
type storm struct {
	lag      time.Duration
	mu       sync.Mutex
	changes  map[string][]time.Time // by external ID; a customer's version is their number
	requests map[string]int
}

// versionAt returns a customer's version at a time.
func (s *storm) versionAt(externalID string, at time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, changed := range s.changes[externalID] {
		if !changed.After(at) {
			n++
		}
	}
	return n
}

func (s *storm) GetStateByExternalID(ctx context.Context, externalID string, _ ...polar.CallOption) (*customers.State, error) {
	s.mu.Lock()
	s.requests[externalID]++
	s.mu.Unlock()
	if externalID == "poisoned" {
		return nil, &polar.Error{StatusCode: 500}
	}
	version := s.versionAt(externalID, time.Now().Add(-s.lag))
	select {
	case <-time.After(50 * time.Millisecond):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return stormState(externalID, version), nil
}

func (s *storm) GetState(context.Context, string, ...polar.CallOption) (*customers.State, error) {
	return nil, errors.New("not used")
}

func stormState(externalID string, version int) *customers.State {
	return &customers.State{ID: "id-" + externalID, ExternalID: &externalID, Metadata: customers.Metadata{"version": int64(version)}}
}

// change makes a new version and returns its event.
func (s *storm) change(externalID string) (version int, event webhook.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes[externalID] = append(s.changes[externalID], time.Now())
	version = len(s.changes[externalID])
	return version, stateEvent(stormState(externalID, version))
}

// TestStorm plays an hour in which everything goes wrong at once: events arrive
// late, twice, out of order, before the first check, or not at all; the service
// lags by a second; one customer always fails; the clock is set back, and later
// forward. No state is older than its time to live plus the lag, none is stale,
// and checks see the events.
func TestStorm(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		const (
			ttl    = time.Minute
			margin = 5 * time.Second
			n      = 100
		)
		r := rand.New(rand.NewPCG(seed, 0))
		s := &storm{lag: time.Second, changes: map[string][]time.Time{}, requests: map[string]int{}}
		wall := &wallClock{}
		c := newCache(t, s, statecache.WithTTL(ttl), statecache.WithClockMargin(margin))
		c.SetWallClock(wall.read)

		type delivery struct {
			version int
			at      time.Time
		}
		var mu sync.Mutex
		delivered, checked := map[string][]delivery{}, map[string]bool{}
		deliver := func(externalID string, version int, event webhook.Event, delay time.Duration) {
			time.Sleep(delay)
			mu.Lock()
			defer mu.Unlock()
			apply(t, c, event)
			delivered[externalID] = append(delivered[externalID], delivery{version, time.Now()})
		}
		check := func(externalID string) {
			begun := time.Now()
			mu.Lock()
			known := checked[externalID]
			checked[externalID] = true
			floor := 0 // delivered long enough ago, or before the first check
			for _, d := range delivered[externalID] {
				if !known || begun.Sub(d.at) > margin {
					floor = max(floor, d.version)
				}
			}
			mu.Unlock()
			a, err := c.GetByExternalID(context.Background(), externalID)
			switch got := version(a); {
			case err != nil || a.Stale:
				t.Errorf("%v: customer %s: %+v, %v", begun, externalID, a, err)
			case got < floor:
				t.Errorf("%v: customer %s: version %d after an event about version %d; first check: %v", begun, externalID, got, floor, !known)
			case got < s.versionAt(externalID, begun.Add(-ttl-s.lag)):
				t.Errorf("%v: customer %s: version %d is too old: %v", begun, externalID, got, s.changes[externalID])
			}
		}

		var running sync.WaitGroup
		time.Sleep(time.Hour)
		for i := range 60 * 60 * 5 {
			if t.Failed() {
				break
			}
			switch i {
			case 6 * 60 * 5:
				wall.set(-6 * time.Minute)
			case 25 * 60 * 5:
				wall.set(0)
			case 40 * 60 * 5:
				wall.set(30 * time.Minute)
			}
			// Some customers are asked for much more often than others.
			customer := func() string { return fmt.Sprint(int(n * r.Float64() * r.Float64())) }
			if r.IntN(20) == 0 {
				externalID := customer()
				version, event := s.change(externalID)
				for range r.IntN(3) { // 0 is a lost event
					delay := []time.Duration{0, 100 * time.Millisecond, time.Second, 3 * time.Second, time.Minute, 20 * time.Minute}[r.IntN(6)]
					running.Go(func() { deliver(externalID, version, event, delay) })
				}
			}
			for range r.IntN(4) {
				externalID := customer()
				running.Go(func() { check(externalID) })
			}
			if i%5 == 0 {
				running.Go(func() {
					if _, err := c.GetByExternalID(context.Background(), "poisoned"); err == nil {
						t.Error("the poisoned customer was found")
					}
				})
			}
			time.Sleep(200 * time.Millisecond)
		}
		running.Wait()
		total := 0
		for _, n := range s.requests {
			total += n
		}
		t.Logf("%d requests, %d of them for the poisoned customer", total, s.requests["poisoned"])
		if total > 10_000 || s.requests["poisoned"] > 300 {
			t.Error("too many requests")
		}
	})
}
