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

// Option changes how events are verified and received. Options of [Handler]
// that have nothing to do with verification are ignored by [Verify] and [Parse].
type Option func(*config) error

type config struct {
	keys      [][]byte
	tolerance time.Duration
	maxBody   int64
	dedup     Deduplicator
	onError   func(*http.Request, error)
}

func newConfig(secret string, opts []Option) (*config, error) {
	c := &config{tolerance: defaultTolerance, maxBody: defaultMaxBody, onError: func(*http.Request, error) {}}
	errs := []error{c.addSecret(secret)}
	for _, opt := range opts {
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

// WithSecrets accepts signatures made with any of these secrets too. Name the
// old secret here while the service changes to the new one.
func WithSecrets(secrets ...string) Option {
	return func(c *config) error {
		var errs []error
		for _, s := range secrets {
			errs = append(errs, c.addSecret(s))
		}
		return errors.Join(errs...)
	}
}

// WithTolerance sets how far the time at which a request was signed may lie
// from now, in the past or in the future. It is 5 minutes by default. A longer
// one lets a request that was overheard be played again for longer.
func WithTolerance(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("webhook: a tolerance of %v would refuse every event; give one above zero", d)
		}
		c.tolerance = d
		return nil
	}
}

// WithMaxBody sets how many bytes a request's body may have, 1 MiB by default.
// A larger one is answered with 413.
func WithMaxBody(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return fmt.Errorf("webhook: a limit of %d bytes would refuse every event; give one above zero", bytes)
		}
		c.maxBody = bytes
		return nil
	}
}

// WithDeduplicator remembers in d which events have been handled, instead of
// in the memory of this process. Where several processes receive events, a
// shared one keeps an event that is repeated to another of them from being
// handled twice.
func WithDeduplicator(d Deduplicator) Option {
	return func(c *config) error {
		if d == nil {
			return errors.New("webhook: the deduplicator is nil; leave the option out for the one in memory")
		}
		c.dedup = d
		return nil
	}
}

// WithErrorHandler calls f with every error of [Handler], those of the function
// that handles the events included. It is the place to log, for the answer
// itself tells the sender no more than its status.
func WithErrorHandler(f func(*http.Request, error)) Option {
	return func(c *config) error {
		if f == nil {
			return errors.New("webhook: the error handler is nil; leave the option out to ignore errors")
		}
		c.onError = f
		return nil
	}
}
