package check

import "slices"

// TieBreaker returns sorting with the first of times added at its end, unless sorting
// has one of times already. The service puts equal values in a random order on every
// page, and without a tie-breaker a list would repeat and lose items. times are the
// two directions of one time.
func TieBreaker[S comparable](sorting []S, times ...S) []S {
	if slices.ContainsFunc(sorting, func(s S) bool { return slices.Contains(times, s) }) {
		return sorting
	}
	return append(slices.Clone(sorting), times[0])
}
