package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var diffBlock = regexp.MustCompile("(?ms)^```diff\n(.*?)^```$")

// walkThrough writes the diffs in CONTRIBUTING.md to a file.
func walkThrough(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var diffs strings.Builder
	for _, m := range diffBlock.FindAllStringSubmatch(string(text), -1) {
		diffs.WriteString(m[1])
	}
	if diffs.Len() == 0 {
		t.Fatal("CONTRIBUTING.md has no diff")
	}
	file := filepath.Join(t.TempDir(), "walkthrough.diff")
	if err := os.WriteFile(file, []byte(diffs.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The diffs in CONTRIBUTING.md apply. make test-contributing also runs the result.
func TestContributingApplies(t *testing.T) {
	inRoot(t)
	if out, err := exec.Command("git", "apply", "--check", walkThrough(t)).CombinedOutput(); err != nil {
		t.Errorf("the diffs under \"A new service\" in CONTRIBUTING.md do not apply: %v\n%s", err, out)
	}
}
