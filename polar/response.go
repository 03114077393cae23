package polar

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"slices"
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

// Response is the service's last response to a call, kept by [CaptureResponse].
// It can hold personal data.
type Response struct {
	// StatusCode is the HTTP status, or 0 if there was no response.
	StatusCode int
	// Header is the header of the response.
	Header http.Header
	// Body is the whole body. It is empty for an export.
	Body []byte
	// Attempts is the number of requests sent.
	Attempts int
}
