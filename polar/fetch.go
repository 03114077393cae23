package polar

import (
	"context"
	"net/http"
	"reflect"
)

// Fetch sends a request that a generated package has built, with the error of
// building it, and decodes the response into a T. operationID is the contract's,
// as in [Operation]. Service packages are made of it. Fetch may change the header
// of req, which must go to the base URL as for [Client.Do].
//
// If T has a field for the ID, a response without an ID is [ErrUnexpectedResponse].
func Fetch[T any](ctx context.Context, c *Client, operationID string, req *http.Request, err error, opts ...CallOption) (*T, error) {
	isResource := func(out *T) bool { return hasID(reflect.ValueOf(out).Elem()) }
	return FetchIf(ctx, c, operationID, req, err, isResource, opts...)
}

// FetchIf is [Fetch] for responses without an ID: one that isResource does not
// accept is [ErrUnexpectedResponse].
func FetchIf[T any](ctx context.Context, c *Client, operationID string, req *http.Request, err error, isResource func(*T) bool, opts ...CallOption) (*T, error) {
	out := new(T)
	if err := c.fetch(ctx, operation(operationID), req, err, opts, func(r *response) *Error {
		if e := r.decode(out); e != nil {
			return e
		}
		if !isResource(out) {
			return r.notTheResource()
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return out, nil
}

// Discard is [Fetch] for operations that respond with 204 and no content.
func Discard(ctx context.Context, c *Client, operationID string, req *http.Request, err error, opts ...CallOption) error {
	return c.fetch(ctx, operation(operationID), req, err, opts, func(r *response) *Error {
		if r.status != http.StatusNoContent { // a proxy's page, for example
			return r.unexpected("the response is not the empty one of Polar's API: check the base URL and what is in front of the service")
		}
		return nil
	})
}

// fetch sends req and passes the response to accept.
func (c *Client) fetch(ctx context.Context, op *Operation, req *http.Request, err error, opts []CallOption, accept func(*response) *Error) error {
	req, o, err := c.complete(ctx, op, req, err, opts)
	if err != nil {
		return err
	}
	req.Header["Accept"] = acceptJSON
	_, err = c.send(ctx, req, op, o, receiveBuffered(accept))
	return err
}

// InvalidArgument returns the error of a call that is refused before a request
// is sent, with everything that is wrong with its arguments, or nil if problems
// is empty. The text of the error is made of the problems' Path and Message, which
// must not hold personal data.
func InvalidArgument(operationID string, problems ...FieldError) error {
	return invalidArgument(operation(operationID), problems)
}
