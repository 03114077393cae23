package polar

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// exchange is one call on its way through the pipeline.
type exchange struct {
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
		failure := x.send()
		if failure == nil || x.alreadyDone(failure) {
			return x.response, nil
		}
		if !x.retry(failure) {
			return x.response, x.fail(failure)
		}
	}
}

// do sends req for op. receive reads the response of each attempt.
func (c *Client) do(req *http.Request, op *Operation, o callOptions, receive func(*attempt) *Error) (*response, error) {
	x := &exchange{client: c, op: op, options: o, request: req, receive: receive, policy: c.config.retry}
	if o.withoutRetry {
		x.policy.MaxAttempts = 1
	}
	return x.run()
}

func (x *exchange) waitForTurn() (refusal *Error) {
	x.waited, refusal = x.client.waitForTurn(x.request.Context(), x.op, x.delay)
	return refusal
}

func (x *exchange) authorize() (failure *Error) {
	if x.token, x.renewed = x.renewed, (secret{}); x.token.isZero() {
		x.token, failure = x.client.token(x.request.Context(), x.op)
	}
	return failure
}

// send makes one attempt.
func (x *exchange) send() *Error {
	a := &attempt{client: x.client, op: x.op}
	req, err := x.prepare()
	if err != nil {
		return newError(x.op).withCause(err)
	}
	a.request = a.trace(req)
	x.attempts++
	start := time.Now()
	failure := x.receive(a)
	x.client.log(x.request.Context(), x.op, a.response, failure, x.attempts, x.waited, start)
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
func (x *exchange) prepare() (*http.Request, error) {
	req := x.request
	if x.attempts > 0 || !x.client.keepsRequests {
		req = req.Clone(req.Context())
		if x.request.GetBody != nil {
			body, err := x.request.GetBody()
			if err != nil {
				return nil, err
			}
			req.Body = body
		}
	}
	req.Header["Authorization"] = x.token.header()
	return req, nil
}

// alreadyDone reports whether a failure shows that an earlier attempt succeeded:
// what it was to delete is gone.
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
	if x.asked {
		return false
	}
	x.asked = true
	other, err := x.client.config.tokens(x.request.Context())
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

// attempt is one request of an exchange.
type attempt struct {
	client   *Client
	op       *Operation
	request  *http.Request
	response *response
	// written is whether any of the request may have left this machine.
	written atomic.Bool
}

// trace watches whether a request that changes something leaves this machine: no
// error of a connection tells that for certain.
func (a *attempt) trace(req *http.Request) *http.Request {
	if req.Method == http.MethodGet {
		return req
	}
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { a.written.Store(true) },
	}))
	if !a.client.keepsRequests && req.Body != nil { // a transport that may know no traces
		req.Body = watchedBody{req.Body, &a.written}
	}
	return req
}

// watchedBody notes that a body is read.
type watchedBody struct {
	io.ReadCloser
	read *atomic.Bool
}

func (b watchedBody) Read(p []byte) (int, error) {
	b.read.Store(true)
	return b.ReadCloser.Read(p)
}

// receiveBuffered reads the whole response, and passes a success to accept.
func receiveBuffered(accept func(*response) *Error) func(*attempt) *Error {
	return func(a *attempt) *Error {
		ctx, cancel := context.WithTimeoutCause(a.request.Context(), a.client.config.timeout, errAttemptTimeout)
		defer cancel()
		resp, err := a.roundTrip(ctx)
		if err != nil {
			return a.noResponse(ctx, err)
		}
		return a.read(ctx, resp, accept)
	}
}

// roundTrip passes the request to the transport, and tolerates transports that
// break the RoundTripper contract.
func (a *attempt) roundTrip(ctx context.Context) (*http.Response, error) {
	resp, err := a.client.transport.RoundTrip(a.request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	if resp == nil {
		return nil, errNoResponse
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	return resp, nil
}

var errNoResponse = errors.New("polar: the transport returns neither a response nor an error")
