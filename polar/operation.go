package polar

import (
	"cmp"
	"slices"
	"strings"
	"sync"
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

// Operations returns all operations of the contract, ordered by path.
func Operations() []Operation {
	all := slices.Clone(operations[:])
	for i := range all {
		all[i].Scopes = slices.Clone(all[i].Scopes)
	}
	return all
}

// operationsByID is built when it is first needed.
var operationsByID = sync.OnceValue(func() map[string]*Operation {
	byID := make(map[string]*Operation, len(operations))
	for i := range operations {
		byID[operations[i].ID] = &operations[i]
	}
	return byID
})

// operation returns the operation with this ID. One that the contract lacks has
// neither a path nor scopes.
func operation(id string) *Operation {
	if op := operationsByID()[id]; op != nil {
		return op
	}
	return &Operation{ID: id}
}

// operationAt returns the operation of a request. The table is sorted, so that a
// fixed segment comes before a parameter and the first match is the right one.
func operationAt(method, path string) *Operation {
	for i := range operations {
		if op := &operations[i]; op.Method == method && matchesTemplate(op.Path, path) {
			return op
		}
	}
	return &Operation{Method: method, Path: "(unknown)"}
}

// matchesTemplate reports whether path is an instance of template.
func matchesTemplate(template, path string) bool {
	for {
		t, templateRest, templateMore := strings.Cut(template, "/")
		p, pathRest, pathMore := strings.Cut(path, "/")
		if templateMore != pathMore || t != p && (!strings.HasPrefix(t, "{") || p == "") {
			return false
		}
		if !templateMore {
			return true
		}
		template, path = templateRest, pathRest
	}
}

// deletes reports whether "not found", after an attempt that may have taken
// effect, means that it did.
func (op *Operation) deletes() bool { return op.Method == "DELETE" }

// words is the operation as an error says it, with its service first:
// "customers: get state by external ID".
func (op *Operation) words() string {
	service, rest, _ := strings.Cut(op.ID, ":")
	rest, external := strings.CutSuffix(rest, "_external")
	rest = strings.NewReplacer(":", " ", "_", " ").Replace(rest)
	if external {
		rest += " by external ID"
	}
	if rest == "" {
		return cmp.Or(strings.ReplaceAll(service, "_", " "), "polar")
	}
	return strings.ReplaceAll(service, "_", " ") + ": " + rest
}
