// Refresh renews openapi/polar.yaml, and what is generated from it, from
// Polar's OpenAPI document. It reports what the change means to the users of
// this SDK, and what it asks of its maintainers.
//
// The Makefile is how to run it: make refresh, refresh-check,
// refresh-all-check and mutate.
//
// Its exit status is 2 when something went wrong. With -check it is 1 when
// the document would change the contract.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/guard"
)

const (
	statusSame    = 0
	statusChanged = 1
	statusError   = 2
)

func main() {
	r := refresher{out: os.Stdout, fetcher: fetcher{timeout: time.Minute}}
	flag.StringVar(&r.root, "root", ".", "the module's `directory`")
	flag.StringVar(&r.from, "from", "", "the document, a `file or URL`; what openapi/slice.yaml names, unless given")
	flag.StringVar(&r.report, "report", "", "write the report to this `file` too")
	check := flag.Bool("check", false, "only report: exit status 1 says that the contract would change")
	all := flag.Bool("all", false, "make contract and code of the whole document, outside the tree, and compile them")
	mutations := flag.Int("mutate", 0, "try this `number` of random edits of the contract")
	seed := flag.Uint64("seed", 1, "where the random edits begin")
	flag.Parse()

	run := r.refresh
	switch {
	case flag.NArg() > 0:
		run = func() (int, error) {
			return statusError, fmt.Errorf("it takes no arguments, only flags: %q", flag.Args())
		}
	case *check:
		run = r.check
	case *all:
		run = r.checkAll
	case *mutations > 0:
		run = func() (int, error) { return r.mutate(*mutations, *seed) }
	}
	status, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "refresh:", oneLine(err.Error()))
		status = statusError
	}
	os.Exit(status)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// A refresher is one run of the tool.
type refresher struct {
	root, from, report string
	out                io.Writer
	fetcher            fetcher
}

// load makes the contract that slice s of the document is.
func (r *refresher) load(s contract.Slice) ([]byte, error) {
	from := r.from
	if from == "" {
		from = s.Source
	}
	data, err := r.fetcher.fetch(from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	doc, err := contract.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	if doc, err = contract.Normalise(doc, s); err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return contract.Encode(doc)
}

func (r *refresher) slice() (contract.Slice, error) {
	config, err := os.ReadFile(r.path("openapi", "slice.yaml"))
	if err != nil {
		return contract.Slice{}, err
	}
	s, err := contract.ParseSlice(config)
	if err != nil {
		return s, fmt.Errorf("openapi/slice.yaml: %w", err)
	}
	return s, nil
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
	defer os.RemoveAll(c.dir)
	if err := r.tell(c); err != nil {
		return statusError, err
	}
	if c.same {
		return statusSame, nil
	}
	return statusChanged, nil
}

// refresh reports what is to change, and then changes it: first the contract,
// then what is generated from it.
func (r *refresher) refresh() (int, error) {
	c, err := r.prepare()
	if err != nil {
		return statusError, err
	}
	defer os.RemoveAll(c.dir)
	if err := r.tell(c); err != nil {
		return statusError, err
	}
	if err := replace(r.path("openapi", "polar.yaml"), c.contract); err != nil {
		return statusError, err
	}
	if c.generateErr != nil {
		return statusError, fmt.Errorf("the contract is renewed, the generated code is not: do what the report says, then run make generate")
	}
	old, err := guard.Generated(r.root)
	if err != nil {
		return statusError, err
	}
	for path, text := range c.generated {
		if err := replace(r.path(path), []byte(text)); err != nil {
			return statusError, err
		}
	}
	for path := range old {
		if _, ok := c.generated[path]; !ok {
			if err := os.Remove(r.path(path)); err != nil {
				return statusError, err
			}
		}
	}
	return statusSame, nil
}
