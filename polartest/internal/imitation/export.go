package imitation

import (
	"bufio"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/apischema"
	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

const csvHeader = "ID,External ID,Created At,Email,Name,Tax ID,Billing Address Line 1,Billing Address Line 2," +
	"Billing Address City,Billing Address State,Billing Address Zip,Billing Address Country,Metadata\r\n"

// csvBatch is the number of rows that the service sends at a time.
const csvBatch = 100

func exportCustomers(c *call) *response {
	orgs, given := polarrules.Organizations(&c.query)
	if resp := c.invalid(); resp != nil {
		return resp
	}
	var rows []*customerRow
	for _, id := range c.reach(orgs, given) {
		rows = append(rows, c.db.org(id).byTime...)
	}
	resp := &response{status: http.StatusOK, contentType: "text/csv; charset=utf-8"}
	resp.set("Content-Disposition", `attachment; filename="polar-customers.csv"`)
	resp.stream = func(w http.ResponseWriter) { writeCSV(w, rows) }
	return resp
}

// writeCSV streams the rows until the client disconnects. Stored rows do not
// change, so no lock is needed.
func writeCSV(w http.ResponseWriter, rows []*customerRow) {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(csvHeader)
	if b.Flush() != nil {
		return
	}
	flush(w) // even a file without rows has no Content-Length
	for batch := range slices.Chunk(rows, csvBatch) {
		for _, row := range batch {
			writeCSVRow(b, row)
		}
		if b.Flush() != nil {
			return
		}
		flush(w)
	}
	_ = b.Flush()
}

func writeCSVRow(b *bufio.Writer, row *customerRow) {
	a := row.BillingAddress
	if a == nil {
		a = &Address{}
	}
	metadata := ""
	if row.metadata.Len() > 0 {
		metadata = string(python.MarshalSpaced(row.metadata))
	}
	_ = python.WriteCSV(b, // b keeps the error
		row.ID, csvCell(row.shownExternalID()), csvCell(csvTime(row.CreatedAt)), row.Email, row.Name, csvTaxID(row.TaxID),
		a.Line1, a.Line2, a.City, a.State, a.PostalCode, a.Country, metadata,
	)
}

// csvCell writes a value as Python's csv module does: null is empty.
func csvCell(v any) string {
	if v == nil {
		return ""
	}
	return python.Str(v)
}

// csvTime is a time in ISO 8601 with a numeric offset, unlike the times in JSON.
func csvTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return strings.TrimSuffix(apischema.Stamp(t), "Z") + "+00:00"
}

// csvTaxID writes a tax ID as the repr of a Python tuple.
func csvTaxID(t *TaxID) string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf("(%s, <TaxIDFormat.%s: '%s'>)", python.Repr(t.Value), t.Format, t.Format)
}
