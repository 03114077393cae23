package polar

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
)

// send puts headers on req and takes it through the pipeline, under ctx.
func (c *Client) send(ctx context.Context, req *http.Request, op *Operation, o callOptions, receive func(*attempt) *Error) (*response, error) {
	if c.config.public && len(op.Scopes) > 0 {
		return nil, needsToken(op)
	}
	h := req.Header
	h["User-Agent"] = c.userAgent
	h["Polar-Version"] = c.apiVersion
	if c.organization != nil {
		h["Polar-Organization"] = c.organization
	}
	for k, v := range o.header {
		h[k] = v
	}
	if err := replayable(req); err != nil {
		return nil, invalidArgument(op, []FieldError{{Path: "body", Message: err.Error()}})
	}
	r, err := c.do(ctx, req, op, o, receive)
	if o.capture != nil {
		*o.capture = r.capture(err)
	}
	if err != nil { // not a nil *Error in an error
		return r, err
	}
	return r, nil
}

// complete checks a request that a generated package has built, with the error of
// building it, and applies the options.
func (c *Client) complete(ctx context.Context, op *Operation, req *http.Request, err error, opts []CallOption) (*http.Request, callOptions, error) {
	o, optErr := resolve(op, opts)
	var known *Error
	switch {
	case c == nil:
		err = noClient(op)
	case ctx == nil:
		err = invalidArgument(op, []FieldError{{Path: "context", Message: "is nil"}})
	case optErr != nil:
		err = optErr
	case errors.As(err, &known):
	case err != nil:
		err = invalidArgument(op, []FieldError{{Path: "input", Message: "cannot be encoded"}})
	default:
		_, err = c.checkTarget(op, req)
	}
	if err != nil {
		return nil, o, err
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	return req, o, nil
}

// replayable makes the body of req one that can be sent again, with a length,
// which the service asks for.
func replayable(req *http.Request) error {
	if req.Body == nil || req.Body == http.NoBody {
		return nil
	}
	if req.GetBody != nil && req.ContentLength > 0 {
		if req.ContentLength > maxRequest {
			return errLongRequest
		}
		return nil
	}
	body, err := readBody(req.Body, req.ContentLength, maxRequest)
	_ = req.Body.Close()
	if errors.Is(err, errTooLong) {
		return errLongRequest
	}
	if err != nil {
		return errors.New("cannot be read")
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, err = req.GetBody()
	return err
}

// maxRequest is the longest body that the service accepts.
const maxRequest = 10 << 20

var errLongRequest = errors.New("is longer than the 10 MiB that the service accepts")

var (
	acceptJSON = []string{"application/json"}
	acceptCSV  = []string{"text/csv, application/json;q=0.5"}
	acceptAny  = []string{"application/json, */*;q=0.5"}
)
