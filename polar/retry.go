package polar

import (
	"math/rand/v2"
	"net/http"
	"time"
)

// RetryPolicy says how often a request is retried and after what delays. A zero
// field means the default.
//
// The policy does not decide what is retried:
//
//   - A 429, for every method: the service refuses it before doing anything. It
//     also pauses the whole client, see [WithRateLimit].
//   - A request that cannot have reached the service, for every method.
//   - A 502, 503, 504 or 520 to 524, which come from something in front of the
//     service, a broken connection, a truncated response or a timeout of an
//     attempt, where a repeat does no harm: for operations that [Operations]
//     lists as idempotent, and for calls with [RetryUnknownOutcome].
//   - A 500 is not retried: the same input would fail again.
//
// Delays double from BaseDelay up to MaxDelay. Each is drawn at random between
// zero and that value (full jitter), so that clients do not come back all at
// once. The service's Retry-After takes the place of the drawn delay. No delay
// goes beyond the context: a call that would have to wait longer returns at
// once, with the service's last response and [context.DeadlineExceeded].
type RetryPolicy struct {
	// MaxAttempts is the number of requests that a call sends at most. The default
	// is 3; 1 turns retries off.
	MaxAttempts int
	// BaseDelay is the longest delay before the second attempt. The default is 250
	// milliseconds.
	BaseDelay time.Duration
	// MaxDelay is the longest delay before any attempt, unless the service asks for
	// another. The default is 2 seconds, or BaseDelay if that is longer.
	MaxDelay time.Duration
	// MaxRetryAfter is the longest Retry-After that is waited for. The default is 2
	// seconds. A longer one ends the call at once, with [Error.RetryAfter] set.
	MaxRetryAfter time.Duration
}

// defaultRetry suits a web request: two more attempts within a second or two.
// The service's rate limits last a minute, which is too long for a visitor.
func defaultRetry() RetryPolicy {
	return RetryPolicy{MaxAttempts: 3, BaseDelay: 250 * time.Millisecond, MaxDelay: 2 * time.Second, MaxRetryAfter: 2 * time.Second}
}

// BatchRetry returns a policy for jobs that have time: 8 attempts, delays of up
// to 30 seconds, and a Retry-After of up to 65. It waits for the service's rate
// limits, which last a minute, and for a restart of the service.
func BatchRetry() RetryPolicy {
	return RetryPolicy{MaxAttempts: 8, BaseDelay: 500 * time.Millisecond, MaxDelay: 30 * time.Second, MaxRetryAfter: 65 * time.Second}
}

// backoff returns the delay after an attempt for which the service set none.
func (p RetryPolicy) backoff(attempt int, jitter func() float64) time.Duration {
	ceiling := p.BaseDelay
	for i := 1; i < attempt && ceiling < p.MaxDelay; i++ {
		ceiling += min(ceiling, p.MaxDelay-ceiling)
	}
	return time.Duration(jitter() * float64(ceiling))
}

func randomJitter() float64 { return rand.Float64() }

// verdict says what a failed attempt means.
type verdict struct {
	retry     bool // another attempt may succeed and does no harm
	uncertain bool // the service may have made the change
}

// classify returns what a failed attempt means. retryUnknown is as in
// callOptions.
func classify(op *Operation, retryUnknown bool, e *Error) verdict {
	writes := op.Method != http.MethodGet
	harmless := op.Idempotent || retryUnknown
	transient := e.cause != nil && !isPermanent(e.cause)
	switch s := e.StatusCode; {
	case s == http.StatusTooManyRequests:
		return verdict{retry: true} // refused before anything was done
	case s >= http.StatusBadGateway && s <= http.StatusGatewayTimeout, s >= 520 && s <= 524:
		// From something in front of the service. 520 to 524 are Cloudflare's, where
		// the service did not respond to it in time.
		return verdict{retry: harmless, uncertain: writes}
	case s >= 500, s >= 200 && s < 300:
		// The service failed, or has made the change but did not respond as promised.
		return verdict{retry: retryUnknown || harmless && transient, uncertain: writes}
	case s != 0:
		return verdict{retry: harmless && transient} // refused, and the reason is truncated
	case e.neverSent:
		return verdict{retry: transient}
	}
	return verdict{retry: harmless && transient, uncertain: writes}
}
