package customers_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

const (
	testID       = "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f"
	testEmail    = "jane.doe@private.example"
	testExternal = "user-4711-private"
	testCustomer = `{"id":"` + testID + `","created_at":"2026-11-22T06:48:24.377376Z","modified_at":null,"metadata":{"plan":"gold","seats":3},` +
		`"external_id":"` + testExternal + `","email":"` + testEmail + `","email_verified":false,"type":"individual","name":"Jane Doe","billing_name":"Jane Doe",` +
		`"billing_address":null,"tax_id":null,"locale":null,"organization_id":"c0ffee00-1234-4abc-8def-0123456789ab","deleted_at":null,"avatar_url":null}`

	notFoundBody  = `{"error":"ResourceNotFound","detail":"Not found"}`
	duplicateBody = `{"error":"PolarRequestValidationError","detail":[` + emailTaken + `,` + externalIDTaken + `]}`
	emailTaken    = `{"type":"value_error","loc":["body","email"],"msg":"A customer with this email address already exists.","input":"` + testEmail + `"}`
	// The service's text for external IDs.
	externalIDTaken = `{"type":"value_error","loc":["body","external_id"],"msg":"A customer with this external ID already exists.","input":"` + testExternal + `"}`
)

// reply is the response of a service to one request. One without a status breaks
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

func ok() reply                              { return reply{status: 200, body: testCustomer} }
func status(code int) reply                  { return reply{status: code} }
func coded(code int, body string) reply      { return reply{status: code, body: body} }
func failing(err error) reply                { return reply{err: err} }
func (r reply) later(d time.Duration) reply  { r.after = d; return r }
func (r reply) with(key, value string) reply { r.header = http.Header{key: {value}}; return r }
func pageOf(items ...string) reply           { return coded(200, page(1, items...)) }
func page(maxPage int, items ...string) string {
	return fmt.Sprintf(`{"items":[%s],"pagination":{"total_count":%d,"max_page":%d}}`, strings.Join(items, ","), len(items), maxPage)
}

// sent is a request that reached a service.
type sent struct {
	at           time.Duration // since the service began
	method, path string
	query        url.Values
	body         string
}

// service is the service in memory. It gives its replies in turn, the last one
// again and again, and keeps the requests that it receives.
type service struct {
	mu      sync.Mutex
	start   time.Time
	replies []reply
	decide  func(sent) reply // in place of replies
	sent    []sent
}

func play(replies ...reply) *service { return &service{start: time.Now(), replies: replies} }

// forbidden is a service that no request may reach.
func forbidden(t testing.TB) *service {
	return &service{decide: func(r sent) reply {
		t.Errorf("a request was sent: %s %s", r.method, r.path)
		return status(http.StatusTeapot)
	}}
}

func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	r := sent{at: time.Since(s.start), method: req.Method, path: req.URL.EscapedPath(), query: req.URL.Query()}
	s.mu.Lock()
	s.sent = append(s.sent, r)
	n := len(s.sent)
	s.mu.Unlock()
	var next reply
	if s.decide != nil {
		next = s.decide(r)
	} else {
		next = s.replies[min(n, len(s.replies))-1]
	}
	if req.Body != nil && !next.unread {
		body, err := io.ReadAll(req.Body)
		if err := errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
		s.mu.Lock()
		s.sent[n-1].body = string(body)
		s.mu.Unlock()
	}
	if next.after > 0 {
		timer := time.NewTimer(next.after)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	switch {
	case next.err != nil:
		return nil, next.err
	case next.status == 0:
		return nil, io.EOF
	}
	return next.response(req), nil
}

func (r reply) response(req *http.Request) *http.Response {
	resp := &http.Response{
		StatusCode: r.status, Header: http.Header{}, ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Body: io.NopCloser(strings.NewReader(r.body)), ContentLength: int64(len(r.body)),
	}
	if r.body != "" {
		resp.Header.Set("Content-Type", "application/json")
	}
	for key, values := range r.header {
		resp.Header[key] = values
	}
	if r.cut {
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(r.body[:len(r.body)/2]), brokenReader{}))
	}
	return resp
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// requests are the requests that came, in order.
func (s *service) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// lines are the methods and paths of the requests.
func (s *service) lines() (lines []string) {
	for _, r := range s.requests() {
		lines = append(lines, r.method+" "+r.path)
	}
	return lines
}

// client returns a client of the service that retries at once.
func (s *service) client(t testing.TB, opts ...polar.Option) *customers.Client {
	t.Helper()
	return newClient(t, s, append([]polar.Option{polar.WithRetry(polar.RetryPolicy{MaxAttempts: 3, BaseDelay: 1, MaxDelay: 1})}, opts...)...)
}

func newClient(t testing.TB, transport http.RoundTripper, opts ...polar.Option) *customers.Client {
	t.Helper()
	c, err := polar.New("polar_oat_wiretest", append([]polar.Option{polar.WithHTTPClient(&http.Client{Transport: transport})}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return customers.New(c)
}

// failureOf returns err as a *polar.Error, which every error of a call is.
func failureOf(t testing.TB, err error) *polar.Error {
	t.Helper()
	var e *polar.Error
	if !errors.As(err, &e) {
		t.Fatalf("err = %v (%T), want a *polar.Error", err, err)
	}
	return e
}

// sentinels are all of them, by name.
var sentinels = map[string]error{
	"ErrNotFound": polar.ErrNotFound, "ErrValidation": polar.ErrValidation, "ErrDuplicate": polar.ErrDuplicate,
	"ErrUnauthorized": polar.ErrUnauthorized, "ErrInsufficientScope": polar.ErrInsufficientScope, "ErrNotPermitted": polar.ErrNotPermitted,
	"ErrConflict": polar.ErrConflict, "ErrPaymentFailed": polar.ErrPaymentFailed, "ErrRateLimited": polar.ErrRateLimited, "ErrServer": polar.ErrServer,
	"ErrUnexpectedResponse": polar.ErrUnexpectedResponse, "ErrInvalidArgument": polar.ErrInvalidArgument, "ErrOutcomeUnknown": polar.ErrOutcomeUnknown,
}

// is names the sentinels that err matches.
func is(err error) string {
	var names []string
	for name, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// checkText checks that the text of an error is one line without what was sent,
// and without addresses and IDs of any kind.
func checkText(t testing.TB, err error, sent ...string) {
	t.Helper()
	text := err.Error()
	if strings.ContainsFunc(text, unicode.IsControl) || len(text) > 2000 || !utf8.ValidString(text) {
		t.Errorf("not one line of text: %q", text)
	}
	for _, secret := range sent {
		if strings.Contains(text, secret) {
			t.Errorf("%q holds %q, which was sent", text, secret)
		}
	}
	if found := personal.FindString(strings.ReplaceAll(text, "name@your-domain.com", "")); found != "" {
		t.Errorf("%q holds %q", text, found)
	}
}

// personal matches addresses, UUIDs and tokens.
var personal = regexp.MustCompile(`\S+@\S+|[0-9a-f]{8}-[0-9a-f]{4}|polar_\w+`)
