package gen

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Metadata is the seller's own data on an object: at most 50 pairs, keys of 1 to 40
// characters, and values that are a string of 1 to 500 characters, a number or a
// bool. An update replaces the whole map.
//
// Decoded values are string, bool, int64 for a number written as an integer,
// float64 for other numbers, and [json.Number] for an integer out of the range of
// int64, and for a number with an exponent and more than 15 digits. Integers and
// floats of any Go type may be sent.
type Metadata map[string]any

// UnmarshalJSON reads an object. Numbers keep their exact value, unlike those
// that encoding/json puts into an any.
func (m *Metadata) UnmarshalJSON(b []byte) error {
	if flat, ok := flatObject(string(b)); ok {
		*m = flat
		return nil
	}
	if string(b) == "null" {
		*m = nil
		return nil
	}
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("metadata: text after the object")
	}
	for k, v := range raw {
		if n, ok := v.(json.Number); ok {
			raw[k] = exactNumber(n)
		}
	}
	*m = raw
	return nil
}

// flatObject reads an object as the service sends it: strings, numbers and bools.
// The strings share the memory of text.
func flatObject(text string) (Metadata, bool) {
	s := scanner{text: text}
	if !s.next('{') {
		return nil, false
	}
	m := Metadata{}
	if s.next('}') {
		return m, s.end()
	}
	for {
		key, ok := s.string()
		if !ok || !s.next(':') {
			return nil, false
		}
		value, ok := s.value()
		if !ok {
			return nil, false
		}
		m[key] = value
		if s.next('}') {
			return m, s.end()
		}
		if !s.next(',') {
			return nil, false
		}
	}
}

func (s *scanner) value() (any, bool) {
	s.skip()
	if s.at < len(s.text) && s.text[s.at] == '"' {
		return s.string()
	}
	switch word := s.word(); {
	case word == "true":
		return true, true
	case word == "false":
		return false, true
	default:
		return exactNumber(json.Number(word)), number(word)
	}
}

// maxExactDigits is how many digits a float64 holds at any scale.
const maxExactDigits = 15

// exactNumber returns n as int64 or float64 where that loses nothing.
func exactNumber(n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(string(n), 64)
	mantissa, _, scaled := strings.Cut(strings.ToLower(string(n)), "e")
	switch {
	case err != nil, !scaled && !strings.Contains(mantissa, "."), scaled && len(mantissa) > maxExactDigits:
		return n
	}
	return f
}
