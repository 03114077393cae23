package customers

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/polarexpress/polar-go/internal/recording"
)

const exportHeader = "ID,External ID,Created At,Email,Name,Tax ID,Billing Address Line 1,Billing Address Line 2," +
	"Billing Address City,Billing Address State,Billing Address Zip,Billing Address Country,Metadata\r\n"

// exporter answers every request with a stream.
type exporter struct {
	body   func() io.ReadCloser
	header http.Header
	sent   int
}

func (x *exporter) RoundTrip(req *http.Request) (*http.Response, error) {
	x.sent++
	header := x.header
	if header == nil {
		header = http.Header{"Content-Type": {"text/csv; charset=utf-8"}}
	}
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: req, Body: x.body(), ContentLength: -1,
	}, nil
}

func exporting(t testing.TB, body func() io.ReadCloser) (*Client, *exporter) {
	t.Helper()
	x := &exporter{body: body}
	c, err := New(testToken, WithHTTPClient(&http.Client{Transport: x}))
	if err != nil {
		t.Fatal(err)
	}
	return c, x
}

func text(s string) func() io.ReadCloser {
	return func() io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }
}

// readRows ranges over rows, past those that are bad.
func readRows(ctx context.Context, c *Client) (rows []*ExportRow, errs []error) {
	for row, err := range c.ExportRows(ctx, ExportParams{}) {
		if row != nil {
			rows = append(rows, row)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return rows, errs
}

func ptr[T any](v T) *T { return &v }

func TestExportRows(t *testing.T) {
	created := time.Date(2026, 11, 22, 6, 48, 24, 377376000, time.UTC)
	whole := exportHeader +
		testID + `,"ex,1",2026-11-22T06:48:24.377376+00:00,ada@polar.sh,Ada,"('CHE100155212', <TaxIDFormat.ch_uid: 'ch_uid'>)","1, ""A"" St",L2,Zürich,ZH,8000,CH,"{""a"": ""x\""y"", ""b"": true, ""f"": 1.5, ""n"": 1, ""u"": ""\u00e9\u65e5""}"` + "\r\n" +
		testID + `,=1+1,2026-11-22T06:48:24.377376+00:00,,,,,,,US-CA,,US,` + "\r\n" +
		testID + `,,2026-11-22T06:48:24.377376+00:00,,,,,,,,,,` + "\r\n"
	want := []*ExportRow{
		{
			ID: testID, ExternalID: "ex,1", CreatedAt: created, Email: "ada@polar.sh", Name: "Ada",
			TaxID:          &TaxID{Value: "CHE100155212", Format: "ch_uid"},
			BillingAddress: &Address{Line1: ptr(`1, "A" St`), Line2: ptr("L2"), City: ptr("Zürich"), State: ptr("ZH"), PostalCode: ptr("8000"), Country: "CH"},
			Metadata:       Metadata{"a": `x"y`, "b": true, "f": 1.5, "n": int64(1), "u": "é日"},
		},
		{ID: testID, ExternalID: "=1+1", CreatedAt: created, BillingAddress: &Address{State: ptr("US-CA"), Country: "US"}},
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
			seq := c.ExportRows(t.Context(), ExportParams{})
			if x.sent != 0 {
				t.Error("a request was sent before the loop")
			}
			for range 2 { // it can be ranged over again
				var got []*ExportRow
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

// What customers wrote comes as they wrote it.
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
		want := &ExportRow{
			ID: testID, ExternalID: "External ID", CreatedAt: time.Date(2026, 11, 22, 6, 48, 24, 0, time.UTC), Email: "Email", Name: "Name",
			BillingAddress: &Address{
				Line1: ptr("Billing Address Line 1"), Line2: ptr("Billing Address Line 2"), City: ptr("Billing Address City"),
				State: ptr("Billing Address State"), PostalCode: ptr("Billing Address Zip"), Country: "Billing Address Country",
			},
			Metadata: Metadata{"k": "v"},
		}
		if !reflect.DeepEqual(rows[0], want) {
			t.Errorf("%s: got %+v", test.name, rows[0])
		}
	}
	for i, name := range header {
		c, _ := exporting(t, text(table(slices.Delete(slices.Clone(inOrder), i, i+1))))
		rows, errs := readRows(t.Context(), c)
		if len(rows) != 0 || len(errs) != 1 || !errors.Is(errs[0], ErrUnexpectedResponse) || !strings.Contains(errs[0].Error(), name) {
			t.Errorf("without %s: %d rows, %v", name, len(rows), errs)
		}
	}
}

// A row that cannot be read is told apart, and the others are read.
func TestExportRowsBad(t *testing.T) {
	const good = testID + ",,2026-11-22T06:48:24+00:00,,,,,,,,,,\r\n"
	for _, test := range []struct {
		name, row string
		column    string
		text      string
		partly    bool // the other cells are read
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
			var bad *RowError
			if !errors.As(errs[0], &bad) || bad.Row != 2 || bad.Column != test.column || !errors.Is(e, ErrUnexpectedResponse) {
				t.Errorf("err = %#v", bad)
			}
			if !strings.Contains(e.Error(), test.text) || strings.Contains(e.Error(), "ext,") || !strings.Contains(e.Error(), "the loop may go on") {
				t.Errorf("text %q, want %q in it", e.Error(), test.text)
			}
			want := 3
			if test.partly {
				want = 4
				if rows[1].ExternalID != "ext" {
					t.Errorf("the row that is bad in part has %+v", rows[1])
				}
			}
			if len(rows) != want {
				t.Errorf("%d rows, want %d", len(rows), want)
			}
		})
	}
}

// closes notes whether a body was closed.
type closes struct {
	io.Reader
	closed bool
}

func (c *closes) Close() error { c.closed = true; return nil }

func TestExportRowsCutShort(t *testing.T) {
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
				continue // it cannot be told from a whole file
			}
			if len(errs) != 1 || !errors.Is(errs[0], io.ErrUnexpectedEOF) || !errors.Is(errs[0], ErrUnexpectedResponse) || len(rows) != wantRows {
				t.Fatalf("%d bytes, %v: %d rows, %v", n, end, len(rows), errs)
			}
			if e := failureOf(t, errs[0]); e.StatusCode != http.StatusOK || e.Operation != "Export" || e.Attempts != 1 || !strings.Contains(e.Error(), "the answer was cut short") {
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
		for _, err := range c.ExportRows(ctx, ExportParams{}) {
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

// repeat is a text again and again.
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

// An answer that is no export is the error of Export.
func TestExportRowsRefused(t *testing.T) {
	s := play(coded(http.StatusForbidden, `{"error":"insufficient_scope","error_description":"no"}`))
	rows, errs := readRows(t.Context(), s.client(t))
	if len(rows) != 0 || len(errs) != 1 || !errors.Is(errs[0], ErrInsufficientScope) {
		t.Errorf("%d rows, %v", len(rows), errs)
	}
	var noOption CallOption
	for _, err := range s.client(t).ExportRows(t.Context(), ExportParams{}, noOption) {
		if !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("err = %v", err)
		}
	}
}

func TestParseTaxID(t *testing.T) {
	for _, test := range []struct {
		cell string
		want *TaxID
	}{
		{"", nil},
		{"('911144442', <TaxIDFormat.us_ein: 'us_ein'>)", &TaxID{Value: "911144442", Format: "us_ein"}},
		{"('X', <TaxIDFormat.new_one: 'new_one'>)", &TaxID{Value: "X", Format: "new_one"}},
		{`("o'x", <TaxIDFormat.us_ein: 'us_ein'>)`, &TaxID{Value: `("o'x", <TaxIDFormat.us_ein: 'us_ein'>)`}},
		{`('a\'b', <TaxIDFormat.us_ein: 'us_ein'>)`, &TaxID{Value: `('a\'b', <TaxIDFormat.us_ein: 'us_ein'>)`}},
		{"('911144442', 'us_ein')", &TaxID{Value: "('911144442', 'us_ein')"}},
		{"911144442", &TaxID{Value: "911144442"}},
		{"('911144442', <TaxIDFormat.us_ein: 'us_ein'>", &TaxID{Value: "('911144442', <TaxIDFormat.us_ein: 'us_ein'>"}},
	} {
		if got := parseTaxID(test.cell); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, want %+v", test.cell, got, test.want)
		}
	}
}

// Every export that the service was seen to send is read, cell by cell.
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

// writeRow writes row as the service does, but for the escapes in metadata.
func writeRow(t *testing.T, b *strings.Builder, row *ExportRow) {
	value := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	a := row.BillingAddress
	if a == nil {
		a = &Address{}
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

// FuzzCSV compares with encoding/csv, which takes the same files, but for what
// it does to line breaks within cells.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "a,b\r\n", "\"a\",b\n", "a\"b,c\n", "\"a\"b\n", "\"a\nb\",c\n", "\"\"\"\",\n", "a", "\"a", "\n\na\n", ",\n", "\"a\"\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		theirs := csv.NewReader(bytes.NewReader(file))
		theirs.FieldsPerRecord = -1
		ours := newCSVReader(iotest.HalfReader(bytes.NewReader(file)))
		for {
			cells, _, err := ours.read()
			want, wantErr := theirs.Read()
			if err == io.ErrUnexpectedEOF {
				return // encoding/csv takes a last line without a break
			}
			if (err == nil) != (wantErr == nil) || (err == io.EOF) != (wantErr == io.EOF) {
				t.Fatalf("%q: err = %v, encoding/csv says %v", file, err, wantErr)
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				continue
			}
			if len(cells) != len(want) {
				t.Fatalf("%q: cells %q, encoding/csv has %q", file, cells, want)
			}
			for i := range cells {
				if got := strings.ReplaceAll(string(cells[i]), "\r\n", "\n"); got != want[i] {
					t.Fatalf("%q: cell %q, encoding/csv has %q", file, got, want[i])
				}
			}
		}
	})
}
