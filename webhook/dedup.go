package webhook

import (
	"context"
	"sync"
	"time"
)

// Claim is what a [Deduplicator] knows about an event.
type Claim int

const (
	// Claimed means that the event is new and the caller must handle it.
	Claimed Claim = iota
	// InProgress means that another caller is handling the event right now.
	InProgress
	// Handled means that the event has been handled.
	Handled
)

// Deduplicator remembers which events have been handled. Its methods must be
// safe for concurrent use, and should return when their context ends.
type Deduplicator interface {
	// Claim reserves the event for the caller unless it is in progress or handled.
	// At most one caller at a time gets Claimed for an ID.
	Claim(ctx context.Context, id string) (Claim, error)
	// Settle ends a claim. A handled event is remembered; any other can be
	// claimed again. A shared implementation should also let claims expire, since
	// a process can die before it settles.
	Settle(ctx context.Context, id string, handled bool) error
}

// deduplicatorTimeout bounds each call of a deduplicator. The service waits ten
// seconds for the whole response.
const deduplicatorTimeout = 2 * time.Second

// The service retries an event for less than an hour.
const (
	memoryAge  = 2 * time.Hour
	memorySize = 100_000
)

// memory is the default: it remembers events for two hours, at most 100,000.
type memory struct {
	mu     sync.Mutex
	claims map[string]Claim
	// done holds the handled events from done[head] on, oldest first.
	done []doneEvent
	head int
}

type doneEvent struct {
	id string
	at time.Time
}

func newMemory() *memory { return &memory{claims: map[string]Claim{}} }

func (m *memory) Claim(_ context.Context, id string) (Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(time.Now().Add(-memoryAge))
	if c, known := m.claims[id]; known {
		return c, nil
	}
	m.claims[id] = InProgress
	return Claimed, nil
}

func (m *memory) Settle(_ context.Context, id string, handled bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !handled {
		delete(m.claims, id)
		return nil
	}
	m.claims[id] = Handled
	m.done = append(m.done, doneEvent{id, time.Now()})
	return nil
}

// forget drops the events handled before the given time and those above the limit.
func (m *memory) forget(before time.Time) {
	for m.head < len(m.done) && (m.done[m.head].at.Before(before) || len(m.done)-m.head > memorySize) {
		delete(m.claims, m.done[m.head].id)
		m.done[m.head].id = ""
		m.head++
	}
	if m.head > len(m.done)/2 {
		m.done = append([]doneEvent(nil), m.done[m.head:]...)
		m.head = 0
	}
}
