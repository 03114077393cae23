package chaos

import (
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
)

// Stubborn is middleware that acts as a transport that retries on its own: after a
// failure it dials again, and that fails too. The error then says that a connection
// could not be made, although the request may have been sent.
type Stubborn struct {
	// Retries reports whether to retry after a failure.
	Retries func() bool

	hidden atomic.Int64
}

// Hidden returns how many failures were replaced by an error of dialing.
func (s *Stubborn) Hidden() int { return int(s.hidden.Load()) }

// Wrap returns the transport around next.
func (s *Stubborn) Wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err != nil && req.Context().Err() == nil && s.Retries() {
			s.hidden.Add(1)
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
