package polartest

import (
	"fmt"
	"strings"
)

// operationID returns the contract's ID of an operation that a test names,
// either by that ID or by the name that it has in Go.
func operationID(name string) (string, error) {
	best, distance := "", len(name)
	for i := range routes {
		id := routes[i].operation
		for _, known := range []string{id, goName(id)} {
			if known == name {
				return id, nil
			}
			if d := editDistance(strings.ToLower(name), strings.ToLower(known)); d < distance {
				best, distance = known, d
			}
		}
	}
	if best == "" {
		best = routes[0].operation
	}
	return "", fmt.Errorf("unknown operation %q; did you mean %q?", name, best)
}

// goName is an operation's name in Go, such as "customers.Members.Create" for
// "customers:members:create".
func goName(id string) string {
	parts := strings.Split(id, ":")
	last := len(parts) - 1
	external := strings.HasSuffix(parts[last], "_external")
	parts[last] = strings.TrimSuffix(parts[last], "_external")
	for i := 1; i <= last; i++ {
		var b strings.Builder
		for word := range strings.SplitSeq(parts[i], "_") {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		parts[i] = b.String()
	}
	if external {
		parts[last] += "ByExternalID"
	}
	return strings.Join(parts, ".")
}

// editDistance is the number of letters to insert, delete or replace that make
// b of a.
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
