package pydantic

import (
	"math/big"
	"regexp"
	"strings"

	"github.com/polarexpress/polar-go/internal/python"
)

// Query is the query string of a request, with its problems.
type Query struct {
	Params []python.Param
	// Early are problems of parameters that FastAPI reads in a dependency. They are
	// reported before all others, even those of the path.
	Early []Problem
	// Problems are the problems of the other parameters.
	Problems []Problem
}

// ParseQuery reads a query string.
func ParseQuery(raw string) Query { return Query{Params: python.ParseQuery(raw)} }

// All returns all values of a parameter in order.
func (q *Query) All(name string) (values []string) {
	for _, p := range q.Params {
		if p.Name == name {
			values = append(values, p.Value)
		}
	}
	return values
}

// Last returns the last value of a parameter, and whether there is one.
func (q *Query) Last(name string) (string, bool) {
	values := q.All(name)
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

// intForm matches the accepted forms of an integer.
var intForm = regexp.MustCompile(`^[+-]?[0-9]+(_[0-9]+)*(\.0*)?$`)

// ParseInt reads an integer from text, as leniently as pydantic does.
func ParseInt(text string) (*big.Int, bool) {
	s := python.Strip(text)
	if len(s) > python.MaxIntDigits || !intForm.MatchString(s) {
		return nil, false
	}
	whole, _, _ := strings.Cut(strings.ReplaceAll(s, "_", ""), ".")
	return new(big.Int).SetString(whole, 10)
}

// Positive reads an integer greater than zero.
func (q *Query) Positive(name string, otherwise int64) *big.Int {
	raw, ok := q.Last(name)
	if !ok {
		return big.NewInt(otherwise)
	}
	at := Loc("query", name)
	n, ok := ParseInt(raw)
	switch {
	case !ok:
		q.Early = append(q.Early, Problem{Type: "int_parsing", Loc: at, Msg: "Input should be a valid integer, unable to parse string as an integer", Input: raw})
	case n.Sign() <= 0:
		q.Early = append(q.Early, Problem{Type: "greater_than", Loc: at, Msg: "Input should be greater than 0", Input: raw, Ctx: python.NewObject("gt", 0)})
	default:
		return n
	}
	return big.NewInt(otherwise)
}

// boolWords are the accepted forms of a bool, in lower case.
var boolWords = map[string]bool{
	"true": true, "1": true, "yes": true, "on": true, "t": true, "y": true,
	"false": false, "0": false, "no": false, "off": false, "f": false, "n": false,
}

// ParseBool reads a bool from text.
func ParseBool(text string) (value, ok bool) {
	value, ok = boolWords[strings.ToLower(text)]
	return value, ok
}

// Bool reads a bool, and reports whether there is a valid one.
func (q *Query) Bool(name string) (value, given bool) {
	raw, ok := q.Last(name)
	if !ok {
		return false, false
	}
	value, ok = ParseBool(raw)
	if !ok {
		q.Problems = append(q.Problems, Problem{Type: "bool_parsing", Loc: Loc("query", name), Msg: "Input should be a valid boolean, unable to interpret input", Input: raw})
	}
	return value, ok
}

// Words reads a repeatable parameter whose values must be allowed ones.
func (q *Query) Words(name string, allowed []string, otherwise string) []string {
	values := q.All(name)
	if len(values) == 0 {
		return []string{otherwise}
	}
	check := Enum(allowed...)
	for i, v := range values {
		_, bad := check(v, Loc("query", name, i))
		q.Early = append(q.Early, bad...)
	}
	return values
}

// Word reads an optional parameter that must be one of the allowed words.
func (q *Query) Word(name string, allowed ...string) (string, bool) {
	raw, ok := q.Last(name)
	if !ok {
		return "", false
	}
	_, bad := Enum(allowed...)(raw, Loc("query", name))
	q.Problems = append(q.Problems, bad...)
	return raw, len(bad) == 0
}
