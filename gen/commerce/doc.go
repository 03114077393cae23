// Package commerce holds types, request builders and a raw client for what a
// seller uses most: checkouts, customer sessions, subscriptions, orders,
// products, usage events, customer meters and the public operations of license
// keys. It is a part of what package [github.com/polarexpress/polar-go/gen/api]
// holds, made the same way, and compiles in a fraction of the time.
//
// Everything here follows Polar's contract, and changes when the contract does.
package commerce

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

// New returns the raw client for these operations. Its requests go through
// client, which authenticates, retries, limits and logs them.
//
// It returns responses of any status without judging them. Its errors are
// [*polar.Error], for a response that is missing or incomplete and for a nil
// client, or name the path parameter that cannot be part of a URL.
func New(client *polar.Client) *ClientWithResponses {
	raw, _ := NewClientWithResponses(client.BaseURL(), WithHTTPClient(client)) // only options can fail
	return raw
}
