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
)

// ExportRow is a customer as an export has it. A text is empty, and a pointer or
// map nil, where the customer has none. Texts are as they were written: a
// spreadsheet may take one that begins with "=" for a formula.
type ExportRow struct {
	// ID is the service's own ID, a UUID in lower case.
	ID string
	// ExternalID is the seller's own ID of the customer.
	ExternalID string
	// CreatedAt is when the customer was created.
	CreatedAt time.Time
	// Email is the e-mail address. Only a team can be without.
	Email string
	// Name is the name of the person or team.
	Name string
	// TaxID is the tax number. If the service wrote it in an unknown form, Value is
	// that text and Format is empty.
	TaxID *TaxID
	// BillingAddress is the address that invoices carry.
	BillingAddress *Address
	// Metadata is the seller's own data.
	Metadata Metadata
}

// RowError says which row of an export cannot be read, and why. The [*Error] of
// [Client.ExportRows] wraps it.
type RowError struct {
	// Row is the number of the row, from 1 for the first customer.
	Row int
	// Column is the header of the first cell that cannot be read, or empty if it
	// is the row as a whole.
	Column string

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
// them, in the memory of one. It sends nothing before it is ranged over, can be
// ranged over again, and closes the stream when the loop breaks.
//
// A row that cannot be read is an error that wraps a [*RowError], and the loop
// may go on to the next: a cell that cannot be read comes with the row, a row
// that cannot be told apart with nil. Any other error is the last; a stream that
// ends within a row, or without its end, is [ErrUnexpectedResponse] and
// [io.ErrUnexpectedEOF].
//
// Columns are found by their headers, in any order; unknown ones are passed over.
func (c *Client) ExportRows(ctx context.Context, p ExportParams, opts ...CallOption) iter.Seq2[*ExportRow, error] {
	return func(yield func(*ExportRow, error) bool) {
		a, err := c.export(ctx, p, opts)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = a.stream.Close() }()
		t := table{answer: a, csv: newCSVReader(a.stream)}
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

// texts are the columns that a row keeps as text.
var texts = [...]int{
	columnID, columnExternalID, columnEmail, columnName, columnTaxID,
	columnLine1, columnLine2, columnCity, columnState, columnZip, columnCountry,
}

// table reads rows by their headers.
type table struct {
	answer *answer
	csv    *csvReader
	at     [len(columns)]int // where each column is
	width  int
	row    int
	text   []byte
}

func (t *table) readHeader() error {
	cells, _, err := t.csv.read()
	switch {
	case err == io.EOF:
		return t.fail("", io.ErrUnexpectedEOF) // even no customers have a header
	case err != nil:
		return t.fail("the export has no header that can be read", err)
	}
	t.width = len(cells)
	header := make([]string, t.width)
	for i, cell := range cells {
		header[i] = strings.TrimPrefix(string(cell), "\ufeff")
	}
	for i, name := range columns {
		if t.at[i] = slices.Index(header, name); t.at[i] < 0 {
			return t.fail("the export lacks the column "+name+": a newer version of this module may know why; Export gives it as it is", nil)
		}
	}
	return nil
}

// next reads a row. The error is io.EOF after the last.
func (t *table) next(ctx context.Context) (*ExportRow, error) {
	if err := ctx.Err(); err != nil {
		return nil, t.fail("", err) // whatever the buffer still holds
	}
	cells, column, err := t.csv.read()
	if err == io.EOF {
		return nil, err
	}
	t.row++
	switch err {
	case nil:
	case errBareQuote, errAfterQuote:
		return nil, t.bad(t.header(column), err.Error())
	case errRowTooLong:
		return nil, t.fail(fmt.Sprintf("row %d %v", t.row, err), nil)
	default:
		return nil, t.fail("", err)
	}
	if len(cells) != t.width {
		return nil, t.bad("", fmt.Sprintf("has %d cells, not %d", len(cells), t.width))
	}
	return t.parse(cells)
}

// parse reads the cells of a row, all that can be read.
func (t *table) parse(cells [][]byte) (*ExportRow, error) {
	cell := func(column int) []byte { return cells[t.at[column]] }
	// The texts share one string, and its memory.
	t.text = t.text[:0]
	for _, column := range texts {
		t.text = append(t.text, cell(column)...)
	}
	all := string(t.text)
	var text [len(columns)]string
	for _, column := range texts {
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
	var bad error
	if row.ID == "" {
		bad = t.bad(columns[columnID], "is empty")
	}
	if row.CreatedAt.UnmarshalText(cell(columnCreatedAt)) != nil && bad == nil {
		bad = t.bad(columns[columnCreatedAt], "is not a time")
	}
	row.CreatedAt = row.CreatedAt.UTC()
	if metadata := cell(columnMetadata); len(metadata) > 0 && row.Metadata.UnmarshalJSON(metadata) != nil && bad == nil {
		bad = t.bad(columns[columnMetadata], "is not a JSON object")
	}
	return row, bad
}

// header is the header of the column at place i, if it is one of ours: others
// could hold anything.
func (t *table) header(i int) string {
	if known := slices.Index(t.at[:], i); known >= 0 {
		return columns[known]
	}
	return ""
}

// bad is the error of a row that the loop may pass over.
func (t *table) bad(column, reason string) error {
	return t.fail("a row of the export cannot be read; the loop may go on", &RowError{Row: t.row, Column: column, reason: reason})
}

// fail is an error of the stream. One that the stream itself gave is left as it is.
func (t *table) fail(why string, cause error) error {
	if e, ok := cause.(*Error); ok {
		return e
	}
	e := unexpected(opExport, t.answer.status, t.answer.header, nil, why)
	e.cause, e.Attempts = cause, t.answer.attempts
	return e
}

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
	// What the pointers point to is allocated together with them.
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
