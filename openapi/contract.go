// Package openapi holds the vendored contract of Polar's API, for
// tests and for polartest. Programs have no use for it.
package openapi

import _ "embed"

//go:embed polar.yaml
var contract []byte

// Contract returns a copy of polar.yaml.
func Contract() []byte { return append([]byte(nil), contract...) }
