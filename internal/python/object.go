// Package python reads and writes data as Python's standard library does:
// JSON, CSV, query strings, repr. Polar's server is written in Python, and all
// of these show on the wire: integers of any size, floats that keep their ".0",
// objects that keep the order of their keys, and the texts of parser errors.
//
// A JSON value is nil, bool, string, *big.Int, float64, []any or *Object.
// A string with a lone surrogate, which Python allows, holds it in the three
// bytes that UTF-8 would use if it allowed them; see [Encodable].
package python

import (
	"iter"
	"maps"
	"slices"
)

// Object is a JSON object that keeps the order of its keys.
type Object struct {
	keys   []string
	values map[string]any
}

// NewObject builds an object from alternating keys and values.
func NewObject(pairs ...any) *Object {
	o := &Object{values: make(map[string]any, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// Get returns the value of a key, and whether the object has the key.
func (o *Object) Get(key string) (any, bool) {
	v, ok := o.values[key]
	return v, ok
}

// Value returns the value of a key, nil if the object does not have it.
func (o *Object) Value(key string) any { return o.values[key] }

// Text returns the value of a key if it is a string.
func (o *Object) Text(key string) string {
	s, _ := o.values[key].(string)
	return s
}

// Set sets the value of a key. A new key comes last.
func (o *Object) Set(key string, v any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

// Len is the number of keys.
func (o *Object) Len() int { return len(o.keys) }

// Keys returns the keys in their order.
func (o *Object) Keys() []string { return slices.Clone(o.keys) }

// All iterates over keys and values in their order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, k := range o.keys {
			if !yield(k, o.values[k]) {
				return
			}
		}
	}
}

// SortKeys orders the keys.
func (o *Object) SortKeys(compare func(a, b string) int) { slices.SortFunc(o.keys, compare) }

// Clone returns a shallow copy.
func (o *Object) Clone() *Object {
	return &Object{keys: slices.Clone(o.keys), values: maps.Clone(o.values)}
}

// Delete removes a key.
func (o *Object) Delete(key string) {
	if _, ok := o.values[key]; ok {
		delete(o.values, key)
		o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
	}
}
