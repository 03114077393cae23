package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const generated = `package gen

import (
	"time"

	"example.com/nullable"
)

// Thing is what the contract says.
type Thing struct {
	// ID is the service's own ID.
	ID string ` + "`json:\"id\"`" + `

	// Kind is what it is. It is an open set, and this text is so long that it does not fit into one line.
	Kind ThingKind

	// Parts are what it consists of.
	Parts []*Part
	// ByName is the same by name.
	//
	// Deprecated: use Parts.
	ByName map[string]Part
	Since  *time.Time
	// Name has at most 256 characters; null clears it.
	Name nullable.Nullable[ThingKind]
	union []byte
}

// Part is a part.
type Part struct{
	// X is where it is.
	X int
	// Y is where it is.
	Y int
}

type ThingKind string
`

const before = `package things

import (
	"example.com/gen"
	other "example.com/gen"
)

// What the service returns.
type (
	// Thing is a thing.
	//
	// It has two paragraphs.
	Thing = gen.Thing
	// Kind is the kind of a thing.
	Kind gen.ThingKind
)

// Part is a part.
//
// Fields:
//
//   - Old (string) is not there any more.
type Part other.Part

// Local is none of them.
type Local struct{ Field string }
`

const after = `package things

import (
	"example.com/gen"
	other "example.com/gen"
)

// What the service returns.
type (
	// Thing is a thing.
	//
	// It has two paragraphs.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID.
	//   - Kind (Kind) is what it is. It is an open set, and this text is so long that it does not fit
	//     into one line.
	//   - Parts ([]*gen.Part) are what it consists of.
	//   - ByName (map[string]gen.Part) is the same by name. Deprecated: use Parts.
	//   - Since (*time.Time)
	//   - Name (polar.Field[Kind]) has at most 256 characters; null clears it.
	Thing = gen.Thing
	// Kind is the kind of a thing.
	Kind gen.ThingKind
)

// Part is a part.
//
// Fields:
//
//   - X (int) is where it is.
//   - Y (int) is where it is.
type Part other.Part

// Local is none of them.
type Local struct{ Field string }
`

func folder(t *testing.T) func(string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "gen.go"), []byte(generated), 0o644); err != nil {
		t.Fatal(err)
	}
	return func(importPath string) (string, error) {
		if importPath != "example.com/gen" {
			return "", errors.New("no package " + importPath)
		}
		return dir, nil
	}
}

func TestRewrite(t *testing.T) {
	dir := folder(t)
	renames := map[string]string{"nullable.Nullable": "polar.Field"}
	for _, source := range []string{before, after} { // a second run changes nothing
		got, err := rewrite("types.go", []byte(source), renames, dir)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != after {
			t.Errorf("got\n%s\nwant\n%s", got, after)
		}
	}
}

func TestRewriteRefused(t *testing.T) {
	for source, want := range map[string]string{
		"package x\nimport \"example.com/gen\"\ntype Thing = gen.Thing\n":           "types.go:3:6: Thing has no doc comment",
		"package x\nimport \"example.com/other\"\n// T is.\ntype T = other.Thing\n": "no package example.com/other",
		"package": "types.go:1:8: expected 'IDENT'",
	} {
		if _, err := rewrite("types.go", []byte(source), nil, folder(t)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", source, err, want)
		}
	}
}

// A file is written only if something changes, with the package found by its path.
func TestRun(t *testing.T) {
	name := filepath.Join(t.TempDir(), "types.go")
	source := "package x\n\nimport \"github.com/polarexpress/polar-go/gen\"\n\n// ID is a tax ID.\ntype ID = gen.TaxID\n"
	if err := os.WriteFile(name, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(name, nil); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if want := "//   - Value (string) is the number without separators"; !strings.Contains(string(first), want) {
		t.Errorf("got\n%s\nwant %s", first, want)
	}
	if err := os.Chmod(name, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := run(name, nil); err != nil {
		t.Fatal(err)
	}
	if err := run(filepath.Join(t.TempDir(), "none.go"), nil); err == nil {
		t.Error("a file that does not exist: no error")
	}
}
