package customerstest

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxMetadataPairs = 50
	maxMetadataKey   = 40
	maxMetadataValue = 500
)

// metadataCheck is a metadata object.
func metadataCheck(in any, at []any) (any, []problem) {
	o, ok := in.(*object)
	if !ok {
		return nil, []problem{{typ: "dict_type", loc: at, msg: "Input should be a valid dictionary", input: in}}
	}
	if hasNUL(o) {
		return nil, []problem{nulProblem(in, at)}
	}
	out := newObject()
	var problems []problem
	for _, key := range o.keys {
		switch n := utf8.RuneCountInString(key); {
		case n == 0:
			problems = append(problems, tooShort(key, within(at, key, "[key]"), 1))
		case n > maxMetadataKey:
			problems = append(problems, tooLong(key, within(at, key, "[key]"), maxMetadataKey))
		}
		v, bad := metadataValue(o.values[key], within(at, key))
		problems = append(problems, bad...)
		out.set(key, v)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	if n := o.len(); n > maxMetadataPairs {
		return nil, []problem{{
			typ: "too_long", loc: at, msg: fmt.Sprintf("Dictionary should have at most %d items after validation, not %d", maxMetadataPairs, n), input: in,
			ctx: obj("field_type", "Dictionary", "max_length", maxMetadataPairs, "actual_length", n),
		}}
	}
	return out, nil
}

// metadataValue is a string, an integer, a float or a bool. What is none of
// them gets one problem for each.
func metadataValue(in any, at []any) (any, []problem) {
	asText := "unable to parse string as "
	switch v := in.(type) {
	case bool, *big.Int, float64:
		return v, nil
	case string:
		n := utf8.RuneCountInString(v)
		if n >= 1 && n <= maxMetadataValue {
			return v, nil
		}
		if parsed, ok := lenientScalar(v); ok {
			return parsed, nil
		}
		first := tooShort(v, within(at, "constrained-str"), 1)
		if n > 0 {
			first = tooLong(v, within(at, "constrained-str"), maxMetadataValue)
		}
		return nil, []problem{
			first,
			{typ: "int_parsing", loc: within(at, "int"), msg: "Input should be a valid integer, " + asText + "an integer", input: in},
			{typ: "float_parsing", loc: within(at, "float"), msg: "Input should be a valid number, " + asText + "a number", input: in},
			{typ: "bool_parsing", loc: within(at, "bool"), msg: "Input should be a valid boolean, unable to interpret input", input: in},
		}
	}
	return nil, []problem{
		stringType(in, within(at, "constrained-str")),
		{typ: "int_type", loc: within(at, "int"), msg: "Input should be a valid integer", input: in},
		{typ: "float_type", loc: within(at, "float"), msg: "Input should be a valid number", input: in},
		{typ: "bool_type", loc: within(at, "bool"), msg: "Input should be a valid boolean", input: in},
	}
}

// lenientScalar reads a string that is too long for a string as the number
// that it may spell, as the service's union of types does.
func lenientScalar(s string) (any, bool) {
	t := trim(s)
	if intForm.MatchString(t) && len(t) <= maxIntDigits {
		whole, _, _ := strings.Cut(strings.ReplaceAll(t, "_", ""), ".")
		return new(big.Int).SetString(whole, 10)
	}
	if f, err := strconv.ParseFloat(t, 64); err == nil {
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
	case *object:
		for _, k := range v.keys {
			if strings.ContainsRune(k, 0) || hasNUL(v.values[k]) {
				return true
			}
		}
	}
	return false
}

// storable tells whether the database takes the values: it has no NaN and no
// infinities, and the service answers 500 when it is given some.
func storable(o *object) bool {
	for _, k := range o.keys {
		if f, ok := o.values[k].(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			return false
		}
	}
	return true
}

// stored is metadata as it comes back from the database: keys in its order,
// and floats that it writes without a fraction as integers.
func stored(o *object) *object {
	out := newObject()
	for _, k := range o.keys {
		v := o.values[k]
		if f, ok := v.(float64); ok {
			v = storedFloat(f)
		}
		out.set(k, v)
	}
	sortKeys(out)
	return out
}

func storedFloat(f float64) any {
	if f == 0 {
		return 0.0 // the database has no negative zero
	}
	if !strings.Contains(pythonFloat(f), "e+") {
		return f
	}
	n, _ := new(big.Int).SetString(strconv.FormatFloat(f, 'f', -1, 64), 10)
	return n
}

// metadataText is the text that the list's metadata filter compares with.
func metadataText(v any) string {
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
