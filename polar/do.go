package polar

import (
	"errors"
	"net/http"
)

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
	path, err := c.checkTarget(&Operation{}, req)
	if err != nil {
		return nil, err
	}
	op := operationAt(req.Method, path)
	req = req.Clone(req.Context())
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if req.Header.Get("Accept") == "" {
		req.Header["Accept"] = acceptAny
	}
	r, err := c.send(req.Context(), req, op, callOptions{}, receiveBuffered(func(r *response) *Error {
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
