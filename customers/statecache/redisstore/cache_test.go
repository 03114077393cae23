package redisstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/customers/statecache/redisstore"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// fakeService is a service whose customers are all in one version.
type fakeService struct {
	mu             sync.Mutex
	version, asked int
}

func (s *fakeService) GetState(context.Context, string, ...polar.CallOption) (*customers.State, error) {
	return nil, polar.ErrNotFound
}

func (s *fakeService) GetStateByExternalID(_ context.Context, externalID string, _ ...polar.CallOption) (*customers.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return s.state(externalID), nil
}

func (s *fakeService) state(externalID string) *customers.State {
	return &customers.State{ID: "id-" + externalID, ExternalID: &externalID, Metadata: customers.Metadata{"version": int64(s.version)}}
}

func (s *fakeService) change(externalID string) webhook.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	data, _ := json.Marshal(s.state(externalID)) // cannot fail
	return webhook.Event{Type: webhook.CustomerStateChanged, Timestamp: time.Now(), Data: data}
}

func (s *fakeService) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.asked
	s.asked = 0
	return n
}

func newCache(t testing.TB, s *fakeService, store *redisstore.Store, opts ...statecache.Option) *statecache.Cache {
	t.Helper()
	c, err := statecache.New(s, append(opts, statecache.WithStore(store))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func version(t testing.TB, c *statecache.Cache, externalID string) int64 {
	t.Helper()
	a, err := c.GetByExternalID(context.Background(), externalID)
	if err != nil {
		t.Fatal(err)
	}
	return a.State.Metadata["version"].(int64)
}

// An event that one instance has received is visible in the others within 50
// milliseconds at the median, and all of them together send one request.
func TestInstancesShare(t *testing.T) {
	s := startServer(t)
	service := &fakeService{}
	got, other := newCache(t, service, s.store()), newCache(t, service, s.store())
	version(t, got, "u")
	s.eventually("the state to be shared", func() bool {
		service.requests()
		version(t, newCache(t, service, s.store()), "u")
		return service.requests() == 0
	})
	version(t, other, "u")
	if n := service.requests(); n != 0 {
		t.Errorf("%d requests", n)
	}

	var took []time.Duration
	for range 200 {
		event := service.change("u")
		begun := time.Now()
		if err := got.Apply(context.Background(), event); err != nil {
			t.Fatal(err)
		}
		if v := version(t, got, "u"); v != int64(service.version) {
			t.Fatalf("version %d, want %d, where the event came", v, service.version)
		}
		for version(t, other, "u") != int64(service.version) {
			if time.Since(begun) > 10*time.Second {
				t.Fatal("the other instance did not learn of the event")
			}
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	t.Logf("visible in the other instance: median %v, 99 %% within %v", took[len(took)/2], took[len(took)*99/100])
	if median := took[len(took)/2]; median > 50*time.Millisecond {
		t.Errorf("median %v", median)
	}
	if n := service.requests(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// Without Redis, checks use memory and the service.
func TestRedisGone(t *testing.T) {
	s := startServer(t)
	service := &fakeService{}
	c := newCache(t, service, s.store())
	version(t, c, "u")
	s.stop()
	// The time limit, with some room for a busy machine.
	const limit = 50*time.Millisecond + 500*time.Millisecond
	for i := range 50 {
		for _, key := range []string{"u", fmt.Sprint("new", i)} {
			begun := time.Now()
			version(t, c, key)
			if took := time.Since(begun); took > limit {
				t.Errorf("a check of %s took %v", key, took)
			}
		}
	}
	begun := time.Now()
	event := service.change("u")
	if err := c.Apply(context.Background(), event); !errors.Is(err, statecache.ErrStore) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(begun); took > limit {
		t.Errorf("an event took %v", took)
	}
	if v := version(t, c, "u"); v != 1 {
		t.Errorf("version %d after the event", v)
	}
}

func TestRedisSlow(t *testing.T) {
	s := startServer(t)
	r := startRelay(t, s.addr)
	store, err := redisstore.New(rueidis.ClientOption{InitAddress: []string{r.listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	service := &fakeService{}
	c := newCache(t, service, store, statecache.WithStoreTimeout(20*time.Millisecond))
	version(t, c, "u")
	r.hold()
	const limit = 20*time.Millisecond + 500*time.Millisecond
	for i := range 50 {
		for _, key := range []string{"u", fmt.Sprint("new", i)} {
			begun := time.Now()
			version(t, c, key)
			if took := time.Since(begun); took > limit {
				t.Errorf("a check of %s took %v", key, took)
			}
		}
	}
	r.release()
	s.eventually("the store to be used again", func() bool {
		return c.Apply(context.Background(), service.change("u")) == nil
	})
}

// An instance that lost its connection learns what it missed when it is back.
func TestReconnect(t *testing.T) {
	s := startServer(t)
	service := &fakeService{}
	a, b := newCache(t, service, s.store()), newCache(t, service, s.store())
	version(t, a, "u")
	version(t, b, "u")
	s.restart()
	s.eventually("an event to be shared", func() bool {
		return a.Apply(context.Background(), service.change("u")) == nil
	})
	s.eventually("the other instance to learn of it", func() bool {
		return version(t, b, "u") == int64(service.version)
	})
}
