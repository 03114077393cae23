package apischema

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// Checker checks request bodies against schemas of the contract as the service's models
// do, with the same error texts. Its tables hold the rules that the contract leaves
// out.
type Checker struct {
	Document *Document
	// Checks replace the schema of a named type, "AddressInput", of a field in all
	// types, "metadata", or of a field in one type, "EventCreateCustomer.metadata".
	Checks map[string]pydantic.Check
	// Rules are checked once the fields of a named type are valid.
	Rules map[string]func(in, values *python.Object, loc []any) []pydantic.Problem
	// Labels are the names of the variants of a union in the service's errors,
	// where they differ from the names of the schemas.
	Labels map[string]string
	// Tags are the enums of discriminators in the service.
	Tags map[string]Tag
	// Choose returns, for a union by name, the schema for an object and its label
	// in errors.
	Choose map[string]func(in *python.Object) (label, schema string)
	// Variants are the members of a union by the name of the first, where their
	// order differs from the contract's.
	Variants map[string][]string
}

// Tag is the enum of a discriminator: its name, and its values in the service's order.
type Tag struct {
	Enum   string
	Values []string
}

// Body checks a request body. It returns the given fields that the schema has.
func (c *Checker) Body(schema *openapi3.SchemaRef, body any) (*python.Object, []pydantic.Problem) {
	if body == nil {
		_, problems := pydantic.Body(body)
		return nil, problems
	}
	out, problems := c.check(schema, "", body, pydantic.Loc("body"))
	o, _ := out.(*python.Object)
	return o, problems
}

// Name returns the name of the schema that ref refers to, or "".
func Name(ref *openapi3.SchemaRef) string {
	if ref.Ref == "" {
		return ""
	}
	return path.Base(ref.Ref)
}

func one(kind string, loc []any, msg string, in any, ctx ...any) []pydantic.Problem {
	p := pydantic.Problem{Type: kind, Loc: loc, Msg: msg, Input: in}
	if len(ctx) > 0 {
		p.Ctx = python.NewObject(ctx...)
	}
	return []pydantic.Problem{p}
}

// Check checks a value of a named type at loc.
func (c *Checker) Check(schema *openapi3.SchemaRef, in any, loc []any) (any, []pydantic.Problem) {
	return c.check(schema, "", in, loc)
}

// check checks a value. field names its type and field, separated by a period.
func (c *Checker) check(ref *openapi3.SchemaRef, field string, in any, loc []any) (any, []pydantic.Problem) {
	name, s := Name(ref), ref.Value
	if isNullable(s) && in == nil {
		return nil, nil
	}
	_, base, _ := strings.Cut(field, ".")
	for _, key := range []string{field, base, name} {
		if special := c.Checks[key]; special != nil && key != "" {
			return special(in, loc)
		}
	}
	switch {
	case len(s.AnyOf) > 0:
		return c.anyOf(s.AnyOf, field, in, loc)
	case len(s.OneOf) > 0:
		return c.oneOf(name, s, field, in, loc)
	case len(s.Enum) > 0:
		return enum(s, in, loc)
	case s.Type == nil:
		return in, nil
	case s.Type.Is("object"):
		return c.object(name, s, in, loc)
	case s.Type.Is("array"):
		return c.list(s, field, in, loc)
	}
	return scalar(s, in, loc)
}

func isNullable(s *openapi3.Schema) bool {
	return s.Type != nil && s.Type.Is("null") || slices.ContainsFunc(s.AnyOf, func(r *openapi3.SchemaRef) bool { return r.Value.Type != nil && r.Value.Type.Is("null") })
}

// anyOf takes the first variant that matches. If none does, it reports the problems of
// all variants, each under its label.
func (c *Checker) anyOf(refs openapi3.SchemaRefs, field string, in any, loc []any) (any, []pydantic.Problem) {
	var variants openapi3.SchemaRefs
	for _, r := range refs {
		if r.Value.Type == nil || !r.Value.Type.Is("null") {
			variants = append(variants, r)
		}
	}
	if order := c.Variants[Name(variants[0])]; order != nil {
		variants = nil
		for _, name := range order {
			variants = append(variants, c.Document.Schema(name))
		}
	}
	if len(variants) == 1 {
		return c.check(variants[0], field, in, loc)
	}
	var problems []pydantic.Problem
	for _, r := range variants {
		out, bad := c.check(r, field, in, pydantic.Within(loc, c.label(r)))
		if bad == nil {
			return out, nil
		}
		problems = append(problems, bad...)
	}
	return nil, problems
}

func (c *Checker) label(ref *openapi3.SchemaRef) string {
	name, s := Name(ref), ref.Value
	if label := c.Labels[name]; label != "" {
		return label
	}
	switch {
	case name != "":
		return name
	case s.Discriminator != nil:
		return "tagged-union[" + s.Discriminator.PropertyName + "]"
	case s.Type == nil:
		return "any"
	case s.Type.Is("string") && s.Format != "":
		return s.Format
	case s.Type.Is("string") && (s.MinLength > 0 || s.MaxLength != nil):
		return "constrained-str"
	}
	return map[string]string{"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list", "object": "dict"}[(*s.Type)[0]]
}

func (c *Checker) oneOf(name string, s *openapi3.Schema, field string, in any, loc []any) (any, []pydantic.Problem) {
	o, ok := in.(*python.Object)
	if !ok {
		return nil, []pydantic.Problem{pydantic.NotModel(in, loc)}
	}
	if choose := c.Choose[name]; choose != nil {
		label, schema := choose(o)
		return c.check(c.Document.Schema(schema), "", in, pydantic.Within(loc, label))
	}
	if s.Discriminator == nil {
		return c.anyOf(s.OneOf, field, in, loc)
	}
	property := s.Discriminator.PropertyName
	tag, given := o.Get(property)
	if !given {
		return nil, one("union_tag_not_found", loc, "Unable to extract tag using discriminator '"+property+"'", in, "discriminator", "'"+property+"'")
	}
	text, _ := tag.(string)
	target, known := s.Discriminator.Mapping[text]
	if !known {
		tags := c.Tags[name]
		if tags.Enum == "" {
			tags = c.Tags[property]
		}
		if tags.Values == nil {
			tags.Values = slices.Sorted(maps.Keys(s.Discriminator.Mapping))
		}
		words := make([]string, len(tags.Values))
		for i, v := range tags.Values {
			words[i] = fmt.Sprintf("<%s.%s: '%[2]s'>", tags.Enum, v)
		}
		expected, shown := strings.Join(words, ", "), python.Str(tag)
		return nil, one("union_tag_invalid", loc, fmt.Sprintf("Input tag '%s' found using '%s' does not match any of the expected tags: %s", shown, property, expected), in,
			"discriminator", "'"+property+"'", "tag", shown, "expected_tags", expected)
	}
	return c.check(c.Document.Schema(path.Base(target.Ref)), "", in, pydantic.Within(loc, text))
}

func enum(s *openapi3.Schema, in any, loc []any) (any, []pydantic.Problem) {
	var words []string
	for _, v := range s.Enum {
		if text, ok := v.(string); ok {
			words = append(words, text)
		} else if in == v {
			return in, nil
		}
	}
	if len(words) == 0 {
		expected := python.Str(s.Enum[0])
		return nil, one("literal_error", loc, "Input should be "+expected, in, "expected", expected)
	}
	out, problems := pydantic.Enum(words...)(in, loc)
	if problems != nil && s.Const != nil {
		problems[0].Type = "literal_error"
	}
	return out, problems
}

func (c *Checker) object(name string, s *openapi3.Schema, in any, loc []any) (any, []pydantic.Problem) {
	o, ok := in.(*python.Object)
	if !ok {
		if len(s.Properties) == 0 {
			return nil, one("dict_type", loc, "Input should be a valid dictionary", in)
		}
		return nil, []pydantic.Problem{pydantic.NotModel(in, loc)}
	}
	out := python.NewObject()
	var problems []pydantic.Problem
	for _, field := range s.Required {
		if _, given := o.Get(field); !given {
			problems = append(problems, one("missing", pydantic.Within(loc, field), "Field required", in)...)
		}
	}
	for key, v := range o.All() {
		property := s.Properties[key]
		switch {
		case property != nil:
		case s.AdditionalProperties.Schema != nil:
			property = s.AdditionalProperties.Schema
		case s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has:
			problems = append(problems, one("extra_forbidden", pydantic.Within(loc, key), "Extra inputs are not permitted", v)...)
			continue
		case len(s.Properties) == 0:
			out.Set(key, v)
			continue
		default:
			continue
		}
		value, bad := c.check(property, name+"."+key, v, pydantic.Within(loc, key))
		problems = append(problems, bad...)
		out.Set(key, value)
	}
	if rule := c.Rules[name]; rule != nil && problems == nil {
		problems = rule(o, out, loc)
	}
	if problems != nil {
		return nil, problems
	}
	return out, nil
}

func (c *Checker) list(s *openapi3.Schema, field string, in any, loc []any) (any, []pydantic.Problem) {
	list, ok := in.([]any)
	if !ok {
		return nil, one("list_type", loc, "Input should be a valid list", in)
	}
	out := make([]any, len(list))
	var problems []pydantic.Problem
	for i, v := range list {
		if s.Items == nil {
			out[i] = v
			continue
		}
		value, bad := c.check(s.Items, field+"[]", v, pydantic.Within(loc, i))
		problems, out[i] = append(problems, bad...), value
	}
	n := len(list)
	switch {
	case problems != nil:
		return nil, problems
	case uint64(n) < s.MinItems:
		return nil, Size("too_short", "List", loc, in, int(s.MinItems), n)
	case s.MaxItems != nil && uint64(n) > *s.MaxItems:
		return nil, Size("too_long", "List", loc, in, int(*s.MaxItems), n)
	}
	return out, nil
}

// Size returns the problem of a value with too few or too many items.
func Size(kind, what string, loc []any, in any, limit, n int) []pydantic.Problem {
	bound, key := "at least", "min_length"
	if kind == "too_long" {
		bound, key = "at most", "max_length"
	}
	return one(kind, loc, fmt.Sprintf("%s should have %s %d item%s after validation, not %d", what, bound, limit, pydantic.Plural(limit), n), in,
		"field_type", what, key, limit, "actual_length", n)
}

func scalar(s *openapi3.Schema, in any, loc []any) (any, []pydantic.Problem) {
	switch {
	case s.Type.Is("null"):
		if in == nil {
			return nil, nil
		}
		return nil, one("none_required", loc, "Input should be None", in)
	case s.Type.Is("boolean"):
		return boolean(in, loc)
	case s.Type.Is("integer"):
		n, problems := integer(in, loc)
		if problems != nil {
			return nil, problems
		}
		f, _ := new(big.Float).SetInt(n).Float64()
		return n, bounds(s, f, in, loc)
	case s.Type.Is("number"):
		f, problems := number(in, loc)
		if problems != nil {
			return nil, problems
		}
		return f, bounds(s, f, in, loc)
	}
	switch s.Format {
	case "uuid4", "uuid":
		return pydantic.UUID(s.Format == "uuid4")(in, loc)
	case "date-time":
		return Time(in, loc)
	case "uri":
		return uri(s, in, loc)
	case "ipvanyaddress":
		if text, ok := in.(string); ok {
			if addr, err := netip.ParseAddr(text); err == nil {
				return addr.String(), nil
			}
		}
		return nil, one("ip_any_address", loc, "value is not a valid IPv4 or IPv6 address", in)
	}
	text, problems := pydantic.String(in, loc)
	if problems != nil {
		return nil, problems
	}
	n := utf8.RuneCountInString(text)
	switch {
	case strings.ContainsRune(text, 0):
		return nil, []pydantic.Problem{pydantic.ValueError(in, loc, "This value contains invalid characters")}
	case uint64(n) < s.MinLength:
		return nil, []pydantic.Problem{pydantic.TooShort(in, loc, int(s.MinLength))}
	case s.MaxLength != nil && uint64(n) > *s.MaxLength:
		return nil, []pydantic.Problem{pydantic.TooLong(in, loc, int(*s.MaxLength))}
	}
	return text, nil
}

func bounds(s *openapi3.Schema, f float64, in any, loc []any) []pydantic.Problem {
	for _, b := range []struct {
		limit           *float64
		broken          func(f, limit float64) bool
		kind, text, key string
	}{
		{s.Min, func(f, l float64) bool { return f < l }, "greater_than_equal", "greater than or equal to", "ge"},
		{s.ExclusiveMin.Value, func(f, l float64) bool { return f <= l }, "greater_than", "greater than", "gt"},
		{s.Max, func(f, l float64) bool { return f > l }, "less_than_equal", "less than or equal to", "le"},
	} {
		if b.limit != nil && b.broken(f, *b.limit) {
			limit := int(*b.limit)
			return one(b.kind, loc, fmt.Sprintf("Input should be %s %d", b.text, limit), in, b.key, limit)
		}
	}
	return nil
}

func boolean(in any, loc []any) (any, []pydantic.Problem) {
	switch v := in.(type) {
	case bool:
		return v, nil
	case string:
		if b, ok := pydantic.ParseBool(v); ok {
			return b, nil
		}
	case *big.Int:
		if v.IsInt64() && (v.Int64() == 0 || v.Int64() == 1) {
			return v.Int64() == 1, nil
		}
	default:
		return nil, one("bool_type", loc, "Input should be a valid boolean", in)
	}
	return nil, one("bool_parsing", loc, "Input should be a valid boolean, unable to interpret input", in)
}

func integer(in any, loc []any) (*big.Int, []pydantic.Problem) {
	switch v := in.(type) {
	case *big.Int:
		return v, nil
	case bool:
		if v {
			return big.NewInt(1), nil
		}
		return new(big.Int), nil
	case float64:
		if math.Trunc(v) == v && math.Abs(v) < 1<<63 {
			return big.NewInt(int64(v)), nil
		}
		return nil, one("int_from_float", loc, "Input should be a valid integer, got a number with a fractional part", in)
	case string:
		if n, ok := pydantic.ParseInt(v); ok {
			return n, nil
		}
		return nil, one("int_parsing", loc, "Input should be a valid integer, unable to parse string as an integer", in)
	}
	return nil, one("int_type", loc, "Input should be a valid integer", in)
}

func number(in any, loc []any) (float64, []pydantic.Problem) {
	switch v := in.(type) {
	case float64:
		return v, nil
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case string:
		if f, err := strconv.ParseFloat(python.Strip(v), 64); err == nil {
			return f, nil
		}
		return 0, one("float_parsing", loc, "Input should be a valid number, unable to parse string as a number", in)
	}
	return 0, one("float_type", loc, "Input should be a valid number", in)
}

// timeLayouts are the forms of a time. Forms without a zone come last.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", time.DateOnly}

// ParseTime reads a time as the service does. A time without a zone is in UTC.
func ParseTime(text string) (time.Time, bool) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, strings.ToUpper(text)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Time checks a time. It returns the time as responses write it.
func Time(in any, loc []any) (any, []pydantic.Problem) {
	text, ok := in.(string)
	if n, isInt := in.(*big.Int); isInt && n.IsInt64() {
		return Stamp(time.Unix(n.Int64(), 0)), nil
	}
	if !ok {
		return nil, one("datetime_type", loc, "Input should be a valid datetime", in)
	}
	if t, ok := ParseTime(text); ok {
		return Stamp(t), nil
	}
	why := "invalid character in year"
	if len(text) < len(time.DateOnly) {
		why = "input is too short"
	}
	return nil, one("datetime_from_date_parsing", loc, "Input should be a valid datetime or date, "+why, in, "error", why)
}

// Stamp writes a time as responses do: RFC 3339 in UTC, with six fractional digits or
// none.
func Stamp(t time.Time) string {
	t = t.UTC()
	if t.Nanosecond() < 1000 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}

func uri(s *openapi3.Schema, in any, loc []any) (any, []pydantic.Problem) {
	text, ok := in.(string)
	if !ok {
		return nil, one("url_type", loc, "URL input should be a string or URL", in)
	}
	if s.MaxLength != nil && uint64(len(text)) > *s.MaxLength {
		return nil, one("url_too_long", loc, fmt.Sprintf("URL should have at most %d characters", *s.MaxLength), in, "max_length", int(*s.MaxLength))
	}
	u, err := url.Parse(text)
	switch {
	case text == "":
		return nil, one("url_parsing", loc, "Input should be a valid URL, input is empty", in, "error", "input is empty")
	case err != nil || u.Scheme == "":
		return nil, one("url_parsing", loc, "Input should be a valid URL, relative URL without a base", in, "error", "relative URL without a base")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, one("url_scheme", loc, "URL scheme should be 'http' or 'https'", in, "expected_schemes", "'http' or 'https'")
	case u.Host == "":
		return nil, one("url_parsing", loc, "Input should be a valid URL, empty host", in, "error", "empty host")
	}
	return text, nil
}
