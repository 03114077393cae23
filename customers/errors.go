package customers

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What went wrong, for [errors.Is]. Every error of this package is an [*Error]
// that matches one or more of them, or the context's error, or both.
var (
	// ErrNotFound: the token sees no such customer or member.
	ErrNotFound = errors.New("customers: not found")
	// ErrValidation: the service refused the input. See [Error.Fields].
	ErrValidation = errors.New("customers: invalid input")
	// ErrDuplicate: an e-mail address or external ID is taken. It is also ErrValidation.
	ErrDuplicate = errors.New("customers: exists already")
	// ErrUnauthorized: the service does not accept the token.
	ErrUnauthorized = errors.New("customers: unauthorized")
	// ErrInsufficientScope: the token lacks a scope. See [Error.RequiredScopes].
	ErrInsufficientScope = errors.New("customers: insufficient scope")
	// ErrNotPermitted: the user's role, or a setting of the organization, forbids it.
	ErrNotPermitted = errors.New("customers: not permitted")
	// ErrConflict: an external ID names customers of several organizations.
	ErrConflict = errors.New("customers: conflict")
	// ErrRateLimited: too many requests. See [Error.RetryAfter].
	ErrRateLimited = errors.New("customers: rate limited")
	// ErrServer: the service, or something in front of it, failed.
	ErrServer = errors.New("customers: server error")
	// ErrUnexpectedResponse: the answer is not one of Polar's: a wrong base URL, a
	// redirect, a proxy's page, an unknown API version, a body that is cut or too long.
	ErrUnexpectedResponse = errors.New("customers: unexpected response")
	// ErrInvalidArgument: an argument was refused before any request.
	ErrInvalidArgument = errors.New("customers: invalid argument")
	// ErrOutcomeUnknown: a change was sent and its answer lost, so that it may or
	// may not have been made. It comes with the error that lost the answer.
	ErrOutcomeUnknown = errors.New("customers: outcome unknown")
)

// Error is why a call failed. Its text is one line that holds no personal data
// and no secret: neither IDs, nor addresses, nor what the service echoes.
type Error struct {
	// Operation is the name of the operation, as in [Operation].
	Operation string
	// Method and Route are the HTTP operation; the route is a template.
	Method, Route string
	// StatusCode is the HTTP status of the service's last answer, 0 without one.
	StatusCode int
	// Code is the service's name for the error, such as "ResourceNotFound".
	Code string
	// Message is the service's explanation. It can hold personal data.
	Message string
	// Fields are the parts of the input that were refused.
	Fields []FieldError
	// RequiredScopes are the scopes of which the token needs one.
	RequiredScopes []string
	// RetryAfter is how long to wait before another attempt, 0 if not known.
	RetryAfter time.Duration
	// Attempts is how many requests were sent.
	Attempts int
	// Header is that of the service's last answer.
	Header http.Header

	kind    error  // a sentinel that the exported fields do not tell
	advice  string // what the text says in place of what the service does
	cause   error  // of the failure of the last attempt, or the context's
	unknown bool   // whether a change may have been made
	unsent  bool   // whether the service cannot have seen the request
	body    []byte
}

// Body returns the body of the service's last answer, at most its first 64 KiB.
// It can hold personal data.
func (e *Error) Body() []byte { return slices.Clone(e.body) }

// Unwrap returns the error below: the context's, or that of the connection.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is a sentinel for what went wrong.
func (e *Error) Is(target error) bool {
	switch target {
	case nil:
		return false
	case ErrOutcomeUnknown:
		return e.unknown
	case ErrDuplicate:
		return e.StatusCode == http.StatusUnprocessableEntity && slices.ContainsFunc(e.Fields, FieldError.duplicate)
	}
	return target == e.meaning()
}

// meaning is the sentinel that the error stands for, nil for a failed connection.
func (e *Error) meaning() error {
	switch {
	case e.kind != nil:
		return e.kind
	case e.StatusCode == 0:
		return nil
	case e.StatusCode == http.StatusTooManyRequests:
		return ErrRateLimited
	case e.StatusCode >= 500:
		return ErrServer
	case e.Code == "":
		return ErrUnexpectedResponse // not one of the service's errors
	case e.StatusCode == http.StatusNotFound && e.Code == "ResourceNotFound":
		return ErrNotFound // under another name it is of something that is not Polar's
	case e.StatusCode == http.StatusUnprocessableEntity, e.StatusCode == http.StatusRequestEntityTooLarge:
		return ErrValidation
	case e.StatusCode == http.StatusUnauthorized:
		return ErrUnauthorized
	case e.StatusCode == http.StatusForbidden && e.Code == "insufficient_scope":
		return ErrInsufficientScope
	case e.StatusCode == http.StatusForbidden:
		return ErrNotPermitted
	case e.StatusCode == http.StatusConflict:
		return ErrConflict
	}
	return ErrUnexpectedResponse
}

// Error says in one line what failed, why, and what to do.
func (e *Error) Error() string {
	if e == nil {
		return "customers: <nil>"
	}
	var b strings.Builder
	b.WriteString("customers: ")
	if e.Operation != "" {
		b.WriteString((&Operation{Name: e.Operation}).words() + ": ")
	}
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d %s: ", e.StatusCode, cmp.Or(safeCode(e.Code), strings.ToLower(http.StatusText(e.StatusCode)), "unknown status"))
	}
	b.WriteString(e.explain())
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; retry after %s", max(e.RetryAfter.Round(time.Second), time.Second))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (%d attempts)", e.Attempts)
	}
	if e.StatusCode != 0 && e.cause != nil {
		b.WriteString("; " + causeText(e.cause))
	}
	if e.unknown {
		b.WriteString("; it is not known whether the change was made: look before repeating it")
	}
	return b.String()
}

// explain says why, and what to do, in words of our own: what the service says
// can echo the input, and what a proxy says can be anything.
func (e *Error) explain() string {
	if e.advice != "" {
		return e.advice
	}
	switch e.meaning() {
	case nil:
		if e.cause == nil {
			return "failed"
		}
		return causeText(e.cause)
	case ErrNotFound:
		return "the token sees none with this ID"
	case ErrUnauthorized:
		if e.Code == "Unauthorized" {
			return "no access token of an organization or a user: a session's token does not do here"
		}
		return "the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)"
	case ErrInsufficientScope:
		switch len(e.RequiredScopes) {
		case 0:
			return "the token lacks a scope"
		case 1:
			return "the token needs " + e.RequiredScopes[0]
		}
		return "the token needs one of " + strings.Join(e.RequiredScopes, ", ")
	case ErrNotPermitted:
		return "the user's role or the organization's settings do not permit it"
	case ErrConflict:
		if e.Code == "AmbiguousExternalCustomerID" {
			return "the external ID is used in several organizations: use an organization's token, WithOrganization or the customer's ID"
		}
		return "the service sees a conflict"
	case ErrRateLimited:
		return "too many requests"
	case ErrServer:
		return "the service failed"
	case ErrValidation:
		return fieldsText(e.Fields)
	}
	switch {
	case e.StatusCode >= 200 && e.StatusCode < 300:
		return "the answer cannot be used"
	case e.StatusCode >= 300 && e.StatusCode < 400:
		return "the service redirects, which is not followed: check the base URL"
	case e.StatusCode == http.StatusNotFound:
		return "no such route: check the base URL and the API version"
	case safeCode(e.Code) != "" || e.StatusCode == http.StatusMethodNotAllowed:
		return "the service refused the request: check the base URL and what is in front of the service"
	}
	return "this is not an answer of Polar's API: check the base URL and what is in front of it"
}

// Format prints the text whatever the verb, for the fields can hold personal data.
func (e *Error) Format(s fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(s, "%q", e.Error())
		return
	}
	fmt.Fprint(s, e.Error())
}

// MarshalJSON writes what [Error.LogValue] logs.
func (e *Error) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	for _, a := range e.LogValue().Group() {
		m[a.Key] = a.Value.Any()
	}
	return json.Marshal(m)
}

// LogValue is the error as log/slog records it, without personal data.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("msg", e.Error())}
	if e == nil {
		return slog.GroupValue(attrs...)
	}
	attrs = append(attrs, slog.String("operation", e.Operation), slog.String("route", e.Route))
	if e.StatusCode != 0 {
		attrs = append(attrs, slog.Int("status", e.StatusCode), slog.String("code", safeCode(e.Code)))
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	return slog.GroupValue(append(attrs, slog.Int("attempts", e.Attempts))...)
}

// causeText describes a failure without the addresses, URLs and bytes that its
// own text can hold.
func causeText(err error) string {
	var row *RowError
	if errors.As(err, &row) {
		return row.Error()
	}
	for _, known := range failures {
		if known.match(err) {
			return known.text
		}
	}
	return "the connection failed"
}

// codes are the names that the service has for errors.
var codes = []string{
	"AmbiguousExternalCustomerID", "LengthRequired", "NotPermitted", "PolarRequestValidationError", "RequestBodyTooLarge",
	"RequestValidationError", "ResourceNotFound", "Unauthorized", "insufficient_scope", "invalid_token",
}

// safeCode returns code if it is one of the service's, for an answer of another
// origin can have anything in its place.
func safeCode(code string) string {
	if slices.Contains(codes, code) {
		return code
	}
	return ""
}
