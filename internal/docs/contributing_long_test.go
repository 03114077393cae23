//go:build long

package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// In a copy of the module, the diffs in CONTRIBUTING.md make a package whose tests pass.
func TestContributing(t *testing.T) {
	inRoot(t)
	diffs, dir := walkThrough(t), t.TempDir()
	listed, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(listed), "\x00"), "\x00") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range []string{
		"git apply " + diffs,
		"go generate .",
		"mkdir refunds/testdata",
		"go test ./refunds -run Requests|API -update",
		"go vet ./refunds",
		"go test ./refunds",
	} {
		args := strings.Fields(line)
		cmd := exec.Command(args[0], args[1:]...)
		// With -trimpath, packages compiled in another temporary directory are reused.
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-trimpath")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
}
