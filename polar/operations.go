package polar

import (
	"slices"
	"strings"
	"sync"
)

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
