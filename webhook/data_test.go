package webhook_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/webhook"
)

// order has the fields of an order that a program might want.
type order struct {
	ID            string         `json:"id"`
	CreatedAt     time.Time      `json:"created_at"`
	Paid          bool           `json:"paid"`
	TotalAmount   int            `json:"total_amount"`
	BillingReason string         `json:"billing_reason"`
	Subscription  *string        `json:"subscription_id"`
	Metadata      map[string]any `json:"metadata"`
	Customer      struct {
		Email string `json:"email"`
	} `json:"customer"`
}

type identified struct {
	ID string `json:"id,omitempty"`
}

type named struct{ Name string }

func data[T any](json string) (any, error) {
	got, err := webhook.Data[T](webhook.Event{Type: webhook.OrderPaid, Data: []byte(json)})
	if err != nil {
		return nil, err
	}
	return *got, nil
}

func TestData(t *testing.T) {
	type key string
	for name, tc := range map[string]struct {
		decode func(string) (any, error)
		json   string
		want   any    // nil if there is an error
		err    string // what it says
	}{
		"struct":         {data[named], `{"name":"x","new":1}`, named{"x"}, ""},
		"struct with ID": {data[identified], `{"id":"x"}`, identified{"x"}, ""},
		"map":            {data[map[string]any], `{"id":""}`, map[string]any{"id": ""}, ""},
		"raw JSON":       {data[json.RawMessage], `{"id": 1}`, json.RawMessage(`{"id": 1}`), ""},
		"named string as ID": {data[struct {
			ID key `json:"id"`
		}], `{"id":"x"}`, struct {
			ID key `json:"id"`
		}{"x"}, ""},
		"optional ID": {data[struct {
			ID *string `json:"id"`
		}], `{}`, struct {
			ID *string `json:"id"`
		}{}, ""},
		"number as ID": {data[struct {
			ID int `json:"id"`
		}], `{"id":0}`, struct {
			ID int `json:"id"`
		}{}, ""},
		"embedded ID":            {data[struct{ identified }], `{"id":"x"}`, struct{ identified }{identified{"x"}}, ""},
		"no ID":                  {data[identified], `{"email":"secret@example.com"}`, nil, "data.id is empty"},
		"null ID":                {data[identified], `{"id":null}`, nil, "data.id is empty"},
		"no embedded ID":         {data[struct{ identified }], `{}`, nil, "data.id is empty"},
		"no ID behind a pointer": {data[*identified], `{}`, nil, "data.id is empty"},
		"no ID of a named type": {data[struct {
			ID key `json:"id"`
		}], `{}`, nil, "data.id is empty"},
		"outer ID is the data's": {data[struct {
			identified
			ID string `json:"id"`
		}], `{"id":"x"}`, struct {
			identified
			ID string `json:"id"`
		}{ID: "x"}, ""},
		"no data":             {data[named], ``, nil, "it has no data"},
		"null":                {data[named], `null`, nil, "it has no data"},
		"cut":                 {data[named], `{"name":"secret@exa`, nil, "data does not fit webhook_test.named"},
		"text":                {data[named], `"secret@example.com"`, nil, "data: string does not fit webhook_test.named"},
		"number as text":      {data[order], `{"id":"x","customer":{"email":4111111111111111}}`, nil, "data.customer.email: number does not fit string"},
		"text as number":      {data[order], `{"id":"x","total_amount":"secret@example.com"}`, nil, "data.total_amount: string does not fit int"},
		"fraction as integer": {data[order], `{"id":"x","total_amount":4111111111111111.5}`, nil, "data.total_amount: number does not fit int"},
		"text as time":        {data[order], `{"id":"x","created_at":"secret@example.com"}`, nil, "data does not fit webhook_test.order"},
		"impossible type":     {data[chan int], `{}`, nil, "data: object does not fit chan int"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tc.decode(tc.json)
			if (err == nil) != (tc.err == "") || err != nil && !errors.Is(err, webhook.ErrPayload) {
				t.Fatalf("got %+v, %v", got, err)
			}
			if err == nil && !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if want := "webhook: unreadable event: order.paid: " + tc.err; err != nil && err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if err != nil && (strings.Contains(err.Error(), "example.com") || strings.Contains(err.Error(), "4111")) {
				t.Errorf("the error holds data: %v", err)
			}
		})
	}
}

func TestDataHasALimit(t *testing.T) {
	if got, err := data[map[string][]identified](`{"a":[` + strings.Repeat("{},", 99_998) + `{}]}`); err != nil || len(got.(map[string][]identified)["a"]) != 99_999 {
		t.Errorf("below the limit: %v", err)
	}
	if _, err := data[map[string][]identified](`{"a":[` + strings.Repeat("{},", 100_000) + `{}]}`); !errors.Is(err, webhook.ErrPayload) {
		t.Errorf("above the limit: %v", err)
	}
}
