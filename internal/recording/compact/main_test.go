package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const original = `{"name": "one", "steps": [{"method": "GET", "path": "/", "status": 200, "response_headers": [["date", "Mon"]], "response_body": "{}"}]}`

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	write(t, from, "a.json", original)
	write(t, to, "gone.jsonl", "")
	write(t, to, "README.md", "")
	size, err := run(from, to)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(to, "one.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"format":1,"name":"one"}` + "\n" +
		`{"method":"GET","path":"/","status":200,"response_headers":{"content-length":null},"response":{}}` + "\n"
	if string(data) != want || size != len(want) {
		t.Errorf("got %d bytes:\n%s", size, data)
	}
	if _, err := os.Stat(filepath.Join(to, "gone.jsonl")); !os.IsNotExist(err) {
		t.Errorf("the file of a scenario that is gone: %v", err)
	}
	if _, err := os.Stat(filepath.Join(to, "README.md")); err != nil {
		t.Error(err)
	}

	// Its own output is input too, and does not change.
	again := t.TempDir()
	if _, err := run(to, again); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(again, "one.jsonl")); err != nil || string(data) != want {
		t.Errorf("converted twice: %s%v", data, err)
	}
}

func TestRunErrors(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	if _, err := run(from, to); err == nil || !strings.Contains(err.Error(), from) {
		t.Errorf("no recordings: %v", err)
	}
	write(t, from, "a.json", original)
	write(t, from, "b.json", original)
	if _, err := run(from, to); err == nil || !strings.Contains(err.Error(), "same name") {
		t.Errorf("two of one name: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(to, "*")); len(files) > 0 {
		t.Errorf("wrote %q", files)
	}
}
