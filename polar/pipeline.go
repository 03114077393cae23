package polar

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// exchange is one call on its way through the pipeline.
type exchange struct {
	ctx     context.Context
	client  *Client
	op      *Operation
	options callOptions
	request *http.Request         // as it was built; attempts do not change it
	receive func(*attempt) *Error // reads the response
	policy  RetryPolicy

	attempts  int           // requests sent
	waited    time.Duration // before the present attempt
	delay     time.Duration // before the next attempt
	token     secret        // for the present attempt
	renewed   secret        // for the next attempt, after the service refused a token
	asked     bool          // whether a token was renewed already
	uncertain bool          // whether an earlier attempt may have taken effect
	response  *response     // the last one
	last      *Error        // why the last attempt failed
}

// run sends a request until it succeeds or must not be sent again. It returns the
// service's last response, if there is one.
func (x *exchange) run() (*response, error) {
	for {
		if err := x.waitForTurn(); err != nil {
			return x.response, x.stop(err)
		}
		if err := x.authorize(); err != nil {
			return x.response, x.stop(err)
		}
		req, err := x.prepare()
		if err != nil {
			return x.response, x.stop(err)
		}
		failure := x.send(req)
		if failure == nil || x.alreadyDone(failure) {
			return x.response, nil
		}
		if !x.retry(failure) {
			return x.response, x.fail(failure)
		}
	}
}

// do sends req for op under ctx, not under the request's own context. receive
// reads the response of each attempt.
func (c *Client) do(ctx context.Context, req *http.Request, op *Operation, o callOptions, receive func(*attempt) *Error) (*response, error) {
	x := &exchange{ctx: ctx, client: c, op: op, options: o, request: req, receive: receive, policy: c.config.retry}
	if o.withoutRetry {
		x.policy.MaxAttempts = 1
	}
	return x.run()
}

func (x *exchange) waitForTurn() (refusal *Error) {
	x.waited, refusal = x.client.config.waitForTurn(x.ctx, x.op, x.delay)
	return refusal
}

func (x *exchange) authorize() *Error {
	if x.client.config.public {
		return nil
	}
	if x.token, x.renewed = x.renewed, (secret{}); !x.token.isZero() {
		return nil
	}
	token, err := x.client.config.tokens(x.ctx)
	if err != nil {
		e := newError(x.op).withCause(err)
		if x.ctx.Err() == nil {
			e.kind, e.advice = ErrUnauthorized, "the token source returns no access token"
		}
		return e
	}
	x.token = token
	return nil
}

// send makes one attempt.
func (x *exchange) send(req *http.Request) *Error {
	a := &attempt{ctx: x.ctx, client: x.client, op: x.op, request: req}
	a.watch()
	x.attempts++
	start := time.Now()
	failure := x.receive(a)
	logAttempt(x.ctx, x.client.config.logger, x.op, a.response, failure, x.attempts, x.waited, start)
	if a.response != nil {
		a.response.attempts, x.response = x.attempts, a.response
		if a.response.status < http.StatusInternalServerError && a.response.status != http.StatusTooManyRequests {
			x.client.config.pause.end(start)
		}
	}
	return failure
}

// prepare returns the request for an attempt. The transport may still be at work
// on the last one, so nothing of it is shared.
func (x *exchange) prepare() (*http.Request, *Error) {
	req := x.request
	if x.attempts > 0 || !x.client.keepsRequests {
		req = req.Clone(x.ctx)
		if x.request.GetBody != nil {
			body, err := x.request.GetBody()
			if err != nil {
				e := newError(x.op).withCause(err)
				e.advice = "the body of the request cannot be read again"
				return nil, e
			}
			req.Body = body
		}
	}
	if x.client.config.public {
		req.Header.Del("Authorization") // a request for Do can have one
	} else {
		req.Header["Authorization"] = x.token.header()
	}
	return req, nil
}

// alreadyDone reports whether a failure shows that an earlier attempt has deleted
// the object.
func (x *exchange) alreadyDone(failure *Error) bool {
	return x.uncertain && x.op.deletes() && errors.Is(failure, ErrNotFound)
}

// retry decides whether another attempt follows, and when.
func (x *exchange) retry(failure *Error) bool {
	v := classify(x.op, x.options.retryUnknown, failure)
	x.uncertain = x.uncertain || v.uncertain
	final := x.attempts >= x.policy.MaxAttempts
	if !final && failure.StatusCode == http.StatusUnauthorized && x.renewToken() {
		x.last, x.delay = nil, 0
		return true
	}
	x.delay = failure.RetryAfter
	if x.delay == 0 {
		x.delay = x.policy.backoff(x.attempts, x.client.config.jitter)
	}
	if failure.StatusCode == http.StatusTooManyRequests {
		x.client.config.pause.start(x.delay)
		x.delay = 0 // the pause holds for the whole client
	}
	if !v.retry || final || failure.RetryAfter > x.policy.MaxRetryAfter {
		return false
	}
	x.last = failure.after(x.last)
	return true
}

// renewToken asks once for another token than the one that was refused.
func (x *exchange) renewToken() bool {
	if x.asked || x.client.config.public {
		return false
	}
	x.asked = true
	other, err := x.client.config.tokens(x.ctx)
	if err != nil || other.equal(x.token) {
		return false
	}
	x.renewed = other
	return true
}

// stop ends the call before an attempt.
func (x *exchange) stop(e *Error) *Error {
	if x.last != nil && x.last.StatusCode == 0 {
		e = e.withCause(errors.Join(e.cause, x.last.cause))
	}
	return x.fail(e)
}

// fail ends the call.
func (x *exchange) fail(e *Error) *Error {
	e = e.after(x.last)
	e.Attempts, e.unknown = x.attempts, x.uncertain
	return e
}
