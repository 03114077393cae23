package imitation

import (
	"fmt"
	"strings"

	"github.com/polarexpress/polar-go/polar"
)

// operationID returns the contract's ID of an operation that a test names,
// either by that ID or by the name that it has in Go.
func operationID(name string) (string, error) {
	best, distance := "customers:create", len(name)
	for _, op := range polar.Operations() {
		if name == op.ID || name == op.Name {
			return op.ID, nil
		}
		for _, known := range []string{op.ID, op.Name} {
			if d := editDistance(strings.ToLower(name), strings.ToLower(known)); d < distance {
				best, distance = known, d
			}
		}
	}
	return "", fmt.Errorf("unknown operation %q; did you mean %q?", name, best)
}

// unimplemented returns the operation of the contract for a request that the
// server does not implement.
func unimplemented(method, path string) (polar.Operation, bool) {
	for _, op := range polar.Operations() {
		if _, ok := match(op.Path, path); ok && op.Method == method {
			return op, true
		}
	}
	return polar.Operation{}, false
}

// editDistance returns how many letters must be inserted, deleted or replaced to turn a
// into b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
