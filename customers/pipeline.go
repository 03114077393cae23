package customers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
)

// do is the pipeline that every request goes through, whoever made it:
//
//	attempts: repeat what may be repeated         (retry.go)
//	  turn: the wait before a repeat, the pause   (limit.go)
//	    that the service asks of the whole
//	    client, the client's own rate limit
//	  credentials: ask for the token              (credentials.go)
//	  attempt: bound its time and its size        (here)
//	    middleware, transport                     (options.go)
//	  log: one line                               (log.go)
//
// It returns the service's last answer, if there is one, and the error that it
// or the lack of it amounts to. accept, unless nil, decodes a success.
func (c *Client) do(req *http.Request, op *Operation, o *callOptions, accept func(*answer) *Error) (*answer, error) {
	ctx, retry := req.Context(), c.cfg.retry
	if o.withoutRetry {
		retry.MaxAttempts = 1
	}
	if err := c.prepare(req, op, o); err != nil {
		return nil, err
	}
	var (
		answered  *answer       // the last answer, whatever it was
		last      *Error        // the failure of the last attempt
		uncertain bool          // an attempt may have taken effect
		wait      time.Duration // before the next attempt
		fresh     secret        // for the next attempt, after the service refused one
		renewed   bool
	)
	end := func(e *Error, attempts int) (*answer, error) {
		e.Attempts, e.unknown = attempts, uncertain
		return answered, e
	}
	for attempt := 1; ; attempt++ {
		waited, stop := c.turn(ctx, op, wait)
		token := fresh
		fresh = secret{}
		if stop == nil && token.header == nil {
			token, stop = c.token(ctx, op)
		}
		if stop == nil && attempt > 1 {
			req, stop = again(req, op)
		}
		if stop != nil {
			if last != nil && last.StatusCode == 0 {
				stop.because(errors.Join(stop.cause, last.cause))
			}
			return end(stop.after(last), attempt-1)
		}
		req.Header["Authorization"] = token.header()

		start := time.Now()
		a, failure := c.attempt(req, op, accept)
		c.log(ctx, op, a, failure, attempt, waited, start)
		if a != nil {
			a.attempts, answered = attempt, a
			if a.status < http.StatusInternalServerError && a.status != http.StatusTooManyRequests {
				c.cfg.gate.open(start)
			}
		}
		if failure == nil {
			return a, nil
		}
		if uncertain && op.gone() && errors.Is(failure, ErrNotFound) {
			return a, nil // an earlier attempt did it
		}
		v := judge(op, o.reconciled, failure)
		uncertain = uncertain || v.uncertain
		final := attempt >= retry.MaxAttempts

		if failure.StatusCode == http.StatusUnauthorized && !renewed && !final {
			renewed = true
			if other, err := c.cfg.tokens(ctx); err == nil && !other.equal(token) {
				fresh, last, wait = other, nil, 0
				continue
			}
		}
		wait = failure.RetryAfter
		if wait == 0 {
			wait = retry.backoff(attempt, c.cfg.jitter)
		}
		if failure.StatusCode == http.StatusTooManyRequests {
			c.cfg.gate.pause(wait)
			wait = 0 // it is the whole client's
		}
		if !v.repeat || final || failure.RetryAfter > retry.MaxRetryAfter {
			return end(failure.after(last), attempt)
		}
		last = failure.after(last)
	}
}

// prepare puts on a request what all its attempts have in common.
func (c *Client) prepare(req *http.Request, op *Operation, o *callOptions) error {
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
	for k, v := range o.header {
		h[k] = v
	}
	if req.Body == nil || req.GetBody != nil {
		return nil
	}
	// The raw client takes any reader. The service wants to know the length, and
	// a repeat the same bytes.
	body, err := readBody(req.Body, req.ContentLength, maxRequest)
	_ = req.Body.Close()
	if err != nil {
		return invalidArgument(op, "body", "cannot be read, or is longer than the 10 MiB that the service takes")
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, err = req.GetBody()
	return err
}

// maxRequest is the longest body that the service takes.
const maxRequest = 10 << 20

var (
	acceptJSON = []string{"application/json"}
	acceptCSV  = []string{"text/csv, application/json;q=0.5"}
)

// again returns req as it was, for another attempt. The transport may still be
// at work on the last one, so that nothing of it is shared.
func again(req *http.Request, op *Operation) (*http.Request, *Error) {
	next := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, newError(op).because(err)
		}
		next.Body = body
	}
	return next, nil
}

// answer is what the service answered to an attempt.
type answer struct {
	response *http.Response // of which the body has been read
	status   int
	header   http.Header
	body     []byte        // whole, unless cut; empty for an export
	cut      bool          // the end of the body is missing
	stream   io.ReadCloser // an export
	attempts int
}

// attempt sends req once, and reads the answer within the client's bounds.
func (c *Client) attempt(req *http.Request, op *Operation, accept func(*answer) *Error) (*answer, *Error) {
	if op.streams() {
		return c.attemptStream(req, op)
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), c.cfg.timeout, errAttemptTimeout)
	defer cancel()
	resp, err := c.send(req.WithContext(ctx))
	if err != nil {
		return nil, unanswered(ctx, op, err)
	}
	return c.receive(ctx, op, resp, accept)
}

// attemptStream sends req once, and hands the answer on as it arrives. The
// timeout bounds the wait for the answer, and for each part of it.
func (c *Client) attemptStream(req *http.Request, op *Operation) (*answer, *Error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	s := &stream{c: c, op: op, ctx: ctx, cancel: cancel}
	s.timer = time.AfterFunc(c.cfg.timeout, func() { cancel(errAttemptTimeout) })
	resp, err := c.send(req.WithContext(ctx))
	if err != nil {
		s.stop()
		return nil, unanswered(ctx, op, err)
	}
	if resp.StatusCode == http.StatusOK && isMedia(resp.Header, "text/csv") {
		s.timer.Stop()
		s.body, s.answer = resp.Body, &answer{response: resp, status: resp.StatusCode, header: resp.Header, stream: s}
		return s.answer, nil
	}
	defer s.stop()
	return c.receive(ctx, op, resp, func(a *answer) *Error {
		return unexpected(op, a.status, a.header, a.body, "the answer is not CSV: check the base URL and what is in front of the service")
	})
}

// send hands req to the transport, and mends what a careless one leaves out.
func (c *Client) send(req *http.Request) (*http.Response, error) {
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp == nil {
		return nil, errors.New("customers: the transport gives neither an answer nor an error")
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	return resp, nil
}

// receive reads an answer to its end, after which its connection can serve the
// next request, unless it is longer than the client allows.
func (c *Client) receive(ctx context.Context, op *Operation, resp *http.Response, accept func(*answer) *Error) (*answer, *Error) {
	a := &answer{response: resp, status: resp.StatusCode, header: resp.Header}
	var err error
	a.body, err = readBody(resp.Body, resp.ContentLength, c.cfg.maxBytes)
	_ = resp.Body.Close()
	if err != nil {
		a.cut = true
		return a, broken(ctx, op, a, err)
	}
	if a.status < 200 || a.status >= 300 {
		e := errorFrom(op, a.status, a.header, a.body, time.Now())
		if isMedia(a.header, "application/json") && !json.Valid(a.body) {
			a.cut = true
			e.cause = io.ErrUnexpectedEOF
		}
		return a, e
	}
	if accept == nil {
		return a, nil
	}
	return a, accept(a)
}

// readBody reads a body of at most limit bytes.
func readBody(body io.Reader, length, limit int64) ([]byte, error) {
	if length > limit {
		return nil, errTooLong
	}
	// Room for the read that finds the end. A length can be a lie, or unknown.
	b := make([]byte, 0, min(max(length, 0), 1<<20)+bytes.MinRead)
	for {
		n, err := body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case int64(len(b)) > limit:
			return nil, errTooLong
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		case len(b) == cap(b):
			b = append(b, 0)[:len(b)]
		}
	}
}

// isMedia reports whether a header declares the media type t.
func isMedia(header http.Header, t string) bool {
	declared := header.Get("Content-Type")
	if declared == t {
		return true
	}
	got, _, err := mime.ParseMediaType(declared)
	return err == nil && got == t
}

// unread gives an answer the form that the generated client expects.
func (a *answer) unread() *http.Response {
	if a.stream != nil {
		a.response.Body = a.stream
	} else {
		a.response.Body = readCloser{bytes.NewReader(a.body)}
		a.response.ContentLength = int64(len(a.body))
	}
	return a.response
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
