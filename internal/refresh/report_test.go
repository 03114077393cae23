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
	doc, text, err := r.load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.compare(doc, text)
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

// TestReportByService changes several services at once.
func TestReportByService(t *testing.T) {
	doc := document{t, readContract(t)}
	operation := `{get: {operationId: "a:novelty", responses: {"200": {}}}}`
	doc.set("paths /v1/orders/novelty", operation)
	doc.set("paths /v1/novelties/", operation)
	doc.set("paths /v1/customers/novelty", operation)
	doc.set("components schemas Order properties novelty", "{type: string}")
	doc.set("components schemas Dispute properties novelty", "{type: string}")
	doc.set("components schemas Member properties novelty", "{type: string}")
	doc.set("components schemas Pagination properties novelty", "{type: string}")
	doc.set("components schemas WebhookOrderPaidPayload properties novelty", "{type: string}")
	doc.add("components schemas OrderStatus enum", "novelty")
	doc.set("webhooks order.novelty", `{post: {operationId: b, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/WebhookOrderPaidPayload"}}}}, responses: {"200": {}}}}`)
	doc.remove("webhooks benefit_grant.revoked")
	path := filepath.Join(t.TempDir(), "document.yaml")
	if err := os.WriteFile(path, []byte(mustEncode(t, doc.root)), 0o644); err != nil {
		t.Fatal(err)
	}
	r, _ := newRefresher(root, path)
	report := r.mustCompare(t).markdown()
	breaking, additive, _ := strings.Cut(report, "\n## Additive\n")
	for service, wants := range map[string][]string{
		"orders": {
			"**`GET /v1/orders/novelty`** the operation is new: the others do not change. Visible in gen/api only.\n  - [ ] CHANGELOG.md",
			"**`Order`** the field novelty is new: existing fields do not change. Visible in gen/commerce, orders, ",
			"**`OrderStatus`** the value \"novelty\" is new: programs decode values that they do not know. Visible in gen/commerce, orders, ",
			"**`WebhookOrderPaidPayload`** the field novelty is new: existing fields do not change. Visible in gen/api only.",
			"**`event order.novelty`** the event is new: the others do not change. Visible in webhook, gen/api.\n  - [ ] webhook: add a constant",
		},
		"disputes":  {"**`Dispute`** the field novelty is new: existing fields do not change. Visible in gen/api only.\n  - [ ] CHANGELOG.md"},
		"novelties": {"**`GET /v1/novelties/`** the operation is new"},
		"customers": {
			"**`GET /v1/customers/novelty`** the operation is new: the others do not change. Visible in gen, gen/api.\n  - [ ] customers: add a method",
		},
		"members":          {"**`Member`** the field novelty is new: existing fields do not change. Visible in customers, gen, gen/api.\n  - [ ] openapi/overlay.yaml, words: describe it"},
		"Several services": {"**`Pagination`** the field novelty is new: existing fields do not change. Visible in "},
	} {
		_, section, _ := strings.Cut(additive, "\n### "+service+"\n")
		section, _, _ = strings.Cut(section, "\n### ")
		for _, want := range wants {
			if !strings.Contains(section, want) {
				t.Errorf("the section on %s lacks\n%s\nin\n%s", service, want, report)
			}
		}
	}
	_, section, _ := strings.Cut(breaking, "\n### benefit-grants\n")
	if want := "- **`event benefit_grant.revoked`** the event was removed: programs no longer receive it. Visible in webhook, gen/api.\n  - [ ] webhook: deprecate"; !strings.Contains(section, want) {
		t.Errorf("the section on benefit-grants lacks\n%s\nin\n%s", want, report)
	}
}

// editedJSON writes the contract as JSON in which new replaces old.
func editedJSON(t *testing.T, old, new string) string {
	t.Helper()
	data, err := json.Marshal(readContract(t))
	if err != nil {
		t.Fatal(err)
	}
	return writeEdited(t, data, old, new)
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

// TestLostNames checks the report of names that only the generated code loses.
func TestLostNames(t *testing.T) {
	empty := surface.Build(nil)
	c := &candidate{before: empty, after: empty, source: source,
		changes: []surface.Change{{Impact: surface.Invisible, Where: "Customer", What: "the field locale is in individual"}},
		goChanges: map[string][]string{"gen": {
			"- Customer.Locale *string", "+ Customer.Locale string", "- Customer.Name string", "+ Customer.Nickname string",
		}}}
	c.addLostNames()
	report := c.markdown()
	for _, want := range []string{
		": 2 breaking, 0 additive, 1 invisible\n",
		"### Generated code\n\n- **`gen.Customer.Locale`** it is string, was *string: programs that use it no longer compile.\n  - [ ] openapi/overlay.yaml, Go shape: add an action that keeps Customer.Locale as it was",
		"- **`gen.Customer.Name`** it was removed: programs that use it no longer compile.\n",
		"The exported names of package gen:\n\n```diff\n- Customer.Locale *string\n",
	} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}

	// A breaking change of the contract explains them.
	c.changes = []surface.Change{{Impact: surface.Breaking}}
	c.addLostNames()
	if len(c.changes) != 1 {
		t.Errorf("the changes are %v", c.changes)
	}
}

func TestOneLine(t *testing.T) {
	got := oneLine("a\nb \x1b[31m\u202e" + strings.Repeat("é", 1<<20))
	if !strings.HasPrefix(got, `a b \x1b[31m\u202eéé`) || !strings.HasSuffix(got, "é…") || len(got) > 2*maxError || !utf8.ValidString(got) {
		t.Errorf("got %.100q… of %d bytes", got, len(got))
	}
}

// TestCut shortens text, in UTF-8 or not.
func TestCut(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"abc", "abc"}, {"abcd", "abc…"}, {"abéd", "ab…"}, {"日本", "日…"}, {"\x80\x80\x80\x80", "…"},
	} {
		if got := cut(test.text, 3); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}

// TestEditedByHand compares with a contract that was edited, until it cannot be parsed.
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
