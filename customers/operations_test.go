package customers_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// The documentation of the methods says the same as the table of operations.
func TestOperations(t *testing.T) {
	var ops []polar.Operation
	for _, op := range polar.Operations() {
		if strings.HasPrefix(op.Path, "/v1/customers/") {
			ops = append(ops, op)
		}
	}
	if len(ops) < 20 {
		t.Fatalf("%d operations of customers", len(ops))
	}
	for _, problem := range compareOperations(ops, documentedMethods(t)) {
		t.Error(problem)
	}
}

// The problems that TestOperations reports say what to do.
func TestOperationsReport(t *testing.T) {
	op := polar.Operation{Name: "customers.Get", ID: "customers:get", Method: "GET", Path: "/v1/customers/{id}", Scopes: []string{"customers:read", "customers:write"}}
	doc := documented{name: "Get", at: "customers.go:7", text: "Get returns it.\n\nScopes: customers:read or customers:write (any one is enough).\n\nAPI: GET /v1/customers/{id}\n"}
	ops, docs := []polar.Operation{op}, []documented{doc}
	if problems := compareOperations(ops, docs); len(problems) != 0 {
		t.Fatalf("problems where there are none: %q", problems)
	}
	other := op
	other.Scopes = []string{"customers:write"}
	stale, renamed, twice := doc, doc, doc
	stale.text = strings.Replace(doc.text, "GET /v1/customers/{id}", "GET /v1/customers/{ID}", 1)
	renamed.name = "Fetch"
	twice.name, twice.at = "Fetch", "customers.go:9"
	for what, tc := range map[string]struct {
		ops  []polar.Operation
		docs []documented
		want string
	}{
		"no method":       {ops, nil, "customers.Get (GET /v1/customers/{id}) has no method: write one whose documentation ends in the lines\n\t// Scopes: customers:read or customers:write (any one is enough)."},
		"no longer there": {nil, docs, "customers.go:7: Get documents GET /v1/customers/{id}, which the contract does not have: remove the method or fix its API line"},
		"scopes changed":  {[]polar.Operation{other}, docs, "customers.go:7: Get must end in the lines\n\t// Scopes: customers:write.\n\t//\n\t// API: GET /v1/customers/{id}"},
		"path changed":    {ops, []documented{stale}, "which the contract does not have"},
		"another name":    {ops, []documented{renamed}, "customers.go:7: Fetch is customers.Get in the table of operations: use one name"},
		"two methods":     {ops, append(docs, twice), "GET /v1/customers/{id} has the methods Get and Fetch: keep one"},
	} {
		if got := strings.Join(compareOperations(tc.ops, tc.docs), "\n"); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %q in it", what, got, tc.want)
		}
	}
}

// documented is a method that stands for an operation.
type documented struct{ name, at, text string }

// lines are the end of the documentation of the method for op.
func lines(op polar.Operation) string {
	scopes := strings.Join(op.Scopes, " or ")
	if len(op.Scopes) > 1 {
		scopes += " (any one is enough)"
	}
	return "Scopes: " + scopes + ".\n\nAPI: " + op.Method + " " + op.Path + "\n"
}

func compareOperations(ops []polar.Operation, docs []documented) (problems []string) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	route := func(op polar.Operation) string { return op.Method + " " + op.Path }
	comment := func(op polar.Operation) string {
		var b strings.Builder
		for line := range strings.Lines(lines(op)) {
			b.WriteString(strings.TrimRight("\t// "+line, " \n") + "\n")
		}
		return strings.TrimSuffix(b.String(), "\n")
	}
	byRoute := map[string]polar.Operation{}
	for _, op := range ops {
		byRoute[route(op)] = op
	}

	methods := map[string][]string{}
	for _, doc := range docs {
		_, api, _ := strings.Cut(doc.text, "API: ")
		api = strings.TrimSpace(api)
		op, ok := byRoute[api]
		if !ok {
			report("%s: %s documents %s, which the contract does not have: remove the method or fix its API line", doc.at, doc.name, api)
			continue
		}
		methods[api] = append(methods[api], doc.name)
		if !strings.HasSuffix(doc.text, "\n\n"+lines(op)) || strings.Count(doc.text, "Scopes:") != 1 {
			report("%s: %s must end in the lines\n%s", doc.at, doc.name, comment(op))
		}
		if op.Name != "customers."+doc.name {
			report("%s: %s is %s in the table of operations: use one name", doc.at, doc.name, op.Name)
		}
	}
	for _, op := range ops {
		switch names := methods[route(op)]; len(names) {
		case 0:
			report("%s (%s) has no method: write one whose documentation ends in the lines\n%s", op.Name, route(op), comment(op))
		case 1:
		default:
			report("%s has the methods %s: keep one, or remove the two fixed lines from the others", route(op), strings.Join(names, " and "))
		}
	}
	return problems
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
				t.Errorf("%s: %s is not a method of Client or MembersClient, but documents an operation", fset.Position(f.Pos()), name)
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
