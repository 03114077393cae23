package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// Methods reports operations of customers without a method, methods without an operation,
// and documentation whose Scopes or API line contradicts the contract.
func Methods(operations map[string]*surface.Operation, src *Source) []Problem {
	var problems []Problem
	methods := src.methods()
	for _, m := range methods {
		if m.API == "" && m.Scopes == "" {
			continue
		}
		op := operations[m.API]
		switch {
		case m.API == "": // it calls another method
			if !slices.ContainsFunc(methods, func(other Method) bool { return other.API != "" && other.Scopes == m.Scopes }) {
				problems = append(problems, Problem{m.At, fmt.Sprintf("the Scopes line of %s says %q, unlike that of every method with an API line", m.Name, m.Scopes),
					"Copy the Scopes line of the method that it calls, or add the line // API: METHOD /path"})
			}
		case op == nil:
			problems = append(problems, Problem{m.At, fmt.Sprintf("%s is documented as %q, which is not an operation of the contract", m.Name, m.API),
				"Correct the API line if the operation moved; deprecate the method if it was removed"})
		default:
			if want := ScopesLine(op.Scopes); m.Scopes != want {
				problems = append(problems, Problem{m.At, fmt.Sprintf("the Scopes line of %s says %q, the contract says %q", m.Name, m.Scopes, want),
					"Write the line as // Scopes: " + want})
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(operations)) {
		op := operations[key]
		switch methods := src.Calls(key); {
		case len(methods) == 0 && !op.Webhook && strings.HasPrefix(op.Path, customersPath):
			problems = append(problems, Problem{"customers", fmt.Sprintf("%s (%s) has no method", key, op.ID),
				"Add a method whose documentation ends with the lines // Scopes: " + ScopesLine(op.Scopes) + " and // API: " + key})
		case len(methods) > 1 && strings.HasPrefix(op.Path, customersPath):
			var names []string
			for _, m := range methods {
				names = append(names, m.Name)
			}
			problems = append(problems, Problem{methods[0].At, key + " has several methods: " + strings.Join(names, ", "),
				"Keep the API line of the method that sends the request, and remove the others"})
		}
	}
	return problems
}

// ScopesLine returns the text of the Scopes line of an operation with these scopes.
func ScopesLine(scopes []string) string {
	switch len(scopes) {
	case 0:
		return "none."
	case 1:
		return scopes[0] + "."
	}
	return strings.Join(scopes, " or ") + " (any one is enough)."
}
