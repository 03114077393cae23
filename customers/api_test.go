package customers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/publicapi"
)

const module = "github.com/polarexpress/polar-go"

// The exported declarations are those in testdata/api.txt.
func TestAPI(t *testing.T) { publicapi.Check(t, module+"/customers", "testdata/api.txt", *update) }

// Every exported function and every method of the clients has an example.
func TestExamples(t *testing.T) {
	pkg, examples := publicapi.Examples(t, module+"/customers")
	var wanted []string
	for _, f := range pkg.Funcs {
		wanted = append(wanted, f.Name)
	}
	for _, typ := range pkg.Types {
		for _, f := range typ.Funcs {
			wanted = append(wanted, f.Name)
		}
		if typ.Name == "Client" || typ.Name == "MembersClient" {
			for _, m := range typ.Methods {
				wanted = append(wanted, typ.Name+"_"+m.Name)
			}
		}
	}
	if len(wanted) < len(operations()) {
		t.Fatalf("found %q alone", wanted)
	}
	for _, name := range wanted {
		if examples[name] == nil {
			t.Errorf("there is no Example%s: write it", name)
		}
	}
}

// A program that imports customers builds little besides the standard library.
func TestDependencies(t *testing.T) {
	customers := module + "/customers"
	parts := []string{module + "/gen", module + "/polar", module + "/internal/await", module + "/internal/check", module + "/internal/csv"}
	allowed := []string{"github.com/google/uuid", "github.com/oapi-codegen/nullable", "github.com/oapi-codegen/runtime", "golang.org/x/time"}

	inModule := func(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }
	of := func(modules []string) func(string) bool {
		return func(path string) bool {
			return slices.ContainsFunc(modules, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") })
		}
	}
	for _, line := range publicapi.GoList(t, "-deps", "-f", "{{if not .Standard}}{{.ImportPath}} {{join .Imports \",\"}}{{end}}", customers) {
		path, imports, _ := strings.Cut(line, " ")
		if !inModule(path) {
			continue
		}
		if path != customers && !slices.Contains(parts, path) {
			t.Errorf("customers needs %s: keep it out of users' builds", path)
		}
		for _, dep := range strings.Split(imports, ",") {
			if first, _, _ := strings.Cut(dep, "/"); !inModule(dep) && strings.Contains(first, ".") && !of(allowed)(dep) {
				t.Errorf("%s imports %s: users' builds are to stay small, do without it, or allow it here and say why in CONTRIBUTING.md", path, dep)
			}
		}
	}

	all := publicapi.GoList(t, "-deps", customers)
	for _, path := range all {
		for _, heavy := range []string{
			"github.com/getkin/kin-openapi", "github.com/oapi-codegen/oapi-codegen", module + "/polartest", module + "/openapi",
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
