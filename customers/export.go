package customers

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/polarexpress/polar-go/gen"
)

// Export returns all customers as CSV, as it arrives: a header line, then a line
// for each customer, in no order. The columns are ID, External ID, Created At,
// Email, Name, Tax ID, six for the billing address, and Metadata as JSON. Cells
// are as customers wrote them: a spreadsheet may take one that begins with "="
// for a formula.
//
// The caller closes the reader, and may do so early. The stream takes as much
// memory as the caller's buffer, and as long as ctx allows. It cannot be
// resumed: an error of Read is an [*Error], which is [ErrUnexpectedResponse] if
// the stream was cut short.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/export
func (c *Client) Export(ctx context.Context, p ExportParams, opts ...CallOption) (io.ReadCloser, error) {
	a, err := c.export(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	return a.stream, nil
}

func (c *Client) export(ctx context.Context, p ExportParams, opts []CallOption) (*answer, error) {
	o, err := resolve(opExport, opts)
	if err := firstError(err, checkOrganizations(opExport, p.OrganizationID)); err != nil {
		return nil, err
	}
	req, err := gen.NewCustomersExportRequest(ctx, c.cfg.baseURL, &p)
	return c.call(opExport, &o, req, err, nil)
}

// stream is the body of an export. Its errors are typed, and a part of it that
// does not come in time ends it.
type stream struct {
	c      *Client
	op     *Operation
	body   io.ReadCloser
	answer *answer
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

func (s *stream) Read(p []byte) (int, error) {
	s.timer.Reset(s.c.cfg.timeout)
	n, err := s.body.Read(p)
	s.timer.Stop() // the caller may take its time
	if err != nil && !errors.Is(err, io.EOF) {
		e := broken(s.ctx, s.op, s.answer, err)
		e.Attempts = s.answer.attempts
		return n, e
	}
	return n, err
}

// Close ends the stream. What has not been read is not waited for.
func (s *stream) Close() error {
	err := s.body.Close()
	s.stop()
	return err
}

func (s *stream) stop() {
	s.timer.Stop()
	s.cancel(nil)
}
