//go:build !naive

package main

// newGenerated is nil where the naive client has not been generated; see make bench.
var newGenerated func(base string) client
