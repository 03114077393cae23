package docs

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/publicapi"
)

var trailingSpace = regexp.MustCompile(`(?m) +$`)

const modulePath = "github.com/polarexpress/polar-go"

// The list of imports in DESIGN.md matches the code, so that nobody adds an import between
// packages by accident. It has the packages that users can import, and the internal
// packages that these need.
func TestImports(t *testing.T) {
	inRoot(t)
	imports := map[string][]string{}
	for _, line := range publicapi.GoList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, modulePath+"/...") {
		fields := strings.Fields(line)
		var own []string
		for _, path := range fields[1:] {
			if name, ok := strings.CutPrefix(path, modulePath+"/"); ok {
				own = append(own, name)
			}
		}
		slices.Sort(own)
		imports[strings.TrimPrefix(strings.TrimPrefix(fields[0], modulePath), "/")] = own
	}
	want := drawImports(imports)
	design, err := os.ReadFile("DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(design), "<!-- imports -->\n")
	got, _, ended := strings.Cut(rest, "<!-- end -->")
	if !found || !ended {
		t.Fatal("DESIGN.md has no list of imports between <!-- imports --> and <!-- end -->")
	}
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("the imports in DESIGN.md differ from the code. If the change is intended, write:\n\n%s", want)
	}
	for _, name := range imports["polar"] {
		t.Errorf("package polar imports %s: it must not import any package of this module", name)
	}
}

// drawImports lists the packages that users can import, and the internal packages that
// they need, with the imports of each.
func drawImports(imports map[string][]string) string {
	shown := map[string]bool{}
	var show func(name string)
	show = func(name string) {
		if shown[name] {
			return
		}
		shown[name] = true
		for _, dep := range imports[name] {
			show(dep)
		}
	}
	for name := range imports {
		hidden := name == "" || strings.HasPrefix(name, "internal/") || strings.HasPrefix(name, "examples/") || strings.HasSuffix(name, "/interop")
		if !hidden {
			show(name)
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		fmt.Fprintf(&b, "    %-28s %s\n", name, strings.Join(imports[name], ", "))
	}
	return trailingSpace.ReplaceAllString(b.String(), "")
}
