package python

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// SyntaxError is a syntax error in JSON, with the text of Python's parser.
type SyntaxError struct {
	// Offset is the position, counted in characters.
	Offset int
	// Msg is the text.
	Msg string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at %d", e.Msg, e.Offset) }

// ErrUnreadable means that the input cannot be decoded at all: it is not
// UTF-8, nests too deeply, or has an integer of more digits than Python reads.
var ErrUnreadable = errors.New("the JSON cannot be decoded")

// MaxIntDigits is the number of digits of the longest integer that Python reads.
const MaxIntDigits = 4300

// MaxDepth bounds nesting, so that hostile input cannot exhaust the stack.
const MaxDepth = 900

// ParseJSON reads one JSON value, as json.loads does. The error is a
// *SyntaxError or ErrUnreadable.
func ParseJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, ErrUnreadable
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
	return &SyntaxError{utf8.RuneCountInString(p.s[:min(at, len(p.s))]), msg}
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
	if depth > MaxDepth {
		return nil, ErrUnreadable
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
	o := NewObject()
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
		o.Set(key, v)
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
	if len(strings.TrimPrefix(text, "-")) > MaxIntDigits {
		return nil, ErrUnreadable
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
	writeRune(b, r)
	return nil
}

func (p *jsonParser) hex4(at int) (rune, bool) {
	if at+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[at:at+4], 16, 32)
	return rune(n), err == nil
}
