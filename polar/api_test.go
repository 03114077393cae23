package polar_test

import (
	"flag"
	"go/doc"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/publicapi"
)

const path = "github.com/polarexpress/polar-go/polar"

var update = flag.Bool("update", false, "write what the tests see to testdata")

// The exported declarations are those in testdata/api.txt.
func TestAPI(t *testing.T) { publicapi.Check(t, path, "testdata/api.txt", *update) }

// forServices are the functions that service packages are made of. Those packages
// are their examples.
var forServices = []string{"Discard", "Fetch", "FetchIf", "InvalidArgument", "NewList", "NotFound", "Stream", "WithCaller"}

// Every exported function and every method of Client is part of an example, and
// every sentinel has one.
func TestExamples(t *testing.T) {
	pkg, examples := publicapi.Examples(t, path)
	wanted := slices.Clip(pkg.Funcs)
	for _, typ := range pkg.Types {
		wanted = append(wanted, typ.Funcs...)
		if typ.Name == "Client" {
			wanted = append(wanted, typ.Methods...)
		}
	}
	used := func(f *doc.Func) bool {
		for _, e := range examples {
			if publicapi.Uses(e, f.Name) {
				return true
			}
		}
		return f.Name == "String" || f.Name == "Format" // fmt calls them
	}
	for _, f := range wanted {
		if !used(f) && !slices.Contains(forServices, f.Name) {
			t.Errorf("%s is in no example: write one", f.Name)
		}
	}
	sentinels := 0
	for _, v := range pkg.Vars {
		for _, name := range v.Names {
			rest, ok := strings.CutPrefix(name, "Err")
			if !ok {
				continue
			}
			sentinels++
			example := "Error_" + strings.ToLower(rest[:1]) + rest[1:]
			if e := examples[example]; e == nil || !publicapi.Uses(e, name) {
				t.Errorf("%s has no Example%s that uses it: write it", name, example)
			}
		}
	}
	if sentinels == 0 {
		t.Error("found no sentinels")
	}
}
