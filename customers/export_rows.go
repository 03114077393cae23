package customers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/csv"
	"github.com/polarexpress/polar-go/polar"
)

// ExportRow is a customer in an export. A text is empty, and a pointer or map nil,
// if the customer has no value. Texts are as customers wrote them: a spreadsheet
// may take one that begins with "=" for a formula.
type ExportRow struct {
	// ID is Polar's ID, a UUID in lower case.
	ID string
	// ExternalID is your own ID of the customer.
	ExternalID string
	// CreatedAt is when the customer was created.
	CreatedAt time.Time
	// Email is the email address. Only a team can be without one.
	Email string
	// Name is the name of the person or team.
	Name string
	// TaxID is the tax number. If the service wrote it in an unknown form, Value is
	// that text and Format is empty.
	TaxID *TaxID
	// BillingAddress is the address on invoices.
	BillingAddress *Address
	// Metadata is your own data.
	Metadata Metadata
}

// RowError says which row of an export cannot be read, and why. The
// [*polar.Error] of [Client.ExportRows] wraps it.
type RowError struct {
	// Row is the number of the row, from 1 for the first customer.
	Row int
	// Column is the header of the first cell that cannot be read. It is empty if the
	// row as a whole cannot.
	Column string
	// Partial is what could be read. It is nil if the row as a whole cannot.
	Partial *ExportRow

	reason string
}

// Error names the row and the column. It holds nothing of the cell.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("row %d %s", e.Row, e.reason)
	}
	return fmt.Sprintf("row %d: column %q %s", e.Row, e.Column, e.reason)
}

// ExportRows iterates over all customers, in no order, as [Client.Export] streams
// them, in the memory of one. It sends nothing before the loop begins, can be
// ranged over again, and closes the stream when the loop breaks.
//
// An error comes with a nil row. One that wraps a [*RowError] concerns that row
// alone: the loop may go on to the next. Any other error ends the loop; a stream
// that ends within a row is [polar.ErrUnexpectedResponse] and
// [io.ErrUnexpectedEOF].
//
// Columns are found by their headers, in any order. Unknown ones are ignored.
//
// Scopes: customers:read or customers:write (any one is enough).
func (c *Client) ExportRows(ctx context.Context, p ExportParams, opts ...polar.CallOption) iter.Seq2[*ExportRow, error] {
	return func(yield func(*ExportRow, error) bool) {
		body, err := c.export(ctx, p, opts)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = body.Close() }()
		t := table{body: body, csv: csv.NewReader(body)}
		if err := t.readHeader(); err != nil {
			yield(nil, err)
			return
		}
		for {
			row, err := t.next(ctx)
			if err == io.EOF || !yield(row, err) || err != nil && !errors.As(err, new(*RowError)) {
				return
			}
		}
	}
}

// The columns of an export.
const (
	columnID = iota
	columnExternalID
	columnCreatedAt
	columnEmail
	columnName
	columnTaxID
	columnLine1
	columnLine2
	columnCity
	columnState
	columnZip
	columnCountry
	columnMetadata
)

var columns = [...]string{
	"ID", "External ID", "Created At", "Email", "Name", "Tax ID",
	"Billing Address Line 1", "Billing Address Line 2", "Billing Address City",
	"Billing Address State", "Billing Address Zip", "Billing Address Country", "Metadata",
}

// textColumns are the columns that a row keeps as text.
var textColumns = [...]int{
	columnID, columnExternalID, columnEmail, columnName, columnTaxID,
	columnLine1, columnLine2, columnCity, columnState, columnZip, columnCountry,
}

// table reads rows by their headers.
type table struct {
	body  *polar.StreamBody
	csv   *csv.Reader
	at    [len(columns)]int // where each column is
	width int
	row   int
	text  []byte
}

func (t *table) readHeader() error {
	cells, _, err := t.csv.Read()
	switch {
	case err == io.EOF:
		return t.fail("", io.ErrUnexpectedEOF) // there is a header even without customers
	case err != nil:
		return t.fail("the header of the export cannot be read", err)
	}
	t.width = len(cells)
	header := make([]string, t.width)
	for i, cell := range cells {
		header[i] = strings.TrimPrefix(string(cell), "\ufeff")
	}
	for i, name := range columns {
		if t.at[i] = slices.Index(header, name); t.at[i] < 0 {
			return t.fail("the export has no column "+name+": update this module, or use Export", nil)
		}
	}
	return nil
}

// next reads a row. The error is io.EOF after the last.
func (t *table) next(ctx context.Context) (*ExportRow, error) {
	if err := ctx.Err(); err != nil {
		return nil, t.fail("", err) // even if the buffer holds more rows
	}
	cells, column, err := t.csv.Read()
	if err == io.EOF {
		return nil, err
	}
	t.row++
	switch err {
	case nil:
	case csv.ErrBareQuote, csv.ErrAfterQuote:
		return nil, t.rowError(t.header(column), err.Error(), nil)
	case csv.ErrRowTooLong:
		return nil, t.fail(fmt.Sprintf("row %d %v", t.row, err), nil)
	default:
		return nil, t.fail("", err)
	}
	if len(cells) != t.width {
		return nil, t.rowError("", fmt.Sprintf("has %d cells, not %d", len(cells), t.width), nil)
	}
	return t.parse(cells)
}

// parse reads the cells of a row.
func (t *table) parse(cells [][]byte) (*ExportRow, error) {
	cell := func(column int) []byte { return cells[t.at[column]] }
	// The texts share the memory of one string.
	t.text = t.text[:0]
	for _, column := range textColumns {
		t.text = append(t.text, cell(column)...)
	}
	all := string(t.text)
	var text [len(columns)]string
	for _, column := range textColumns {
		n := len(cell(column))
		text[column], all = all[:n], all[n:]
	}
	row := &ExportRow{
		ID:             text[columnID],
		ExternalID:     text[columnExternalID],
		Email:          text[columnEmail],
		Name:           text[columnName],
		TaxID:          parseTaxID(text[columnTaxID]),
		BillingAddress: address(text[columnLine1], text[columnLine2], text[columnCity], text[columnState], text[columnZip], text[columnCountry]),
	}
	unreadable, reason := -1, ""
	if row.CreatedAt.UnmarshalText(cell(columnCreatedAt)) != nil {
		unreadable, reason = columnCreatedAt, "is not a time"
	}
	row.CreatedAt = row.CreatedAt.UTC()
	if metadata := cell(columnMetadata); len(metadata) > 0 && row.Metadata.UnmarshalJSON(metadata) != nil && unreadable < 0 {
		unreadable, reason = columnMetadata, "is not a JSON object"
	}
	if row.ID == "" {
		unreadable, reason = columnID, "is empty"
	}
	if unreadable >= 0 {
		return nil, t.rowError(columns[unreadable], reason, row)
	}
	return row, nil
}

// header is the header of the column at place i, if it is a known one: others can
// hold anything.
func (t *table) header(i int) string {
	if known := slices.Index(t.at[:], i); known >= 0 {
		return columns[known]
	}
	return ""
}

// rowError is the error of a row that the loop may pass over.
func (t *table) rowError(column, reason string, partial *ExportRow) error {
	e := &RowError{Row: t.row, Column: column, Partial: partial, reason: reason}
	return t.fail(e.Error()+"; the loop may go on", e)
}

// fail is an error of the stream. One of the stream itself stays as it is.
func (t *table) fail(why string, cause error) error { return t.body.Unexpected(why, cause) }

// parseTaxID reads the service's ('911144442', <TaxIDFormat.us_ein: 'us_ein'>).
func parseTaxID(cell string) *TaxID {
	if cell == "" {
		return nil
	}
	rest, opened := strings.CutPrefix(cell, "('")
	value, format, parted := strings.Cut(rest, "', <TaxIDFormat.")
	_, format, named := strings.Cut(format, ": '")
	format, closed := strings.CutSuffix(format, "'>)")
	if !opened || !parted || !named || !closed || strings.ContainsAny(value+format, `'\`) {
		return &TaxID{Value: cell}
	}
	return &TaxID{Value: value, Format: TaxIDFormat(format)}
}

// address returns the address of the cells, or nil if all of them are empty.
func address(line1, line2, city, state, zip, country string) *Address {
	if line1 == "" && line2 == "" && city == "" && state == "" && zip == "" && country == "" {
		return nil
	}
	// The address and its texts are one allocation.
	a := &struct {
		Address
		line1, line2, city, state, zip string
	}{line1: line1, line2: line2, city: city, state: state, zip: zip}
	a.Country = country
	point := func(field **string, cell *string) {
		if *cell != "" {
			*field = cell
		}
	}
	point(&a.Line1, &a.line1)
	point(&a.Line2, &a.line2)
	point(&a.City, &a.city)
	point(&a.State, &a.state)
	point(&a.PostalCode, &a.zip)
	return &a.Address
}
