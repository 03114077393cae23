package statecache_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
)

// wallClock is a wall clock that a test can set.
type wallClock struct{ offset atomic.Int64 }

func (w *wallClock) set(offset time.Duration) { w.offset.Store(int64(offset)) }

func (w *wallClock) read(t time.Time) time.Time {
	return t.Round(0).Add(time.Duration(w.offset.Load()))
}

// settings are differences by which tests set a clock.
var settings = []time.Duration{-6 * time.Minute, -time.Hour, -4 * time.Second, 4 * time.Second, 6 * time.Minute, time.Hour, 24 * time.Hour}

// Setting the clock makes no state stale and costs no requests.
func TestClockSet(t *testing.T) {
	for _, offset := range settings {
		t.Run(offset.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const ttl = 5 * time.Minute
				s, wall := &fakeService{}, &wallClock{}
				c := newCache(t, s, statecache.WithTTL(ttl))
				c.SetWallClock(wall.read)
				get(t, c, "known")
				time.Sleep(6 * time.Minute)
				get(t, c, "just known")
				s.requests()
				changed := time.Now()
				s.change("known")
				wall.set(offset)
				for range 60 * 60 {
					for _, key := range []string{"known", "just known", "new"} {
						a := get(t, c, key)
						if a.Stale || version(a) != 1 && time.Since(changed) > ttl {
							t.Fatalf("after %v: %s: %+v", time.Since(changed), key, a)
						}
					}
					time.Sleep(time.Second)
				}
				if n := s.requests(); n < 3*60/5 || n > 3*60/4+10 {
					t.Errorf("%d requests in an hour", n)
				}
			})
		})
	}
}

// Events and responses are ordered correctly after the clock was set, in either
// order of arrival, for new and for late events.
func TestEventsAfterClockSet(t *testing.T) {
	for _, offset := range settings {
		for _, late := range []time.Duration{0, time.Second, time.Minute, 10 * time.Minute, 50 * time.Minute} {
			t.Run(fmt.Sprintf("%v, an event %v late", offset, late), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s, wall := &fakeService{}, &wallClock{}
					c := newCache(t, s)
					c.SetWallClock(wall.read)
					time.Sleep(2 * time.Hour)
					get(t, c, "known")
					time.Sleep(time.Minute)
					wall.set(offset)
					lateEvent := s.change("new")
					if late > 0 {
						s.change("new")
						time.Sleep(late)
					}
					want := s.version
					check := func(when string) {
						t.Helper()
						s.requests()
						for range 100 {
							if a := get(t, c, "new"); a.Stale || version(a) != want {
								t.Fatalf("%s: %+v, want version %d", when, a, want)
							}
							time.Sleep(100 * time.Millisecond)
						}
						if n := s.requests(); n > 4 {
							t.Errorf("%s: %d requests for a hundred checks", when, n)
						}
					}
					check("loaded")
					apply(t, c, lateEvent)
					check("after the late event")
					want++
					apply(t, c, s.change("new"))
					check("after an event")
					apply(t, c, lateEvent)
					check("after the repeated event")
					time.Sleep(4 * time.Minute)
					check("loaded again")
					want++
					apply(t, c, s.change("new"))
					check("after another event")
				})
			})
		}
	}
}

// An event before the first check is seen although the service lags and the
// clock was set.
func TestEventBeforeFirstCheckAfterClockSet(t *testing.T) {
	for _, offset := range settings {
		t.Run(offset.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, wall := &fakeService{lag: time.Second}, &wallClock{}
				c := newCache(t, s)
				c.SetWallClock(wall.read)
				time.Sleep(time.Hour)
				wall.set(offset)
				for range 2 {
					apply(t, c, s.change("u"))
					for range 20 {
						time.Sleep(100 * time.Millisecond)
						a := get(t, c, "u")
						if a.Stale || version(a) != s.version {
							t.Fatalf("got %+v, want version %d", a, s.version)
						}
					}
					time.Sleep(10 * time.Minute)
				}
			})
		})
	}
}

// Events are seen after a clock that was set wrong is right again.
func TestClockSetAndCorrected(t *testing.T) {
	for _, offset := range settings {
		t.Run(offset.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, wall := &fakeService{}, &wallClock{}
				c := newCache(t, s)
				c.SetWallClock(wall.read)
				time.Sleep(2 * time.Hour)
				for _, offset := range []time.Duration{0, offset, 0} {
					wall.set(offset)
					time.Sleep(6 * time.Minute)
					get(t, c, "u")
					time.Sleep(10 * time.Second)
					apply(t, c, s.change("u"))
					if a := get(t, c, "u"); a.Stale || version(a) != s.version {
						t.Errorf("clock off by %v: got %+v, want version %d", offset, a, s.version)
					}
				}
			})
		})
	}
}
