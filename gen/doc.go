// Package gen holds types, request builders and a raw client for Polar's
// Customers API. oapi-codegen writes them from openapi/polar.yaml and
// openapi/overlay.yaml.
//
// Programs use package customers, which exports the types under names of its
// own, and reach the raw client through its Client.Raw method. Types that
// package customers exports follow semantic versioning. Everything else here
// follows the contract, and changes when the contract does.
//
// A few types are handwritten because a schema cannot describe them: [Metadata],
// [PathID] and [TaxID].
package gen
