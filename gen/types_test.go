package gen_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/gen"
)

func TestTaxID(t *testing.T) {
	for text, want := range map[string]gen.TaxID{
		`["FR61954506077","eu_vat"]`:           {Value: "FR61954506077", Format: gen.TaxIDFormatEuVat},
		" [ \"911144442\" ,\n\"us_ein\" ] ":    {Value: "911144442", Format: gen.TaxIDFormatUsEin},
		`["1","mars_vat"]`:                     {Value: "1", Format: "mars_vat"},
		`["1","eu_vat","2027-01-01",5,{},[1]]`: {Value: "1", Format: "eu_vat"},
		`["\u0041\"","eu_vat"]`:                {Value: `A"`, Format: "eu_vat"},
		`["ü","eu_vat"]`:                       {Value: "ü", Format: "eu_vat"},
	} {
		var got gen.TaxID
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{`[]`, `["1"]`, `[1,2]`, `["1",2]`, `{}`, `"x"`, `5`} {
		got := gen.TaxID{Value: "before"}
		if err := json.Unmarshal([]byte(text), &got); err == nil || got.Value != "before" {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	b, err := json.Marshal(gen.TaxID{Value: "FR61954506077", Format: gen.TaxIDFormatEuVat})
	if err != nil || string(b) != `["FR61954506077","eu_vat"]` {
		t.Errorf("encodes to %s, %v", b, err)
	}
}

// A null tax ID is no tax ID.
func TestTaxIDNull(t *testing.T) {
	c := gen.Customer{TaxID: &gen.TaxID{Value: "1"}}
	if err := json.Unmarshal([]byte(`{"tax_id":null}`), &c); err != nil || c.TaxID != nil {
		t.Errorf("got %+v, %v", c.TaxID, err)
	}
}

func TestMetadataDecode(t *testing.T) {
	for text, want := range map[string]gen.Metadata{
		`null`:                         nil,
		`{}`:                           {},
		` { "a" : "x" , "b" : true } `: {"a": "x", "b": true},
		`{"a":3,"b":-3,"c":0}`:         {"a": int64(3), "b": int64(-3), "c": int64(0)},
		`{"a":1.5,"b":1e3,"c":1.0}`:    {"a": 1.5, "b": 1000.0, "c": 1.0},
		`{"a":9007199254740993}`:       {"a": int64(9007199254740993)},
		`{"a":9223372036854775807}`:    {"a": int64(math.MaxInt64)},
		`{"a":9223372036854775808}`:    {"a": json.Number("9223372036854775808")},
		`{"a":1e400}`:                  {"a": json.Number("1e400")},
		`{"a":"x","a":"y"}`:            {"a": "y"},
		`{"a\n":"\u00fc\ud83d\ude00"}`: {"a\n": "ü😀"},
		`{"a":null}`:                   {"a": nil},
		`{"a":[1,{"b":2}]}`:            {"a": []any{json.Number("1"), map[string]any{"b": json.Number("2")}}},
		`{"":""}`:                      {"": ""},
	} {
		got := gen.Metadata{"before": true}
		if err := json.Unmarshal([]byte(text), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, %v", text, got, err)
		}
	}
	for _, text := range []string{`[]`, `"x"`, `5`, `true`} {
		var got gen.Metadata
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s: got %#v", text, got)
		}
	}
}

// Metadata reads what encoding/json reads, in spite of its shortcuts.
func FuzzMetadata(f *testing.F) {
	for _, s := range []string{`null`, `{}`, `{"a":"x","b":true,"c":false,"d":-1.5e3,"e":9223372036854775808}`, `{"a":"x" ,"a":1}`, `{"a":nullx}`, `{"a":01}`, `{"a":tru}`, `{"a":1,}`, `{"a" "b"}`, "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, `{"a":[1]}`, `{"a":1}x`, ` {"a":1} `, `{"a":-0}`, `{"a":.5}`, `{"a":+1}`, `{"a":0x1}`, `{"a":1_0}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var raw map[string]any
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		wantErr := d.Decode(&raw)
		if wantErr == nil {
			_, wantErr = d.Token()
			if wantErr == io.EOF {
				wantErr = nil
			} else if wantErr == nil {
				wantErr = io.ErrUnexpectedEOF
			}
		}
		for _, unmarshal := range []func([]byte, *gen.Metadata) error{
			func(b []byte, m *gen.Metadata) error { return json.Unmarshal(b, m) },
			func(b []byte, m *gen.Metadata) error { return m.UnmarshalJSON(b) },
		} {
			var m gen.Metadata
			err := unmarshal(b, &m)
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("%q: got %v, encoding/json %v", b, err, wantErr)
			}
			if err != nil {
				continue
			}
			if len(m) != len(raw) || (m == nil) != (raw == nil) {
				t.Fatalf("%q: got %v, want %v", b, m, raw)
			}
			for k, want := range raw {
				if n, ok := want.(json.Number); ok {
					if !sameNumber(m[k], n) {
						t.Errorf("%q: %q is %#v, want %v", b, k, m[k], n)
					}
				} else if !reflect.DeepEqual(m[k], want) {
					t.Errorf("%q: %q is %#v, want %#v", b, k, m[k], want)
				}
			}
			if _, err := json.Marshal(m); err != nil {
				t.Errorf("%q: %v", b, err)
			}
		}
	})
}

func sameNumber(got any, want json.Number) bool {
	switch got := got.(type) {
	case int64:
		i, err := want.Int64()
		return err == nil && i == got
	case float64:
		f, err := want.Float64()
		return err == nil && f == got && strings.ContainsAny(want.String(), ".eE")
	case json.Number:
		_, err := want.Float64()
		return got == want && (err != nil || !strings.ContainsAny(want.String(), ".eE"))
	}
	return false
}

func FuzzTaxID(f *testing.F) {
	for _, s := range []string{`["1","eu_vat"]`, `["1"]`, `["\u0041","x",null]`, "[\"\xff\",\"x\"]", `["a","b"]]`, `null`, `[ "a" , "b" ] `, `["a","b"x]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var list []any
		valid := json.Unmarshal(b, &list) == nil && len(list) >= 2
		var got gen.TaxID
		if err := got.UnmarshalJSON(b); err != nil {
			if valid && isText(list[0]) && isText(list[1]) {
				t.Errorf("%q: %v", b, err)
			}
			return
		}
		if !valid || text(list[0]) != got.Value || text(list[1]) != string(got.Format) {
			t.Errorf("%q: got %+v", b, got)
		}
	})
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

// text is what encoding/json puts into a string: null leaves it empty.
func text(v any) string {
	s, _ := v.(string)
	return s
}
