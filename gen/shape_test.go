package gen_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Generated code is plain: no unions kept as raw JSON, no anonymous structs, no
// float32, no pointers to slices or maps, and enum constants that begin with the
// name of their type.
func TestShape(t *testing.T) {
	files := generatedFiles(t)
	for _, name := range files {
		for _, problem := range shape(t, name, nil) {
			t.Errorf("%s: fix it in openapi/overlay.yaml and generate again", problem)
		}
	}
}

// generatedFiles returns the files of this package and of those below it.
func generatedFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.gen.go", "*/*.gen.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no generated files %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

func TestShapeSees(t *testing.T) {
	for source, want := range map[string]string{
		"type T struct { A *string; B []int; C map[string]any; D struct{} }":       "T.D is an anonymous struct",
		"type T struct { A []struct{ X int } }":                                    "T.A is an anonymous struct",
		"type T struct { union json.RawMessage }":                                  "T.union is raw JSON",
		"type T struct { A json.RawMessage }":                                      "T.A is raw JSON",
		"type T struct { A *[]int }":                                               "T.A is a pointer to a slice or map",
		"type T struct { A *map[string]int }":                                      "T.A is a pointer to a slice or map",
		"type T struct { A nullable.Nullable[float32] }":                           "T.A is a float32",
		"type GetResult struct { JSON200 *[]int }":                                 "",
		"type T = float32":                                                         "T is a float32",
		"type E string\nconst Active E = \"active\"":                               "constant Active does not begin with E",
		"type E string\nconst ( EA E = \"a\" )\ntype T struct { A []E; B *int64 }": "",
	} {
		if got := strings.Join(shape(t, "x.go", "package gen\n"+source), "; "); got != want && (want == "" || !strings.Contains(got, want)) {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
}

func shape(t *testing.T, name string, source any) (problems []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s, ok := spec.Type.(*ast.StructType)
				if !ok {
					problems = append(problems, plain(spec.Name.Name, spec.Type)...)
					continue
				}
				for _, f := range s.Fields.List {
					for _, id := range f.Names {
						if strings.HasPrefix(id.Name, "JSON") && strings.HasSuffix(spec.Name.Name, "Result") {
							continue // a body, which may be a list
						}
						problems = append(problems, plain(spec.Name.Name+"."+id.Name, f.Type)...)
					}
				}
			case *ast.ValueSpec:
				kind, ok := spec.Type.(*ast.Ident)
				if d.Tok != token.CONST || !ok || !kind.IsExported() {
					continue
				}
				for _, id := range spec.Names {
					if !strings.HasPrefix(id.Name, kind.Name) || id.Name == kind.Name {
						problems = append(problems, fmt.Sprintf("constant %s does not begin with %s", id.Name, kind.Name))
					}
				}
			}
		}
	}
	return problems
}

// plain reports what is not plain in the type of name.
func plain(name string, kind ast.Expr) (problems []string) {
	ast.Inspect(kind, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			problems = append(problems, name+" is an anonymous struct")
		case *ast.StarExpr:
			switch n.X.(type) {
			case *ast.ArrayType, *ast.MapType:
				problems = append(problems, name+" is a pointer to a slice or map")
			}
		case *ast.Ident:
			if n.Name == "float32" {
				problems = append(problems, name+" is a float32")
			}
		case *ast.SelectorExpr:
			if n.Sel.Name == "RawMessage" {
				problems = append(problems, name+" is raw JSON")
			}
		}
		return true
	})
	return problems
}

// Tools see a deprecation only where it begins a paragraph.
func TestDeprecated(t *testing.T) {
	if problems := deprecations("// Deprecated: a.\n\n// A is.\n//\n// Deprecated: b.\n"); len(problems) != 0 {
		t.Errorf("a paragraph is refused: %v", problems)
	}
	if problems := deprecations("// A is.\n// Deprecated: b.\n"); len(problems) != 1 {
		t.Errorf("a line within a paragraph is not found: %v", problems)
	}
	files := generatedFiles(t)
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range deprecations(string(source)) {
			t.Errorf("%s: %s: end the description in openapi/overlay.yaml with a blank line", name, problem)
		}
	}
}

func deprecations(source string) (problems []string) {
	before := ""
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "// Deprecated:") && before != "//" && strings.HasPrefix(before, "//") {
			problems = append(problems, fmt.Sprintf("%q does not begin a paragraph", line))
		}
		before = line
	}
	return problems
}
