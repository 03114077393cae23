package customers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

const (
	testToken    = "polar_oat_ToPsEcReT"
	testID       = "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f"
	testEmail    = "jane.doe@private.example"
	testExternal = "user-4711-private"
	testCustomer = `{"id":"5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f","created_at":"2026-11-01T10:00:00.123456Z","modified_at":null,` +
		`"metadata":{"plan":"gold","seats":3},"external_id":"user-4711-private","email":"jane.doe@private.example","email_verified":false,` +
		`"type":"individual","name":"Jane Doe","billing_name":"Jane Doe","billing_address":null,"tax_id":null,"locale":"en-US",` +
		`"organization_id":"c0ffee00-1234-4abc-8def-0123456789ab","default_payment_method_id":null,"deleted_at":null,` +
		`"first_user_event_at":null,"avatar_url":"https://www.gravatar.com/avatar/0?d=404"}`
	notFoundBody  = `{"error":"ResourceNotFound","detail":"Not found"}`
	duplicateBody = `{"error":"PolarRequestValidationError","detail":[` +
		`{"type":"value_error","loc":["body","email"],"msg":"A customer with this email address already exists.","input":"jane.doe@private.example"},` +
		`{"type":"value_error","loc":["body","external_id"],"msg":"A customer with this external ID already exists.","input":"user-4711-private"}]}`
)

// reply is what a script answers to one request. One without a status breaks
// the connection.
type reply struct {
	status int
	header http.Header
	body   string
	after  time.Duration // before the answer
	err    error         // in place of an answer
	cut    bool          // the body ends before it is whole
}

func ok() reply             { return reply{status: 200, body: testCustomer} }
func status(code int) reply { return reply{status: code} }
func limited(retryAfter string) reply {
	return reply{status: 429, header: http.Header{"Retry-After": {retryAfter}}}
}
func coded(code int, body string) reply     { return reply{status: code, body: body} }
func failing(err error) reply               { return reply{err: err} }
func (r reply) later(d time.Duration) reply { r.after = d; return r }
func (r reply) with(k, v string) reply      { r.header = http.Header{k: {v}}; return r }

// sent is a request that reached a script.
type sent struct {
	at     time.Duration // since the script began
	method string
	path   string
	header http.Header
	body   string
}

// script is a service in memory that answers requests in turn, the last way
// again and again, and keeps when and what it was sent.
type script struct {
	mu      sync.Mutex
	start   time.Time
	replies []reply
	decide  func(n int, req *http.Request) reply // in place of replies
	sent    []sent
}

func play(replies ...reply) *script { return &script{start: time.Now(), replies: replies} }

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		if err := req.Body.Close(); err != nil {
			return nil, err
		}
		if req.ContentLength != int64(len(body)) {
			return nil, fmt.Errorf("length is %d, body has %d", req.ContentLength, len(body))
		}
	}
	s.mu.Lock()
	n := len(s.sent)
	s.sent = append(s.sent, sent{time.Since(s.start), req.Method, req.URL.EscapedPath(), req.Header.Clone(), string(body)})
	var r reply
	if s.decide != nil {
		r = s.decide(n, req)
	} else {
		r = s.replies[min(n, len(s.replies)-1)]
	}
	s.mu.Unlock()

	if r.after > 0 {
		t := time.NewTimer(r.after)
		defer t.Stop()
		select {
		case <-t.C:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	if r.status == 0 {
		return nil, io.EOF
	}
	resp := &http.Response{
		StatusCode: r.status, Header: http.Header{}, ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Body: io.NopCloser(bytes.NewReader([]byte(r.body))), ContentLength: int64(len(r.body)),
	}
	if r.body != "" {
		resp.Header.Set("Content-Type", "application/json")
	}
	for k, v := range r.header {
		resp.Header[k] = v
	}
	if r.cut {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader([]byte(r.body[:len(r.body)/2])), failingReader{}))
	}
	return resp, nil
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// times are when requests came, since the script began.
func (s *script) times() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var at []time.Duration
	for _, r := range s.sent {
		at = append(at, r.at)
	}
	return at
}

// lines are the methods and paths of the requests.
func (s *script) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, r := range s.sent {
		lines = append(lines, r.method+" "+r.path)
	}
	return lines
}

// client returns a client of the script whose waits are as long as they can be.
func (s *script) client(t testing.TB, opts ...Option) *Client {
	t.Helper()
	c, err := New(testToken, append([]Option{WithHTTPClient(&http.Client{Transport: s}), withJitter(1)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func withJitter(f float64) Option {
	return func(c *config) error {
		c.jitter = func() float64 { return f }
		return nil
	}
}

// failureOf returns err as what every error of this package is.
func failureOf(t testing.TB, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("err = %v (%T), want an *Error", err, err)
	}
	return e
}

func seconds(n ...float64) []time.Duration {
	var ds []time.Duration
	for _, s := range n {
		ds = append(ds, time.Duration(s*float64(time.Second)))
	}
	return ds
}

func get(ctx context.Context, c *Client) error {
	_, err := c.Get(ctx, testID)
	return err
}
