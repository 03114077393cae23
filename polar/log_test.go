package polar

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// Each attempt is one line, with the wait before it and its end.
func TestWithLogger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		l := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := play(status(503), limited("2"), failing(syscall.ECONNRESET), ok().later(time.Second))
		c := s.client(t, WithLogger(l), WithRetry(RetryPolicy{MaxAttempts: 4}))
		if _, err := fetchThing(t.Context(), c, "customers:get_external", ""); err != nil {
			t.Fatal(err)
		}
		type line struct {
			Level, Msg, Operation, Method, Route string
			Attempt, Status                      int
			Duration, Wait                       time.Duration
			Error                                string
		}
		base := line{Msg: "polar request", Operation: "customers:get_external", Method: "GET", Route: "/v1/customers/external/{external_id}"}
		var want []line
		for _, l := range []line{
			{Level: "WARN", Status: 503, Error: "customers: get by external ID: 503 service unavailable: the service failed"},
			{Level: "WARN", Status: 429, Wait: 250 * time.Millisecond, Error: "customers: get by external ID: 429 too many requests: too many requests; retry after 2s"},
			{Level: "WARN", Wait: 2 * time.Second, Error: "customers: get by external ID: the connection was reset"},
			{Level: "DEBUG", Status: 200, Wait: time.Second, Duration: time.Second},
		} {
			l.Msg, l.Operation, l.Method, l.Route, l.Attempt = base.Msg, base.Operation, base.Method, base.Route, len(want)+1
			want = append(want, l)
		}
		var got []line
		for d := json.NewDecoder(&out); d.More(); {
			var l line
			if err := d.Decode(&l); err != nil {
				t.Fatal(err)
			}
			got = append(got, l)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%+v, want\n%+v", got, want)
		}
	})
}

// Nothing is logged below the handler's level, and nothing to nil.
func TestWithLoggerLevel(t *testing.T) {
	var out bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), nil} {
		if err := get(t.Context(), play(ok()).client(t, WithLogger(l))); err != nil || out.Len() > 0 {
			t.Errorf("%v, logged %s", err, out.String())
		}
	}
}
