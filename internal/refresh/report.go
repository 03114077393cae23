package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// tell writes the report to the terminal and, if asked to, to a file. It is
// Markdown in both places: it reads well as it is, and a pull request shows
// it formatted.
func (r *refresher) tell(c *candidate) error {
	text := c.markdown()
	if _, err := io.WriteString(r.out, text); err != nil {
		return err
	}
	if r.report == "" {
		return nil
	}
	return os.WriteFile(r.report, []byte(text), 0o644)
}

// most is how many lines of the generated package's changes are shown.
const most = 60

func (c *candidate) markdown() string {
	var b strings.Builder
	count := map[surface.Verdict]int{}
	for _, change := range c.changes {
		count[change.Verdict]++
	}
	switch {
	case c.same:
		fmt.Fprintf(&b, "# Polar API %s: no change\n\nThe contract is up to date.\n", c.version)
	case len(c.changes) == 0:
		fmt.Fprintf(&b, "# Polar API %s: the contract was edited by hand\n\nThe document is as it was: the edit is undone.\n", c.version)
	default:
		fmt.Fprintf(&b, "# Polar API %s: %d breaking, %d additive, %d invisible\n\nWhat each change means to programs that use this SDK, and what it asks of us.\n",
			c.version, count[surface.Breaking], count[surface.Additive], count[surface.Invisible])
		if c.edited {
			b.WriteString("\nThe contract was edited by hand. It is compared as it stands; the edit is undone.\n")
		}
	}
	for _, verdict := range []surface.Verdict{surface.Breaking, surface.Additive, surface.Invisible} {
		if count[verdict] == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n", map[surface.Verdict]string{surface.Breaking: "Breaking", surface.Additive: "Additive", surface.Invisible: "Invisible"}[verdict])
		for i, change := range c.changes {
			if change.Verdict != verdict {
				continue
			}
			fmt.Fprintf(&b, "\n- **`%s`** %s: %s.\n", change.Where, change.What, change.Why)
			for _, step := range c.steps[i] {
				fmt.Fprintf(&b, "  - [ ] %s\n", step)
			}
		}
	}
	if c.generateErr != nil {
		fmt.Fprintf(&b, "\n## Generation fails\n\n```\n%s\n```\n", c.generateErr)
	}
	if c.buildErr != nil {
		fmt.Fprintf(&b, "\n## The code does not compile against the new types\n\n```\n%s\n```\n", c.buildErr)
	}
	if len(c.problems) > 0 {
		b.WriteString("\n## What the tests will ask for\n\n")
		for _, p := range c.problems {
			fmt.Fprintf(&b, "- [ ] %s\n", p)
		}
	}
	if len(c.api) > 0 {
		shown := c.api[:min(len(c.api), most)]
		fmt.Fprintf(&b, "\n## In Go\n\nWhat package gen exports:\n\n```diff\n%s\n```\n", strings.Join(shown, "\n"))
		if more := len(c.api) - len(shown); more > 0 {
			fmt.Fprintf(&b, "\nAnd %d more lines.\n", more)
		}
	}
	return b.String()
}
