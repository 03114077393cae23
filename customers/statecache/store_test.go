package statecache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
)

// memoryStore is a store that several instances can share.
type memoryStore struct {
	mu       sync.Mutex
	values   map[string][]byte
	watchers map[int]func([]string)
	next     int
	err      error
	delay    time.Duration
	gets     int
}

func newMemoryStore() *memoryStore {
	return &memoryStore{values: map[string][]byte{}, watchers: map[int]func([]string){}}
}

// wait ignores contexts, as a bad store does.
func (s *memoryStore) wait() error {
	s.mu.Lock()
	err, delay := s.err, s.delay
	s.mu.Unlock()
	if delay > 0 {
		time.Sleep(delay)
	}
	return err
}

func (s *memoryStore) Get(_ context.Context, key string) ([]byte, error) {
	if err := s.wait(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gets++
	return s.values[key], nil
}

func (s *memoryStore) Swap(_ context.Context, key string, old, new []byte, ttl time.Duration) (bool, error) {
	if err := s.wait(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have, ok := s.values[key]; ok != (old != nil) || !bytes.Equal(have, old) {
		return false, nil
	}
	if ttl <= 0 {
		return false, fmt.Errorf("time to live %v", ttl)
	}
	s.values[key] = new
	s.notify([]string{key})
	return true, nil
}

func (s *memoryStore) notify(keys []string) {
	for _, w := range s.watchers {
		go w(keys)
	}
}

func (s *memoryStore) Watch(changed func([]string)) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.next
	s.next++
	s.watchers[id] = changed
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, id)
	}
}

func (s *memoryStore) set(err error, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err, s.delay = err, delay
}

// instances are caches that share a store.
func instances(t *testing.T, n int, s *fakeService, store statecache.Store, opts ...statecache.Option) []*statecache.Cache {
	t.Helper()
	var list []*statecache.Cache
	for range n {
		list = append(list, newCache(t, s, append(opts, statecache.WithStore(store))...))
	}
	return list
}

func TestStoreShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &fakeService{}, newMemoryStore()
		c := instances(t, 3, s, store)
		for _, c := range c {
			want(t, "version", version(get(t, c, "u")), 0)
			synctest.Wait()
		}
		want(t, "requests", s.requests(), 1)
		time.Sleep(time.Second)
		event := s.change("u")
		apply(t, c[0], event)
		want(t, "version at once", version(get(t, c[0], "u")), 1)
		synctest.Wait()
		for _, c := range c {
			want(t, "version", version(get(t, c, "u")), 1)
		}
		want(t, "requests", s.requests(), 0)
		// An instance reads the store once after a notification.
		store.gets = 0
		for _, c := range c {
			get(t, c, "u")
		}
		want(t, "reads", store.gets, 0)

		time.Sleep(time.Second)
		apply(t, c[1], s.remove("u"))
		apply(t, c[2], event) // late
		synctest.Wait()
		for _, c := range c {
			if _, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, polar.ErrNotFound) {
				t.Errorf("after the deletion: %v", err)
			}
		}
		want(t, "requests", s.requests(), 0)
	})
}

// An instance uses a state that only the store has.
func TestStoreSpeaksForTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &fakeService{}, newMemoryStore()
		c := instances(t, 2, s, store, statecache.WithTTL(time.Minute))
		get(t, c[0], "u")
		synctest.Wait()
		s.fail(polar.ErrServer)
		time.Sleep(2 * time.Minute)
		a := get(t, c[1], "u")
		if !a.Stale || !errors.Is(a.Cause, polar.ErrServer) {
			t.Errorf("got %+v", a)
		}
	})
}

// A store that is down or slow costs its time limit at most, and only once.
func TestStoreGoneOrSlow(t *testing.T) {
	for name, trouble := range map[string]struct {
		err   error
		delay time.Duration
	}{"gone": {err: errors.New("connection refused")}, "slow": {delay: time.Minute}, "slow and gone": {errors.New("reset"), time.Minute}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const limit = 50 * time.Millisecond
				s, store := &fakeService{}, newMemoryStore()
				var failures atomic.Int32
				hooks := statecache.WithHooks(statecache.Hooks{Store: func(_ time.Duration, err error) {
					if err != nil {
						failures.Add(1)
					}
				}})
				c := instances(t, 1, s, store, statecache.WithStoreTimeout(limit), hooks)[0]
				get(t, c, "known")
				synctest.Wait()
				store.set(trouble.err, trouble.delay)
				store.mu.Lock()
				store.notify(nil) // the connection is lost
				store.mu.Unlock()
				synctest.Wait()
				timed := func(what string, limit time.Duration, f func()) {
					t.Helper()
					begun := time.Now()
					f()
					if took := time.Since(begun); took > limit {
						t.Errorf("%s took %v", what, took)
					}
				}
				timed("a known customer", limit, func() { get(t, c, "known") })
				timed("a known customer again", 0, func() { get(t, c, "known") })
				timed("a new customer", 0, func() { get(t, c, "new") })
				want(t, "requests", s.requests(), 2)
				time.Sleep(2 * time.Second)
				timed("a new customer at the next try", limit, func() { get(t, c, "newer") })
				for i := range 1000 {
					timed("many customers", 0, func() { get(t, c, fmt.Sprint(i)) })
				}
				time.Sleep(time.Second)
				event := s.change("known")
				timed("an event", limit, func() {
					if err := c.Apply(t.Context(), event); !errors.Is(err, statecache.ErrStore) {
						t.Errorf("got %v", err)
					}
				})
				want(t, "version", version(get(t, c, "known")), 1)
				store.set(nil, 0)
				time.Sleep(time.Hour) // until the store's methods return
				if failures.Load() == 0 {
					t.Error("the hook did not report a failure")
				}
				apply(t, c, s.change("known"))
				want(t, "version", version(get(t, c, "known")), 2)
			})
		})
	}
}

// After notifications were lost, states in memory are compared with the store
// before they are used.
func TestStoreReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &fakeService{}, newMemoryStore()
		c := instances(t, 2, s, store)
		get(t, c[0], "u")
		synctest.Wait()
		get(t, c[1], "u")
		synctest.Wait()
		watchers := store.watchers
		store.mu.Lock()
		store.watchers = nil // no notifications
		store.mu.Unlock()
		time.Sleep(time.Second)
		apply(t, c[0], s.change("u"))
		synctest.Wait()
		want(t, "version before the notification", version(get(t, c[1], "u")), 0)
		store.mu.Lock()
		store.watchers = watchers
		store.notify(nil)
		store.mu.Unlock()
		synctest.Wait()
		want(t, "version", version(get(t, c[1], "u")), 1)
		want(t, "requests", s.requests(), 1)
	})
}

// All instances doubt a state after one of them has received a late event.
func TestStoreDoubt(t *testing.T) {
	for receiver := range 2 {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Hour)
			s, store := &fakeService{}, newMemoryStore()
			c := instances(t, 2, s, store)
			get(t, c[0], "u")
			synctest.Wait()
			get(t, c[1], "u")
			synctest.Wait()
			time.Sleep(time.Second)
			event := s.change("u")
			event.Timestamp = event.Timestamp.Add(-3 * time.Second)
			s.requests()
			apply(t, c[receiver], event)
			synctest.Wait()
			for _, c := range c {
				want(t, "version", version(get(t, c, "u")), 1)
				synctest.Wait()
			}
			want(t, "requests", s.requests(), 1)
		})
	}
}

func TestStoreRubbish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &fakeService{}, newMemoryStore()
		for i, rubbish := range []string{"x", "{}", "null", "[]", `{"as_of":"yesterday"}`} {
			key := fmt.Sprint(i)
			store.values["ext:"+key] = []byte(rubbish)
			c := instances(t, 1, s, store)[0]
			if a := get(t, c, key); a.State == nil {
				t.Errorf("%s: %+v", rubbish, a)
			}
			synctest.Wait()
			if bytes.Equal(store.values["ext:"+key], []byte(rubbish)) {
				t.Errorf("%s was left in the store", rubbish)
			}
			store.notify([]string{"rubbish", "", "other:x", "ext:" + key})
			synctest.Wait()
		}
	})
}

// Instances that receive different events all end with the latest.
func TestStoreOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	synctest.Test(t, func(t *testing.T) {
		for i := range 200 {
			s, store := &fakeService{}, newMemoryStore()
			c := instances(t, 3, s, store)
			for _, c := range c {
				if r.IntN(3) > 0 {
					get(t, c, "u")
				}
			}
			time.Sleep(time.Minute)
			events := []func(*statecache.Cache){}
			for range 5 {
				time.Sleep(time.Second)
				e := s.change("u")
				events = append(events, func(c *statecache.Cache) { apply(t, c, e) })
			}
			for range 2 {
				for _, n := range r.Perm(len(events)) {
					go events[n](c[r.IntN(len(c))])
					if r.IntN(2) == 0 {
						synctest.Wait()
					}
				}
			}
			synctest.Wait()
			for _, c := range c {
				if v := version(get(t, c, "u")); v != 5 {
					t.Fatalf("seed %d, round %d: version %d", seed, i, v)
				}
			}
		}
	})
}

// What another instance learns during a request is not lost.
func TestStoreChangesDuringLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &fakeService{}, newMemoryStore()
		c := instances(t, 2, s, store)
		s.hold = make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			get(t, c[0], "u")
		}()
		time.Sleep(time.Second)
		apply(t, c[1], s.change("u"))
		synctest.Wait()
		close(s.hold)
		<-done
		synctest.Wait()
		want(t, "version", version(get(t, c[0], "u")), 1)
		want(t, "requests", s.requests(), 1)
	})
}

// A state that was learned while the store was down is compared with it later.
func TestStoreComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := &fakeService{}, newMemoryStore()
		c := instances(t, 2, s, store)
		store.set(errors.New("connection refused"), 0)
		want(t, "version", version(get(t, c[0], "u")), 0)
		synctest.Wait()
		store.set(nil, 0)
		store.mu.Lock()
		store.watchers = nil // notifications do not work yet
		store.mu.Unlock()
		time.Sleep(2 * time.Second)
		apply(t, c[1], s.change("u"))
		synctest.Wait()
		want(t, "version", version(get(t, c[0], "u")), 1)
		want(t, "requests", s.requests(), 1)
	})
}

// An instance that loads an old state learns from the store of an event that
// another has received, even if the store's notification is lost.
func TestStoreKeepsEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Hour)
		s, store := &fakeService{lag: time.Second, delay: 200 * time.Millisecond}, newMemoryStore()
		c := instances(t, 2, s, store)
		store.mu.Lock()
		store.watchers = nil
		store.mu.Unlock()
		event := s.change("u")
		done := make(chan struct{})
		go func() {
			defer close(done)
			get(t, c[1], "u")
		}()
		time.Sleep(100 * time.Millisecond)
		apply(t, c[0], event)
		<-done
		synctest.Wait()
		time.Sleep(2 * time.Second)
		for i, c := range c {
			if a := get(t, c, "u"); version(a) != 1 || a.Stale {
				t.Errorf("instance %d: got %+v", i, a)
			}
		}
	})
}
