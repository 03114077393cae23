package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var slice = Slice{APIVersion: "1", Paths: []string{"/v1/things/"}}

func mustParse(t testing.TB, text string) map[string]any {
	t.Helper()
	doc, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustEncode(t testing.TB, doc map[string]any, s Slice) string {
	t.Helper()
	normal, err := Normalise(doc, s)
	if err != nil {
		t.Fatal(err)
	}
	data, err := Encode(normal)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func things(t testing.TB) map[string]any {
	t.Helper()
	data, err := os.ReadFile("../testdata/things.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(data))
}

func TestNormalise(t *testing.T) {
	got := mustEncode(t, things(t), slice)
	for _, fact := range []string{
		"version: \"1\"", "/v1/things/{id}:", "operationId: things:list", "maximum: 100",
		"        title:\n          type: string\n", // a property, not the keyword
		"x-polar-allowed-subjects: [Organization, User]",
		"description: Unprocessable Entity", // what the status is called, in place of prose
	} {
		if !strings.Contains(got, fact) {
			t.Errorf("the contract lacks %q", fact)
		}
	}
	for _, noise := range []string{
		"About", "all of the things", "six sides", "x-codeSamples", "x-speakeasy", "examples", "summary", "tags: [things]",
		"/v1/others/", "Unused", "cookie", "title: Limit", "title: A Box",
	} {
		if strings.Contains(got, noise) {
			t.Errorf("the contract has %q", noise)
		}
	}
	doc := mustParse(t, got)
	if again := mustEncode(t, doc, slice); again != got {
		t.Error("the contract of the contract is another one")
	}
	text, err := json.Marshal(things(t))
	if err != nil {
		t.Fatal(err)
	}
	if fromJSON := mustEncode(t, mustParse(t, string(text)), slice); fromJSON != got {
		t.Error("JSON and YAML make different contracts of one document")
	}
}

func TestSlices(t *testing.T) {
	const doc = `
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a/: {get: {operationId: a, tags: [public, x], responses: {"200": {}}}, post: {operationId: a2, responses: {"200": {}}}}
  /b/: {get: {operationId: b, tags: [y], responses: {"200": {}}}}
webhooks:
  c.done: {post: {operationId: c, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/C"}}}}, responses: {"200": {}}}}
components: {schemas: {C: {type: string}}}
`
	for _, test := range []struct {
		slice Slice
		want  []string
	}{
		{Slice{Paths: []string{"/a/"}}, []string{"operationId: a", "operationId: a2"}},
		{Slice{Tags: []string{"public"}}, []string{"operationId: a"}},
		{Slice{Paths: []string{"/b/"}, Tags: []string{"x"}}, []string{"operationId: a", "operationId: b"}},
		{Slice{Webhooks: []string{"c."}}, []string{"operationId: c"}},
		{Slice{Paths: []string{"/"}, Webhooks: []string{""}}, []string{"operationId: a", "operationId: a2", "operationId: b", "operationId: c"}},
	} {
		test.slice.APIVersion = "1"
		got := mustEncode(t, mustParse(t, doc), test.slice)
		var ids []string
		for line := range strings.Lines(got) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "operationId") {
				ids = append(ids, line)
			}
		}
		slices.Sort(ids)
		if !slices.Equal(ids, test.want) {
			t.Errorf("%+v has %q, want %q", test.slice, ids, test.want)
		}
		if strings.Contains(got, "schemas:") != (test.slice.Webhooks != nil) {
			t.Errorf("%+v: the schema is reached, or not, as it should not be", test.slice)
		}
	}
}

func TestUpgrade(t *testing.T) {
	const doc = `
openapi: %s
info: {title: T, version: "1"}
paths:
  /v1/things/: {get: {operationId: a, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/T"}}}}}}}
components:
  schemas:
    U: {type: object}
    T: {type: object, properties: %s}
`
	old := fmt.Sprintf(doc, "3.0.3", `{
      a: {type: string, nullable: true, default: x, description: Prose.},
      b: {allOf: [{$ref: "#/components/schemas/U"}], nullable: true, title: B},
      c: {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false},
      d: {type: string, enum: [x, null], nullable: true},
      e: {type: string, nullable: false},
      f: {type: array, items: {type: string, nullable: true}},
      g: {anyOf: [{type: string}, {type: integer}], nullable: true}}`)
	now := fmt.Sprintf(doc, "3.1.0", `{
      a: {anyOf: [{type: string}, {type: "null"}], default: x},
      b: {anyOf: [{$ref: "#/components/schemas/U"}, {type: "null"}]},
      c: {type: integer, exclusiveMinimum: 0, maximum: 9},
      d: {anyOf: [{type: string, enum: [x]}, {type: "null"}]},
      e: {type: string},
      f: {type: array, items: {anyOf: [{type: string}, {type: "null"}]}},
      g: {anyOf: [{type: string}, {type: integer}, {type: "null"}]}}`)
	got, want := mustEncode(t, mustParse(t, old), slice), mustEncode(t, mustParse(t, now), slice)
	if got != want {
		t.Errorf("3.0 became\n%s\nwant\n%s", got, want)
	}
}

func TestBadDocuments(t *testing.T) {
	const head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
	op := func(schema string) string {
		return head + "paths: {/v1/things/: {get: {operationId: a, responses: {'200': {content: {application/json: {schema: " + schema + "}}}}}}}\n"
	}
	for _, test := range []struct{ name, doc, want string }{
		{"empty", "", "the document is empty"},
		{"blank", " \n\t", "the document is empty"},
		{"HTML", "<!DOCTYPE html><html><body>Not found</body></html>", "HTML"},
		{"neither", "a: b: c: [", "neither JSON nor YAML"},
		{"text", "just some words", "not an object"},
		{"list", "[1, 2]", "not an object"},
		{"truncated JSON", `{"openapi": "3.1.0", "paths": {"/v1`, "it ends too early"},
		{"truncated YAML", "openapi: 3.1.0\npaths: {'/v1", "neither JSON nor YAML"},
		{"two documents", `{"openapi": "3.1.0"} {}`, "something follows its end"},
		{"Swagger", `{"swagger": "2.0", "info": {}}`, "Swagger 2.0"},
		{"no version", `{"info": {}}`, `no "openapi" version`},
		{"a future version", `{"openapi": "4.0.0"}`, "OpenAPI 4.0.0"},
		{"nested JSON", `{"openapi": "3.1.0", "x": ` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", "nested too deeply"},
		{"nested JSON without end", `{"x":` + strings.Repeat(`{"x":`, 2_000_000), "not JSON"},
		{"nested YAML", "x: " + strings.Repeat("[", 2_000_000), "neither JSON nor YAML"},
		{"YAML that grows", head + "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + grow(), "too large"},
		{"too large", strings.Repeat(" ", MaxBytes+1), "larger than"},
		{"a key twice", "openapi: 3.1.0\nopenapi: 3.0.0\n", `"openapi" stands twice`},
		{"another version of the API", "openapi: 3.1.0\ninfo: {version: '2'}\n", `API version "2", the slice wants "1"`},
		{"no slice", head + "paths: {/v1/others/: {get: {responses: {}}}}", "no operation of the slice"},
		{"no paths", head, "no operation of the slice"},
		{"a reference to nothing", op("{$ref: '#/components/schemas/Gone'}"), "names #/components/schemas/Gone, which the document does not have"},
		{"a reference to elsewhere", op("{$ref: 'https://example.com/x.json'}"), "only references of the form"},
		{"a reference to a property", op("{$ref: '#/components/schemas/A/properties/b'}"), "only references of the form"},
		{"a reference to itself", op("{$ref: '#/components/schemas/A'}") + "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}", "refers to itself and to nothing else"},
		{"references in a circle", op("{$ref: '#/components/schemas/A'}") + "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}", "refers to itself and to nothing else"},
		{"an unknown token", head + "paths: {/v1/things/: {get: {security: [{oat: []}], responses: {'200': {}}}}}", "names #/components/securitySchemes/oat"},
		{"a list for an object", op("[]"), "is not an object"},
		{"an object for a list", head + "paths: {/v1/things/: {get: {parameters: {}, responses: {'200': {}}}}}", "is not a list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := Parse([]byte(test.doc))
			if err == nil {
				_, err = Normalise(doc, slice)
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
				t.Errorf("the error is no single line: %v", err)
			}
		})
	}
}

// grow is YAML whose aliases stand for ten times as much with every line.
func grow() string {
	var b strings.Builder
	for c := 'b'; c < 'i'; c++ {
		fmt.Fprintf(&b, "%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 10))
	}
	return b.String()
}

func TestCirclesOfSchemas(t *testing.T) {
	const doc = `
openapi: 3.1.0
info: {title: T, version: "1"}
paths: {/v1/things/: {get: {operationId: a, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}}}
components:
  schemas:
    A: {type: object, properties: {b: {$ref: "#/components/schemas/B"}}}
    B: {anyOf: [{$ref: "#/components/schemas/A"}, {type: array, items: {$ref: "#/components/schemas/B"}}]}
`
	if got := mustEncode(t, mustParse(t, doc), slice); !strings.Contains(got, "    B:\n") {
		t.Error("schemas that hold each other are not kept")
	}
}

func TestVerify(t *testing.T) {
	good := mustEncode(t, things(t), slice)
	if err := Verify([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"a changed line": strings.Replace(good, "maximum: 100", "maximum: 200", 1),
		"a comment":      good + "# by hand\n",
		"no header":      good[strings.Index(good, "\n\n")+2:],
		"another header": strings.Replace(good, "DO NOT EDIT", "edit", 1),
		"a cut":          good[:len(good)/2],
		"nothing":        "",
	} {
		if Verify([]byte(bad)) == nil {
			t.Errorf("%s goes unseen", name)
		}
	}
}

func TestParseSlice(t *testing.T) {
	for config, want := range map[string]string{
		"api_version: '1'\npaths: [/v1/]":             "",
		"api_version: '1'\ntags: [a]\nsource: x":      "",
		"paths: [/v1/]":                               "api_version is missing",
		"api_version: '1'":                            "selects nothing",
		"api_version: '1'\npaths: [v1]":               "does not begin with a slash",
		"api_version: '1'\npaths: [/]\nprefixes: [a]": "prefixes not found",
		"": "api_version is missing",
	} {
		_, err := ParseSlice([]byte(config))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", config, err, want)
		}
	}
}

// FuzzParse holds that no input makes the tool crash, and that what it makes a
// contract of, it makes the same contract of again.
func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("../testdata/things.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"openapi":"3.0.0","info":{"version":"1"},"paths":{"/v1/things/":{"get":{"responses":{"200":{}}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Parse(data)
		if err != nil {
			return
		}
		if doc, err = Normalise(doc, slice); err != nil {
			return
		}
		first, err := Encode(doc)
		if err != nil {
			t.Fatal(err)
		}
		if doc, err = Parse(first); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		if doc, err = Normalise(doc, slice); err != nil {
			t.Fatalf("what was written is no contract: %v\n%s", err, first)
		}
		if second, err := Encode(doc); err != nil || !bytes.Equal(first, second) {
			t.Errorf("the contract of\n%s\nis\n%s", first, second)
		}
	})
}
