package imitation

import (
	"cmp"
	"net/http"

	"github.com/polarexpress/polar-go/polar"
)

// socketless is the base URL of a server without a socket.
const socketless = "http://127.0.0.1"

// Client returns a client of the server with a token of the first organization that has
// all scopes. Invalid options fail the test.
func (s *Server) Client(opts ...polar.Option) *polar.Client {
	s.helper()
	return s.ClientWithToken(s.Token(), opts...)
}

// ClientWithToken returns a client of the server that uses token.
func (s *Server) ClientWithToken(token string, opts ...polar.Option) *polar.Client {
	base := []polar.Option{polar.WithBaseURL(cmp.Or(s.URL, socketless))}
	if s.URL == "" {
		base = append(base, polar.WithHTTPClient(&http.Client{Transport: s.Transport()}))
	}
	c, err := polar.New(token, append(base, opts...)...)
	if err == nil {
		return c
	}
	s.helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.misuse("Client: %w", err)
	c, _ = polar.New(token, base...) // Close reports the error
	return c
}
