package polar

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of what an error keeps of a response.
const (
	maxErrorBody = 64 << 10
	maxMessage   = 4 << 10
	maxFields    = 100
)

// newError returns an error of op with what every response has.
func (r *response) newError() *Error {
	e := newError(r.op)
	e.StatusCode, e.Header, e.Attempts = r.status, r.header, r.attempts
	e.body = slices.Clone(r.body[:min(len(r.body), maxErrorBody)])
	return e
}

// unexpected is the error of a response that is not what the operation promises.
func (r *response) unexpected(why string) *Error {
	e := r.newError()
	e.kind, e.advice = ErrUnexpectedResponse, why
	return e
}

// failure reads a response that is not a success. It keeps the status, whatever
// body comes with it.
func (r *response) failure(now time.Time) *Error {
	e := r.newError()
	e.RetryAfter = retryAfter(r.header, now)

	// The shapes: {error, detail: text}, {error, detail: [items]},
	// {error, error_description}, {detail: text}, nothing, and not JSON.
	var shape struct {
		Error       string          `json:"error"`
		Detail      json.RawMessage `json:"detail"`
		Description string          `json:"error_description"`
	}
	if tooManyValues(r.body, r.limit) {
		return e
	}
	if err := json.Unmarshal(r.body, &shape); err != nil {
		if as[*json.SyntaxError](err) && isMedia(r.header, "application/json") {
			e.cause = &cause{io.ErrUnexpectedEOF}
		}
		return e
	}
	e.Code, e.Message = truncate(shape.Error), truncate(shape.Description)
	switch detail := bytes.TrimSpace(shape.Detail); {
	case bytes.HasPrefix(detail, []byte(`"`)):
		var text string
		_ = json.Unmarshal(detail, &text) // a text, as the body is valid
		e.Message = truncate(text)
	case bytes.HasPrefix(detail, []byte("[")):
		fields, ok := fieldErrors(detail)
		if e.Fields = fields; ok && r.status == http.StatusUnprocessableEntity && e.Code == "" {
			e.Code = "RequestValidationError" // the document promises no code
		}
	}
	if e.Code == "insufficient_scope" {
		e.RequiredScopes = requiredScopes(r.header, r.op)
	}
	return e
}

// truncate returns the beginning of a text that is too long to keep.
func truncate(text string) string {
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(strings.Clone(text[:maxMessage]), "")
	}
	return text
}

// fieldItem is an entry of a 422.
type fieldItem struct {
	Loc  []any  `json:"loc"`
	Msg  string `json:"msg"`
	Type string `json:"type"`
	// The input is left out, because it is the caller's data.
}

// fieldErrors reads the first entries of a list, and reports whether they have the
// shape of those of a 422.
func fieldErrors(list []byte) ([]FieldError, bool) {
	var fields []FieldError
	d := json.NewDecoder(bytes.NewReader(list))
	_, _ = d.Token() // the bracket
	for len(fields) < maxFields && d.More() {
		var item fieldItem
		if d.Decode(&item) != nil {
			return nil, false
		}
		fields = append(fields, item.fieldError())
	}
	return fields, true
}

func (item fieldItem) fieldError() FieldError {
	f := FieldError{Type: truncate(item.Type), Message: truncate(item.Msg)}
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

// plainPath drops what is about the service's workings and not about the input:
// names of variants and types, such as "team" or "function-after[…]".
func plainPath(in string, path []string) []string {
	isField := func(s string) bool { return slices.Contains(fieldNames[:], s) }
	if in == "body" {
		var plain []string
		for _, step := range path[max(0, slices.IndexFunc(path, isField)):] {
			switch {
			case len(plain) > 0 && plain[len(plain)-1] == "metadata":
				return append(plain, step) // a key, without the type that its value was read as
			case len(plain) > 0 && !isLabel(step), isField(step):
				plain = append(plain, step)
			}
		}
		return plain
	}
	if in == "query" && len(path) > 1 {
		indexes := slices.DeleteFunc(path[1:], func(s string) bool { _, err := strconv.Atoi(s); return err != nil })
		path = append(path[:1], indexes...)
	}
	return path
}

// isLabel reports whether a step names a type of the service.
func isLabel(s string) bool {
	return strings.Contains(s, "[") || s != "" && s[0] >= 'A' && s[0] <= 'Z'
}

// requiredScopes returns the scopes of the challenge, whose order varies, or else
// those of the contract.
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

// attribute finds name="value" in a challenge. It ignores the case of name.
func attribute(challenge, name string) (value string, ok bool) {
	name += `="`
	for i := range len(challenge) - len(name) + 1 {
		inWord := i > 0 && consistsOf(challenge[i-1:i], letters+digits+"_")
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
	return len(object) <= 40 && len(verb) <= 40 && consistsOf(object, lower+"_") && consistsOf(verb, lower+"_")
}

// retryAfter reads seconds or a date. It returns 0 if the header has neither, or
// a time in the past.
func retryAfter(header http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(header.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(v, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second // out of range, it is the largest number
	}
	at, err := http.ParseTime(v)
	if err != nil || !at.After(now) {
		return 0
	}
	return min(at.Sub(now), math.MaxUint32*time.Second)
}

// broken is the error of a response that cannot be read to its end.
func (r *response) broken(ctx context.Context, err error) *Error {
	if ctx.Err() != nil {
		err = contextError(ctx)
	}
	if r.status >= 200 && r.status < 300 {
		return r.unexpected(cmp.Or(causeText(err), "the response cannot be read")).withCause(err)
	}
	return r.failure(time.Now()).withCause(err)
}
