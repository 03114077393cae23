package customers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"
)

// answer is the service's last answer to a call.
type answer struct {
	status   int
	header   http.Header
	body     []byte        // whole, but for an export
	stream   io.ReadCloser // an export
	attempts int
}

// do is the pipeline that every request goes through, whoever made it:
//
//	attempts: repeat what may be repeated         (retry.go)
//	  pause: wait while the service wants it      (limit.go)
//	  rate limit: wait for the client's own turn  (limit.go)
//	  credentials: ask for the token              (credentials.go)
//	  timeout: bound the attempt, and its size    (here)
//	    log: one line per attempt                 (log.go)
//	      middleware, transport                   (options.go)
//
// It returns the service's last answer, if there is one, and the error that it
// or the lack of it amounts to. accept, unless nil, decodes a success.
func (c *Client) do(req *http.Request, op *Operation, o *callOptions, accept func(*answer) *Error) (*answer, error) {
	ctx := req.Context()
	retry := c.cfg.retry
	if o != nil && o.withoutRetry {
		retry.MaxAttempts = 1
	}
	c.prepare(req, op, o)

	var (
		last      *Error  // the failure of the last attempt
		answered  *answer // the last answer, whatever it was
		uncertain bool    // an attempt may have taken effect
		fresh     secret  // another token, after the service refused one
		renewed   bool
	)
	give := func(e *Error) (*answer, error) {
		e.unknown = uncertain
		return answered, e
	}

	for attempt := 1; ; attempt++ {
		waited, stop := c.turn(ctx, op, last)
		if stop != nil {
			return give(stop)
		}
		credential := fresh
		if credential.reveal == nil {
			var err error
			if credential, err = c.cfg.tokens(ctx); err != nil {
				return give(tokenError(op, err, attempt-1))
			}
		}
		if attempt > 1 {
			next, err := again(req)
			if err != nil { // a body of the raw client that cannot be read twice
				return give(last)
			}
			req = next
		}
		req.Header["Authorization"] = credential.authorization()

		start := time.Now()
		a, failure := c.attempt(req, op, accept)
		c.log(ctx, op, a, failure, attempt, waited, start)
		if a != nil {
			a.attempts = attempt
			answered = a
			if a.status != http.StatusTooManyRequests {
				c.cfg.gate.open(start)
			}
		}
		if failure == nil {
			return a, nil
		}
		failure.Attempts = attempt
		if uncertain && op.gone() && errors.Is(failure, ErrNotFound) {
			return a, nil // an earlier attempt did it
		}
		last = failure
		v := judge(op, failure)
		uncertain = uncertain || v.uncertain

		if failure.StatusCode == http.StatusUnauthorized && !renewed && attempt < retry.MaxAttempts {
			renewed = true
			if token, err := c.cfg.tokens(ctx); err == nil && !token.equal(credential) {
				fresh = token
				continue
			}
		}
		delay := failure.RetryAfter
		if delay == 0 {
			delay = retry.backoff(attempt, c.cfg.jitter)
		}
		limited := failure.StatusCode == http.StatusTooManyRequests
		if limited {
			c.cfg.gate.pause(delay)
		}
		if !v.repeat || attempt >= retry.MaxAttempts || failure.RetryAfter > retry.MaxRetryAfter || beyond(ctx, delay) {
			return give(failure)
		}
		if limited {
			continue // the wait is the whole client's
		}
		if err := sleep(ctx, delay); err != nil {
			failure.cause = err
			return give(failure)
		}
	}
}

// prepare puts on a request what all its attempts have in common.
func (c *Client) prepare(req *http.Request, op *Operation, o *callOptions) {
	h := req.Header
	h["Accept"] = acceptJSON
	if op.streams() {
		h["Accept"] = acceptCSV
	}
	h["User-Agent"] = c.userAgent
	h["Polar-Version"] = c.apiVersion
	if c.organization != nil {
		h["Polar-Organization"] = c.organization
	}
	if o != nil {
		for k, v := range o.header {
			h[k] = v
		}
	}
}

var (
	acceptJSON = []string{"application/json"}
	acceptCSV  = []string{"text/csv, application/json;q=0.5"}
)

// turn waits until an attempt may go. last is the failure before it, if any.
func (c *Client) turn(ctx context.Context, op *Operation, last *Error) (waited time.Duration, stop *Error) {
	refuse := func(e *Error) *Error {
		if last != nil { // the service's own words are worth more
			last.cause = e.cause
			last.RetryAfter = e.RetryAfter
			return last
		}
		e.Operation, e.Method, e.Route = op.Name, op.Method, op.Path
		return e
	}
	if ctx.Err() != nil {
		return 0, refuse(&Error{cause: contextError(ctx)})
	}
	waited, left, err := c.cfg.gate.enter(ctx, c.cfg.retry.MaxRetryAfter)
	if err != nil {
		return waited, refuse(&Error{cause: contextError(ctx)})
	}
	if left > 0 {
		return waited, refuse(&Error{kind: ErrRateLimited, RetryAfter: left, advice: "not sent, since the service has asked this client to pause"})
	}
	if c.cfg.limit == nil {
		return waited, nil
	}
	r := c.cfg.limit.Reserve()
	d := r.Delay()
	if beyond(ctx, d) {
		r.Cancel()
		return waited, refuse(&Error{kind: ErrRateLimited, RetryAfter: d, advice: "not sent, since the client's own rate limit would outlast the context"})
	}
	if d > 0 {
		if err := sleep(ctx, d); err != nil {
			r.Cancel()
			return waited, refuse(&Error{cause: contextError(ctx)})
		}
	}
	return waited + d, nil
}

// again returns req as it was, for another attempt. The transport may still be
// at work on the last one, so that nothing of it is shared.
func again(req *http.Request) (*http.Request, error) {
	next := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		next.Body = body
	}
	return next, nil
}

// attempt sends req once, and reads the answer within the client's bounds.
func (c *Client) attempt(req *http.Request, op *Operation, accept func(*answer) *Error) (*answer, *Error) {
	if op.streams() {
		return c.attemptStream(req, op)
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), c.cfg.timeout, errAttemptTimeout)
	defer cancel()

	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, c.failure(ctx, op, err)
	}
	a := &answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = readBody(resp.Body, resp.ContentLength, c.cfg.maxBytes)
	drain(resp.Body)
	if err != nil {
		return a, c.broken(ctx, op, a, err)
	}
	if a.status < 200 || a.status >= 300 {
		return a, errorFrom(op, a.status, a.header, a.body, time.Now())
	}
	if accept == nil {
		return a, nil
	}
	return a, accept(a)
}

// attemptStream sends req once, and hands the answer on as it arrives. The
// timeout bounds the wait for the answer, and for each part of it.
func (c *Client) attemptStream(req *http.Request, op *Operation) (*answer, *Error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	s := &stream{c: c, op: op, ctx: ctx, cancel: cancel}
	s.timer = time.AfterFunc(c.cfg.timeout, func() { cancel(errAttemptTimeout) })
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		s.stop()
		return nil, c.failure(ctx, op, err)
	}
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if a.status == http.StatusOK && isMedia(a.header, "text/csv") {
		s.timer.Stop()
		s.body, s.answer = resp.Body, a
		a.stream = s
		return a, nil
	}
	defer s.stop()
	a.body, err = readBody(resp.Body, resp.ContentLength, c.cfg.maxBytes)
	drain(resp.Body)
	switch {
	case err != nil:
		return a, c.broken(ctx, op, a, err)
	case a.status >= 200 && a.status < 300:
		return a, unexpected(op, a.status, a.header, a.body, "the answer is not CSV: check the base URL and what is in front of the service")
	}
	return a, errorFrom(op, a.status, a.header, a.body, time.Now())
}

// failure is the error of an attempt that got no answer.
func (c *Client) failure(ctx context.Context, op *Operation, err error) *Error {
	e := newError(op)
	e.unsent = neverSent(err)
	e.cause = withoutURL(err)
	if ctx.Err() != nil {
		e.cause = contextError(ctx)
	}
	return e
}

// broken is the error of an answer of which the end is missing.
func (c *Client) broken(ctx context.Context, op *Operation, a *answer, err error) *Error {
	if ctx.Err() != nil {
		err = contextError(ctx)
	}
	var e *Error
	if a.status < 300 {
		e = unexpected(op, a.status, a.header, a.body, "")
	} else {
		e = errorFrom(op, a.status, a.header, a.body, time.Now())
	}
	e.cause = err
	return e
}

// contextError is the error of a context that has ended.
func contextError(ctx context.Context) error {
	if context.Cause(ctx) == error(errAttemptTimeout) {
		return errAttemptTimeout
	}
	return ctx.Err()
}

// tokenError is a failure of the program's own token source.
func tokenError(op *Operation, err error, attempts int) *Error {
	e := newError(op)
	e.kind, e.cause, e.Attempts = ErrUnauthorized, err, attempts
	e.advice = "the token source gives no access token"
	return e
}

// readBody reads a body of at most limit bytes.
func readBody(body io.Reader, length, limit int64) ([]byte, error) {
	if length > limit {
		return nil, errTooLong
	}
	var buf bytes.Buffer
	if length > 0 {
		buf.Grow(int(length) + bytes.MinRead) // room for the read that finds the end
	}
	n, err := buf.ReadFrom(io.LimitReader(body, limit+1))
	if n > limit {
		return nil, errTooLong
	}
	return buf.Bytes(), err
}

// isMedia reports whether a header declares the media type t.
func isMedia(header http.Header, t string) bool {
	got, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && got == t
}

// response gives an answer the form that the generated client expects.
func (a *answer) response(req *http.Request) *http.Response {
	body := a.stream
	length := int64(-1)
	if body == nil {
		body = io.NopCloser(bytes.NewReader(a.body))
		length = int64(len(a.body))
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status, Header: a.header, Body: body, ContentLength: length,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
	}
}
