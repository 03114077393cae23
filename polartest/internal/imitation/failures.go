package imitation

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Cut is the point at which a scripted failure cuts the connection.
type Cut int

// Where a connection can be cut.
const (
	// CutNone sends the whole response.
	CutNone Cut = iota
	// CutBeforeResponse closes the connection without a response.
	CutBeforeResponse
	// CutWithinBody closes it after half of the body.
	CutWithinBody
)

// Failure is a response that replaces the service's own. Its zero value makes the next
// request of any operation fail with 500.
type Failure struct {
	// Operation is the operation that fails, by its ID, "customers:create", or its
	// Go name, "customers.Create". The default is any operation.
	Operation string
	// Times is the number of requests that fail. The default is 1.
	Times int
	// Status is the response's status. The default is 500.
	Status int
	// Header has headers to add to those that the service sends.
	Header http.Header
	// Body is the response's body. By default a 429 has none, a 500 has the
	// service's, and others have the page of a proxy in front of the service.
	Body string
	// RetryAfter is sent in whole seconds if it is positive.
	RetryAfter time.Duration
	// Applied carries out the request before it fails, which the client cannot
	// know.
	Applied bool
	// Cut closes the connection. A body that is cut is the service's own,
	// unless Status is set.
	Cut Cut
	// Delay is the time before the response.
	Delay time.Duration
}

// FailNext scripts failures of the next requests. Several calls queue up. A failure
// that no request meets is an error when the server closes. An unknown operation fails
// the test immediately.
func (s *Server) FailNext(failures ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	for _, f := range failures {
		if f.Times == 0 {
			f.Times = 1
		}
		if err := f.resolve(); err != nil {
			s.misuse("FailNext: %w", err)
			return
		}
		s.failures = append(s.failures, &f)
	}
}

// Outage makes every request that f matches fail until stop is called. Failures
// scripted by FailNext come first. Outage ignores Times, and an outage that no request
// meets is not an error.
func (s *Server) Outage(f Failure) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	if err := f.resolve(); err != nil {
		s.misuse("Outage: %w", err)
		return func() {}
	}
	outage := &f
	s.outages = append(s.outages, outage)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.outages = slices.DeleteFunc(slices.Clone(s.outages), func(o *Failure) bool { return o == outage })
	}
}

// resolve replaces the operation's name with its ID.
func (f *Failure) resolve() (err error) {
	if f.Operation != "" {
		f.Operation, err = operationID(f.Operation)
	}
	return err
}

// nextFailure returns the scripted failure for a request, or nil, and counts it.
func (s *Server) nextFailure(operation string) *Failure {
	due := func(f *Failure) bool { return f.Operation == "" || f.Operation == operation }
	if i := slices.IndexFunc(s.failures, due); i >= 0 {
		f := s.failures[i]
		if f.Times--; f.Times <= 0 {
			s.failures = slices.Delete(s.failures, i, i+1)
		}
		return f
	}
	if i := slices.IndexFunc(s.outages, due); i >= 0 {
		return s.outages[i]
	}
	return nil
}

// SetLatency delays every response by d.
func (s *Server) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// SetReplicaLag makes reads return the data of d ago, by the server's clock, as reads
// from the service's replicas may.
func (s *Server) SetReplicaLag(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.db.setLag(d, s.clock.time())
}

// quiet drops the log messages of net/http about connections that were cut
// deliberately.
var quiet = log.New(io.Discard, "", 0)

// serve handles a request: latency, scripted failures, then the service itself.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	record := Request{Method: r.Method, Path: requestTarget(r), Header: r.Header.Clone(), version: r.Header.Get(versionHeader)}
	if record.version == "" {
		record.version = defaultVersion
	}
	if preflight(r) == nil && checkLength(r) != nil {
		// A body that will be refused is not read: neither here nor, before the
		// response is sent, by net/http.
		_ = http.NewResponseController(w).EnableFullDuplex() // fails harmlessly without a socket
	} else {
		body, err := readAll(r)
		if err != nil {
			http.Error(w, "There was an error reading the body", http.StatusBadRequest)
			return
		}
		record.Body = body
	}
	path, rawQuery, _ := target(r)
	rt, params, _ := find(r.Method, path)
	if rt != nil {
		record.Operation = rt.operation
	} else if op, ok := unimplemented(r.Method, path); ok {
		record.Operation = op.ID
	}
	s.mu.Lock()
	record.Time = s.clock.time()
	latency := s.latency
	failure := s.nextFailure(record.Operation)
	s.mu.Unlock()
	contended, leave := s.enter(rt, params, record.Body)
	defer leave()
	record.contended = contended
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

// finish records the exchange and sends the response.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, resp *response, record Request) {
	record.Status = resp.status
	s.mu.Lock()
	if s.opts.sandbox && (!resp.bare || resp.status == http.StatusForbidden) {
		resp.set("X-Polar-Sandbox", "1")
	}
	s.history.add(record)
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
	s.history.add(record)
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

// response returns the response of a scripted failure.
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
