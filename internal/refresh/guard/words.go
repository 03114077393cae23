package guard

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// Words reports generated types and fields without documentation. files maps the paths of
// the generated files to their content.
func Words(files map[string]string) ([]Problem, error) {
	var problems []Problem
	const do = "Describe it under words in openapi/overlay.yaml and run make generate"
	for _, path := range slices.Sorted(maps.Keys(files)) {
		file, err := parser.ParseFile(token.NewFileSet(), path, files[path], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.TYPE {
				continue
			}
			for _, spec := range d.Specs {
				t := spec.(*ast.TypeSpec)
				// This is what the generator writes for a schema without a description.
				if strings.Contains(d.Doc.Text(), " defines model for ") {
					problems = append(problems, Problem{"gen." + t.Name.Name, "it has no documentation", do})
				}
				s, ok := t.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, f := range s.Fields.List {
					if f.Doc == nil && f.Tag != nil && len(f.Names) > 0 {
						problems = append(problems, Problem{"gen." + t.Name.Name + "." + f.Names[0].Name, "it has no documentation", do})
					}
				}
			}
		}
	}
	return problems, nil
}
