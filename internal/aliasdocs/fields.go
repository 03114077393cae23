package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// parseStructs returns the structs that the package in a folder declares.
func parseStructs(folder string) (map[string]*ast.StructType, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	structs := map[string]*ast.StructType{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.TYPE {
				continue
			}
			for _, spec := range group.Specs {
				spec := spec.(*ast.TypeSpec)
				if s, ok := spec.Type.(*ast.StructType); ok {
					structs[spec.Name.Name] = s
				}
			}
		}
	}
	return structs, nil
}

// list returns the exported fields as lines of a comment.
func list(s *ast.StructType, names typeNames) []string {
	var lines []string
	for _, field := range s.Fields.List {
		text := strings.Join(strings.Fields(field.Doc.Text()), " ")
		for _, name := range field.Names {
			if !name.IsExported() {
				continue
			}
			item := name.Name + " (" + names.show(field.Type) + ")"
			if meaning := strings.TrimPrefix(text, name.Name+" "); meaning != "" {
				item += " " + meaning
			}
			lines = append(lines, fill(item)...)
		}
	}
	return lines
}

// fill breaks an item of a list into lines.
func fill(item string) []string {
	var lines []string
	line := "//   -"
	for _, word := range strings.Fields(item) {
		if len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = "//    "
		}
		line += " " + word
	}
	return append(lines, line)
}

// typeNames formats the types of package pkg with the names that the readers of a file
// know.
type typeNames struct {
	pkg   string
	names map[string]string
}

func (t typeNames) show(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		if expr.IsExported() {
			return t.name(t.pkg + "." + expr.Name)
		}
		return expr.Name
	case *ast.SelectorExpr:
		return t.name(types.ExprString(expr))
	case *ast.StarExpr:
		return "*" + t.show(expr.X)
	case *ast.ArrayType:
		return "[]" + t.show(expr.Elt)
	case *ast.MapType:
		return "map[" + t.show(expr.Key) + "]" + t.show(expr.Value)
	case *ast.IndexExpr:
		return t.show(expr.X) + "[" + t.show(expr.Index) + "]"
	}
	return types.ExprString(expr)
}

func (t typeNames) name(full string) string {
	if name, ok := t.names[full]; ok {
		return name
	}
	return full
}
