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

// clean keeps what a make that runs the tests has set from the one under test.
var clean = []string{"MAKEFLAGS=", "MAKELEVEL=", "FROM=", "REPORT="}

// TestMakeRefreshCheck holds that make itself exits as it says.
func TestMakeRefreshCheck(t *testing.T) {
	need(t, "make")
	same, err := filepath.Abs(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, from string
		want       int
	}{
		{"no change", same, 0},
		{"a change", edited(t, "customers:write", "customers:edit"), 1},
		{"an error", filepath.Join(t.TempDir(), "none"), 2},
	} {
		report := filepath.Join(t.TempDir(), "report.md")
		status, out := tool(t, root, clean, "make", "refresh-check", "FROM="+test.from, "REPORT="+report)
		if status != test.want {
			t.Errorf("%s: make exits with %d, want %d:\n%s", test.name, status, test.want, out)
		}
		if _, err := os.Stat(report); (err == nil) != (test.want < 2) {
			t.Errorf("%s: the report: %v", test.name, err)
		}
	}
}

// TestMakeRefreshPropose plays the scheduled workflow in a clone with an
// origin of its own and a gh that writes down what it is asked.
func TestMakeRefreshPropose(t *testing.T) {
	need(t, "make", "git", "sh")
	repo := copyTree(t)
	origin, bin := t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(bin, "gh"): "#!/bin/sh\necho \"$@\" >\"$GH_SAID\"\nwhile [ $# -gt 1 ]; do [ \"$1\" = --body-file ] && cat \"$2\" >>\"$GH_SAID\"; shift; done\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Makefile", "internal/refresh"} {
		data := filepath.Join(root, name)
		info, err := os.Stat(data)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			err = os.CopyFS(filepath.Join(repo, name), os.DirFS(data))
		} else {
			var text []byte
			if text, err = os.ReadFile(data); err == nil {
				err = os.WriteFile(filepath.Join(repo, name), text, 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
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

	from := edited(t, oldField, newField)
	if status, out := tool(t, repo, env, "make", "refresh-propose", "FROM="+from); status != 0 {
		t.Fatalf("it exits with %d:\n%s", status, out)
	}
	text, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	branch := git(repo, "branch", "--show-current")
	for _, want := range []string{
		"pr create --head " + branch + " --title Follow Polar API 2026-10: 0 breaking, 1 additive, 0 invisible",
		"**`Pagination`** the field is_estimate is new",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("gh was told\n%s\nwhich lacks %q", text, want)
		}
	}
	if got := git(origin, "diff", "--name-only", "main", branch); got != "gen/polar.gen.go\nopenapi/polar.yaml" {
		t.Errorf("the branch changes %q", got)
	}

	git(repo, "switch", "--quiet", "main")
	if err := os.Remove(said); err != nil {
		t.Fatal(err)
	}
	status, out = tool(t, repo, env, "make", "refresh-propose", "FROM="+from)
	if _, err := os.Stat(said); status != 0 || err == nil || !strings.Contains(out, "is proposed already") {
		t.Errorf("the same change is proposed again, or fails with %d:\n%s", status, out)
	}
}
