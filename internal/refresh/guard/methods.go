package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// Methods reports operations without a method, methods without an operation,
// and documentation whose fixed lines are unlike the contract.
func Methods(operations map[string]*surface.Operation, src *Source) []Problem {
	var problems []Problem
	of := map[string][]Method{}
	for _, m := range src.Customers.Methods {
		if m.API == "" && m.Scopes == "" {
			continue
		}
		op := operations[m.API]
		switch {
		case m.API == "":
			problems = append(problems, Problem{m.At, m.Name + " has a Scopes line, but no API line",
				"Add the line // API: METHOD /path, or take the other one out"})
		case op == nil:
			problems = append(problems, Problem{m.At, fmt.Sprintf("%s is documented as %q, which is no operation of the contract", m.Name, m.API),
				"Correct its API line if the operation moved; deprecate and remove the method if it is gone"})
		default:
			of[m.API] = append(of[m.API], m)
			if want := ScopesLine(op.Scopes); m.Scopes != want {
				problems = append(problems, Problem{m.At, fmt.Sprintf("the Scopes line of %s says %q, the contract says %q", m.Name, m.Scopes, want),
					"Write the line as // Scopes: " + want + " and see what else names scopes: customers.Operations and the table in README.md"})
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(operations)) {
		if operations[key].Webhook {
			continue
		}
		switch methods := of[key]; len(methods) {
		case 0:
			problems = append(problems, Problem{"customers", fmt.Sprintf("%s (%s) has no method", key, operations[key].ID),
				"Add a method whose documentation ends with the lines // Scopes: " + ScopesLine(operations[key].Scopes) + " and // API: " + key})
		case 1:
		default:
			var names []string
			for _, m := range methods {
				names = append(names, m.Name)
			}
			problems = append(problems, Problem{methods[0].At, key + " has several methods: " + strings.Join(names, ", "),
				"Leave the API line to the one that makes the request once"})
		}
	}
	return problems
}

// ScopesLine is how documentation states the scopes of an operation.
func ScopesLine(scopes []string) string {
	switch len(scopes) {
	case 0:
		return "none."
	case 1:
		return scopes[0] + "."
	}
	return strings.Join(scopes, " or ") + " (any one is enough)."
}
