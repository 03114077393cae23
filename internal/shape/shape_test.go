package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func parse(t *testing.T, text string) object {
	t.Helper()
	var doc object
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// schemas returns the schemas of a document with the given ones, after merging.
func schemas(t *testing.T, text string) object {
	t.Helper()
	doc := object{"components": object{"schemas": parse(t, text)}, "paths": object{}}
	if err := merge(doc); err != nil {
		t.Fatal(err)
	}
	return at(doc, "components", "schemas")
}

func equal(t *testing.T, got any, want string) {
	t.Helper()
	var w any
	if err := yaml.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, w) {
		text, _ := json.Marshal(got)
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestMerge(t *testing.T) {
	s := schemas(t, `
Pet:
  x-polar-merge: true
  description: is a pet.
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
  discriminator: {propertyName: kind}
  properties:
    name: {description: is the name.}
    note: {type: string}
    extra: {x-go-type: any}
    kind: {x-polar-merge: PetKind}
    home: {x-polar-merge: Home}
Cat:
  required: [kind, name, lives, age]
  properties:
    kind: {const: cat, type: string}
    name: {type: string, maxLength: 10}
    lives: {type: integer}
    age: {type: integer, x-order: 2, x-go-type: int, description: is the age.}
    note: {type: integer}
    home: {$ref: '#/components/schemas/Basket'}
    color: {type: string, enum: [black, red]}
    mood: {type: string, const: calm}
    same: {$ref: '#/components/schemas/Basket'}
Dog:
  required: [kind, name, age]
  properties:
    kind: {const: dog, type: string}
    name: {anyOf: [{type: string}, {type: 'null'}]}
    age: {type: number, x-order: 2}
    note: {type: boolean}
    home: {anyOf: [{$ref: '#/components/schemas/Kennel'}, {type: 'null'}]}
    color: {type: string, const: brown}
    mood: {type: string, const: wild}
    same: {$ref: '#/components/schemas/Basket'}
Basket: {type: object, required: [size], properties: {size: {type: integer}, soft: {type: boolean}}}
Kennel: {type: object, required: [size], properties: {size: {type: integer}}}
Colors: {type: string, enum: [black, brown, red]}
PetMood: {type: string, enum: [calm, sleepy]}
`)
	equal(t, s["Pet"], `
type: object
description: is a pet.
required: [kind, name, age]
properties:
  age: {type: number, x-order: 2, description: is the age.}
  color: {$ref: '#/components/schemas/Colors'}
  extra: {x-go-type: any}
  home: {anyOf: [{$ref: '#/components/schemas/Home'}, {type: 'null'}]}
  kind: {$ref: '#/components/schemas/PetKind'}
  lives: {type: integer}
  mood: {$ref: '#/components/schemas/PetMood'}
  name: {anyOf: [{type: string, maxLength: 10}, {type: 'null'}], description: is the name.}
  note: {type: string}
  same: {$ref: '#/components/schemas/Basket'}
`)
	equal(t, s["PetKind"], `{type: string, enum: [cat, dog]}`)
	equal(t, s["Home"], `{type: object, required: [size], properties: {size: {type: integer}, soft: {type: boolean}}}`)
}

// A union without a name becomes a reference, even if it can be null or is part of
// its own variants.
func TestMergeInPlace(t *testing.T) {
	s := schemas(t, `
Filter:
  required: [clauses]
  properties:
    clauses: {type: array, items: {x-polar-merge: Condition, anyOf: [{$ref: '#/components/schemas/Filter'}, {$ref: '#/components/schemas/Clause'}]}}
Clause: {required: [value], properties: {value: {type: string}}}
A:
  properties:
    one: {x-polar-merge: Either, oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}, {type: 'null'}]}
    two: {x-polar-merge: Either, oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}
    three: {x-polar-merge: Nested, anyOf: [{properties: {c: {type: string}}}, {oneOf: [{properties: {d: {x-polar-merge: list, anyOf: [{type: string}, {type: array, items: {type: string}}, {type: 'null'}]}}}, {type: 'null'}]}]}
`)
	equal(t, s["Condition"], `{type: object, properties: {clauses: {type: array, items: {$ref: '#/components/schemas/Condition'}}, value: {type: string}}}`)
	equal(t, s["Filter"].(object)["properties"], `{clauses: {type: array, items: {$ref: '#/components/schemas/Condition'}}}`)
	equal(t, s["Either"], `{type: object, properties: {a: {type: string}, b: {type: string}}}`)
	equal(t, s["A"].(object)["properties"], `
one: {anyOf: [{$ref: '#/components/schemas/Either'}, {type: 'null'}]}
two: {$ref: '#/components/schemas/Either'}
three: {anyOf: [{$ref: '#/components/schemas/Nested'}, {type: 'null'}]}
`)
	equal(t, s["Nested"], `{type: object, properties: {c: {type: string}, d: {type: array, items: {type: string}}}}`)
}

func TestMergeRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{A: {x-polar-merge: true, type: string}}`: "A: x-polar-merge marks what is not a union",
		`{A: {x-polar-merge: true, oneOf: [{properties: {a: {type: string}}}, {properties: {a: {type: integer}}}]}}`:                                                                   `A: a: the variants differ ({"type":"string"}, {"type":"integer"}): define it in the overlay`,
		`{A: {x-polar-merge: true, oneOf: [{properties: {a: {type: string}}}, {type: string}]}}`:                                                                                       `A: {"type":"string"} is not an object with properties`,
		`{A: {x-polar-merge: true, oneOf: [{properties: {a: {type: string}}}, {properties: {}}], properties: {b: {description: x}}}}`:                                                  "A: the overlay describes b, which no variant has",
		`{A: {properties: {a: {x-polar-merge: list, anyOf: [{type: string}, {type: array, items: {type: integer}}]}}}}`:                                                                "A.properties.a: x-polar-merge: list marks what is not a value or a list of such values",
		`{A: {properties: {a: {x-polar-merge: A, oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}}}}`:                                                    "A.properties.a: A is another schema",
		`{A: {properties: {a: {x-polar-merge: B, oneOf: [{properties: {}}, {properties: {}}]}, b: {x-polar-merge: B, oneOf: [{properties: {c: {type: string}}}, {properties: {}}]}}}}`: "A.properties.b: another union is merged into a different B",
		`{A: {x-polar-merge: true, oneOf: [{properties: {b: {type: object, properties: {}}}}, {properties: {b: {type: object, properties: {c: {type: string}}}}}]}, AB: {}}`:           "A: b: the merged type would be named AB, which is the name of another",
	} {
		doc := object{"components": object{"schemas": parse(t, text)}, "paths": object{}}
		if err := merge(doc); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

const operations = `
paths:
  /v1/a/{id}:
    post:
      security: [{x: ['a:write', 'a:all']}, {y: ['a:write']}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Create'}}}}
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/ListResource_A_'}}}}}
    patch:
      description: changes an a.
      security: [{x: ['a:write']}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Update'}}}}
    get: {}
components:
  schemas:
    ListResource_A_: {properties: {items: {type: array, items: {$ref: '#/components/schemas/A'}}}}
    A: {x-go-name: Alpha, properties: {name: {anyOf: [{type: string}, {type: 'null'}]}, legacy: {type: boolean, const: true}}}
    Kind: {type: string, enum: [a]}
    Create:
      required: [must]
      properties:
        must: {type: string}
        name: {anyOf: [{type: string, maxLength: 3}, {type: 'null'}]}
        kind: {$ref: '#/components/schemas/Kind'}
        when: {anyOf: [{type: string, format: date-time}, {type: 'null'}]}
        count: {anyOf: [{type: integer}, {type: 'null'}]}
        own: {x-go-type: any}
    Update:
      required: [must]
      properties:
        must: {anyOf: [{type: string}, {type: 'null'}]}
        name: {anyOf: [{type: string}, {type: 'null'}]}
        kind: {anyOf: [{$ref: '#/components/schemas/Kind'}, {type: 'null'}]}
        alpha: {anyOf: [{$ref: '#/components/schemas/New'}, {type: 'null'}]}
        when: {anyOf: [{type: string, format: date-time}, {type: 'null'}]}
        count: {anyOf: [{type: integer}, {type: 'null'}]}
        rate: {anyOf: [{type: number}, {type: 'null'}]}
        on: {anyOf: [{type: boolean}, {type: 'null'}]}
        off: {type: boolean}
        data: {type: object, x-go-type: Metadata}
        ids: {anyOf: [{type: array, items: {type: string}}, {type: 'null'}]}
        set: {x-go-type: 'nullable.Nullable[A]', anyOf: [{$ref: '#/components/schemas/New'}, {type: 'null'}]}
    New: {x-go-name: Newer, properties: {name: {anyOf: [{type: string}, {type: 'null'}]}}}
`

func TestRequests(t *testing.T) {
	doc := parse(t, operations)
	openConstants(doc)
	requests(doc)
	s := at(doc, "components", "schemas")
	equal(t, at(s, "A", "properties"), `{name: {anyOf: [{type: string}, {type: 'null'}]}, legacy: {type: boolean, x-go-type-skip-optional-pointer: true}}`)
	equal(t, at(s, "Create", "properties"), `
must: {type: string}
name: {type: string, maxLength: 3, x-go-type-skip-optional-pointer: true}
kind: {$ref: '#/components/schemas/Kind', x-go-type-skip-optional-pointer: true}
when: {anyOf: [{type: string, format: date-time}, {type: 'null'}]}
count: {anyOf: [{type: integer}, {type: 'null'}]}
own: {x-go-type: any}
`)
	equal(t, at(s, "New", "properties"), `{name: {type: string, x-go-type-skip-optional-pointer: true}}`) // a value within the body of a PATCH
	got := map[string]string{}
	for name, property := range at(s, "Update", "properties") {
		property := property.(object)
		kind := goType(property)
		if property["x-omitzero"] == true && property["x-omitempty"] == false {
			kind += " omitzero"
		}
		got[name] = kind
	}
	want := map[string]string{
		"must": "", "off": "", "name": "nullable.Nullable[string]", "kind": "nullable.Nullable[Kind]", "alpha": "nullable.Nullable[Newer]",
		"when": "nullable.Nullable[time.Time]", "count": "nullable.Nullable[int]", "rate": "nullable.Nullable[float64]",
		"on": "nullable.Nullable[bool]", "data": "Metadata omitzero", "ids": " omitzero", "set": "nullable.Nullable[A]",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDescribe(t *testing.T) {
	doc := parse(t, operations)
	nameLists(doc)
	describe(doc)
	if got := at(doc, "components", "schemas", "ListResource_A_")["x-go-name"]; got != "AlphaList" {
		t.Errorf("the list is called %v", got)
	}
	for name, want := range map[string]string{"ListResource_Union_A_B__": "UnionABList", "ListResource_Kind_": "KindList"} {
		doc := parse(t, operations)
		at(doc, "components", "schemas")[name] = object{}
		nameLists(doc)
		if got := at(doc, "components", "schemas", name)["x-go-name"]; got != want {
			t.Errorf("%s is called %v, want %s", name, got, want)
		}
	}
	item := at(doc, "paths", "/v1/a/{id}")
	for method, want := range map[string]string{
		"post":  "Scopes: a:all or a:write (any one is enough).\n\nAPI: POST /v1/a/{id}",
		"patch": "changes an a.\n\nScopes: a:write.\n\nAPI: PATCH /v1/a/{id}",
		"get":   "Scopes: none.\n\nAPI: GET /v1/a/{id}",
	} {
		if got := at(item, method)["description"]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Each union of the contract that the overlay merges keeps every property of every
// variant.
func TestContract(t *testing.T) {
	folder := filepath.Join("..", "..", "openapi")
	text, err := os.ReadFile(filepath.Join(folder, "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	published := at(parse(t, string(text)), "components", "schemas")
	file := filepath.Join(t.TempDir(), "shaped.json")
	if err := run(filepath.Join(folder, "polar.yaml"), filepath.Join(folder, "overlay.yaml"), file); err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(file); err != nil {
		t.Fatal(err)
	}
	var doc object
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	shaped := at(doc, "components", "schemas")
	m := merger{schemas: published}
	unions := 0
	for _, name := range slices.Sorted(maps.Keys(published)) {
		variants, _ := m.alternatives(published[name].(object))
		if len(variants) < 2 || at(shaped, name, "properties") == nil {
			continue
		}
		unions++
		for _, variant := range variants {
			for property := range at(m.resolve(variant), "properties") {
				if at(shaped, name, "properties", property) == nil {
					t.Errorf("%s has lost %s of %s", name, property, label(variant))
				}
			}
		}
	}
	if unions < 20 {
		t.Errorf("the test covers only %d unions", unions)
	}
}

func TestRunRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	contract := write("contract.yaml", "openapi: 3.1.0\npaths: {/a: {get: {security: []}}}\n")
	overlay := func(actions string) string {
		return write("overlay.yaml", "overlay: 1.1.0\nx-speakeasy-jsonpath: rfc9535\ninfo: {title: T, version: '1'}\nactions: ["+actions+"]\n")
	}
	out := filepath.Join(dir, "shaped.json")
	if err := run(contract, overlay("{target: \"$.paths['/a'].get\", update: {x: y}}"), out); err != nil {
		t.Fatal(err)
	}
	for actions, want := range map[string]string{
		"{target: $.webhooks, remove: true}":                                            "did not match any targets",
		"{target: $.openapi, update: 3.1.0}":                                            "does nothing",
		"{target: \"$.paths['/a'].get\", update: {a: {x-polar-merge: B, type: array}}}": "x-polar-merge marks what is not a union",
		"": "must define at least one action",
	} {
		if err := run(contract, overlay(actions), out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", actions, err, want)
		}
	}
	good := overlay("{target: \"$.paths['/a'].get\", update: {x: y}}")
	for _, args := range [][3]string{{out + "x", good, out}, {contract, out + "x", out}, {write("bad", ":["), good, out}, {contract, good, dir}} {
		if err := run(args[0], args[1], args[2]); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}
