package imitation

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RateLimit is a number of requests in each window of time.
type RateLimit struct {
	// Requests is the number of requests in a window.
	Requests int
	// Window is the length of a window, which starts with its first request.
	Window time.Duration
}

// ProductionLimit is the service's limit for an organization or a personal
// token.
func ProductionLimit() RateLimit { return RateLimit{500, time.Minute} }

// SandboxLimit is the same limit in Polar's sandbox.
func SandboxLimit() RateLimit { return RateLimit{100, time.Minute} }

// RestrictedLimit is the limit for an organization that Polar has restricted.
func RestrictedLimit() RateLimit { return RateLimit{60, time.Minute} }

// ElevatedLimit is the limit for an organization that has asked Polar for more.
func ElevatedLimit() RateLimit { return RateLimit{100, time.Second} }

// coldLimit is the limit of a token whose owner the service does not know yet.
var coldLimit = RateLimit{60, time.Minute}

// identityTTL is the time for which the service remembers the owner of a token.
const identityTTL = 5 * time.Minute

// limiter counts requests in fixed windows that begin with the first request.
type limiter struct {
	limit   RateLimit
	windows map[string]*window
	known   map[string]time.Time // token: until when its owner is known
	blocked map[string]time.Time // until when, after a strict limit
}

type window struct {
	ends  time.Time
	count int
}

// SetRateLimit turns rate limits on, or off with the zero value. All tokens of
// an organization share one limit. The first request of a token counts against a
// limit of its own, 60 requests a minute, as on the service. The public routes of
// license keys allow 3 requests a second. Callers who send more are blocked for a
// minute. The confirmation of checkouts is limited to 6 requests a minute and 20 an
// hour, and blocks for 30 minutes.
func (s *Server) SetRateLimit(limit RateLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limiter = limiter{limit: limit, windows: map[string]*window{}, known: map[string]time.Time{}, blocked: map[string]time.Time{}}
}

// limit returns the response to a request above the limit, or nil.
func (s *Server) limit(r *http.Request, path string) *response {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.limiter
	if l.limit.Requests == 0 {
		return nil
	}
	now := s.clock.time()
	key, limit := s.budget(r, now)
	if until := l.blocked[key]; now.Before(until) {
		return tooMany(until.Sub(now))
	}
	name, limits, block := strictLimits(r.Method, path)
	if name == "" || limit == ElevatedLimit() {
		name, limits, block = "", []RateLimit{limit}, 0
	}
	for _, limit := range limits {
		if !l.count(key+name+limit.Window.String(), limit, now) {
			if block > 0 {
				l.blocked[key] = now.Add(block)
				return tooMany(block)
			}
			return tooMany(limit.Window)
		}
	}
	return nil
}

// count counts a request. It reports whether the request is within the limit.
func (l *limiter) count(key string, limit RateLimit, now time.Time) bool {
	w := l.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(limit.Window)}
		l.windows[key] = w
	}
	w.count++
	return w.count <= limit.Requests
}

// strictLimits are the limits of routes that need no token, and how long callers
// who exceed them are blocked.
func strictLimits(method, path string) (name string, limits []RateLimit, block time.Duration) {
	switch {
	case method != http.MethodPost:
	case strings.HasPrefix(path, "/v1/customer-portal/license-keys/"):
		return " license keys ", []RateLimit{{3, time.Second}}, time.Minute
	case strings.HasPrefix(path, "/v1/checkouts/client/") && strings.HasSuffix(path, "/confirm"):
		return " confirm ", []RateLimit{{6, time.Minute}, {20, time.Hour}}, 30 * time.Minute
	}
	return "", nil, 0
}

func tooMany(wait time.Duration) *response {
	resp := &response{status: http.StatusTooManyRequests, bare: true, stream: flush}
	return resp.set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

// flush sends the header, so that even an empty body has no stated length.
func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

// budget returns what a request counts against: its organization or user, its
// token while the owner is not known yet, or its IP address.
func (s *Server) budget(r *http.Request, now time.Time) (string, RateLimit) {
	value, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		return "ip " + host, s.limiter.limit
	}
	t, valid := s.tokens[value]
	if !valid || t.Expired || t.Revoked {
		return "token " + value, coldLimit
	}
	until, known := s.limiter.known[value]
	s.limiter.known[value] = now.Add(identityTTL)
	switch {
	case !known || now.After(until):
		return "token " + value, coldLimit
	case t.User:
		return "user " + value, s.limiter.limit
	}
	return "organization " + t.Organizations[0], s.limiter.limit
}
