// Package api holds types, request builders and a raw client for all of Polar's
// API. oapi-codegen writes them from openapi/polar.yaml and openapi/overlay.yaml.
//
// Use it for operations that no package of a service wraps:
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	result, err := api.New(client).RefundsCreateWithResponse(ctx, api.RefundCreate{ … })
//	if err != nil {
//		return err // no complete response
//	}
//	if result.JSON201 == nil {
//		return errors.New(result.Status())
//	}
//
// Or send a request that the package builds through [polar.Fetch], which judges
// the response and decodes it:
//
//	req, err := api.NewRefundsCreateRequest(client.BaseURL(), api.RefundCreate{ … })
//	refund, err := polar.Fetch[api.Refund](ctx, client, "refunds:create", req, err)
//
// # Types
//
// Where the service takes or sends one of several forms of an object, there is
// one struct with the fields of all forms: the doc comment of the type or its
// type field tells them apart. A pointer is nil where the service has no value.
// Enums are open: values without a constant decode. Amounts are in the smallest
// unit of their currency. Decimals are strings, which keeps them exact.
//
// A request that creates something leaves empty strings out. A request that changes
// something leaves out each [nullable.Nullable] that is unset and each list or map
// that is nil, which do not change. One that is null is cleared, and an empty list
// or map is sent.
//
// Everything here follows Polar's contract, and changes when the contract does.
package api

import (
	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/polar"
)

// Metadata is the seller's own data on an object.
type Metadata = gen.Metadata

// PathID is an ID in the path of a request, where it is one segment.
type PathID = gen.PathID

// TaxID is a tax number and the format that it was checked against.
type TaxID = gen.TaxID

// New returns the raw client for all operations. Its requests go through client,
// which authenticates, retries, limits and logs them.
//
// It returns responses of any status without judging them. Its errors are
// [*polar.Error], for a response that is missing or incomplete and for a nil
// client, or name the path parameter that cannot be part of a URL.
func New(client *polar.Client) *ClientWithResponses {
	raw, _ := NewClientWithResponses(client.BaseURL(), WithHTTPClient(client)) // only options can fail
	return raw
}
