package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func mustParse(t testing.TB, text string) map[string]any {
	t.Helper()
	doc, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustEncode(t testing.TB, doc map[string]any) string {
	t.Helper()
	normal, err := Normalise(doc, "1")
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
	got := mustEncode(t, things(t))
	for _, fact := range []string{
		"version: \"1\"", "/v1/things/{id}:", "operationId: things:list", "maximum: 100",
		"        title:\n          type: string\n", // a property, not the keyword
		"x-polar-allowed-subjects: [Organization, User]", "tags: [things]", "tags: [others]",
		"description: Unprocessable Entity", // the name of the status
	} {
		if !strings.Contains(got, fact) {
			t.Errorf("the contract lacks %q", fact)
		}
	}
	for _, noise := range []string{
		"About", "all of the things", "six sides", "x-codeSamples", "x-speakeasy", "examples", "summary", "public",
		"Unused", "cookie", "title: Limit", "title: A Box",
	} {
		if strings.Contains(got, noise) {
			t.Errorf("the contract has %q", noise)
		}
	}
	doc := mustParse(t, got)
	if again := mustEncode(t, doc); again != got {
		t.Error("the contract of the contract differs")
	}
	text, err := json.Marshal(things(t))
	if err != nil {
		t.Fatal(err)
	}
	if fromJSON := mustEncode(t, mustParse(t, string(text))); fromJSON != got {
		t.Error("the contracts of JSON and YAML differ")
	}
}

// TestTags checks that operations are tagged with their service, and that the
// schemas of webhooks are kept.
func TestTags(t *testing.T) {
	got := mustEncode(t, mustParse(t, `
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /v1/a-b/: {get: {operationId: a, tags: [public, x], responses: {"200": {}}}, post: {operationId: a2, responses: {"200": {}}}}
  /v1/a-b/{id}: {get: {operationId: a3, responses: {"200": {}}}}
  /c: {get: {operationId: c, responses: {"200": {}}}}
webhooks:
  d.done: {post: {operationId: d, tags: [x], requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/D"}}}}, responses: {"200": {}}}}
components: {schemas: {D: {type: string}}}
`))
	if strings.Count(got, "tags: [a-b]") != 3 || strings.Count(got, "tags: [c]") != 1 || strings.Count(got, "tags:") != 4 || !strings.Contains(got, "schemas:\n    D:") {
		t.Errorf("the contract is\n%s", got)
	}
}

func TestNumbers(t *testing.T) {
	for number, want := range map[string]string{"1.0": "1", "-0.50": "-0.5", "0": "0", "1e9": "1000000000", "1e21": "1e+21", "12345678901234567890123": "1.2345678901234568e+22"} {
		doc := `{"openapi": "3.1.0", "info": {"version": "1"}, "paths": {"/v1/things/": {"get": {"responses": {"200": {"content": {"application/json":
			{"schema": {"minimum": ` + number + `, "default": [` + number + `]}}}}}}}}}`
		got := mustEncode(t, mustParse(t, doc))
		if !strings.Contains(got, "minimum: "+want+"\n") {
			t.Errorf("%s: the contract is\n%s", number, got)
		}
		if again := mustEncode(t, mustParse(t, got)); again != got {
			t.Errorf("%s: the contract of the contract is\n%s", number, again)
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
	got, want := mustEncode(t, mustParse(t, old)), mustEncode(t, mustParse(t, now))
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
		{"truncated JSON", `{"openapi": "3.1.0", "paths": {"/v1`, "unexpected end"},
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
		{"a key twice", "openapi: 3.1.0\nopenapi: 3.0.0\n", `duplicate key "openapi"`},
		{"another version of the API", "openapi: 3.1.0\ninfo: {version: '2'}\n", `API version "2", not "1"`},
		{"no operations", head + "paths: {/v1/others/: {}}", "no operations"},
		{"no paths", head, "no operations"},
		{"a reference to nothing", op("{$ref: '#/components/schemas/Gone'}"), "refers to #/components/schemas/Gone, which the document does not have"},
		{"a reference to elsewhere", op("{$ref: 'https://example.com/x.json'}"), "only references of the form"},
		{"a reference to a property", op("{$ref: '#/components/schemas/A/properties/b'}"), "only references of the form"},
		{"a reference to itself", op("{$ref: '#/components/schemas/A'}") + "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}", "is only a reference to itself"},
		{"references in a circle", op("{$ref: '#/components/schemas/A'}") + "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}", "is only a reference to itself"},
		{"an unknown token", head + "paths: {/v1/things/: {get: {security: [{oat: []}], responses: {'200': {}}}}}", "refers to #/components/securitySchemes/oat"},
		{"a list for an object", op("[]"), "is not an object"},
		{"an object for a list", head + "paths: {/v1/things/: {get: {parameters: {}, responses: {'200': {}}}}}", "is not a list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := Parse([]byte(test.doc))
			if err == nil {
				_, err = Normalise(doc, "1")
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
				t.Errorf("the error is not one line: %v", err)
			}
		})
	}
}

// grow returns YAML whose aliases expand tenfold with every line.
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
	if got := mustEncode(t, mustParse(t, doc)); !strings.Contains(got, "    B:\n") {
		t.Error("recursive schemas are missing")
	}
}

func TestVerify(t *testing.T) {
	good := mustEncode(t, things(t))
	if got := Version([]byte(good)); got != "1" {
		t.Errorf("the version is %q", got)
	}
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
			t.Errorf("%s is not noticed", name)
		}
	}
}

// FuzzParse checks that no input makes the tool crash, and that a contract is the
// contract of itself.
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
		if doc, err = Normalise(doc, "1"); err != nil {
			return
		}
		first, err := Encode(doc)
		if err != nil {
			t.Fatal(err)
		}
		if doc, err = Parse(first); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		if doc, err = Normalise(doc, "1"); err != nil {
			t.Fatalf("what was written is not a contract: %v\n%s", err, first)
		}
		if second, err := Encode(doc); err != nil || !bytes.Equal(first, second) {
			t.Errorf("the contract of\n%s\nis\n%s", first, second)
		}
	})
}
