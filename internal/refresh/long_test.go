//go:build long

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// These tests generate and compile code. make test-refresh runs them.

func (r *refresher) mustCheck(t *testing.T, want int) {
	t.Helper()
	before := fingerprint(t, r.root)
	if status, err := r.check(); status != want || err != nil {
		t.Fatalf("check: status %d, %v\n%s", status, err, r.out)
	}
	if fingerprint(t, r.root) != before {
		t.Fatal("check wrote to the module")
	}
}

func (r *refresher) mustRefresh(t *testing.T) {
	t.Helper()
	if status, err := r.refresh(); status != statusOK || err != nil {
		t.Fatalf("refresh: status %d, %v\n%s", status, err, r.out)
	}
}

func wants(t *testing.T, out string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
}

// TestRefresh refreshes one copy of the module several times.
func TestRefresh(t *testing.T) {
	dir := copyModule(t)
	path := filepath.Join(dir, "openapi", "polar.yaml")
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before := fingerprint(t, dir)

	r, out := newRefresher(dir, filepath.Join(root, "openapi", "polar.yaml"))
	r.mustRefresh(t)
	wants(t, out.String(), ": no change\n")
	if fingerprint(t, dir) != before {
		t.Error("a refresh without a change wrote to the module")
	}

	// An edit by hand is undone.
	if err := os.WriteFile(path, append(bytes.Clone(original), "# by hand\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	r.mustCheck(t, statusChanged)
	r.mustRefresh(t)
	wants(t, out.String(), "the contract was edited by hand")
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, original) {
		t.Errorf("the edit is still there: %v", err)
	}

	// A new field is generated. The contract may be a symbolic link.
	target := filepath.Join(t.TempDir(), "linked.yaml")
	if err := os.Rename(path, target); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	r, out = newRefresher(dir, edited(t, oldField, newField))
	r.report = filepath.Join(t.TempDir(), "report.md")
	r.mustCheck(t, statusChanged)
	if got, err := os.ReadFile(target); err != nil || !bytes.Equal(got, original) {
		t.Fatalf("check wrote through a symbolic link: %v", err)
	}
	wants(t, out.String(),
		": 0 breaking, 1 additive, 0 invisible",
		"**`Pagination`** the field is_estimate is new: existing fields do not change.",
		"- [ ] openapi/overlay.yaml, words: describe it; target $.components.schemas.Pagination.properties, key is_estimate",
		"- [ ] gen.Pagination.IsEstimate: it has no documentation.",
		"+ Pagination.IsEstimate *bool")
	if file, err := os.ReadFile(r.report); err != nil || string(file) != out.String() {
		t.Errorf("the report file differs from the output: %v", err)
	}
	r.mustRefresh(t)
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the symbolic link was replaced: %v", err)
	}
	gen, err := os.ReadFile(filepath.Join(dir, "gen", "polar.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(gen), "IsEstimate ") {
		t.Error("the code was not generated")
	}
	out.Reset()
	r.mustCheck(t, statusOK)
	wants(t, out.String(), ": no change\n")
}

func TestOverlayThatNoLongerApplies(t *testing.T) {
	from := edited(t, "MemberUpdate", "MemberChange")
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.ReplaceAll(data, []byte("/members/{member_id}:"), []byte("/members/{member_id}/now:"))
	if err := os.WriteFile(from, data, 0o644); err != nil {
		t.Fatal(err)
	}
	r, out := newRefresher(copyModule(t), from)
	status, err := r.refresh()
	if status != statusError || err == nil || !strings.Contains(err.Error(), "follow the report") {
		t.Fatalf("status %d, %v", status, err)
	}
	wants(t, out.String(), "## Breaking", "**`MemberUpdate`** the type was removed", "## Generation fails",
		"its target $.components.schemas.MemberUpdate matches nothing", "MembersClient.Get is documented as")
}

// TestMutationsCompile generates and compiles the code for random additive edits. It
// applies all of them at once, and if that fails, it searches for the edit that is the
// cause. The report may call an edit breaking, because it also compares the Go types: a
// field that becomes optional can become a pointer.
func TestMutationsCompile(t *testing.T) {
	base := readContract(t)
	before := surface.Build(base)
	r, _ := newRefresher(copyModule(t), "")
	generate := func(edits []int) (what []string, err error) {
		doc := clone(base).(map[string]any)
		for _, i := range edits {
			e := &editor{rng: rand.New(rand.NewPCG(*mutationSeed, uint64(i))), doc: doc, base: before, names: i * 100}
			_, edit := e.mutate(i)
			what = append(what, edit)
		}
		doc, text, err := contract.FromDocument([]byte(mustEncode(t, doc)), apiVersion)
		if err != nil {
			return what, err
		}
		c, err := r.generate(doc, text)
		switch {
		case err != nil:
			return what, err
		case c.generateErr != nil:
			return what, c.generateErr
		case c.buildErr != nil:
			return what, c.buildErr
		case worst(c.changes) == surface.Invisible:
			return what, fmt.Errorf("reported as %v: %v", worst(c.changes), c.changes)
		}
		return what, nil
	}
	var edits []int
	for i := range *mutationCount {
		e := &editor{rng: rand.New(rand.NewPCG(*mutationSeed, uint64(i))), doc: clone(base).(map[string]any), base: before}
		if m, _ := e.mutate(i); m.impact == surface.Additive {
			edits = append(edits, i)
		}
	}
	what, err := generate(edits)
	for err != nil && len(edits) > 1 {
		half := edits[:len(edits)/2]
		if what, err = generate(half); err != nil {
			edits = half
			continue
		}
		edits = edits[len(half):]
		what, err = generate(edits)
	}
	if err != nil {
		t.Fatalf("%s: %v", strings.Join(what, "; "), err)
	}
	t.Logf("%d additive edits compile", len(what))
}
