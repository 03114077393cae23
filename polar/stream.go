package polar

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// StreamBody is a response body that is read as it arrives. Its errors are
// [*Error]s. A part of it that does not arrive within [WithTimeout] ends it.
type StreamBody struct {
	response *response
	ctx      context.Context
	cancel   context.CancelCauseFunc
	timer    *time.Timer
	timeout  time.Duration
}

// Stream sends a request for CSV that a generated package has built, and returns
// the response body as it arrives. The caller closes it, and may do so early.
// Failed attempts are retried until the body begins; what was read cannot be
// taken back, so that a later failure is an error of Read.
func Stream(ctx context.Context, c *Client, operationID string, req *http.Request, err error, opts ...CallOption) (*StreamBody, error) {
	op := operation(operationID)
	req, o, err := c.complete(ctx, op, req, err, opts)
	if err != nil {
		return nil, err
	}
	req.Header["Accept"] = acceptCSV
	var s *StreamBody
	r, err := c.send(ctx, req, op, o, func(a *attempt) (failure *Error) {
		s, failure = a.stream()
		return failure
	})
	if err != nil {
		return nil, err
	}
	s.response = r
	return s, nil
}

// stream sends the request, and returns the response as it arrives. The timeout
// limits the wait for the response, and for each part of it.
func (a *attempt) stream() (*StreamBody, *Error) {
	ctx, cancel := context.WithCancelCause(a.ctx)
	s := &StreamBody{ctx: ctx, cancel: cancel, timeout: a.client.config.timeout}
	s.timer = time.AfterFunc(s.timeout, func() { cancel(errAttemptTimeout) })
	resp, err := a.roundTrip(ctx)
	if err != nil {
		defer s.stop()
		return nil, a.noResponse(ctx, err)
	}
	csv := resp.StatusCode == http.StatusOK && isMedia(resp.Header, "text/csv")
	if csv && hasEnd(resp) {
		s.timer.Stop()
		a.response = &response{op: a.op, http: resp, status: resp.StatusCode, header: resp.Header}
		return s, nil
	}
	defer s.stop()
	return nil, a.read(ctx, resp, func(r *response) *Error {
		if csv {
			return r.unexpected("the response has no length and is not chunked, so that a truncated one could not be recognized: check what is in front of the service")
		}
		return r.unexpected("the response is not CSV: check the base URL and what is in front of the service")
	})
}

// hasEnd reports whether the end of a response can be told from a connection that
// breaks.
func hasEnd(resp *http.Response) bool {
	return resp.ContentLength >= 0 || resp.ProtoMajor >= 2 || len(resp.TransferEncoding) > 0 || resp.Uncompressed // gzip has an end
}

// Read reads from the body.
func (s *StreamBody) Read(p []byte) (int, error) {
	s.timer.Reset(s.timeout)
	n, err := s.response.http.Body.Read(p)
	s.timer.Stop() // the caller may take its time
	if err != nil && !errors.Is(err, io.EOF) {
		err = s.response.broken(s.ctx, err)
	}
	return n, err
}

// Close ends the stream, without waiting for the rest of it.
func (s *StreamBody) Close() error {
	err := s.response.http.Body.Close()
	s.stop()
	return err
}

// Unexpected returns the error of a stream whose content is not what the
// operation promises. why must not hold personal data; cause, which may be nil,
// is what errors.Is and errors.As find.
func (s *StreamBody) Unexpected(why string, cause error) error {
	var known *Error
	if errors.As(cause, &known) {
		return known
	}
	e := s.response.unexpected(why)
	if cause != nil {
		e = e.withCause(cause)
	}
	return e
}

func (s *StreamBody) stop() {
	s.timer.Stop()
	s.cancel(nil)
}
