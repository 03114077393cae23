package customerstest

import (
	"net/http"

	"github.com/polarexpress/polar-go/customers"
)

// Client returns a client of the server with a token of the first
// organization that has all scopes. Options that it refuses fail the test.
func (s *Server) Client(opts ...customers.Option) *customers.Client {
	return s.ClientWithToken(s.Token(), opts...)
}

// ClientWithToken returns a client of the server that uses token.
func (s *Server) ClientWithToken(token string, opts ...customers.Option) *customers.Client {
	base := []customers.Option{customers.WithBaseURL(s.URL())}
	if s.http == nil {
		base = append(base, customers.WithHTTPClient(&http.Client{Transport: s.Transport()}))
	}
	c, err := customers.New(token, append(base, opts...)...)
	if err == nil {
		return c
	}
	s.mu.Lock()
	s.complain("Client: %w", err)
	t := s.t
	s.mu.Unlock()
	if t != nil {
		t.Fatalf("customerstest: Client: %v", err)
	}
	c, _ = customers.New(token, base...) // Close reports the options
	return c
}
