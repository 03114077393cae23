package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// marker is the line between the handwritten text and the list.
const marker = "Fields:"

// width is the maximum length of a line of the list.
const width = 100

// A declaration declares a type as a type of another package.
type declaration struct {
	name     string
	pkg, typ string // the other type: the name of its package in the file, and its own name
	doc      *ast.CommentGroup
	pos      token.Pos
}

// rewrite returns source with the lists of fields up to date. dir finds the
// source of an imported package.
func rewrite(name string, source []byte, renames map[string]string, dir func(importPath string) (string, error)) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	imports := map[string]string{}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if spec.Name != nil {
			imports[spec.Name.Name] = importPath
		} else {
			imports[path.Base(importPath)] = importPath
		}
	}
	declarations := declarations(file)
	// Readers know a type by its name in the file.
	names := map[string]string{}
	for _, d := range declarations {
		if _, ok := names[d.pkg+"."+d.typ]; !ok {
			names[d.pkg+"."+d.typ] = d.name
		}
	}
	for from, to := range renames {
		names[from] = to
	}
	structs := map[string]map[string]*ast.StructType{}
	result := string(source)
	for _, d := range slices.Backward(declarations) { // from the end, so that positions stay right
		if structs[d.pkg] == nil {
			folder, err := dir(imports[d.pkg])
			if err != nil {
				return nil, err
			}
			if structs[d.pkg], err = parseStructs(folder); err != nil {
				return nil, err
			}
		}
		s := structs[d.pkg][d.typ]
		if s == nil {
			continue
		}
		if d.doc == nil {
			return nil, fmt.Errorf("%s: %s has no doc comment", files.Position(d.pos), d.name)
		}
		from, to := files.Position(d.doc.Pos()).Offset, files.Position(d.doc.End()).Offset
		text := slices.Concat(handwritten(d.doc), []string{"//", "// " + marker, "//"}, list(s, typeNames{d.pkg, names}))
		result = result[:from] + strings.Join(text, "\n") + result[to:]
	}
	return format.Source([]byte(result))
}

// declarations returns the types of the file that are declared as types of other
// packages, in the order of the file.
func declarations(file *ast.File) []declaration {
	var found []declaration
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		for _, spec := range group.Specs {
			spec := spec.(*ast.TypeSpec)
			selector, ok := spec.Type.(*ast.SelectorExpr)
			if !ok {
				continue
			}
			doc := spec.Doc
			if !group.Lparen.IsValid() {
				doc = group.Doc
			}
			found = append(found, declaration{spec.Name.Name, selector.X.(*ast.Ident).Name, selector.Sel.Name, doc, spec.Pos()})
		}
	}
	return found
}

// handwritten returns the lines of the comment before the list.
func handwritten(doc *ast.CommentGroup) []string {
	var lines []string
	for _, comment := range doc.List {
		if comment.Text == "// "+marker {
			break
		}
		lines = append(lines, comment.Text)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "//" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
