package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Event is something that happened at Polar.
type Event struct {
	// ID is the same in all deliveries of one event.
	ID string
	// Type says what happened and what Data holds. See [Types].
	Type Type
	// Timestamp is when the service recorded the event, to the microsecond. Of
	// two events about the same object, the later one has the newer data. It can
	// be zero only if this package does not know the type.
	Timestamp time.Time
	// APIVersion is the version of Polar's API that Data follows, such as
	// "2026-10". It is empty if the service does not send it.
	APIVersion string
	// Data is the JSON object that the event is about. [Data] decodes it.
	Data json.RawMessage
	// Extra holds the members that stand beside data in the body and have no
	// field here, such as "provider" of subscription.migrated. It is nil if there
	// are none.
	Extra map[string]json.RawMessage
}

// ErrPayload means that a request is genuine, but that its body is not an
// event, or that the event's data does not fit the type to decode it into.
var ErrPayload = errors.New("webhook: unreadable event")

// Parse verifies a request as [Verify] does and returns its event. The body
// must be exactly as it arrived. Use it where requests do not come through
// net/http, as in a cloud function or behind a queue.
//
// An event of an unknown type is not an error. The errors are those of Verify,
// and [ErrPayload].
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
	event, err := decodeEnvelope(body)
	if err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrPayload, err)
	}
	event.ID = id
	return event, nil
}

// decodeEnvelope reads all of an event but its ID. Errors do not quote the
// body, which can hold personal data.
func decodeEnvelope(body []byte) (Event, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return Event{}, errors.New("the body is not a JSON object")
	}
	event := Event{Data: members["data"]}
	delete(members, "data")
	for _, m := range []struct {
		name string
		into any
	}{{"type", &event.Type}, {"timestamp", &event.Timestamp}, {"api_version", &event.APIVersion}} {
		if raw, ok := members[m.name]; ok && json.Unmarshal(raw, m.into) != nil {
			return Event{}, fmt.Errorf("%s has another form", m.name)
		}
		delete(members, m.name)
	}
	if len(members) > 0 {
		event.Extra = members
	}
	if event.Type == "" {
		return Event{}, errors.New("the type is missing; the endpoint's format must be Raw, not Discord or Slack")
	}
	if _, known := event.Type.info(); !known {
		return event, nil
	}
	switch {
	case event.Timestamp.IsZero():
		return Event{}, fmt.Errorf("%s has no timestamp", event.Type)
	case !bytes.HasPrefix(event.Data, []byte("{")):
		return Event{}, fmt.Errorf("the data of %s is not an object", event.Type)
	}
	return event, nil
}
