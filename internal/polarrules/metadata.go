package polarrules

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

const (
	maxMetadataPairs = 50
	maxMetadataKey   = 40
	maxMetadataValue = 500
)

// Metadata checks a metadata object. Its result is a *python.Object.
func Metadata(in any, at []any) (any, []pydantic.Problem) {
	o, ok := in.(*python.Object)
	if !ok {
		return nil, []pydantic.Problem{{Type: "dict_type", Loc: at, Msg: "Input should be a valid dictionary", Input: in}}
	}
	if hasNUL(o) {
		return nil, []pydantic.Problem{nulProblem(in, at)}
	}
	out := python.NewObject()
	var problems []pydantic.Problem
	for _, key := range o.Keys() {
		switch n := python.Len(key); {
		case !utf8.ValidString(key):
			_, bad := pydantic.String(key, pydantic.Within(at, key, "[key]"))
			problems = append(problems, bad...)
		case n == 0:
			problems = append(problems, pydantic.TooShort(key, pydantic.Within(at, key, "[key]"), 1))
		case n > maxMetadataKey:
			problems = append(problems, pydantic.TooLong(key, pydantic.Within(at, key, "[key]"), maxMetadataKey))
		}
		v, bad := metadataValue(o.Value(key), pydantic.Within(at, key))
		problems = append(problems, bad...)
		out.Set(key, v)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	if n := o.Len(); n > maxMetadataPairs {
		return nil, []pydantic.Problem{{
			Type: "too_long", Loc: at, Msg: fmt.Sprintf("Dictionary should have at most %d items after validation, not %d", maxMetadataPairs, n), Input: in,
			Ctx: python.NewObject("field_type", "Dictionary", "max_length", maxMetadataPairs, "actual_length", n),
		}}
	}
	return out, nil
}

// metadataValue checks a string, an integer, a float or a bool. Any other value has one
// problem for each of them.
func metadataValue(in any, at []any) (any, []pydantic.Problem) {
	asText := "unable to parse string as "
	switch v := in.(type) {
	case bool, *big.Int, float64:
		return v, nil
	case string:
		if _, bad := pydantic.String(in, pydantic.Within(at, "constrained-str")); bad != nil {
			return nil, bad
		}
		n := python.Len(v)
		if n >= 1 && n <= maxMetadataValue {
			return v, nil
		}
		if parsed, ok := lenientScalar(v); ok {
			return parsed, nil
		}
		first := pydantic.TooShort(v, pydantic.Within(at, "constrained-str"), 1)
		if n > 0 {
			first = pydantic.TooLong(v, pydantic.Within(at, "constrained-str"), maxMetadataValue)
		}
		return nil, []pydantic.Problem{
			first,
			{Type: "int_parsing", Loc: pydantic.Within(at, "int"), Msg: "Input should be a valid integer, " + asText + "an integer", Input: in},
			{Type: "float_parsing", Loc: pydantic.Within(at, "float"), Msg: "Input should be a valid number, " + asText + "a number", Input: in},
			{Type: "bool_parsing", Loc: pydantic.Within(at, "bool"), Msg: "Input should be a valid boolean, unable to interpret input", Input: in},
		}
	}
	return nil, []pydantic.Problem{
		pydantic.NotString(in, pydantic.Within(at, "constrained-str")),
		{Type: "int_type", Loc: pydantic.Within(at, "int"), Msg: "Input should be a valid integer", Input: in},
		{Type: "float_type", Loc: pydantic.Within(at, "float"), Msg: "Input should be a valid number", Input: in},
		{Type: "bool_type", Loc: pydantic.Within(at, "bool"), Msg: "Input should be a valid boolean", Input: in},
	}
}

// lenientScalar reads the number that an overlong or empty string spells, as the
// service's union of types does.
func lenientScalar(s string) (any, bool) {
	if n, ok := pydantic.ParseInt(s); ok {
		return n, true
	}
	if f, err := strconv.ParseFloat(python.Strip(s), 64); err == nil {
		return f, true
	}
	return nil, false
}

// hasNUL looks for U+0000 in keys and values, at any depth.
func hasNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, e := range v {
			if hasNUL(e) {
				return true
			}
		}
	case *python.Object:
		for _, k := range v.Keys() {
			if strings.ContainsRune(k, 0) || hasNUL(v.Value(k)) {
				return true
			}
		}
	}
	return false
}

// Storable reports whether the database can store the values: it has no NaN and no
// infinities.
func Storable(o *python.Object) bool {
	for _, k := range o.Keys() {
		if f, ok := o.Value(k).(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			return false
		}
	}
	return true
}

// Stored returns metadata as it comes back from the database: with the keys in its
// order, and with floats that it writes without a fraction as integers.
func Stored(o *python.Object) *python.Object {
	out := python.NewObject()
	for _, k := range o.Keys() {
		v := o.Value(k)
		if f, ok := v.(float64); ok {
			v = storedFloat(f)
		}
		out.Set(k, v)
	}
	SortKeys(out)
	return out
}

func storedFloat(f float64) any {
	if f == 0 {
		return 0.0 // the database has no negative zero
	}
	if !strings.Contains(python.Repr(f), "e+") {
		return f
	}
	n, _ := new(big.Int).SetString(strconv.FormatFloat(f, 'f', -1, 64), 10)
	return n
}

// MetadataText returns the text with which the list's metadata filter compares.
func MetadataText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case *big.Int:
		return v.String()
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	return ""
}

// SortKeys puts the keys in the order of PostgreSQL's jsonb: by length, then by their
// bytes.
func SortKeys(o *python.Object) {
	o.SortKeys(func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
}
