package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/webhook"
)

func deliver(h http.Handler, method string, header http.Header, body io.Reader) int {
	r := httptest.NewRequest(method, "/webhooks", body)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func handler(t *testing.T, handle func(context.Context, webhook.Event) error, opts ...webhook.Option) http.Handler {
	t.Helper()
	h, err := webhook.Handler(secret, handle, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHandlerStatus(t *testing.T) {
	broken := errors.New("the database is away")
	for _, tc := range []struct {
		name   string
		method string
		change func(http.Header)
		body   io.Reader
		opts   []webhook.Option
		fail   error
		status int
		want   error // told to the error handler
		called bool
	}{
		{name: "handled", status: 204, called: true},
		{name: "event handler fails", fail: broken, status: 500, want: broken, called: true},
		{name: "not POST", method: "GET", status: 405},
		{name: "no signature", change: func(h http.Header) { h.Del("Webhook-Signature") }, status: 400, want: webhook.ErrHeader},
		{name: "wrong signature", change: func(h http.Header) { h.Set("Webhook-Signature", "v1,AAAA") }, status: 401, want: webhook.ErrSignature},
		{name: "old", change: func(h http.Header) { h.Set("Webhook-Timestamp", "1700000000") }, status: 401, want: webhook.ErrTimestamp},
		{name: "too large", opts: []webhook.Option{webhook.WithMaxBody(int64(len(body) - 1))}, status: 413},
		{name: "just not too large", opts: []webhook.Option{webhook.WithMaxBody(int64(len(body)))}, status: 204, called: true},
		{name: "connection breaks", body: iotest.ErrReader(io.ErrUnexpectedEOF), status: 400, want: io.ErrUnexpectedEOF},
		{name: "unreadable event", change: func(h http.Header) {
			h.Set("Webhook-Signature", sign([]byte(secret), eventID, h.Get("Webhook-Timestamp"), []byte("{}")))
		}, body: strings.NewReader("{}"), status: 422, want: webhook.ErrPayload},
		{name: "deduplicator away on claim", opts: []webhook.Option{webhook.WithDeduplicator(faulty{claim: broken})}, status: 503, want: broken},
		{name: "deduplicator away on settling", opts: []webhook.Option{webhook.WithDeduplicator(faulty{settle: broken})}, status: 204, want: broken, called: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			called, told := false, error(nil)
			opts := append(tc.opts, webhook.WithErrorHandler(func(_ *http.Request, err error) { told = err }))
			h := handler(t, func(_ context.Context, e webhook.Event) error {
				called = true
				if e.ID != eventID {
					t.Errorf("event %q", e.ID)
				}
				return tc.fail
			}, opts...)
			header := request(secret, body)
			if tc.change != nil {
				tc.change(header)
			}
			sent := tc.body
			if sent == nil {
				sent = bytes.NewReader(body)
			}
			method := tc.method
			if method == "" {
				method = "POST"
			}
			if got := deliver(h, method, header, sent); got != tc.status {
				t.Errorf("status %d, want %d (%v)", got, tc.status, told)
			}
			if called != tc.called {
				t.Errorf("called: %v, want %v", called, tc.called)
			}
			if tc.want != nil && !errors.Is(told, tc.want) || (told == nil) != (tc.status == 204 && tc.want == nil) {
				t.Errorf("told %v, want %v", told, tc.want)
			}
		})
	}
}

type faulty struct{ claim, settle error }

func (f faulty) Claim(context.Context, string) (webhook.Claim, error) {
	return webhook.Claimed, f.claim
}
func (f faulty) Settle(context.Context, string, bool) error { return f.settle }

func TestHandlerSetup(t *testing.T) {
	handle := func(context.Context, webhook.Event) error { return nil }
	for name, build := range map[string]func() (http.Handler, error){
		"no secret":        func() (http.Handler, error) { return webhook.Handler("", handle) },
		"no function":      func() (http.Handler, error) { return webhook.Handler(secret, nil) },
		"zero tolerance":   func() (http.Handler, error) { return webhook.Handler(secret, handle, webhook.WithTolerance(0)) },
		"no body":          func() (http.Handler, error) { return webhook.Handler(secret, handle, webhook.WithMaxBody(0)) },
		"no deduplicator":  func() (http.Handler, error) { return webhook.Handler(secret, handle, webhook.WithDeduplicator(nil)) },
		"no error handler": func() (http.Handler, error) { return webhook.Handler(secret, handle, webhook.WithErrorHandler(nil)) },
	} {
		if h, err := build(); err == nil || h != nil {
			t.Errorf("%s: got %v, %v", name, h, err)
		}
	}
}

// A delivery that is played again is acknowledged and not handled, as long as
// it verifies at all.
func TestReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		h := handler(t, func(context.Context, webhook.Event) error { calls++; return nil })
		header := request(secret, body)
		for _, tc := range []struct {
			wait   time.Duration
			header http.Header
			status int
		}{{0, header, 204}, {0, header, 204}, {4 * time.Minute, header, 204}, {2 * time.Minute, header, 401}, {0, nil, 204}, {time.Hour, nil, 204}} {
			time.Sleep(tc.wait)
			sent := tc.header
			if sent == nil {
				sent = request(secret, body) // the service delivers again, signed anew
			}
			if got := deliver(h, "POST", sent, bytes.NewReader(body)); got != tc.status {
				t.Errorf("status %d, want %d", got, tc.status)
			}
		}
		if calls != 1 {
			t.Errorf("handled %d times", calls)
		}
	})
}

// Only success ends the deliveries.
func TestRetriedUntilHandled(t *testing.T) {
	calls := 0
	h := handler(t, func(context.Context, webhook.Event) error {
		if calls++; calls < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	var got []int
	for range 5 {
		got = append(got, deliver(h, "POST", request(secret, body), bytes.NewReader(body)))
	}
	if fmt.Sprint(got) != "[500 500 204 204 204]" || calls != 3 {
		t.Errorf("statuses %v, %d calls", got, calls)
	}
}

// A function that panics has not handled the event either.
func TestPanicReleasesClaim(t *testing.T) {
	calls := 0
	h := handler(t, func(context.Context, webhook.Event) error {
		if calls++; calls == 1 {
			panic("broken")
		}
		return nil
	})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		deliver(h, "POST", request(secret, body), bytes.NewReader(body))
	}()
	if got := deliver(h, "POST", request(secret, body), bytes.NewReader(body)); got != 204 || calls != 2 {
		t.Errorf("status %d after %d calls", got, calls)
	}
}

// A second delivery that comes while the first is handled must not be
// acknowledged: the first may fail yet.
func TestConcurrentDeliveries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		release := make(chan error)
		h := handler(t, func(context.Context, webhook.Event) error { calls.Add(1); return <-release })
		var wg sync.WaitGroup
		var first int
		wg.Go(func() { first = deliver(h, "POST", request(secret, body), bytes.NewReader(body)) })
		synctest.Wait()
		if got := deliver(h, "POST", request(secret, body), bytes.NewReader(body)); got != http.StatusConflict {
			t.Errorf("status %d while the event is being handled", got)
		}
		release <- nil
		wg.Wait()
		if again := deliver(h, "POST", request(secret, body), bytes.NewReader(body)); first != 204 || again != 204 || calls.Load() != 1 {
			t.Errorf("statuses %d and %d, %d calls", first, again, calls.Load())
		}
	})
}
