package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Stage is a copy of a module in which code is generated, so that nothing
// changes in the module itself.
type Stage struct {
	Dir    string
	root   string
	before map[string]string // the Go files before Generate, by path
}

// NewStage copies the module at root to a temporary directory, without tests, nested
// modules and hidden files. It follows symbolic links, so that writing to the copy never
// writes to the module.
func NewStage(root string) (*Stage, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "refresh-")
	if err != nil {
		return nil, err
	}
	s := &Stage{Dir: dir, root: root}
	if err := CopyModule(dir, root); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.before, err = goFiles(dir); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close removes the copy.
func (s *Stage) Close() error { return os.RemoveAll(s.Dir) }

// CopyModule copies the module at root to dir, with the same files as a [Stage].
func CopyModule(dir, root string) error { return copyTree(dir, root, nil) }

func copyTree(to, from string, above []string) error {
	real, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	if slices.Contains(above, real) {
		return fmt.Errorf("%s is a symbolic link to a directory that contains it", from)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		path := filepath.Join(from, name)
		info, err := os.Stat(path)
		switch {
		case strings.HasPrefix(name, "."), name == "node_modules", strings.HasSuffix(name, "_test.go"):
		case err != nil:
			return err
		case info.IsDir():
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
				continue
			}
			if err := copyTree(filepath.Join(to, name), path, append(above, real)); err != nil {
				return err
			}
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// SetContract replaces the contract in the copy.
func (s *Stage) SetContract(data []byte) error {
	return os.WriteFile(filepath.Join(s.Dir, "openapi", "polar.yaml"), data, 0o644)
}

// Generate removes the generated files and runs all go:generate lines.
func (s *Stage) Generate() error {
	for path := range s.before {
		if isGenerated(path) {
			if err := os.Remove(filepath.Join(s.Dir, path)); err != nil {
				return err
			}
		}
	}
	return run(s.Dir, "generate", "./...")
}

// Changes returns the files that Generate changed, with their content before
// and after. A file that does not exist has none.
func (s *Stage) Changes() (before, after map[string]string, err error) {
	now, err := goFiles(s.Dir)
	if err != nil {
		return nil, nil, err
	}
	before, after = maps.Clone(s.before), now
	for path, text := range before {
		if got, ok := after[path]; ok && got == text {
			delete(before, path)
			delete(after, path)
		}
	}
	return before, after, nil
}

// Build compiles all packages of the module with the changed Go files of the copy.
func (s *Stage) Build() error {
	before, after, err := s.Changes()
	if err != nil {
		return err
	}
	replace := map[string]string{}
	for path := range before {
		replace[filepath.Join(s.root, path)] = "" // as if removed
	}
	for path := range after {
		replace[filepath.Join(s.root, path)] = filepath.Join(s.Dir, path)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	file := filepath.Join(s.Dir, "build-overlay.json")
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		return err
	}
	return run(s.root, "build", "-overlay", file, "./...")
}

func run(dir string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	// The result must not depend on a workspace around the module.
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	out, err := cmd.CombinedOutput()
	if err != nil {
		out = bytes.ReplaceAll(bytes.TrimSpace(out), []byte(dir+string(filepath.Separator)), nil)
		if len(out) == 0 {
			return err
		}
		return fmt.Errorf("go %s: %s", strings.Join(args, " "), out)
	}
	return nil
}

// isGenerated reports whether a file consists of generated code only.
func isGenerated(path string) bool { return strings.HasSuffix(path, ".gen.go") }

// goFiles returns the Go files of the module at dir by path.
func goFiles(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	return files, err
}
