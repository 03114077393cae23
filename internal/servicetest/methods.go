package servicetest

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/polar"
)

// Documentation checks that the documentation of every method that sends a request ends
// with the scopes and the route of its operation, and that every exported function and
// method has an example with output, which go doc shows.
func (s Service) Documentation(t *testing.T) {
	pkg, examples := publicapi.Examples(t, "github.com/polarexpress/polar-go/"+s.Name)
	byRoute := map[string]polar.Operation{}
	for _, op := range polar.Operations() {
		byRoute[op.Method+" "+op.Path] = op
	}
	documented := map[string]bool{}
	wanted := map[string]bool{}
	for _, f := range pkg.Funcs {
		wanted[f.Name] = true
	}
	for _, typ := range pkg.Types {
		for _, f := range typ.Funcs {
			wanted[f.Name] = true
		}
		for _, m := range typ.Methods {
			if !ast.IsExported(typ.Name) || m.Name == "Error" {
				continue
			}
			wanted[typ.Name+"_"+m.Name] = true
			_, api, has := strings.Cut(m.Doc, "API: ")
			op, known := byRoute[strings.TrimSpace(api)]
			switch {
			case has && !known:
				t.Errorf("%s.%s documents %s, which is not in the contract", typ.Name, m.Name, strings.TrimSpace(api))
			case has:
				documented[typ.Name+"."+m.Name] = true
				if want := lastLines(op); !strings.HasSuffix(m.Doc, "\n\n"+want) || strings.Count(m.Doc, "Scopes:") != 1 {
					t.Errorf("the documentation of %s.%s must end with\n%s", typ.Name, m.Name, want)
				}
			case sends(m.Decl):
				t.Errorf("%s.%s sends a request, but its documentation has no API line", typ.Name, m.Name)
			}
		}
	}
	called := map[string]bool{}
	for _, call := range s.Calls {
		called[call.Method] = true
		if !documented[call.Method] {
			t.Errorf("%s has no API line", call.Method)
		}
	}
	for method := range documented {
		if !called[method] {
			t.Errorf("no call of %s is tested", method)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if examples[name] == nil {
			t.Errorf("there is no Example%s: write it", name)
		}
	}
}

// lastLines returns the end of the documentation of a method that calls op.
func lastLines(op polar.Operation) string {
	scopes := strings.Join(op.Scopes, " or ")
	switch len(op.Scopes) {
	case 0:
		scopes = "none"
	case 1:
	default:
		scopes += " (any one is enough)"
	}
	return fmt.Sprintf("Scopes: %s.\n\nAPI: %s %s\n", scopes, op.Method, op.Path)
}

// sends reports whether a method builds a request.
func sends(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "New") && strings.HasSuffix(s.Sel.Name, "Request") {
			found = true
		}
		return true
	})
	return found
}
