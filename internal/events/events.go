// Package events decodes webhook events for the FromEvent functions of service
// packages.
package events

import (
	"fmt"
	"strings"

	"github.com/polarexpress/polar-go/webhook"
)

// Data decodes the data of an event about an object, such as "order". The error
// matches [webhook.ErrPayload] if the event is about another object, or if its data
// cannot be decoded.
func Data[T any](event webhook.Event, object string) (*T, error) {
	if about, _, _ := strings.Cut(string(event.Type), "."); about != object {
		return nil, fmt.Errorf("%w: %s is not one of the %s events", webhook.ErrPayload, event.Type, object)
	}
	return webhook.Data[T](event)
}
