package customers_test

import (
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
)

// TestExamples demands an example whose output is checked for every method of
// the clients and for every sentinel, and that go doc shows each one: it drops
// those whose names belong to nothing, and variables cannot have any.
func TestExamples(t *testing.T) {
	pkg, all, fset := documentation(t)
	shown := map[string]*doc.Example{}
	for _, list := range examplesOf(pkg) {
		for _, e := range list {
			shown[e.Name] = e
		}
	}
	for _, e := range all {
		if shown[e.Name] == nil {
			t.Errorf("go doc does not show Example%s, for its name belongs to nothing", e.Name)
		}
		if e.Output == "" {
			t.Errorf("Example%s has no output to check, so that it is not run", e.Name)
		}
	}

	wanted := map[string]bool{}
	for _, op := range customers.Operations() {
		if method, ok := strings.CutPrefix(op.Name, "Members."); ok {
			wanted["MembersClient_"+method] = true
		} else {
			wanted["Client_"+op.Name] = true
		}
	}
	for _, typ := range pkg.Types { // what the clients offer on top of that
		if typ.Name != "Client" && typ.Name != "MembersClient" {
			continue
		}
		for _, m := range typ.Methods {
			if m.Name != "String" && m.Name != "Format" {
				wanted[typ.Name+"_"+m.Name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if shown[name] == nil {
			t.Errorf("there is no Example%s: write it", name)
		}
	}

	names := sentinelNames(pkg)
	if len(names) == 0 {
		t.Error("found no sentinels")
	}
	for _, sentinel := range names {
		rest := strings.TrimPrefix(sentinel, "Err")
		name := "Error_" + strings.ToLower(rest[:1]) + rest[1:]
		switch e := shown[name]; {
		case e == nil:
			t.Errorf("there is no Example%s: write it, for %s", name, sentinel)
		case !strings.Contains(source(t, fset, e), "customers."+sentinel):
			t.Errorf("Example%s does not use %s", name, sentinel)
		}
	}
}

// documentation parses the package as go doc does, and all its examples.
func documentation(t *testing.T) (*doc.Package, []*doc.Example, *token.FileSet) {
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
	return pkg, doc.Examples(tests...), fset
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

// sentinelNames are the package's errors to compare with.
func sentinelNames(pkg *doc.Package) (names []string) {
	for _, v := range pkg.Vars {
		for _, name := range v.Names {
			if strings.HasPrefix(name, "Err") {
				names = append(names, name)
			}
		}
	}
	return names
}

func source(t *testing.T, fset *token.FileSet, e *doc.Example) string {
	t.Helper()
	var b strings.Builder
	if err := format.Node(&b, fset, e.Code); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
