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
		"reconciliation":          {"customers/create.go", "if !errors.Is(err, polar.ErrOutcomeUnknown) ||", "if true ||"},
		"look-up of a cut 201":    {"customers/create.go", " || failure.StatusCode == http.StatusCreated)", ")"},
		"a 404 after a deletion":  {"polar/pipeline.go", "return x.uncertain && x.op.deletes() &&", "return false &&"},
		"no blind repeats":        {"polar/retry.go", "harmless := op.Idempotent || retryUnknown", "harmless := true"},
		"unknown outcomes":        {"polar/retry.go", "return verdict{retry: harmless && transient, uncertain: writes}\n}", "return verdict{retry: harmless && transient}\n}"},
		"unknown after a gateway": {"polar/retry.go", "return verdict{retry: harmless, uncertain: writes}", "return verdict{retry: harmless}"},
		"proof that nothing left": {"polar/attempt.go", "isNeverSent(err) && !a.written.Load()", "isNeverSent(err)"},
	} {
		t.Run(name, func(t *testing.T) {
			path, err := filepath.Abs(filepath.Join("../..", m.file))
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
			mutant, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
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
				t.Errorf("the test passes without the rule: %v\n%s", err, out)
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
