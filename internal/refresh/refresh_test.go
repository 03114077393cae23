package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/guard"
)

const root = "../.."

// upstream is Polar's document, which lies beside the repository for its
// maintainers and is no part of it.
func upstream(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("POLAR_UPSTREAM")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "upstream")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.openapi.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("there is no document in %s; say where it is with POLAR_UPSTREAM", dir)
	}
	return files[0]
}

// copyTree makes a module to refresh, without what it would only take time to
// compile.
func copyTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := guard.Stage(root, dir); err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Glob(filepath.Join(dir, "customers", "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range below {
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func newRefresher(dir, from string) (*refresher, *bytes.Buffer) {
	out := new(bytes.Buffer)
	return &refresher{root: dir, from: from, out: out, fetcher: fetcher{timeout: 10 * time.Second}}, out
}

// edited writes a copy of the contract with some text replaced, to refresh
// from: a contract is a document too.
func edited(t *testing.T, old, new string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), old, new)
	if text == string(data) {
		t.Fatalf("there is no %q in the contract", old)
	}
	path := filepath.Join(t.TempDir(), "document.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	sum, err := (&refresher{root: dir}).fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

const (
	oldField = "\n    Pagination:\n      type: object\n      required: [max_page, total_count]\n      properties:\n"
	newField = oldField + "        is_estimate:\n          type: boolean\n"
)

// TestImage holds that the contract in the tree is exactly what the tool makes
// of Polar's document.
func TestImage(t *testing.T) {
	from := upstream(t)
	r, _ := newRefresher(root, from)
	s, err := r.slice()
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.load(s)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("openapi/polar.yaml is not the image of %s: run make refresh FROM=%s", from, from)
	}
}

// TestAnotherSlice adds a prefix and a tag to the slice, and nothing else.
func TestAnotherSlice(t *testing.T) {
	r, _ := newRefresher(root, upstream(t))
	s, err := r.slice()
	if err != nil {
		t.Fatal(err)
	}
	s.Paths, s.Tags = append(s.Paths, "/v1/meters/"), append(s.Tags, "refunds")
	data, err := r.load(s)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.try(data)
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(c.dir)
	if c.generateErr != nil || c.buildErr != nil {
		t.Fatalf("generate: %v; build: %v", c.generateErr, c.buildErr)
	}
	for _, want := range []string{") MetersList(", ") RefundsCreate("} {
		if !strings.Contains(c.generated["gen/polar.gen.go"], want) {
			t.Errorf("the generated code lacks %s", want)
		}
	}
	if report := c.markdown(); !strings.Contains(report, "GET /v1/meters/ (meters:list) has no method") {
		t.Errorf("the report says\n%s", report)
	}
}

func TestRefresh(t *testing.T) {
	t.Run("no change", func(t *testing.T) {
		dir := copyTree(t)
		before := fingerprint(t, dir)
		r, out := newRefresher(dir, filepath.Join(root, "openapi", "polar.yaml"))
		for name, run := range map[string]func() (int, error){"check": r.check, "refresh": r.refresh} {
			if status, err := run(); status != statusSame || err != nil {
				t.Errorf("%s: status %d, %v", name, status, err)
			}
		}
		if !strings.Contains(out.String(), ": no change\n") {
			t.Errorf("the report says\n%s", out)
		}
		if fingerprint(t, dir) != before {
			t.Error("the tree changed")
		}
	})
	t.Run("a new field", func(t *testing.T) {
		before := fingerprint(t, root)
		r, out := newRefresher(root, edited(t, oldField, newField))
		r.report = filepath.Join(t.TempDir(), "report.md")
		if status, err := r.check(); status != statusChanged || err != nil {
			t.Fatalf("check: status %d, %v", status, err)
		}
		if fingerprint(t, root) != before {
			t.Fatal("check wrote to the tree")
		}
		for _, want := range []string{
			": 0 breaking, 1 additive, 0 invisible",
			"**`Pagination`** the field is_estimate is new: one more field to read.",
			"- [ ] openapi/overlay.yaml, words: describe it; target $.components.schemas.Pagination.properties, key is_estimate",
			"- [ ] gen.Pagination.IsEstimate: nobody says what it is.",
			"+ Pagination.IsEstimate *bool",
		} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the report lacks %q:\n%s", want, out)
			}
		}
		if file, err := os.ReadFile(r.report); err != nil || string(file) != out.String() {
			t.Errorf("the report's file differs from the terminal: %v", err)
		}
		dir := copyTree(t)
		r.root = dir
		if status, err := r.refresh(); status != statusSame || err != nil {
			t.Fatalf("refresh: status %d, %v", status, err)
		}
		gen, err := os.ReadFile(filepath.Join(dir, "gen", "polar.gen.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(gen), "IsEstimate ") {
			t.Error("the code was not generated")
		}
		if status, err := r.check(); status != statusSame || err != nil {
			t.Errorf("check after refresh: status %d, %v", status, err)
		}
	})
	t.Run("an overlay that fits no longer", func(t *testing.T) {
		dir := copyTree(t)
		from := edited(t, "MemberUpdate", "MemberChange")
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.ReplaceAll(data, []byte("/members/{member_id}:"), []byte("/members/{member_id}/now:"))
		if err := os.WriteFile(from, data, 0o644); err != nil {
			t.Fatal(err)
		}
		r, out := newRefresher(dir, from)
		status, err := r.refresh()
		if status != statusError || err == nil || !strings.Contains(err.Error(), "do what the report says") {
			t.Fatalf("status %d, %v", status, err)
		}
		for _, want := range []string{"## Breaking", "**`MemberUpdate`** the type is gone", "## Generation fails", "its target $.components.schemas.MemberUpdate matches nothing",
			"MembersClient.Get is documented as"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the report lacks %q:\n%s", want, out)
			}
		}
	})
	t.Run("a contract edited by hand", func(t *testing.T) {
		dir := copyTree(t)
		path := filepath.Join(dir, "openapi", "polar.yaml")
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(bytes.Clone(want), "# by hand\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
		r, out := newRefresher(dir, filepath.Join(root, "openapi", "polar.yaml"))
		if status, err := r.check(); status != statusChanged || err != nil {
			t.Fatalf("check: status %d, %v", status, err)
		}
		if status, err := r.refresh(); status != statusSame || err != nil {
			t.Fatalf("refresh: status %d, %v", status, err)
		}
		if !strings.Contains(out.String(), "the contract was edited by hand") {
			t.Errorf("the report says\n%s", out)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("the edit is still there: %v", err)
		}
	})
	t.Run("a fact that no rule knows", func(t *testing.T) {
		r, out := newRefresher(root, edited(t, "\n    Member:\n", "\n    Member:\n      x-polar-novelty: [id]\n"))
		if status, err := r.check(); status != statusChanged || err != nil {
			t.Fatalf("status %d, %v\n%s", status, err, out)
		}
		if !strings.Contains(out.String(), "## Breaking") || !strings.Contains(out.String(), "no rule knows what this means") {
			t.Errorf("the report says\n%s", out)
		}
	})
	t.Run("a loss that only the generated code shows", func(t *testing.T) {
		data, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := contract.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		// No user would miss it in one variant, but the overlay copies this one.
		document{t, doc}.remove("components schemas CustomerTeam properties locale")
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "document.json")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		r, out := newRefresher(root, path)
		if status, err := r.check(); status != statusChanged || err != nil {
			t.Fatalf("status %d, %v\n%s", status, err, out)
		}
		for _, want := range []string{"**`gen.Customer.Locale`** it is", "add an action that keeps Customer.Locale as it was", "the field locale belongs to individual, belonged to individual, team"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the report lacks %q:\n%s", want, out)
			}
		}
	})
}

// TestBadInput gives the tool what is no document. Every time it says so in a
// line and leaves the tree alone.
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

	tree := copyTree(t)
	before := fingerprint(t, tree)
	for _, test := range []struct{ name, from, want string }{
		{"a file that is not there", filepath.Join(dir, "none"), "no such file"},
		{"a directory", dir, "is a directory"},
		{"neither JSON nor YAML", file("a", text("a: b: c: [")), "neither JSON nor YAML"},
		{"HTML in a file", file("b", text("<html>")), "this is HTML or XML"},
		{"Swagger 2.0", file("c", text(`{"swagger": "2.0"}`)), "this is Swagger 2.0"},
		{"an empty file", file("d", text("")), "the document is empty"},
		{"a truncated file", file("e", text(string(full[:len(full)/2]))), "does not have"},
		{"200 MB of nesting", file("f", nesting), "it is larger than 32 MB"},
		{"a document without the slice", file("g", text(`{"openapi": "3.1.0", "info": {"version": "2026-10"}, "paths": {}}`)), "no operation of the slice"},
		{"another version", file("h", text(`{"openapi": "3.1.0", "info": {"version": "2027-01"}, "paths": {}}`)), `API version "2027-01"`},
		{"a reference that leads nowhere", edited(t, "\n    Pagination:", "\n    Paging:"), "names #/components/schemas/Pagination, which the document does not have"},
		{"a circle of references", file("i", text(`{"openapi": "3.1.0", "info": {"version": "2026-10"},
			"paths": {"/v1/customers/": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loop"}}}}}}}},
			"components": {"schemas": {"Loop": {"$ref": "#/components/schemas/Loop"}}}}`)), "refers to itself and to nothing else"},
		{"HTML with status 200", server.URL + "/html", "this is HTML or XML"},
		{"a 404", server.URL + "/missing", "it answers 404 Not Found"},
		{"a redirect", server.URL + "/moved", `it redirects to "https://example.com/openapi.json"`},
		{"a URL that hangs", server.URL + "/hangs", "it did not answer within 200ms"},
		{"a URL that stops halfway", server.URL + "/slow", "it did not answer within 200ms"},
		{"a body that is cut", server.URL + "/cut", "unexpected EOF"},
		{"an endless body", server.URL + "/endless", "it is larger than 32 MB"},
		{"a URL that refuses", "http://" + refuses.Addr().String(), "connection refused"},
		{"no URL", "http://[::1", "it is not a URL"},
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
		t.Error("the tree changed")
	}
}

// TestKilled kills a process that writes a file over and over, at whatever
// moment it is in. The file must always be whole.
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
		// Each time a little later, so that it is another moment.
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
			t.Fatalf("it ended by itself: %v", err)
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
	// What a kill leaves behind does no harm to the next run.
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
		t.Error("a file was written again although nothing changed")
	}
	if err := replace(filepath.Join(dir, "none", "f"), nil); err == nil {
		t.Error("a file was written into a directory that is not there")
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
