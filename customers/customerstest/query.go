package customerstest

import (
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"
)

// param is one query parameter, decoded. Their order is kept.
type param struct{ name, value string }

// parseQuery reads a query string as Python does: blank values count, a plus
// is a space, a semicolon separates nothing, and what does not decode stays.
func parseQuery(raw string) []param {
	var list []param
	for _, part := range strings.Split(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		list = append(list, param{unquote(strings.ReplaceAll(name, "+", " ")), unquote(strings.ReplaceAll(value, "+", " "))})
	}
	return list
}

// unquote decodes percent-escapes once, leaves malformed ones alone, and puts
// U+FFFD where the result is not UTF-8.
func unquote(s string) string {
	if strings.IndexByte(s, '%') >= 0 {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] == '%' && i+2 < len(s) && isHex(rune(s[i+1])) && isHex(rune(s[i+2])) {
				b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
				i += 2
				continue
			}
			b.WriteByte(s[i])
		}
		s = b.String()
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return s
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// queryValues are the parameters of a request, with their problems. The
// service reports those of paging and sorting before all others, those of the
// path included.
type queryValues struct {
	params          []param
	early, problems []problem
}

// all returns every value of a parameter, last the last value.
func (q *queryValues) all(name string) (values []string) {
	for _, p := range q.params {
		if p.name == name {
			values = append(values, p.value)
		}
	}
	return values
}

func (q *queryValues) last(name string) (string, bool) {
	values := q.all(name)
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

var intForm = regexp.MustCompile(`^[+-]?[0-9]+(_[0-9]+)*(\.0*)?$`)

// positive reads an integer greater than zero.
func (q *queryValues) positive(name string, otherwise int64) *big.Int {
	raw, ok := q.last(name)
	if !ok {
		return big.NewInt(otherwise)
	}
	at := loc("query", name)
	s := trim(raw)
	if !intForm.MatchString(s) {
		q.early = append(q.early, problem{typ: "int_parsing", loc: at, msg: "Input should be a valid integer, unable to parse string as an integer", input: raw})
		return big.NewInt(otherwise)
	}
	whole, _, _ := strings.Cut(strings.ReplaceAll(s, "_", ""), ".")
	n, _ := new(big.Int).SetString(whole, 10)
	if n.Sign() <= 0 {
		q.early = append(q.early, problem{typ: "greater_than", loc: at, msg: "Input should be greater than 0", input: raw, ctx: obj("gt", 0)})
		return big.NewInt(otherwise)
	}
	return n
}

var boolWords = map[string]bool{
	"true": true, "1": true, "yes": true, "on": true, "t": true, "y": true,
	"false": false, "0": false, "no": false, "off": false, "f": false, "n": false,
}

// boolean reads a yes or no, and whether it was given.
func (q *queryValues) boolean(name string) (value, given bool) {
	raw, ok := q.last(name)
	if !ok {
		return false, false
	}
	value, ok = boolWords[strings.ToLower(raw)]
	if !ok {
		q.problems = append(q.problems, problem{typ: "bool_parsing", loc: loc("query", name), msg: "Input should be a valid boolean, unable to interpret input", input: raw})
	}
	return value, ok
}

// words reads a repeatable parameter whose values are among the given ones.
func (q *queryValues) words(name string, allowed []string, otherwise string) []string {
	values := q.all(name)
	if len(values) == 0 {
		return []string{otherwise}
	}
	c := enum(allowed...)
	for i, v := range values {
		_, bad := c(v, loc("query", name, i))
		q.early = append(q.early, bad...)
	}
	return values
}

// word reads a parameter that is one of the given words, or absent.
func (q *queryValues) word(name string, allowed ...string) (string, bool) {
	raw, ok := q.last(name)
	if !ok {
		return "", false
	}
	_, bad := enum(allowed...)(raw, loc("query", name))
	q.problems = append(q.problems, bad...)
	return raw, len(bad) == 0
}

// organizationLabel is the name that the service gives to the second of the
// two forms of organization_id.
const organizationLabel = "json-or-python[json=list[uuid],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]"

// organizations reads organization_id: one UUID or several.
func (q *queryValues) organizations() (ids []string, given bool) {
	values := q.all("organization_id")
	if len(values) == 0 {
		return nil, false
	}
	var bad []problem
	input := make([]any, len(values))
	for i, v := range values {
		input[i] = v
		id, p := checkUUID(v, loc("query", "organization_id", organizationLabel, i), true)
		if p != nil {
			bad = append(bad, *p)
			continue
		}
		ids = append(ids, id)
	}
	if len(bad) > 0 {
		q.problems = append(q.problems, problem{
			typ: "uuid_type", loc: loc("query", "organization_id", "uuid"),
			msg: "UUID input should be a string, bytes or UUID object", input: input,
		})
		q.problems = append(q.problems, bad...)
	}
	return ids, true
}
