package statecache

import (
	"fmt"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/webhook"
)

// change is what an event says about a customer's state.
type change struct {
	*snapshot
	externalID *string
}

// decodeEvent returns what an event says about a customer's state, or nil if it
// says nothing.
func decodeEvent(event webhook.Event) (*change, error) {
	c := &change{snapshot: &snapshot{AsOf: event.Timestamp}}
	switch event.Type {
	case webhook.CustomerStateChanged:
		state, err := webhook.Data[customers.State](event)
		if err != nil {
			return nil, fmt.Errorf("statecache: %w", err)
		}
		c.ID, c.externalID = state.ID, state.ExternalID
		if state.DeletedAt == nil {
			c.State = state
		}
	case webhook.CustomerDeleted:
		customer, err := webhook.Data[struct {
			ID         string  `json:"id"`
			ExternalID *string `json:"external_id"`
		}](event)
		if err != nil {
			return nil, fmt.Errorf("statecache: %w", err)
		}
		c.ID, c.externalID = customer.ID, customer.ExternalID
	default:
		return nil, nil
	}
	if event.Timestamp.IsZero() {
		return nil, fmt.Errorf("statecache: %w: %s has no timestamp", webhook.ErrPayload, event.Type)
	}
	return c, nil
}
