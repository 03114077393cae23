package customers_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every exported function and every method of the clients has an example. The
// output of each is checked, and go doc shows it: it leaves out examples whose
// names belong to nothing.
func TestExamples(t *testing.T) {
	pkg, all := documentation(t)
	shown := map[string]*doc.Example{}
	for _, list := range examplesOf(pkg) {
		for _, e := range list {
			shown[e.Name] = e
		}
	}
	for _, e := range all {
		if shown[e.Name] == nil {
			t.Errorf("go doc does not show Example%s: its name belongs to nothing", e.Name)
		}
		if e.Output == "" {
			t.Errorf("Example%s has no output, so go test does not run it", e.Name)
		}
	}

	wanted := map[string]bool{}
	for _, f := range pkg.Funcs {
		wanted[f.Name] = true
	}
	for _, typ := range pkg.Types {
		for _, f := range typ.Funcs {
			wanted[f.Name] = true
		}
		if typ.Name == "Client" || typ.Name == "MembersClient" {
			for _, m := range typ.Methods {
				wanted[typ.Name+"_"+m.Name] = true
			}
		}
	}
	for name := range operations() {
		if method, ok := strings.CutPrefix(name, "Members."); ok {
			wanted["MembersClient_"+method] = true
		} else {
			wanted["Client_"+name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if shown[name] == nil {
			t.Errorf("there is no Example%s: write it", name)
		}
	}
}

// documentation parses the package as go doc does, and all its examples.
func documentation(t *testing.T) (*doc.Package, []*doc.Example) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files, tests []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		if strings.HasSuffix(name, "_test.go") {
			tests = append(tests, f)
		}
	}
	pkg, err := doc.NewFromFiles(fset, files, "github.com/polarexpress/polar-go/customers")
	if err != nil {
		t.Fatal(err)
	}
	return pkg, doc.Examples(tests...)
}

// examplesOf lists the examples of a package, where go doc shows them.
func examplesOf(pkg *doc.Package) [][]*doc.Example {
	lists := [][]*doc.Example{pkg.Examples}
	funcs := pkg.Funcs
	for _, typ := range pkg.Types {
		lists = append(lists, typ.Examples)
		funcs = append(append(funcs, typ.Funcs...), typ.Methods...)
	}
	for _, f := range funcs {
		lists = append(lists, f.Examples)
	}
	return lists
}
