package gen

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Metadata is the seller's own data on an object: at most 50 pairs, keys of 1
// to 40 characters, values that are a string of 1 to 500 characters, a number
// or a bool. Updating it replaces the whole map.
//
// Decoded values are string, bool, int64 for a number that is written as an
// integer, float64 for any other number, and [json.Number] for a number that
// neither holds exactly. Integers of any Go type may be sent.
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

// exactNumber returns n as int64 or float64 where that loses nothing.
func exactNumber(n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || !strings.ContainsAny(string(n), ".eE") {
		return n
	}
	return f
}

// Validate reports the first thing that the service would refuse: the number of
// pairs, the length of a key or of a string, a type that it does not store. The
// error names neither key nor value.
func (m Metadata) Validate() error {
	if len(m) > 50 {
		return errors.New("has more than 50 pairs")
	}
	for k, v := range m {
		if n := utf8.RuneCountInString(k); n < 1 || n > 40 {
			return errors.New("has a key that is not 1 to 40 characters long")
		}
		if strings.ContainsRune(k, 0) {
			return errors.New("has a key with a NUL character")
		}
		if err := validateValue(v); err != nil {
			return err
		}
	}
	return nil
}

func validateValue(v any) error {
	switch v := reflect.ValueOf(v); {
	case v.Kind() == reflect.String:
		if n := utf8.RuneCountInString(v.String()); n < 1 || n > 500 {
			return errors.New("has a string that is not 1 to 500 characters long")
		}
		if strings.ContainsRune(v.String(), 0) {
			return errors.New("has a string with a NUL character")
		}
	case v.Kind() == reflect.Bool, v.CanInt(), v.CanUint():
	case v.CanFloat():
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
			return errors.New("has a number that is infinite or not a number")
		}
	default:
		return errors.New("has a value that is no string, number or bool")
	}
	return nil
}
