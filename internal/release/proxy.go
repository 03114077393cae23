package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	gomod "golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// publish writes a module proxy that has one version of every published module. It
// returns the sizes of the zip files in bytes by module path.
func (t *tree) publish(dir, version string) (map[string]int64, error) {
	sizes := map[string]int64{}
	for _, m := range t.modules {
		escaped, err := gomod.EscapePath(m.path())
		if err != nil {
			return nil, err
		}
		versions := filepath.Join(dir, filepath.FromSlash(escaped), "@v")
		if err := os.MkdirAll(versions, 0o755); err != nil {
			return nil, err
		}
		info, err := json.Marshal(map[string]any{"Version": version, "Time": time.Now().UTC()})
		if err != nil {
			return nil, err
		}
		mod, err := os.ReadFile(t.real(filepath.Join(m.dir, "go.mod")))
		if err != nil {
			return nil, err
		}
		for name, data := range map[string][]byte{
			"list": []byte(version + "\n"), version + ".info": info, version + ".mod": mod,
		} {
			if err := os.WriteFile(filepath.Join(versions, name), data, 0o644); err != nil {
				return nil, err
			}
		}
		name := filepath.Join(versions, version+".zip")
		if err := t.archive(name, gomod.Version{Path: m.path(), Version: version}, m.dir); err != nil {
			return nil, err
		}
		written, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		sizes[m.path()] = written.Size()
	}
	return sizes, nil
}

// archive writes the zip file of a module as the go command makes it from a tag: without
// nested modules, and with the repository's license.
func (t *tree) archive(name string, version gomod.Version, dir string) (err error) {
	var files []zip.File
	licensed := false
	for _, f := range t.files {
		inside := f
		if dir != "" {
			var ok bool
			if inside, ok = strings.CutPrefix(f, dir+"/"); !ok {
				continue
			}
		}
		licensed = licensed || inside == "LICENSE"
		files = append(files, source{name: inside, file: t.real(f)})
	}
	if !licensed {
		files = append(files, source{name: "LICENSE", file: t.real("LICENSE")})
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
	}()
	return zip.Create(out, version, files)
}

// A source is a file of the tree, with its name in a module.
type source struct{ name, file string }

func (s source) Path() string                 { return s.name }
func (s source) Lstat() (os.FileInfo, error)  { return os.Lstat(s.file) }
func (s source) Open() (io.ReadCloser, error) { return os.Open(s.file) }
