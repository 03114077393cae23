package customers

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// csvReader reads CSV as the service writes it (RFC 4180), a row at a time.
// Unlike encoding/csv it leaves a line break within a cell as it is.
type csvReader struct {
	r    *bufio.Reader
	line []byte // of a line longer than the buffer of r
	text []byte // of the row's cells, one after the other
	ends []int  // where each cell ends in text
	row  [][]byte
}

const (
	csvBuffer = 32 << 10
	// maxRow bounds a row, so that a quote that is never closed is not read to the
	// end of the stream. The longest metadata takes a third of it.
	maxRow = 1 << 20
)

var (
	errRowTooLong = errors.New("is longer than 1 MiB")
	errBareQuote  = errors.New("has a quote in a cell without quotes")
	errAfterQuote = errors.New("has text after the closing quote")
)

func newCSVReader(r io.Reader) *csvReader {
	return &csvReader{r: bufio.NewReaderSize(r, csvBuffer)}
}

// read returns the cells of the next row, until the next is read. A syntax error
// leaves the reader behind the line that it is in; column counts from 0. The end
// of the file is io.EOF between rows, and io.ErrUnexpectedEOF within one.
func (c *csvReader) read() (cells [][]byte, column int, err error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	line, err := c.readLine()
	for err == nil && len(trimBreak(line)) == 0 {
		line, err = c.readLine() // an empty line is no row
	}
	if err != nil {
		return nil, 0, err
	}
	for {
		var last bool
		if len(line) > 0 && line[0] == '"' {
			line, last, err = c.quoted(line[1:])
		} else {
			line, last, err = c.plain(line)
		}
		if err != nil {
			return nil, len(c.ends), err
		}
		c.ends = append(c.ends, len(c.text))
		if last {
			break
		}
	}
	c.row = c.row[:0]
	start := 0
	for _, end := range c.ends {
		c.row = append(c.row, c.text[start:end])
		start = end
	}
	return c.row, 0, nil
}

// plain reads a cell without quotes, and returns what is left of its line.
func (c *csvReader) plain(line []byte) (rest []byte, last bool, err error) {
	cell := line
	if i := bytes.IndexByte(line, ','); i >= 0 {
		cell, rest = line[:i], line[i+1:]
	} else {
		cell, last = trimBreak(line), true
	}
	if bytes.IndexByte(cell, '"') >= 0 {
		return nil, false, errBareQuote
	}
	c.text = append(c.text, cell...)
	return rest, last, nil
}

// quoted reads a cell from behind its opening quote on, over as many lines as
// it has.
func (c *csvReader) quoted(line []byte) (rest []byte, last bool, err error) {
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			c.text = append(c.text, line...)
			if len(c.text) > maxRow {
				return nil, false, errRowTooLong
			}
			if line, err = c.readLine(); err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return nil, false, err
			}
			continue
		}
		c.text = append(c.text, line[:i]...)
		line = line[i+1:]
		switch {
		case len(line) > 0 && line[0] == '"': // a quote, doubled
			c.text = append(c.text, '"')
			line = line[1:]
		case len(line) > 0 && line[0] == ',':
			return line[1:], false, nil
		case len(trimBreak(line)) == 0:
			return nil, true, nil
		default:
			return nil, false, errAfterQuote
		}
	}
}

// readLine returns a line with its break, until the next is read.
func (c *csvReader) readLine() ([]byte, error) {
	line, err := c.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		c.line = append(c.line[:0], line...)
		for err == bufio.ErrBufferFull && len(c.line) <= maxRow {
			line, err = c.r.ReadSlice('\n')
			c.line = append(c.line, line...)
		}
		line = c.line
	}
	switch {
	case err == bufio.ErrBufferFull:
		return nil, errRowTooLong
	case err == io.EOF && len(line) > 0:
		return nil, io.ErrUnexpectedEOF // every row ends with a line break
	}
	return line, err
}

// trimBreak returns line without its line break.
func trimBreak(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
