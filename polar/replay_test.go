package polar

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// dropping is a server that responds to the first request of each connection, and
// closes the connection upon the second, after it has read it.
type dropping struct {
	*httptest.Server
	requests atomic.Int32 // dropped ones
	seen     sync.Map     // from remote address to nothing
}

func newDropping(t *testing.T) *dropping {
	d := &dropping{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if _, again := d.seen.LoadOrStore(r.RemoteAddr, nil); !again && r.Method == http.MethodGet {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, testThing)
			return
		}
		d.requests.Add(1)
		panic(http.ErrAbortHandler) // net/http's way to break the connection
	}))
	t.Cleanup(d.Close)
	return d
}

// net/http sends a request with an Idempotency-Key again by itself when a reused
// connection breaks. The client leaves it no such request.
func TestNoReplay(t *testing.T) {
	addKey := WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			req.Header.Set("Idempotency-Key", "7")
			req.Header.Set("X-Idempotency-Key", "7")
			return next.RoundTrip(req)
		})
	})
	withKeys := func(ctx context.Context, c *Client) error {
		req, err := build(c, "customers:create", `{}`)
		if err != nil {
			return err
		}
		req.Header["Idempotency-Key"] = nil // net/http sends none, but repeats the request
		req.Header.Set("X-Idempotency-Key", "7")
		_, err = c.Do(req.WithContext(ctx))
		return err
	}
	for name, tc := range map[string]struct {
		call     func(context.Context, *Client) error
		opts     []Option
		attempts int
	}{
		"POST":                    {func(ctx context.Context, c *Client) error { return create(ctx, c) }, nil, 1},
		"POST, by middleware":     {func(ctx context.Context, c *Client) error { return create(ctx, c) }, []Option{addKey}, 1},
		"PATCH, by middleware":    {func(ctx context.Context, c *Client) error { return update(ctx, c) }, []Option{addKey}, 3},
		"DELETE, by middleware":   {func(ctx context.Context, c *Client) error { return remove(ctx, c) }, []Option{addKey}, 3},
		"POST, by Do":             {withKeys, nil, 1},
		"POST, by Do, middleware": {withKeys, []Option{addKey}, 1},
		"POST retried on purpose": {func(ctx context.Context, c *Client) error { return create(ctx, c, RetryUnknownOutcome()) }, []Option{addKey}, 3},
		"POST of another transport": {func(ctx context.Context, c *Client) error { return create(ctx, c) }, []Option{
			WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return next }), addKey}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDropping(t)
			c := local(t, d.URL, append(tc.opts, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1}))...)
			if err := get(t.Context(), c); err != nil { // leaves a connection to reuse
				t.Fatal(err)
			}
			e := failureOf(t, tc.call(t.Context(), c))
			if n := int(d.requests.Load()); n != tc.attempts || e.Attempts != tc.attempts || !errors.Is(e, ErrOutcomeUnknown) {
				t.Errorf("%d requests, %d attempts, want %d: %v", n, e.Attempts, tc.attempts, e)
			}
		})
	}
	// The server shows what net/http would do.
	d := newDropping(t)
	for _, method := range []string{"GET", "POST"} {
		req, err := http.NewRequestWithContext(t.Context(), method, d.URL, strings.NewReader(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Idempotency-Key", "7")
		resp, err := d.Client().Do(req)
		if method == "POST" {
			if n := d.requests.Load(); err == nil || n != 2 {
				t.Errorf("net/http sent %d requests: %v", n, err)
			}
		} else if err != nil {
			t.Fatal(err)
		} else {
			_, err := io.Copy(io.Discard, resp.Body)
			if err := errors.Join(err, resp.Body.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// plaintext is a TLS server that reads a request and then writes plain text into
// the stream, as something between client and service can.
func plaintext(t *testing.T) (url string, trust *tls.Config) {
	t.Helper()
	certified := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	config := certified.TLS.Clone()
	trust = certified.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	certified.Close()
	config.NextProtos = nil
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer raw.Close()
				req, err := http.ReadRequest(bufio.NewReader(tls.Server(raw, config)))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				_, _ = io.WriteString(raw, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
			})
		}
	})
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		serving.Wait()
	})
	return "https://" + l.Addr().String(), trust
}

// An error that usually comes before a request can come after it: then the outcome
// is unknown.
func TestErrorsAfterSending(t *testing.T) {
	url, trust := plaintext(t)
	transport := defaultTransport()
	transport.TLSClientConfig = trust
	t.Cleanup(transport.CloseIdleConnections)
	for name, call := range map[string]func(context.Context, *Client, ...CallOption) error{"POST": create, "PATCH": update, "DELETE": remove, "GET": get} {
		for kind, opts := range map[string][]Option{
			"standard transport": nil,
			"with middleware":    {WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return next })},
		} {
			e := failureOf(t, call(t.Context(), clientOf(t, transport, append(opts, WithBaseURL(url))...)))
			if !as[tls.RecordHeaderError](e) || errors.Is(e, ErrOutcomeUnknown) != (name != "GET") || e.Attempts != 1 || !strings.Contains(e.Error(), "the connection does not use TLS") {
				t.Errorf("%s, %s: %v (%v)", name, kind, e, e.cause)
			}
		}
	}
}

// A transport that repeats a request by itself can end in an error of dialing,
// although it has sent the request before.
func TestTransportThatRetries(t *testing.T) {
	var received atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		received.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer srv.Close()
	var dialed atomic.Int32
	standard := defaultTransport()
	dial := standard.DialContext
	standard.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dialed.Add(1)%2 == 0 {
			return nil, refused
		}
		return dial(ctx, network, addr)
	}
	defer standard.CloseIdleConnections()
	again := func(next http.RoundTripper) roundTripper {
		return func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err == nil {
				return resp, nil
			}
			if req.GetBody != nil {
				if req.Body, err = req.GetBody(); err != nil {
					return nil, err
				}
			}
			return next.RoundTrip(req)
		}
	}
	// One that knows no traces, and reads the body as any transport does.
	untraced := roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			if _, err := io.ReadAll(req.Body); err != nil {
				return nil, err
			}
			received.Add(1)
		}
		return nil, refused
	})
	for name, rt := range map[string]http.RoundTripper{"traced": again(standard), "untraced": untraced} {
		for kind, call := range map[string]func(context.Context, *Client, ...CallOption) error{"POST": create, "DELETE": remove} {
			if kind == "DELETE" && name == "untraced" {
				continue // without a body there is nothing to tell by
			}
			received.Store(0)
			e := failureOf(t, call(t.Context(), clientOf(t, rt, WithBaseURL(srv.URL), WithRetry(RetryPolicy{MaxAttempts: 2, BaseDelay: 1, MaxDelay: 1}))))
			attempts := map[string]int{"POST": 1, "DELETE": 2}[kind]
			if !errors.Is(e, syscall.ECONNREFUSED) || !errors.Is(e, ErrOutcomeUnknown) || e.Attempts != attempts || int(received.Load()) != attempts {
				t.Errorf("%s, %s: %v, %d requests", name, kind, e, received.Load())
			}
		}
	}
}

// A write that was not sent is retried, and its outcome is known.
func TestNeverSent(t *testing.T) {
	for kind, call := range map[string]func(context.Context, *Client, ...CallOption) error{"POST": create, "DELETE": remove} {
		transport := defaultTransport()
		var dialed atomic.Int32
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			dialed.Add(1)
			return nil, refused
		}
		e := failureOf(t, call(t.Context(), clientOf(t, transport, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1}))))
		if errors.Is(e, ErrOutcomeUnknown) || e.Attempts != 3 || dialed.Load() != 3 ||
			e.Error() != "customers: "+strings.ToLower(map[string]string{"POST": "create", "DELETE": "delete"}[kind])+": connection refused (api.polar.sh): check the base URL and the network (3 attempts)" {
			t.Errorf("%s: %v, dialed %d times", kind, e, dialed.Load())
		}
	}
}

// Middleware can change a request in place. The next attempt is the request as it
// was.
func TestMiddlewareInPlace(t *testing.T) {
	var kept http.Header
	meddle := WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			kept = req.Header.Clone()
			req.Header.Add("X-Trace", "a")
			req.Header["User-Agent"][0] = "changed"
			req.Header["Authorization"] = nil
			req.URL.Path = "/elsewhere"
			resp, err := next.RoundTrip(req)
			req.Header.Add("X-Trace", "late")
			return resp, err
		})
	})
	for name, call := range map[string]func(context.Context, *Client) error{
		"Fetch": func(ctx context.Context, c *Client) error { return update(ctx, c) },
		"Do": func(ctx context.Context, c *Client) error {
			_, err := do(ctx, c, "customers:update", `{"name":"Jane"}`)
			return err
		},
	} {
		s := play(status(503), status(503), ok())
		var before []http.Header
		s.decide = func(n int, req *http.Request) reply {
			before = append(before, kept)
			if trace := req.Header["X-Trace"]; !slices.Equal(trace, []string{"a"}) {
				t.Errorf("%s: attempt %d has the trace %q", name, n+1, trace)
			}
			return s.replies[n]
		}
		c := s.client(t, meddle, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1}))
		if err := call(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		for n, h := range before {
			if h.Get("Authorization") != "Bearer "+testToken || !strings.HasPrefix(h.Get("User-Agent"), "polar-go/") || h["X-Trace"] != nil || s.sent[n].body != `{"name":"Jane"}` {
				t.Errorf("%s: attempt %d begins with %v, body %q", name, n+1, h, s.sent[n].body)
			}
		}
		if len(before) != 3 {
			t.Errorf("%s: %d attempts", name, len(before))
		}
	}
}

// A transport may still be at work on an attempt when the next one begins.
func TestAttemptsShareNothing(t *testing.T) {
	var late sync.WaitGroup
	next := make(chan struct{})
	s := play(ok())
	first := true
	rt := roundTripper(func(req *http.Request) (*http.Response, error) {
		if !first {
			close(next)
			return s.RoundTrip(req)
		}
		first = false
		late.Go(func() { // the race detector looks at this
			<-next
			for range 100 {
				req.Header.Set("X-Late", "1")
				_, _ = io.ReadAll(req.Body)
			}
		})
		return nil, errors.New("broken")
	})
	c := clientOf(t, rt, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1}))
	if err := update(t.Context(), c); err != nil || s.sent[0].body != `{"name":"Jane"}` || s.sent[0].header["X-Late"] != nil {
		t.Errorf("%v, sent %+v", err, s.sent)
	}
	late.Wait()
}
