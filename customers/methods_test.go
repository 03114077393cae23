package customers_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// operations are the operations of this package, by their names within it.
func operations() map[string]polar.Operation {
	ops := map[string]polar.Operation{}
	for _, op := range polar.Operations() {
		if strings.HasPrefix(op.Path, "/v1/customers/") {
			ops[strings.TrimPrefix(op.Name, "customers.")] = op
		}
	}
	return ops
}

// Every operation has one method, with the name of the contract, and its
// documentation ends in the scopes and the route of the contract.
func TestMethods(t *testing.T) {
	ops := operations()
	if len(ops) == 0 {
		t.Fatal("the contract has no operations")
	}
	for _, problem := range compareMethods(ops, methods(t)) {
		t.Error(problem)
	}
}

// What TestMethods reports says what to do.
func TestMethodsReport(t *testing.T) {
	op := polar.Operation{Name: "customers.Get", Method: "GET", Path: "/v1/customers/{id}", Scopes: []string{"customers:read", "customers:write"}}
	ops := map[string]polar.Operation{"Get": op}
	good := method{at: "customers.go:7", doc: "Get returns it.\n\nScopes: customers:read or customers:write (any one is enough).\n\nAPI: GET /v1/customers/{id}\n", sends: []string{"NewCustomersGetRequest"}}
	changed := func(change func(*method)) map[string]method {
		m := good
		change(&m)
		return map[string]method{"Get": m}
	}
	if problems := compareMethods(ops, map[string]method{"Get": good}); len(problems) != 0 {
		t.Fatalf("problems where there are none: %q", problems)
	}
	for what, tc := range map[string]struct {
		ops     map[string]polar.Operation
		methods map[string]method
		want    string
	}{
		"no method":        {ops, nil, "GET /v1/customers/{id} has no method Get: write it"},
		"another name":     {ops, map[string]method{"Fetch": good}, "customers.go:7: Fetch documents GET /v1/customers/{id}, which belongs to Get"},
		"no longer there":  {nil, map[string]method{"Get": good}, "customers.go:7: Get documents GET /v1/customers/{id}, which the contract does not have"},
		"other scopes":     {ops, changed(func(m *method) { m.doc = strings.ReplaceAll(m.doc, ":read", ":see") }), "customers.go:7: Get must end in the lines\n\t// Scopes: customers:read or customers:write (any one is enough).\n\t//\n\t// API: GET /v1/customers/{id}"},
		"not at the end":   {ops, changed(func(m *method) { m.doc += "\nMore.\n" }), "Get must end in the lines"},
		"no documentation": {ops, changed(func(m *method) { m.doc = "Get returns it.\n" }), "Get must end in the lines"},
		"sends unseen":     {ops, map[string]method{"Get": good, "Peek": {at: "peek.go:1", sends: []string{"NewCustomersGetRequest"}}}, "peek.go:1: Peek sends a request and is not named after an operation"},
	} {
		if got := strings.Join(compareMethods(tc.ops, tc.methods), "\n"); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %q in it", what, got, tc.want)
		}
	}
}

// method is an exported method of Client or MembersClient.
type method struct {
	at, doc string
	sends   []string // the functions that build its requests
}

func compareMethods(ops map[string]polar.Operation, methods map[string]method) (problems []string) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	byRoute := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(ops)) {
		op := ops[name]
		byRoute[op.Method+" "+op.Path] = name
		m, ok := methods[name]
		switch {
		case !ok:
			report("%s %s has no method %s: write it, with documentation that ends in the lines\n%s", op.Method, op.Path, name, comment(op))
		case !strings.HasSuffix(m.doc, "\n\n"+lastLines(op)) || strings.Count(m.doc, "Scopes:") != 1:
			report("%s: %s must end in the lines\n%s", m.at, name, comment(op))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		m := methods[name]
		_, api, documents := strings.Cut(m.doc, "API: ")
		api = strings.TrimSpace(api)
		owner, known := byRoute[api]
		switch {
		case documents && !known:
			report("%s: %s documents %s, which the contract does not have: remove the method, or fix its API line", m.at, name, api)
		case documents && owner != name:
			report("%s: %s documents %s, which belongs to %s", m.at, name, api, owner)
		case !documents && len(m.sends) > 0 && ops[name].Path == "":
			report("%s: %s sends a request and is not named after an operation", m.at, name)
		}
	}
	return problems
}

// lastLines are what the documentation of the method for op ends in.
func lastLines(op polar.Operation) string {
	scopes := strings.Join(op.Scopes, " or ")
	if len(op.Scopes) > 1 {
		scopes += " (any one is enough)"
	}
	return fmt.Sprintf("Scopes: %s.\n\nAPI: %s %s\n", scopes, op.Method, op.Path)
}

func comment(op polar.Operation) string {
	var b strings.Builder
	for line := range strings.Lines(lastLines(op)) {
		b.WriteString(strings.TrimRight("\t// "+line, " \n") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// methods reads the exported methods of Client and MembersClient from the source.
func methods(t *testing.T) map[string]method {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]method{}
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Recv == nil {
				continue
			}
			name := f.Name.Name
			switch receiver(f) {
			case "Client":
			case "MembersClient":
				name = "Members." + name
			default:
				continue
			}
			m := method{at: fset.Position(f.Pos()).String(), doc: f.Doc.Text()}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "New") && strings.HasSuffix(s.Sel.Name, "Request") {
					m.sends = append(m.sends, s.Sel.Name)
				}
				return true
			})
			found[name] = m
		}
	}
	return found
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

// Each helper on top of operations that needs scopes of its own names them.
func TestHelpersNameScopes(t *testing.T) {
	found := methods(t)
	for name, of := range map[string]string{"Ensure": "Create", "ExportRows": "Export", "States": "GetState", "StatesByExternalID": "GetStateByExternalID"} {
		scopes, _, _ := strings.Cut(lastLines(operations()[of]), "\n")
		if doc := found[name].doc; !strings.HasSuffix(doc, "\n\n"+scopes+"\n") {
			t.Errorf("the documentation of %s must end in %q", name, scopes)
		}
	}
}
