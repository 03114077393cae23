package webhook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers/webhook"
)

const (
	customerJSON = `{"id":"11111111-1111-4111-8111-111111111111","created_at":"2026-11-01T00:00:00Z","modified_at":null,"metadata":{"n":3},"external_id":"u1","email":"a@example.com","email_verified":true,"type":"individual","name":null,"billing_name":null,"billing_address":null,"tax_id":null,"organization_id":"22222222-2222-4222-8222-222222222222","deleted_at":null,"avatar_url":null,"first_user_event_at":null}`
	memberJSON   = `{"id":"33333333-3333-4333-8333-333333333333","created_at":"2026-11-01T00:00:00Z","modified_at":null,"customer_id":"11111111-1111-4111-8111-111111111111","email":"m@example.com","name":null,"external_id":null,"role":"owner"}`
)

var stateJSON = strings.TrimSuffix(customerJSON, "}") + `,"active_subscriptions":[{"id":"s","product_id":"p","status":"active"}],"granted_benefits":[],"active_meters":[]}`

func envelope(kind, data string) []byte {
	return fmt.Appendf(nil, `{"type":%q,"timestamp":"2026-11-22T12:00:00.123456Z","data":%s}`, kind, data)
}

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		kind webhook.Type
		data string
	}{
		{webhook.CustomerCreated, customerJSON}, {webhook.CustomerUpdated, customerJSON}, {webhook.CustomerDeleted, customerJSON},
		{webhook.CustomerStateChanged, stateJSON},
		{webhook.MemberCreated, memberJSON}, {webhook.MemberUpdated, memberJSON}, {webhook.MemberDeleted, memberJSON},
		{"order.paid", `{"id": "o", "new": [1, 2]}`}, {"customer.merged", customerJSON}, {"ping", "null"},
	} {
		t.Run(string(tc.kind), func(t *testing.T) {
			body := envelope(string(tc.kind), tc.data)
			e, err := webhook.Parse(body, request(secret, body), secret)
			if err != nil {
				t.Fatal(err)
			}
			if e.ID != eventID || e.Type != tc.kind || !e.Timestamp.Equal(time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)) || string(e.Data) != tc.data {
				t.Errorf("got %+v", e)
			}
			kind := string(tc.kind)
			customer := kind == "customer.created" || kind == "customer.updated" || kind == "customer.deleted"
			if (e.Customer != nil) != customer || customer && *e.Customer.ExternalID != "u1" {
				t.Errorf("customer %+v", e.Customer)
			}
			state := kind == "customer.state_changed"
			if (e.State != nil) != state || state && !e.State.HasProduct("p") {
				t.Errorf("state %+v", e.State)
			}
			if member := strings.HasPrefix(kind, "member."); (e.Member != nil) != member || member && e.Member.Role != "owner" {
				t.Errorf("member %+v", e.Member)
			}
		})
	}
}

func TestParseUnreadable(t *testing.T) {
	for name, body := range map[string]string{
		"empty":            "",
		"no JSON":          "<html>",
		"list":             "[]",
		"null":             "null",
		"no type":          `{"timestamp":"2026-11-22T12:00:00Z","data":{}}`,
		"type no string":   `{"type":1,"data":{}}`,
		"bad timestamp":    `{"type":"customer.deleted","timestamp":"yesterday","data":` + customerJSON + `}`,
		"no timestamp":     `{"type":"customer.deleted","data":` + customerJSON + `}`,
		"no data":          `{"type":"customer.deleted","timestamp":"2026-11-22T12:00:00Z"}`,
		"null data":        `{"type":"customer.deleted","timestamp":"2026-11-22T12:00:00Z","data":null}`,
		"data of a string": `{"type":"customer.state_changed","timestamp":"2026-11-22T12:00:00Z","data":"secret@example.com"}`,
		"no ID":            `{"type":"member.created","timestamp":"2026-11-22T12:00:00Z","data":{"email":"secret@example.com"}}`,
		"cut":              string(envelope("customer.created", customerJSON)[:100]),
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

func FuzzParse(f *testing.F) {
	f.Add(envelope("customer.created", customerJSON))
	f.Add(envelope("customer.state_changed", stateJSON))
	f.Add(envelope("member.updated", memberJSON))
	f.Add(envelope("order.paid", `{"id":"x"}`))
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
		if strings.HasPrefix(string(e.Type), "member.") && e.Member != nil && e.Member.ID == "" {
			t.Fatalf("a member without an ID: %q", body)
		}
	})
}
