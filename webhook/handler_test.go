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
		want   error // passed to the error handler
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
		{name: "deduplicator away on claim, fail open", opts: []webhook.Option{webhook.WithDeduplicator(faulty{claim: broken, settle: errUnexpected}), webhook.WithFailOpen()}, status: 204, want: broken, called: true},
		{name: "deduplicator away on claim, fail open, handling fails", opts: []webhook.Option{webhook.WithDeduplicator(faulty{claim: broken, settle: errUnexpected}), webhook.WithFailOpen()}, fail: errHandle, status: 500, want: broken, called: true},
		{name: "deduplicator works, fail open", opts: []webhook.Option{webhook.WithDeduplicator(faulty{}), webhook.WithFailOpen()}, status: 204, called: true},
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
			if tc.fail != nil && !errors.Is(told, tc.fail) || errors.Is(told, errUnexpected) {
				t.Errorf("told %v", told)
			}
			if tc.want != nil && !errors.Is(told, tc.want) || (told == nil) != (tc.status == 204 && tc.want == nil) {
				t.Errorf("told %v, want %v", told, tc.want)
			}
		})
	}
}

var (
	errHandle = errors.New("handling fails")
	// errUnexpected is of a call that must not happen.
	errUnexpected = errors.New("unexpected call")
)

type faulty struct{ claim, settle error }

func (f faulty) Claim(context.Context, string) (webhook.Claim, error) {
	return webhook.Claimed, f.claim
}
func (f faulty) Settle(context.Context, string, bool) error { return f.settle }

// A response to another method than POST names POST, as HTTP requires.
func TestAllow(t *testing.T) {
	h, err := webhook.Handler(recordedSecret, func(context.Context, webhook.Event) error { return errUnexpected })
	if err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]string{"GET": "POST", "POST": ""} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/webhooks/polar", nil))
		if got := w.Header().Get("Allow"); got != want {
			t.Errorf("%s: the response allows %q, want %q", method, got, want)
		}
	}
}

func TestHandlerSetup(t *testing.T) {
	handle := func(context.Context, webhook.Event) error { return nil }
	for name, tc := range map[string]struct {
		secret string
		handle func(context.Context, webhook.Event) error
		opts   []webhook.Option
		want   string
	}{
		"no secret":        {"", handle, nil, "webhook: unusable secret: it is empty"},
		"no function":      {secret, nil, nil, "webhook: handle is nil"},
		"nil option":       {secret, handle, []webhook.Option{webhook.WithFailOpen(), nil}, "webhook: opts[1] is nil"},
		"zero tolerance":   {secret, handle, []webhook.Option{webhook.WithTolerance(0)}, "webhook: tolerance 0s: must be above 0"},
		"no body":          {secret, handle, []webhook.Option{webhook.WithMaxBody(0)}, "webhook: body limit of 0 bytes: must be above 0"},
		"no deduplicator":  {secret, handle, []webhook.Option{webhook.WithDeduplicator(nil)}, "webhook: the deduplicator is nil"},
		"no error handler": {secret, handle, []webhook.Option{webhook.WithErrorHandler(nil)}, "webhook: the error handler is nil"},
	} {
		h, err := webhook.Handler(tc.secret, tc.handle, tc.opts...)
		if err == nil || h != nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: got %v, %v", name, h, err)
		}
	}
	if err := webhook.Verify(body, request(secret, body), secret, nil); err == nil || err.Error() != "webhook: opts[0] is nil" {
		t.Errorf("Verify: %v", err)
	}
	if _, err := webhook.Parse(body, request(secret, body), secret, nil); err == nil || err.Error() != "webhook: opts[0] is nil" {
		t.Errorf("Parse: %v", err)
	}
}

// hanging is a deduplicator whose server accepts connections and never responds.
type hanging struct{ claims, settles bool }

func (h hanging) Claim(ctx context.Context, _ string) (webhook.Claim, error) {
	if h.claims {
		<-ctx.Done()
	}
	return webhook.Claimed, ctx.Err()
}

func (h hanging) Settle(ctx context.Context, _ string, _ bool) error {
	if h.settles {
		<-ctx.Done()
	}
	return ctx.Err()
}

// The service waits ten seconds. A deduplicator that hangs does not use them up.
func TestHangingDeduplicator(t *testing.T) {
	for name, tc := range map[string]struct {
		dedup  hanging
		opts   []webhook.Option
		status int
		calls  int
	}{
		"claim":            {hanging{claims: true}, nil, 503, 0},
		"claim, fail open": {hanging{claims: true, settles: true}, []webhook.Option{webhook.WithFailOpen()}, 204, 1},
		"settle":           {hanging{settles: true}, nil, 204, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls, start := 0, time.Now()
				var told error
				h := handler(t, func(ctx context.Context, _ webhook.Event) error { calls++; return ctx.Err() },
					append(tc.opts, webhook.WithDeduplicator(tc.dedup), webhook.WithErrorHandler(func(_ *http.Request, err error) { told = err }))...)
				if got := deliver(h, "POST", request(secret, body), bytes.NewReader(body)); got != tc.status || calls != tc.calls {
					t.Errorf("status %d, %d calls", got, calls)
				}
				if took := time.Since(start); took != 2*time.Second || !errors.Is(told, context.DeadlineExceeded) {
					t.Errorf("took %v, told %v", took, told)
				}
			})
		})
	}
}

// While the deduplicator is away, every delivery is handled.
func TestFailOpenHandlesRepeats(t *testing.T) {
	calls := 0
	h := handler(t, func(context.Context, webhook.Event) error { calls++; return nil },
		webhook.WithDeduplicator(faulty{claim: errors.New("away")}), webhook.WithFailOpen())
	for range 2 {
		if got := deliver(h, "POST", request(secret, body), bytes.NewReader(body)); got != 204 {
			t.Errorf("status %d", got)
		}
	}
	if calls != 2 {
		t.Errorf("handled %d times", calls)
	}
}

// A replayed delivery is acknowledged and not handled, as long as it verifies.
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
				sent = request(secret, body) // the service retries with a new signature
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

// The service retries until the event is handled.
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

// A panic leaves the event unhandled, so that a retry can succeed.
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

// A second delivery is not acknowledged while the first is being handled: the
// first can still fail.
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
