package publicapi

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Examples parses the package in the current directory as go doc does, and returns
// it with the examples that go doc shows, by name. It fails the test if an example has
// a name that belongs to nothing, because go doc leaves it out, or has no output,
// because go test does not run it.
func Examples(t *testing.T, path string) (*doc.Package, map[string]*doc.Example) {
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
	pkg, err := doc.NewFromFiles(fset, files, path, doc.PreserveAST)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]*doc.Example{}
	for _, e := range examplesOf(pkg) {
		shown[e.Name] = e
	}
	for _, e := range doc.Examples(tests...) {
		if shown[e.Name] == nil {
			t.Errorf("go doc does not show Example%s: its name belongs to nothing", e.Name)
		}
		if e.Output == "" {
			t.Errorf("Example%s has no output, so go test does not run it", e.Name)
		}
	}
	return pkg, shown
}

// examplesOf lists the examples of a package, its types and its functions.
func examplesOf(pkg *doc.Package) []*doc.Example {
	list, funcs := slices.Clip(pkg.Examples), slices.Clip(pkg.Funcs)
	for _, typ := range pkg.Types {
		list = append(list, typ.Examples...)
		funcs = append(append(funcs, typ.Funcs...), typ.Methods...)
	}
	for _, f := range funcs {
		list = append(list, f.Examples...)
	}
	return list
}

// Uses reports whether an example selects name, as in polar.New or client.With.
func Uses(e *doc.Example, name string) (found bool) {
	ast.Inspect(e.Code, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		found = found || ok && s.Sel.Name == name
		return true
	})
	return found
}
