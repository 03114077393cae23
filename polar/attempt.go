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

// attempt is one request of an exchange.
type attempt struct {
	ctx      context.Context
	client   *Client
	op       *Operation
	request  *http.Request
	response *response
	// written is whether any of the request may have left this machine.
	written atomic.Bool
}

// watch notes whether a request that changes something leaves this machine: no
// error of a connection tells that for certain.
func (a *attempt) watch() {
	if a.request.Method == http.MethodGet {
		return
	}
	a.ctx = httptrace.WithClientTrace(a.ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { a.written.Store(true) },
	})
	if !a.client.keepsRequests && a.request.Body != nil { // a transport that may know no traces
		a.request.Body = watchedBody{a.request.Body, &a.written}
	}
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
		ctx, cancel := context.WithTimeoutCause(a.ctx, a.client.config.timeout, errAttemptTimeout)
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

// noResponse is the error of an attempt that got no response.
func (a *attempt) noResponse(ctx context.Context, err error) *Error {
	e := newError(a.op)
	e.host = a.request.URL.Host
	e.neverSent = isNeverSent(err) && !a.written.Load()
	switch {
	case ctx.Err() != nil:
		err = contextError(ctx)
	case errors.Is(err, context.DeadlineExceeded): // a timeout, but not the caller's
		err = errAttemptTimeout
	case isLongHeader(err):
		e.kind, e.advice, err = ErrUnexpectedResponse, causeText(errLongHeader), errLongHeader
	case errors.Is(err, errNoResponse):
		e.advice = "the HTTP client's transport returns neither a response nor an error"
	}
	return e.withCause(err)
}

// read reads a response to its end, after which the connection can serve the next
// request, unless it is longer than the client allows.
func (a *attempt) read(ctx context.Context, resp *http.Response, accept func(*response) *Error) *Error {
	limit := a.client.config.maxBytes
	r := &response{op: a.op, http: resp, status: resp.StatusCode, header: resp.Header, limit: limit}
	a.response = r
	var err error
	r.body, err = readBody(resp.Body, resp.ContentLength, limit)
	_ = resp.Body.Close()
	if err == nil {
		err = ctx.Err() // decoding takes time, too
	}
	if err != nil {
		return r.broken(ctx, err)
	}
	if r.status < 200 || r.status >= 300 {
		return r.failure(time.Now())
	}
	return accept(r)
}
