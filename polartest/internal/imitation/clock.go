package imitation

import (
	"time"
)

// clock is the only source of time for what the server stores and decides.
type clock struct {
	now    func() time.Time
	offset time.Duration
}

func (c *clock) time() time.Time { return c.now().Add(c.offset) }

// forward moves the clock to t, but never back.
func (c *clock) forward(t time.Time) {
	if now := c.time(); t.After(now) {
		c.offset += t.Sub(now)
	}
}

// Now returns the time on the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.time()
}

// Advance moves the server's clock forward by d. On the way, in order of time, trials
// end, subscriptions are renewed and charged, resumed or ended, and checkouts expire.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runUntil(s.clock.time().Add(d))
}
