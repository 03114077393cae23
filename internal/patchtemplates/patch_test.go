package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every edit fits the templates of the version in go.mod. If a template changes, the
// error says what to do.
func TestPatch(t *testing.T) {
	dir, err := upstreamTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for name, edits := range patches {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		patched, err := patch(name, text, edits)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range edits {
			if !strings.Contains(patched, e.new) {
				t.Errorf("%s: the edit to %q is not in the result", name, e.purpose)
			}
			for what, changed := range map[string]string{
				"text changed":  strings.Replace(text, e.old, e.old[:len(e.old)/2]+"x"+e.old[len(e.old)/2:], 1),
				"text repeated": text + e.old,
			} {
				_, err := patch(name, changed, edits)
				if err == nil {
					t.Errorf("%s: %s: the edit to %q still fits", name, what, e.purpose)
					continue
				}
				for _, want := range []string{name, "oapi-codegen's template has changed", e.purpose, "internal/patchtemplates/patch.go"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%s: %s: %q does not say %q", name, what, err, want)
					}
				}
			}
		}
	}
}

func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "templates")
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	for name := range patches {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || len(b) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
	if err := run(filepath.Join(dir, "client.tmpl")); err == nil {
		t.Error("a file can be the directory")
	}
}
