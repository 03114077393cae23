package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Stage copies into dir what it takes to generate and build the SDK of the
// module at root.
func Stage(root, dir string) error {
	top, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range top {
		name := e.Name()
		switch {
		case e.IsDir() && (name == "openapi" || name == "gen" || name == "customers"):
			if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root, name))); err != nil {
				return err
			}
		case name == "go.mod", name == "go.sum", strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			data, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// Generate runs go generate in the module at dir.
func Generate(dir string) error { return run(dir, "generate", ".") }

// Build compiles the packages of the module at root that users import, with
// the generated files of its copy at dir in place of its own.
func Build(root, dir string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	replace := map[string]string{}
	old, err := Generated(root)
	if err != nil {
		return err
	}
	for path := range old {
		replace[filepath.Join(root, path)] = "" // gone, unless there is a new one
	}
	fresh, err := Generated(dir)
	if err != nil {
		return err
	}
	for path := range fresh {
		replace[filepath.Join(root, path)] = filepath.Join(dir, path)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "build-overlay.json")
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		return err
	}
	return run(root, "build", "-overlay", file, "./gen/...", "./customers/...")
}

func run(dir string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	// A workspace has no say in what comes out. What go.mod pins may have to be
	// downloaded first: tests do not build the generator.
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

// Generated returns the generated files of the module at dir, by path.
func Generated(dir string) (map[string]string, error) {
	files := map[string]string{}
	matches, err := filepath.Glob(filepath.Join(dir, "gen", "*.gen.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range matches {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files["gen/"+filepath.Base(path)] = string(data)
	}
	return files, nil
}
