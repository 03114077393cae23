package servicetest

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

	"github.com/polarexpress/polar-go/gen"
)

// undocumented are the fields that the service sends although its document omits them.
var undocumented = []string{
	"Benefit.is_tax_applicable",
	"Checkout.customer_billing_address_fields", "Checkout.customer_external_id", "Checkout.subtotal_amount",
	"Order.amount", "Order.from_balance_amount", "Order.product_price", "Order.product_price_id", "Order.user", "Order.user_id",
	"OrderSubscription.price", "OrderSubscription.price_id", "OrderSubscription.user", "OrderSubscription.user_id",
	"LicenseKey.user", "LicenseKey.user_id", "ValidatedLicenseKey.user", "ValidatedLicenseKey.user_id",
	"ProductPrice.price_per_seat",
	"Subscription.price", "Subscription.price_id", "Subscription.user", "Subscription.user_id",
}

// DifferencesJSON is [Differences] for a body. For an empty body it returns nil.
func DifferencesJSON(t testing.TB, body string, got any) []string {
	t.Helper()
	if body == "" || body == "null" {
		return nil
	}
	var want any
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	return Differences(want, got)
}

// Differences compares a response, decoded with UseNumber, with the Go value that it
// became. It reports each key that the value lacks or that has another value there.
func Differences(want, got any) []string {
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
		if (got.Kind() == reflect.Map || got.Kind() == reflect.Slice) && got.IsNil() {
			return nil
		}
		return differs // the Go value cannot tell null from zero
	}
	switch v := got.Interface().(type) {
	case time.Time:
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(want))
		if err != nil || !at.Equal(v) {
			return differs
		}
		return nil
	case gen.TaxID:
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
		case !slices.Contains(undocumented, got.Type().Name()+"."+key):
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
