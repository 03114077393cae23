// Package browser clicks through examples/shop in a real browser. It is a module of
// its own, so that the library that drives the browser stays out of other builds.
package browser
