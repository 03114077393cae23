//go:build chaos

package chaos_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Each rule of the client is needed: with one switched off in its source, the
// test of chaos fails.
func TestMutants(t *testing.T) {
	for name, m := range map[string]struct{ file, rule, without string }{
		"reconciliation":          {"create.go", "!errors.As(err, &duplicate) || !duplicate.unknown ||", "!errors.As(err, &duplicate) || true ||"},
		"a 404 after a deletion":  {"pipeline.go", "if uncertain && op.gone() &&", "if false && op.gone() &&"},
		"no blind repeats":        {"operations.go", "return op.known() && op != opCreate", "return op.known()"},
		"unknown outcomes":        {"retry.go", "return verdict{repeat: harmless && broken, uncertain: writes}\n}", "return verdict{repeat: harmless && broken}\n}"},
		"unknown after a gateway": {"retry.go", "return verdict{repeat: harmless, uncertain: writes}", "return verdict{repeat: harmless}"},
	} {
		t.Run(name, func(t *testing.T) {
			path, err := filepath.Abs(filepath.Join("../../customers", m.file))
			if err != nil {
				t.Fatal(err)
			}
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(source), m.rule); n != 1 {
				t.Fatalf("%s has %q %d times: bring this test up to date", m.file, m.rule, n)
			}
			dir := t.TempDir()
			mutant, overlay := filepath.Join(dir, m.file), filepath.Join(dir, "overlay.json")
			replaced, err := json.Marshal(map[string]map[string]string{"Replace": {path: mutant}})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(mutant, []byte(strings.Replace(string(source), m.rule, m.without, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(overlay, replaced, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("go", "test", "-count=1", "-overlay", overlay, "-run", "^TestChaos$", ".", "-operations", "2400").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestChaos") {
				t.Errorf("the test of chaos does not miss it: %v\n%s", err, out)
			}
			for line := range strings.Lines(string(out)) {
				if strings.Contains(line, "chaos_test.go") && (strings.Contains(line, "reported") || strings.Contains(line, "open")) {
					t.Log(strings.TrimSpace(line))
					break
				}
			}
		})
	}
}
