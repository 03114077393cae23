package statecache_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

func TestHitsAskOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s)
		for range 3 {
			a := get(t, c, "u")
			if a.Stale || a.Cause != nil || a.State.ID != "id-u" || !a.AsOf.Equal(time.Now()) {
				t.Errorf("got %+v", a)
			}
		}
		want(t, "requests", s.requests(), 1)
		for _, id := range []string{"ABC", "abc"} {
			if a, err := c.Get(t.Context(), id); err != nil || a.State.ID != "abc" {
				t.Errorf("by ID: %+v, %v", a, err)
			}
		}
		want(t, "requests by ID", s.requests(), 1)
	})
}

func TestStampede(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{delay: time.Second}
		c := newCache(t, s)
		var wg sync.WaitGroup
		var wrong atomic.Int32
		for range 10_000 {
			wg.Go(func() {
				if a, err := c.GetByExternalID(context.Background(), "u"); err != nil || a.State.ID != "id-u" {
					wrong.Add(1)
				}
			})
		}
		wg.Wait()
		want(t, "requests", s.requests(), 1)
		want(t, "wrong states", wrong.Load(), int32(0))
	})
}

// A caller that gives up does not cancel the load for others.
func TestCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{delay: time.Second}
		c := newCache(t, s)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.GetByExternalID(ctx, "u"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
		wg.Go(func() { get(t, c, "u") })
		wg.Wait()
		want(t, "requests", s.requests(), 1)
		if a, err := c.GetByExternalID(ctx, "u"); err != nil || a.Stale {
			t.Errorf("a hit minds its context: %+v, %v", a, err)
		}
	})
}

func TestRefreshAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s, statecache.WithTTL(10*time.Minute))
		get(t, c, "u")
		s.change("u")
		s.slow(time.Minute)
		time.Sleep(8*time.Minute - time.Second)
		want(t, "before the last fifth", version(get(t, c, "u")), 0)
		want(t, "requests", s.requests(), 1)
		time.Sleep(time.Minute + 2*time.Second)
		begun := time.Now()
		a := get(t, c, "u")
		if version(a) != 0 || a.Stale || time.Since(begun) != 0 {
			t.Errorf("a check waited or got another state: %+v after %v", a, time.Since(begun))
		}
		time.Sleep(10 * time.Second) // the load times out
		s.slow(time.Second)
		time.Sleep(time.Second)
		get(t, c, "u")
		time.Sleep(2 * time.Second)
		want(t, "after the refresh", version(get(t, c, "u")), 1)
		want(t, "requests", s.requests(), 2)
	})
}

func TestTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s, statecache.WithTTL(time.Minute))
		get(t, c, "u")
		s.change("u")
		time.Sleep(time.Minute)
		a := get(t, c, "u")
		if version(a) != 1 || a.Stale {
			t.Errorf("after the time to live: %+v", a)
		}
		want(t, "requests", s.requests(), 2)
	})
}

func TestNegative(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{deleted: true}
		c := newCache(t, s, statecache.WithNegativeTTL(30*time.Second))
		missing := func() {
			t.Helper()
			if a, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrNotFound) || a.State != nil || a.AsOf.IsZero() || a.State.HasProduct("p") {
				t.Errorf("got %+v, %v", a, err)
			}
		}
		for range 3 {
			missing()
		}
		want(t, "requests", s.requests(), 1)
		time.Sleep(30 * time.Second)
		missing()
		want(t, "requests after its time", s.requests(), 1)
		time.Sleep(time.Second)
		apply(t, c, s.change("u"))
		want(t, "version", version(get(t, c, "u")), 1)
		want(t, "requests after the event", s.requests(), 0)
	})
}

// During ten minutes without the service, checks return at once with a stale
// state, and few requests are sent.
func TestOutage(t *testing.T) {
	for name, fault := range map[string]error{
		"error":      &polar.Error{StatusCode: 503},
		"limit":      &polar.Error{StatusCode: 429, RetryAfter: time.Minute},
		"connection": errors.New("connection refused"),
		"hangs":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &fakeService{}
				c := newCache(t, s, statecache.WithTTL(time.Minute), statecache.WithMaxStale(15*time.Minute))
				const keys = 50
				for i := range keys {
					get(t, c, fmt.Sprint(i))
				}
				s.requests()
				s.change("0")
				if fault == nil {
					s.slow(time.Hour)
				}
				s.fail(fault)
				time.Sleep(time.Minute) // the time to live
				begun := time.Now()
				waits := 0
				for time.Since(begun) < 10*time.Minute {
					for i := range keys {
						asked := time.Now()
						a, err := c.GetByExternalID(t.Context(), fmt.Sprint(i))
						if err != nil || !a.Stale || version(a) != 0 || a.Cause == nil {
							t.Fatalf("after %v: %+v, %v", time.Since(begun), a, err)
						}
						if took := time.Since(asked); took > time.Second || took > 0 && fault != nil {
							t.Fatalf("after %v: a check took %v", time.Since(begun), took)
						} else if took > 0 {
							waits++
						}
						if fault != nil && !errors.Is(a.Cause, fault) {
							t.Fatalf("cause %v", a.Cause)
						}
					}
					time.Sleep(time.Second)
				}
				if n := s.requests(); n > 60 || waits > 2 {
					t.Errorf("%d requests in ten minutes, %d checks that waited", n, waits)
				}
				// An event needs no service.
				apply(t, c, s.change("0"))
				if a := get(t, c, "0"); version(a) != 2 || a.Stale {
					t.Errorf("after the event: %+v", a)
				}
				s.fail(nil)
				s.slow(0)
				time.Sleep(time.Minute) // the longest pause
				for i := range keys {
					get(t, c, fmt.Sprint(i))
				}
				synctest.Wait()
				for i := range keys {
					if a := get(t, c, fmt.Sprint(i)); a.Stale || version(a) != 2 || a.Cause != nil {
						t.Fatalf("after it recovered: %+v", a)
					}
				}
			})
		})
	}
}

func TestStaleBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s, statecache.WithTTL(time.Minute), statecache.WithMaxStale(5*time.Minute))
		get(t, c, "u")
		s.fail(polar.ErrServer)
		time.Sleep(6*time.Minute - time.Nanosecond)
		if a := get(t, c, "u"); !a.Stale {
			t.Errorf("within the bound: %+v", a)
		}
		time.Sleep(time.Nanosecond)
		if a, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrServer) || a.State != nil {
			t.Errorf("beyond the bound: %+v, %v", a, err)
		}
	})
}

func TestNoStaleness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s, statecache.WithMaxStale(0), statecache.WithTTL(time.Minute))
		get(t, c, "u")
		s.fail(polar.ErrServer)
		time.Sleep(time.Minute)
		if _, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrServer) {
			t.Errorf("got %v", err)
		}
	})
}

// That there is no such customer can be stale too.
func TestStaleNegative(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{deleted: true}
		c := newCache(t, s)
		for _, stale := range []bool{false, true} {
			a, err := c.GetByExternalID(t.Context(), "u")
			if !errors.Is(err, polar.ErrNotFound) || a.Stale != stale {
				t.Errorf("got %+v, %v", a, err)
			}
			s.fail(polar.ErrServer)
			time.Sleep(time.Minute)
		}
	})
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s, statecache.WithTTL(time.Minute), statecache.WithPatience(200*time.Millisecond))
		get(t, c, "u")
		s.change("u")
		s.slow(300 * time.Millisecond)
		time.Sleep(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if a, err := c.GetByExternalID(ctx, "u"); err != nil || !a.Stale {
			t.Errorf("a stale state is better than none: %+v, %v", a, err)
		}
		for _, wait := range []time.Duration{200 * time.Millisecond, 0} {
			begun := time.Now()
			a := get(t, c, "u")
			if took := time.Since(begun); !a.Stale || version(a) != 0 || a.Cause == nil || took != wait {
				t.Errorf("got %+v after %v", a, took)
			}
		}
		time.Sleep(100 * time.Millisecond)
		if a := get(t, c, "u"); a.Stale || version(a) != 1 {
			t.Errorf("got %+v", a)
		}
		want(t, "requests", s.requests(), 2)
	})
}

func TestMaxEntries(t *testing.T) {
	s := &fakeService{}
	c := newCache(t, s, statecache.WithMaxEntries(100))
	for i := range 10_000 {
		get(t, c, fmt.Sprint(i))
	}
	s.requests()
	for i := range 10_000 {
		get(t, c, fmt.Sprint(i))
	}
	if n := s.requests(); n < 9_000 {
		t.Errorf("%d of 10,000 were in a memory for 100", 10_000-n)
	}
}

func TestEventUpdatesInPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s)
		get(t, c, "u")
		if _, err := c.Get(t.Context(), "id-u"); err != nil {
			t.Fatal(err)
		}
		s.requests()
		time.Sleep(time.Second)
		event := s.change("u")
		apply(t, c, event)
		byID, err := c.Get(t.Context(), "id-u")
		if a := get(t, c, "u"); version(a) != 1 || a.Stale || !a.AsOf.Equal(event.Timestamp) || err != nil || version(byID) != 1 {
			t.Errorf("got %+v and %+v, %v", a, byID, err)
		}
		want(t, "requests", s.requests(), 0)
	})
}

func TestDeletionForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, deletedAt := range []bool{false, true} {
			s := &fakeService{}
			c := newCache(t, s)
			get(t, c, "u")
			time.Sleep(time.Second)
			late := s.change("u")
			time.Sleep(time.Second)
			gone := s.remove("u")
			if deletedAt {
				// The service also sends a state_changed event for a deletion.
				state := s.state("id-u", "u", s.version)
				state.DeletedAt = &gone.Timestamp
				gone = stateEvent(state)
			}
			s.requests()
			apply(t, c, gone)
			apply(t, c, late)
			if a, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrNotFound) || a.State != nil {
				t.Errorf("got %+v, %v", a, err)
			}
			want(t, "requests", s.requests(), 0)
		}
	})
}

// The event of a deletion lacks the external ID by default.
func TestDeletionWithoutExternalID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		store := newMemoryStore()
		alone := newCache(t, s)
		shared := instances(t, 3, s, store)
		for _, c := range []*statecache.Cache{alone, shared[0], shared[1]} {
			get(t, c, "u")
			synctest.Wait()
		}
		time.Sleep(time.Second)
		gone := withoutExternalID(s.remove("u"))
		s.requests()
		apply(t, alone, gone)
		apply(t, shared[2], gone) // which does not know the customer
		synctest.Wait()
		for i, c := range append(shared, alone) {
			if _, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrNotFound) {
				t.Errorf("instance %d: %v", i, err)
			}
		}
		want(t, "requests", s.requests(), 0)
	})
}

// A late event does not bring a deleted customer back, even if the event of the
// deletion lacked the external ID and nothing was known by external ID then.
func TestLateEventAfterDeletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{deleted: true}
		store := newMemoryStore()
		alone := newCache(t, s)
		shared := instances(t, 2, s, store)
		all := append(shared, alone)
		for _, c := range all {
			if _, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrNotFound) {
				t.Errorf("got %v", err)
			}
			synctest.Wait()
		}
		time.Sleep(time.Second)
		late := s.change("u")
		time.Sleep(time.Second)
		gone := withoutExternalID(s.remove("u"))
		for _, e := range []webhook.Event{gone, late} {
			apply(t, alone, e)
			synctest.Wait()
		}
		apply(t, shared[0], gone)
		synctest.Wait()
		apply(t, shared[1], late)
		synctest.Wait()
		for i, c := range all {
			if _, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrNotFound) {
				t.Errorf("instance %d: %v", i, err)
			}
		}
	})
}

// Another customer can have the external ID of a deleted one by the time the
// event of the deletion arrives.
func TestDeletionOfAnotherCustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		c := newCache(t, s)
		get(t, c, "u")
		time.Sleep(time.Second)
		external := "u"
		apply(t, c, deletionEvent("id-before", &external))
		if a := get(t, c, "u"); a.State.ID != "id-u" {
			t.Errorf("got %+v", a)
		}
	})
}

// The event can also arrive while the other customer is being loaded.
func TestDeletionOfAnotherCustomerDuringLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{delay: time.Second}
		c := newCache(t, s)
		external := "u"
		go func() {
			time.Sleep(500 * time.Millisecond)
			gone := deletionEvent("id-before", &external)
			gone.Timestamp = gone.Timestamp.Add(-time.Second)
			apply(t, c, gone)
		}()
		if a := get(t, c, "u"); a.State.ID != "id-u" {
			t.Errorf("got %+v", a)
		}
	})
}

// An event that is older than the state in memory is ignored. Within the margin,
// the service is asked.
func TestEventBesideAnswer(t *testing.T) {
	for _, tc := range []struct {
		age              time.Duration // of the event when the service was asked
		version, request int
	}{
		{time.Minute, 0, 0}, {6 * time.Second, 0, 0}, {5 * time.Second, 7, 1}, {time.Microsecond, 7, 1}, {0, 7, 1}, {-time.Microsecond, 1, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Hour)
			s := &fakeService{}
			c := newCache(t, s)
			asked := time.Now()
			get(t, c, "u")
			time.Sleep(time.Second)
			event := s.change("u")
			event.Timestamp = asked.Add(-tc.age)
			s.version = 7
			s.requests()
			apply(t, c, event)
			a := get(t, c, "u")
			if version(a) != tc.version || s.requests() != tc.request || a.Stale {
				t.Errorf("event %v older: got %+v", tc.age, a)
			}
			get(t, c, "u")
			want(t, "requests afterwards", s.requests(), 0)
		})
	}
}

// An event that arrives during a request is not lost, whether its timestamp is
// before or after the request.
func TestEventDuringLoad(t *testing.T) {
	for _, before := range []time.Duration{-time.Millisecond, time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			s := &fakeService{delay: time.Second}
			c := newCache(t, s)
			var got statecache.Answer
			done := make(chan struct{})
			asked := time.Now()
			go func() {
				defer close(done)
				got = get(t, c, "u")
			}()
			time.Sleep(500 * time.Millisecond)
			event := s.change("u")
			event.Timestamp = asked.Add(-before)
			apply(t, c, event)
			after := get(t, c, "u") // joins the load
			<-done
			if version(got) != 1 || version(after) != 1 {
				t.Errorf("event %v before the question: got %+v and then %+v", before, got, after)
			}
		})
	}
}

func TestIgnoredEvents(t *testing.T) {
	s := &fakeService{}
	var events int
	c := newCache(t, s, statecache.WithHooks(statecache.Hooks{Event: func(bool) { events++ }}))
	get(t, c, "u")
	for _, kind := range []webhook.Type{webhook.CustomerUpdated, webhook.MemberDeleted, webhook.OrderPaid, "something.new"} {
		apply(t, c, webhook.Event{Type: kind, Timestamp: time.Now(), Data: []byte(`{"id": "id-u", "external_id": "u"}`)})
	}
	want(t, "version", version(get(t, c, "u")), 0)
	want(t, "events reported", events, 0)
}

func TestUnreadableEvents(t *testing.T) {
	s := &fakeService{}
	c := newCache(t, s)
	get(t, c, "u")
	for _, kind := range []webhook.Type{webhook.CustomerStateChanged, webhook.CustomerDeleted} {
		for _, e := range []webhook.Event{
			{Timestamp: time.Now()},
			{Timestamp: time.Now(), Data: []byte("null")},
			{Timestamp: time.Now(), Data: []byte(`{"external_id": "u"}`)},
			{Timestamp: time.Now(), Data: []byte(`{"id": "id-u", "external_id": 7}`)},
			{Data: []byte(`{"id": "id-u", "external_id": "u"}`)},
		} {
			e.Type = kind
			if err := c.Apply(t.Context(), e); !errors.Is(err, webhook.ErrPayload) {
				t.Errorf("%s %s: got %v", kind, e.Data, err)
			}
		}
	}
	want(t, "version", version(get(t, c, "u")), 0)
}

func TestHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		add := func(format string, args ...any) { log = append(log, fmt.Sprintf(format, args...)) }
		s := &fakeService{}
		c := newCache(t, s, statecache.WithTTL(time.Minute), statecache.WithHooks(statecache.Hooks{
			Hit:   func(stale bool) { add("hit %v", stale) },
			Miss:  func() { add("miss") },
			Load:  func(took time.Duration, err error) { add("load %v %v", took, err != nil) },
			Event: func(news bool) { add("event %v", news) },
		}))
		get(t, c, "u")
		get(t, c, "u")
		time.Sleep(time.Second)
		event := s.change("u")
		apply(t, c, event)
		apply(t, c, event)
		apply(t, c, s.change("nobody"))
		s.fail(polar.ErrServer)
		time.Sleep(2 * time.Minute)
		get(t, c, "u")
		if got, want := fmt.Sprint(log), "[miss load 0s false hit false event true event false event false load 0s true hit true]"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}
