package guard

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// A Source is the Go code of the SDK, parsed but not type-checked, so that it
// can be read even if a new contract breaks it.
type Source struct {
	Generated []*Generated // the generated packages
	Services  []*Package   // the packages with methods that call operations
}

// A Generated is a generated package and what its configuration selects.
type Generated struct {
	*Package
	tags, ids []string // of the operations; all, if both are empty
}

// Whole reports whether the package has the whole API.
func (g *Generated) Whole() bool { return len(g.tags)+len(g.ids) == 0 }

// Has reports whether the package has the operation.
func (g *Generated) Has(op *surface.Operation) bool {
	return !op.Webhook && (g.Whole() || slices.Contains(g.tags, op.Service) || slices.Contains(g.ids, op.ID))
}

// A Package holds the declarations of one package that the checks need.
type Package struct {
	Name    string
	Types   map[string]*ast.TypeSpec
	Decodes map[string]bool // types with an UnmarshalJSON or UnmarshalText method
	Methods []Method        // exported methods of exported types
	pkgs    map[string]*Package
}

// Calls returns the methods whose documentation says that they call the
// operation.
func (p *Package) Calls(operation string) []Method {
	return slices.DeleteFunc(slices.Clone(p.Methods), func(m Method) bool { return m.API != operation })
}

// Calls returns the methods of all packages that call the operation.
func (s *Source) Calls(operation string) []Method {
	var methods []Method
	for _, p := range s.Services {
		methods = append(methods, p.Calls(operation)...)
	}
	return methods
}

func (s *Source) methods() []Method {
	var methods []Method
	for _, p := range s.Services {
		methods = append(methods, p.Methods...)
	}
	return methods
}

// customersPath begins the paths of the operations that package customers must
// have a method for.
const customersPath = "/v1/customers/"

// Packages returns the names of the packages that have the operation and its
// types, except packages with the whole API.
func (s *Source) Packages(key string, op *surface.Operation) []string {
	var names []string
	for _, p := range s.Services {
		if len(p.Calls(key)) > 0 {
			names = append(names, p.Name)
		}
	}
	for _, g := range s.Generated {
		if !g.Whole() && g.Has(op) {
			names = append(names, g.Name)
		}
	}
	return names
}

// A Method is an exported method and what its documentation states.
type Method struct {
	Name    string // "Client.Get"
	At      string // "customers/get.go"
	API     string // its API line, "GET /v1/customers/{id}"
	Scopes  string // its Scopes line
	Params  []ast.Expr
	Results []ast.Expr
}

// Load parses the packages of the module at root.
func Load(root string) (*Source, error) {
	dirs, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	src := &Source{}
	if src.Generated, err = loadGenerated(root); err != nil {
		return nil, err
	}
	imports := map[string]*Package{}
	for _, g := range src.Generated {
		imports[filepath.Base(g.Name)] = g.Package
	}
	if imports["polar"], err = load(root, "polar"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, d := range dirs {
		name := d.Name()
		if !d.IsDir() || strings.HasPrefix(name, ".") || imports[name] != nil {
			continue
		}
		p, err := load(root, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p.pkgs = imports
		if slices.ContainsFunc(p.Methods, func(m Method) bool { return m.API != "" || m.Scopes != "" }) {
			src.Services = append(src.Services, p)
		}
	}
	return src, nil
}

// loadGenerated parses the packages that oapi-codegen's configurations name.
func loadGenerated(root string) ([]*Generated, error) {
	files, err := filepath.Glob(filepath.Join(root, "openapi", "oapi-codegen*.yaml"))
	if err != nil {
		return nil, err
	}
	var all []*Generated
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var config struct {
			Output  string `yaml:"output"`
			Options struct {
				Tags []string `yaml:"include-tags"`
				IDs  []string `yaml:"include-operation-ids"`
			} `yaml:"output-options"`
		}
		if err := yaml.Unmarshal(text, &config); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		p, err := load(root, path.Dir(config.Output))
		if err != nil {
			return nil, err
		}
		all = append(all, &Generated{p, config.Options.Tags, config.Options.IDs})
	}
	return all, nil
}

func load(root, name string) (*Package, error) {
	p := &Package{Name: name, Types: map[string]*ast.TypeSpec{}, Decodes: map[string]bool{}, pkgs: map[string]*Package{}}
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
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
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
				p.method(d, name+"/"+filepath.Base(path))
			}
		}
	}
	return p, nil
}

func (p *Package) method(d *ast.FuncDecl, at string) {
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
	m := Method{Name: id.Name + "." + d.Name.Name, At: at}
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

// A shape describes which JSON values a Go type can hold.
type shape struct {
	open   bool             // any value: a map, any, or a type that decodes itself
	fields map[string]shape // a struct's, by their names in JSON; see field
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

// shape returns the shape of a type. Types of other modules are open: the
// checks end there.
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
	if s.name == "" { // an alias has the name of its target
		s.name = name
	}
	return s
}

// generic returns the shape of T[A]. It treats types of other modules, such as
// nullable.Nullable, as wrappers of A.
func (p *Package) generic(t, arg ast.Expr, args map[string]bound) shape {
	at := bound{arg, p}
	if id, ok := arg.(*ast.Ident); ok {
		if b, ok := args[id.Name]; ok {
			at = b
		}
	}
	in, name := p, ""
	switch t := t.(type) {
	case *ast.Ident:
		name = t.Name
	case *ast.SelectorExpr:
		if id, ok := t.X.(*ast.Ident); ok && p.pkgs[id.Name] != nil {
			in, name = p.pkgs[id.Name], t.Sel.Name
		}
	}
	spec := in.Types[name]
	if spec != nil && spec.TypeParams != nil && !in.Decodes[name] {
		if s := in.namedShape(name, map[string]bound{spec.TypeParams.List[0].Names[0].Name: at}); s.fields != nil {
			return s
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

// field returns the shape of one field of a struct. It is computed on demand,
// since types can be recursive.
func (s shape) field(name string) (shape, bool) {
	f, ok := s.fields[name]
	if ok && f.expr != nil {
		f = f.in.shape(f.expr, f.args)
	}
	return f, ok
}

// squash reduces a name to what its spellings in OpenAPI and in Go share.
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

// generated returns the name of a generated type of an operation, such as its
// result.
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
