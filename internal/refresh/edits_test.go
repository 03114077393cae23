package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// A document is edited through paths of keys, which spaces separate because keys contain
// slashes and dots.
type document struct {
	t    testing.TB
	root map[string]any
}

func readThings(t testing.TB) document {
	t.Helper()
	data, err := os.ReadFile("testdata/things.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := contract.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return document{t, doc}
}

func (d document) object(path string) map[string]any {
	d.t.Helper()
	m := d.root
	for key := range strings.FieldsSeq(path) {
		next, ok := m[key].(map[string]any)
		if !ok {
			d.t.Fatalf("%s: there is no object %s", path, key)
		}
		m = next
	}
	return m
}

func (d document) split(path string) (map[string]any, string) {
	i := strings.LastIndex(path, " ")
	return d.object(path[:max(i, 0)]), path[i+1:]
}

func (d document) set(path, yaml string) {
	m, key := d.split(path)
	m[key] = d.value(yaml)
}

func (d document) remove(path string) {
	m, key := d.split(path)
	if _, ok := m[key]; !ok {
		d.t.Fatalf("%s: there is nothing to remove", path)
	}
	delete(m, key)
}

func (d document) add(path, yaml string) {
	m, key := d.split(path)
	m[key] = append(m[key].([]any), d.value(yaml))
}

func (d document) drop(path, yaml string) {
	m, key := d.split(path)
	l, want := m[key].([]any), fmt.Sprint(d.value(yaml))
	left := slices.DeleteFunc(slices.Clone(l), func(v any) bool { return fmt.Sprint(v) == want })
	if len(left) == len(l) {
		d.t.Fatalf("%s: there is no %s", path, yaml)
	}
	m[key] = left
}

func (d document) move(from, to string) {
	m, key := d.split(from)
	v := m[key]
	d.remove(from)
	m, key = d.split(to)
	m[key] = v
}

func (d document) parameter(path, name string) map[string]any {
	for _, p := range d.object(path)["parameters"].([]any) {
		if p := p.(map[string]any); p["name"] == name {
			return p
		}
	}
	d.t.Fatalf("%s: there is no parameter %s", path, name)
	return nil
}

// value reads a value in YAML.
func (d document) value(yaml string) any {
	doc, err := contract.Parse([]byte("openapi: 3.1.0\nvalue: " + yaml))
	if err != nil {
		d.t.Fatal(err)
	}
	return doc["value"]
}

// source has methods for the operations of the small document.
var source = &guard.Source{Services: []*guard.Package{{Name: "things", Methods: []guard.Method{
	{Name: "Client.List", At: "customers/list.go", API: "GET /v1/things/", Scopes: "things:read or things:write (any one is enough)."},
	{Name: "Client.Create", At: "customers/create.go", API: "POST /v1/things/", Scopes: "things:write."},
	{Name: "Client.Get", At: "customers/get.go", API: "GET /v1/things/{id}", Scopes: "things:read or things:write (any one is enough)."},
	{Name: "Client.Update", At: "customers/update.go", API: "PATCH /v1/things/{id}", Scopes: "things:write."},
	{Name: "Client.Delete", At: "customers/delete.go", API: "DELETE /v1/things/{id}", Scopes: "things:write."},
}}}}

const (
	one    = "paths /v1/things/{id}"
	many   = "paths /v1/things/"
	schema = "components schemas "
)

var both = []string{schema + "Box ", schema + "Ball "}

// edits are edits of the small document, with all resulting changes and a part of the
// steps for the first change.
var edits = []struct {
	name string
	edit func(document)
	want []string
	step string
}{
	{"add a field to all variants", func(d document) {
		for _, v := range both {
			d.set(v+"properties weight", "{type: number}")
		}
	}, []string{"additive: Thing: the field weight is new"},
		"words: describe it; target $.components.schemas.Thing.properties, key weight"},
	{"add a field to one variant", func(d document) { d.set(schema+"Ball properties bounce", "{type: number}") },
		[]string{"additive: Thing: the field bounce is new, in ball only"},
		"mark the union Thing with x-polar-merge, unless it is"},
	{"remove a field from all variants", func(d document) {
		for _, v := range both {
			d.remove(v + "properties size")
			d.drop(v+"required", "size")
		}
	}, []string{"breaking: Thing: the field size was removed"},
		"remove size from the actions that name it in Thing"},
	{"remove a field from one variant", func(d document) { d.remove(schema + "Ball properties title") },
		[]string{"invisible: Thing: the field title is in box, was in ball, box"}, ""},
	{"remove a required field from one variant", func(d document) {
		d.remove(schema + "Ball properties size")
		d.drop(schema+"Ball required", "size")
	}, []string{"breaking: Thing: the field size may be missing", "invisible: Thing: the field size is in box, was in ball, box"},
		"check that the actions for Thing.size still apply"},
	{"rename a field", func(d document) { d.move(schema+"ThingList properties total", schema+"ThingList properties count") },
		[]string{"breaking: ThingList: the field total was removed", "additive: ThingList: the field count is new"},
		"CHANGELOG.md: list it under breaking changes"},
	{"rename a field unlike all others", func(d document) {
		d.move(schema+"Problem properties detail", schema+"Problem properties reason")
	}, []string{"breaking: Problem: the field detail was removed, perhaps renamed to reason", "additive: Problem: the field reason is new"},
		"remove detail from the actions"},
	{"make a field of responses optional", func(d document) { d.drop(schema+"ThingList required", "total") },
		[]string{"breaking: ThingList: the field total may be missing"}, "still apply"},
	{"make a field of responses required", func(d document) { d.add(schema+"Problem required", "detail") },
		[]string{"breaking: Problem: the field detail is always present"}, "still apply"},
	{"make a nullable field of responses optional", func(d document) {
		for _, v := range both {
			d.drop(v+"required", "name")
		}
	}, []string{"invisible: Thing: the field name may be missing"}, ""},
	{"make a field of responses nullable", func(d document) {
		d.set(schema+"ThingList properties total", `{anyOf: [{type: integer}, {type: "null"}]}`)
	}, []string{"breaking: ThingList: the field total may be null"}, "still apply"},
	{"make a field of responses nullable in the other way", func(d document) { d.set(schema+"ThingList properties total", `{type: [integer, "null"]}`) },
		[]string{"breaking: ThingList: the field total may be null"}, "still apply"},
	{"make a nullable field of responses never null", func(d document) {
		for _, v := range both {
			d.set(v+"properties name", "{type: string}")
		}
	}, []string{"breaking: Thing: the field name is never null"}, "still apply"},
	{"make a nullable list of responses never null", func(d document) {
		for _, v := range both {
			d.set(v+"properties tags", "{type: array, items: {type: string, maxLength: 9}}")
		}
	}, []string{"invisible: Thing: the field tags is never null"}, ""},
	{"change the type of a field of responses", func(d document) { d.set(schema+"ThingList properties total", "{type: string}") },
		[]string{"breaking: ThingList: the field total is string, was integer"}, "still apply"},
	{"change a format that Go sees", func(d document) { d.set(schema+"Problem properties detail", "{type: string, format: date-time}") },
		[]string{"breaking: Problem: the field detail is string(date-time), was string"}, "still apply"},
	{"change a format that Go does not see", func(d document) { d.set(schema+"Problem properties detail", "{type: string, format: hostname}") },
		[]string{"invisible: Problem: format of detail is hostname, was absent"}, ""},

	{"add an optional field to a request", func(d document) { d.set(schema+"ThingCreate properties note", "{type: string}") },
		[]string{"additive: ThingCreate: the field note is new and optional"}, "target $.components.schemas.ThingCreate.properties, key note"},
	{"add a required field to a request", func(d document) {
		d.set(schema+"ThingCreate properties note", "{type: string}")
		d.add(schema+"ThingCreate required", "note")
	}, []string{"breaking: ThingCreate: the field note is new and required"}, "CHANGELOG.md: list it under breaking changes"},
	{"remove a field of a request", func(d document) { d.remove(schema + "ThingCreate properties code") },
		[]string{"breaking: ThingCreate: the field code was removed"}, "remove code from the actions"},
	{"make a field of a request required", func(d document) { d.add(schema+"ThingCreate required", "size") },
		[]string{"breaking: ThingCreate: the field size is required"}, "still apply"},
	{"make a field of a request optional", func(d document) { d.drop(schema+"ThingCreate required", "name") },
		[]string{"additive: ThingCreate: the field name is optional"}, "still apply"},
	{"make a field of a request nullable", func(d document) {
		d.set(schema+"ThingCreate properties name", `{anyOf: [{type: string, maxLength: 50}, {type: "null"}]}`)
	}, []string{"additive: ThingCreate: the field name may be null"}, "still apply"},
	{"make a nullable field of a request never null", func(d document) {
		d.set(schema+"ThingCreate properties code", `{type: string, pattern: "^[a-z]+$"}`)
	}, []string{"breaking: ThingCreate: the field code is never null"}, "still apply"},
	{"make a field of an update nullable", func(d document) {
		d.set(schema+"ThingUpdate properties size", `{anyOf: [{type: integer}, {type: "null"}]}`)
	}, []string{"breaking: ThingUpdate: the field size may be null"}, "still apply"},
	{"lower an upper limit of a request", func(d document) { d.set(schema+"ThingCreate properties name maxLength", "40") },
		[]string{"breaking: ThingCreate: maxLength of name is 40, was 50"}, "still apply"},
	{"raise an upper limit of a request", func(d document) { d.set(schema+"ThingCreate properties name maxLength", "60") },
		[]string{"additive: ThingCreate: maxLength of name is 60, was 50"}, "still apply"},
	{"raise a lower limit of a request", func(d document) { d.set(schema+"ThingCreate properties size minimum", "1") },
		[]string{"breaking: ThingCreate: minimum of size is 1, was 0"}, "still apply"},
	{"remove a limit of a request", func(d document) { d.remove(schema + "ThingCreate properties size minimum") },
		[]string{"additive: ThingCreate: minimum of size is absent, was 0"}, "still apply"},
	{"change a limit of responses", func(d document) {
		for _, v := range both {
			d.set(v+"properties tags", `{anyOf: [{type: array, items: {type: string, maxLength: 5}}, {type: "null"}]}`)
		}
	}, []string{"invisible: Thing: items: maxLength of tags is 5, was 9"}, ""},
	{"change the default of a field", func(d document) { d.set(schema+"ThingCreate properties size default", "2") },
		[]string{"breaking: ThingCreate: default of size is 2, was 1"}, "CHANGELOG.md"},
	{"change a pattern", func(d document) {
		d.set(schema+"ThingCreate properties code", `{anyOf: [{type: string, pattern: "^[a-z]*$"}, {type: "null"}]}`)
	}, []string{"breaking: ThingCreate: pattern of code is ^[a-z]*$, was ^[a-z]+$"}, "still apply"},

	{"add an enum value", func(d document) { d.add(schema+"Colour enum", "black") },
		[]string{`additive: Colour: the value "black" is new`}, "nothing: its constant is generated"},
	{"remove an enum value", func(d document) { d.drop(schema+"Colour enum", "red") },
		[]string{`breaking: Colour: the value "red" was removed`}, "remove uses of its constant"},
	{"remove an enum", func(d document) { d.remove(schema + "Colour enum") },
		[]string{"breaking: Colour: it is no longer an enum"}, "CHANGELOG.md"},

	{"add a union variant", func(d document) {
		d.set(schema+"Cone", "{type: object, additionalProperties: false, required: [id, type, name, size, tags, colour], properties: {type: {type: string, const: cone}, id: {type: string, format: uuid4}, tip: {type: string}, size: {type: integer}}}")
		for _, f := range []string{"name", "title", "tags", "colour"} {
			m := d.object(schema + "Cone properties")
			m[f] = d.object(schema + "Ball properties")[f]
		}
		d.add(schema+"Thing oneOf", `{$ref: "#/components/schemas/Cone"}`)
		d.set(schema+"Thing discriminator mapping cone", `"#/components/schemas/Cone"`)
	}, []string{"additive: Thing: the field tip is new, in cone only", "additive: Thing: the variant cone is new", `additive: Thing.type: the value "cone" is new`},
		"mark the union Thing with x-polar-merge, unless it is"},
	{"remove a union variant", func(d document) {
		d.drop(schema+"Thing oneOf", `{$ref: "#/components/schemas/Box"}`)
		d.remove(schema + "Thing discriminator mapping box")
	}, []string{"breaking: Thing: the field lid was removed", "breaking: Thing: the variant box was removed", `breaking: Thing.type: the value "box" was removed`},
		"remove lid from the actions"},
	{"rename the schema of a variant", func(d document) {
		d.move(schema+"Box", schema+"Crate")
		d.drop(schema+"Thing oneOf", `{$ref: "#/components/schemas/Box"}`)
		d.add(schema+"Thing oneOf", `{$ref: "#/components/schemas/Crate"}`)
		d.set(schema+"Thing discriminator mapping box", `"#/components/schemas/Crate"`)
	}, []string{"invisible: Thing: the schema of the variant box is Crate, was Box"}, "replace the name of the variant in actions that copy or name it"},
	{"rename a schema", func(d document) {
		d.move(schema+"Problem", schema+"Failure")
		for _, at := range []string{many + " get responses 422", many + " post responses 422", one + " get responses 404"} {
			d.set(at+" content application/json schema $ref", `"#/components/schemas/Failure"`)
		}
	}, []string{
		"breaking: GET /v1/things/: the body 422 application/json is Failure, was Problem",
		"breaking: GET /v1/things/{id}: the body 404 application/json is Failure, was Problem",
		"breaking: POST /v1/things/: the body 422 application/json is Failure, was Problem",
		"breaking: Problem: the type was removed",
		"additive: Failure: the type is new",
	}, "check what Client.List sends and decodes"},

	{"add an operation", func(d document) {
		d.set("paths /v1/things/count", `{get: {operationId: "things:count", security: [{oat: ["things:read"]}], responses: {"200": {content: {application/json: {schema: {type: integer}}}}}}}`)
	}, []string{"additive: GET /v1/things/count: the operation is new"},
		"CHANGELOG.md: list it under additions"},
	{"remove an operation", func(d document) { d.remove(one + " delete") },
		[]string{"breaking: DELETE /v1/things/{id}: the operation was removed"},
		"customers/delete.go: Client.Delete has lost its operation: deprecate it in one release, remove it in the next\ndocs/operations.md: "},
	{"move an operation", func(d document) { d.move(one, "paths /v1/things/by-id/{id}") },
		[]string{
			"breaking: DELETE /v1/things/{id}: moved to DELETE /v1/things/by-id/{id}",
			"breaking: GET /v1/things/{id}: moved to GET /v1/things/by-id/{id}",
			"breaking: PATCH /v1/things/{id}: moved to PATCH /v1/things/by-id/{id}",
		}, "the API line of Client.Delete is out of date; write: // API: DELETE /v1/things/by-id/{id}"},
	{"rename an operation", func(d document) { d.set(one+" get operationId", "things:fetch") },
		[]string{"breaking: GET /v1/things/{id}: its ID is things:fetch, was things:get"}, "call the generated code by its new name"},
	{"deprecate an operation", func(d document) { d.set(one+" get deprecated", "true") },
		[]string{"additive: GET /v1/things/{id}: deprecated is true, was absent"}, "add a Deprecated: paragraph to the documentation of Client.Get"},
	{"deprecate a field", func(d document) { d.set(schema+"Problem properties detail deprecated", "true") },
		[]string{"additive: Problem: deprecated of detail is true, was absent"}, "nothing: the generated field is marked"},

	{"accept another scope", func(d document) {
		d.set(one+" delete security", `[{oat: ["things:write", "things:delete"]}, {pat: ["things:write", "things:delete"]}]`)
	}, []string{"additive: DELETE /v1/things/{id}: the scope things:delete allows it too"},
		"customers/delete.go: the Scopes line of Client.Delete is out of date; write: // Scopes: things:delete or things:write (any one is enough)."},
	{"refuse a scope", func(d document) {
		d.set(one+" get security", `[{oat: ["things:write"]}, {pat: ["things:write"]}]`)
	}, []string{"breaking: GET /v1/things/{id}: the scope things:read no longer allows it"}, "write: // Scopes: things:write."},
	{"refuse a scope for one type of token", func(d document) {
		d.set(one+" get security", `[{oat: ["things:write"]}, {pat: ["things:read", "things:write"]}]`)
	}, []string{"breaking: GET /v1/things/{id}: the scope things:read no longer allows it with tokens of type oat"}, "Scopes line of Client.Get"},
	{"rename a scope", func(d document) {
		d.set(many+" post security", `[{oat: ["things:create"]}, {pat: ["things:create"]}]`)
	}, []string{"breaking: POST /v1/things/: the scope things:write no longer allows it", "additive: POST /v1/things/: the scope things:create allows it too"},
		"write: // Scopes: things:create."},
	{"refuse a type of token", func(d document) { d.set(many+" post security", `[{oat: ["things:write"]}]`) },
		[]string{"breaking: POST /v1/things/: tokens of type pat are no longer accepted"}, "Client.Create"},
	{"refuse a subject", func(d document) { d.set(one+" get x-polar-allowed-subjects", "[Organization]") },
		[]string{`breaking: GET /v1/things/{id}: x-polar-allowed-subjects is ["Organization"], was ["Organization","User"]`}, "Client.Get"},

	{"add an error status", func(d document) {
		d.set(one+" get responses 409", `{content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}}`)
	}, []string{"additive: GET /v1/things/{id}: it can return 409"}, "customers/get.go: check how Client.Get handles the status 409"},
	{"remove an error status", func(d document) { d.remove(one + " get responses 404") },
		[]string{"breaking: GET /v1/things/{id}: it no longer returns 404"}, "check how Client.Get handles the status 404"},
	{"change the status of success", func(d document) { d.move(many+" post responses 201", many+" post responses 200") },
		[]string{"breaking: POST /v1/things/: it no longer returns 201", "additive: POST /v1/things/: it can return 200"}, "check how Client.Create handles the status 201"},
	{"change the media type of success", func(d document) {
		d.move(one+" get responses 200 content application/json", one+" get responses 200 content application/xml")
	}, []string{"breaking: GET /v1/things/{id}: the response 200 is no longer application/json", "additive: GET /v1/things/{id}: the response 200 can be application/xml"},
		"check what Client.Get sends and decodes"},

	{"add an optional parameter", func(d document) {
		d.add(many+" get parameters", "{name: page, in: query, schema: {type: integer}}")
	}, []string{"additive: GET /v1/things/: the parameter query page is new and optional"},
		"target $.paths['/v1/things/'].get.parameters[?@.name == 'page']"},
	{"add the first parameter", func(d document) {
		d.add(one+" delete parameters", "{name: hard, in: query, schema: {type: boolean}}")
	}, []string{"breaking: DELETE /v1/things/{id}: the parameter query hard is new and optional"}, "check that Client.Delete sends it"},
	{"add a required parameter", func(d document) {
		d.add(many+" get parameters", "{name: page, in: query, required: true, schema: {type: integer}}")
	}, []string{"breaking: GET /v1/things/: the parameter query page is new and required"}, "check that Client.List sends it"},
	{"remove a parameter", func(d document) {
		p := d.parameter(many+" get", "query")
		m := d.object(many + " get")
		m["parameters"] = slices.DeleteFunc(m["parameters"].([]any), func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(p) })
	}, []string{"breaking: GET /v1/things/: the parameter query query was removed"}, "remove query from the actions that name it"},
	{"make a parameter required", func(d document) { d.parameter(many+" get", "query")["required"] = true },
		[]string{"breaking: GET /v1/things/: the parameter query query is required"}, "CHANGELOG.md"},
	{"change the type of a parameter", func(d document) {
		d.parameter(many+" get", "limit")["schema"].(map[string]any)["type"] = "string"
	}, []string{"breaking: GET /v1/things/: the parameter query limit is string, was integer"}, "CHANGELOG.md"},
	{"change the default of a parameter", func(d document) {
		d.parameter(many+" get", "limit")["schema"].(map[string]any)["default"] = d.value("20")
	}, []string{"breaking: GET /v1/things/: default of query limit is 20, was 10"}, "CHANGELOG.md"},
	{"lower a limit of a parameter", func(d document) {
		d.parameter(many+" get", "limit")["schema"].(map[string]any)["maximum"] = d.value("50")
	}, []string{"breaking: GET /v1/things/: maximum of query limit is 50, was 100"}, "CHANGELOG.md"},
	{"add a fact that no rule covers", func(d document) { d.set(schema+"Problem properties detail contentEncoding", "base64") },
		[]string{"breaking: Problem: contentEncoding of detail is base64, was absent"}, "still apply"},
	{"take another body", func(d document) {
		d.set(many+" post requestBody content text/csv", "{schema: {type: string}}")
	}, []string{"additive: POST /v1/things/: it accepts a text/csv body"}, "Client.Create"},
	{"publish another server", func(d document) { d.add("servers", "{url: https://eu.example.com}") },
		[]string{"additive: servers: https://eu.example.com is new"}, "constants of the base URLs"},

	{"change only prose", func(d document) {
		d.set("info title", "Things and More")
		d.set("info description", "Everything about every thing.")
		d.set("tags", "[]")
		d.set(many+" get summary", "All Things")
		d.set(many+" get description", "Gives all things.")
		d.set(many+" get tags", "[other]")
		d.set(many+" get externalDocs", "{url: https://example.com}")
		d.parameter(many+" get", "limit")["description"] = "The size of a page."
		d.set(many+" get responses 200 description", "One page.")
		d.set(schema+"Box title", "Box")
		d.set(schema+"Box description", "A box.")
		d.set(schema+"Box properties title description", "What is written on it.")
		d.set(schema+"Box properties id examples", "[other]")
		d.set(schema+"Colour x-speakeasy-enums", "[A, B, C]")
		d.set(one+" get x-codeSamples", "[]")
		d.set("components securitySchemes oat description", "Another one.")
	}, nil, ""},
	{"change what no operation uses", func(d document) {
		d.set(schema+"Unused", "{type: integer}")
		d.remove("components securitySchemes cookie")
	}, nil, ""},
	{"reorder everything", func(d document) { reverse(d.root) }, nil, ""},
}

// reverse reverses every list. The order of keys is lost when a document is
// parsed.
func reverse(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if key != "prefixItems" && key != "default" { // their order matters
				reverse(e)
			}
		}
	case []any:
		slices.Reverse(v)
		for _, e := range v {
			reverse(e)
		}
	}
}

func TestEdits(t *testing.T) {
	base := encode(t, readThings(t))
	before := build(t, base)
	for _, test := range edits {
		t.Run(test.name, func(t *testing.T) {
			doc := readThings(t)
			test.edit(doc)
			data := encode(t, doc)
			after := build(t, data)
			changes := surface.Compare(before, after)
			var got []string
			for _, c := range changes {
				got = append(got, c.String())
			}
			if !slices.Equal(got, test.want) {
				t.Fatalf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
			}
			if test.want == nil {
				if !bytes.Equal(data, base) {
					t.Error("the bytes of the contract changed")
				}
				return
			}
			steps := advise(changes[0], before, after, source)
			if !strings.Contains(strings.Join(steps, "\n"), test.step) {
				t.Errorf("the steps are\n\t%s\nand lack\n\t%s", strings.Join(steps, "\n\t"), test.step)
			}
			for _, step := range steps {
				place, _, _ := strings.Cut(step, ":")
				if file, _, _ := strings.Cut(place, ","); strings.HasSuffix(file, ".md") && file != "CHANGELOG.md" && !hasTables(t, file) {
					t.Errorf("%q, but %s has no tables of operations", step, file)
				}
			}
			for _, c := range changes {
				if c.Impact != surface.Invisible && len(advise(c, before, after, source)) == 0 {
					t.Errorf("%v has no step", c)
				}
				if c.Why == "" {
					t.Errorf("%v gives no reason", c)
				}
			}
			// The reverse edit is a change too.
			if back := surface.Compare(after, before); len(back) == 0 {
				t.Error("the reverse edit makes no change")
			}
		})
	}
	if len(edits) < 40 {
		t.Errorf("there are only %d edits", len(edits))
	}
}

// hasTables reports whether a document has the tables of operations.
func hasTables(t *testing.T, file string) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, []byte("\n| `Get` | `GET /v1/"))
}

func encode(t testing.TB, doc document) []byte {
	t.Helper()
	normal, err := contract.Normalise(doc.root, "1")
	if err != nil {
		t.Fatal(err)
	}
	data, err := contract.Encode(normal)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func build(t testing.TB, data []byte) *surface.Surface {
	t.Helper()
	doc, err := contract.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return surface.Build(doc)
}
