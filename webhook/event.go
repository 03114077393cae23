package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/polarexpress/polar-go/customers"
)

// Type says what an event is about. Types that are not listed here arrive too,
// if the endpoint is subscribed to them.
type Type string

// The events about customers and members.
const (
	CustomerCreated Type = "customer.created"
	CustomerUpdated Type = "customer.updated"
	CustomerDeleted Type = "customer.deleted"
	// CustomerStateChanged follows each of the three above, and every change of
	// a subscription, a grant or a meter.
	CustomerStateChanged Type = "customer.state_changed"
	MemberCreated        Type = "member.created"
	MemberUpdated        Type = "member.updated"
	MemberDeleted        Type = "member.deleted"
)

// Event is something that happened, as the service wrote it down.
type Event struct {
	// ID is the same for all deliveries of one event.
	ID string
	// Type says which of Customer, State and Member is set.
	Type Type
	// Timestamp is when the service wrote the event down, to the microsecond.
	// Of two events about one customer, the one with the later timestamp knows more.
	Timestamp time.Time
	// Customer is set by customer.created, customer.updated and customer.deleted.
	// What a deletion carries may have been anonymized.
	Customer *customers.Customer
	// State is set by customer.state_changed. It is the whole new state. That of
	// a deleted customer has DeletedAt.
	State *customers.State
	// Member is set by member.created, member.updated and member.deleted.
	Member *customers.Member
	// Data is the JSON that the event carries. For a type that is not listed
	// here it is all there is.
	Data json.RawMessage
}

// ErrPayload means that a request is genuine and its body is not an event as
// this version of the package knows them.
var ErrPayload = errors.New("webhook: unreadable event")

// Parse verifies a request as [Verify] does and returns the event in it.
//
// An event of a type that this package does not know is no error: it has its
// Type and Data. The errors are those of Verify, and [ErrPayload].
func Parse(body []byte, header http.Header, secret string, opts ...Option) (Event, error) {
	c, err := newConfig(secret, opts)
	if err != nil {
		return Event{}, err
	}
	return c.parse(body, header)
}

func (c *config) parse(body []byte, header http.Header) (Event, error) {
	id, err := c.verify(body, header)
	if err != nil {
		return Event{}, err
	}
	event, err := decode(body)
	if err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrPayload, err)
	}
	event.ID = id
	return event, nil
}

// decode reads the envelope and, where the type is known, what is in it.
func decode(body []byte) (Event, error) {
	var envelope struct {
		Type      Type            `json:"type"`
		Timestamp time.Time       `json:"timestamp"`
		Data      json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return Event{}, errors.New("the body is not an envelope of type, timestamp and data")
	}
	event := Event{Type: envelope.Type, Timestamp: envelope.Timestamp, Data: envelope.Data}
	var id string
	var err error
	switch event.Type {
	case "":
		return Event{}, errors.New("the type is missing")
	case CustomerCreated, CustomerUpdated, CustomerDeleted:
		event.Customer = new(customers.Customer)
		err = json.Unmarshal(event.Data, event.Customer)
		id = event.Customer.ID
	case CustomerStateChanged:
		event.State = new(customers.State)
		err = json.Unmarshal(event.Data, event.State)
		id = event.State.ID
	case MemberCreated, MemberUpdated, MemberDeleted:
		event.Member = new(customers.Member)
		err = json.Unmarshal(event.Data, event.Member)
		id = event.Member.ID
	default:
		return event, nil
	}
	if err != nil || id == "" || event.Timestamp.IsZero() {
		// A decoding error may quote the body, which is personal.
		return Event{}, fmt.Errorf("%s lacks its timestamp, or its data has another shape", event.Type)
	}
	return event, nil
}
