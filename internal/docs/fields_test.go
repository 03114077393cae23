package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// bareField matches a field without a meaning in the doc comment of a type.
var bareField = regexp.MustCompile(`(?m)^\s*//   - (\w+) \(.*\)\n\s*(?://(?:   - |$)|[^/\s])`)

// The doc comments that go generate completes say what each field means.
func TestFields(t *testing.T) {
	inRoot(t)
	if !bareField.MatchString("//   - Name (string)\n//   - Age (int) is.\n") || bareField.MatchString("//   - Name (string)\n//     is.\n//   - Age (int) is (or\n//     was) a number.\ntype A") {
		t.Fatal("the pattern does not match bare fields alone")
	}
	files, err := filepath.Glob("*/types.go")
	if err != nil || len(files) < 9 {
		t.Fatalf("found %q, %v", files, err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range bareField.FindAllStringSubmatch(string(source), -1) {
			t.Errorf("%s: field %s has no meaning: describe it in openapi/overlay.yaml, then run go generate ./...", name, field[1])
		}
	}
}
