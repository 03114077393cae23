package customerstest

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The service is written in Python, and its JSON shows it: integers of any
// size, floats that keep their ".0", objects that keep the order in which
// their keys came, and parser messages of its own. encoding/json has none of
// these, hence a small reader and writer here.
//
// A value is nil, bool, string, *big.Int, float64, []any or *object.

// object is a JSON object that keeps the order of its keys.
type object struct {
	keys   []string
	values map[string]any
}

func newObject() *object { return &object{values: map[string]any{}} }

// obj builds an object from alternating keys and values.
func obj(pairs ...any) *object {
	o := newObject()
	for i := 0; i < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

func (o *object) get(key string) (any, bool) {
	v, ok := o.values[key]
	return v, ok
}

func (o *object) set(key string, v any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

func (o *object) len() int { return len(o.keys) }

// jsonError is a syntax error: where, counted in characters, and what.
type jsonError struct {
	offset int
	msg    string
}

func (e *jsonError) Error() string { return fmt.Sprintf("%s at %d", e.msg, e.offset) }

// errUnreadable is the service's answer to a body that cannot be decoded at
// all: bytes that are not UTF-8, or an integer of more digits than it reads.
var errUnreadable = errors.New("the body cannot be decoded")

// maxIntDigits is the longest integer that the service reads.
const maxIntDigits = 4300

// maxDepth bounds nesting, so that a hostile body cannot exhaust the stack.
const maxDepth = 900

func parseJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errUnreadable
	}
	p := &jsonParser{s: strings.TrimPrefix(string(data), "\ufeff")}
	p.space()
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.i != len(p.s) {
		return nil, p.fail(p.i, "Extra data")
	}
	return v, nil
}

type jsonParser struct {
	s string
	i int
}

func (p *jsonParser) fail(at int, msg string) error {
	return &jsonError{utf8.RuneCountInString(p.s[:min(at, len(p.s))]), msg}
}

func (p *jsonParser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\n\r", p.s[p.i]) >= 0 {
		p.i++
	}
}

var jsonWords = []struct {
	word  string
	value any
}{
	{"null", nil}, {"true", true}, {"false", false},
	{"NaN", math.NaN()}, {"Infinity", math.Inf(1)}, {"-Infinity", math.Inf(-1)},
}

func (p *jsonParser) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errUnreadable
	}
	if p.i >= len(p.s) {
		return nil, p.fail(p.i, "Expecting value")
	}
	switch p.s[p.i] {
	case '"':
		p.i++
		return p.str()
	case '{':
		p.i++
		return p.object(depth)
	case '[':
		p.i++
		return p.array(depth)
	}
	for _, w := range jsonWords {
		if strings.HasPrefix(p.s[p.i:], w.word) {
			p.i += len(w.word)
			return w.value, nil
		}
	}
	return p.number()
}

func (p *jsonParser) object(depth int) (any, error) {
	o := newObject()
	p.space()
	if p.peek('}') {
		return o, nil
	}
	for {
		if p.i >= len(p.s) || p.s[p.i] != '"' {
			return nil, p.fail(p.i, "Expecting property name enclosed in double quotes")
		}
		p.i++
		key, err := p.str()
		if err != nil {
			return nil, err
		}
		p.space()
		if !p.peek(':') {
			return nil, p.fail(p.i, "Expecting ':' delimiter")
		}
		p.space()
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.set(key, v)
		p.space()
		if p.peek('}') {
			return o, nil
		}
		comma := p.i
		if !p.peek(',') {
			return nil, p.fail(p.i, "Expecting ',' delimiter")
		}
		p.space()
		if p.i < len(p.s) && p.s[p.i] == '}' {
			return nil, p.fail(comma, "Illegal trailing comma before end of object")
		}
	}
}

func (p *jsonParser) array(depth int) (any, error) {
	list := []any{}
	p.space()
	if p.peek(']') {
		return list, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		p.space()
		if p.peek(']') {
			return list, nil
		}
		comma := p.i
		if !p.peek(',') {
			return nil, p.fail(p.i, "Expecting ',' delimiter")
		}
		p.space()
		if p.i < len(p.s) && p.s[p.i] == ']' {
			return nil, p.fail(comma, "Illegal trailing comma before end of array")
		}
	}
}

func (p *jsonParser) peek(c byte) bool {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *jsonParser) number() (any, error) {
	start := p.i
	end := start
	digits := func() int {
		n := 0
		for end < len(p.s) && p.s[end] >= '0' && p.s[end] <= '9' {
			end++
			n++
		}
		return n
	}
	if end < len(p.s) && p.s[end] == '-' {
		end++
	}
	if end < len(p.s) && p.s[end] == '0' {
		end++
	} else if digits() == 0 {
		return nil, p.fail(start, "Expecting value")
	}
	intEnd, isFloat := end, false
	if end < len(p.s) && p.s[end] == '.' {
		mark := end
		end++
		if digits() == 0 {
			end = mark
		} else {
			isFloat = true
		}
	}
	if end < len(p.s) && (p.s[end] == 'e' || p.s[end] == 'E') {
		mark := end
		end++
		if end < len(p.s) && (p.s[end] == '+' || p.s[end] == '-') {
			end++
		}
		if digits() == 0 {
			end = mark
		} else {
			isFloat = true
		}
	}
	p.i = end
	if isFloat {
		f, err := strconv.ParseFloat(p.s[start:end], 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, p.fail(start, "Expecting value")
		}
		return f, nil
	}
	text := p.s[start:intEnd]
	if len(strings.TrimPrefix(text, "-")) > maxIntDigits {
		return nil, errUnreadable
	}
	n, _ := new(big.Int).SetString(text, 10)
	return n, nil
}

// str reads the rest of a string, after its opening quote.
func (p *jsonParser) str() (string, error) {
	begin := p.i - 1
	var b strings.Builder
	for {
		if p.i >= len(p.s) {
			return "", p.fail(begin, "Unterminated string starting at")
		}
		c := p.s[p.i]
		switch {
		case c == '"':
			p.i++
			return b.String(), nil
		case c < 0x20:
			return "", p.fail(p.i, "Invalid control character at")
		case c != '\\':
			b.WriteByte(c)
			p.i++
		default:
			if err := p.escape(&b, begin); err != nil {
				return "", err
			}
		}
	}
}

var jsonEscapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *jsonParser) escape(b *strings.Builder, begin int) error {
	at := p.i
	p.i++
	if p.i >= len(p.s) {
		return p.fail(begin, "Unterminated string starting at")
	}
	c := p.s[p.i]
	if e, ok := jsonEscapes[c]; ok {
		p.i++
		b.WriteByte(e)
		return nil
	}
	if c != 'u' {
		return p.fail(at, "Invalid \\escape")
	}
	r, ok := p.hex4(p.i + 1)
	if !ok {
		return p.fail(p.i, "Invalid \\uXXXX escape")
	}
	p.i += 5
	if utf16.IsSurrogate(r) && strings.HasPrefix(p.s[p.i:], `\u`) {
		if low, ok := p.hex4(p.i + 2); ok {
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				p.i += 6
				r = full
			}
		}
	}
	b.WriteRune(r) // a lone surrogate becomes U+FFFD
	return nil
}

func (p *jsonParser) hex4(at int) (rune, bool) {
	if at+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[at:at+4], 16, 32)
	return rune(n), err == nil
}

// marshalJSON writes v the way the service does: compact, UTF-8 unescaped.
func marshalJSON(v any) []byte {
	var b bytes.Buffer
	jsonWriter{comma: ",", colon: ":"}.write(&b, v)
	return b.Bytes()
}

// marshalSpaced writes v as the service's OAuth errors are written: with a
// space after each separator.
func marshalSpaced(v any) []byte {
	var b bytes.Buffer
	jsonWriter{comma: ", ", colon: ": ", ascii: true}.write(&b, v)
	return b.Bytes()
}

type jsonWriter struct {
	comma, colon string
	ascii        bool
}

func (w jsonWriter) write(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		w.str(b, v)
	case int:
		b.WriteString(strconv.Itoa(v))
	case *big.Int:
		b.WriteString(v.String())
	case float64:
		b.WriteString(pythonFloat(v))
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteString(w.comma)
			}
			w.write(b, e)
		}
		b.WriteByte(']')
	case *object:
		if v == nil {
			b.WriteString("null")
			return
		}
		b.WriteByte('{')
		for i, k := range v.keys {
			if i > 0 {
				b.WriteString(w.comma)
			}
			w.str(b, k)
			b.WriteString(w.colon)
			w.write(b, v.values[k])
		}
		b.WriteByte('}')
	default:
		// Only the kinds above are ever built in this package.
		w.str(b, fmt.Sprint(v))
	}
}

func (w jsonWriter) str(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		default:
			switch {
			case r < 0x20, w.ascii && r >= 0x7f && r <= 0xffff:
				fmt.Fprintf(b, `\u%04x`, r)
			case w.ascii && r > 0xffff:
				hi, lo := utf16.EncodeRune(r)
				fmt.Fprintf(b, `\u%04x\u%04x`, hi, lo)
			default:
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
}

// pythonFloat is Python's repr of f, such as 1.0, 1e-07 and 1e+22.
func pythonFloat(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "null"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	_, exp, _ := strings.Cut(s, "e")
	n, _ := strconv.Atoi(exp)
	if n < -4 || n >= 16 {
		return s
	}
	s = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
