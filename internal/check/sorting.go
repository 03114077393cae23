package check

import "slices"

// TieBreaker adds a time to an order that lacks it: the service orders equal values
// at random, anew for each page, and would repeat and lose items. times are the
// time ascending and descending; the first is added.
func TieBreaker[S comparable](sorting []S, times ...S) []S {
	if slices.ContainsFunc(sorting, func(s S) bool { return slices.Contains(times, s) }) {
		return sorting
	}
	return append(slices.Clone(sorting), times[0])
}
