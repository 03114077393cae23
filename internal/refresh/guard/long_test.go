//go:build long

package guard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFresh fails if generated code differs from what go generate writes. Then
// it edits, in a copy, what is generated and what it is generated from.
func TestFresh(t *testing.T) {
	problems, err := Fresh(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}

	dir := t.TempDir()
	if err := CopyModule(dir, root); err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("gen/polar.gen.go", string(read(t, "gen/polar.gen.go"))+"\n// By hand.\n")
	write("gen/more.gen.go", "package gen\n")
	if problems, err = Fresh(dir); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"gen/polar.gen.go: it is not what go generate writes. Run make generate and commit the result",
		"gen/more.gen.go: no go:generate line writes it. Delete it",
	} {
		if !has(problems, want) {
			t.Errorf("got %q, which lacks\n%s", problems, want)
		}
	}

	write("gen/polar.gen.go", string(read(t, "gen/polar.gen.go")))
	write("openapi/overlay.yaml", strings.Replace(string(read(t, "openapi/overlay.yaml")), "is a person who acts for a customer.", "acts for a customer.", 1))
	if problems, err = Fresh(dir); err != nil {
		t.Fatal(err)
	}
	if !has(problems, "gen/polar.gen.go: it is not what go generate writes") {
		t.Errorf("got %q", problems)
	}
}
