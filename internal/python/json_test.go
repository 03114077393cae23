package python

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzJSON compares the reader with the standard library's, where both must agree, and
// reads the writer's output.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e10,"\u00e9\ud83d\ude00",null,true]}`, `{"a":1,"a":2}`, `[NaN]`, `{"k":01}`, `"\ud800"`, `-0.0`, `1e400`, "\"\t\"", `[1,]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := ParseJSON(data)
		if err != nil {
			if json.Valid(data) && !tooMuch(string(data)) {
				t.Errorf("valid JSON is refused: %v", err)
			}
			return
		}
		written := MarshalJSON(v)
		if !json.Valid(written) {
			t.Fatalf("wrote %s", written)
		}
		again, err := ParseJSON(written)
		if err != nil || string(MarshalJSON(again)) != string(written) {
			t.Errorf("%s comes back as %s, %v", written, MarshalJSON(again), err)
		}
	})
}

// tooMuch reports whether valid JSON exceeds the service's limits: it has integers of
// thousands of digits, or hundreds of levels.
func tooMuch(s string) bool {
	digits := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			digits = 0
			continue
		}
		if digits++; digits > MaxIntDigits {
			return true
		}
	}
	return strings.Count(s, "[")+strings.Count(s, "{") > MaxDepth || strings.ContainsRune(s, '\ufffd')
}
