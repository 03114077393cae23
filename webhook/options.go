package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	defaultTolerance = 5 * time.Minute
	defaultMaxBody   = 1 << 20
)

// Option changes how requests are verified and handled. [Verify] and [Parse]
// ignore the options that only concern [Handler].
type Option func(*config) error

type config struct {
	keys      [][]byte
	tolerance time.Duration
	maxBody   int64
	dedup     Deduplicator
	failOpen  bool
	onError   func(*http.Request, error)
}

func newConfig(secret string, opts []Option) (*config, error) {
	c := &config{tolerance: defaultTolerance, maxBody: defaultMaxBody, onError: func(*http.Request, error) {}}
	errs := []error{c.addSecret(secret)}
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, fmt.Errorf("webhook: opts[%d] is nil", i))
			continue
		}
		errs = append(errs, opt(c))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *config) addSecret(secret string) error {
	keys, err := signingKeys(secret)
	c.keys = append(c.keys, keys...)
	return err
}

// WithSecrets accepts signatures made with any of these secrets too. It is for
// the time in which a secret is replaced, and for one handler that serves
// several endpoints.
func WithSecrets(secrets ...string) Option {
	return func(c *config) error {
		var errs []error
		for _, s := range secrets {
			errs = append(errs, c.addSecret(s))
		}
		return errors.Join(errs...)
	}
}

// WithTolerance sets how far the signed time may lie in the past or in the
// future. The default is 5 minutes. The longer it is, the longer a captured
// request can be replayed.
func WithTolerance(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("webhook: tolerance %v: must be above 0, or every event is refused", d)
		}
		c.tolerance = d
		return nil
	}
}

// WithMaxBody limits the size of a request body in bytes. The default is 1 MiB.
// The response to a larger request is 413.
func WithMaxBody(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return fmt.Errorf("webhook: body limit of %d bytes: must be above 0, or every event is refused", bytes)
		}
		c.maxBody = bytes
		return nil
	}
}

// WithDeduplicator records in d which events have been handled. The default is
// the memory of this process. Several processes that receive the same events
// need a shared one, or each of them may handle an event.
//
// [Handler] waits up to 2 seconds for each call of d. If Claim fails, the
// response is 503 and the event is not handled; see [WithFailOpen].
func WithDeduplicator(d Deduplicator) Option {
	return func(c *config) error {
		if d == nil {
			return errors.New("webhook: the deduplicator is nil; leave the option out for the one in memory")
		}
		c.dedup = d
		return nil
	}
}

// WithFailOpen handles an event even if the deduplicator cannot be reached.
// Without it, an outage of the deduplicator holds up all events, revocations
// included, and if it lasts, the service disables the endpoint.
//
// While the deduplicator is away an event may be handled twice, also by two
// goroutines at once. Use the option if handling an event again does no harm.
// The Apply method of a state cache (package statecache) is of that kind: it
// compares timestamps and needs no deduplicator at all.
//
// The deduplicator's error still goes to the error handler.
func WithFailOpen() Option {
	return func(c *config) error {
		c.failOpen = true
		return nil
	}
}

// WithErrorHandler calls f with every error of [Handler], including those of the
// function that handles events. f is the place to log: the response has a status
// and no body. f must be safe for concurrent use.
func WithErrorHandler(f func(*http.Request, error)) Option {
	return func(c *config) error {
		if f == nil {
			return errors.New("webhook: the error handler is nil; leave the option out to ignore errors")
		}
		c.onError = f
		return nil
	}
}
