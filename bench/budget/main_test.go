package main

import (
	"maps"
	"testing"
	"testing/fstest"
)

func TestCodeLines(t *testing.T) {
	for _, test := range []struct {
		name, src string
		want      int
	}{
		{"nothing", "", 0},
		{"comments and empty lines", "// a\n\n/* b\nc */\n", 0},
		{"code", "package a // why\n\nvar x = 1\n", 2},
		{"a text over lines", "package a\nvar x = `1\n2\n3`\n", 4},
	} {
		if got := codeLines([]byte(test.src)); got != test.want {
			t.Errorf("%s: got %d lines, want %d", test.name, got, test.want)
		}
	}
}

func TestGrown(t *testing.T) {
	old := map[string]float64{"size": 10, "time": 4}
	for _, test := range []struct {
		name   string
		limits map[string]float64
		want   bool
	}{
		{"the same", map[string]float64{"size": 10, "time": 4}, false},
		{"smaller, and one more", map[string]float64{"size": 9, "time": 4, "lines": 1}, false},
		{"above", map[string]float64{"size": 11, "time": 4}, true},
		{"gone", map[string]float64{"size": 10}, true},
	} {
		if _, got := grown(old, test.limits); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
	}
}

func TestParseLimits(t *testing.T) {
	got, err := parseLimits("# words\n\nsize 10\ntime 1.5\n")
	if err != nil || len(got) != 2 || got["size"] != 10 || got["time"] != 1.5 {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"size\n", "size 1 2\n", "size ten\n"} {
		if _, err := parseLimits(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestPackageLines(t *testing.T) {
	code := &fstest.MapFile{Data: []byte("package a\n\nvar x = 1 // one\n")}
	module := fstest.MapFS{}
	for _, name := range []string{
		"generate.go", "a/a.go", "a/b.go", "a/a_test.go", "a/a.gen.go", "a/b/c.go", "a/README.md",
		"internal/a.go", "a/internal/b/c.go", "examples/e/main.go", ".cache/a.go",
	} {
		module[name] = code
	}
	got, err := packageLines(module)
	if err != nil || !maps.Equal(got, map[string]int{"a": 4, "a/b": 2}) {
		t.Errorf("got %v, %v", got, err)
	}
}
