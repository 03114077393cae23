//go:build !race

package statecache_test

// histories is how many TestOrder plays.
const histories = 100_000
