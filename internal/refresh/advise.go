package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// updateTables is the step if the tables of operations change.
const updateTables = "docs/operations.md: write the tables that go test ./internal/docs prints"

// advise lists what the maintainers have to do for a change, in order.
func advise(c surface.Change, before, after *surface.Surface, src *guard.Source) []string {
	var steps []string
	do := func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) }
	// The overlay documents package gen, and types that service packages show.
	documented := slices.ContainsFunc(packages(src, c, before, after), func(name string) bool { return !strings.HasPrefix(name, "gen/") })

	switch c.Kind {
	case surface.KindContract:
		if c.Where == "API version" {
			do("polar: change the constant APIVersion, and the version in CHANGELOG.md")
		}
	case surface.KindGo:
		do("openapi/overlay.yaml, Go shape: add an action that keeps %s as it was: no change of the contract requires this", c.Name)
	case surface.KindServer:
		do("polar: check the constants of the base URLs")
	case surface.KindOperation:
		adviseOperation(do, c, before, after, src)
	case surface.KindScope:
		if op := after.Operations[c.Where]; op != nil {
			for _, m := range src.Calls(c.Where) {
				do("%s: the Scopes line of %s is out of date; write: // Scopes: %s", m.At, m.Name, guard.ScopesLine(op.Scopes))
			}
			do(updateTables)
		}
	case surface.KindParameter:
		switch {
		case c.Added && documented:
			do("openapi/overlay.yaml, words: describe it; target $.paths['%s'].%s.parameters[?@.name == '%s']", pathOf(c.Where), methodOf(c.Where), last(c.Name))
			for _, m := range src.Calls(c.Where) {
				do("%s: check that %s sends it", m.At, m.Name)
			}
		case c.Removed:
			do("openapi/overlay.yaml: remove %s from the actions that name it", last(c.Name))
		}
	case surface.KindStatus:
		for _, m := range src.Calls(c.Where) {
			do("%s: check how %s handles the status %s, and what its documentation says", m.At, m.Name, c.Name)
		}
	case surface.KindBody:
		for _, m := range src.Calls(c.Where) {
			do("%s: check what %s sends and decodes", m.At, m.Name)
		}
	case surface.KindVariant:
		switch {
		case c.Added && documented:
			do("openapi/overlay.yaml, Go shape: check that the struct for the union %s has all fields of %s", c.Where, c.Name)
			do("openapi/overlay.yaml, words: mention %s where the types of %s are described", c.Name, c.Where)
		case c.Removed:
			do("openapi/overlay.yaml: remove %s from the actions and words that name it", c.Name)
		case !c.Added:
			do("openapi/overlay.yaml: replace the name of the variant in actions that copy or name it")
		}
	case surface.KindType:
		if c.Added && documented {
			do("openapi/overlay.yaml, words: describe it; target $.components.schemas.%s", c.Name)
			do("service packages: add an alias if their users need it")
		}
		if c.Removed {
			do("openapi/overlay.yaml and service packages: remove it")
		}
	case surface.KindField:
		adviseField(do, c, after, documented)
	case surface.KindValue:
		if c.Added {
			do("nothing: its constant is generated")
		} else if c.Removed {
			do("service packages and examples: remove uses of its constant")
		}
	}
	if c.Impact == surface.Breaking {
		do("CHANGELOG.md: list it under breaking changes, and say what to write instead")
	} else if c.Impact == surface.Additive {
		do("CHANGELOG.md: list it under additions")
	}
	return steps
}

func adviseOperation(do func(string, ...any), c surface.Change, before, after *surface.Surface, src *guard.Source) {
	found := src.Calls(c.Where)
	switch {
	case c.Added:
		op := after.Operations[c.Where]
		switch {
		case op.Webhook:
			do("webhook: add a constant for the event, and a row to the table of events")
		case slices.Contains(src.Packages(c.Where, op), "gen"):
			do("customers: add a method whose documentation ends with // Scopes: %s and // API: %s", guard.ScopesLine(op.Scopes), c.Where)
			do(updateTables)
		}
	case c.Removed && strings.HasPrefix(c.What, "moved to "):
		for _, m := range found {
			do("%s: the API line of %s is out of date; write: // API: %s", m.At, m.Name, strings.TrimPrefix(c.What, "moved to "))
		}
		do(updateTables)
	case c.Removed:
		for _, m := range found {
			do("%s: %s has lost its operation: deprecate it in one release, remove it in the next", m.At, m.Name)
		}
		if before.Operations[c.Where].Webhook {
			do("webhook: deprecate the constant of the event in one release, remove it in the next")
		} else if len(found) > 0 {
			do(updateTables)
		}
	case strings.HasPrefix(c.What, "its ID"):
		do("service packages: call the generated code by its new name")
	case strings.HasPrefix(c.What, "deprecated"):
		for _, m := range found {
			do("%s: add a Deprecated: paragraph to the documentation of %s that names the replacement", m.At, m.Name)
		}
	}
}

func adviseField(do func(string, ...any), c surface.Change, after *surface.Surface, documented bool) {
	switch {
	case c.Added:
		if t := after.Types[c.Where]; t != nil && len(c.Variants) > 0 && len(c.Variants) < len(t.Variants) && documented {
			do("openapi/overlay.yaml, Go shape: mark the union %s with x-polar-merge, unless it is", c.Where)
		}
		if documented {
			do("openapi/overlay.yaml, words: describe it; target $.components.schemas.%s.properties, key %s", c.Where, c.Name)
		}
		if c.Sent && documented {
			do("openapi/overlay.yaml, Go shape: check that it can be left out, and that an update can set it to null")
		}
	case c.Removed:
		do("openapi/overlay.yaml: remove %s from the actions that name it in %s", c.Name, c.Where)
		do("service packages and examples: remove its uses")
	case strings.HasPrefix(c.What, "deprecated"):
		do("nothing: the generated field is marked")
	case c.Impact != surface.Invisible:
		do("openapi/overlay.yaml: check that the actions for %s.%s still apply", c.Where, c.Name)
	}
}

func methodOf(key string) string { m, _, _ := strings.Cut(key, " "); return strings.ToLower(m) }
func pathOf(key string) string   { _, p, _ := strings.Cut(key, " "); return p }
func last(s string) string       { return s[strings.LastIndex(s, " ")+1:] }
