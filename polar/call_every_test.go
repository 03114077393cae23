package polar_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

const anID = "0b0f3c3e-7a51-4c51-9a47-8f6a2c1c6f11"

// Every operation of the contract can be called, and every kind of failure is the
// right error, with the scopes of the operation.
func TestCallEveryOperation(t *testing.T) {
	failures := []struct {
		name, body, contentType string
		status                  int
		is                      error
	}{
		{"unauthorized", `{"error":"invalid_token","error_description":"no"}`, "application/json", 401, polar.ErrUnauthorized},
		{"missing scope", `{"error":"insufficient_scope","error_description":"no"}`, "application/json", 403, polar.ErrInsufficientScope},
		{"not found", `{"error":"ResourceNotFound","detail":"Not found"}`, "application/json", 404, polar.ErrNotFound},
		{"invalid", `{"error":"RequestValidationError","detail":[{"type":"missing","loc":["body","name"],"msg":"Field required","input":null}]}`, "application/json", 422, polar.ErrValidation},
		{"too many", "", "", 429, polar.ErrRateLimited},
		{"failed", "Internal Server Error", "text/plain", 500, polar.ErrServer},
		{"a page", "<html>Sign in</html>", "text/html", 200, polar.ErrUnexpectedResponse},
		{"truncated", `{"id":"0b0f3c3e-`, "application/json", 200, polar.ErrUnexpectedResponse},
	}
	var status int
	var body, contentType string
	var seen *http.Request
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	defer service.Close()
	client, err := polar.New("polar_oat_test", polar.WithBaseURL(service.URL), polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	operations := polar.Operations()
	if len(operations) != 190 {
		t.Errorf("the contract has %d operations, want 190", len(operations))
	}
	for _, op := range operations {
		path := op.Path
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, after, _ := strings.Cut(rest, "}")
			path = before + anID + after
		}
		var sent any
		if op.Method != "GET" && op.Method != "DELETE" {
			sent = map[string]any{"name": "x"}
		}
		for _, f := range failures {
			status, body, contentType = f.status, f.body, f.contentType
			// A 429 pauses a client, so each call has its own.
			c, err := client.With(polar.WithBaseURL(service.URL))
			if err != nil {
				t.Fatal(err)
			}
			_, err = polar.Call[map[string]any](t.Context(), c, op.Method, path, sent)
			var e *polar.Error
			if !errors.Is(err, f.is) || !errors.As(err, &e) {
				t.Errorf("%s: %s: %v, want %v", op.ID, f.name, err, f.is)
				continue
			}
			if e.Operation != op.ID || e.Route != op.Path || e.StatusCode != f.status {
				t.Errorf("%s: %s: operation %s, route %s, status %d", op.ID, f.name, e.Operation, e.Route, e.StatusCode)
			}
			if f.status == 403 && (!slices.Equal(e.RequiredScopes, op.Scopes) || len(op.Scopes) > 0 && !strings.Contains(err.Error(), op.Scopes[0])) {
				t.Errorf("%s: scopes %v, want %v: %v", op.ID, e.RequiredScopes, op.Scopes, err)
			}
			if seen.Method != op.Method || seen.URL.Path != path || seen.Header.Get("Authorization") != "Bearer polar_oat_test" || seen.Header.Get("Polar-Version") != polar.APIVersion {
				t.Errorf("%s: sent %s %s with %v", op.ID, seen.Method, seen.URL, seen.Header)
			}
		}
	}
}
