package statecache_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// fakeService is a service whose customers all have the same version, which is in
// the metadata of their states.
type fakeService struct {
	mu      sync.Mutex
	version int
	deleted bool
	// err is returned instead. delay is how long a request takes.
	err   error
	delay time.Duration
	asked int
	// lag is for how long responses show an older version.
	lag     time.Duration
	history []past
	// hold, if set, delays a response that is complete until it is closed.
	hold chan struct{}
	// fault handles requests for the customer poisoned instead.
	poisoned string
	fault    func(context.Context) error
	faults   int
}

// past is what a lagging service still shows after a change.
type past struct {
	until   time.Time
	version int
	deleted bool
}

// remember is called before each change.
func (s *fakeService) remember() {
	if s.lag > 0 {
		s.history = append(s.history, past{time.Now().Add(s.lag), s.version, s.deleted})
	}
}

// shown returns the version that a response shows, and whether the customer is deleted.
func (s *fakeService) shown() (version int, deleted bool) {
	for _, p := range s.history {
		if time.Now().Before(p.until) {
			return p.version, p.deleted
		}
	}
	return s.version, s.deleted
}

// poison makes requests for one customer fail.
func (s *fakeService) poison(externalID string, fault func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.poisoned, s.fault = externalID, fault
}

func (s *fakeService) poisonedRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

func (s *fakeService) GetState(ctx context.Context, id string, _ ...polar.CallOption) (*customers.State, error) {
	return s.get(ctx, id, strings.TrimPrefix(id, "id-"))
}

func (s *fakeService) GetStateByExternalID(ctx context.Context, externalID string, _ ...polar.CallOption) (*customers.State, error) {
	return s.get(ctx, "id-"+externalID, externalID)
}

func (s *fakeService) get(ctx context.Context, id, externalID string) (*customers.State, error) {
	s.mu.Lock()
	if fault := s.fault; fault != nil && externalID == s.poisoned {
		s.faults++
		s.mu.Unlock()
		return nil, fault(ctx)
	}
	s.asked++
	version, deleted := s.shown()
	state, err, delay, hold := s.state(id, externalID, version), s.err, s.delay, s.hold
	if err == nil && deleted {
		err = polar.ErrNotFound
	}
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	return state, nil
}

func (s *fakeService) state(id, externalID string, version int) *customers.State {
	return &customers.State{ID: id, ExternalID: &externalID, Metadata: customers.Metadata{"version": int64(version)}}
}

// change makes a new version and returns its event.
func (s *fakeService) change(externalID string) webhook.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember()
	s.version++
	s.deleted = false
	return stateEvent(s.state("id-"+externalID, externalID, s.version))
}

// remove deletes the customer and returns its event.
func (s *fakeService) remove(externalID string) webhook.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember()
	s.version++
	s.deleted = true
	return deletionEvent("id-"+externalID, &externalID)
}

// stateEvent is the event, as of now, that a customer's state has changed.
func stateEvent(state *customers.State) webhook.Event {
	data, _ := json.Marshal(state) // cannot fail
	return webhook.Event{Type: webhook.CustomerStateChanged, Timestamp: time.Now().Round(0), Data: data}
}

// deletionEvent is the event, as of now, that a customer was deleted.
func deletionEvent(id string, externalID *string) webhook.Event {
	data, _ := json.Marshal(&customers.Customer{ID: id, ExternalID: externalID}) // cannot fail
	return webhook.Event{Type: webhook.CustomerDeleted, Timestamp: time.Now().Round(0), Data: data}
}

// withoutExternalID is the deletion as the service sends it by default.
func withoutExternalID(deletion webhook.Event) webhook.Event {
	customer, err := webhook.Data[customers.Customer](deletion)
	if err != nil {
		return webhook.Event{}
	}
	bare := deletionEvent(customer.ID, nil)
	bare.Timestamp = deletion.Timestamp
	return bare
}

func (s *fakeService) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *fakeService) slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// requests returns the number of requests since the last call.
func (s *fakeService) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.asked
	s.asked = 0
	return n
}

func newCache(t testing.TB, source statecache.Source, opts ...statecache.Option) *statecache.Cache {
	t.Helper()
	c, err := statecache.New(source, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func version(a statecache.Answer) int {
	if a.State == nil {
		return -1
	}
	return int(a.State.Metadata["version"].(int64))
}

func get(t testing.TB, c *statecache.Cache, externalID string) statecache.Answer {
	t.Helper()
	a, err := c.GetByExternalID(context.Background(), externalID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func apply(t testing.TB, c *statecache.Cache, e webhook.Event) {
	t.Helper()
	if err := c.Apply(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
