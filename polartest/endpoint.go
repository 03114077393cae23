package polartest

import (
	"context"

	"github.com/polarexpress/polar-go/polartest/internal/imitation"
)

// Endpoint is a webhook of a server.
type Endpoint struct{ endpoint *imitation.Endpoint }

// Close removes the webhook and cancels attempts in progress.
func (e *Endpoint) Close() { e.endpoint.Close() }

// Deliveries returns the attempts so far, in the order in which they ended.
func (e *Endpoint) Deliveries() []Delivery { return e.endpoint.Deliveries() }

// Disabled reports whether the server has disabled the endpoint. This happens after all
// attempts of ten events in a row have failed. The server then drops queued events.
func (e *Endpoint) Disabled() bool { return e.endpoint.Disabled() }

// Flush waits until every event has been attempted once. It returns the
// context's error if that ends first.
func (e *Endpoint) Flush(ctx context.Context) error { return e.endpoint.Flush(ctx) }

// Redeliver sends an event again, as the service's dashboard does. The event keeps its
// ID. A failed redelivery is not retried.
func (e *Endpoint) Redeliver(eventID string) (Delivery, error) { return e.endpoint.Redeliver(eventID) }

// Secret returns the secret that signs the events. All of its bytes are the key.
func (e *Endpoint) Secret() string { return e.endpoint.Secret() }
