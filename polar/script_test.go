package polar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testToken    = "polar_oat_ToPsEcReT"
	testID       = "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f"
	testEmail    = "jane.doe@private.example"
	testExternal = "user-4711-private"
	testThing    = `{"id":"` + testID + `","name":"Jane Doe","email":"` + testEmail + `","external_id":"` + testExternal + `"}`
	notFoundBody = `{"error":"ResourceNotFound","detail":"Not found"}`
)

// thing is an object of the service.
type thing struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// reply is the response of a script to one request. One without a status breaks
// the connection.
type reply struct {
	status int
	header http.Header
	body   string
	after  time.Duration // before the response
	err    error         // in place of a response
	unread bool          // whether err comes before the body of the request is read
	cut    bool          // whether the body breaks off in the middle
}

func ok() reply             { return reply{status: 200, body: testThing} }
func status(code int) reply { return reply{status: code} }
func limited(retryAfter string) reply {
	return reply{status: 429, header: http.Header{"Retry-After": {retryAfter}}}
}
func coded(code int, body string) reply     { return reply{status: code, body: body} }
func failing(err error) reply               { return reply{err: err} }
func unsent(err error) reply                { return reply{err: err, unread: true} }
func (r reply) later(d time.Duration) reply { r.after = d; return r }
func (r reply) with(k, v string) reply      { r.header = http.Header{k: {v}}; return r }

// sent is a request that reached a script.
type sent struct {
	at     time.Duration // since the script began
	method string
	path   string
	query  string
	header http.Header
	body   string
}

// script is a service in memory. It gives its replies in turn, the last one again
// and again, and keeps the requests that it receives.
type script struct {
	mu      sync.Mutex
	start   time.Time
	replies []reply
	decide  func(n int, req *http.Request) reply // in place of replies
	sent    []sent
}

func play(replies ...reply) *script { return &script{start: time.Now(), replies: replies} }

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	n := len(s.sent)
	s.sent = append(s.sent, sent{time.Since(s.start), req.Method, req.URL.EscapedPath(), req.URL.RawQuery, req.Header.Clone(), ""})
	var r reply
	if s.decide != nil {
		r = s.decide(n, req)
	} else {
		r = s.replies[min(n, len(s.replies)-1)]
	}
	s.mu.Unlock()

	if req.Body != nil && !r.unread {
		body, err := io.ReadAll(req.Body)
		if err := errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
		if req.ContentLength != int64(len(body)) {
			return nil, fmt.Errorf("length is %d, body has %d", req.ContentLength, len(body))
		}
		s.mu.Lock()
		s.sent[n].body = string(body)
		s.mu.Unlock()
	}
	if err := sleep(req.Context(), r.after); err != nil && r.after > 0 {
		<-req.Context().Done()
		return nil, req.Context().Err()
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
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader([]byte(r.body[:len(r.body)/2])), brokenReader{}))
	}
	return resp, nil
}

// brokenReader is a body that breaks off.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

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

// count is the number of requests that came.
func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sent)
}

// client returns a client of the script. Its delays are the longest that can be
// drawn.
func (s *script) client(t testing.TB, opts ...Option) *Client { return clientOf(t, s, opts...) }

func clientOf(t testing.TB, rt http.RoundTripper, opts ...Option) *Client {
	t.Helper()
	c, err := New(testToken, append([]Option{WithHTTPClient(&http.Client{Transport: rt}), withJitter(1)}, opts...)...)
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

// roundTripper is a transport made of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// failureOf returns err as an *Error, which every error of this package is.
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

// fill puts test values in the place of a template's parameters.
func fill(template, external string) string {
	segments := strings.Split(template, "/")
	for i, s := range segments {
		switch {
		case strings.HasPrefix(s, "{") && strings.Contains(s, "external"):
			segments[i] = external
		case strings.HasPrefix(s, "{"):
			segments[i] = testID
		}
	}
	return strings.Join(segments, "/")
}

// build builds the request of an operation, with test values in its path, as a
// generated package does.
func build(c *Client, operationID, body string) (*http.Request, error) {
	op := operation(operationID)
	path := fill(op.Path, testExternal)
	if body == "" {
		return http.NewRequest(op.Method, c.BaseURL()+strings.TrimPrefix(path, "/"), nil)
	}
	req, err := http.NewRequest(op.Method, c.BaseURL()+strings.TrimPrefix(path, "/"), strings.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

func fetchThing(ctx context.Context, c *Client, operationID, body string, opts ...CallOption) (*thing, error) {
	req, err := build(c, operationID, body)
	return Fetch[thing](ctx, c, operationID, req, err, opts...)
}

// get reads an object.
func get(ctx context.Context, c *Client, opts ...CallOption) error {
	_, err := fetchThing(ctx, c, "customers:get", "", opts...)
	return err
}

// update changes an object. A repeat is harmless.
func update(ctx context.Context, c *Client, opts ...CallOption) error {
	_, err := fetchThing(ctx, c, "customers:update", `{"name":"Jane"}`, opts...)
	return err
}

// create creates an object. A repeat can make a second one.
func create(ctx context.Context, c *Client, opts ...CallOption) error {
	_, err := fetchThing(ctx, c, "customers:create", `{"email":"`+testEmail+`"}`, opts...)
	return err
}

// remove deletes an object.
func remove(ctx context.Context, c *Client, opts ...CallOption) error {
	req, err := build(c, "customers:delete", "")
	return Discard(ctx, c, "customers:delete", req, err, opts...)
}

// export reads an export to its end.
func export(ctx context.Context, c *Client, opts ...CallOption) error {
	s, err := openExport(ctx, c, opts...)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, s)
	return errors.Join(err, s.Close())
}

func openExport(ctx context.Context, c *Client, opts ...CallOption) (*StreamBody, error) {
	req, err := build(c, "customers:export", "")
	return Stream(ctx, c, "customers:export", req, err, opts...)
}

// do sends a request for an operation as a generated client does.
func do(ctx context.Context, c *Client, operationID, body string) (*http.Response, error) {
	req, err := build(c, operationID, body)
	if err != nil {
		return nil, err
	}
	return c.Do(req.WithContext(ctx))
}
