package customers

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// RetryPolicy says how often and after what waits a request is repeated. A field
// that is zero is as in the default.
//
// What is repeated is not for the policy to say:
//
//   - A 429 for every method, since the service refuses before it does anything.
//     It pauses the whole client: see [WithRateLimit].
//   - A request that cannot have reached the service, for every method.
//   - A 502, 503, 504 or 520 to 524, told by something in front of the service, a
//     broken connection, an answer cut short or a timeout of an attempt, where a
//     second request does no harm: for what reads, for updates, which set what
//     they name to given values, for deletions, whose "not found" then means done,
//     and for new members, who are found by their e-mail address. A new customer
//     is a case of its own: see [Client.Create].
//   - A 500 not: it is a fault of the service that the same input meets again.
//
// Waits grow twofold from BaseDelay to MaxDelay, and each is drawn at random
// from zero to that (full jitter), so that clients do not return all at once.
// The service's own Retry-After takes the place of the drawn wait. No wait
// outlasts the context: a call that would have to returns at once, with the
// service's last answer and [context.DeadlineExceeded].
type RetryPolicy struct {
	// MaxAttempts is how many requests a call sends at most; 3 unless given. 1
	// turns retries off.
	MaxAttempts int
	// BaseDelay is the longest wait before the second attempt; 250 milliseconds
	// unless given.
	BaseDelay time.Duration
	// MaxDelay is the longest wait before any attempt that the service sets no
	// time for; 2 seconds unless given, or BaseDelay if that is longer.
	MaxDelay time.Duration
	// MaxRetryAfter is the longest wait that the service may ask for; 2 seconds
	// unless given. A longer one ends the call at once, with [Error.RetryAfter] set.
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
		if p.MaxAttempts < 0 || p.BaseDelay < 0 || p.MaxDelay < 0 || p.MaxRetryAfter < 0 {
			return errors.New("retry: a number of attempts or a delay is below 0")
		}
		if p.MaxDelay != 0 && p.MaxDelay < p.BaseDelay {
			return errors.New("retry: MaxDelay is below BaseDelay")
		}
		p.MaxAttempts = cmp.Or(p.MaxAttempts, defaultRetry.MaxAttempts)
		p.MaxDelay = cmp.Or(p.MaxDelay, max(p.BaseDelay, defaultRetry.MaxDelay))
		p.BaseDelay = cmp.Or(p.BaseDelay, min(p.MaxDelay, defaultRetry.BaseDelay))
		p.MaxRetryAfter = cmp.Or(p.MaxRetryAfter, defaultRetry.MaxRetryAfter)
		c.retry = p
		return nil
	}
}

// backoff is the wait after the attempt-th attempt that the service sets no
// time for.
func (p RetryPolicy) backoff(attempt int, jitter func() float64) time.Duration {
	ceiling := p.BaseDelay
	for i := 1; i < attempt && ceiling < p.MaxDelay; i++ {
		ceiling += min(ceiling, p.MaxDelay-ceiling)
	}
	return time.Duration(jitter() * float64(ceiling))
}

func randomJitter() float64 { return rand.Float64() }

// verdict is what a failed attempt means.
type verdict struct {
	repeat    bool // another attempt may succeed and does no harm
	uncertain bool // the service may have done what was asked
}

// judge tells what a failed attempt of op means. reconciled says that another
// attempt does no harm, since its outcome tells that of this one.
func judge(op *Operation, reconciled bool, e *Error) verdict {
	writes := op.Method != http.MethodGet
	harmless := op.harmless() || reconciled
	broken := e.cause != nil && !permanent(e.cause)
	switch s := e.StatusCode; {
	case s == http.StatusTooManyRequests:
		return verdict{repeat: true} // refused before anything was done
	case s >= http.StatusBadGateway && s <= http.StatusGatewayTimeout, s >= 520 && s <= 524:
		// Told by something in between. The latter are Cloudflare's, where the
		// service did not answer it or not in time.
		return verdict{repeat: harmless, uncertain: writes}
	case s >= 500, s >= 200 && s < 300:
		// Failed, or done as it seems, but not answered as promised.
		return verdict{repeat: reconciled || harmless && broken, uncertain: writes}
	case s != 0:
		return verdict{repeat: harmless && broken} // refused, and the reason cut short
	case e.unsent:
		return verdict{repeat: broken}
	}
	return verdict{repeat: harmless && broken, uncertain: writes}
}
