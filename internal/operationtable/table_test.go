package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/util"
)

func load(t *testing.T, text string) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte("openapi: 3.1.0\ninfo: {title: Test, version: '1'}\n" + text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestGoName(t *testing.T) {
	for id, want := range map[string]string{
		"customers:get":                                "customers.Get",
		"customers:get_external":                       "customers.GetByExternalID",
		"customers:get_state_external":                 "customers.GetStateByExternalID",
		"customers:members:create":                     "customers.Members.Create",
		"customers:members:get_external":               "customers.Members.GetByExternalID",
		"license_keys:get_activation":                  "licensekeys.GetActivation",
		"checkout-links:list":                          "checkoutlinks.List",
		"customer_portal:license_keys:get":             "customerportal.LicenseKeys.Get",
		"customer_portal:customers:check_email_update": "customerportal.Customers.CheckEmailUpdate",
		"oauth2:clients:oauth2:create_client":          "oauth2.Clients.OAuth2.CreateClient",
		"checkouts:get_url_by_id":                      "checkouts.GetURLByID",
	} {
		if got := goName(id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

func TestOperations(t *testing.T) {
	doc := load(t, `
security: [{a: ['default:read']}]
paths:
  /b/{id}:
    delete: {operationId: 'b:delete', deprecated: true, responses: {}, security: [{a: ['b:write', 'b:all']}, {c: ['b:write']}], x-polar-idempotent: {safe: true, reason: It is gone.}}
    patch: {operationId: 'b:update', responses: {}, x-polar-idempotent: {safe: false, reason: It counts.}}
  /b/:
    post: {operationId: 'b:create', responses: {}, security: []}
    get: {operationId: 'b:list', responses: {}}
`)
	ops, err := operations(doc)
	if err != nil {
		t.Fatal(err)
	}
	source, err := render(ops, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`var operations = [...]Operation{
	{Name: "b.List", ID: "b:list", Method: "GET", Path: "/b/", Scopes: []string{"default:read"}, Idempotent: true},
	{Name: "b.Create", ID: "b:create", Method: "POST", Path: "/b/"},
	{Name: "b.Delete", ID: "b:delete", Method: "DELETE", Path: "/b/{id}", Scopes: []string{"b:all", "b:write"}, Idempotent: true, Deprecated: true},
	{Name: "b.Update", ID: "b:update", Method: "PATCH", Path: "/b/{id}", Scopes: []string{"default:read"}},
}
`,
		"var fieldNames = [...]string{\n\t\"a\",\n\t\"b\",\n}\n",
	} {
		if !strings.Contains(string(source), want) {
			t.Errorf("got\n%s\nwant\n%s", source, want)
		}
	}
}

func TestOperationsRefused(t *testing.T) {
	for paths, want := range map[string]string{
		`{/a: {get: {responses: {}}}}`: "GET /a has no operationId",
		`{/a: {get: {operationId: 'a:b_c', responses: {}}, put: {operationId: 'a:b-c', responses: {}}}}`:            "a:b_c and a:b-c have the same name a.BC",
		`{/a: {get: {operationId: 'a:b', responses: {}, x-polar-idempotent: {safe: true, reason: x}}}}`:             "a:b: x-polar-idempotent on a GET, which is always idempotent",
		`{/a: {put: {operationId: 'a:b', responses: {}, x-polar-idempotent: {safe: true}}}}`:                        "a:b: x-polar-idempotent needs both safe and reason",
		`{/a: {put: {operationId: 'a:b', responses: {}, x-polar-idempotent: {reason: x}}}}`:                         "a:b: x-polar-idempotent needs both safe and reason",
		`{/a: {put: {operationId: 'a:b', responses: {}, x-polar-idempotent: true}}}`:                                "a:b: x-polar-idempotent: json: cannot unmarshal",
		`{/a: {put: {operationId: 'a:b', responses: {}, x-polar-idempotent: {safe: true, reason: x, because: y}}}}`: `a:b: x-polar-idempotent: json: unknown field "because"`,
	} {
		if _, err := operations(load(t, "paths: "+paths)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", paths, err, want)
		}
	}
}

// Names are found in parameters and bodies, in every variant and at every depth,
// and not in responses.
func TestFieldNames(t *testing.T) {
	doc := load(t, `
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    post:
      operationId: 'a:b'
      parameters: [{name: filter, in: query, style: deepObject, schema: {type: object, properties: {inner: {type: string}}}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
      responses: {'200': {description: OK, content: {application/json: {schema: {type: object, properties: {secret: {type: string}}}}}}}
components:
  schemas:
    Tree:
      oneOf: [{type: object, properties: {one: {type: string}}}]
      anyOf: [{type: object, properties: {any: {type: string}}}]
      allOf: [{type: object, properties: {all: {type: string}}}]
      properties:
        trees: {type: array, items: {$ref: '#/components/schemas/Tree'}}
        map: {type: object, additionalProperties: {type: object, properties: {value: {type: string}}}}
`)
	got := fieldNames(doc)
	if want := []string{"all", "any", "filter", "id", "inner", "map", "one", "trees", "value"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The table in package polar matches the contract. The overlay decides about every
// write, so that nobody forgets a new one. Without a decision, it is not repeated.
func TestContract(t *testing.T) {
	root := filepath.Join("..", "..")
	doc, err := util.LoadSwaggerWithOverlay(filepath.Join(root, "openapi", "polar.yaml"),
		util.LoadSwaggerWithOverlayOpts{Path: filepath.Join(root, "openapi", "overlay.yaml"), Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	if missing := undecided(doc); len(missing) > 0 {
		t.Errorf("give each of these an x-polar-idempotent with a reason in openapi/overlay.yaml: %s", strings.Join(missing, ", "))
	}
	got, err := table(doc)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(root, "polar", "operations.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("polar/operations.gen.go is out of date; run go generate ./...")
	}
}

func TestUndecided(t *testing.T) {
	doc := load(t, `
paths:
  /a:
    get: {operationId: read, responses: {}}
    post: {operationId: new, responses: {}}
    patch: {operationId: known, responses: {}, x-polar-idempotent: {safe: true, reason: It sets.}}
`)
	if missing := undecided(doc); !slices.Equal(missing, []string{"new"}) {
		t.Errorf("got %v, want new", missing)
	}
}

func undecided(doc *openapi3.T) (missing []string) {
	for _, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if _, ok := op.Extensions["x-polar-idempotent"]; !ok && method != http.MethodGet {
				missing = append(missing, op.OperationID)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	contract := write("contract.yaml", "openapi: 3.1.0\ninfo: {title: Test, version: '1'}\npaths: {/a: {get: {operationId: 'a:b', responses: {}}}}\n")
	overlay := write("overlay.yaml", "overlay: 1.1.0\ninfo: {title: Test, version: '1'}\nactions: [{target: $.paths.*.get, update: {operationId: 'a:c'}}]\n")
	file := filepath.Join(dir, "operations.gen.go")
	if err := run(contract, overlay, file); err != nil {
		t.Fatal(err)
	}
	if source, err := os.ReadFile(file); err != nil || !strings.Contains(string(source), `{Name: "a.C", ID: "a:c", Method: "GET", Path: "/a", Idempotent: true},`) {
		t.Errorf("got %s, %v", source, err)
	}
	for _, args := range [][3]string{{file, overlay, file}, {contract, file, file}, {contract, overlay, dir}} {
		if err := run(args[0], args[1], args[2]); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}
