// Package polar is the root of an SDK for Polar's Customers API.
//
// Programs import [github.com/polarexpress/polar-go/customers]. This package
// holds nothing but the lines that generate [github.com/polarexpress/polar-go/gen]
// from the vendored contract in openapi/.
package polar

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/oapi-codegen.yaml openapi/polar.yaml
