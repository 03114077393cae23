package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/polarexpress/polar-go/customers"
)

// export writes all customers to the file at path and returns how many there
// are. If it fails, the file is unchanged.
func export(ctx context.Context, client *customers.Client, path string, out io.Writer) (n int, err error) {
	// The export does not say how many customers it has.
	page, err := client.List(ctx, customers.ListParams{Limit: 1})
	if err != nil {
		return 0, err
	}
	csv, err := client.Export(ctx, customers.ExportParams{})
	if err != nil {
		return 0, err
	}
	defer csv.Close()

	// In the same directory, so that the rename at the end is a single step.
	// CreateTemp makes files that only the owner can read, as suits the content.
	file, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(file.Name()) // fails after the rename, which is harmless
	defer file.Close()

	rows := &rowCounter{bar: newBar(max(page.TotalCount, 1), out), n: -1} // the header is not a customer
	defer fmt.Fprintln(out)                                               // the line after the bar
	if _, err := io.Copy(io.MultiWriter(file, rows), csv); err != nil {
		return 0, err // the stream was truncated: an export cannot be resumed
	}
	if err := rows.bar.Finish(); err != nil {
		return 0, err
	}
	if err := file.Sync(); err != nil {
		return 0, err
	}
	if err := file.Close(); err != nil {
		return 0, err
	}
	return rows.n, os.Rename(file.Name(), path)
}

func newBar(total int, out io.Writer) *progressbar.ProgressBar {
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription("Exporting"),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)
}

// rowCounter moves the bar by the rows of the CSV that is written to it.
type rowCounter struct {
	bar    *progressbar.ProgressBar
	n      int
	quoted bool // within quotes, where a line break does not end a row
}

func (c *rowCounter) Write(p []byte) (int, error) {
	for _, b := range p {
		switch {
		case b == '"': // a doubled quote switches twice
			c.quoted = !c.quoted
		case b == '\n' && !c.quoted:
			c.n++
		}
	}
	if c.n > c.bar.GetMax() { // customers can be created during the export
		c.bar.ChangeMax(c.n)
	}
	return len(p), c.bar.Set(max(c.n, 0))
}
