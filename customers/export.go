package customers

import (
	"context"
	"io"

	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Export returns all customers as CSV, as the service sends it: a header, then one
// row a customer, in no order. The columns are ID, External ID, Created At, Email,
// Name, Tax ID, six for the billing address, and Metadata as JSON. Cells are as
// customers wrote them: a spreadsheet may take one that begins with "=" for a
// formula.
//
// The caller closes the reader, and may do so early. The stream needs no more
// memory than the caller's buffer, and takes as long as ctx allows. It cannot be
// resumed. An error of Read is a [*polar.Error]; it is
// [polar.ErrUnexpectedResponse] if the stream was truncated.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/export
func (c *Client) Export(ctx context.Context, p ExportParams, opts ...polar.CallOption) (io.ReadCloser, error) {
	body, err := c.export(ctx, p, opts)
	if err != nil {
		return nil, err // not a nil body in an interface
	}
	return body, nil
}

func (c *Client) export(ctx context.Context, p ExportParams, opts []polar.CallOption) (*polar.StreamBody, error) {
	var args check.Arguments
	args.UUIDs("organization_id", p.OrganizationID)
	if err := args.Err("customers:export"); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersExportRequest(c.baseURL, &p)
	return polar.Stream(ctx, c.polar, "customers:export", req, err, opts...)
}
