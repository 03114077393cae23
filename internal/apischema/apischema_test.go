package apischema

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/polarexpress/polar-go/openapi"
)

// Every operation and schema equals the one that kin-openapi's own loader reads.
func TestReadsTheWholeContract(t *testing.T) {
	loaded, err := openapi3.NewLoader().LoadFromData(openapi.Contract())
	if err != nil {
		t.Fatal(err)
	}
	d := New(string(openapi.Contract()))
	if len(d.schemas) != len(loaded.Components.Schemas) {
		t.Errorf("%d schemas, want %d", len(d.schemas), len(loaded.Components.Schemas))
	}
	for name, want := range loaded.Components.Schemas {
		got := d.Schema(name)
		if got == nil {
			t.Errorf("no schema %s", name)
			continue
		}
		a, b := normal(t, got.Value), normal(t, want.Value)
		if a != b {
			t.Errorf("%s:\n got %s\nwant %s", name, a, b)
		}
	}
	n := 0
	for path, item := range loaded.Paths.Map() {
		for method, want := range item.Operations() {
			n++
			got, err := d.Operation(method, path)
			if err != nil || got == nil || got.ID != want.OperationID || len(got.Params) != len(want.Parameters)+len(item.Parameters) || (got.Body != nil) != (want.RequestBody != nil && want.RequestBody.Value.Content["application/json"] != nil) || len(got.Responses) != want.Responses.Len() {
				t.Errorf("%s %s: %+v, %v", method, path, got, err)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d operations", n)
	}
}

// normal writes a schema as JSON, with the features of OpenAPI 3.1 in the form that
// fill gives them.
func normal(t *testing.T, s *openapi3.Schema) string {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	rewrite(v)
	data, _ = json.Marshal(v)
	return string(data)
}

func rewrite(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			rewrite(e)
		}
	case map[string]any:
		if c, ok := v["const"]; ok {
			v["enum"] = []any{c}
		}
		if tuple, ok := v["prefixItems"]; ok {
			v["items"] = map[string]any{"anyOf": tuple}
		}
		for key := range v {
			if v["$ref"] != nil && key != "$ref" {
				delete(v, key) // kin-openapi ignores the keys beside a reference
			}
			if key == "nullable" || key == "prefixItems" || key == "propertyNames" || key == "readOnly" || key == "writeOnly" || key == "deprecated" || strings.HasPrefix(key, "x-") {
				delete(v, key)
			}
		}
		for _, e := range v {
			rewrite(e)
		}
	}
}
