package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// The limits of the report. Documents can contain text of any length.
const (
	maxText    = 400  // bytes of one change, step or problem
	maxError   = 500  // bytes of an error in one line
	maxOutput  = 8000 // bytes of what a command printed
	maxGoLines = 60   // changed lines of one generated package
)

// writeReport writes the report to the output and, if there is one, to the
// report file. It is Markdown that reads well as plain text.
func (r *refresher) writeReport(c *candidate) error {
	text := c.markdown()
	if _, err := io.WriteString(r.out, text); err != nil {
		return err
	}
	if r.report == "" {
		return nil
	}
	return os.WriteFile(r.report, []byte(text), 0o644)
}

func (c *candidate) markdown() string {
	var b strings.Builder
	count := map[surface.Impact]int{}
	for _, change := range c.changes {
		count[change.Impact]++
	}
	version := escape(c.after.Version)
	switch {
	case c.upToDate:
		fmt.Fprintf(&b, "# Polar API %s: no change\n\nThe contract is up to date.\n", version)
	case len(c.changes) == 0:
		fmt.Fprintf(&b, "# Polar API %s: the contract was edited by hand\n\nThe document did not change. The edit is undone.\n", version)
	default:
		fmt.Fprintf(&b, "# Polar API %s: %d breaking, %d additive, %d invisible\n\nWhat each change means to programs that use this SDK, and what to do.\n",
			version, count[surface.Breaking], count[surface.Additive], count[surface.Invisible])
		if c.editedByHand {
			b.WriteString("\nThe contract was edited by hand. The comparison includes the edit, which is undone.\n")
		}
	}
	for _, impact := range []surface.Impact{surface.Breaking, surface.Additive, surface.Invisible} {
		if count[impact] > 0 {
			name := impact.String()
			fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(name[:1])+name[1:])
			c.writeChanges(&b, impact)
		}
	}
	if c.generateErr != nil {
		writeOutput(&b, "Generation fails", c.generateErr.Error())
	}
	if c.buildErr != nil {
		writeOutput(&b, "The code does not compile with the new types", c.buildErr.Error())
	}
	if len(c.problems) > 0 {
		b.WriteString("\n## What the tests will require\n\n")
		for _, p := range c.problems {
			fmt.Fprintf(&b, "- [ ] %s\n", escape(p.String()))
		}
	}
	if len(c.goChanges) > 0 {
		b.WriteString("\n## In Go\n")
	}
	for _, name := range slices.Sorted(maps.Keys(c.goChanges)) {
		lines := c.goChanges[name]
		shown := lines[:min(len(lines), maxGoLines)]
		fmt.Fprintf(&b, "\nThe exported names of package %s:\n\n%s", name, fence("diff", strings.Join(shown, "\n")))
		if more := len(lines) - len(shown); more > 0 {
			fmt.Fprintf(&b, "\nAnd %d more lines.\n", more)
		}
	}
	return b.String()
}

// writeChanges writes the changes of one impact, grouped by service.
func (c *candidate) writeChanges(b *strings.Builder, impact surface.Impact) {
	groups := map[string][]surface.Change{}
	var order []string
	for _, change := range c.changes {
		if change.Impact == impact {
			title := serviceTitle(change.Services)
			if change.Kind == surface.KindGo {
				title = "Generated code"
			}
			if groups[title] == nil {
				order = append(order, title)
			}
			groups[title] = append(groups[title], change)
		}
	}
	slices.Sort(order)
	for _, title := range order {
		fmt.Fprintf(b, "\n### %s\n", escape(title))
		for _, change := range groups[title] {
			fmt.Fprintf(b, "\n- **%s** %s: %s.", code(change.Where), escape(change.What), escape(change.Why))
			if visible := c.visibleIn(change); visible != "" {
				fmt.Fprintf(b, " Visible in %s.", visible)
			}
			b.WriteByte('\n')
			for _, step := range advise(change, c.before, c.after, c.source) {
				fmt.Fprintf(b, "  - [ ] %s\n", escape(step))
			}
		}
	}
}

// serviceTitle is the heading for changes that belong to the services.
func serviceTitle(services []string) string {
	switch len(services) {
	case 0:
		return "The whole API"
	case 1, 2, 3:
		return strings.Join(services, ", ")
	}
	return "Several services"
}

// visibleIn lists the packages in which users can see a change.
func (c *candidate) visibleIn(change surface.Change) string {
	if len(change.UsedBy) == 0 || change.Kind == surface.KindGo {
		return ""
	}
	names := packages(c.source, change, c.before, c.after)
	if strings.HasPrefix(change.Where, "event ") {
		names = append(names, "webhook")
	}
	if len(names) == 0 {
		return "gen/api only"
	}
	return strings.Join(append(names, "gen/api"), ", ")
}

// packages returns the packages that have an operation that a change affects.
func packages(src *guard.Source, change surface.Change, before, after *surface.Surface) []string {
	var names []string
	for _, key := range change.UsedBy {
		op := after.Operations[key]
		if op == nil {
			op = before.Operations[key]
		}
		names = append(names, src.Packages(key, op)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func writeOutput(b *strings.Builder, title, output string) {
	fmt.Fprintf(b, "\n## %s\n\n%s", title, fence("", cut(output, maxOutput)))
}

// fence returns a code block with text, which cannot end the block.
func fence(language, text string) string {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, printable(strings.TrimRight(line, "\n")))
	}
	return marks + language + "\n" + strings.Join(lines, "\n") + "\n" + marks + "\n"
}

// escape makes one line of text safe to put into Markdown.
func escape(s string) string {
	return markdown.Replace(printable(cut(s, maxText)))
}

var markdown = strings.NewReplacer("`", "\\`", "|", "\\|", "<", "\\<", "](", "]\\(")

// code returns a name as a code span.
func code(name string) string {
	return "`" + strings.NewReplacer("`", `\x60`, "|", `\x7c`).Replace(printable(cut(name, maxText))) + "`"
}

// printable escapes line breaks and all other characters that are not printable, as in Go
// source.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '\t' || unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}

// cut shortens text to n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// oneLine makes an error one printable line of bounded length.
func oneLine(s string) string {
	return printable(cut(strings.Join(strings.Fields(s), " "), maxError))
}
