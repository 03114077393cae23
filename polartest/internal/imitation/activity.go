package imitation

import (
	"slices"
	"time"
)

// Event is something that happened on a server, and that webhooks are sent for.
type Event struct {
	// Time is when it happened, by the server's clock.
	Time time.Time
	// Type is the type of the event, such as "order.paid".
	Type string
	// ObjectID is the ID of what it is about: for "order.paid" the order's.
	ObjectID string
}

// maxEvents is how many events a server keeps.
const maxEvents = 1000

// activity holds the latest events.
type activity struct {
	events []Event
	count  int // those that were dropped included
}

// WithEventLog calls log for every event, whether or not there is a webhook for
// it. The server waits for it; log must not call the server.
func WithEventLog(log func(Event)) Option {
	return func(s *settings) { s.eventLog = log }
}

// Events returns the latest 1,000 events, oldest first.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.activity.events
	return slices.Clone(events[max(0, len(events)-maxEvents):])
}

// happened keeps an event. The caller holds the lock.
func (s *Server) happened(typ, objectID string) {
	e := Event{Time: s.clock.time(), Type: typ, ObjectID: objectID}
	s.activity.count++
	if len(s.activity.events) == 2*maxEvents { // drop half, so that it is rarely copied
		s.activity.events = slices.Clone(s.activity.events[maxEvents:])
	}
	s.activity.events = append(s.activity.events, e)
	if s.opts.eventLog != nil {
		s.opts.eventLog(e)
	}
}
