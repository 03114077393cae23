package customers

import (
	"net/http"
	"slices"
)

// Response is the service's last answer to a call, as [CaptureResponse] keeps
// it. It can hold personal data.
type Response struct {
	// StatusCode is the HTTP status, 0 if there was no answer.
	StatusCode int
	// Header is the header of the answer.
	Header http.Header
	// Body is the whole body; of an export it is empty.
	Body []byte
	// Attempts is how many requests were sent.
	Attempts int
}

// CaptureResponse keeps in r what the service last answered to the call,
// whether it succeeds or fails. With an iterator that is the last page.
func CaptureResponse(r *Response) CallOption {
	return func(o *callOptions, op *Operation) error {
		if r == nil {
			return invalidArgument(op, "response", "to capture into is nil")
		}
		o.capture = r
		return nil
	}
}

func (a *answer) captured(err error) Response {
	var r Response
	if a != nil {
		r = Response{StatusCode: a.status, Header: a.header.Clone(), Body: slices.Clone(a.body), Attempts: a.attempts}
	}
	if e, ok := err.(*Error); ok {
		r.Attempts = e.Attempts
	}
	return r
}
