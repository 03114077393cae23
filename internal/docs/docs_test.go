package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Every name that a user can write has a doc comment: packages, declarations, fields of
// structs and methods of interfaces. Constants and variables can share one.
func TestDocumented(t *testing.T) {
	inRoot(t)
	packages := map[string]bool{} // whether the package has a comment
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			// Users cannot import internal packages. The nested module has its own rules.
			if name == "testdata" || name == "bench" || name == "internal" || path != "." && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "tools.go" {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		packages[dir] = packages[dir] || file.Doc.Text() != ""
		if file.Name.Name == "main" {
			return nil
		}
		// The fields of these packages are too many to describe, and have the service's names.
		namesOnly := strings.HasPrefix(dir, filepath.Join("gen", "api")) || strings.HasPrefix(dir, filepath.Join("gen", "commerce"))
		for _, name := range undocumented(file) {
			if namesOnly && strings.Contains(name, "#") || name == "HttpRequestDoer#Do" { // oapi-codegen writes it
				continue
			}
			t.Errorf("%s: %s has no doc comment: say what it means", path, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{".", "customers", "polar", "polartest", "webhook", "customers/statecache", "gen", "openapi"} {
		if _, ok := packages[must]; !ok {
			t.Errorf("the test did not find package %s", must)
		}
	}
	for dir, ok := range packages {
		if !ok {
			t.Errorf("package %s has no package comment: add a doc.go", dir)
		}
	}
}

func TestUndocumented(t *testing.T) {
	for source, want := range map[string]string{
		"// F is.\nfunc F() {}\nfunc g() {}": "",
		"func F() {}":                        "F",
		"//go:noinline\nfunc F() {}":         "F",
		"// T is.\ntype T int\nfunc (T) M() {}\nfunc (t *T) N() {}": "T.M T.N",
		"type t int\nfunc (t) M() {}":                               "",
		"type T int":                                                "T",
		"// Kinds.\nconst ( A = 1\nB = 2 )":                         "",
		"const ( A = 1\n// B is.\nB = 2 )":                          "A",
		"var X, Y int":                                              "X Y",
		"// T is.\ntype T struct { A int\n// B is.\nB int\nc int\nC int // is. \n}": "T#A",
		"// T is.\ntype T struct {\n// A and B are.\nA, B int\nfmt.Stringer }":      "",
		"// T is.\ntype T interface { M() }":                                        "T#M",
		"type (\n// T is.\nT int\nU int )":                                          "U",
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(undocumented(file), " "); got != want {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
}

// undocumented names the exported declarations of a file without a comment, and
// the members of types, as Type#Member.
func undocumented(file *ast.File) (names []string) {
	need := func(name string, docs ...*ast.CommentGroup) {
		for _, doc := range docs {
			if strings.TrimSpace(doc.Text()) != "" {
				return
			}
		}
		names = append(names, name)
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if !d.Name.IsExported() {
				continue
			}
			if d.Recv == nil {
				need(d.Name.Name, d.Doc)
			} else if of := receiver(d.Recv.List[0].Type); ast.IsExported(of) {
				need(of+"."+d.Name.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.ValueSpec:
					for _, id := range s.Names {
						if id.IsExported() {
							need(id.Name, d.Doc, s.Doc, s.Comment)
						}
					}
				case *ast.TypeSpec:
					if !s.Name.IsExported() {
						continue
					}
					alone := d.Doc
					if d.Lparen.IsValid() {
						alone = nil // the comment is the group's
					}
					need(s.Name.Name, alone, s.Doc)
					for _, f := range fields(s.Type) {
						for _, id := range f.Names {
							if id.IsExported() {
								need(s.Name.Name+"#"+id.Name, f.Doc, f.Comment)
							}
						}
					}
				}
			}
		}
	}
	return names
}

func fields(t ast.Expr) []*ast.Field {
	switch t := t.(type) {
	case *ast.StructType:
		return t.Fields.List
	case *ast.InterfaceType:
		return t.Methods.List
	}
	return nil
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return fmt.Sprint(t)
}
