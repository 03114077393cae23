package polartest

import (
	"cmp"
	"net/http"

	"github.com/polarexpress/polar-go/customers"
)

// socketless is the base URL of a server without a socket.
const socketless = "http://127.0.0.1"

// Client returns a client of the server with a token of the first
// organization that has all scopes. Options that it refuses fail the test.
func (s *Server) Client(opts ...customers.Option) *customers.Client {
	if s.t != nil {
		s.t.Helper()
	}
	return s.ClientWithToken(s.Token(), opts...)
}

// ClientWithToken returns a client of the server that uses token.
func (s *Server) ClientWithToken(token string, opts ...customers.Option) *customers.Client {
	base := []customers.Option{customers.WithBaseURL(cmp.Or(s.URL, socketless))}
	if s.URL == "" {
		base = append(base, customers.WithHTTPClient(&http.Client{Transport: s.Transport()}))
	}
	c, err := customers.New(token, append(base, opts...)...)
	if err == nil {
		return c
	}
	if s.t != nil {
		s.t.Helper()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.misuse("Client: %w", err)
	c, _ = customers.New(token, base...) // Close reports the options
	return c
}
