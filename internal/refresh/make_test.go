//go:build long

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tool runs a program in a directory and returns its exit status and output.
func tool(t *testing.T, dir string, env []string, name string, args ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed", p)
		}
	}
}

// clean resets the variables of a make that runs the tests.
var clean = []string{"MAKEFLAGS=", "MAKELEVEL=", "FROM=", "REPORT="}

// TestExitStatus checks the exit status of make and of the tool.
func TestExitStatus(t *testing.T) {
	need(t, "make")
	module, bin := copyModule(t), filepath.Join(t.TempDir(), "refresh")
	if status, out := tool(t, root, nil, "go", "build", "-o", bin, "./internal/refresh"); status != 0 {
		t.Fatal(out)
	}
	same := filepath.Join(module, "openapi", "polar.yaml")
	before := fingerprint(t, module)
	for _, test := range []struct {
		name, from string
		want       int
	}{
		{"no change", same, 0},
		{"a change", edited(t, "customers:write", "customers:edit"), 1},
		{"an error", filepath.Join(t.TempDir(), "none"), 2},
	} {
		report := filepath.Join(t.TempDir(), "report.md")
		if status, out := tool(t, module, nil, bin, "-check", "-from", test.from, "-report", report); status != test.want {
			t.Errorf("%s: the tool exits with %d, want %d:\n%s", test.name, status, test.want, out)
		}
		if _, err := os.Stat(report); (err == nil) != (test.want < 2) {
			t.Errorf("%s: the report: %v", test.name, err)
		}
	}
	if status, out := tool(t, module, clean, "make", "refresh-check", "FROM="+same); status != 0 {
		t.Errorf("with no change, make exits with %d:\n%s", status, out)
	}
	if status, out := tool(t, module, clean, "make", "refresh-check", "FROM=none"); status != 2 || !strings.Contains(out, "refresh: none: open none: no such file") {
		t.Errorf("with an error, make exits with %d:\n%s", status, out)
	}
	if fingerprint(t, module) != before {
		t.Error("a check wrote to the module")
	}
}

// TestMakeRefreshPropose runs what the scheduled workflow runs, in a clone with
// its own origin and a gh that records its arguments.
func TestMakeRefreshPropose(t *testing.T) {
	need(t, "make", "git", "sh")
	repo := copyModule(t)
	origin, bin := t.TempDir(), t.TempDir()
	gh := "#!/bin/sh\n[ ! -e \"$GH_SAID.fail\" ] || exit 1\necho \"$@\" >\"$GH_SAID\"\nwhile [ $# -gt 1 ]; do [ \"$1\" = --body-file ] && cat \"$2\" >>\"$GH_SAID\"; shift; done\n"
	if err := os.WriteFile(filepath.Join(bin, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	said := filepath.Join(bin, "said")
	env := append([]string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "GH_SAID=" + said,
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com"}, clean...)
	git := func(dir string, args ...string) string {
		t.Helper()
		status, out := tool(t, dir, env, "git", args...)
		if status != 0 {
			t.Fatalf("git %s: %s", strings.Join(args, " "), out)
		}
		return strings.TrimSpace(out)
	}
	git(origin, "init", "--quiet", "--bare")
	git(repo, "init", "--quiet", "--initial-branch=main")
	git(repo, "remote", "add", "origin", origin)
	git(repo, "add", "-A")
	git(repo, "commit", "--quiet", "-m", "Start")
	git(repo, "push", "--quiet", "origin", "main")

	status, out := tool(t, repo, env, "make", "refresh-propose", "FROM="+filepath.Join(repo, "openapi", "polar.yaml"))
	if status != 0 || !strings.Contains(out, "Nothing to propose.") {
		t.Fatalf("with no change it exits with %d:\n%s", status, out)
	}
	if _, err := os.Stat(said); err == nil {
		t.Fatal("gh was called although nothing changed")
	}

	// If gh fails, no branch remains that counts as proposed.
	from := edited(t, oldField, newField)
	if err := os.WriteFile(said+".fail", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	status, out = tool(t, repo, env, "make", "refresh-propose", "FROM="+from)
	if left := git(origin, "branch", "--list", "refresh-*"); status == 0 || left != "" {
		t.Fatalf("when gh fails, it exits with %d and leaves %q:\n%s", status, left, out)
	}
	branch := git(repo, "branch", "--show-current")
	if err := os.Remove(said + ".fail"); err != nil {
		t.Fatal(err)
	}
	git(repo, "switch", "--quiet", "main")
	git(repo, "branch", "--quiet", "-D", branch)
	if status, out := tool(t, repo, env, "make", "refresh-propose", "FROM="+from); status != 0 {
		t.Fatalf("it exits with %d:\n%s", status, out)
	}
	text, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"pr create --head " + branch + " --title Follow Polar API 2026-10: 0 breaking, 1 additive, 0 invisible",
		"**`Pagination`** the field is_estimate is new",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("gh was called with\n%s\nwhich lacks %q", text, want)
		}
	}
	if got := git(origin, "diff", "--name-only", "main", branch); got != "gen/api/api.gen.go\ngen/commerce/commerce.gen.go\ngen/polar.gen.go\nopenapi/polar.yaml" {
		t.Errorf("the branch changes %q", got)
	}

	git(repo, "switch", "--quiet", "main")
	if err := os.Remove(said); err != nil {
		t.Fatal(err)
	}
	status, out = tool(t, repo, env, "make", "refresh-propose", "FROM="+from)
	if _, err := os.Stat(said); status != 0 || err == nil || !strings.Contains(out, "is already proposed") {
		t.Errorf("the same change is proposed again, or fails with %d:\n%s", status, out)
	}
}
