package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

func (r *refresher) mustCompare(t *testing.T) *candidate {
	t.Helper()
	s, err := r.slice()
	if err != nil {
		t.Fatal(err)
	}
	data, err := r.load(s)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.compare(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReport(t *testing.T) {
	for _, test := range []struct {
		name, from string
		want       []string
	}{
		{"no change", filepath.Join(root, "openapi", "polar.yaml"), []string{": no change\n"}},
		{"a new field", edited(t, oldField, newField), []string{
			": 0 breaking, 1 additive, 0 invisible",
			"**`Pagination`** the field is_estimate is new: existing fields do not change.",
			"- [ ] openapi/overlay.yaml, words: describe it; target $.components.schemas.Pagination.properties, key is_estimate",
		}},
		{"a fact that no rule covers", edited(t, "\n    Member:\n", "\n    Member:\n      x-polar-novelty: [id]\n"), []string{
			"## Breaking", "no rule classifies this",
		}},
		{"names that are Markdown", editedJSON(t, `"max_page":{`, `"a`+"`"+`b|c\nd <img> [x](y)":{"type":"boolean"},"max_page":{`), []string{
			"the field a\\`b\\|c\\nd \\<img> [x]\\(y) is new",
		}},
		{"a type whose name is Markdown", editedJSON(t, "MemberUpdate", "Member`|\u202e\\nUpdate"), []string{
			"**`Member\\x60\\x7c\\u202e\\nUpdate`** the type is new",
		}},
		{"a long name", editedJSON(t, `"max_page":{`, `"`+strings.Repeat("long", 10_000)+`":{"type":"boolean"},"max_page":{`), []string{"longlong"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, _ := newRefresher(root, test.from)
			report := r.mustCompare(t).markdown()
			for _, want := range test.want {
				if !strings.Contains(report, want) {
					t.Errorf("the report lacks %q:\n%s", want, report)
				}
			}
			for line := range strings.Lines(report) {
				if len(line) > 2000 {
					t.Errorf("the report has a line of %d bytes", len(line))
				}
			}
		})
	}
}

// editedJSON writes the contract as JSON with some text replaced.
func editedJSON(t *testing.T, old, new string) string {
	t.Helper()
	data, err := json.Marshal(readContract(t))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), old, new)
	if text == string(data) {
		t.Fatalf("there is no %q in the contract", old)
	}
	path := filepath.Join(t.TempDir(), "document.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReportOfOutput(t *testing.T) {
	c := &candidate{before: surface.Build(nil), after: surface.Build(nil), upToDate: true,
		generateErr: errors.New("line\n```\n## Not a heading\n\x1b[31m" + strings.Repeat("x", 1<<20))}
	report := c.markdown()
	if !strings.Contains(report, "````\nline\n```\n## Not a heading\n\\x1b[31mxxx") || !strings.HasSuffix(report, "…\n````\n") {
		t.Errorf("the report says\n%s", report[:200])
	}
	if len(report) > 2*maxOutput {
		t.Errorf("the report has %d bytes", len(report))
	}
}

func TestOneLine(t *testing.T) {
	got := oneLine("a\nb \x1b[31m\u202e" + strings.Repeat("é", 1<<20))
	if !strings.HasPrefix(got, `a b \x1b[31m\u202eéé`) || !strings.HasSuffix(got, "é…") || len(got) > 2*maxError || !utf8.ValidString(got) {
		t.Errorf("got %.100q… of %d bytes", got, len(got))
	}
}

// TestEditedByHand compares with a contract that was edited, so much that it
// cannot be parsed.
func TestEditedByHand(t *testing.T) {
	dir := copyModule(t)
	path := filepath.Join(dir, "openapi", "polar.yaml")
	for _, text := range []string{"# by hand\n", "{"} {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		r, _ := newRefresher(dir, filepath.Join(root, "openapi", "polar.yaml"))
		c := r.mustCompare(t)
		if !c.editedByHand || !strings.Contains(c.markdown(), "edited by hand") {
			t.Errorf("with %q appended, the report says\n%.300s", text, c.markdown())
		}
	}
}
