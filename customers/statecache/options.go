package statecache

import (
	"errors"
	"fmt"
	"time"
)

// Option configures a [Cache]. [New] reports an invalid option. Durations above
// 50 years count as 50 years.
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

// WithTTL sets the time to live: for how long a state is returned without asking
// the service again. The default is 5 minutes. In the last fifth of it, checks
// refresh the state in the background.
func WithTTL(d time.Duration) Option {
	return positive("time to live", d, func(c *config, d time.Duration) { c.ttl = d })
}

// WithNegativeTTL sets for how long the cache remembers that there is no such
// customer. The default is 30 seconds. An event about the customer ends it early.
func WithNegativeTTL(d time.Duration) Option {
	return positive("negative time to live", d, func(c *config, d time.Duration) { c.negativeTTL = d })
}

// WithMaxStale sets for how long after its time to live a state may still be
// returned, marked as stale, while the service cannot be asked. The default is
// 1 hour; 0 means never. Choose it long enough for an incident, and short
// enough for a customer who has stopped paying.
func WithMaxStale(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("statecache: the maximum staleness is %v; it must be 0 or more", d)
		}
		c.maxStale = min(d, longest)
		return nil
	}
}

// WithMaxEntries bounds memory: the cache keeps at most n states, 10,000 by
// default, and evicts those that are asked for least. It keeps up to n more that
// it has learned within the last [WithClockMargin] plus [WithLoadTimeout], 15
// seconds by default, so that events about customers whom nobody has asked for
// are not lost; if there are more, the oldest go first. A customer who is asked
// for both by ID and by external ID counts twice. A state typically takes 1 to
// 5 kB.
func WithMaxEntries(n int) Option {
	return func(c *config) error {
		if n <= 0 {
			return fmt.Errorf("statecache: the maximum number of entries is %d; it must be above 0", n)
		}
		c.size = n
		return nil
	}
}

// WithPatience sets how long a check waits for a newer state if the one in memory
// is stale. The default is 1 second. After a check has waited that long, further
// checks of the customer do not wait for some seconds, and if it happens to a
// second customer too, no checks do until the service responds. A check without a
// state in memory waits until its context ends.
func WithPatience(d time.Duration) Option {
	return positive("patience", d, func(c *config, d time.Duration) { c.patience = d })
}

// WithLoadTimeout limits the time of one load, with all its attempts. The default
// is 10 seconds. The context of a caller does not limit it, because other
// callers may wait for the same load.
func WithLoadTimeout(d time.Duration) Option {
	return positive("load timeout", d, func(c *config, d time.Duration) { c.loadTimeout = d })
}

// WithClockMargin sets how far this machine's clock may be ahead of the
// service's clock, and how far the service's responses may lag behind its
// events. The default is 5 seconds; the time to live bounds it.
//
// Within the margin, timestamps cannot tell whether a response already includes
// an event. The cache then works as follows. If the event was known before the
// request, the event's state is used, and the service is asked again when the
// margin has passed. If the response was known before the event, the next check
// asks the service again, and so does the first check after the margin. An event
// that is older than a response by more than the margin is ignored.
//
// Ages are measured by a monotonic clock, so setting the clock does not affect
// them. If the clock is set while the program runs, the cache takes both
// readings into account, and asks the service where they disagree. But a clock
// that has always been wrong by more than the margin can make the cache ignore
// an event, or prefer a late event to a newer response, until the time to live
// ends. Keep clocks synchronized.
func WithClockMargin(d time.Duration) Option {
	return positive("clock margin", d, func(c *config, d time.Duration) { c.margin = d })
}

// WithStore shares states with other instances through s.
func WithStore(s Store) Option {
	return func(c *config) error {
		if s == nil {
			return errors.New("statecache: the store is nil; leave the option out to have none")
		}
		c.store = s
		return nil
	}
}

// WithStoreTimeout sets how long a check or an event waits for the store. The
// default is 50 milliseconds. It holds even for a store that ignores its context.
func WithStoreTimeout(d time.Duration) Option {
	return positive("store timeout", d, func(c *config, d time.Duration) { c.storeTimeout = d })
}

// WithHooks sets functions to call when things happen.
func WithHooks(h Hooks) Option {
	return func(c *config) error {
		c.hooks = h
		return nil
	}
}

// Hooks are functions that the cache calls when things happen, so that you can
// count and measure them. Any may be nil. The cache calls them from many
// goroutines, within the check or the event that they report. They must be fast.
type Hooks struct {
	// Hit is called for a check that memory served.
	Hit func(stale bool)
	// Miss is called for a check that had to wait because nothing was in memory.
	Miss func()
	// Load is called after a request to the service. That there is no such
	// customer is not an error.
	Load func(took time.Duration, err error)
	// Event is called for an event about a customer's state. It reports whether
	// the event changed a state in memory. It did not if it was late or repeated,
	// or if nobody has asked for the customer.
	Event func(changed bool)
	// Store is called after each use of the store.
	Store func(took time.Duration, err error)
}

func positive(what string, d time.Duration, set func(*config, time.Duration)) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("statecache: the %s is %v; it must be above 0", what, d)
		}
		set(c, min(d, longest))
		return nil
	}
}
