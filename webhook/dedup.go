package webhook

import (
	"context"
	"sync"
	"time"
)

// Claim is what a [Deduplicator] knows of an event.
type Claim int

const (
	// Claimed means that the event is new and now the caller's to handle.
	Claimed Claim = iota
	// InProgress means that another request is handling it at this moment.
	InProgress
	// Handled means that it has been handled before.
	Handled
)

// Deduplicator remembers which events have been handled. Its methods are
// called from several goroutines at once.
type Deduplicator interface {
	// Claim takes the event on, if nobody has. At most one caller at a time
	// is told Claimed for an ID.
	Claim(ctx context.Context, id string) (Claim, error)
	// Settle ends a claim. An event that was handled is remembered, one that
	// was not can be claimed again. A shared implementation should also let
	// claims lapse by themselves, for processes that die before they settle.
	Settle(ctx context.Context, id string, handled bool) error
}

// The service repeats an event for less than an hour.
const (
	memoryAge  = 2 * time.Hour
	memorySize = 100_000
)

// memory is the default: the events of the last two hours, or the last 100,000.
type memory struct {
	mu     sync.Mutex
	claims map[string]Claim
	// done are the handled events in order, oldest first from head on.
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

// forget drops the events handled before a time, and those above the limit.
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
