package guard

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// A Source is the SDK's Go, parsed but not type-checked: it can be read even
// when a new contract has broken it.
type Source struct {
	Gen, Customers *Package
}

// A Package is the declarations of one package that the checks look at.
type Package struct {
	Types   map[string]*ast.TypeSpec
	Decodes map[string]bool // types that decode themselves
	Methods []Method        // exported methods of exported types
	pkgs    map[string]*Package
}

// A Method is one exported method and what its documentation states.
type Method struct {
	Name    string // "Client.Get"
	At      string // "customers/get.go:12"
	API     string // what its API line says, "GET /v1/customers/{id}"
	Scopes  string // what its Scopes line says
	Params  []ast.Expr
	Results []ast.Expr
}

// Load parses the packages gen and customers of the module at root.
func Load(root string) (*Source, error) {
	gen, err := load(root, "gen")
	if err != nil {
		return nil, err
	}
	customers, err := load(root, "customers")
	if err != nil {
		return nil, err
	}
	customers.pkgs["gen"] = gen
	return &Source{gen, customers}, nil
}

func load(root, name string) (*Package, error) {
	p := &Package{Types: map[string]*ast.TypeSpec{}, Decodes: map[string]bool{}, pkgs: map[string]*Package{}}
	fset := token.NewFileSet()
	files, err := filepath.Glob(filepath.Join(root, name, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, &fs.PathError{Op: "parse", Path: filepath.Join(root, name), Err: fs.ErrNotExist}
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						p.Types[t.Name.Name] = t
					}
				}
			case *ast.FuncDecl:
				p.method(d, func() string {
					at := fset.Position(d.Pos())
					return name + "/" + filepath.Base(at.Filename)
				})
			}
		}
	}
	return p, nil
}

func (p *Package) method(d *ast.FuncDecl, at func() string) {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return
	}
	recv := d.Recv.List[0].Type
	if star, ok := recv.(*ast.StarExpr); ok {
		recv = star.X
	}
	id, ok := recv.(*ast.Ident)
	if !ok {
		return
	}
	if d.Name.Name == "UnmarshalJSON" || d.Name.Name == "UnmarshalText" {
		p.Decodes[id.Name] = true
	}
	if !id.IsExported() || !d.Name.IsExported() {
		return
	}
	m := Method{Name: id.Name + "." + d.Name.Name, At: at()}
	for line := range strings.Lines(d.Doc.Text()) {
		line = strings.TrimSpace(line)
		if api, ok := strings.CutPrefix(line, "API: "); ok {
			m.API = api
		}
		if scopes, ok := strings.CutPrefix(line, "Scopes: "); ok {
			m.Scopes = scopes
		}
	}
	m.Params, m.Results = exprs(d.Type.Params), exprs(d.Type.Results)
	p.Methods = append(p.Methods, m)
}

func exprs(l *ast.FieldList) []ast.Expr {
	var out []ast.Expr
	if l != nil {
		for _, f := range l.List {
			out = append(out, f.Type)
		}
	}
	return out
}

// A shape is what a Go type can hold of a JSON value.
type shape struct {
	open   bool             // anything: a map, any, or a type that decodes itself
	fields map[string]shape // a struct's, by their names in JSON, each made when asked for
	elem   func() shape     // a slice's
	name   string           // of the type, for messages
	expr   ast.Expr
	in     *Package
	args   map[string]bound
}

// bound is what a type parameter stands for.
type bound struct {
	expr ast.Expr
	in   *Package
}

// shape follows an expression to what it holds. What lies outside gen and
// customers is open: the checks end there.
func (p *Package) shape(e ast.Expr, args map[string]bound) shape {
	switch e := e.(type) {
	case *ast.StarExpr:
		return p.shape(e.X, args)
	case *ast.ParenExpr:
		return p.shape(e.X, args)
	case *ast.ArrayType:
		return shape{elem: func() shape { return p.shape(e.Elt, args) }}
	case *ast.StructType:
		s := shape{fields: map[string]shape{}}
		p.structFields(e, args, s.fields)
		return s
	case *ast.Ident:
		if b, ok := args[e.Name]; ok {
			return b.in.shape(b.expr, nil)
		}
		return p.namedShape(e.Name, nil)
	case *ast.IndexExpr:
		return p.generic(e.X, e.Index, args)
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok && p.pkgs[id.Name] != nil {
			return p.pkgs[id.Name].namedShape(e.Sel.Name, nil)
		}
	}
	return shape{open: true}
}

func (p *Package) namedShape(name string, args map[string]bound) shape {
	spec := p.Types[name]
	if spec == nil || p.Decodes[name] {
		return shape{open: true}
	}
	s := p.shape(spec.Type, args)
	if s.name == "" { // an alias goes by the name of what it stands for
		s.name = name
	}
	return s
}

// generic is the shape of T[A]. A type from elsewhere, such as
// nullable.Nullable, is taken for a wrapper of A.
func (p *Package) generic(t, arg ast.Expr, args map[string]bound) shape {
	at := bound{arg, p}
	if id, ok := arg.(*ast.Ident); ok {
		if b, ok := args[id.Name]; ok {
			at = b
		}
	}
	if id, ok := t.(*ast.Ident); ok {
		spec := p.Types[id.Name]
		if spec != nil && spec.TypeParams != nil && !p.Decodes[id.Name] {
			return p.namedShape(id.Name, map[string]bound{spec.TypeParams.List[0].Names[0].Name: at})
		}
	}
	return at.in.shape(at.expr, nil)
}

func (p *Package) structFields(t *ast.StructType, args map[string]bound, into map[string]shape) {
	for _, f := range t.Fields.List {
		name := ""
		if f.Tag != nil {
			name, _, _ = strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
		}
		if len(f.Names) == 0 && name == "" { // embedded
			for k, v := range p.shape(f.Type, args).fields {
				if _, ok := into[k]; !ok {
					into[k] = v
				}
			}
			continue
		}
		for _, id := range f.Names {
			key := name
			if key == "" {
				key = id.Name
			}
			if key != "-" && id.IsExported() {
				into[key] = shape{expr: f.Type, in: p, args: args}
			}
		}
	}
}

// field is the shape of one field of a struct, worked out only now, since
// types may hold themselves.
func (s shape) field(name string) (shape, bool) {
	f, ok := s.fields[name]
	if ok && f.expr != nil {
		f = f.in.shape(f.expr, f.args)
	}
	return f, ok
}

// squash reduces a name to what OpenAPI's and Go's spellings have in common.
func squash(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// generated finds the generated type of an operation, such as its result.
func (p *Package) generated(operationID, suffix string) (string, bool) {
	want := squash(operationID + suffix)
	var names []string
	for name := range p.Types {
		if squash(name) == want {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "", false
	}
	return names[0], true
}
