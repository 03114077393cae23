//go:build race

package statecache_test

// histories is how many TestOrder plays. The race detector remembers where
// every goroutine started, which makes many of them slow.
const histories = 3_000
