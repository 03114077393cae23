package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// A tree is a working tree of the repository.
type tree struct {
	root    string
	files   []string // files that git would commit, with slashes
	modules []module // modules that users import or install, the root's first
}

// A module is a module that users import or install.
type module struct {
	dir  string // relative to the root, "" for the root itself
	file *modfile.File
}

func (m module) path() string { return m.file.Module.Mod.Path }

// tag returns the name of the git tag that the go command looks for.
func (m module) tag(version string) string { return path.Join(m.dir, version) }

// load reads the files that a commit of the working tree would contain.
func load(ctx context.Context, root string) (*tree, error) {
	listed, err := git(ctx, root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	t := &tree{root: root}
	for name := range strings.SplitSeq(strings.TrimSuffix(listed, "\x00"), "\x00") {
		// git lists deleted files until the deletion is staged.
		if _, err := os.Lstat(t.real(name)); err == nil {
			t.files = append(t.files, name)
		}
	}
	slices.Sort(t.files)
	t.files = slices.Compact(t.files) // git lists a file with conflicts several times
	for _, name := range t.files {
		dir, base := path.Split(name)
		if base != "go.mod" || !isPublished(dir) {
			continue
		}
		data, err := os.ReadFile(t.real(name))
		if err != nil {
			return nil, err
		}
		file, err := modfile.Parse(name, data, nil)
		if err != nil {
			return nil, err
		}
		t.modules = append(t.modules, module{dir: strings.TrimSuffix(dir, "/"), file: file})
	}
	slices.SortFunc(t.modules, func(a, b module) int { return strings.Compare(a.dir, b.dir) })
	if len(t.modules) == 0 || t.modules[0].dir != "" {
		return nil, fmt.Errorf("%s is not the root of the repository: it has no go.mod", root)
	}
	return t, nil
}

// isPublished reports whether users can import or install the module in dir. Other
// modules run from a clone, and have no tags.
func isPublished(dir string) bool {
	first, _, _ := strings.Cut(dir, "/")
	return !slices.Contains([]string{"bench", "examples", "internal"}, first)
}

// real returns the path of a file in the file system.
func (t *tree) real(name string) string { return filepath.Join(t.root, filepath.FromSlash(name)) }

// tags returns the tags of the version that exist, and whether each is at HEAD.
func (t *tree) tags(ctx context.Context, version string) (map[string]bool, error) {
	names := []string{"tag", "--list"}
	for _, m := range t.modules {
		names = append(names, m.tag(version))
	}
	all, err := git(ctx, t.root, names...)
	if err != nil {
		return nil, err
	}
	here, err := git(ctx, t.root, "tag", "--points-at", "HEAD")
	if err != nil {
		return nil, err
	}
	tags := map[string]bool{}
	for _, tag := range strings.Fields(all) {
		tags[tag] = slices.Contains(strings.Fields(here), tag)
	}
	return tags, nil
}

// commands returns the commands that publish a version.
func (t *tree) commands(version string) string {
	var b strings.Builder
	push := "git push --atomic origin"
	for _, m := range t.modules {
		fmt.Fprintf(&b, "git tag %s\n", m.tag(version))
		push += " " + m.tag(version)
	}
	return b.String() + push + "\n"
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", args[0], err, stderr.String())
	}
	return string(out), nil
}
