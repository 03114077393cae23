package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/customers/webhook"
)

// An endpoint, and a delivery to it as a test makes one.
func ExampleHandler() {
	const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	events, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event) error {
		fmt.Println(e.Type, e.Member.Role)
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	body := `{"type":"member.created","timestamp":"2026-11-22T12:00:00Z","data":{"id":"m","role":"owner"}}`
	for range 2 {
		r := httptest.NewRequest(http.MethodPost, "/webhooks/polar", strings.NewReader(body))
		r.Header.Set(webhook.HeaderID, "event-1")
		r.Header.Set(webhook.HeaderTimestamp, fmt.Sprint(time.Now().Unix()))
		r.Header.Set(webhook.HeaderSignature, webhook.Sign(secret, "event-1", time.Now(), []byte(body)))
		w := httptest.NewRecorder()
		events.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// member.created owner
	// 204
	// 204
}
