package customers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/polar"
)

const exportHeader = "ID,External ID,Created At,Email,Name,Tax ID,Billing Address Line 1,Billing Address Line 2," +
	"Billing Address City,Billing Address State,Billing Address Zip,Billing Address Country,Metadata\r\n"

// exporter gives every request a stream, in chunks.
type exporter struct {
	body func() io.ReadCloser
	sent int
}

func (x *exporter) RoundTrip(req *http.Request) (*http.Response, error) {
	x.sent++
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"text/csv; charset=utf-8"}}, Request: req,
		Body: x.body(), ContentLength: -1, TransferEncoding: []string{"chunked"},
	}, nil
}

func exporting(t testing.TB, body func() io.ReadCloser) (*customers.Client, *exporter) {
	t.Helper()
	x := &exporter{body: body}
	return newClient(t, x), x
}

func text(s string) func() io.ReadCloser {
	return func() io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }
}

// readRows ranges over rows, and goes on after those that cannot be read. No row
// comes with an error.
func readRows(ctx context.Context, c *customers.Client) (rows []*customers.ExportRow, errs []error) {
	for row, err := range c.ExportRows(ctx, customers.ExportParams{}) {
		if row != nil {
			rows = append(rows, row)
		}
		if err != nil {
			errs = append(errs, err)
		}
		if (row == nil) == (err == nil) {
			errs = append(errs, fmt.Errorf("a row %v with the error %w", row, err))
		}
	}
	return rows, errs
}

func TestExportRows(t *testing.T) {
	created := time.Date(2026, 11, 22, 6, 48, 24, 377376000, time.UTC)
	whole := exportHeader +
		testID + `,"ex,1",2026-11-22T06:48:24.377376+00:00,ada@polar.sh,Ada,"('CHE100155212', <TaxIDFormat.ch_uid: 'ch_uid'>)","1, ""A"" St",L2,Zürich,ZH,8000,CH,"{""a"": ""x\""y"", ""b"": true, ""f"": 1.5, ""n"": 1, ""u"": ""\u00e9\u65e5""}"` + "\r\n" +
		testID + `,=1+1,2026-11-22T06:48:24.377376+00:00,,,,,,,US-CA,,US,` + "\r\n" +
		testID + `,,2026-11-22T06:48:24.377376+00:00,,,,,,,,,,` + "\r\n"
	want := []*customers.ExportRow{
		{
			ID: testID, ExternalID: "ex,1", CreatedAt: created, Email: "ada@polar.sh", Name: "Ada",
			TaxID:          &customers.TaxID{Value: "CHE100155212", Format: "ch_uid"},
			BillingAddress: &customers.Address{Line1: polar.Ptr(`1, "A" St`), Line2: polar.Ptr("L2"), City: polar.Ptr("Zürich"), State: polar.Ptr("ZH"), PostalCode: polar.Ptr("8000"), Country: "CH"},
			Metadata:       customers.Metadata{"a": `x"y`, "b": true, "f": 1.5, "n": int64(1), "u": "é日"},
		},
		{ID: testID, ExternalID: "=1+1", CreatedAt: created, BillingAddress: &customers.Address{State: polar.Ptr("US-CA"), Country: "US"}},
		{ID: testID, CreatedAt: created},
	}
	for _, test := range []struct {
		name string
		body func() io.ReadCloser
	}{
		{"at once", text(whole)},
		{"byte by byte", func() io.ReadCloser { return io.NopCloser(iotest.OneByteReader(strings.NewReader(whole))) }},
		{"with a byte order mark", text("\ufeff" + whole)},
		{"with line feeds alone", text(strings.ReplaceAll(whole, "\r\n", "\n"))},
		{"with an empty line at its end", text(whole + "\r\n")},
		{"data with the end", func() io.ReadCloser { return io.NopCloser(iotest.DataErrReader(strings.NewReader(whole))) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, x := exporting(t, test.body)
			seq := c.ExportRows(t.Context(), customers.ExportParams{})
			if x.sent != 0 {
				t.Error("a request was sent before the loop")
			}
			for range 2 { // it can be ranged over again
				var got []*customers.ExportRow
				for row, err := range seq {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, row)
				}
				if !reflect.DeepEqual(got, want) {
					a, _ := json.Marshal(got)
					b, _ := json.Marshal(want)
					t.Errorf("got  %s\nwant %s", a, b)
				}
			}
		})
	}
}

// Names are read as customers wrote them.
func TestExportRowsLeavesText(t *testing.T) {
	names := []string{
		"plain", `has "quotes"`, "has, comma", "has\nnewline", "has\r\ncrlf", "has\rcr", `=HYPERLINK("http://x")`, "+1", "-1",
		"@SUM(A1)", "Zoë 日本 😀", " lead", "'single'", "semi;colon", `back\slash`, `"`, `""`, ",", "\r\n", "\n\n", "trail\r", strings.Repeat("long ", 20_000),
		"not \xff utf-8", "nul \x00",
	}
	var b strings.Builder
	b.WriteString(exportHeader)
	for _, name := range names {
		b.WriteString(testID + ",,2026-11-22T06:48:24+00:00,," + quoteCSV(name) + ",,,,,,,,\r\n")
	}
	c, _ := exporting(t, text(b.String()))
	rows, errs := readRows(t.Context(), c)
	if len(errs) > 0 || len(rows) != len(names) {
		t.Fatalf("%d rows, %v, want %d", len(rows), errs, len(names))
	}
	for i, row := range rows {
		if row.Name != names[i] {
			t.Errorf("name %.40q came as %.40q", names[i], row.Name)
		}
	}
}

// quoteCSV writes a cell as Python's csv module does, with quotes where needed.
func quoteCSV(s string) string {
	if strings.ContainsAny(s, ",\"\r\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

func TestExportRowsColumns(t *testing.T) {
	header := strings.Split(strings.TrimSpace(exportHeader), ",")
	row := slices.Clone(header)
	row[0], row[2], row[5], row[12] = testID, "2026-11-22T06:48:24+00:00", "", `"{""k"": ""v""}"`
	table := func(order []int, more ...string) string {
		var h, r []string
		for _, i := range order {
			h, r = append(h, header[i]), append(r, row[i])
		}
		for _, name := range more {
			h, r = append(h, name), append(r, "more")
		}
		return strings.Join(h, ",") + "\r\n" + strings.Join(r, ",") + "\r\n"
	}
	inOrder := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	reversed := slices.Clone(inOrder)
	slices.Reverse(reversed)
	for _, test := range []struct{ name, body string }{
		{"as they are", table(inOrder)},
		{"reordered", table(reversed)},
		{"added", table(inOrder, "Phone", "", "Phone")},
		{"added in front", "Locale," + strings.Replace(table(reversed), "\r\n", "\r\nfr,", 1)},
	} {
		c, _ := exporting(t, text(test.body))
		rows, errs := readRows(t.Context(), c)
		if len(errs) > 0 || len(rows) != 1 {
			t.Errorf("%s: %d rows, %v", test.name, len(rows), errs)
			continue
		}
		want := &customers.ExportRow{
			ID: testID, ExternalID: "External ID", CreatedAt: time.Date(2026, 11, 22, 6, 48, 24, 0, time.UTC), Email: "Email", Name: "Name",
			BillingAddress: &customers.Address{
				Line1: polar.Ptr("Billing Address Line 1"), Line2: polar.Ptr("Billing Address Line 2"), City: polar.Ptr("Billing Address City"),
				State: polar.Ptr("Billing Address State"), PostalCode: polar.Ptr("Billing Address Zip"), Country: "Billing Address Country",
			},
			Metadata: customers.Metadata{"k": "v"},
		}
		if !reflect.DeepEqual(rows[0], want) {
			t.Errorf("%s: got %+v", test.name, rows[0])
		}
	}
	for i, name := range header {
		c, _ := exporting(t, text(table(slices.Delete(slices.Clone(inOrder), i, i+1))))
		rows, errs := readRows(t.Context(), c)
		if len(rows) != 0 || len(errs) != 1 || !errors.Is(errs[0], polar.ErrUnexpectedResponse) || !strings.Contains(errs[0].Error(), name) {
			t.Errorf("without %s: %d rows, %v", name, len(rows), errs)
		}
	}
}

// A row that cannot be read is an error of its own, and the other rows are read.
func TestExportRowsBad(t *testing.T) {
	const good = testID + ",,2026-11-22T06:48:24+00:00,,,,,,,,,,\r\n"
	for _, test := range []struct {
		name, row string
		column    string
		text      string
		partial   bool // the other cells are read
	}{
		{"time", testID + ",ext,yesterday,,,,,,,,,,\r\n", "Created At", `row 2: column "Created At" is not a time`, true},
		{"no time", testID + ",ext,,,,,,,,,,,\r\n", "Created At", "is not a time", true},
		{"no ID", ",ext,2026-11-22T06:48:24+00:00,,,,,,,,,,\r\n", "ID", `column "ID" is empty`, true},
		{"metadata", testID + ",ext,2026-11-22T06:48:24+00:00,,,,,,,,,,{a}\r\n", "Metadata", "is not a JSON object", true},
		{"metadata of another kind", testID + ",ext,2026-11-22T06:48:24+00:00,,,,,,,,,,[1]\r\n", "Metadata", "is not a JSON object", true},
		{"metadata and more", testID + ",ext,2026-11-22T06:48:24+00:00,,,,,,,,,,{} {}\r\n", "Metadata", "is not a JSON object", true},
		{"two bad cells", testID + ",ext,never,,,,,,,,,,{a}\r\n", "Created At", "is not a time", true},
		{"too few cells", testID + ",ext\r\n", "", "row 2 has 2 cells, not 13", false},
		{"too many cells", testID + strings.Repeat(",", 13) + "\r\n", "", "row 2 has 14 cells, not 13", false},
		{"bare quote", testID + `,e"xt,2026-11-22T06:48:24+00:00,,,,,,,,,,` + "\r\n", "External ID", "has a quote in a cell without quotes", false},
		{"text behind quote", testID + `,"e"xt,2026-11-22T06:48:24+00:00,,,,,,,,,,` + "\r\n", "External ID", "has text after the closing quote", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := exporting(t, text(exportHeader+good+test.row+good+good))
			rows, errs := readRows(t.Context(), c)
			if len(errs) != 1 {
				t.Fatalf("errors %v, want one", errs)
			}
			e := failureOf(t, errs[0])
			var bad *customers.RowError
			if !errors.As(errs[0], &bad) || bad.Row != 2 || bad.Column != test.column || !errors.Is(e, polar.ErrUnexpectedResponse) {
				t.Errorf("err = %#v", bad)
			}
			if !strings.Contains(e.Error(), test.text) || strings.Contains(e.Error(), "ext,") || !strings.Contains(e.Error(), "the loop may go on") {
				t.Errorf("text %q, want %q in it", e.Error(), test.text)
			}
			if len(rows) != 3 {
				t.Errorf("%d rows, want 3", len(rows))
			}
			if (bad.Partial != nil) != test.partial || test.partial && bad.Partial.ExternalID != "ext" {
				t.Errorf("the rest of the row is %+v", bad.Partial)
			}
		})
	}
}

// The header of a column that is not known is not repeated: it can hold anything.
func TestExportRowsUnknownColumn(t *testing.T) {
	c, _ := exporting(t, text(strings.Replace(exportHeader, "ID,", "jane@shop.example,ID,", 1)+"a\"b"+strings.Repeat(",", 13)+"\r\n"))
	rows, errs := readRows(t.Context(), c)
	var bad *customers.RowError
	if len(rows) != 0 || len(errs) != 1 || !errors.As(errs[0], &bad) || bad.Column != "" || bad.Error() != "row 1 has a quote in a cell without quotes" {
		t.Errorf("%d rows, %v, %v", len(rows), errs, bad)
	}
}

// closes notes whether a body was closed.
type closes struct {
	io.Reader
	closed bool
}

func (c *closes) Close() error { c.closed = true; return nil }

// A stream that ends anywhere but after its last chunk is an error, in a row and
// between rows alike.
func TestExportRowsTruncated(t *testing.T) {
	good := testID + ",\"e\",2026-11-22T06:48:24+00:00,,,,,,,,,,{}\r\n"
	whole := exportHeader + good + good
	for n := range len(whole) {
		for _, end := range []error{io.EOF, io.ErrUnexpectedEOF} {
			body := &closes{Reader: io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(end))}
			c, _ := exporting(t, func() io.ReadCloser { return body })
			rows, errs := readRows(t.Context(), c)
			wantRows := max(0, n-len(exportHeader)) / len(good)
			atRow := n >= len(exportHeader) && (n-len(exportHeader))%len(good) == 0
			if end == io.EOF && atRow {
				if len(errs) != 0 || len(rows) != wantRows {
					t.Errorf("%d bytes: %d rows, %v", n, len(rows), errs)
				}
				continue // the last chunk came, so the file is complete
			}
			if len(errs) != 1 || !errors.Is(errs[0], io.ErrUnexpectedEOF) || !errors.Is(errs[0], polar.ErrUnexpectedResponse) || len(rows) != wantRows {
				t.Fatalf("%d bytes, %v: %d rows, %v", n, end, len(rows), errs)
			}
			if e := failureOf(t, errs[0]); e.StatusCode != http.StatusOK || e.Operation != "customers:export" || e.Attempts != 1 || !strings.Contains(e.Error(), "the response was truncated") {
				t.Errorf("%d bytes: %v", n, e)
			}
			if !body.closed {
				t.Errorf("%d bytes: the body is not closed", n)
			}
		}
	}
}

func TestExportRowsEnds(t *testing.T) {
	endless := func() io.ReadCloser {
		return io.NopCloser(io.MultiReader(strings.NewReader(exportHeader), repeat("x")))
	}
	quoted := func() io.ReadCloser {
		return io.NopCloser(io.MultiReader(strings.NewReader(exportHeader+`"`), repeat("x,\r\n")))
	}
	for _, test := range []struct {
		name string
		body func() io.ReadCloser
	}{{"a line without end", endless}, {"a quote that is never closed", quoted}} {
		c, _ := exporting(t, test.body)
		rows, errs := readRows(t.Context(), c)
		if len(rows) != 0 || len(errs) != 1 || !strings.Contains(errs[0].Error(), "row 1 is longer than 1 MiB") {
			t.Errorf("%s: %d rows, %v", test.name, len(rows), errs)
		}
	}

	for _, test := range []struct {
		name string
		end  func(cancel func()) (leave bool)
		want error
	}{
		{"break", func(func()) bool { return true }, nil},
		{"context", func(cancel func()) bool { cancel(); return false }, context.Canceled},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		row := testID + ",,2026-11-22T06:48:24+00:00,,,,,,,,,,\r\n"
		body := &closes{Reader: io.MultiReader(strings.NewReader(exportHeader), repeat(row))}
		c, _ := exporting(t, func() io.ReadCloser { return body })
		n, got := 0, error(nil)
		for _, err := range c.ExportRows(ctx, customers.ExportParams{}) {
			if got = err; err != nil {
				continue
			}
			if n++; n == 10 && test.end(cancel) {
				break
			}
		}
		cancel()
		if n != 10 || !errors.Is(got, test.want) || !body.closed {
			t.Errorf("%s: %d rows, %v, closed %t", test.name, n, got, body.closed)
		}
	}
}

// repeat is a text without end.
type repeat string

func (r repeat) Read(p []byte) (int, error) {
	n := 0
	for n+len(r) <= len(p) {
		n += copy(p[n:], r)
	}
	if n == 0 {
		return copy(p, r[:min(len(p), len(r))]), nil
	}
	return n, nil
}

// A response that is not an export is the error of Export.
func TestExportRowsRefused(t *testing.T) {
	s := play(coded(http.StatusForbidden, `{"error":"insufficient_scope","error_description":"no"}`))
	rows, errs := readRows(t.Context(), s.client(t))
	if len(rows) != 0 || len(errs) != 1 || !errors.Is(errs[0], polar.ErrInsufficientScope) {
		t.Errorf("%d rows, %v", len(rows), errs)
	}
	var noOption polar.CallOption
	for _, err := range s.client(t).ExportRows(t.Context(), customers.ExportParams{}, noOption) {
		if !errors.Is(err, polar.ErrInvalidArgument) {
			t.Errorf("err = %v", err)
		}
	}
}

// A tax ID in a form that is not known keeps its text.
func TestExportRowsTaxID(t *testing.T) {
	for _, test := range []struct {
		cell string
		want *customers.TaxID
	}{
		{"", nil},
		{"('911144442', <TaxIDFormat.us_ein: 'us_ein'>)", &customers.TaxID{Value: "911144442", Format: "us_ein"}},
		{"('X', <TaxIDFormat.new_one: 'new_one'>)", &customers.TaxID{Value: "X", Format: "new_one"}},
		{`("o'x", <TaxIDFormat.us_ein: 'us_ein'>)`, &customers.TaxID{Value: `("o'x", <TaxIDFormat.us_ein: 'us_ein'>)`}},
		{`('a\'b', <TaxIDFormat.us_ein: 'us_ein'>)`, &customers.TaxID{Value: `('a\'b', <TaxIDFormat.us_ein: 'us_ein'>)`}},
		{"('911144442', 'us_ein')", &customers.TaxID{Value: "('911144442', 'us_ein')"}},
		{"911144442", &customers.TaxID{Value: "911144442"}},
		{"('911144442', <TaxIDFormat.us_ein: 'us_ein'>", &customers.TaxID{Value: "('911144442', <TaxIDFormat.us_ein: 'us_ein'>"}},
	} {
		c, _ := exporting(t, text(exportHeader+testID+",,2026-11-22T06:48:24+00:00,,,"+quoteCSV(test.cell)+",,,,,,,\r\n"))
		rows, errs := readRows(t.Context(), c)
		if len(errs) > 0 || len(rows) != 1 || !reflect.DeepEqual(rows[0].TaxID, test.want) {
			t.Errorf("%s: got %+v, %v, want %+v", test.cell, rows, errs, test.want)
		}
	}
}

// Every recorded export is read, cell by cell.
func TestExportRowsRecorded(t *testing.T) {
	scenarios, err := recording.Customers()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(scenarios, func(s *recording.Scenario) bool { return s.Name == "export_rows" })
	if i < 0 {
		t.Fatal("no recording export_rows")
	}
	exports := 0
	for _, step := range scenarios[i].Steps {
		if step.Status != http.StatusOK || !strings.Contains(step.Path, "/export") {
			continue
		}
		exports++
		c, _ := exporting(t, text(step.ResponseBody))
		rows, errs := readRows(t.Context(), c)
		if len(errs) > 0 {
			t.Errorf("%s: %v", step.Path, errs)
		}
		var back strings.Builder
		back.WriteString(exportHeader)
		for _, row := range rows {
			writeRow(t, &back, row)
		}
		if got, want := sortMetadata(back.String()), sortMetadata(step.ResponseBody); got != want {
			t.Errorf("%s: written again it is\n%s\nand was\n%s", step.Path, got, want)
		}
	}
	if exports == 0 {
		t.Error("no export was recorded")
	}
}

// writeRow writes row as the service does, except for the escapes in metadata.
func writeRow(t *testing.T, b *strings.Builder, row *customers.ExportRow) {
	value := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	a := row.BillingAddress
	if a == nil {
		a = &customers.Address{}
	}
	tax, metadata := "", ""
	if row.TaxID != nil {
		tax = fmt.Sprintf("('%s', <TaxIDFormat.%s: '%[2]s'>)", row.TaxID.Value, row.TaxID.Format)
	}
	if row.Metadata != nil {
		text, err := json.Marshal(row.Metadata)
		if err != nil {
			t.Fatal(err)
		}
		metadata = string(text)
	}
	for i, cell := range []string{
		row.ID, row.ExternalID, row.CreatedAt.Format("2006-01-02T15:04:05.000000-07:00"), row.Email, row.Name, tax,
		value(a.Line1), value(a.Line2), value(a.City), value(a.State), value(a.PostalCode), a.Country, metadata,
	} {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteCSV(cell))
	}
	b.WriteString("\r\n")
}

// sortMetadata gives the metadata at the ends of rows one form of JSON.
func sortMetadata(file string) string {
	lines := strings.SplitAfter(file, "\r\n")
	for i, line := range lines {
		if at := strings.Index(line, `,"{`); at >= 0 {
			cell := strings.ReplaceAll(strings.TrimSuffix(line[at+2:], "\"\r\n"), `""`, `"`)
			var m map[string]any
			if json.Unmarshal([]byte(cell), &m) == nil {
				text, err := json.Marshal(m)
				if err == nil {
					lines[i] = line[:at+1] + string(text) + "\r\n"
				}
			}
		}
	}
	return strings.Join(lines, "")
}

// A connection that breaks between rows is an error, whether the response is
// chunked, has a length, or neither: then its end cannot be told from a break, and
// nothing of it is read.
func TestExportRowsBrokenConnection(t *testing.T) {
	row := testID + ",,2026-11-22T06:48:24+00:00,,,,,,,,,,\r\n"
	file := exportHeader + row + row
	for _, test := range []struct {
		name, header, body string
		rows               int
		text               string
	}{
		{"chunked", "Transfer-Encoding: chunked\r\n", fmt.Sprintf("%x\r\n%s\r\n", len(file), file), 2, "the response was truncated"},
		{"with a length", fmt.Sprintf("Content-Length: %d\r\n", len(file)+len(row)), file, 2, "the response was truncated"},
		{"neither", "", file, 0, "the response has no length and is not chunked, so that a truncated one could not be recognized"},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, buffer, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			fmt.Fprintf(buffer, "HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\nConnection: close\r\n%s\r\n%s", test.header, test.body)
			if err := buffer.Flush(); err != nil {
				t.Error(err)
			}
		}))
		transport := &http.Transport{}
		rows, errs := readRows(t.Context(), newClient(t, transport, polar.WithBaseURL(srv.URL)))
		transport.CloseIdleConnections()
		srv.Close()
		if len(rows) != test.rows || len(errs) != 1 || is(errs[0]) != "ErrUnexpectedResponse" || !strings.Contains(errs[0].Error(), test.text) {
			t.Errorf("%s: %d rows, %v; want %d and %q", test.name, len(rows), errs, test.rows, test.text)
		}
		if errors.As(errs[0], new(*customers.RowError)) {
			t.Errorf("%s: the loop would go on: %v", test.name, errs[0])
		}
	}
}
