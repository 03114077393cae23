package statecache

import (
	"errors"
	"fmt"
	"time"
)

// Option changes a [Cache]. What is wrong with it is reported by [New].
type Option func(*config) error

type config struct {
	ttl, negativeTTL, maxStale time.Duration
	size                       int
	patience, loadTimeout      time.Duration
	margin                     time.Duration
	store                      Store
	storeTimeout               time.Duration
	hooks                      Hooks
}

func defaults() config {
	return config{
		ttl: 5 * time.Minute, negativeTTL: 30 * time.Second, maxStale: time.Hour,
		size:     10_000,
		patience: time.Second, loadTimeout: 10 * time.Second,
		margin:       5 * time.Second,
		storeTimeout: 50 * time.Millisecond,
	}
}

// WithTTL sets for how long an answer is given out without asking again, 5
// minutes by default. The last fifth of it is for asking ahead.
func WithTTL(d time.Duration) Option {
	return positive("time to live", d, func(c *config) { c.ttl = d })
}

// WithNegativeTTL sets for how long it is remembered that there is no such
// customer, 30 seconds by default. An event about the customer ends it early.
func WithNegativeTTL(d time.Duration) Option {
	return positive("negative time to live", d, func(c *config) { c.negativeTTL = d })
}

// WithMaxStale sets for how long after its time to live an answer may be given
// out while the service cannot be asked, 1 hour by default. It should be long
// enough for an incident, and short enough for a customer who stopped paying.
func WithMaxStale(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("statecache: the longest staleness is %v; use 0 for none", d)
		}
		c.maxStale = d
		return nil
	}
}

// WithMaxEntries bounds the memory: at most n answers are kept, 10,000 by
// default, of which those go first that are asked for least. A customer who is
// asked about both by ID and by external ID counts twice. An answer
// typically takes 1 to 5 kB.
func WithMaxEntries(n int) Option {
	return func(c *config) error {
		if n <= 0 {
			return fmt.Errorf("statecache: %d entries hold nothing; give a number above zero", n)
		}
		c.size = n
		return nil
	}
}

// WithPatience sets how long a check that has a stale answer waits for a better
// one, 1 second by default. When it was in vain, the checks that follow do not
// wait until the service has answered again. A check that has no answer at all
// waits until its context ends.
func WithPatience(d time.Duration) Option {
	return positive("patience", d, func(c *config) { c.patience = d })
}

// WithLoadTimeout bounds one question to the service with all its attempts, 10
// seconds by default. It is not the caller's context that does, for others may
// wait for the same answer.
func WithLoadTimeout(d time.Duration) Option {
	return positive("load timeout", d, func(c *config) { c.loadTimeout = d })
}

// WithClockMargin sets how far this machine's clock may be ahead of the
// service's, and how far the service's answers may lag behind its events, 5
// seconds by default. An event that is older than the answer in memory by no
// more than this makes the next check ask again; one that is older still is
// dropped. A clock that is behind the service's by more than the moments
// between an answer and an event can let a late event pass for a newer one,
// until the next event or the end of the time to live: keep it synchronized.
func WithClockMargin(d time.Duration) Option {
	return positive("clock margin", d, func(c *config) { c.margin = d })
}

// WithStore shares answers with other instances through s.
func WithStore(s Store) Option {
	return func(c *config) error {
		if s == nil {
			return errors.New("statecache: the store is nil; leave the option out to have none")
		}
		c.store = s
		return nil
	}
}

// WithStoreTimeout bounds how long a check or an event waits for the store, 50
// milliseconds by default. It holds even for a store that ignores its context.
func WithStoreTimeout(d time.Duration) Option {
	return positive("store timeout", d, func(c *config) { c.storeTimeout = d })
}

// WithHooks has h told what happens.
func WithHooks(h Hooks) Option {
	return func(c *config) error {
		c.hooks = h
		return nil
	}
}

// Hooks are called as things happen, to count and measure them. Any may be nil.
// They are called from many goroutines, within the check or the event that they
// are about, and must be quick.
type Hooks struct {
	// Hit is called for a check that was answered from memory.
	Hit func(stale bool)
	// Miss is called for a check that had to wait for an answer.
	Miss func()
	// Load is called when the service has been asked. That it knows no such
	// customer is no error.
	Load func(took time.Duration, err error)
	// Event is called for an event that says something about a customer's
	// state. It was news, or else it was late, repeated, or about a customer
	// that nobody asked about.
	Event func(news bool)
	// Store is called after each use of the store.
	Store func(took time.Duration, err error)
}

func positive(what string, d time.Duration, set func(*config)) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("statecache: the %s is %v; give one above zero", what, d)
		}
		set(c)
		return nil
	}
}
