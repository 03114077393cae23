// Package events decodes the events of one service, for the FromEvent functions of
// service packages.
package events

import (
	"fmt"
	"strings"

	"github.com/polarexpress/polar-go/webhook"
)

// Data decodes the data of an event that is about an object, such as "order". The
// error matches [webhook.ErrPayload], also if the event is about something else.
func Data[T any](event webhook.Event, object string) (*T, error) {
	if about, _, _ := strings.Cut(string(event.Type), "."); about != object {
		return nil, fmt.Errorf("%w: %s is not about the %s itself: its data is something else", webhook.ErrPayload, event.Type, object)
	}
	return webhook.Data[T](event)
}
