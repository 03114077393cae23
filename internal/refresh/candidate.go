package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// A candidate is a new contract, tried out in a copy of the module before
// anything in the tree is written.
type candidate struct {
	dir         string // the copy
	contract    []byte
	same        bool // the tree holds this contract already
	edited      bool // the tree's contract was edited by hand
	version     string
	changes     []surface.Change
	steps       map[int][]string // what to do next, by change
	generated   map[string]string
	generateErr error
	buildErr    error
	problems    []guard.Problem
	api         []string // what changed in package gen
}

func (r *refresher) prepare() (*candidate, error) {
	s, err := r.slice()
	if err != nil {
		return nil, err
	}
	data, err := r.load(s)
	if err != nil {
		return nil, err
	}
	return r.try(data)
}

// try makes a candidate of a contract.
func (r *refresher) try(data []byte) (_ *candidate, err error) {
	c := &candidate{contract: data}
	if c.dir, err = os.MkdirTemp("", "refresh-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(c.dir)
		}
	}()
	old, err := os.ReadFile(r.path("openapi", "polar.yaml"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	c.same = bytes.Equal(old, data)
	c.edited = old != nil && contract.Verify(old) != nil
	before, after, err := c.compare(old)
	if err != nil {
		return nil, err
	}
	if err := guard.Stage(r.root, c.dir); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(c.dir, "openapi", "polar.yaml"), data, 0o644); err != nil {
		return nil, err
	}
	was, err := guard.Generated(c.dir)
	if err != nil {
		return nil, err
	}
	for path := range was { // what is no longer generated must not linger
		if err := os.Remove(filepath.Join(c.dir, path)); err != nil {
			return nil, err
		}
	}
	if c.generateErr = guard.Generate(c.dir); c.generateErr == nil {
		if c.generated, err = guard.Generated(c.dir); err != nil {
			return nil, err
		}
		if c.api, err = difference(was, c.generated); err != nil {
			return nil, err
		}
		c.judge()
		if !maps.Equal(was, c.generated) {
			c.buildErr = guard.Build(r.root, c.dir)
		}
		if c.problems, err = guard.Check(c.dir); err != nil {
			return nil, err
		}
	}
	src, err := guard.Load(r.root)
	if err != nil {
		return nil, err
	}
	if c.generateErr != nil { // what can be said without generated code
		if c.problems, err = guard.Actions(c.dir); err != nil {
			return nil, err
		}
		c.problems = append(c.problems, guard.Methods(after.Operations, src)...)
	}
	c.steps = map[int][]string{}
	for i, change := range c.changes {
		c.steps[i] = advise(change, before, after, src)
	}
	return c, nil
}

func (c *candidate) compare(old []byte) (before, after *surface.Surface, err error) {
	doc, err := contract.Parse(c.contract)
	if err != nil {
		return nil, nil, err
	}
	after = surface.Build(doc)
	c.version = after.Version
	before = surface.Build(nil)
	if old != nil {
		doc, err := contract.Parse(old)
		if err != nil {
			if !c.edited {
				return nil, nil, fmt.Errorf("openapi/polar.yaml: %w", err)
			}
			doc = nil // edited past reading: all of it is replaced
		}
		before = surface.Build(doc)
	}
	c.changes = surface.Compare(before, after)
	if len(c.changes) == 0 && !c.same && !c.edited {
		c.changes = []surface.Change{{Verdict: surface.Breaking, Kind: surface.KindContract, Where: "openapi/polar.yaml",
			What: "it differs in something that no rule covers", Why: "nobody knows what it means: read the difference"}}
	}
	return before, after, nil
}

// judge adds what only generated code shows: names that are lost or have
// another type although no change of the contract is breaking. Then the
// overlay does not shape the change as it should.
func (c *candidate) judge() {
	for _, change := range c.changes {
		if change.Verdict == surface.Breaking {
			return
		}
	}
	var lost []surface.Change
	for i, line := range c.api {
		name, was, _ := strings.Cut(strings.TrimPrefix(line, "- "), " ")
		if !strings.HasPrefix(line, "- ") {
			continue
		}
		change := surface.Change{Verdict: surface.Breaking, Kind: surface.KindGo, Where: "gen." + name, Name: name,
			What: "it is gone", Why: "programs that use it no longer compile"}
		if i+1 < len(c.api) && strings.HasPrefix(c.api[i+1], "+ "+name+" ") {
			change.What = fmt.Sprintf("it is %s, was %s", strings.TrimPrefix(c.api[i+1], "+ "+name+" "), was)
		}
		lost = append(lost, change)
	}
	c.changes = append(lost, c.changes...)
}

// difference lists what two versions of package gen export differently.
func difference(was, is map[string]string) ([]string, error) {
	before, err := guard.API(was)
	if err != nil {
		return nil, err
	}
	after, err := guard.API(is)
	if err != nil {
		return nil, err
	}
	names := maps.Clone(before)
	maps.Copy(names, after)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b, was := before[name]
		a, is := after[name]
		if was && b != a {
			out = append(out, "- "+name+" "+b)
		}
		if is && b != a {
			out = append(out, "+ "+name+" "+a)
		}
	}
	return out, nil
}
