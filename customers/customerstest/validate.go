package customerstest

import (
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"
)

// Bodies are checked by tables of fields, in the order in which the service
// declares them, since that is the order in which it reports problems.

// check examines one value found at loc and returns what is to be stored.
type check func(in any, loc []any) (out any, problems []problem)

type field struct {
	name     string
	required bool
	check    check
}

// model is a table of fields. Fields that the table lacks are ignored.
type model []field

// apply returns the fields of in that were given, checked.
func (m model) apply(in *object, loc []any) (values map[string]any, problems []problem) {
	values = map[string]any{}
	for _, f := range m {
		v, given := in.get(f.name)
		if !given {
			if f.required {
				problems = append(problems, problem{typ: "missing", loc: within(loc, f.name), msg: "Field required", input: in})
			}
			continue
		}
		out, bad := f.check(v, within(loc, f.name))
		problems = append(problems, bad...)
		values[f.name] = out
	}
	return values, problems
}

// nested checks an object within a body.
func (m model) nested(in any, loc []any) (any, []problem) {
	o, ok := in.(*object)
	if !ok {
		return nil, []problem{{typ: "model_attributes_type", loc: loc, msg: "Input should be a valid dictionary or object to extract fields from", input: in}}
	}
	values, problems := m.apply(o, loc)
	if len(problems) > 0 {
		return nil, problems
	}
	return values, nil
}

// nullable lets null through.
func nullable(c check) check {
	return func(in any, loc []any) (any, []problem) {
		if in == nil {
			return nil, nil
		}
		return c(in, loc)
	}
}

func stringType(in any, loc []any) problem {
	return problem{typ: "string_type", loc: loc, msg: "Input should be a valid string", input: in}
}

func valueError(in any, loc []any, msg string) problem {
	return problem{typ: "value_error", loc: loc, msg: "Value error, " + msg, input: in, ctx: obj("error", newObject())}
}

func nulProblem(in any, loc []any) problem {
	return valueError(in, loc, "This value contains invalid characters")
}

// text is a string of at most max characters, measured before it is trimmed.
// A blank one counts as null. Zero means no maximum.
func text(max int) check {
	return func(in any, loc []any) (any, []problem) {
		s, ok := in.(string)
		if !ok {
			return nil, []problem{stringType(in, loc)}
		}
		if max > 0 && utf8.RuneCountInString(s) > max {
			return nil, []problem{tooLong(in, loc, max)}
		}
		if strings.ContainsRune(s, 0) {
			return nil, []problem{nulProblem(in, loc)}
		}
		if s = trim(s); s == "" {
			return nil, nil
		}
		return s, nil
	}
}

func tooLong(in any, loc []any, max int) problem {
	return problem{typ: "string_too_long", loc: loc, msg: fmt.Sprintf("String should have at most %d character%s", max, plural(max)), input: in, ctx: obj("max_length", max)}
}

func tooShort(in any, loc []any, min int) problem {
	return problem{typ: "string_too_short", loc: loc, msg: fmt.Sprintf("String should have at least %d character%s", min, plural(min)), input: in, ctx: obj("min_length", min)}
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// trim removes what Python's str.strip removes.
func trim(s string) string { return strings.TrimFunc(s, pythonSpace) }

func pythonSpace(r rune) bool {
	switch {
	case r >= 0x09 && r <= 0x0d, r >= 0x1c && r <= 0x20, r == 0x85, r == 0xa0, r == 0x1680,
		r >= 0x2000 && r <= 0x200a, r == 0x2028, r == 0x2029, r == 0x202f, r == 0x205f, r == 0x3000:
		return true
	}
	return false
}

// enum is one of the given words.
func enum(words ...string) check {
	expected := oneOf(words)
	return func(in any, loc []any) (any, []problem) {
		if s, ok := in.(string); ok {
			for _, w := range words {
				if s == w {
					return s, nil
				}
			}
		}
		return nil, []problem{{typ: "enum", loc: loc, msg: "Input should be " + expected, input: in, ctx: obj("expected", expected)}}
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

// uuid4Check is a version 4 UUID in a body.
func uuid4Check(in any, loc []any) (any, []problem) {
	s, ok := in.(string)
	if !ok {
		return nil, []problem{{typ: "uuid_type", loc: loc, msg: "UUID input should be a string, bytes or UUID object", input: in}}
	}
	id, p := checkUUID(s, loc, true)
	if p != nil {
		return nil, []problem{*p}
	}
	return id, nil
}

// body checks a whole request body that must be an object.
func bodyObject(in any) (*object, []problem) {
	switch v := in.(type) {
	case nil:
		return nil, []problem{{typ: "missing", loc: loc("body"), msg: "Field required"}}
	case *object:
		return v, nil
	default:
		return nil, []problem{{typ: "model_attributes_type", loc: loc("body"), msg: "Input should be a valid dictionary or object to extract fields from", input: in}}
	}
}

// pythonStr is str(v), as the service shows an unknown tag.
func pythonStr(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return pythonRepr(v)
}

func pythonRepr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return pythonQuote(v)
	case *big.Int:
		return v.String()
	case float64:
		return pythonFloat(v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = pythonRepr(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *object:
		parts := make([]string, len(v.keys))
		for i, k := range v.keys {
			parts[i] = pythonQuote(k) + ": " + pythonRepr(v.values[k])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// pythonQuote is repr of a string.
func pythonQuote(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	var b strings.Builder
	b.WriteByte(quote)
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte(quote)
	return b.String()
}
