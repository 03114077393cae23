package polar

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"
)

// response is the service's response to an attempt.
type response struct {
	op       *Operation
	http     *http.Response // its body has been read
	status   int
	header   http.Header
	body     []byte // complete, unless the end is missing; empty for a stream
	attempts int
	limit    int64 // of the body
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

// broken is the error of a response that cannot be read to its end.
func (r *response) broken(ctx context.Context, err error) *Error {
	if ctx.Err() != nil {
		err = contextError(ctx)
	}
	if r.status >= 200 && r.status < 300 {
		return r.unexpected("").withCause(err)
	}
	return r.failure(time.Now()).withCause(err)
}

// capture is what CaptureResponse keeps of a call that ended with err.
func (r *response) capture(err error) Response {
	var c Response
	if r != nil {
		c = Response{StatusCode: r.status, Header: r.header.Clone(), Body: slices.Clone(r.body), Attempts: r.attempts}
	}
	if e, ok := err.(*Error); ok {
		c.Attempts = e.Attempts
	}
	return c
}

// buffered returns the response as the transport would have, with the body that
// was read.
func (r *response) buffered() *http.Response {
	r.http.Body = io.NopCloser(bytes.NewReader(r.body))
	r.http.ContentLength = int64(len(r.body))
	return r.http
}

// readBody reads a body of at most limit bytes. What it allocates on the way is
// at most three times as much.
func readBody(body io.Reader, length, limit int64) ([]byte, error) {
	if length > limit {
		return nil, errTooLong
	}
	// There is room for the read that finds the end. The length can be a lie.
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
			b = append(make([]byte, 0, min(int64(2*cap(b)), limit+bytes.MinRead)), b...)
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
