// Package python reads and writes data as Python's standard library does: JSON, CSV,
// query strings, repr. Polar's server is written in Python, and this is visible on the
// wire: integers have any size, floats keep their ".0", objects keep the order of their
// keys, and parser errors have Python's texts.
//
// A JSON value is nil, bool, string, *big.Int, float64, []any or *Object. Python allows
// lone surrogates in strings. A string here holds one in the three bytes that UTF-8
// would use if it allowed surrogates; see [Encodable].
package python

import (
	"iter"
	"slices"
	"sync/atomic"
)

// Object is a JSON object that keeps the order of its keys.
type Object struct {
	keys   *keys
	values []any
}

// keys are the keys of an object and of its clones. A clone that gets another key
// copies them first.
type keys struct {
	list   []string
	at     atomic.Pointer[map[string]int] // nil until needed
	shared atomic.Bool
}

// fewKeys is the number of keys up to which a linear search is faster than a map.
const fewKeys = 8

// find returns the position of a key, or -1.
func (k *keys) find(key string) int {
	if len(k.list) <= fewKeys {
		return slices.Index(k.list, key)
	}
	at := k.at.Load()
	if at == nil {
		m := make(map[string]int, len(k.list))
		for i, key := range k.list {
			m[key] = i
		}
		at = &m
		k.at.Store(at)
	}
	if i, ok := (*at)[key]; ok {
		return i
	}
	return -1
}

// with returns the keys with another one added.
func (k *keys) with(key string) *keys {
	if k.shared.Load() {
		k = &keys{list: slices.Clone(k.list)}
	}
	if at := k.at.Load(); at != nil {
		(*at)[key] = len(k.list)
	}
	k.list = append(k.list, key)
	return k
}

// NewObject builds an object from alternating keys and values.
func NewObject(pairs ...any) *Object {
	o := &Object{keys: &keys{list: make([]string, 0, len(pairs)/2)}, values: make([]any, 0, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// Get returns the value of a key, and whether the object has the key.
func (o *Object) Get(key string) (any, bool) {
	if i := o.keys.find(key); i >= 0 {
		return o.values[i], true
	}
	return nil, false
}

// Value returns the value of a key, or nil if the object does not have the key.
func (o *Object) Value(key string) any {
	v, _ := o.Get(key)
	return v
}

// Text returns the value of a key if it is a string, else "".
func (o *Object) Text(key string) string {
	s, _ := o.Value(key).(string)
	return s
}

// Set sets the value of a key. A new key comes last.
func (o *Object) Set(key string, v any) {
	if i := o.keys.find(key); i >= 0 {
		o.values[i] = v
		return
	}
	o.keys = o.keys.with(key)
	o.values = append(o.values, v)
}

// Len is the number of keys.
func (o *Object) Len() int { return len(o.values) }

// Keys returns the keys in their order.
func (o *Object) Keys() []string { return slices.Clone(o.keys.list) }

// All iterates over keys and values in their order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		values := o.values
		for i, k := range o.keys.list[:len(values)] {
			if !yield(k, values[i]) {
				return
			}
		}
	}
}

// SortKeys orders the keys.
func (o *Object) SortKeys(compare func(a, b string) int) {
	list := o.Keys()
	slices.SortFunc(list, compare)
	values := make([]any, len(list))
	for i, k := range list {
		values[i] = o.Value(k)
	}
	o.keys, o.values = &keys{list: list}, values
}

// Clone returns a shallow copy.
func (o *Object) Clone() *Object {
	if !o.keys.shared.Load() {
		o.keys.shared.Store(true)
	}
	return &Object{keys: o.keys, values: slices.Clone(o.values)}
}

// Pick returns an object with those keys of the list that o has.
func (o *Object) Pick(list []string) *Object {
	out := &Object{values: make([]any, 0, len(list))}
	for i, key := range list {
		v, ok := o.Get(key)
		if !ok {
			list = slices.Delete(slices.Clone(list), i, i+1)
			return o.Pick(list)
		}
		out.values = append(out.values, v)
	}
	out.keys = &keys{list: slices.Clip(list)}
	return out
}

// Delete removes a key.
func (o *Object) Delete(key string) {
	if i := o.keys.find(key); i >= 0 {
		o.keys = &keys{list: slices.Delete(o.Keys(), i, i+1)}
		o.values = slices.Delete(slices.Clone(o.values), i, i+1)
	}
}
