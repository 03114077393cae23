// Package browser tests examples/shop in a real browser. It is a module of its own, so
// that other builds do not need the library that drives the browser.
package browser
