// Package publicapi helps to test a package's public API: its exported declarations,
// which must not change by accident, and its examples.
package publicapi

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

const module = "github.com/polarexpress/polar-go"

// Check fails the test if the exported declarations of the package at path differ from
// those in file, and reports what the change means to users. With update, it writes the
// declarations to file instead.
func Check(t *testing.T, path, file string, update bool) {
	t.Helper()
	got := declarations(t, path)
	if update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff, verdict := compare(strings.Split(strings.TrimSpace(string(b)), "\n"), got); verdict != "" {
		t.Errorf("the public API differs from %s:\n%sVerdict: %s.\nIf this is intended, note it in CHANGELOG.md and run go test ./%s -run %s -update",
			file, diff, verdict, strings.TrimPrefix(path, module+"/"), t.Name())
	}
}

// compare reports what a new API means to programs that use the old one.
func compare(old, new []string) (diff, verdict string) {
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
			breaking = breaking || isMethodOfOldInterface(line, old)
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

// isMethodOfOldInterface reports whether a new line is a method of an interface that
// the old API has. Types that implement that interface lack the method.
func isMethodOfOldInterface(line string, old []string) bool {
	method, ok := strings.CutPrefix(line, "interface method ")
	if !ok {
		return false
	}
	method, _, _ = strings.Cut(method, "(")
	name := "type " + method[:strings.LastIndex(method, ".")]
	return slices.ContainsFunc(old, func(s string) bool {
		return strings.HasPrefix(s, name+" ") || strings.HasPrefix(s, name+"[")
	})
}

// declarations returns the exported declarations of a package, and those of the
// generated types that they use, one per line.
func declarations(t *testing.T, path string) []string {
	t.Helper()
	exports := map[string]string{}
	for _, line := range GoList(t, "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", path) {
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

// signature returns the signature of f without the names of its parameters.
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
			if m.Exported() {
				a.add("interface method %s.%s%s", name, m.Name(), a.signature(m))
			}
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

// reach adds the generated types that t uses, because users work with them too.
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
		if obj := t.Obj(); obj.Pkg() != nil && (obj.Pkg() == a.pkg || strings.HasPrefix(obj.Pkg().Path(), module+"/gen")) {
			a.typeName(obj)
		}
	}
}

// GoList runs go list and returns the lines of its output that are not empty.
func GoList(t *testing.T, args ...string) []string {
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
