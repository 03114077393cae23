package guard

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

const root = "../../.."

// TestModule fails if the contract, the overlay, the generated code, the methods
// and their documentation do not agree, and says how to fix it.
func TestModule(t *testing.T) {
	problems, err := Check(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func at(t *testing.T, doc map[string]any, path string) map[string]any {
	t.Helper()
	for key := range strings.FieldsSeq(path) {
		next, ok := doc[key].(map[string]any)
		if !ok {
			t.Fatalf("%s: there is no %s", path, key)
		}
		doc = next
	}
	return doc
}

func has(problems []Problem, want string) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.String(), want) })
}

// TestContractGuards edits the contract of the module.
func TestContractGuards(t *testing.T) {
	src, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	// Other packages take a while, and TestModule checks them.
	src.Generated = slices.DeleteFunc(src.Generated, func(g *Generated) bool { return g.Name != "gen" })
	original, err := contract.Parse(read(t, "openapi/polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	str := map[string]any{"type": "string"}
	field := func(schema string) func(*testing.T, map[string]any) {
		return func(t *testing.T, doc map[string]any) {
			at(t, doc, "components schemas "+schema+" properties")["novelty"] = str
		}
	}
	parameter := func(path, method string) func(*testing.T, map[string]any) {
		return func(t *testing.T, doc map[string]any) {
			op := at(t, doc, "paths "+path+" "+method)
			parameters, _ := op["parameters"].([]any)
			op["parameters"] = append(parameters, map[string]any{"name": "novelty", "in": "query", "schema": str})
		}
	}
	const id = "/v1/customers/{id}"
	for _, test := range []struct {
		name string
		edit func(*testing.T, map[string]any)
		want []string
	}{
		{"an operation without a method", func(t *testing.T, doc map[string]any) {
			at(t, doc, "paths")["/v1/customers/count"] = map[string]any{"get": at(t, doc, "paths /v1/customers/export get")}
		}, []string{"customers: GET /v1/customers/count (customers:export) has no method. Add a method whose documentation ends with the lines // Scopes: customers:read or customers:write (any one is enough). and // API: GET /v1/customers/count."}},
		{"an operation of another service", func(t *testing.T, doc map[string]any) {
			at(t, doc, "paths")["/v1/orders/count"] = map[string]any{"get": at(t, doc, "paths /v1/customers/export get")}
		}, nil},
		{"a method without an operation", func(t *testing.T, doc map[string]any) { delete(at(t, doc, "paths "+id), "get") },
			[]string{`Client.Get is documented as "GET /v1/customers/{id}", which is not an operation of the contract`}},
		{"another path", func(t *testing.T, doc map[string]any) {
			paths := at(t, doc, "paths")
			paths[id+"/now"] = paths[id+"/state"]
			delete(paths, id+"/state")
		}, []string{`Client.GetState is documented as "GET /v1/customers/{id}/state", which is not an operation`, "GET /v1/customers/{id}/now (customers:get_state) has no method"}},
		{"another scope", func(t *testing.T, doc map[string]any) {
			at(t, doc, "paths "+id+" get")["security"] = []any{map[string]any{"oat": []any{"customers:see"}}}
		}, []string{`the Scopes line of Client.Get says "customers:read or customers:write (any one is enough).", the contract says "customers:see."`}},
		{"a property of one variant of a customer", field("CustomerIndividual"),
			[]string{"gen.Customer: Customer has no novelty, which the variant individual of Customer has. Run make generate; if it is missing still, mark the union Customer with x-polar-merge in openapi/overlay.yaml"}},
		{"a property of one variant of a state", field("CustomerStateIndividual"),
			[]string{"gen.CustomerState: CustomerState has no novelty, which the variant individual of CustomerState has"}},
		{"a property of one variant of a request", field("CustomerIndividualCreate"),
			[]string{"gen.CustomerCreate: CustomerCreate has no novelty, which the variant individual of CustomerCreate has"}},
		{"a property of one payment method", field("CustomerPaymentMethodKrCard"),
			[]string{"gen.PaymentMethod: PaymentMethod has no novelty, which the variant kr_card of PaymentMethod has"}},
		{"a property within one payment method", field("PaymentMethodKrCardMetadata"),
			[]string{"gen.PaymentMethodMetadata: PaymentMethodMetadata has no novelty"}},
		{"a field of a request", field("MemberUpdate"),
			[]string{"gen.MemberUpdate: MemberUpdate has no novelty, which a request of MemberUpdate can contain. Shape it in openapi/overlay.yaml"}},
		{"a field within a request", field("AddressInput"),
			[]string{"gen.AddressInput: AddressInput has no novelty, which a request of AddressInput can contain"}},
		{"a field of a response", field("Member"), []string{"gen.Member: Member has no novelty, which a response of Member contains"}},
		{"a field within a response", field("CustomerStateMeter"), []string{"gen.CustomerStateMeter: CustomerStateMeter has no novelty, which a response of CustomerStateMeter contains"}},
		{"a field of a page", field("Pagination"), []string{"gen.Pagination: Pagination has no novelty"}},
		{"a field of an error", field("ResourceNotFound"), []string{"gen.ResourceNotFound: ResourceNotFound has no novelty"}},
		{"a parameter", parameter("/v1/customers/", "get"), []string{
			"gen.CustomersListParams: the parameter novelty of GET /v1/customers/ has no field in it. Add a field with the JSON name novelty and send it",
			"Client.List: the parameter novelty of GET /v1/customers/ has no field in it"}},
		{"the first parameter", parameter(id, "get"), []string{"gen: GET /v1/customers/{id} has parameters, but no generated type has them",
			"Client.Get: the parameter novelty of GET /v1/customers/{id} has no field in it"}},
		{"a status with a body", func(t *testing.T, doc map[string]any) {
			responses := at(t, doc, "paths "+id+" get responses")
			responses["418"] = responses["404"]
		}, []string{"gen.CustomersGetResult: it has no field for the response 418. Run make generate"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := contract.Normalise(original, "2026-10") // a copy
			if err != nil {
				t.Fatal(err)
			}
			test.edit(t, doc)
			seen := surface.Build(doc)
			problems := append(Methods(seen.Operations, src), Fields(seen, src)...)
			for _, want := range test.want {
				if !has(problems, want) {
					t.Errorf("got %q, which lacks\n%s", problems, want)
				}
			}
			if test.want == nil && len(problems) > 0 {
				t.Errorf("got %q, want none", problems)
			}
		})
	}
}

// TestOverlayGuards edits the overlay and the contract of the module. It makes all edits
// at once, because checking takes a while.
func TestOverlayGuards(t *testing.T) {
	files := map[string]string{"contract": string(read(t, "openapi/polar.yaml")), "overlay": string(read(t, "openapi/overlay.yaml"))}
	edits := []struct{ name, file, old, new, want string }{
		{"a target that matches nothing", "overlay", "target: $.components.schemas.Member\n", "target: $.components.schemas.Membre\n",
			"its target $.components.schemas.Membre matches nothing. Give it the new path"},
		{"one name of several", "overlay", "['Address','AddressInput'].properties\n", "['Address','AddressChange'].properties\n",
			"it names what the contract does not have: $.components.schemas['AddressChange'].properties. Remove the name from the target"},
		{"one alternative of several", "overlay", "@.schema.type == 'boolean'", "@.schema.type == 'float'",
			"it names what the contract does not have: $.paths.*.*.parameters[?@.in == 'query' && (@.schema.type == 'float')].schema"},
		{"words for a removed field", "contract", "\n        max_page:", "\n        last_page:",
			"it describes max_page, which $.components.schemas.Pagination.properties does not have in every place. Remove it from the update, or replace the name"},
		{"a copy of a removed schema", "contract", "\n    PaymentMethodCardMetadata:", "\n    PaymentMethodGiftMetadata:",
			"its source to copy, $.components.schemas.PaymentMethodCardMetadata, matches 0 times. Name the one schema to copy"},
		{"no description", "overlay", "    description: What a customer is.\n", "",
			"it has no description. Say in one sentence why it is there"},
	}
	for _, e := range edits {
		edited := strings.ReplaceAll(files[e.file], e.old, e.new)
		if edited == files[e.file] {
			t.Fatalf("%s: there is no %q to edit", e.name, e.old)
		}
		files[e.file] = edited
	}
	problems, err := Overlay([]byte(files["contract"]), []byte(files["overlay"]))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		if !has(problems, e.want) {
			t.Errorf("%s: got %q, which lacks\n%s", e.name, problems, e.want)
		}
	}
}

func TestPackages(t *testing.T) {
	src, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	for key, test := range map[string]struct {
		op   surface.Operation
		want []string
	}{
		"GET /v1/customers/{id}":  {surface.Operation{ID: "customers:get", Service: "customers"}, []string{"customers", "gen"}},
		"GET /v1/customers/count": {surface.Operation{ID: "customers:count", Service: "customers"}, []string{"gen"}},
		"GET /v1/custom-fields/":  {surface.Operation{ID: "custom-fields:list", Service: "custom-fields"}, nil},
		"event customer.created":  {surface.Operation{ID: "x", Service: "customers", Webhook: true}, nil},
	} {
		if got := src.Packages(key, &test.op); !slices.Equal(got, test.want) {
			t.Errorf("%s is in %q, want %q", key, got, test.want)
		}
	}
}

func TestExpand(t *testing.T) {
	for path, want := range map[string][]string{
		"$.a.b":                       {"$.a.b"},
		"$.a['b','c'].d":              {"$.a['b'].d", "$.a['c'].d"},
		"$['a','b']['c', 'd']":        {"$['a']['c']", "$['a']['d']", "$['b']['c']", "$['b']['d']"},
		"$['a,b','c]'].d":             {"$['a,b'].d", "$['c]'].d"},
		"$.a[?@.x == 'y' || @.z].b":   {"$.a[?@.x == 'y'].b", "$.a[?@.z].b"},
		"$[?@.a && (@.b || @.c[0])]":  {"$[?@.a && (@.b)]", "$[?@.a && (@.c[0])]"},
		"$[?@.a == 'b || c']":         {"$[?@.a == 'b || c']"},
		"$[?@.a[0].b == 'c' && @.d]":  {"$[?@.a[0].b == 'c' && @.d]"},
		"$.*.x[?match(@.a, 'b,c')].y": {"$.*.x[?match(@.a, 'b,c')].y"},
		`$["a","b"]`:                  {`$["a"]`, `$["b"]`},
		"$.a[0,1]":                    {"$.a[0]", "$.a[1]"},
	} {
		if got := expand(path); !slices.Equal(got, want) {
			t.Errorf("%s expands to %q, want %q", path, got, want)
		}
	}
}

func TestSealed(t *testing.T) {
	data := read(t, "openapi/polar.yaml")
	edited := strings.Replace(string(data), "customers:list", "customers:all", 1)
	if problems := Sealed([]byte(edited)); !has(problems, "openapi/polar.yaml: it was edited by hand") || !has(problems, "Move the edit to openapi/overlay.yaml and run make refresh") {
		t.Errorf("got %q", problems)
	}
}

func TestWords(t *testing.T) {
	problems, err := Words(map[string]string{"gen/x.gen.go": `package gen

// A is described.
type A struct {
	// B is too.
	B string ` + "`json:\"b\"`" + `
	C string ` + "`json:\"c\"`" + `
}

// D defines model for D.
type D string
`})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"gen.A.C: it has no documentation. Describe it under words in openapi/overlay.yaml and run make generate.", "gen.D: it has no documentation. Describe it under words in openapi/overlay.yaml and run make generate."}
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestStage writes to a copy of a module whose files are symbolic links.
func TestStage(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(dir, "go.mod"):             "module example.com/m\n",
		filepath.Join(dir, "m_test.go"):          "package m\n",
		filepath.Join(dir, "sub/go.mod"):         "module example.com/m/sub\n",
		filepath.Join(dir, ".git/config"):        "\n",
		filepath.Join(elsewhere, "polar.yaml"):   "old",
		filepath.Join(elsewhere, "gen/a.gen.go"): "package gen\n",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "openapi"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"openapi/polar.yaml": "polar.yaml", "gen": "gen"} {
		if err := os.Symlink(filepath.Join(elsewhere, target), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := NewStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.SetContract([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := s.Generate(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"polar.yaml": "old", "gen/a.gen.go": "package gen\n"} {
		if got, err := os.ReadFile(filepath.Join(elsewhere, path)); err != nil || string(got) != want {
			t.Errorf("%s has become %q, %v", path, got, err)
		}
	}
	if before, after, err := s.Changes(); err != nil || len(before) != 1 || before["gen/a.gen.go"] == "" || len(after) != 0 {
		t.Errorf("the changes are %v, %v, %v; want the loss of gen/a.gen.go", before, after, err)
	}
	for _, path := range []string{"m_test.go", "sub", ".git"} {
		if _, err := os.Lstat(filepath.Join(s.Dir, path)); err == nil {
			t.Errorf("%s was copied", path)
		}
	}

	if err := os.Symlink(filepath.Join(dir, "openapi"), filepath.Join(dir, "openapi", "loop")); err != nil {
		t.Fatal(err)
	}
	if _, err := NewStage(dir); err == nil || !strings.Contains(err.Error(), "symbolic link to a directory that contains it") {
		t.Errorf("with a loop: %v", err)
	}
}
