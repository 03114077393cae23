package polar

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

// local returns a client of a service on this machine, over a real connection.
func local(t testing.TB, url string, opts ...Option) *Client {
	t.Helper()
	transport := defaultTransport()
	t.Cleanup(transport.CloseIdleConnections)
	base := []Option{WithBaseURL(url), WithHTTPClient(&http.Client{Transport: transport}), withJitter(0)}
	c, err := New(testToken, append(base, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// send sends an operation as a method of a service package does.
func send(ctx context.Context, c *Client, op *Operation) error {
	body := ""
	if op.Method == "POST" || op.Method == "PATCH" {
		body = `{}`
	}
	req, err := build(c, op.ID, body)
	switch {
	case op.Method == "DELETE":
		return Discard(ctx, c, op.ID, req, err)
	case strings.HasSuffix(op.ID, ":export"):
		s, err := Stream(ctx, c, op.ID, req, err)
		if err == nil {
			err = s.Close()
		}
		return err
	}
	_, err = Fetch[thing](ctx, c, op.ID, req, err)
	return err
}

// A redirect, wherever it points, is one request and an error. Nobody else gets
// the token.
func TestRedirects(t *testing.T) {
	var elsewhere, requests atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	var status int
	var location string
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	}))
	defer service.Close()
	c := local(t, service.URL)
	for name, to := range map[string]string{
		"another host":   other.URL + "/v1/customers/" + testID,
		"another scheme": "https" + strings.TrimPrefix(service.URL, "http") + "/v1/customers/",
		"another path":   "/v1/customers/external/someone-else",
		"itself":         "",
		"a broken URL":   "http://[::1/%zz",
	} {
		for _, code := range []int{301, 302, 303, 307, 308} {
			location, status = to, code
			for _, id := range []string{"customers:get", "customers:list", "customers:create", "customers:update", "customers:delete", "customers:export"} {
				op := operation(id)
				before := requests.Load()
				err := send(t.Context(), c, op)
				e := failureOf(t, err)
				if !errors.Is(e, ErrUnexpectedResponse) || e.StatusCode != code || e.Attempts != 1 || e.Header.Get("Location") != to {
					t.Errorf("%s: %d to %s: %v", id, code, name, err)
				}
				if n := requests.Load() - before; n != 1 {
					t.Errorf("%s: %d to %s: %d requests", id, code, name, n)
				}
			}
		}
	}
	if elsewhere.Load() > 0 {
		t.Errorf("%d requests to another host", elsewhere.Load())
	}
}

// pipes is a network in memory, for services that take their time under
// testing/synctest.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// slowly serves h in memory to f.
func slowly(t *testing.T, h http.HandlerFunc, opts []Option, f func(t *testing.T, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		network := make(pipes)
		srv := &http.Server{Handler: h}
		served := make(chan error, 1)
		go func() { served <- srv.Serve(network) }()
		transport := defaultTransport()
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			network <- theirs
			return ours, nil
		}
		c := local(t, "http://127.0.0.1", append([]Option{WithHTTPClient(&http.Client{Transport: transport})}, opts...)...)
		f(t, c)
		transport.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		<-served
	})
}

// drip sends a header at once and then a byte a second until the client has gone.
func drip(contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for sleep(r.Context(), time.Second) == nil {
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush() // fails when the client has gone
		}
	}
}

// A byte a second does not make a call last longer than its attempts.
func TestSlowBody(t *testing.T) {
	slowly(t, drip("application/json"), []Option{WithTimeout(10 * time.Second)}, func(t *testing.T, c *Client) {
		start := time.Now()
		e := failureOf(t, get(t.Context(), c))
		if took := time.Since(start); took != 30*time.Second || e.Attempts != 3 {
			t.Errorf("%v after %v", e, took)
		}
		if !errors.Is(e, ErrUnexpectedResponse) || !errors.Is(e, errAttemptTimeout) || errors.Is(e, context.DeadlineExceeded) {
			t.Errorf("got %v", e)
		}
		var timeout net.Error
		if !errors.As(e, &timeout) && !strings.Contains(e.Error(), "in time") {
			t.Errorf("not a timeout: %v", e)
		}
	})
}

// An export may take long. The timeout limits each part, the context all of it.
func TestSlowExport(t *testing.T) {
	opts := []Option{WithTimeout(10 * time.Second)}
	slowly(t, drip("text/csv; charset=utf-8"), opts, func(t *testing.T, c *Client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		r, err := openExport(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if len(b) < 59 || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrUnexpectedResponse) || time.Since(start) != time.Minute {
			t.Errorf("%d bytes, %v after %v", len(b), err, time.Since(start))
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	stall := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, "ID,") // the client is there
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	slowly(t, stall, opts, func(t *testing.T, c *Client) {
		r, err := openExport(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // the caller's own time is not the service's
		p := make([]byte, 3)
		if _, err := io.ReadFull(r, p); err != nil || string(p) != "ID," {
			t.Fatalf("%q, %v", p, err)
		}
		time.Sleep(time.Hour) // the caller's own time is not the service's
		start := time.Now()
		_, err = r.Read(p)
		if e := failureOf(t, err); !errors.Is(e, errAttemptTimeout) || e.Operation != "customers:export" || e.Attempts != 1 || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", e, time.Since(start))
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	slowly(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, opts, func(t *testing.T, c *Client) {
		start := time.Now()
		_, err := openExport(t.Context(), c)
		if e := failureOf(t, err); e.Attempts != 3 || !errors.Is(e, errAttemptTimeout) || time.Since(start) != 30*time.Second {
			t.Errorf("%v after %v", e, time.Since(start))
		}
	})
}

// costs runs f and returns how long it took and what it allocated.
func costs(f func()) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

// bomb is 10 MB of gzip that decompress to 10 GB.
func bomb(t *testing.T) (head, chunk []byte, chunks int) {
	t.Helper()
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	var at int
	for range 2 { // from the second on, what a chunk becomes depends on nothing before it
		at = b.Len()
		if _, err := z.Write(zeros); err != nil {
			t.Fatal(err)
		}
		if err := z.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	chunk = b.Bytes()[at:]
	head = append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, b.Bytes()[:at]...)
	return head, chunk, 10_000
}

// Responses without an end are an error in bounded time and memory.
func TestHugeResponses(t *testing.T) {
	head, chunk, chunks := bomb(t)
	if size := len(chunk) * chunks; size < 9<<20 || size > 12<<20 {
		t.Fatalf("the bomb has %d bytes", size)
	}
	json := http.Header{"Content-Type": {"application/json"}}
	write := func(w http.ResponseWriter, h http.Header, head, chunk []byte, n int) {
		for k, v := range h {
			w.Header()[k] = v
		}
		if _, err := w.Write(head); err != nil {
			return
		}
		for ; n != 0; n-- {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	long := bytes.Repeat([]byte(" "), 64<<10)
	for name, h := range map[string]http.HandlerFunc{
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			write(w, http.Header{"Content-Type": json["Content-Type"], "Content-Encoding": {"gzip"}}, head, chunk, chunks)
		},
		"endless body": func(w http.ResponseWriter, _ *http.Request) { write(w, json, nil, long, -1) },
		"endless error": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			write(w, json, nil, long, -1)
		},
		"a long body, announced": func(w http.ResponseWriter, _ *http.Request) {
			write(w, http.Header{"Content-Type": json["Content-Type"], "Content-Length": {"1000000000000"}}, nil, long, -1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(h)
			defer srv.Close()
			var err error
			c := local(t, srv.URL)
			took, allocated := costs(func() { err = get(t.Context(), c) })
			e := failureOf(t, err)
			if !errors.Is(err, errTooLong) || !errors.Is(err, ErrUnexpectedResponse) || e.Attempts != 1 || len(e.Body()) > maxErrorBody {
				t.Errorf("got %v", err)
			}
			if took > 10*time.Second || allocated > 4*8<<20+16<<20 {
				t.Errorf("took %v and %d MB", took, allocated>>20)
			}
		})
	}
}

// A header without an end is an error before it fills the memory.
func TestEndlessHeader(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				for head := "HTTP/1.1 200 OK\r\n"; ; head = "X-More: " + strings.Repeat("x", 1000) + "\r\n" {
					if _, err := io.WriteString(conn, head); err != nil {
						return
					}
				}
			})
		}
	})
	took, allocated := costs(func() { err = get(t.Context(), local(t, "http://"+l.Addr().String())) })
	if e := failureOf(t, err); !errors.Is(err, ErrUnexpectedResponse) || !errors.Is(err, errLongHeader) || e.Attempts != 1 {
		t.Errorf("got %v", err)
	}
	if took > 5*time.Second || allocated > 32<<20 {
		t.Errorf("took %v and %d MB", took, allocated>>20)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	serving.Wait()
}

// Calls share a connection after responses of every kind.
func TestConnectionsReused(t *testing.T) {
	var opened, n atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch n.Add(1) % 4 {
		case 0:
			w.WriteHeader(204)
		case 1:
			http.Error(w, strings.Repeat("x", 300<<10), 404)
		case 2:
			http.Error(w, notFoundBody, 500)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, testThing)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	c := local(t, srv.URL, WithRetry(RetryPolicy{MaxAttempts: 1}))
	for range 40 {
		_ = get(t.Context(), c) // of all kinds
		_, _ = openExport(t.Context(), c)
	}
	if opened.Load() != 1 {
		t.Errorf("%d requests took %d connections", n.Load(), opened.Load())
	}
}

// Sixty-four goroutines share a client, and leave nothing behind.
func TestManyGoroutines(t *testing.T) {
	before := goleak.IgnoreCurrent()
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := n.Add(1); {
		case n%7 == 0:
			w.WriteHeader(429)
		case n%11 == 0:
			w.WriteHeader(503)
		case n%13 == 0:
			panic(http.ErrAbortHandler) // net/http's way to break the connection
		case r.Method == http.MethodDelete:
			w.WriteHeader(204)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, testThing)
		}
	}))
	var tokens atomic.Int32
	c := local(t, srv.URL, WithRetry(RetryPolicy{MaxAttempts: 10, BaseDelay: 1, MaxDelay: 1}), WithRateLimit(RateLimit{Requests: 1e6, Per: time.Second}),
		WithTokenSource(func(context.Context) (string, error) { return fmt.Sprint("t", tokens.Add(1)), nil }))
	for i, err := range all(64, func(i int) error {
		var seen Response
		for j := range 20 {
			switch (i + j) % 3 {
			case 0:
				if err := get(t.Context(), c, CaptureResponse(&seen), WithHeader("X-N", "1")); err != nil {
					return err
				}
			case 1:
				if err := update(t.Context(), c); err != nil {
					return err
				}
			default:
				if err := remove(t.Context(), c); err != nil {
					return err
				}
			}
		}
		return nil
	}) {
		if err != nil {
			t.Errorf("goroutine %d: %v", i, err)
		}
	}
	c.config.httpClient.CloseIdleConnections()
	srv.Close()
	goleak.VerifyNone(t, before)
}

// Middleware is the last thing before the network. It sees each attempt as it is
// sent, and nothing that is held back.
func TestWithMiddleware(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		tag := func(name string) func(http.RoundTripper) http.RoundTripper {
			return func(next http.RoundTripper) http.RoundTripper {
				return roundTripper(func(req *http.Request) (*http.Response, error) {
					seen = append(seen, fmt.Sprintf("%s %s %s", name, req.Method, req.Header.Get("Authorization")))
					req = req.Clone(req.Context())
					req.Header.Add("X-Seen", name)
					return next.RoundTrip(req)
				})
			}
		}
		s := play(status(503), ok())
		c := s.client(t, WithMiddleware(tag("a"), tag("b")), WithMiddleware(tag("c")))
		if err := get(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		want := []string{"a", "b", "c", "a", "b", "c"}
		for i := range want {
			want[i] += " GET Bearer " + testToken
		}
		if !slices.Equal(seen, want) {
			t.Errorf("seen %q, want %q", seen, want)
		}
		if got := s.sent[1].header["X-Seen"]; !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("the second attempt has %q", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := get(ctx, c); err == nil || len(seen) != 6 {
			t.Errorf("middleware saw a call that was not sent: %v", err)
		}
	})
}

// Each attempt over a real connection has the whole request.
func TestAttemptsAreWhole(t *testing.T) {
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err != nil || string(body) != `{"name":"Jane"}` || len(r.Header["Authorization"]) != 1 {
			t.Errorf("attempt %d: body %q, %v, header %v", n.Load()+1, body, err, r.Header)
		}
		if n.Add(1) < 3 {
			w.Header().Set("Connection", "close") // on a reused one, net/http rewinds the body itself
			w.WriteHeader(503)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, testThing)
	}))
	defer srv.Close()
	c := local(t, srv.URL)
	for name, call := range map[string]func() error{
		"Fetch": func() error { return update(t.Context(), c) },
		"Do":    func() error { _, err := do(t.Context(), c, "customers:update", `{"name":"Jane"}`); return err },
	} {
		n.Store(0)
		if err := call(); err != nil || n.Load() != 3 {
			t.Errorf("%s: %v after %d attempts", name, err, n.Load())
		}
	}
}

// Failures of real connections are told apart.
func TestConnectionFailures(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	// A port that a connection is bound to accepts no other: dialing it is refused.
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	e := failureOf(t, remove(t.Context(), local(t, "http://"+conn.LocalAddr().String())))
	if !errors.Is(e, syscall.ECONNREFUSED) || errors.Is(e, ErrOutcomeUnknown) || e.Attempts != 3 || !strings.Contains(e.Error(), "connection refused") {
		t.Errorf("refused: %v", e)
	}
	if err := errors.Join(conn.Close(), l.Close()); err != nil {
		t.Error(err)
	}

	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0) // the failed handshake is the point
	tls.StartTLS()
	defer tls.Close()
	e = failureOf(t, remove(t.Context(), local(t, tls.URL)))
	if errors.Is(e, ErrOutcomeUnknown) || e.Attempts != 1 || !strings.Contains(e.Error(), "TLS certificate") {
		t.Errorf("certificate: %v", e)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	e = failureOf(t, remove(t.Context(), local(t, "https"+strings.TrimPrefix(plain.URL, "http"))))
	if errors.Is(e, ErrOutcomeUnknown) || e.Attempts != 1 {
		t.Errorf("no TLS: %v", e)
	}
}
