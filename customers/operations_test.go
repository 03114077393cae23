package customers_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/openapi"
)

// The contract, the methods' documentation and Operations say the same.
func TestOperations(t *testing.T) {
	contract := contractOperations(t)
	if len(contract) == 0 {
		t.Fatal("the contract has no operations")
	}
	for _, problem := range compareOperations(contract, documentedMethods(t), customers.Operations()) {
		t.Error(problem)
	}
}

// What TestOperations reports says what to do.
func TestOperationsReport(t *testing.T) {
	op := customers.Operation{Name: "Get", ID: "customers:get", Method: "GET", Path: "/v1/customers/{id}", Scopes: []string{"customers:read", "customers:write"}}
	doc := documented{name: "Get", at: "customers.go:7", text: "Get returns it.\n\nScopes: customers:read or customers:write (any one is enough).\n\nAPI: GET /v1/customers/{id}\n"}
	contract, docs, ops := []customers.Operation{op}, []documented{doc}, []customers.Operation{op}
	if problems := compareOperations(contract, docs, ops); len(problems) != 0 {
		t.Fatalf("problems where there are none: %q", problems)
	}
	other := op
	other.Scopes = []string{"customers:write"}
	stale := doc
	stale.text = strings.Replace(doc.text, "GET /v1/customers/{id}", "GET /v1/customers/{ID}", 1)
	twice := doc
	twice.name, twice.at = "Fetch", "customers.go:9"
	for what, tc := range map[string]struct {
		contract []customers.Operation
		docs     []documented
		ops      []customers.Operation
		want     string
	}{
		"no method":         {contract, nil, ops, "write a method"},
		"no longer there":   {nil, docs, nil, "customers.go:7: Get documents GET /v1/customers/{id}, which the contract does not have: remove the method, or mend its API line"},
		"scopes changed":    {[]customers.Operation{other}, docs, []customers.Operation{other}, "customers.go:7: Get must end in the lines\n\t// Scopes: customers:write.\n\t//\n\t// API: GET /v1/customers/{id}"},
		"path changed":      {contract, []documented{stale}, ops, "which the contract does not have"},
		"two methods":       {contract, append(docs, twice), ops, "GET /v1/customers/{id} has the methods Get and Fetch: keep one"},
		"not in Operations": {contract, docs, nil, "add to operations.go"},
		"differs there":     {contract, docs, []customers.Operation{other}, "in operations.go"},
		"only there":        {nil, nil, ops, "remove it from operations.go"},
	} {
		if got := strings.Join(compareOperations(tc.contract, tc.docs, tc.ops), "\n"); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %q in it", what, got, tc.want)
		}
	}
}

// documented is a method that stands for an operation.
type documented struct{ name, at, text string }

// lines are what the documentation of the method for op ends in.
func lines(op customers.Operation) string {
	scopes := strings.Join(op.Scopes, " or ")
	if len(op.Scopes) > 1 {
		scopes += " (any one is enough)"
	}
	return "Scopes: " + scopes + ".\n\n" + apiLine(op)
}

func apiLine(op customers.Operation) string { return "API: " + op.Method + " " + op.Path + "\n" }

func compareOperations(contract []customers.Operation, docs []documented, ops []customers.Operation) (problems []string) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	route := func(op customers.Operation) string { return op.Method + " " + op.Path }
	comment := func(op customers.Operation) string {
		var b strings.Builder
		for line := range strings.Lines(lines(op)) {
			b.WriteString(strings.TrimRight("\t// "+line, " \n") + "\n")
		}
		return strings.TrimSuffix(b.String(), "\n")
	}
	byRoute := map[string]customers.Operation{}
	for _, op := range contract {
		byRoute[route(op)] = op
	}

	methods := map[string][]string{}
	for _, doc := range docs {
		_, api, _ := strings.Cut(doc.text, "API: ")
		api = strings.TrimSpace(api)
		op, ok := byRoute[api]
		if !ok {
			report("%s: %s documents %s, which the contract does not have: remove the method, or mend its API line", doc.at, doc.name, api)
			continue
		}
		methods[api] = append(methods[api], doc.name)
		if !strings.HasSuffix(doc.text, "\n\n"+lines(op)) || strings.Count(doc.text, "Scopes:") != 1 {
			report("%s: %s must end in the lines\n%s", doc.at, doc.name, comment(op))
		}
	}
	listed := map[string]customers.Operation{}
	for _, op := range ops {
		if _, ok := byRoute[route(op)]; !ok {
			report("Operations has %s (%s), which the contract does not: remove it from operations.go", op.Name, route(op))
		} else if _, ok := listed[route(op)]; ok {
			report("Operations has %s twice: remove one from operations.go", route(op))
		}
		listed[route(op)] = op
	}
	for _, want := range contract {
		names := methods[route(want)]
		switch len(names) {
		case 0:
			report("%s (%s) has no method: write a method of Client or MembersClient whose documentation ends in the lines\n%s", route(want), want.ID, comment(want))
			continue
		case 1:
			want.Name = names[0]
		default:
			report("%s has the methods %s: keep one, or take the two fixed lines from the others", route(want), strings.Join(names, " and "))
			continue
		}
		got, ok := listed[route(want)]
		if !ok {
			report("Operations lacks %s: add to operations.go\n\t%#v", route(want), want)
		} else if got.Name != want.Name || got.ID != want.ID || !slices.Equal(got.Scopes, want.Scopes) {
			report("Operations has another %s: write in operations.go\n\t%#v\nin place of\n\t%#v", route(want), want, got)
		}
	}
	return problems
}

// contractOperations reads the vendored contract.
func contractOperations(t *testing.T) (ops []customers.Operation) {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
			Security    []map[string][]string
		}
	}
	if err := yaml.Unmarshal(openapi.Contract(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			var scopes []string
			for _, schemes := range op.Security { // one kind of token each
				for _, s := range schemes {
					if scopes != nil && !slices.Equal(scopes, s) {
						t.Errorf("%s: kinds of tokens need different scopes, %q and %q: say so in its documentation, and teach this test", op.OperationID, scopes, s)
					}
					scopes = s
				}
			}
			if len(scopes) == 0 {
				t.Errorf("%s: the contract names no scope: see what the overlay can add", op.OperationID)
			}
			ops = append(ops, customers.Operation{ID: op.OperationID, Method: strings.ToUpper(method), Path: path, Scopes: scopes})
		}
	}
	slices.SortFunc(ops, func(a, b customers.Operation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return ops
}

// documentedMethods finds the methods whose documentation names an operation.
func documentedMethods(t *testing.T) (docs []documented) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Recv == nil || !strings.Contains(f.Doc.Text(), "API: ") {
				continue
			}
			name := f.Name.Name
			switch receiver(f) {
			case "Client":
			case "MembersClient":
				name = "Members." + name
			default:
				t.Errorf("%s: %s is no method of Client or MembersClient, but documents an operation", fset.Position(f.Pos()), name)
			}
			docs = append(docs, documented{name, fset.Position(f.Pos()).String(), f.Doc.Text()})
		}
	}
	return docs
}

func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// What Operations returns is the caller's.
func TestOperationsAreCopies(t *testing.T) {
	a := customers.Operations()
	for i := range a {
		a[i].Name = "changed"
		for j := range a[i].Scopes {
			a[i].Scopes[j] = "changed"
		}
	}
	for _, op := range customers.Operations() {
		if op.Name == "changed" || slices.Contains(op.Scopes, "changed") {
			t.Fatalf("a caller changed %s", op.ID)
		}
	}
}

// Requests of the raw client are told apart by method and path.
func TestRawOperations(t *testing.T) {
	broken := transportFunc(func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") })
	for _, baseURL := range []string{"https://polar.example", "https://proxy.example/polar/v1%2F"} {
		c, err := customers.New("polar_oat_wiretest", customers.WithBaseURL(baseURL), customers.WithHTTPClient(&http.Client{Transport: broken}),
			customers.WithRetry(customers.RetryPolicy{MaxAttempts: 1}))
		if err != nil {
			t.Fatal(err)
		}
		raw, ok := c.Raw().ClientInterface.(*gen.Client)
		if !ok {
			t.Fatalf("the raw client is a %T", c.Raw().ClientInterface)
		}
		check := func(method, path, name, route string) {
			req, err := http.NewRequestWithContext(t.Context(), method, baseURL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			var e *customers.Error
			if _, err := raw.Client.Do(req); !errors.As(err, &e) || e.Operation != name || e.Method != method || e.Route != route {
				t.Errorf("%s %s: got %+q, want %s", method, path, e, name)
			}
		}
		for _, op := range customers.Operations() {
			for _, external := range []string{"user_42", "a%20b", "members", "state", "payment-methods", "external", wireID} {
				path := strings.NewReplacer("{id}", wireID, "{member_id}", wireMember, "{external_id}", external, "{member_external_id}", external).Replace(op.Path)
				check(op.Method, path, op.Name, op.Path)
			}
		}
		check("GET", "/v1/products/", "raw", "(unknown)")
		check("PUT", "/v1/customers/"+wireID, "raw", "(unknown)")
		check("GET", "/v1/customers//state", "raw", "(unknown)")
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
