package webhook_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/gen/api"
	"github.com/polarexpress/polar-go/webhook"
)

// typed decodes the data of an event into T, and returns it encoded again.
func typed[T any](event webhook.Event) ([]byte, error) {
	v, err := webhook.Data[T](event)
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// goTypes are the Go types of what events carry, by the names in webhook.Types.
var goTypes = map[string]func(webhook.Event) ([]byte, error){
	"Benefit":             typed[api.Benefit],
	"BenefitGrantWebhook": typed[api.BenefitGrant],
	"Checkout":            typed[api.Checkout],
	"Customer":            typed[customers.Customer],
	"CustomerSeat":        typed[api.CustomerSeat],
	"CustomerState":       typed[customers.State],
	"Discount":            typed[api.Discount],
	"Member":              typed[customers.Member],
	"Order":               typed[api.Order],
	"Organization":        typed[api.Organization],
	"Product":             typed[api.Product],
	"Refund":              typed[api.Refund],
	"Subscription":        typed[api.Subscription],
}

// Every event type has a Go type, which decodes the recorded payloads and keeps
// the value of every field that it has.
func TestRecordedTypes(t *testing.T) {
	carried := map[webhook.Type]string{}
	for _, info := range webhook.Types() {
		carried[info.Type] = info.Data
		if goTypes[info.Data] == nil {
			t.Errorf("%s carries %s, which has no Go type", info.Type, info.Data)
		}
	}
	atRecording(t, func(t *testing.T) {
		for _, r := range recordings(t) {
			event, err := webhook.Parse(r.Body, r.Whsec.header(), recordedSecret)
			if err != nil {
				t.Fatal(err)
			}
			again, err := goTypes[carried[event.Type]](event)
			if err != nil {
				t.Errorf("%s: %v", r.Name, err)
				continue
			}
			var before, after any
			if err := json.Unmarshal(event.Data, &before); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(again, &after); err != nil {
				t.Fatal(err)
			}
			changed(t, r.Name+": data", before, after)
		}
	})
}

// changed reports values that a Go type has changed. A field that the recording
// lacks must be zero.
func changed(t *testing.T, at string, before, after any) {
	t.Helper()
	switch after := after.(type) {
	case map[string]any:
		was, ok := before.(map[string]any)
		if !ok {
			t.Errorf("%s: %v became an object", at, before)
			return
		}
		for key := range was {
			if _, ok := after[key]; !ok && was[key] != nil {
				t.Logf("LOST %s.%s", at, key)
			}
		}
		for key, value := range after {
			if old, ok := was[key]; ok {
				changed(t, at+"."+key, old, value)
			} else if value != nil && !reflect.ValueOf(value).IsZero() {
				t.Errorf("%s.%s: %v appeared", at, key, value)
			}
		}
	case []any:
		was, ok := before.([]any)
		if !ok || len(was) != len(after) {
			t.Errorf("%s: %v became %v", at, before, after)
			return
		}
		for i := range after {
			changed(t, at, was[i], after[i])
		}
	default:
		if !reflect.DeepEqual(before, after) && !sameTime(before, after) {
			t.Errorf("%s: %v became %v", at, before, after)
		}
	}
}

// sameTime reports whether two texts are the same time: Go leaves out zeros at the
// end of a fraction.
func sameTime(a, b any) bool {
	x, _ := a.(string)
	y, _ := b.(string)
	was, err := time.Parse(time.RFC3339, x)
	if err != nil {
		return false
	}
	is, err := time.Parse(time.RFC3339, y)
	return err == nil && was.Equal(is)
}
