package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/polarexpress/polar-go/internal/csv"
)

// read reads all rows, and returns the error that ends them. A syntax error takes the
// place of its row, and the rows after it follow.
func read(r io.Reader) (rows []string, err error) {
	c := csv.NewReader(r)
	for {
		cells, column, err := c.Read()
		switch {
		case err == csv.ErrBareQuote || err == csv.ErrAfterQuote:
			rows = append(rows, err.Error()+" "+string(rune('0'+column)))
			continue
		case err != nil:
			return rows, err
		}
		row := make([]string, len(cells))
		for i, cell := range cells {
			row[i] = string(cell)
		}
		rows = append(rows, strings.Join(row, "|"))
	}
}

func TestRead(t *testing.T) {
	long := strings.Repeat("long ", 20_000) // longer than the reader's buffer
	for _, tc := range []struct {
		file string
		rows []string
		err  error
	}{
		{"", nil, io.EOF},
		{"a,b\r\nc,d\r\n", []string{"a|b", "c|d"}, io.EOF},
		{"a,b\nc,d\n", []string{"a|b", "c|d"}, io.EOF},
		{"a\r\n\r\n\nb\n", []string{"a", "b"}, io.EOF},
		{",\n,,\n", []string{"|", "||"}, io.EOF},
		{"\"a,b\",\"c\"\"d\"\r\n", []string{`a,b|c"d`}, io.EOF},
		{"\"\",\"\"\"\"\n", []string{`|"`}, io.EOF},
		{"\"a\nb\r\nc\rd\",e\n", []string{"a\nb\r\nc\rd|e"}, io.EOF},
		{"a\rb,c\n", []string{"a\rb|c"}, io.EOF},
		{"\"\r\n\r\n\"\n", []string{"\r\n\r\n"}, io.EOF},
		{" a , 'b' ,=c,\xff\x00\n", []string{" a | 'b' |=c|\xff\x00"}, io.EOF},
		{long + "," + long + "\n\"" + long + "\"\n", []string{long + "|" + long, long}, io.EOF},
		{"a,b\"c\nd\n", []string{"has a quote in a cell without quotes 1", "d"}, io.EOF},
		{"a\",b\nd\n", []string{"has a quote in a cell without quotes 0", "d"}, io.EOF},
		{"a,b,\"c\"d\ne\n", []string{"has text after the closing quote 2", "e"}, io.EOF},
		{"a\nb", []string{"a"}, io.ErrUnexpectedEOF},
		{"a\n\"b", []string{"a"}, io.ErrUnexpectedEOF},
		{"a\n\"b\n", []string{"a"}, io.ErrUnexpectedEOF},
		{"a\n\"b\"", []string{"a"}, io.ErrUnexpectedEOF},
		{"a\nb,", []string{"a"}, io.ErrUnexpectedEOF},
	} {
		for name, r := range map[string]io.Reader{
			"at once": strings.NewReader(tc.file), "byte by byte": iotest.OneByteReader(strings.NewReader(tc.file)), "with the end": iotest.DataErrReader(strings.NewReader(tc.file)),
		} {
			rows, err := read(r)
			if !slices.Equal(rows, tc.rows) || err != tc.err {
				t.Errorf("%.60q, %s: %.200q, %v; want %.200q, %v", tc.file, name, rows, err, tc.rows, tc.err)
			}
		}
	}
}

// Read returns the error of the underlying reader, at any point of the file.
func TestReadFails(t *testing.T) {
	broken := errors.New("broken")
	for _, file := range []string{"", "a\n", "a", "a\n\"b"} {
		if _, err := read(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken))); err != broken {
			t.Errorf("%q: %v, want the reader's error", file, err)
		}
	}
}

// endless is a reader that repeats a text without end.
type endless string

func (e endless) Read(p []byte) (int, error) {
	n := copy(p, strings.Repeat(string(e), len(p)/len(e)+1))
	return n, nil
}

// A row has at most 1 MiB, on one line or several.
func TestReadLimit(t *testing.T) {
	for name, tc := range map[string]io.Reader{
		"a line without end":         endless("x"),
		"a quote that is not closed": io.MultiReader(strings.NewReader(`"`), endless("x,\r\n")),
	} {
		counted := &counter{r: tc}
		if _, err := read(counted); err != csv.ErrRowTooLong || counted.n > 2<<20 {
			t.Errorf("%s: %v after %d bytes", name, err, counted.n)
		}
	}
	// The longest metadata, a cell of 50 values of 500 characters with escapes, fits.
	if rows, err := read(strings.NewReader(strings.Repeat("x", 400_000) + "\n")); len(rows) != 1 || err != io.EOF {
		t.Errorf("a row of 400 KB: %d rows, %v", len(rows), err)
	}
}

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// Rows share the reader's memory.
func TestReadDoesNotAllocate(t *testing.T) {
	c := csv.NewReader(io.MultiReader(strings.NewReader("a,\"b\"\"c\",d\n"), endless("a,\"b\"\"c\",d\n")))
	for range 10 {
		if _, _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		if _, _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a row", n)
	}
}

// FuzzRead compares with encoding/csv, which reads the same files, except that it
// changes line breaks within cells.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "a,b\r\n", "\"a\",b\n", "a\"b,c\n", "\"a\"b\n", "\"a\nb\",c\n", "\"\"\"\",\n", "a", "\"a", "\n\na\n", ",\n", "\"a\"\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		theirs := stdcsv.NewReader(bytes.NewReader(file))
		theirs.FieldsPerRecord = -1
		ours := csv.NewReader(iotest.HalfReader(bytes.NewReader(file)))
		for {
			cells, _, err := ours.Read()
			want, wantErr := theirs.Read()
			if err == io.ErrUnexpectedEOF {
				return // encoding/csv accepts a last line without a break
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
