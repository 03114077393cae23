package webhook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/webhook"
)

func envelope(kind, data string) []byte {
	return fmt.Appendf(nil, `{"type":%q,"timestamp":"2026-11-22T12:00:00.123456Z","data":%s}`, kind, data)
}

func parse(t testing.TB, body []byte) webhook.Event {
	t.Helper()
	event, err := webhook.Parse(body, request(secret, body), secret)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func TestParse(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)
	for name, tc := range map[string]struct {
		body string
		want webhook.Event
	}{
		"known type": {
			string(envelope("order.paid", `{"id": "o", "new": [1, 2]}`)),
			webhook.Event{Type: webhook.OrderPaid, Timestamp: at, Data: []byte(`{"id": "o", "new": [1, 2]}`)},
		},
		"API version": {
			`{"type":"order.paid","timestamp":"2026-11-22T12:00:00.123456Z","api_version":"2026-10","data":{}}`,
			webhook.Event{Type: webhook.OrderPaid, Timestamp: at, APIVersion: "2026-10", Data: []byte("{}")},
		},
		"members beside data": {
			`{"type":"subscription.migrated","timestamp":"2026-11-22T12:00:00.123456Z","data":{"id":"s"},"provider":"stripe","provider_subscription_id":"sub_1"}`,
			webhook.Event{Type: webhook.SubscriptionMigrated, Timestamp: at, Data: []byte(`{"id":"s"}`), Extra: map[string]json.RawMessage{
				"provider": []byte(`"stripe"`), "provider_subscription_id": []byte(`"sub_1"`),
			}},
		},
		"unknown type":           {string(envelope("order.shipped", `[1]`)), webhook.Event{Type: "order.shipped", Timestamp: at, Data: []byte("[1]")}},
		"unknown type, no data":  {`{"type":"ping","api_version":null}`, webhook.Event{Type: "ping"}},
		"unknown type, null":     {`{"type":"ping","data":null}`, webhook.Event{Type: "ping", Data: []byte("null")}},
		"names in another case":  {`{"type":"ping","Type":"order.paid"}`, webhook.Event{Type: "ping", Extra: map[string]json.RawMessage{"Type": []byte(`"order.paid"`)}}},
		"white space around all": {" {\n\t\"type\" : \"ping\" }\n", webhook.Event{Type: "ping"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := parse(t, []byte(tc.body))
			tc.want.ID = eventID
			if !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestParseUnreadable(t *testing.T) {
	for name, body := range map[string]string{
		"empty":              "",
		"no JSON":            "<html>",
		"list":               "[]",
		"null":               "null",
		"two objects":        `{"type":"ping"}{}`,
		"no type":            `{"timestamp":"2026-11-22T12:00:00Z","data":{}}`,
		"type no string":     `{"type":1,"data":{}}`,
		"version no string":  `{"type":"ping","api_version":{"secret@example.com":1}}`,
		"bad timestamp":      `{"type":"customer.deleted","timestamp":"secret@example.com","data":{"id":"c"}}`,
		"timestamp a number": `{"type":"ping","timestamp":1795536903}`,
		"no timestamp":       `{"type":"customer.deleted","data":{"id":"c"}}`,
		"no data":            `{"type":"customer.deleted","timestamp":"2026-11-22T12:00:00Z"}`,
		"null data":          `{"type":"customer.deleted","timestamp":"2026-11-22T12:00:00Z","data":null}`,
		"data of a string":   `{"type":"customer.state_changed","timestamp":"2026-11-22T12:00:00Z","data":"secret@example.com"}`,
		"data of a list":     `{"type":"order.paid","timestamp":"2026-11-22T12:00:00Z","data":[{"id":"o"}]}`,
		"cut":                string(envelope("customer.created", `{"email":"secret@example.com"}`)[:100]),
	} {
		t.Run(name, func(t *testing.T) {
			e, err := webhook.Parse([]byte(body), request(secret, []byte(body)), secret)
			if !errors.Is(err, webhook.ErrPayload) {
				t.Fatalf("got %+v, %v", e, err)
			}
			if strings.Contains(err.Error(), "example.com") {
				t.Errorf("the error holds personal data: %v", err)
			}
		})
	}
}

// Events of known types need a timestamp and an object.
func TestParseEveryType(t *testing.T) {
	for _, info := range webhook.Types() {
		body := envelope(string(info.Type), `{"id":"x"}`)
		if event := parse(t, body); event.Type != info.Type {
			t.Errorf("got %q, want %q", event.Type, info.Type)
		}
		for _, body := range []string{`{"type":%q,"data":{"id":"x"}}`, `{"type":%q,"timestamp":"2026-11-22T12:00:00Z"}`} {
			body := fmt.Appendf(nil, body, info.Type)
			if _, err := webhook.Parse(body, request(secret, body), secret); !errors.Is(err, webhook.ErrPayload) {
				t.Errorf("%s: got %v", body, err)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(envelope("customer.created", `{"id":"c","email":"a@example.com"}`))
	f.Add(envelope("customer.state_changed", `{"id":"c","active_subscriptions":[{"id":"s"}]}`))
	f.Add(envelope("order.paid", `{"id":"x","paid":true,"total_amount":5,"customer":{"metadata":{"a":1.5}}}`))
	f.Add([]byte(`{"type":"subscription.migrated","timestamp":"2026-11-22T12:00:00Z","data":{"id":"s"},"provider":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := webhook.Parse(body, request(secret, body), secret)
		if err != nil {
			if !errors.Is(err, webhook.ErrPayload) {
				t.Fatal(err)
			}
			return
		}
		if e.Type == "" || !json.Valid(e.Data) && len(e.Data) > 0 {
			t.Fatalf("accepted %q as %+v", body, e)
		}
		decodeAll(t, e)
	})
}

// decodeAll decodes an event into several types. Each result is right or an
// ErrPayload.
func decodeAll(t *testing.T, e webhook.Event) {
	t.Helper()
	o, err := webhook.Data[order](e)
	if err == nil && o.ID == "" {
		t.Fatalf("an order without an ID from %q", e.Data)
	}
	_, asMap := webhook.Data[map[string]any](e)
	_, asAny := webhook.Data[any](e)
	_, asList := webhook.Data[[]order](e)
	for _, err := range []error{err, asMap, asAny, asList} {
		if err != nil && !errors.Is(err, webhook.ErrPayload) {
			t.Fatal(err)
		}
	}
}
