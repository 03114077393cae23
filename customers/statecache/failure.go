package statecache

import (
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/polarexpress/polar-go/polar"
)

var (
	// errSlow is the cause of a stale state if the service has not responded in
	// time.
	errSlow = errors.New("statecache: the service has not responded yet")
	// errNoState is the error of a source that breaks its contract.
	errNoState = errors.New("statecache: the source returned neither a state nor an error")
)

// Pauses after failures. Each is twice as long as the one before.
const (
	firstPause = time.Second
	lastPause  = 15 * time.Second
)

func pause(failures int64) time.Duration { return min(firstPause<<min(failures-1, 8), lastPause) }

// serviceWide reports whether a failure is likely to meet every customer: no
// connection, a timeout, a rate limit, a refused token, a gateway's error. Any
// other failure is about the customer that was asked for.
func serviceWide(err error) bool {
	if limited(err) {
		return true
	}
	if e := (*polar.Error)(nil); errors.As(err, &e) && e.StatusCode != 0 {
		switch e.StatusCode {
		case http.StatusUnauthorized, http.StatusForbidden,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	for _, about := range []error{errNoState, polar.ErrServer, polar.ErrUnexpectedResponse,
		polar.ErrConflict, polar.ErrValidation, polar.ErrInvalidArgument} {
		if errors.Is(err, about) {
			return false
		}
	}
	return true
}

func limited(err error) bool { return errors.Is(err, polar.ErrRateLimited) }

// retryAfter returns how long the service asks to wait, 0 if it does not say.
func retryAfter(err error) time.Duration {
	if e := (*polar.Error)(nil); errors.As(err, &e) {
		return min(e.RetryAfter, longest)
	}
	return 0
}

// failure is the last of a row of failed loads for one customer.
type failure struct {
	err error
	// wide says that the service as a whole may fail. Others have not succeeded
	// meanwhile.
	wide  bool
	count int64
	// since is when the first of them began.
	since int64
	// retryAt is when to ask again, 0 if there is an outage.
	retryAt int64
}

func (f *failure) pausing(now int64) bool { return f != nil && now < f.retryAt }

// outage is what is known about failures of the service as a whole.
type outage struct {
	retryAt  retryTime
	failures atomic.Int64 // in a row
	cause    atomic.Pointer[error]
	// lastSuccess is when a load last succeeded, and suspect a customer for whom one
	// has failed since. Cache.mu guards them.
	lastSuccess int64
	suspect     *key
}

func (o *outage) ongoing() bool { return o.failures.Load() > 0 }

func (o *outage) succeeded(now int64) {
	o.lastSuccess, o.suspect = now, nil
	o.failures.Store(0)
	o.retryAt.clear()
}

// confirmedBy reports whether a failure that may be service-wide is one, because
// another customer's load has failed too since the last success.
func (o *outage) confirmedBy(k key) bool {
	if o.suspect == nil {
		o.suspect = &k
	}
	return *o.suspect != k
}

func (o *outage) failed(now int64, err error) {
	wait := retryAfter(err)
	if n := o.failures.Add(1); wait <= 0 {
		wait = pause(n)
	}
	o.cause.Store(&err)
	o.retryAt.set(now + int64(wait))
}

// retryTime is when to try again what has failed.
type retryTime struct{ at atomic.Int64 } // 0 if it has not

func (r *retryTime) clear()                 { r.at.Store(0) }
func (r *retryTime) set(at int64)           { r.at.Store(at) }
func (r *retryTime) waiting(now int64) bool { return now < r.at.Load() }

// claim reports whether the caller may try now. While failures last, one caller
// at a time may; it has the time limit to finish.
func (r *retryTime) claim(now int64, limit time.Duration) bool {
	at := r.at.Load()
	return at == 0 || now >= at && r.at.CompareAndSwap(at, now+int64(limit))
}

// noteFailure decides whether a failed load holds back loads for one customer or
// for all. Cache.mu is held.
func (c *Cache) noteFailure(k key, begun int64, err error) {
	now := c.clock.now()
	e := &entry{eventAt: noEvent}
	if old, ok := c.memory.GetEntryQuietly(k); ok {
		*e = *old.Value
	}
	f := &failure{err: err, count: 1, since: begun}
	if e.failure != nil {
		f.count, f.since = e.failure.count+1, e.failure.since
	}
	f.wide = serviceWide(err) && c.outage.lastSuccess <= f.since
	if limited(err) || f.wide && c.outage.confirmedBy(k) {
		c.outage.failed(now, err)
	} else {
		f.retryAt = now + int64(pause(f.count))
	}
	e.failure = f
	c.put(k, e)
}
