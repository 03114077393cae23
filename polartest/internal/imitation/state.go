package imitation

import (
	"net/http"
	"time"

	"github.com/polarexpress/polar-go/internal/python"
)

// stateTTL is the time for which the service caches a state.
const stateTTL = time.Hour

// cachedState is a state and the time at which it expires.
type cachedState struct {
	until time.Time
	state *python.Object
}

// getState returns a customer's state. The customer must exist; the state may
// come from the cache.
func getState(c *call) func(*customerRow) *response {
	return func(row *customerRow) *response {
		if !row.presentable() {
			return internalError()
		}
		if !c.srv.opts.stateCache {
			return jsonResponse(http.StatusOK, stateObject(c.db, row))
		}
		cached, ok := c.srv.states[row.ID]
		if !ok || !c.now.Before(cached.until) {
			cached = cachedState{c.now.Add(stateTTL), stateObject(c.db, row)}
			c.srv.states[row.ID] = cached
		}
		return jsonResponse(http.StatusOK, cached.state)
	}
}

func stateObject(db *store, row *customerRow) *python.Object {
	state := customerObject(db, row, row.metadata)
	subs, grants, meters := db.statePart(row.ID)
	state.Set("active_subscriptions", subs)
	state.Set("granted_benefits", grants)
	state.Set("active_meters", meters)
	return state
}

// RunJobs runs the service's background jobs. With [WithStateCache] they wait for it:
// it completes paid checkouts and drops cached states, so that the next read of each
// state is current.
func (s *Server) RunJobs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, run := range s.jobs {
		run()
	}
	s.jobs = nil
	clear(s.states)
}
