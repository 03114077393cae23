package statecache_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
)

// lookups returns the two ways to check the customer u.
func lookups(t *testing.T, c *statecache.Cache) map[string]func() (statecache.Answer, error) {
	return map[string]func() (statecache.Answer, error){
		"external ID": func() (statecache.Answer, error) { return c.GetByExternalID(t.Context(), "u") },
		"ID":          func() (statecache.Answer, error) { return c.Get(t.Context(), "id-u") },
	}
}

// The first check of a customer sees an event that came just before, although
// the service lags behind it.
func TestEventBeforeFirstCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{lag: time.Second}
		s.change("u")
		time.Sleep(time.Hour)
		c := newCache(t, s)
		apply(t, c, s.change("u"))
		for range 20 {
			time.Sleep(100 * time.Millisecond)
			for name, lookup := range lookups(t, c) {
				if a, err := lookup(); err != nil || a.Stale || version(a) != 2 {
					t.Fatalf("by %s: %+v, %v", name, a, err)
				}
			}
		}
		want(t, "requests", s.requests(), 0)
	})
}

// The same for an event that comes during the first load, and the service is
// asked again when it has caught up.
func TestEventDuringFirstLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{lag: time.Second, delay: 200 * time.Millisecond}
		s.change("u")
		time.Sleep(time.Hour)
		c := newCache(t, s)
		event := s.change("u")
		time.Sleep(300 * time.Millisecond) // until it is delivered
		done := make(chan struct{})
		go func() {
			defer close(done)
			want(t, "during the load", version(get(t, c, "u")), 2)
		}()
		time.Sleep(100 * time.Millisecond)
		apply(t, c, event)
		<-done
		want(t, "requests", s.requests(), 1)
		s.change("u") // its event is lost
		time.Sleep(4500 * time.Millisecond)
		want(t, "within the margin", version(get(t, c, "u")), 2)
		want(t, "requests", s.requests(), 0)
		time.Sleep(time.Second)
		get(t, c, "u")
		time.Sleep(time.Second)
		want(t, "after the margin", version(get(t, c, "u")), 3)
		want(t, "requests", s.requests(), 1)
	})
}

// If a lagging response was seen before the event came, checks see the event
// when the margin has passed at the latest.
func TestEventAfterLaggingResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{lag: time.Second}
		s.change("u")
		time.Sleep(time.Hour)
		c := newCache(t, s)
		event := s.change("u")
		time.Sleep(100 * time.Millisecond)
		want(t, "before the event", version(get(t, c, "u")), 1)
		time.Sleep(100 * time.Millisecond)
		apply(t, c, event)
		get(t, c, "u")
		time.Sleep(5*time.Second + time.Millisecond)
		if a := get(t, c, "u"); version(a) != 2 || a.Stale {
			t.Errorf("after the margin: %+v", a)
		}
		want(t, "requests", s.requests(), 3)
		time.Sleep(time.Minute)
		get(t, c, "u")
		want(t, "requests later", s.requests(), 0)
	})
}

func TestDeletionBeforeFirstCheck(t *testing.T) {
	for _, withExternalID := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := &fakeService{lag: time.Second}
			s.change("u")
			time.Sleep(time.Hour)
			c := newCache(t, s)
			event := s.remove("u")
			if !withExternalID {
				event = withoutExternalID(event)
			}
			apply(t, c, event)
			for range 100 {
				time.Sleep(100 * time.Millisecond)
				for name, lookup := range lookups(t, c) {
					if a, err := lookup(); !errors.Is(err, polar.ErrNotFound) || a.State != nil || a.Stale {
						t.Fatalf("by %s: %+v, %v", name, a, err)
					}
				}
			}
		})
	}
}

// The deletion of a customer whose state only events have brought.
func TestDeletionAfterEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{lag: time.Second}
		time.Sleep(time.Hour)
		c := newCache(t, s)
		late := s.change("u")
		time.Sleep(time.Second)
		event := s.change("u")
		apply(t, c, event)
		time.Sleep(time.Second)
		apply(t, c, withoutExternalID(s.remove("u")))
		apply(t, c, late)
		apply(t, c, event)
		for name, lookup := range lookups(t, c) {
			if a, err := lookup(); !errors.Is(err, polar.ErrNotFound) {
				t.Errorf("by %s: %+v, %v", name, a, err)
			}
		}
	})
}

// An event that is so late that a newer one may have been forgotten is not
// relied on.
func TestLateEventBeforeFirstCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		time.Sleep(time.Hour)
		c := newCache(t, s)
		late := s.change("u")
		s.change("u")
		time.Sleep(time.Minute)
		apply(t, c, late)
		if a := get(t, c, "u"); version(a) != 2 || a.Stale {
			t.Errorf("got %+v", a)
		}
		time.Sleep(time.Minute)
		get(t, c, "u")
		want(t, "requests", s.requests(), 1)
	})
}

// Recent events are forgotten when their time has passed, or when there are
// too many.
func TestRecentsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeService{}
		time.Sleep(time.Hour)
		c := newCache(t, s, statecache.WithMaxEntries(100))
		for i := range 1000 {
			apply(t, c, s.change(fmt.Sprint(i)))
			if n := statecache.Recents(c); n > 100 {
				t.Fatalf("%d entries", n)
			}
		}
		get(t, c, "999")
		want(t, "requests for the last", s.requests(), 0)
		get(t, c, "0")
		want(t, "requests for the first", s.requests(), 1)
		// One busy customer does not push others out.
		apply(t, c, s.change("quiet"))
		for range 1000 {
			apply(t, c, s.change("busy"))
		}
		get(t, c, "quiet")
		want(t, "requests for a quiet customer", s.requests(), 0)

		// What changed again is not the oldest.
		apply(t, c, s.change("busy"))
		for i := range 45 { // by ID and by external ID
			apply(t, c, s.change(fmt.Sprint("before", i)))
		}
		time.Sleep(time.Millisecond)
		apply(t, c, s.change("busy"))
		for i := range 45 {
			apply(t, c, s.change(fmt.Sprint("after", i)))
		}
		get(t, c, "busy")
		want(t, "requests for a busy customer", s.requests(), 0)

		time.Sleep(16 * time.Second)
		apply(t, c, s.change("u"))
		want(t, "entries after the time", statecache.Recents(c), 2)
	})
}

// The deletion of a customer whose state was evicted just after it was loaded.
func TestDeletionAfterEviction(t *testing.T) {
	s := &fakeService{}
	c := newCache(t, s, statecache.WithMaxEntries(100))
	for range 10 {
		for i := range 100 {
			get(t, c, fmt.Sprint("popular", i))
		}
	}
	for i := range 50 {
		get(t, c, fmt.Sprint(i))
	}
	for i := range 50 {
		externalID := fmt.Sprint(i)
		apply(t, c, withoutExternalID(s.remove(externalID)))
		if a, err := c.GetByExternalID(t.Context(), externalID); !errors.Is(err, polar.ErrNotFound) {
			t.Errorf("got %+v, %v", a, err)
		}
		s.change(externalID) // the service knows nothing of the deletion
	}
}
