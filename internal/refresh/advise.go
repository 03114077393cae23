package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// advise says what a change asks of the maintainers, in the order in which
// they would do it.
func advise(c surface.Change, before, after *surface.Surface, src *guard.Source) []string {
	var steps []string
	do := func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) }

	switch c.Kind {
	case surface.KindContract:
		if c.Where == "API version" {
			do("customers: change the constant of the API version, and name the version in README.md")
		}
	case surface.KindGo:
		do("openapi/overlay.yaml, Go shape: add an action that keeps %s as it was, for no change of the contract calls for this", c.Name)
	case surface.KindServer:
		do("customers: look at the base URLs in the options")
	case surface.KindOperation:
		adviseOperation(do, c, before, after, src)
	case surface.KindScope:
		if op := after.Operations[c.Where]; op != nil {
			for _, m := range methods(src, c.Where) {
				do("%s: the Scopes line of %s says what was; write: // Scopes: %s", m.At, m.Name, guard.ScopesLine(op.Scopes))
			}
			do("customers/operations.go and the table in README.md: the same scopes")
		}
	case surface.KindParameter:
		switch {
		case c.Added:
			do("openapi/overlay.yaml, words: describe it; target $.paths['%s'].%s.parameters[?@.name == '%s']", path(c.Where), method(c.Where), last(c.Name))
			for _, m := range methods(src, c.Where) {
				do("%s: see that %s sends it", m.At, m.Name)
			}
		case c.Removed:
			do("openapi/overlay.yaml: take %s out of the actions that name it", last(c.Name))
		}
	case surface.KindStatus:
		for _, m := range methods(src, c.Where) {
			do("%s: see what %s makes of a %s, and what its documentation says", m.At, m.Name, c.Name)
		}
	case surface.KindBody:
		for _, m := range methods(src, c.Where) {
			do("%s: see what %s sends and reads", m.At, m.Name)
		}
	case surface.KindVariant:
		switch {
		case c.Added:
			do("openapi/overlay.yaml, Go shape: see that the struct that stands for the union %s holds all that %s has", c.Where, c.Name)
			do("openapi/overlay.yaml, words: say what %s is where the types of %s are named", c.Name, c.Where)
		case c.Removed:
			do("openapi/overlay.yaml: take %s out of the actions and words that name it", c.Name)
		default:
			do("openapi/overlay.yaml: give the actions that copy or name the variant its new name")
		}
	case surface.KindType:
		if c.Added {
			do("openapi/overlay.yaml, words: describe it; target $.components.schemas.%s", c.Name)
			do("customers/types.go: give it a public name if users meet it")
		}
		if c.Removed {
			do("openapi/overlay.yaml and customers/types.go: take it out")
		}
	case surface.KindField:
		adviseField(do, c, after)
	case surface.KindValue:
		if c.Added {
			do("nothing by hand: its constant is generated")
		} else if c.Removed {
			do("customers and examples: use its constant no longer")
		}
	}
	if c.Verdict == surface.Breaking {
		do("CHANGELOG.md: name it under breaking changes, and say what to write instead")
	} else if c.Verdict == surface.Additive {
		do("CHANGELOG.md: name it under additions")
	}
	return steps
}

func adviseOperation(do func(string, ...any), c surface.Change, before, after *surface.Surface, src *guard.Source) {
	found := methods(src, c.Where)
	switch {
	case c.Added:
		scopes := guard.ScopesLine(after.Operations[c.Where].Scopes)
		do("customers: add a method whose documentation ends with // Scopes: %s and // API: %s", scopes, c.Where)
		do("customers/operations.go and the table in README.md: add the operation")
	case c.Removed && strings.HasPrefix(c.What, "moved to "):
		for _, m := range found {
			do("%s: the API line of %s says the old place; write: // API: %s", m.At, m.Name, strings.TrimPrefix(c.What, "moved to "))
		}
		do("customers/operations.go and the table in README.md: the new place")
	case c.Removed:
		for _, m := range found {
			do("%s: %s has no operation any more: deprecate it in one release, remove it in the next", m.At, m.Name)
		}
		do("customers/operations.go and the table in README.md: take the operation out")
	case strings.HasPrefix(c.What, "its ID"):
		do("customers: call the generated method by its new name")
	case strings.HasPrefix(c.What, "deprecated"):
		for _, m := range found {
			do("%s: say Deprecated: in the documentation of %s, and what to use instead", m.At, m.Name)
		}
	}
}

func adviseField(do func(string, ...any), c surface.Change, after *surface.Surface) {
	switch {
	case c.Added:
		if t := after.Types[c.Where]; t != nil && len(c.Variants) > 0 && len(c.Variants) < len(t.Variants) {
			do("openapi/overlay.yaml, Go shape: add it to the action that makes one struct of %s, unless the variant that is copied has it", c.Where)
		}
		do("openapi/overlay.yaml, words: describe it; target $.components.schemas.%s.properties, key %s", c.Where, c.Name)
		if c.Request {
			do("openapi/overlay.yaml, Go shape: see that it can be left out, and in an update be null")
		}
	case c.Removed:
		do("openapi/overlay.yaml: take %s out of the actions that name it in %s", c.Name, c.Where)
		do("customers and examples: use it no longer")
	case strings.HasPrefix(c.What, "deprecated"):
		do("nothing by hand: the generated field is marked")
	case c.Verdict != surface.Invisible:
		do("openapi/overlay.yaml: see that what it says of %s.%s still fits", c.Where, c.Name)
	}
}

func methods(src *guard.Source, key string) []guard.Method {
	return slices.DeleteFunc(slices.Clone(src.Customers.Methods), func(m guard.Method) bool { return m.API != key })
}

func method(key string) string { m, _, _ := strings.Cut(key, " "); return strings.ToLower(m) }
func path(key string) string   { _, p, _ := strings.Cut(key, " "); return p }
func last(s string) string     { return s[strings.LastIndex(s, " ")+1:] }
