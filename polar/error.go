package polar

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

// What went wrong, for [errors.Is]. Every error of a call is an [*Error]. It matches
// one or more of these, or the context's error, or both, except for a failed
// connection, which matches what net/http reports.
var (
	// ErrNotFound: the object does not exist, or is not visible to this token.
	ErrNotFound = errors.New("polar: not found")
	// ErrValidation: the service refused the input. See [Error.Fields].
	ErrValidation = errors.New("polar: invalid input")
	// ErrDuplicate: an email address or external ID is taken. It is also ErrValidation.
	ErrDuplicate = errors.New("polar: already exists")
	// ErrUnauthorized: the service does not accept the token.
	ErrUnauthorized = errors.New("polar: unauthorized")
	// ErrInsufficientScope: the token lacks a scope. See [Error.RequiredScopes].
	ErrInsufficientScope = errors.New("polar: insufficient scope")
	// ErrNotPermitted: the user's role, a setting of the organization or the state of
	// the object forbids the call. [Error.Code] tells which.
	ErrNotPermitted = errors.New("polar: not permitted")
	// ErrConflict: the request conflicts with the present state, such as an external
	// ID that is used in several organizations.
	ErrConflict = errors.New("polar: conflict")
	// ErrPaymentFailed: the customer's payment did not succeed.
	ErrPaymentFailed = errors.New("polar: payment failed")
	// ErrRateLimited: too many requests. See [Error.RetryAfter].
	ErrRateLimited = errors.New("polar: rate limited")
	// ErrServer: the service, or something in front of it, failed.
	ErrServer = errors.New("polar: server error")
	// ErrUnexpectedResponse: the response is not one of Polar's API. The base URL or
	// the API version is wrong, something redirects or responds for the service, or
	// the body is truncated or too long.
	ErrUnexpectedResponse = errors.New("polar: unexpected response")
	// ErrInvalidArgument: an argument was refused before a request was sent.
	ErrInvalidArgument = errors.New("polar: invalid argument")
	// ErrOutcomeUnknown: a change was sent and its response lost, so that it may or
	// may not have been made. The error also matches what lost the response.
	ErrOutcomeUnknown = errors.New("polar: outcome unknown")
)

// Error says why a call failed. Its text is one line without personal data and
// secrets: it holds no IDs, no addresses, and nothing that the service echoes. The
// same is true of its forms for log/slog and encoding/json. The fields can hold
// personal data, and fmt prints them for %w outside of fmt.Errorf, which go vet
// reports.
type Error struct {
	// Operation is the ID of the operation, as in [Operation].
	Operation string
	// Method and Route are the HTTP operation. The route is a template.
	Method, Route string
	// StatusCode is the HTTP status of the last response, or 0 if there was none.
	StatusCode int
	// Code is the service's name for the error, such as "ResourceNotFound".
	Code string
	// Message is the service's explanation, at most 4 KiB of it. It can hold
	// personal data.
	Message string
	// Fields are the parts of the input that were refused, at most 100.
	Fields []FieldError
	// RequiredScopes are the scopes that allow the call. Any one is enough.
	RequiredScopes []string
	// RetryAfter is how long to wait before another attempt, or 0 if unknown.
	RetryAfter time.Duration
	// Attempts is the number of requests sent.
	Attempts int
	// Header is the header of the last response.
	Header http.Header

	kind      error  // a sentinel that the exported fields do not show
	advice    string // text in place of what the fields show
	caller    string // the method that sent the operation, if it has another name
	host      string // where no response came from
	cause     error  // why the last attempt failed, or the context's error
	unknown   bool   // whether a change may have been made
	neverSent bool   // whether the service cannot have seen the request
	body      []byte
}

// Body returns the body of the last response, at most its first 64 KiB. It can
// hold personal data.
func (e *Error) Body() []byte { return slices.Clone(e.body) }

// Unwrap returns the context's error or that of the connection.
func (e *Error) Unwrap() error { return e.cause }

// ErrorCode is the service's name for an error, such as
// "AlreadyCanceledSubscription", as an error for [errors.Is]: it matches an [*Error]
// with that code.
type ErrorCode string

// Error names the code.
func (c ErrorCode) Error() string { return "polar: " + string(c) }

// Is reports whether target is a sentinel, or an [ErrorCode], that describes e.
func (e *Error) Is(target error) bool {
	if code, ok := target.(ErrorCode); ok {
		return e.Code != "" && e.Code == string(code)
	}
	switch target {
	case nil:
		return false
	case ErrOutcomeUnknown:
		return e.unknown
	case ErrDuplicate:
		return e.StatusCode == http.StatusUnprocessableEntity && slices.ContainsFunc(e.Fields, FieldError.isDuplicate)
	}
	return target == e.sentinel()
}

// sentinel is what the error stands for, or nil for a failed connection.
func (e *Error) sentinel() error {
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
	case safeCode(e.Code) == "" || e.Code == "LengthRequired":
		return ErrUnexpectedResponse // another program's error, or of a request that something has rewritten
	case e.StatusCode == http.StatusNotFound:
		return ErrNotFound
	case e.StatusCode == http.StatusBadRequest:
		return ErrValidation
	case e.StatusCode == http.StatusPaymentRequired:
		return ErrPaymentFailed
	case e.StatusCode == http.StatusGone, e.StatusCode == http.StatusPreconditionFailed:
		return ErrConflict
	}
	return ErrUnexpectedResponse
}

// Error says in one line what failed, why, and what to do.
func (e *Error) Error() string {
	if e == nil {
		return "polar: <nil>"
	}
	var b strings.Builder
	b.WriteString(e.subject() + ": ")
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d %s: ", e.StatusCode, cmp.Or(safeCode(e.Code), strings.ToLower(http.StatusText(e.StatusCode)), "unknown status"))
	}
	b.WriteString(e.explanation())
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; retry after %s", max(e.RetryAfter.Round(time.Second), time.Second))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (%d attempts)", e.Attempts)
	}
	if e.StatusCode != 0 && e.cause != nil {
		if text := causeText(e.cause); text != "" && !strings.Contains(b.String(), text) {
			b.WriteString("; " + text)
		}
	}
	if e.unknown {
		b.WriteString("; the change may have been made: check before repeating it")
	}
	return b.String()
}

// subject is what failed: "customers: get", or "customers: ensure: get".
func (e *Error) subject() string {
	words := (&Operation{ID: e.Operation}).words()
	if e.Operation == "" && e.Method != "" {
		words += ": " + strings.ToLower(e.Method)
	}
	if service, rest, ok := strings.Cut(words, ": "); ok && e.caller != "" {
		words = service + ": " + e.caller
		if rest != e.caller {
			words += ": " + rest
		}
	}
	return words
}

// explanation says why and what to do. It uses words of its own: the service's
// text can echo the input, and a proxy's can be anything.
func (e *Error) explanation() string {
	if e.advice != "" {
		return e.advice
	}
	switch e.sentinel() {
	case nil:
		return e.connectionText()
	case ErrNotFound:
		return cmp.Or(codeAdvice[e.Code], "not found, or not visible to this token")
	case ErrUnauthorized:
		if e.Code == "Unauthorized" {
			return "needs the access token of an organization or a user: customer session tokens are not accepted"
		}
		return "the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)"
	case ErrInsufficientScope:
		return "the token " + scopesText(e.RequiredScopes)
	case ErrNotPermitted:
		return cmp.Or(notPermittedAdvice(e.Message), codeAdvice[e.Code], "the user's role or the organization's settings do not permit it")
	case ErrPaymentFailed:
		return "the customer's payment did not succeed"
	case ErrConflict:
		return cmp.Or(codeAdvice[e.Code], "the request conflicts with the present state")
	case ErrRateLimited:
		return "too many requests"
	case ErrServer:
		return "the service failed"
	case ErrValidation:
		if e.StatusCode == http.StatusRequestEntityTooLarge {
			return "the request is larger than the 10 MiB that the service accepts"
		}
		return cmp.Or(codeAdvice[e.Code], fieldsText(e.Fields))
	}
	switch {
	case e.StatusCode >= 200 && e.StatusCode < 300:
		return "the response cannot be used"
	case e.StatusCode >= 300 && e.StatusCode < 400:
		return "the service redirects, and the client does not follow: check the base URL"
	case e.StatusCode == http.StatusNotFound && e.Code == "":
		return "no such route: check the base URL and the API version"
	case codeAdvice[e.Code] != "":
		return codeAdvice[e.Code]
	case safeCode(e.Code) != "" || e.StatusCode == http.StatusMethodNotAllowed:
		return "the service refused the request: check the base URL and what is in front of the service"
	}
	return "the response is not one of Polar's API: check the base URL and what is in front of the service"
}

// connectionText says why there was no response, and from which host.
func (e *Error) connectionText() string {
	if e.cause == nil {
		return "failed"
	}
	text := cmp.Or(causeText(e.cause), "the connection failed")
	if e.host != "" && isUnreachable(e.cause) {
		return fmt.Sprintf("%s (%s): check the base URL and the network", text, e.host)
	}
	return text
}

// scopesText names scopes, any one of which is enough.
func scopesText(scopes []string) string {
	switch n := len(scopes); n {
	case 0:
		return "lacks a scope"
	case 1:
		return "needs " + scopes[0]
	default:
		return "needs " + strings.Join(scopes[:n-1], ", ") + " or " + scopes[n-1]
	}
}

// Format prints the text for every verb, since the fields can hold personal data.
func (e *Error) Format(s fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(s, "%q", e.Error())
		return
	}
	fmt.Fprint(s, e.Error())
}

// MarshalJSON encodes what [Error.LogValue] logs.
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

// codeAdvice says what to do about an error that its code explains.
var codeAdvice = map[string]string{
	"AboveMaximumSeats":              "more seats than the product allows",
	"AlreadyActiveSubscriptionError": "the customer already has an active subscription, and the organization allows only one",
	"AlreadyCanceledSubscription":    "the subscription is canceled already, or set to end with its period",
	"AmbiguousExternalCustomerID":    "the external ID is used in several organizations: use an organization's token or the customer's ID",
	"BelowMinimumSeats":              "fewer seats than the product allows",
	"CannotPauseSubscription":        "a subscription in this state cannot be paused",
	"CheckoutLocked":                 "another request changes the checkout session at this moment: try again",
	"ExpiredCheckoutError":           "the checkout session has expired",
	"InvoiceDoesNotExist":            "the order has no invoice yet: generate it first",
	"LengthRequired":                 "the service needs to know the length of the body: set ContentLength",
	"MissingInvoiceBillingDetails":   "the invoice needs a billing name and a billing address",
	"NotASeatBasedSubscription":      "the subscription has no seats",
	"NotOpenCheckout":                "the checkout session is not open any more",
	"NotPausedSubscription":          "the subscription is not paused",
	"OrderNotEligibleForInvoice":     "an order that is a draft or void has no invoice",
	"ResourceUnavailable":            "the object has ended",
	"SeatsAlreadyAssigned":           "more seats are assigned than would be left",
	"SubscriptionLocked":             "the subscription is being renewed at this moment: try again",
}

// notPermittedAdvice says what to do where only the service's text says what
// is not permitted.
func notPermittedAdvice(message string) string {
	switch {
	case strings.HasPrefix(message, "Individual customers can only have one member"):
		return "an individual customer has only one member: change the customer's type to team first"
	case strings.HasPrefix(message, "Member management is not enabled"):
		return "member management is not enabled for this organization"
	}
	return ""
}

// codes are the service's names for errors. A code of another origin is not
// printed, because it can be anything.
var codes = []string{
	"AboveMaximumSeats", "AlreadyActiveSubscriptionError", "AlreadyCanceledSubscription", "AmbiguousExternalCustomerID",
	"BadRequest", "BelowMinimumSeats", "BenefitPropertiesValidationError", "CannotPauseSubscription", "CheckoutLocked",
	"ExpiredCheckoutError", "InvoiceDoesNotExist", "LengthRequired", "MissingInvoiceBillingDetails", "NoScheduledPause",
	"NotASeatBasedSubscription", "NotOpenCheckout", "NotPausedSubscription", "NotPermitted", "OffSessionChargesNotEnabled",
	"OrderNotDraft", "OrderNotEligibleForInvoice", "PaymentFailed", "PolarRequestValidationError", "ReceiptNotAllocated",
	"RefundUnknownPayment", "RefundedAlready", "RefundsBlocked", "RequestBodyTooLarge", "RequestValidationError",
	"ResourceNotFound", "ResourceUnavailable", "RevokeSubscriptionBenefitsProhibited", "RotateNotPermitted",
	"SeatAlreadyAssigned", "SeatNotAvailable", "SeatNotPending", "SeatsAlreadyAssigned", "SubscriptionLocked", "Unauthorized",
	"insufficient_scope", "invalid_token",
}

func safeCode(code string) string {
	if slices.Contains(codes, code) {
		return code
	}
	return ""
}

// newError returns an error of op without a response.
func newError(op *Operation) *Error {
	return &Error{Operation: op.ID, Method: op.Method, Route: op.Path}
}

func invalidArgument(op *Operation, problems []FieldError) error {
	if len(problems) == 0 {
		return nil
	}
	e := newError(op)
	e.kind = ErrInvalidArgument
	for _, p := range problems {
		if p.Type == "" {
			p.Type = "invalid_argument"
		}
		if e.advice != "" {
			e.advice += "; "
		}
		e.advice += p.Path + ": " + p.Message
		e.Fields = append(e.Fields, p)
	}
	return e
}

// rateLimited refuses a request that would have to wait too long.
func rateLimited(op *Operation, after time.Duration, err error, why string) *Error {
	e := newError(op)
	e.kind, e.advice, e.RetryAfter = ErrRateLimited, why, after
	if err != nil {
		e = e.withCause(err)
	}
	return e
}

// withCause sets what is below e.
func (e *Error) withCause(err error) *Error {
	e.cause = &cause{err}
	return e
}

// after combines e, with which a call ends, with the failure before it, if that
// one had a response: its content says more than that nothing came after it.
func (e *Error) after(last *Error) *Error {
	if last == nil || last.StatusCode == 0 || e.StatusCode != 0 {
		return e
	}
	last.cause, last.RetryAfter = e.cause, e.RetryAfter
	return last
}

// noClient is the error of a call without a client.
func noClient(op *Operation) error {
	return invalidArgument(op, []FieldError{{Path: "client", Message: "is nil: make one with polar.New"}})
}
