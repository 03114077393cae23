package polar

import "errors"

// NotFound returns the error of a search, made of the operation, that finds
// nothing. It matches [ErrNotFound].
func NotFound(operationID string) *Error {
	e := newError(operation(operationID))
	e.kind = ErrNotFound
	return e
}

// WithCaller is [Error.WithCaller] for an err that can be nil or of another type,
// which it returns as it is.
func WithCaller(err error, method string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	return e.WithCaller(method)
}

// The methods here return a copy of e. They are for service packages that know
// more about a failure than the response says.

// WithCaller names the method that made the call in the text of the error, where
// it is not named after the operation, such as "ensure".
func (e *Error) WithCaller(method string) *Error {
	refined := *e
	refined.caller = method
	return &refined
}

// WithCause puts another error below e, for errors.Is and errors.As.
func (e *Error) WithCause(err error) *Error {
	refined := *e
	return refined.withCause(err)
}

// WithKnownOutcome says that the change was not made, so that e does not match
// [ErrOutcomeUnknown].
func (e *Error) WithKnownOutcome() *Error {
	refined := *e
	refined.unknown = false
	return &refined
}

// WithMeaning says what the failure means, in a service package's own terms:
// meaning is below e, for errors.Is and errors.As, and text, which must not hold
// personal data, takes the place of e's explanation.
func (e *Error) WithMeaning(meaning error, text string) *Error {
	refined := e.WithCause(meaning)
	refined.advice = text
	return refined
}
