package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/polar"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// polar.Version, the changelog and the modules' requirements agree.
func TestTree(t *testing.T) {
	t.Chdir("../..")
	tree, err := load(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range tree.problems(current, polar.APIVersion) {
		t.Error(problem)
	}
	var dirs []string
	for _, m := range tree.modules {
		dirs = append(dirs, m.dir)
	}
	if want := []string{"", "customers/statecache/redisstore"}; !slices.Equal(dirs, want) {
		t.Errorf("published modules are %q; want %q", dirs, want)
	}
}

// The root package imports every module that a public package needs, so that go get
// of the root module is enough to build with any of them.
func TestGoGet(t *testing.T) {
	t.Chdir("../..")
	modules := func(args ...string) []string {
		found := publicapi.GoList(t, append([]string{"-deps", "-f", "{{with .Module}}{{.Path}}{{end}}"}, args...)...)
		slices.Sort(found)
		return slices.Compact(found)
	}
	public := slices.DeleteFunc(publicapi.GoList(t, "./..."), func(path string) bool {
		return strings.Contains(path, "/internal/") || strings.Contains(path, "/examples/") || strings.HasSuffix(path, "/interop")
	})
	got := modules(".")
	for _, module := range modules(public...) {
		if !slices.Contains(got, module) {
			t.Errorf("a package needs %s, and go get of the module does not fetch it: import the package in goget.go", module)
		}
	}
}

const (
	rootMod  = "module example.com/sdk\n\ngo 1.25.0\n"
	storeMod = "module example.com/sdk/store\n\ngo 1.25.0\n\nrequire example.com/sdk v1.2.0\n\nreplace example.com/sdk => ..\n"
	log      = "# Changelog\n\n## 1.2.0 (2026-12-01)\n\nAPI 2026-10.\n\n## 1.1.0 (2026-11-01)\n\nOlder.\n"
)

// repository is a git repository with two published modules and one that is not.
func repository(t *testing.T, changed map[string]string) (*tree, func(args ...string)) {
	t.Helper()
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull) // no signatures, no hooks
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
	files := map[string]string{
		"go.mod": rootMod, "sdk.go": "package sdk\n", "LICENSE": "Free.\n", "CHANGELOG.md": log, ".gitignore": "ignored\n",
		"store/go.mod": storeMod, "store/store.go": "package store\n",
		"examples/a/go.mod": "module example.com/sdk/examples/a\n", "examples/a/a.go": "package main\n",
		"ignored": "a file that is not committed", "gone.go": "package sdk\n",
	}
	for name, text := range changed {
		files[name] = text
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run("init", "-q")
	run("add", ".")
	run("commit", "-qm", "a")
	if err := os.Remove(filepath.Join(dir, "gone.go")); err != nil {
		t.Fatal(err)
	}
	tree, err := load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return tree, run
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		want             string // part of the only problem, "" for none
	}{
		{"nothing wrong", "", "", ""},
		{"a version without a section", "CHANGELOG.md", "# Changelog\n\n## 1.1.0\n\nOlder.\n", "no section of v1.2.0"},
		{"a section below another", "CHANGELOG.md", "## 1.3.0\n\nNewer.\n\n## 1.2.0\n\nAPI 2026-10.\n", "is not the first"},
		{"an empty section", "CHANGELOG.md", "## 1.2.0 (2026-12-01)\n\n## 1.1.0\n\nAPI 2026-10.\n", "is empty"},
		{"a section without the API's version", "CHANGELOG.md", "## 1.2.0\n\nAPI 2026-04.\n", "does not name the version of Polar's API, 2026-10"},
		{"a title that only begins like the version", "CHANGELOG.md", "## 1.2.01\n\nAPI 2026-10.\n", "no section of v1.2.0"},
		{"a requirement that only a replace directive satisfies", "store/go.mod", strings.Replace(storeMod, "v1.2.0", "v0.0.0", 1), "store/go.mod: requires example.com/sdk v0.0.0, which users would get: it must be v1.2.0"},
		{"a replaced module of others", "store/go.mod", storeMod + "replace example.com/other => example.com/fork v1.0.0\n", "store/go.mod: replaces example.com/other"},
		{"a module replaced by another directory", "store/go.mod", strings.Replace(storeMod, "=> ..", "=> ../../sdk", 1), "store/go.mod: replaces example.com/sdk"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tree, _ := repository(t, map[string]string{cmp.Or(test.file, "ignored"): test.text})
			expect(t, tree.problems("v1.2.0", "2026-10"), test.want)
		})
	}
	// go install refuses programs of a module with a replace directive.
	tree, _ := repository(t, map[string]string{"go.mod": rootMod + "replace example.com/sdk/store => ./store\n"})
	expect(t, tree.problems("v1.2.0", "2026-10"), "go.mod: has a replace directive")
}

func expect(t *testing.T, problems []error, want string) {
	t.Helper()
	got := errors.Join(problems...)
	if (got == nil) != (want == "") || got != nil && (len(problems) != 1 || !strings.Contains(got.Error(), want)) {
		t.Errorf("problems are %v; want one with %q", got, want)
	}
}

func TestObstacles(t *testing.T) {
	tree, git := repository(t, nil)
	obstacles := func(version string) []error {
		t.Helper()
		tags, err := tree.tags(t.Context(), version)
		if err != nil {
			t.Fatal(err)
		}
		return tree.obstacles("v1.2.0", version, tags)
	}
	expect(t, obstacles("v1.2.0"), "")
	expect(t, obstacles("v1.3.0"), "polar.Version says that this is v1.2.0")
	if got, want := tree.commands("v1.2.0"), "git tag v1.2.0\ngit tag store/v1.2.0\ngit push --atomic origin v1.2.0 store/v1.2.0\n"; got != want {
		t.Errorf("commands are\n%s", got)
	}
	git("tag", "v1.2.0")
	expect(t, obstacles("v1.2.0"), "the tag store/v1.2.0 is missing")
	git("tag", "store/v1.2.0")
	expect(t, obstacles("v1.2.0"), "")
	git("commit", "-qam", "b")
	git("tag", "-f", "store/v1.2.0")
	expect(t, obstacles("v1.2.0"), "the tag v1.2.0 is at another commit")

	tree, _ = repository(t, map[string]string{"CHANGELOG.md": "## 1.2.0 (unreleased)\n\nAPI 2026-10.\n"})
	expect(t, obstacles("v1.2.0"), `the title of the section must be "## 1.2.0 (2006-01-02)"`)
}

// A zip file has the files of the module that a commit would contain, and a license. It
// has no file that git ignores, no deleted file and no file of another module.
func TestPublish(t *testing.T) {
	tree, _ := repository(t, nil)
	dir := t.TempDir()
	if _, err := tree.publish(dir, "v1.2.0"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"example.com/sdk":       {".gitignore", "CHANGELOG.md", "LICENSE", "go.mod", "sdk.go"},
		"example.com/sdk/store": {"LICENSE", "go.mod", "store.go"},
	} {
		data, err := os.ReadFile(filepath.Join(dir, path, "@v", "v1.2.0.zip"))
		if err != nil {
			t.Fatal(err)
		}
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range archive.File {
			got = append(got, strings.TrimPrefix(f.Name, path+"@v1.2.0/"))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s contains %q; want %q", path, got, want)
		}
	}
}

func TestReadme(t *testing.T) {
	const text = "```sh\ngo mod init example.com/shop\ngo get example.com/sdk\n```\n" +
		"```go\npackage main\n\nfunc main() {}\n```\n```sh\ngo test ./...\n```\n" +
		"```go\nfunc TestA(t *testing.T) {\n\tpolar.New(http.MethodGet, store.New, time.Now())\n}\n```\n```go\nfunc TestB() {}\n```\n"
	tree, _ := repository(t, map[string]string{"README.md": text})
	r, err := tree.readme()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.install, []string{"go get example.com/sdk"}) || !slices.Equal(r.programs, []string{"package main\n\nfunc main() {}\n"}) || !strings.HasPrefix(r.test, "func TestA(") {
		t.Errorf("the README says %+v", r)
	}
	got, err := tree.testFile(r.test)
	if err != nil {
		t.Fatal(err)
	}
	if want := "package main\n\nimport (\n\t\"example.com/sdk/store\"\n\t\"net/http\"\n\t\"polar\"\n\t\"testing\"\n\t\"time\"\n)\n\n"; !strings.HasPrefix(got, want) {
		t.Errorf("the test begins:\n%s", got)
	}

	for without, want := range map[string]string{
		"go get example.com/sdk": "does not install the module",
		"package main\n":         "no program",
		"func Test":              "no test",
	} {
		tree, _ := repository(t, map[string]string{"README.md": strings.ReplaceAll(text, without, "x ")})
		if _, err := tree.readme(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %q: %v", without, err)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"check"}, {"rehearse", "v1.2.0"}, {"publish"}} {
		if err := run(context.Background(), args, nil); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
