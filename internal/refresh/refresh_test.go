package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/internal/refresh/guard"
)

const (
	root       = "../.."
	apiVersion = "2026-10" // of the contract
)

// upstream returns the path of Polar's document, which is not part of the
// repository.
func upstream(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("POLAR_UPSTREAM")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "upstream")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.openapi.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no document in %s: set POLAR_UPSTREAM to its directory", dir)
	}
	return files[0]
}

// copyModule returns a copy of the module.
func copyModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := guard.CopyModule(dir, root); err != nil {
		t.Fatal(err)
	}
	return dir
}

func newRefresher(dir, from string) (*refresher, *bytes.Buffer) {
	out := new(bytes.Buffer)
	return &refresher{root: dir, from: from, out: out, fetcher: fetcher{timeout: 10 * time.Second}}, out
}

// edited writes a copy of the contract in which new replaces old. A contract is a
// document, so that the tool can refresh from it.
func edited(t *testing.T, old, new string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return writeEdited(t, data, old, new)
}

// writeEdited writes a document in which new replaces old, and returns its path.
func writeEdited(t *testing.T, data []byte, old, new string) string {
	t.Helper()
	text := bytes.ReplaceAll(data, []byte(old), []byte(new))
	if bytes.Equal(text, data) {
		t.Fatalf("there is no %q in the contract", old)
	}
	path := filepath.Join(t.TempDir(), "document")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// fingerprint returns a checksum of all files below dir.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != dir {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			target, err := os.Readlink(path)
			fmt.Fprintf(h, "%s -> %s\n", path, target)
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(h, "%s %v %d\n%s", path, info.Mode(), len(data), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

const (
	oldField = "\n    Pagination:\n      type: object\n      required: [max_page, total_count]\n      properties:\n"
	newField = oldField + "        is_estimate:\n          type: boolean\n"
)

// TestImage compares the contract with the one that the tool makes from Polar's document.
func TestImage(t *testing.T) {
	from := upstream(t)
	r, _ := newRefresher(root, from)
	_, got, err := r.load()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("openapi/polar.yaml is not what the tool makes from %s: run make refresh FROM=%s", from, from)
	}
}

// TestBadInput gives the tool input that is not a document. The tool must report this in
// one line and leave the module unchanged.
func TestBadInput(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/html":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<!DOCTYPE html><html><body>Sign in</body></html>")
		case "/missing":
			http.NotFound(w, r)
		case "/moved":
			http.Redirect(w, r, "https://example.com/openapi.json", http.StatusFound)
		case "/hangs":
			<-hang
		case "/slow":
			io.WriteString(w, `{"openapi"`)
			w.(http.Flusher).Flush()
			<-hang
		case "/cut":
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"openapi"`)
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
					return
				}
			}
		}
	}))
	defer server.Close()
	defer close(hang)
	refuses, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refuses.Close()

	dir := t.TempDir()
	file := func(name string, write func(io.Writer)) string {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		write(f)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := func(s string) func(io.Writer) { return func(w io.Writer) { io.WriteString(w, s) } }
	full, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	nesting := func(w io.Writer) { // 200 MB
		for range 200 {
			w.Write(bytes.Repeat([]byte("["), 1<<20))
		}
	}

	tree := copyModule(t)
	before := fingerprint(t, tree)
	for _, test := range []struct{ name, from, want string }{
		{"a file that does not exist", filepath.Join(dir, "none"), "no such file"},
		{"a directory", dir, "is a directory"},
		{"neither JSON nor YAML", file("a", text("a: b: c: [")), "neither JSON nor YAML"},
		{"HTML in a file", file("b", text("<html>")), "this is HTML or XML"},
		{"Swagger 2.0", file("c", text(`{"swagger": "2.0"}`)), "this is Swagger 2.0"},
		{"an empty file", file("d", text("")), "the document is empty"},
		{"a truncated file", file("e", text(string(full[:len(full)/2]))), "does not have"},
		{"200 MB of nesting", file("f", nesting), "larger than 32 MB"},
		{"a document without operations", file("g", text(`{"openapi": "3.1.0", "info": {"version": "2026-10"}, "paths": {}}`)), "no operations"},
		{"another version", file("h", text(`{"openapi": "3.1.0", "info": {"version": "2027-01"}, "paths": {}}`)), `API version "2027-01", not "2026-10"`},
		{"a reference that leads nowhere", edited(t, "\n    Pagination:", "\n    Paging:"), "refers to #/components/schemas/Pagination, which the document does not have"},
		{"a circle of references", file("i", text(`{"openapi": "3.1.0", "info": {"version": "2026-10"},
			"paths": {"/v1/customers/": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loop"}}}}}}}},
			"components": {"schemas": {"Loop": {"$ref": "#/components/schemas/Loop"}}}}`)), "is only a reference to itself"},
		{"HTML with status 200", server.URL + "/html", "this is HTML or XML"},
		{"a 404", server.URL + "/missing", "unexpected status 404 Not Found"},
		{"a redirect", server.URL + "/moved", `it redirects to "https://example.com/openapi.json"`},
		{"a URL that hangs", server.URL + "/hangs", "no response within 200ms"},
		{"a URL that stops halfway", server.URL + "/slow", "no response within 200ms"},
		{"a body that is cut", server.URL + "/cut", "unexpected EOF"},
		{"an endless body", server.URL + "/endless", "larger than 32 MB"},
		{"a URL that refuses", "http://" + refuses.Addr().String(), "connection refused"},
		{"no URL", "http://[::1", "not a valid URL"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, out := newRefresher(tree, test.from)
			if strings.Contains(test.want, "200ms") {
				r.fetcher.timeout = 200 * time.Millisecond
			}
			for name, run := range map[string]func() (int, error){"check": r.check, "refresh": r.refresh} {
				status, err := run()
				if status != statusError || err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: status %d, %v; want an error with %q", name, status, err, test.want)
				} else if strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: the error has several lines: %v", name, err)
				}
			}
			if out.Len() > 0 {
				t.Errorf("there is a report:\n%s", out)
			}
		})
	}
	if fingerprint(t, tree) != before {
		t.Error("the module changed")
	}
}

// TestKilled kills a process that replaces a file repeatedly. The file must be complete at
// all times.
func TestKilled(t *testing.T) {
	contents := [2][]byte{bytes.Repeat([]byte("old "), 1<<14), bytes.Repeat([]byte("new "), 1<<15)}
	if path := os.Getenv("REFRESH_TEST_WRITE"); path != "" {
		for i := 0; ; i++ { // until killed
			if err := replace(path, contents[i%2]); err != nil {
				t.Fatal(err)
			}
			if i == 2 {
				fmt.Println("writing")
			}
		}
	}
	path := filepath.Join(t.TempDir(), "polar.yaml")
	if err := os.WriteFile(path, contents[0], 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), "REFRESH_TEST_WRITE="+path)
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(stdout, make([]byte, len("writing"))); err != nil {
			t.Fatal(err)
		}
		// Read for a while, longer each time, to kill the process at different moments.
		for range i * 50 {
			if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, contents[0]) && !bytes.Equal(data, contents[1]) {
				t.Fatalf("while it is written the file has %d bytes, %v", len(data), err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) {
			t.Fatalf("it was not killed: %v", err)
		}
		cancel()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, contents[0]) && !bytes.Equal(data, contents[1]) {
			t.Fatalf("after a kill the file has %d bytes, neither old nor new", len(data))
		}
	}
	// A temporary file of a killed process does not disturb the next one.
	if err := replace(path, contents[1]); err != nil {
		t.Fatal(err)
	}
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := replace(path, []byte("a")); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := replace(path, []byte("a")); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("an unchanged file was written again")
	}
	if err := replace(filepath.Join(dir, "none", "f"), nil); err == nil {
		t.Error("a file was written into a missing directory")
	}
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := replace(filepath.Join(dir, "d"), []byte("a")); err == nil {
		t.Error("a directory was replaced")
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".refresh-*")); err != nil || len(left) > 0 {
		t.Errorf("files are left behind: %q, %v", left, err)
	}
}
