package statecache

import (
	"github.com/polarexpress/polar-go/customers/webhook"
)

// change is what an event says about a customer's state.
type change struct {
	*snapshot
	externalID *string
}

// decodeEvent returns what an event says about a customer's state, and whether
// it says anything.
func decodeEvent(event webhook.Event) (change, bool) {
	s := &snapshot{AsOf: event.Timestamp}
	switch {
	case event.Type == webhook.CustomerStateChanged && event.State != nil:
		s.ID = event.State.ID
		if event.State.DeletedAt == nil {
			s.State = event.State
		}
		return change{s, event.State.ExternalID}, true
	case event.Type == webhook.CustomerDeleted && event.Customer != nil:
		s.ID = event.Customer.ID
		return change{s, event.Customer.ExternalID}, true
	}
	return change{}, false
}
