package customerstest

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Request is one request that reached the server, and how it was answered.
type Request struct {
	// Operation is the contract's operation ID, such as "customers:get". It
	// is empty when the request reached no operation.
	Operation string
	// Method is the HTTP method.
	Method string
	// Path is the request target as it was sent, with its query.
	Path string
	// Header is as it was sent, the token included.
	Header http.Header
	// Body is as it was sent.
	Body []byte
	// Status is the answer's status; zero where the connection was cut.
	Status int
	// Time is when it arrived, by the server's clock.
	Time time.Time

	version string
}

// Requests returns the requests that the server has answered, oldest first:
// all of them, or those of the given operations.
func (s *Server) Requests(operations ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Request
	for _, r := range s.requests {
		if len(operations) == 0 || slices.Contains(operations, r.Operation) {
			list = append(list, r)
		}
	}
	return list
}

// Cut says where a scripted failure cuts the connection.
type Cut int

// Where a connection can be cut.
const (
	// CutNone answers in full.
	CutNone Cut = iota
	// CutBeforeAnswer closes the connection without an answer.
	CutBeforeAnswer
	// CutWithinBody closes it after half of the body.
	CutWithinBody
)

// Failure is an answer other than the service's own. Its zero value is one
// 500 for the next request, whatever it is.
type Failure struct {
	// Operation that is to fail, such as "customers:create"; any when empty.
	Operation string
	// Times is how many requests fail; once when zero.
	Times int
	// Status of the answer; 500 when zero.
	Status int
	// Header of the answer, on top of what the service sends.
	Header http.Header
	// Body of the answer. When it is empty, a 429 has none, and others the
	// page that a proxy in front of the service shows.
	Body string
	// RetryAfter is sent in whole seconds if it is positive.
	RetryAfter time.Duration
	// Applied does what was asked before failing: the client cannot know.
	Applied bool
	// Cut closes the connection. A body cut short is the service's own
	// answer, unless Status is set.
	Cut Cut
	// Delay is waited before the answer.
	Delay time.Duration
}

// FailNext scripts failures for the requests to come. Several calls queue up.
// A failure that no request meets is an error when the server closes.
func (s *Server) FailNext(failures ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range failures {
		if f.Times == 0 {
			f.Times = 1
		}
		s.failures = append(s.failures, &f)
	}
}

type expectation struct {
	operation string
	times     int
}

// Expect demands that an operation is called so many times before the server
// closes.
func (s *Server) Expect(operation string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expected = append(s.expected, expectation{operation, times})
}

// unmet lists expectations that were not met.
func (s *Server) unmet() (errs []error) {
	for _, f := range s.failures {
		errs = append(errs, fmt.Errorf("no request met a scripted failure of %s (%d left)", orAny(f.Operation), f.Times))
	}
	for _, e := range s.expected {
		n := 0
		for _, r := range s.requests {
			if r.Operation == e.operation {
				n++
			}
		}
		if n != e.times {
			errs = append(errs, fmt.Errorf("%s was called %d times, want %d", e.operation, n, e.times))
		}
	}
	return errs
}

func orAny(operation string) string {
	if operation == "" {
		return "any operation"
	}
	return operation
}

// SetLatency makes every answer wait.
func (s *Server) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// SetReplicaLag makes reads see what was written d ago, by the server's clock,
// as reads from the service's replicas may.
func (s *Server) SetReplicaLag(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.db.setLag(d, s.clock.time())
}

// nextFailure takes the scripted failure that is due, if any.
func (s *Server) nextFailure(operation string) *Failure {
	for i, f := range s.failures {
		if f.Operation != "" && f.Operation != operation {
			continue
		}
		f.Times--
		if f.Times <= 0 {
			s.failures = slices.Delete(s.failures, i, i+1)
		}
		return f
	}
	return nil
}

// quiet drops what net/http logs about connections that were cut on purpose.
var quiet = log.New(io.Discard, "", 0)

// serve answers a request: latency, scripted failures, the service itself.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	var body []byte
	var err error
	if checkLength(r) == nil { // what will be refused is not waited for
		body, err = readAll(r)
	}
	if err != nil {
		http.Error(w, "There was an error reading the body", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	path, rawQuery := target(r)
	record := Request{Method: r.Method, Path: requestTarget(r), Header: r.Header.Clone(), Body: body, version: r.Header.Get(versionHeader)}
	if record.version == "" {
		record.version = defaultVersion
	}
	rt, params, _ := find(r.Method, path)
	if rt != nil {
		record.Operation = operationName(rt)
	}
	s.mu.Lock()
	record.Time = s.clock.time()
	latency := s.latency
	failure := s.nextFailure(record.Operation)
	s.mu.Unlock()
	sleep(r.Context(), latency)
	if failure == nil {
		resp := s.respond(r, &record)
		s.checkContract(rt, params, rawQuery, &record, resp)
		s.finish(w, r, resp, record)
		return
	}
	s.fail(w, r, failure, record)
}

func requestTarget(r *http.Request) string {
	if r.RequestURI != "" {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// finish records the exchange and sends the answer.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, resp *response, record Request) {
	record.Status = resp.status
	s.mu.Lock()
	if s.opts.sandbox && (!resp.bare || resp.status == http.StatusForbidden) {
		resp.set("X-Polar-Sandbox", "1")
	}
	s.requests = append(s.requests, record)
	s.mu.Unlock()
	resp.send(w, record.version)
}

// fail carries out a scripted failure.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, f *Failure, record Request) {
	sleep(r.Context(), f.Delay)
	var real *response
	if f.Applied || f.Cut == CutWithinBody && f.Status == 0 {
		real = s.respond(r, &record)
	}
	resp := f.response()
	if f.Cut == CutWithinBody && f.Status == 0 {
		resp = real
	}
	if f.Cut == CutNone {
		s.finish(w, r, resp, record)
		return
	}
	s.mu.Lock()
	s.requests = append(s.requests, record)
	s.mu.Unlock()
	if f.Cut == CutWithinBody {
		half := *resp
		body := resp.body
		if resp.stream != nil {
			whole := &memoryWriter{header: http.Header{}}
			resp.stream(whole)
			body = whole.body.Bytes()
		} else {
			half.set("Content-Length", strconv.Itoa(len(body)))
		}
		half.stream = func(w http.ResponseWriter) { _, _ = w.Write(body[:len(body)/2]) }
		half.send(w, record.version)
		flush(w)
	}
	panic(http.ErrAbortHandler) // how net/http lets a handler cut the connection
}

// response is what a scripted failure answers.
func (f *Failure) response() *response {
	resp := &response{status: f.Status, header: f.Header.Clone(), bare: true}
	orDefault(&resp.status, http.StatusInternalServerError)
	switch {
	case f.Body != "":
		resp.body = []byte(f.Body)
		if resp.header.Get("Content-Type") == "" {
			resp.contentType = "text/html"
			if resp.body[0] == '{' || resp.body[0] == '[' {
				resp.contentType = jsonType
			}
		}
	case resp.status == http.StatusTooManyRequests:
	case resp.status == http.StatusInternalServerError:
		resp = internalError()
		resp.header = f.Header.Clone()
	default:
		resp.contentType = "text/html"
		resp.body = fmt.Appendf(nil, "<html><head><title>%d %s</title></head><body>%[1]d %[2]s</body></html>", resp.status, http.StatusText(resp.status))
	}
	if f.RetryAfter > 0 {
		resp.set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}
	return resp
}
