package guard

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"strings"
)

// API returns the exported names of the given files of one package, each with its type or
// signature. The name of a field or method begins with its type. The methods of
// interfaces are not listed.
func API(files map[string]string) (map[string]string, error) {
	api := map[string]string{}
	fset := token.NewFileSet()
	for path, text := range files {
		file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					apiSpec(fset, api, spec)
				}
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = strings.TrimPrefix(source(fset, d.Recv.List[0].Type), "*") + "." + name
				}
				if ast.IsExported(name) && d.Name.IsExported() {
					api[name] = strings.TrimPrefix(source(fset, d.Type), "func")
				}
			}
		}
	}
	return api, nil
}

func apiSpec(fset *token.FileSet, api map[string]string, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for i, id := range s.Names {
			if id.IsExported() {
				api[id.Name] = "constant or variable"
				if s.Type != nil {
					api[id.Name] = source(fset, s.Type)
				}
				if i < len(s.Values) {
					api[id.Name] += " = " + source(fset, s.Values[i])
				}
			}
		}
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return
		}
		switch t := s.Type.(type) {
		case *ast.StructType:
			api[s.Name.Name] = "struct"
			for _, f := range t.Fields.List {
				for _, id := range f.Names {
					if id.IsExported() {
						api[s.Name.Name+"."+id.Name] = source(fset, f.Type)
					}
				}
			}
		case *ast.InterfaceType:
			api[s.Name.Name] = "interface"
		default:
			api[s.Name.Name] = source(fset, t)
		}
	}
}

func source(fset *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, n); err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
