package gen

import (
	"bytes"
	"encoding/json"
	"strconv"
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
	for k, v := range raw {
		if n, ok := v.(json.Number); ok {
			raw[k] = exactNumber(n)
		}
	}
	*m = raw
	return nil
}

// exactNumber returns n as int64 or float64 where that loses nothing.
func exactNumber(n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || !bytes.ContainsAny([]byte(n), ".eE") {
		return n
	}
	return f
}
