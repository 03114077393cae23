package customers_test

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const (
	module  = "github.com/polarexpress/polar-go"
	apiFile = "testdata/api.txt"
)

// The exported declarations are those in testdata/api.txt. A change of them is
// no accident, and has a verdict.
func TestAPI(t *testing.T) {
	got := publicAPI(t, module+"/customers")
	if *update {
		if err := os.WriteFile(apiFile, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(apiFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff, verdict := compareAPI(strings.Split(strings.TrimSpace(string(b)), "\n"), got); verdict != "" {
		t.Errorf("the public API is not that of %s:\n%sVerdict: %s.\nIf that is meant, note it in CHANGELOG.md and: go test ./customers -run TestAPI -update", apiFile, diff, verdict)
	}
}

func TestAPIVerdict(t *testing.T) {
	old := []string{"const A T = 1", "field T.F int", "func F(int)", "type I interface", "type T struct"}
	for _, tc := range []struct{ remove, add, diff, verdict string }{
		{"", "", "", ""},
		{"", "func G()", "+ func G()\n", "additive, a new minor version"},
		{"func F(int)", "", "- func F(int)\n", "breaking, a new major version (minor before 1.0)"},
		{"field T.F int", "field T.F int64", "- field T.F int\n+ field T.F int64\n", "breaking, a new major version (minor before 1.0)"},
		{"const A T = 1", "const A T = 2", "- const A T = 1\n+ const A T = 2\n", "breaking, a new major version (minor before 1.0)"},
		{"", "interface method I.M()", "+ interface method I.M()\n", "breaking, a new major version (minor before 1.0)"},
	} {
		new := slices.DeleteFunc(slices.Clone(old), func(s string) bool { return s == tc.remove })
		if tc.add != "" {
			new = append(new, tc.add)
		}
		if diff, verdict := compareAPI(old, new); diff != tc.diff || verdict != tc.verdict {
			t.Errorf("-%q +%q: got %q, %q", tc.remove, tc.add, diff, verdict)
		}
	}
}

// compareAPI tells what a new API means to programs that use the old one.
func compareAPI(old, new []string) (diff, verdict string) {
	breaking := false
	for _, line := range old {
		if !slices.Contains(new, line) {
			diff += "- " + line + "\n"
			breaking = true
		}
	}
	for _, line := range new {
		if !slices.Contains(old, line) {
			diff += "+ " + line + "\n"
			// Whoever implements the interface lacks the method.
			breaking = breaking || strings.HasPrefix(line, "interface method ")
		}
	}
	switch {
	case breaking:
		return diff, "breaking, a new major version (minor before 1.0)"
	case diff != "":
		return diff, "additive, a new minor version"
	}
	return "", ""
}

// publicAPI lists the exported declarations of a package, and of the types of
// gen that it gives a name, one a line.
func publicAPI(t *testing.T, path string) []string {
	t.Helper()
	exports := map[string]string{}
	for _, line := range goList(t, "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", path) {
		name, file, _ := strings.Cut(line, " ")
		exports[name] = file
	}
	pkg, err := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	}).Import(path)
	if err != nil {
		t.Fatal(err)
	}
	a := &api{pkg: pkg, seen: map[*types.TypeName]bool{}}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			a.object(obj)
		}
	}
	slices.Sort(a.lines)
	return slices.Compact(a.lines)
}

type api struct {
	pkg   *types.Package
	lines []string
	seen  map[*types.TypeName]bool
}

func (a *api) add(format string, args ...any) {
	a.lines = append(a.lines, fmt.Sprintf(format, args...))
}

func (a *api) text(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == a.pkg {
			return ""
		}
		return p.Name()
	})
}

func (a *api) object(obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		if obj.Name() == "Version" { // differs with every release
			a.add("const %s %s", obj.Name(), a.text(obj.Type()))
			return
		}
		a.add("const %s %s = %s", obj.Name(), a.text(obj.Type()), obj.Val().ExactString())
	case *types.Var:
		a.add("var %s %s", obj.Name(), a.text(obj.Type()))
	case *types.Func:
		a.add("func %s%s", obj.Name(), a.signature(obj))
	case *types.TypeName:
		a.typeName(obj)
	}
}

// signature is that of f without the names of its parameters.
func (a *api) signature(f *types.Func) string {
	s := f.Signature()
	unnamed := func(t *types.Tuple) *types.Tuple {
		var vars []*types.Var
		for v := range t.Variables() {
			vars = append(vars, types.NewParam(token.NoPos, nil, "", v.Type()))
		}
		return types.NewTuple(vars...)
	}
	plain := types.NewSignatureType(nil, nil, nil, unnamed(s.Params()), unnamed(s.Results()), s.Variadic())
	return a.typeParams(s.TypeParams()) + strings.TrimPrefix(a.text(plain), "func")
}

func (a *api) typeParams(list *types.TypeParamList) string {
	if list.Len() == 0 {
		return ""
	}
	var names []string
	for p := range list.TypeParams() {
		names = append(names, p.Obj().Name()+" "+a.text(p.Constraint()))
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func (a *api) typeName(obj *types.TypeName) {
	if a.seen[obj] {
		return
	}
	a.seen[obj] = true
	name := obj.Name()
	if obj.Pkg() != a.pkg {
		name = obj.Pkg().Name() + "." + name
	}
	if alias, ok := obj.Type().(*types.Alias); ok {
		a.add("type %s%s = %s", name, a.typeParams(alias.TypeParams()), a.text(alias.Rhs()))
		a.reach(alias.Rhs())
		return
	}
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return
	}
	kind := ""
	switch u := named.Underlying().(type) {
	case *types.Struct:
		kind = "struct"
		for i := range u.NumFields() {
			f := u.Field(i)
			if !f.Exported() {
				continue
			}
			tag := reflect.StructTag(u.Tag(i)).Get("json")
			a.add("%s", strings.TrimSpace("field "+name+"."+f.Name()+" "+a.text(f.Type())+" "+tag))
			a.reach(f.Type())
		}
	case *types.Interface:
		kind = "interface"
		for m := range u.ExplicitMethods() {
			a.add("interface method %s.%s%s", name, m.Name(), a.signature(m))
		}
	default:
		kind = a.text(u)
	}
	a.add("type %s%s %s", name, a.typeParams(named.TypeParams()), kind)
	for m := range named.Methods() {
		if !m.Exported() {
			continue
		}
		receiver := name
		if _, ok := m.Signature().Recv().Type().(*types.Pointer); ok {
			receiver = "*" + name
		}
		a.add("method (%s) %s%s", receiver, m.Name(), a.signature(m))
	}
}

// reach lists the types of gen that t is made of, for users meet them.
func (a *api) reach(t types.Type) {
	switch t := t.(type) {
	case *types.Pointer:
		a.reach(t.Elem())
	case *types.Slice:
		a.reach(t.Elem())
	case *types.Map:
		a.reach(t.Key())
		a.reach(t.Elem())
	case *types.Alias:
		a.reach(t.Rhs())
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			a.reach(arg)
		}
		if obj := t.Obj(); obj.Pkg() != nil && strings.HasPrefix(obj.Pkg().Path(), module) {
			a.typeName(obj)
		}
	}
}

// A program that imports customers builds little besides the standard library.
func TestDependencies(t *testing.T) {
	customers := module + "/customers"
	allowed := []string{"github.com/oapi-codegen/nullable", "github.com/oapi-codegen/runtime", "golang.org/x/time"}

	inModule := func(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }
	of := func(modules []string) func(string) bool {
		return func(path string) bool {
			return slices.ContainsFunc(modules, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") })
		}
	}
	for _, line := range goList(t, "-deps", "-f", "{{if not .Standard}}{{.ImportPath}} {{join .Imports \",\"}}{{end}}", customers) {
		path, imports, _ := strings.Cut(line, " ")
		if !inModule(path) {
			continue
		}
		if path != customers && path != module+"/gen" {
			t.Errorf("customers needs %s: keep it out of users' builds", path)
		}
		for _, dep := range strings.Split(imports, ",") {
			if first, _, _ := strings.Cut(dep, "/"); !inModule(dep) && strings.Contains(first, ".") && !of(allowed)(dep) {
				t.Errorf("%s imports %s: users' builds are to stay small, so do without, or allow it here and say why in CONTRIBUTING.md", path, dep)
			}
		}
	}

	all := goList(t, "-deps", customers)
	for _, path := range all {
		for _, heavy := range []string{
			"github.com/getkin/kin-openapi", "github.com/oapi-codegen/oapi-codegen", module + "/customers/customerstest", module + "/openapi", module + "/internal",
			"testing", "net/http/httptest", "go.uber.org/goleak", "github.com/stretchr/testify", "gopkg.in/yaml.v3", "go.yaml.in/yaml", "flag",
		} {
			if path == heavy || strings.HasPrefix(path, heavy+"/") {
				t.Errorf("users' builds have %s", path)
			}
		}
	}
	if !slices.Contains(all, module+"/gen") {
		t.Errorf("go list is not to be trusted: no gen in %q", all)
	}
}

// goList runs go list and returns its lines that are not empty.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		if failed, ok := err.(*exec.ExitError); ok {
			err = fmt.Errorf("%w: %s", err, failed.Stderr)
		}
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(string(out), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}
