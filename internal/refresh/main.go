// Command refresh updates openapi/polar.yaml, and the code that is generated from it,
// from Polar's OpenAPI document. It reports what the changes mean to users of this SDK,
// and what its maintainers have to do.
//
// The Makefile runs it: make refresh and make refresh-check.
//
// Its exit status is 0 on success and 2 on errors. With -check it changes
// nothing on disk, and its exit status is 1 if refresh would change something.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
)

const (
	statusOK      = 0
	statusChanged = 1
	statusError   = 2
)

func main() {
	r := refresher{out: os.Stdout, fetcher: fetcher{timeout: time.Minute}}
	flag.StringVar(&r.root, "root", ".", "the `directory` of the module")
	flag.StringVar(&r.from, "from", "", "the document, a `file or URL` (default where Polar publishes it)")
	flag.StringVar(&r.version, "api-version", "", "the `version` of the API (default that of openapi/polar.yaml)")
	flag.StringVar(&r.report, "report", "", "also write the report to this `file`")
	check := flag.Bool("check", false, "write nothing, and exit with status 1 if refresh would change something")
	flag.Parse()

	run := r.refresh
	switch {
	case flag.NArg() > 0:
		run = func() (int, error) { return statusError, fmt.Errorf("unexpected arguments: %q", flag.Args()) }
	case *check:
		run = r.check
	}
	status, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "refresh:", oneLine(err.Error()))
		status = statusError
	}
	os.Exit(status)
}

// A refresher is one run of the tool.
type refresher struct {
	root, from, version, report string
	out                         io.Writer
	fetcher                     fetcher
}

// load reads the document and returns its contract, parsed and encoded.
func (r *refresher) load() (doc map[string]any, text []byte, err error) {
	version := r.version
	if version == "" {
		old, err := os.ReadFile(r.path("openapi", "polar.yaml"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, err
		}
		if version = contract.Version(old); version == "" {
			return nil, nil, errors.New("openapi/polar.yaml does not state the version of the API: use -api-version")
		}
	}
	from := r.from
	if from == "" {
		from = "https://api.polar.sh/" + url.PathEscape(version) + "/openapi.json"
	}
	data, err := r.fetcher.fetch(from)
	if err == nil {
		doc, text, err = contract.FromDocument(data, version)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", from, err)
	}
	return doc, text, nil
}

func (r *refresher) path(elem ...string) string {
	return filepath.Join(append([]string{r.root}, elem...)...)
}

// check reports what refresh would do.
func (r *refresher) check() (int, error) {
	c, err := r.prepare()
	if err != nil {
		return statusError, err
	}
	if err := r.writeReport(c); err != nil {
		return statusError, err
	}
	if c.upToDate {
		return statusOK, nil
	}
	return statusChanged, nil
}

// refresh writes the report, the contract, and then the generated code.
func (r *refresher) refresh() (int, error) {
	c, err := r.prepare()
	if err != nil {
		return statusError, err
	}
	if err := r.writeReport(c); err != nil {
		return statusError, err
	}
	if err := replace(r.path("openapi", "polar.yaml"), c.contract); err != nil {
		return statusError, err
	}
	if c.generateErr != nil {
		return statusError, errors.New("the contract is updated, but generation fails: follow the report, then run make generate")
	}
	for path, text := range c.written {
		if err := replace(r.path(path), []byte(text)); err != nil {
			return statusError, err
		}
	}
	for _, path := range c.removed {
		if err := os.Remove(r.path(path)); err != nil {
			return statusError, err
		}
	}
	return statusOK, nil
}
