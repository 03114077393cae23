package customers

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
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
	if json.Unmarshal(shape.Detail, &items) == nil && items != nil {
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
			if i == 0 {
				f.In = step
			} else {
				path = append(path, step)
			}
		case float64:
			if item.Type != "json_invalid" { // where it is an offset
				path = append(path, strconv.Itoa(int(step)))
			}
		}
	}
	f.Path = strings.Join(plainPath(f.In, path), ".")
	return f
}

// plainPath drops what tells of the service's workings, not of the input.
func plainPath(in string, path []string) []string {
	if in == "body" && len(path) > 0 && (path[0] == "individual" || path[0] == "team") {
		path = path[1:] // the kind of customer that the body was read as
	}
	if in == "body" && len(path) > 2 && path[0] == "metadata" {
		path = path[:2] // without the type that a value was tried as
	}
	if in == "query" && len(path) > 1 {
		index := slices.DeleteFunc(path[1:], func(s string) bool { _, err := strconv.Atoi(s); return err != nil })
		path = append(path[:1], index...)
	}
	return path
}

// requiredScopes takes the scopes from the challenge, where their order
// varies, and else from the contract.
func requiredScopes(header http.Header, op *Operation) []string {
	scopes := op.Scopes
	if text, ok := attribute(strings.Join(header.Values("WWW-Authenticate"), ","), "scope"); ok {
		named := slices.DeleteFunc(strings.Fields(text), func(s string) bool { return !isScope(s) })
		if 0 < len(named) && len(named) <= 8 {
			scopes = named
		}
	}
	return slices.Sorted(slices.Values(scopes))
}

// attribute finds name="value" in a challenge, whatever the case of name.
func attribute(challenge, name string) (value string, ok bool) {
	name += `="`
	for i := range len(challenge) - len(name) + 1 {
		inWord := i > 0 && consists(challenge[i-1:i], letters+digits+"_")
		if !inWord && strings.EqualFold(challenge[i:i+len(name)], name) {
			if value, _, ok = strings.Cut(challenge[i+len(name):], `"`); ok {
				return value, true
			}
		}
	}
	return "", false
}

// isScope reports whether s looks like customers:read.
func isScope(s string) bool {
	object, verb, _ := strings.Cut(s, ":")
	return len(object) <= 40 && len(verb) <= 40 && consists(object, lower+"_") && consists(verb, lower+"_")
}

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	letters = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// consists reports whether s has characters, and all of them are in set.
func consists(s, set string) bool {
	return s != "" && strings.Trim(s, set) == ""
}

// retryAfter reads seconds or a date. It is 0 where the header has neither, or a
// time that has passed.
func retryAfter(header http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(header.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(v, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second // of a number out of range, the largest
	}
	at, err := http.ParseTime(v)
	if err != nil || !at.After(now) {
		return 0
	}
	return min(at.Sub(now), math.MaxUint32*time.Second)
}

func cut(body []byte) []byte {
	return slices.Clone(body[:min(len(body), maxErrorBody)])
}
