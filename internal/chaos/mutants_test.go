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

// Every rule of the client and of the state cache is needed: without one of them, a storm
// finds wrong reports.
func TestMutants(t *testing.T) {
	for name, m := range map[string]struct{ storm, file, rule, without string }{
		"reconciliation":          {"TestChaos", "customers/create.go", "if !errors.Is(err, polar.ErrOutcomeUnknown) ||", "if true || !errors.Is(err, polar.ErrOutcomeUnknown) ||"},
		"a look-up after a 201":   {"TestChaos", "customers/create.go", " || failure.StatusCode == http.StatusCreated", " || failure.StatusCode == http.StatusOK"},
		"a 404 after a deletion":  {"TestChaos", "polar/pipeline.go", "return x.uncertain && x.op.deletes() &&", "return false && x.op.deletes() &&"},
		"no blind retries":        {"TestChaos", "polar/retry.go", "harmless := op.Idempotent || retryUnknown", "harmless := true || retryUnknown"},
		"unknown outcomes":        {"TestChaos", "polar/retry.go", "return verdict{retry: harmless && transient, uncertain: writes}\n}", "return verdict{retry: harmless && transient}\n}"},
		"unknown after a gateway": {"TestChaos", "polar/retry.go", "return verdict{retry: harmless, uncertain: writes}", "return verdict{retry: harmless}"},
		"what was written":        {"TestChaos", "polar/attempt.go", "isNeverSent(err) && !a.written.Load()", "isNeverSent(err)"},
		"no replays by net/http":  {"TestChaos", "polar/replay.go", `[]string{"Idempotency-Key", "X-Idempotency-Key"}`, "[]string{}"},
		"one poisoned customer":   {"TestChaosCache", "customers/statecache/failure.go", "f.wide = serviceWide(err) &&", "f.wide = true ||"},
		"events before a check":   {"TestChaosCache", "customers/statecache/recent.go", "now-item.at <= int64(r.keep)", "now < item.at"},
		"a lag after an event":    {"TestChaosCache", "customers/statecache/snapshot.go", "case recent, unclear:", "case unclear:"},
		"a monotonic clock":       {"TestStorm", "customers/statecache/clock.go", "return int64(time.Since(c.start)) }", "t := time.Now(); return int64(c.wall(t).Sub(c.start.Round(0))) }"},
		"doubt about a set clock": {"TestStorm", "customers/statecache/clock.go", "uncertainty: wall.Sub(steady).Abs()}", "uncertainty: 0 * wall.Sub(steady)}"},
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
			mutant, overlay := filepath.Join(dir, filepath.Base(m.file)), filepath.Join(dir, "overlay.json")
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
			args := []string{"test", "-count=1", "-vet=off", "-overlay", overlay, "-run", "^" + m.storm + "$"}
			if m.storm == "TestStorm" {
				args = append(args, "../../customers/statecache")
			} else {
				args = append(args, ".", "-operations", "2400")
			}
			out, err := exec.Command("go", args...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: Test") {
				t.Fatalf("the storm does not notice: %v\n%s", err, out)
			}
			for line := range strings.Lines(string(out)) {
				if strings.Contains(line, "_test.go:") && !strings.Contains(line, "seed") {
					t.Log(strings.TrimSpace(line))
					break
				}
			}
		})
	}
}
