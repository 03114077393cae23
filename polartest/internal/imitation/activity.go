package imitation

import (
	"slices"
	"time"
)

// Event is a change on a server, for which webhooks are sent.
type Event struct {
	// Time is when it happened, by the server's clock.
	Time time.Time
	// Type is the type of the event, such as "order.paid".
	Type string
	// ObjectID is the ID of the object that changed: for "order.paid", the order's
	// ID.
	ObjectID string
}

// maxEvents is the number of events that a server keeps.
const maxEvents = 1000

// activity holds the latest events.
type activity struct {
	events []Event
	count  int // includes dropped events
}

// WithEventLog calls log for every event, even if no webhook receives it. The server
// waits for log to return, so log must not call the server.
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

// happened records an event. The caller holds the lock.
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
