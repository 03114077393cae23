// Package gen is the raw client and the types that oapi-codegen writes from
// openapi/polar.yaml, shaped by openapi/overlay.yaml.
//
// It promises nothing but to be what the contract says: names and signatures
// change when the contract does. Programs use package customers, and come here
// through its Client.Raw for what that package does not offer.
//
// A few types stand beside the generated ones because a schema cannot say what
// they do: [Metadata] and [TaxID].
package gen
