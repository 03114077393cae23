package polar

import (
	"cmp"
	"strings"
)

// Operation is one operation of Polar's API, as the contract describes it.
type Operation struct {
	// Name is the operation in the style of Go, such as
	// "customers.GetByExternalID".
	Name string
	// ID is the operation's ID in Polar's OpenAPI document, such as
	// "customers:get_external".
	ID string
	// Method and Path are the HTTP operation. The path is a template, such as
	// "/v1/customers/external/{external_id}".
	Method, Path string
	// Scopes are the OAuth scopes that allow the operation. Any one is enough.
	Scopes []string
	// Idempotent reports whether a repeat is harmless when it is not known whether
	// the first request took effect.
	Idempotent bool
	// Deprecated reports whether the contract advises against the operation.
	Deprecated bool
}

// deletes reports whether "not found", after an attempt that may have taken
// effect, means that it did. A DELETE that is not idempotent does something else:
// it revokes a subscription, which can still be found.
func (op *Operation) deletes() bool { return op.Method == "DELETE" && op.Idempotent }

// words is the operation as an error says it, with its service first:
// "customers: get state by external ID".
func (op *Operation) words() string {
	service, rest, _ := strings.Cut(op.ID, ":")
	rest, external := strings.CutSuffix(rest, "_external")
	rest = spaced(strings.ReplaceAll(rest, ":", " "))
	if external {
		rest += " by external ID"
	}
	if rest == "" {
		return cmp.Or(spaced(service), "polar")
	}
	return spaced(service) + ": " + rest
}

// spaced is a name as words.
func spaced(name string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(name) }
