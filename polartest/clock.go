package polartest

import (
	"time"
)

// clock is the only source of time for what the server stores and decides.
type clock struct {
	now    func() time.Time
	offset time.Duration
}

func (c *clock) time() time.Time { return c.now().Add(c.offset) }

// Now is the time on the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.time()
}

// Advance moves the server's clock forward by d.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.offset += d
}
