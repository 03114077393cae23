// Package examples_test checks the examples, each of which can be copied into a
// module of its own.
package examples_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sources returns the files that a user copies, by example.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("*/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	byExample := map[string][]string{}
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			byExample[filepath.Dir(f)] = append(byExample[filepath.Dir(f)], f)
		}
	}
	return byExample
}

func TestNoInternalImports(t *testing.T) {
	for _, files := range sources(t) {
		for _, name := range files {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range file.Imports {
				if strings.Contains(i.Path.Value, "/internal/") || strings.Contains(i.Path.Value, "/examples/") {
					t.Errorf("%s imports %s, which a copy of it cannot", name, i.Path.Value)
				}
			}
		}
	}
}

// Examples without a go.mod compile in another module. Those with one are compiled
// where they are.
func TestCopies(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	module := t.TempDir()
	write := func(name string, content []byte) {
		t.Helper()
		path := filepath.Join(module, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) []byte {
		t.Helper()
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	// The requirements are this module's, so that the test needs no network.
	const name = "github.com/polarexpress/polar-go"
	requirements := bytes.Replace(read("../go.mod"), []byte("module "+name), []byte("module example.com/copy"), 1)
	write("go.mod", append(requirements, "\nrequire "+name+" v0.0.0\nreplace "+name+" => "+root+"\n"...))
	write("go.sum", read("../go.sum"))
	copied := 0
	for example, files := range sources(t) {
		if _, err := os.Stat(filepath.Join(example, "go.mod")); err == nil {
			continue
		}
		copied++
		for _, f := range files {
			write(f, read(f))
		}
	}
	if copied < 5 {
		t.Errorf("%d examples without a go.mod, want at least 5", copied)
	}
	vet := exec.Command("go", "vet", "./...") // as strict as go build, and does not link
	vet.Dir = module
	vet.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off")
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}
