package customers

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// RetryPolicy says how often and after what waits a request is repeated.
//
// What is repeated is not for the policy to say:
//
//   - A 429 for every method, since the service refuses before it does anything.
//   - A request that cannot have reached the service, for every method.
//   - A 502, 503 or 504, a broken connection, an answer cut short or a timeout of
//     an attempt, where a second request does no harm: for what reads, for
//     updates, which set what they name to given values, for deletions, whose
//     "not found" then means done, and for new members, who are found by their
//     e-mail address. A new customer is a case of its own: see [Client.Create].
//   - A 500 never: it is a fault of the service that the same input meets again.
//
// Waits grow twofold from BaseDelay to MaxDelay, and each is drawn at random
// from zero to that (full jitter), so that clients do not return all at once.
// The service's own Retry-After takes the place of the drawn wait. No wait
// outlasts the context: the call returns at once if it would.
type RetryPolicy struct {
	// MaxAttempts is how many requests a call sends at most. 1 turns retries off.
	MaxAttempts int
	// BaseDelay is the longest wait before the second attempt.
	BaseDelay time.Duration
	// MaxDelay is the longest wait before any attempt that the service sets no
	// time for.
	MaxDelay time.Duration
	// MaxRetryAfter is the longest wait that the service may ask for. A longer one
	// ends the call at once, with [Error.RetryAfter] set.
	MaxRetryAfter time.Duration
}

// defaultRetry suits a web request: two more attempts within a second or two.
// The service's windows are a minute, too long to keep a visitor waiting.
var defaultRetry = RetryPolicy{
	MaxAttempts:   3,
	BaseDelay:     250 * time.Millisecond,
	MaxDelay:      2 * time.Second,
	MaxRetryAfter: 2 * time.Second,
}

// BatchRetry suits a job that has time: it waits for the service's windows of a
// minute, and outlasts a restart of the service.
var BatchRetry = RetryPolicy{
	MaxAttempts:   8,
	BaseDelay:     500 * time.Millisecond,
	MaxDelay:      30 * time.Second,
	MaxRetryAfter: 65 * time.Second,
}

// WithRetry replaces the policy, which is three attempts with waits of up to 250
// and 500 milliseconds, and up to 2 seconds where the service asks for it.
// [BatchRetry] is one for jobs.
func WithRetry(p RetryPolicy) Option {
	return func(c *config) error {
		if p.MaxAttempts < 1 {
			return errors.New("retry: MaxAttempts must be at least 1")
		}
		if p.BaseDelay < 0 || p.MaxDelay < p.BaseDelay || p.MaxRetryAfter < 0 {
			return errors.New("retry: delays must not be below 0, nor MaxDelay below BaseDelay")
		}
		c.retry = p
		return nil
	}
}

// backoff is the wait after the attempt-th attempt that the service sets no
// time for.
func (p RetryPolicy) backoff(attempt int, jitter func() float64) time.Duration {
	ceiling := p.BaseDelay
	for range attempt - 1 {
		if ceiling >= p.MaxDelay/2 {
			ceiling = p.MaxDelay
			break
		}
		ceiling *= 2
	}
	return time.Duration(jitter() * float64(min(ceiling, p.MaxDelay)))
}

func randomJitter() float64 { return rand.Float64() }

// verdict is what a failed attempt means.
type verdict struct {
	repeat    bool // another attempt may succeed and does no harm
	uncertain bool // the service may have done what was asked
}

// judge tells what a failed attempt of op means.
func judge(op *Operation, e *Error) verdict {
	writes := op.Method != http.MethodGet
	switch {
	case e.StatusCode == http.StatusTooManyRequests:
		return verdict{repeat: true} // refused before anything was done
	case e.StatusCode == http.StatusBadGateway, e.StatusCode == http.StatusServiceUnavailable, e.StatusCode == http.StatusGatewayTimeout:
		return verdict{repeat: op.harmless(), uncertain: writes} // told by something in between
	case e.StatusCode >= 500:
		return verdict{uncertain: writes}
	case e.StatusCode >= 200 && e.StatusCode < 300:
		// Done, it seems, but not answered as promised. Cut short is worth a repeat.
		return verdict{repeat: op.harmless() && e.cause != nil && !permanent(e.cause), uncertain: writes}
	case e.StatusCode != 0:
		return verdict{repeat: op.harmless() && e.cause != nil && !permanent(e.cause)}
	case e.unsent:
		return verdict{repeat: !permanent(e.cause)}
	}
	return verdict{repeat: op.harmless() && !permanent(e.cause), uncertain: writes}
}
