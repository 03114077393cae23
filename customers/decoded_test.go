package customers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
)

// differences compares a response, decoded with UseNumber, with the value that it
// became, key by key, and reports what the value lacks or has otherwise.
func differences(want, got any) []string {
	if page, ok := want.(map[string]any); ok && page["pagination"] != nil {
		v := reflect.ValueOf(got).Elem()
		problems := compare("items", page["items"], v.FieldByName("Items"))
		totals, _ := page["pagination"].(map[string]any)
		problems = append(problems, compare("max_page", totals["max_page"], v.FieldByName("MaxPage"))...)
		problems = append(problems, compare("total_count", totals["total_count"], v.FieldByName("TotalCount"))...)
		if len(totals) != 2 {
			problems = append(problems, fmt.Sprintf("pagination has %v", slices.Sorted(maps.Keys(totals))))
		}
		return problems
	}
	return compare("", want, reflect.ValueOf(got))
}

func compare(path string, want any, got reflect.Value) []string {
	differs := []string{fmt.Sprintf("%s: the response has %v, the value %v", path, want, printable(got))}
	if got.Kind() == reflect.Pointer || got.Kind() == reflect.Interface {
		if got.IsNil() != (want == nil) {
			return differs
		}
		if want == nil {
			return nil
		}
		return compare(path, want, got.Elem())
	}
	if want == nil {
		return differs // a value cannot tell null from zero
	}
	switch v := got.Interface().(type) {
	case time.Time:
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(want))
		if err != nil || !at.Equal(v) {
			return differs
		}
		return nil
	case customers.TaxID:
		pair, _ := want.([]any)
		if !slices.Equal(pair, []any{v.Value, string(v.Format)}) {
			return differs
		}
		return nil
	case json.Number:
		want, ok := want.(json.Number)
		if !ok || v != want {
			return differs
		}
		return nil
	}
	switch want := want.(type) {
	case map[string]any:
		return compareObject(path, want, got)
	case []any:
		if got.Kind() != reflect.Slice || got.Len() != len(want) {
			return differs
		}
		var problems []string
		for i := range want {
			problems = append(problems, compare(fmt.Sprintf("%s[%d]", path, i), want[i], got.Index(i))...)
		}
		return problems
	case string:
		if got.Kind() != reflect.String || got.String() != want {
			return differs
		}
	case bool:
		if got.Kind() != reflect.Bool || got.Bool() != want {
			return differs
		}
	case json.Number:
		exact, ok := new(big.Rat).SetString(want.String())
		if !ok || !equalNumber(exact, got) {
			return differs
		}
	}
	return nil
}

func equalNumber(want *big.Rat, got reflect.Value) bool {
	have := new(big.Rat)
	switch {
	case got.CanInt():
		have.SetInt64(got.Int())
	case got.CanFloat():
		// The nearest float64 is all that a decimal fraction can become.
		nearest, _ := want.Float64()
		if got.Float() == nearest && !want.IsInt() {
			return true
		}
		have.SetFloat64(got.Float())
	default:
		return false
	}
	return have.Cmp(want) == 0
}

func compareObject(path string, want map[string]any, got reflect.Value) (problems []string) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		at := strings.TrimPrefix(path+"."+key, ".")
		value := reflect.Value{}
		switch got.Kind() {
		case reflect.Map:
			value = got.MapIndex(reflect.ValueOf(key))
		case reflect.Struct:
			value = field(got, key)
		}
		switch {
		case value.IsValid():
			problems = append(problems, compare(at, want[key], value)...)
		default:
			problems = append(problems, fmt.Sprintf("%s: no field for it in %v", at, got.Type()))
		}
	}
	if got.Kind() == reflect.Map && got.Len() != len(want) {
		problems = append(problems, fmt.Sprintf("%s: %d keys became %d", path, len(want), got.Len()))
	}
	return problems
}

// field returns the field with the JSON name key.
func field(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

func printable(v reflect.Value) any {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v.Interface()
}

// The comparison finds each kind of difference.
func TestDifferences(t *testing.T) {
	body := `{"id":"5b1e","type":"team","created_at":"2026-11-02T08:15:30.123456Z","email":null,"email_verified":true,"tax_id":["1","eu_vat"],"metadata":{"a":9007199254740993,"b":"x"}}`
	decode := func(into any) {
		d := json.NewDecoder(strings.NewReader(body))
		d.UseNumber()
		if err := d.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	for what, change := range map[string]func(want map[string]any, got *customers.Customer){
		"":     func(map[string]any, *customers.Customer) {},
		"id":   func(_ map[string]any, got *customers.Customer) { got.ID = "" },
		"type": func(_ map[string]any, got *customers.Customer) { got.Type = customers.TypeIndividual },
		"created_at": func(_ map[string]any, got *customers.Customer) {
			got.CreatedAt = got.CreatedAt.Truncate(time.Millisecond)
		},
		"email":          func(_ map[string]any, got *customers.Customer) { got.Email = new(string) },
		"email_verified": func(_ map[string]any, got *customers.Customer) { got.EmailVerified = false },
		"tax_id":         func(_ map[string]any, got *customers.Customer) { got.TaxID.Format = "" },
		"metadata.a":     func(_ map[string]any, got *customers.Customer) { got.Metadata["a"] = float64(9007199254740993) },
		"metadata.b":     func(_ map[string]any, got *customers.Customer) { delete(got.Metadata, "b") },
		"metadata":       func(_ map[string]any, got *customers.Customer) { got.Metadata["c"] = true },
		"new":            func(want map[string]any, _ *customers.Customer) { want["new"] = true },
		"modified_at":    func(want map[string]any, _ *customers.Customer) { want["modified_at"] = "2026-11-02T08:15:30Z" },
	} {
		var want map[string]any
		var got customers.Customer
		decode(&want)
		decode(&got)
		change(want, &got)
		problems := differences(want, &got)
		if found := len(problems) > 0 && strings.HasPrefix(problems[0], what+":"); found != (what != "") {
			t.Errorf("%q: got %q", what, problems)
		}
	}
}
