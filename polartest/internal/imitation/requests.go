package imitation

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Request is one request that reached the server.
type Request struct {
	// Operation is the contract's operation ID, such as "customers:get". It
	// is empty when the request reached no operation.
	Operation string
	// Method is the HTTP method.
	Method string
	// Path is the request target as sent, with its query.
	Path string
	// Header has the request's headers, including the token.
	Header http.Header
	// Body is the request's body.
	Body []byte
	// Status is the response's status, or zero if the connection was cut.
	Status int
	// Time is when the request arrived, by the server's clock.
	Time time.Time

	version   string
	contended func() bool // reports whether another request changes the same object; may be nil
}

// The limits of the recorded requests.
const (
	maxRequests     = 10_000
	maxRequestBytes = 16 << 20
)

// history holds the latest requests.
type history struct {
	requests []Request
	bytes    int            // of the bodies, targets and headers of requests
	calls    map[string]int // of each operation, including dropped requests
}

func (h *history) add(r Request) {
	if h.calls == nil {
		h.calls = map[string]int{}
	}
	h.calls[r.Operation]++
	h.requests = append(h.requests, r)
	h.bytes += r.size()
	for len(h.requests) > maxRequests || h.bytes > maxRequestBytes && len(h.requests) > 1 {
		h.bytes -= h.requests[0].size()
		h.requests[0] = Request{} // frees its memory
		h.requests = h.requests[1:]
	}
}

// size is roughly how many bytes r takes.
func (r *Request) size() int {
	n := len(r.Body) + len(r.Path)
	for name, values := range r.Header {
		n += len(name)
		for _, v := range values {
			n += len(v)
		}
	}
	return n
}

// Requests returns the requests that the server has handled, oldest first: all of them,
// or those of the given operations. An operation is an ID such as "customers:create",
// or a Go name such as "customers.Create". An unknown name fails the test.
//
// The server keeps the latest 10,000 requests, and at most 16 MiB of their
// bodies and headers.
func (s *Server) Requests(operations ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	ids := make([]string, len(operations))
	for i, name := range operations {
		id, err := operationID(name)
		if err != nil {
			s.misuse("Requests: %w", err)
			return nil
		}
		ids[i] = id
	}
	var list []Request
	for _, r := range s.history.requests {
		if len(ids) == 0 || slices.Contains(ids, r.Operation) {
			list = append(list, r)
		}
	}
	return list
}

// expectation is the number of times that an operation must be called.
type expectation struct {
	operation string
	times     int
}

// Expect requires exactly times calls of an operation before the server closes. The
// operation is an ID or a Go name, as for [Server.Requests]. An unknown name fails the
// test immediately.
func (s *Server) Expect(operation string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	id, err := operationID(operation)
	if err != nil {
		s.misuse("Expect: %w", err)
		return
	}
	s.expected = append(s.expected, expectation{id, times})
}

// unmet lists expectations that were not met.
func (s *Server) unmet() (errs []error) {
	for _, f := range s.failures {
		errs = append(errs, fmt.Errorf("no request met a scripted failure of %s (%d left)", orAny(f.Operation), f.Times))
	}
	for _, e := range s.expected {
		if n := s.history.calls[e.operation]; n != e.times {
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
