package polar

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxRequest is the longest body that the service accepts.
const maxRequest = 10 << 20

// Do sends a request that was built elsewhere, such as by a generated client,
// with credentials, retries, limits and logging like any other. The request must
// go to the base URL, by scheme, host and path, or it is refused with
// [ErrInvalidArgument] before it gets the token.
//
// The response, whatever its status, is the caller's to judge. Its body is read
// already, and limited like that of any call. Do fails with an [*Error] if there
// is no complete response.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	if c == nil {
		return nil, noClient(&Operation{})
	}
	if err := c.checkTarget(&Operation{}, req); err != nil {
		return nil, err
	}
	op := operationAt(req.Method, strings.TrimPrefix(req.URL.EscapedPath(), strings.TrimRight(c.config.base.EscapedPath(), "/")))
	req = req.Clone(req.Context())
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if req.Header.Get("Accept") == "" {
		req.Header["Accept"] = acceptAny
	}
	r, err := c.send(req, op, callOptions{}, receiveBuffered(func(r *response) *Error {
		if tooManyValues(r.body, r.limit) {
			return r.unexpected("the response holds more objects or values than the client allows (see WithMaxResponseBytes)")
		}
		return nil
	}))
	var e *Error
	if errors.As(err, &e) && (e.StatusCode == 0 || e.cause != nil || e.StatusCode >= 200 && e.StatusCode < 300) {
		return nil, err
	}
	return r.buffered(), nil
}

// checkTarget refuses a request that would take the token elsewhere.
func (c *Client) checkTarget(op *Operation, req *http.Request) error {
	refuse := func(name, why string) error {
		return invalidArgument(op, []FieldError{{Path: name, Message: why}})
	}
	base := c.config.base
	switch {
	case req == nil || req.URL == nil:
		return refuse("request", "is nil or has no URL")
	case req.URL.Scheme != base.Scheme:
		return refuse("request", "has another scheme than the base URL")
	case !strings.EqualFold(req.URL.Host, base.Host) || req.URL.User != nil || req.URL.Opaque != "":
		return refuse("request", "goes to another host than the base URL")
	case req.Host != "" && !strings.EqualFold(req.Host, base.Host):
		return refuse("request", "names another host than the base URL")
	}
	path := req.URL.EscapedPath()
	rest, ok := strings.CutPrefix(path, strings.TrimRight(base.EscapedPath(), "/"))
	switch {
	case !ok || !strings.HasPrefix(rest, "/"):
		return refuse("request", "has a path outside of the base URL")
	case unsafePath(rest) != "":
		return refuse("path", unsafePath(rest))
	}
	return nil
}

// unsafePath says why the service may read an escaped path as another one.
func unsafePath(path string) string {
	if hasDotSegment(path) {
		return `has "." or ".." as a segment`
	}
	if strings.Contains(strings.ToLower(path), "%2f") {
		return "has an escaped slash, which the service treats as a path separator"
	}
	return ""
}

// hasDotSegment reports whether a path has a segment that means this folder or
// the one above, escaped or not.
func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		segment = strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// send completes req and takes it through the pipeline.
func (c *Client) send(req *http.Request, op *Operation, o callOptions, receive func(*attempt) *Error) (*response, error) {
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
	r, err := c.do(req, op, o, receive)
	if o.capture != nil {
		*o.capture = r.capture(err)
	}
	if err != nil { // not a nil *Error in an error
		return r, err
	}
	return r, nil
}

var errLongRequest = errors.New("is longer than the 10 MiB that the service accepts")

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

var (
	acceptJSON = []string{"application/json"}
	acceptCSV  = []string{"text/csv, application/json;q=0.5"}
	acceptAny  = []string{"application/json, */*;q=0.5"}
)

// complete puts the context on a request that a generated package has built, and
// applies the options. err is the error of building it.
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
		err = c.checkTarget(op, req)
	}
	if err != nil {
		return nil, o, err
	}
	if req = req.WithContext(ctx); req.Header == nil {
		req.Header = http.Header{}
	}
	return req, o, nil
}

// noClient is the error of a call without a client.
func noClient(op *Operation) error {
	return invalidArgument(op, []FieldError{{Path: "client", Message: "is nil: make one with polar.New"}})
}
