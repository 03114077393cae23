package customers

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxErrorBody is how much of an answer an error keeps.
const maxErrorBody = 64 << 10

// newError returns an error of op that no answer has told of.
func newError(op *Operation) *Error {
	return &Error{Operation: op.Name, Method: op.Method, Route: op.Path}
}

// invalidArgument refuses an argument before any request.
func invalidArgument(op *Operation, name, why string) *Error {
	e := newError(op)
	e.kind = ErrInvalidArgument
	e.advice = name + " " + why
	e.Fields = []FieldError{{Path: name, Type: "invalid_argument", Message: why}}
	return e
}

// unexpected is an answer that is not what op promises.
func unexpected(op *Operation, status int, header http.Header, body []byte, why string) *Error {
	e := newError(op)
	e.kind = ErrUnexpectedResponse
	e.advice = why
	e.StatusCode, e.Header, e.body = status, header, cut(body)
	return e
}

// errorFrom reads an answer that is not a success. Whatever the body is, the
// status is kept.
func errorFrom(op *Operation, status int, header http.Header, body []byte, now time.Time) *Error {
	e := newError(op)
	e.StatusCode, e.Header, e.body = status, header, cut(body)
	e.RetryAfter = retryAfter(header, now)

	// The shapes: {error, detail: text}, {error, detail: [items]},
	// {error, error_description}, {detail: text}, nothing, and not JSON.
	var shape struct {
		Error       string          `json:"error"`
		Detail      json.RawMessage `json:"detail"`
		Description string          `json:"error_description"`
	}
	if json.Unmarshal(body, &shape) != nil {
		return e
	}
	e.Code, e.Message = shape.Error, shape.Description
	var items []fieldItem
	if json.Unmarshal(shape.Detail, &items) == nil {
		for _, item := range items {
			e.Fields = append(e.Fields, item.fieldError())
		}
		if status == http.StatusUnprocessableEntity && e.Code == "" {
			e.Code = "RequestValidationError" // as the document, which has no code, promises
		}
	} else if text := ""; json.Unmarshal(shape.Detail, &text) == nil {
		e.Message = text
	}
	if e.Code == "insufficient_scope" {
		e.RequiredScopes = requiredScopes(header, op)
	}
	return e
}

// fieldItem is an entry of a 422.
type fieldItem struct {
	Loc  []any  `json:"loc"`
	Msg  string `json:"msg"`
	Type string `json:"type"`
	// The input is left out: it is the caller's own data.
}

func (item fieldItem) fieldError() FieldError {
	f := FieldError{Type: item.Type, Message: item.Msg}
	var path []string
	for i, step := range item.Loc {
		switch step := step.(type) {
		case string:
			// The union that a new customer is has its tag in the location.
			tag := i == 1 && f.In == "body" && (step == "individual" || step == "team")
			switch {
			case i == 0:
				f.In = step
			case !tag:
				path = append(path, step)
			}
		case float64:
			path = append(path, strconv.Itoa(int(step)))
		}
	}
	// What follows the name of a parameter is an implementation's detail, but for an index.
	if f.In == "query" && len(path) > 1 {
		path = slices.DeleteFunc(path, func(s string) bool {
			_, err := strconv.Atoi(s)
			return err != nil && s != path[0]
		})
	}
	f.Path = strings.Join(path, ".")
	return f
}

var scopeAttribute = regexp.MustCompile(`(?i)\bscope="([^"]*)"`)

// requiredScopes takes the scopes from the challenge, where their order
// varies, and else from the contract.
func requiredScopes(header http.Header, op *Operation) []string {
	scopes := slices.Clone(op.Scopes)
	if m := scopeAttribute.FindStringSubmatch(header.Get("WWW-Authenticate")); m != nil {
		scopes = strings.Fields(m[1])
	}
	scopes = slices.DeleteFunc(scopes, func(s string) bool { return !scope.MatchString(s) })
	slices.Sort(scopes)
	return scopes
}

var scope = regexp.MustCompile(`^[a-z_]{1,40}:[a-z_]{1,40}$`)

// retryAfter reads seconds or a date. It is 0 where the header has neither, or a
// time that has passed.
func retryAfter(header http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(header.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(v, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil || !at.After(now) {
		return 0
	}
	return at.Sub(now)
}

func cut(body []byte) []byte {
	return slices.Clone(body[:min(len(body), maxErrorBody)])
}
