package surface

import (
	"maps"
	"slices"
	"testing"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
)

// schemas builds the surface of an operation that returns A.
func schemas(t *testing.T, yaml string) *Surface {
	t.Helper()
	doc, err := contract.Parse([]byte(`openapi: 3.1.0
paths: {/: {get: {operationId: a, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}}}
components:
  schemas:
` + yaml))
	if err != nil {
		t.Fatal(err)
	}
	return Build(doc)
}

func TestTypes(t *testing.T) {
	for _, test := range []struct{ schema, want string }{
		{`{type: string}`, "string"},
		{`{type: string, format: uuid4}`, "string"},
		{`{type: string, format: date-time}`, "string(date-time)"},
		{`{const: x}`, "string"},
		{`{type: array, items: {type: integer}}`, "[]integer"},
		{`{type: array, items: {anyOf: [{type: integer}, {type: "null"}]}}`, "[]*integer"},
		{`{type: array, prefixItems: [{type: string}, {type: integer}]}`, "(string, integer)"},
		{`{type: object}`, "map[string]any"},
		{`{type: object, additionalProperties: {type: array, items: {type: string}}}`, "map[string][]string"},
		{`{type: object, properties: {a: {type: string}}}`, "A.f"},
		{`{$ref: "#/components/schemas/B"}`, "B"},
		{`{anyOf: [{type: string}, {type: integer}]}`, "integer | string"},
		{`{oneOf: [{$ref: "#/components/schemas/B"}, {$ref: "#/components/schemas/C"}]}`, "A.f"},
		{`{anyOf: [{$ref: "#/components/schemas/B"}, {type: string}]}`, "B | string"},
		{`{type: [string, integer]}`, "string | integer"},
		{`true`, "any"},
		{`false`, "nothing"},
	} {
		s := schemas(t, "    A: {type: object, properties: {f: "+test.schema+"}}\n    B: {type: object, properties: {b: {type: string}}}\n    C: {type: object, properties: {c: {type: string}}}\n")
		if got := s.Types["A"].Fields["f"].Type; got != test.want {
			t.Errorf("%s is %s, want %s", test.schema, got, test.want)
		}
	}
	for _, null := range []string{`{anyOf: [{type: string}, {type: "null"}]}`, `{oneOf: [{type: "null"}, {type: string}]}`, `{type: [string, "null"]}`} {
		f := schemas(t, "    A: {type: object, properties: {f: "+null+"}}\n").Types["A"].Fields["f"]
		if !f.Nullable || f.Type != "string" {
			t.Errorf("%s is %+v", null, f)
		}
	}
}

// TestCircles reads schemas that contain themselves, by reference or in an anonymous
// schema. Reading them must end.
func TestCircles(t *testing.T) {
	for name, test := range map[string]struct {
		schemas string
		want    []string
	}{
		"a property":     {"    A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}\n", []string{"A"}},
		"a union":        {"    A: {anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}\n    B: {type: object, properties: {b: {$ref: '#/components/schemas/A'}}}\n", []string{"A"}},
		"two unions":     {"    A: {anyOf: [{$ref: '#/components/schemas/B'}]}\n    B: {anyOf: [{$ref: '#/components/schemas/A'}, {type: string}]}\n", []string{"A", "B"}},
		"a nested union": {"    A: {type: object, properties: {parts: {type: array, items: {anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}}}}\n    B: {type: object, properties: {b: {type: string}}}\n", []string{"A", "A.parts[]"}},
	} {
		got := slices.Sorted(maps.Keys(schemas(t, test.schemas).Types))
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: the types are %q, want %q", name, got, test.want)
		}
	}
}

// TestUnions checks that the variants of a union are one type.
func TestUnions(t *testing.T) {
	a := schemas(t, `    A: {oneOf: [{$ref: "#/components/schemas/B"}, {$ref: "#/components/schemas/C"}]}
    B: {type: object, required: [type, x, z], properties: {type: {const: b}, x: {type: string}, y: {type: string}, z: {$ref: "#/components/schemas/D"}}}
    C: {type: object, required: [type, x, z], properties: {type: {const: c}, x: {anyOf: [{type: string}, {type: "null"}]}, z: {$ref: "#/components/schemas/E"}}}
    D: {type: object, properties: {d: {type: string}}}
    E: {type: object, properties: {e: {type: string}}}
`).Types["A"]
	if !maps.Equal(a.Variants, map[string]string{"b": "B", "c": "C"}) {
		t.Errorf("the variants are %v", a.Variants)
	}
	if f := a.Fields["type"]; !slices.Equal(f.Values, []string{"b", "c"}) || !f.Required {
		t.Errorf("type is %+v", f)
	}
	if f := a.Fields["x"]; !f.Nullable || !f.Required {
		t.Errorf("x is %+v", f)
	}
	if f := a.Fields["y"]; f.Required || !slices.Equal(f.Variants, []string{"b"}) {
		t.Errorf("y is %+v", f)
	}
	if f := a.Fields["z"]; f.Type != "D | E" {
		t.Errorf("z is %+v", f)
	}
}
