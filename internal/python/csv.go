package python

import (
	"io"
	"strings"
)

// WriteCSV writes one row as csv.writer does: with quotes only where they are needed,
// and with \r\n at the end.
func WriteCSV(w io.StringWriter, cells ...string) error {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(cell, ",\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		b.WriteString(cell)
	}
	b.WriteString("\r\n")
	_, err := w.WriteString(b.String())
	return err
}
