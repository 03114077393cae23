package servicetest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/internal/servicetest"
)

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
		problems := servicetest.Differences(want, &got)
		if found := len(problems) > 0 && strings.HasPrefix(problems[0], what+":"); found != (what != "") {
			t.Errorf("%q: got %q", what, problems)
		}
	}
}
