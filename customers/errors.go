package customers

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
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

// FieldError is one part of the input that was refused.
type FieldError struct {
	// In is where the part is: "body", "query" or "path", or empty for an
	// argument that this package refused.
	In string
	// Path names the part within it, such as "billing_address.country". It is
	// empty for the whole.
	Path string
	// Type is the kind of mistake in the service's terms, such as "missing".
	Type string
	// Message is the service's explanation. It can hold personal data.
	Message string
}

// Body returns the body of the service's last answer, at most its first 64 KiB.
// It can hold personal data.
func (e *Error) Body() []byte { return slices.Clone(e.body) }

// Unwrap returns the error below: the context's, or that of the connection.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the error is of the kind of target, one of the sentinels.
func (e *Error) Is(target error) bool {
	if e.kind != nil && target == e.kind {
		return true
	}
	switch target {
	case ErrOutcomeUnknown:
		return e.unknown
	case ErrDuplicate:
		return e.StatusCode == http.StatusUnprocessableEntity && slices.ContainsFunc(e.Fields, FieldError.duplicate)
	}
	return target != nil && target == e.meaning()
}

// meaning is the sentinel that status and code stand for.
func (e *Error) meaning() error {
	switch {
	case e.kind != nil:
		return nil // said above, and the status does not change it
	case e.StatusCode == 0:
		return nil
	case e.StatusCode == http.StatusTooManyRequests:
		return ErrRateLimited
	case e.StatusCode >= 500:
		return ErrServer
	case e.Code == "":
		return ErrUnexpectedResponse // not one of the service's errors
	case e.StatusCode == http.StatusNotFound:
		return ErrNotFound
	case e.StatusCode == http.StatusUnprocessableEntity:
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
		fmt.Fprintf(&b, "%d %s: ", e.StatusCode, cmp.Or(safeWord(e.Code), strings.ToLower(http.StatusText(e.StatusCode)), "unknown status"))
	}
	b.WriteString(e.explain())
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; retry after %s", e.RetryAfter.Round(time.Second))
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

func (e *Error) explain() string {
	if e.advice != "" {
		return e.advice
	}
	if e.StatusCode == 0 {
		if e.cause == nil {
			return "failed"
		}
		return causeText(e.cause)
	}
	if e.kind == ErrUnexpectedResponse {
		return "the answer cannot be used"
	}
	switch e.meaning() {
	case ErrNotFound:
		return "the token sees none with this ID"
	case ErrUnauthorized:
		return "the token is missing, expired, revoked or of the other environment (sandbox and production tokens differ)"
	case ErrInsufficientScope:
		if len(e.RequiredScopes) == 0 {
			return "the token lacks a scope"
		}
		return "the token needs one of " + strings.Join(e.RequiredScopes, ", ")
	case ErrNotPermitted:
		return "the user's role or the organization's settings do not permit it"
	case ErrConflict:
		return "the external ID is used in several organizations: use an organization's token or the customer's ID"
	case ErrRateLimited:
		return "too many requests"
	case ErrServer:
		return "the service failed"
	case ErrValidation:
		texts := make([]string, 0, len(e.Fields))
		for _, f := range e.Fields {
			texts = append(texts, f.text())
		}
		return cmp.Or(strings.Join(texts, "; "), "the service refused the input")
	}
	if e.StatusCode == http.StatusNotFound {
		return "no such route: check the base URL and the API version"
	}
	if e.StatusCode >= 300 && e.StatusCode < 400 {
		return "the service redirects, which is not followed: check the base URL"
	}
	if e.Code != "" {
		return "the service refused the request"
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
		attrs = append(attrs, slog.Int("status", e.StatusCode), slog.String("code", safeWord(e.Code)))
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	return slog.GroupValue(append(attrs, slog.Int("attempts", e.Attempts))...)
}

// causeText describes a failure without the addresses, URLs and bytes that its
// own text can hold.
func causeText(err error) string {
	for _, known := range failures {
		if known.match(err) {
			return known.text
		}
	}
	return "the connection failed"
}

// word matches what can be an error code or a name of a field.
var word = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)

// safeWord returns s if it can be a code of the service, so that a proxy cannot
// put other text into an error.
func safeWord(s string) string {
	if word.MatchString(s) {
		return s
	}
	return ""
}

func (f FieldError) duplicate() bool {
	return strings.Contains(f.Message, "already exists")
}

// text names the field and says what is wrong in words of our own: the
// service's can echo the input.
func (f FieldError) text() string {
	what, ok := advice[f.Message]
	if !ok {
		what, ok = advice[f.Type]
	}
	if !ok {
		what = cmp.Or(safeWord(f.Type), "invalid")
	}
	var path []string
	for _, p := range strings.Split(f.Path, ".") {
		if _, err := strconv.Atoi(p); err == nil || safeWord(p) != "" {
			path = append(path, p)
		}
	}
	return cmp.Or(strings.Join(path, "."), f.In, "input") + " " + what
}

// advice says what to do about the refusals that the service words without the
// input, by message, and about kinds of mistakes, by type.
var advice = map[string]string{
	"A customer with this email address already exists.":         "is the address of a customer that exists already",
	"A customer with this external ID already exists.":           "is that of a customer that exists already",
	"A member with this email already exists for this customer.": "is the address of a member that exists already",
	"Customer external ID cannot be updated.":                    "is set already and cannot be changed",
	"Customer billing address cannot be reset to null once set.": "cannot be null: leave it out to keep it",
	"Invalid tax ID.":                         "is not a number of the country of the billing address",
	"Country is required to validate tax ID.": "is required with a tax ID",
	"Setting organization_id is disallowed when using an organization token.":                         "must be left out with an organization's token",
	"organization_id is required.":                                                                    "is required with a user's token",
	"Organization not found.":                                                                         "is no organization that the token sees",
	"Customer type cannot be downgraded from 'team' to 'individual'.":                                 "cannot go back from team to individual",
	"Cannot change role. Customer must have exactly one owner.":                                       "cannot change: make another member the owner first",
	"Cannot delete the only owner. Transfer ownership first.":                                         "is the only owner: make another member the owner first",
	"Cannot change the email of an individual customer's owner. Update the customer's email instead.": "is the customer's: update the customer instead",
	"Value error, Invalid US state":                                                                   "has no state of the United States: use a code such as US-NY",
	"Value error, Invalid CA subdivision":                                                             "has no province of Canada: use a code such as CA-ON",
	"Value error, Invalid IETF BCP 47 language tag":                                                   "is not a BCP 47 language tag",

	"missing":            "is required",
	"string_too_long":    "is too long",
	"string_too_short":   "is too short",
	"string_type":        "must be a string",
	"dict_type":          "must be an object",
	"too_long":           "has too many entries",
	"enum":               "is not one of the allowed values",
	"literal_error":      "is not one of the allowed values",
	"uuid_parsing":       "is not a UUID",
	"uuid_version":       "is not a UUID of version 4",
	"int_parsing":        "must be a whole number",
	"bool_parsing":       "must be true or false",
	"greater_than":       "must be greater than 0",
	"value_error":        "is not valid",
	"union_tag_invalid":  "has a type that is neither individual nor team",
	"json_invalid":       "is not JSON",
	"organization_token": "must be left out with an organization's token",
}
