// Package api holds types, request builders and a raw client for the whole of
// Polar's API. oapi-codegen writes them from openapi/polar.yaml and
// openapi/overlay.yaml.
//
// Prefer the packages of services, such as package customers. For operations
// that none of them has, give a raw client a [polar.Client] to send its requests:
//
//	client, err := api.NewClientWithResponses(p.BaseURL(), api.WithHTTPClient(p))
//
// Everything here follows the contract, and changes when the contract does.
//
// [polar.Client]: https://pkg.go.dev/github.com/polarexpress/polar-go/polar#Client
package api

import "github.com/polarexpress/polar-go/gen"

type (
	// PathID is an ID in the path of a request.
	PathID = gen.PathID

	// Metadata is the seller's own data on an object.
	Metadata = gen.Metadata

	// TaxID is a tax ID and its format.
	TaxID = gen.TaxID
)
