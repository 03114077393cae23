// Package csv reads CSV as the service writes it (RFC 4180), one row at a time. Unlike
// encoding/csv, it keeps the line breaks in a cell unchanged, reuses its memory,
// limits the size of a row, and tells a truncated file from a complete one.
package csv

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// A Reader reads rows.
type Reader struct {
	r    *bufio.Reader
	line []byte // a line that is longer than the buffer of r
	text []byte // the row's cells, one after the other
	ends []int  // where each cell ends in text
	row  [][]byte
}

const (
	bufferSize = 32 << 10
	// maxRow limits a row in bytes, so that an unclosed quote does not make the reader
	// read to the end of the stream. The longest metadata takes a third of it.
	maxRow = 1 << 20
)

// The errors of a row. After ErrRowTooLong, the reader cannot continue.
var (
	ErrRowTooLong = errors.New("is longer than 1 MiB")
	ErrBareQuote  = errors.New("has a quote in a cell without quotes")
	ErrAfterQuote = errors.New("has text after the closing quote")
)

// NewReader returns a reader of r.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, bufferSize)}
}

// Read returns the cells of the next row, which are valid until the next call. With
// ErrBareQuote or ErrAfterQuote it returns the column, counted from 0, and the next
// call continues with the next line. At the end of the file the error is io.EOF
// between rows and io.ErrUnexpectedEOF within a row.
func (c *Reader) Read() (cells [][]byte, column int, err error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	line, err := c.readLine()
	for err == nil && len(trimBreak(line)) == 0 {
		line, err = c.readLine() // an empty line is not a row
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

// plain reads a cell without quotes, and returns the rest of its line.
func (c *Reader) plain(line []byte) (rest []byte, last bool, err error) {
	cell := line
	if i := bytes.IndexByte(line, ','); i >= 0 {
		cell, rest = line[:i], line[i+1:]
	} else {
		cell, last = trimBreak(line), true
	}
	if bytes.IndexByte(cell, '"') >= 0 {
		return nil, false, ErrBareQuote
	}
	c.text = append(c.text, cell...)
	return rest, last, nil
}

// quoted reads a cell after its opening quote, over as many lines as it has.
func (c *Reader) quoted(line []byte) (rest []byte, last bool, err error) {
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			c.text = append(c.text, line...)
			if len(c.text) > maxRow {
				return nil, false, ErrRowTooLong
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
			return nil, false, ErrAfterQuote
		}
	}
}

// readLine returns a line with its break. It is valid until the next call.
func (c *Reader) readLine() ([]byte, error) {
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
		return nil, ErrRowTooLong
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
