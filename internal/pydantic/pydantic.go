// Package pydantic checks input as the Python library of that name does, with the same
// error texts. Polar's server uses the library, so clients see its rules and texts.
//
// Tables of fields describe bodies. Problems are reported in the order of the fields.
package pydantic

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/internal/python"
)

// Problem is one entry of a validation error.
type Problem struct {
	// Type is the kind of problem, such as "string_type".
	Type string
	// Loc is the location: names and indexes.
	Loc []any
	// Msg describes the problem.
	Msg string
	// Input is the invalid value.
	Input any
	// Ctx has the details of Msg, or is nil.
	Ctx *python.Object
}

// Object returns p as it is in responses.
func (p Problem) Object() *python.Object {
	o := python.NewObject("type", p.Type, "loc", p.Loc, "msg", p.Msg, "input", p.Input)
	if p.Ctx != nil {
		o.Set("ctx", p.Ctx)
	}
	return o
}

// Loc builds a location.
func Loc(parts ...any) []any { return parts }

// Within returns base with parts appended. It does not change base.
func Within(base []any, parts ...any) []any {
	return append(append(make([]any, 0, len(base)+len(parts)), base...), parts...)
}

// Check checks the value at loc and returns the value to store.
type Check func(in any, loc []any) (out any, problems []Problem)

// Field is one field of a model.
type Field struct {
	Name     string
	Required bool
	Check    Check
}

// Model is a table of fields. Input that it does not list is ignored.
type Model []Field

// Apply checks the fields of in and returns the given ones.
func (m Model) Apply(in *python.Object, loc []any) (values map[string]any, problems []Problem) {
	values = map[string]any{}
	for _, f := range m {
		v, given := in.Get(f.Name)
		if !given {
			if f.Required {
				problems = append(problems, Problem{Type: "missing", Loc: Within(loc, f.Name), Msg: "Field required", Input: in})
			}
			continue
		}
		out, bad := f.Check(v, Within(loc, f.Name))
		problems = append(problems, bad...)
		values[f.Name] = out
	}
	return values, problems
}

// Nested is the Check of a model within another. Its result is a
// map[string]any.
func (m Model) Nested(in any, loc []any) (any, []Problem) {
	o, ok := in.(*python.Object)
	if !ok {
		return nil, []Problem{NotModel(in, loc)}
	}
	values, problems := m.Apply(o, loc)
	if len(problems) > 0 {
		return nil, problems
	}
	return values, nil
}

// Body returns a request's body if it is an object. Null counts as no body.
func Body(in any) (*python.Object, []Problem) {
	switch v := in.(type) {
	case nil:
		return nil, []Problem{{Type: "missing", Loc: Loc("body"), Msg: "Field required"}}
	case *python.Object:
		return v, nil
	}
	return nil, []Problem{NotModel(in, Loc("body"))}
}

// Nullable returns a Check that also accepts null.
func Nullable(c Check) Check {
	return func(in any, loc []any) (any, []Problem) {
		if in == nil {
			return nil, nil
		}
		return c(in, loc)
	}
}

// Enum is the Check of one of the given words.
func Enum(words ...string) Check {
	expected := oneOf(words)
	return func(in any, loc []any) (any, []Problem) {
		if s, ok := in.(string); ok {
			for _, w := range words {
				if s == w {
					return s, nil
				}
			}
		}
		return nil, []Problem{{Type: "enum", Loc: loc, Msg: "Input should be " + expected, Input: in, Ctx: python.NewObject("expected", expected)}}
	}
}

// oneOf writes 'a', 'b' or 'c'.
func oneOf(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + w + "'"
	}
	if len(quoted) == 1 {
		return quoted[0]
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}

// String returns in if it is a string of valid UTF-8.
func String(in any, loc []any) (string, []Problem) {
	s, ok := in.(string)
	if !ok {
		return "", []Problem{NotString(in, loc)}
	}
	if !utf8.ValidString(s) {
		return "", []Problem{{Type: "string_unicode", Loc: loc, Msg: "Input should be a valid string, unable to parse raw data as a unicode string", Input: in}}
	}
	return s, nil
}

// NotModel returns the problem of a value that is not an object.
func NotModel(in any, loc []any) Problem {
	return Problem{Type: "model_attributes_type", Loc: loc, Msg: "Input should be a valid dictionary or object to extract fields from", Input: in}
}

// NotString returns the problem of a value that is not a string.
func NotString(in any, loc []any) Problem {
	return Problem{Type: "string_type", Loc: loc, Msg: "Input should be a valid string", Input: in}
}

// ValueError returns the problem that one of the application's own validators raises.
func ValueError(in any, loc []any, msg string) Problem {
	return Problem{Type: "value_error", Loc: loc, Msg: "Value error, " + msg, Input: in, Ctx: python.NewObject("error", python.NewObject())}
}

// TooLong returns the problem of a string of more than limit characters.
func TooLong(in any, loc []any, limit int) Problem {
	return Problem{
		Type: "string_too_long", Loc: loc, Msg: fmt.Sprintf("String should have at most %d character%s", limit, Plural(limit)),
		Input: in, Ctx: python.NewObject("max_length", limit),
	}
}

// TooShort returns the problem of a string of fewer than limit characters.
func TooShort(in any, loc []any, limit int) Problem {
	return Problem{
		Type: "string_too_short", Loc: loc, Msg: fmt.Sprintf("String should have at least %d character%s", limit, Plural(limit)),
		Input: in, Ctx: python.NewObject("min_length", limit),
	}
}

// Plural returns the ending of a noun after n.
func Plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
