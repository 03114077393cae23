package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// A candidate is a new contract and what it would change in the module.
type candidate struct {
	contract      []byte
	upToDate      bool // the module has this contract
	editedByHand  bool // the contract of the module was edited by hand
	before, after *surface.Surface
	changes       []surface.Change
	source        *guard.Source

	// The rest is set after the code is generated.
	written     map[string]string // the files that change, by path
	removed     []string          // the files that are no longer generated
	generateErr error
	buildErr    error
	problems    []guard.Problem
	goChanges   map[string][]string // what changes in each generated package that has only a part of the API
}

func (r *refresher) prepare() (*candidate, error) {
	doc, text, err := r.load()
	if err != nil {
		return nil, err
	}
	return r.generate(doc, text)
}

// compare compares a contract with the module's.
func (r *refresher) compare(doc map[string]any, text []byte) (*candidate, error) {
	old, err := os.ReadFile(r.path("openapi", "polar.yaml"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	c := &candidate{contract: text, upToDate: bytes.Equal(old, text)}
	c.editedByHand = old != nil && contract.Verify(old) != nil
	c.after = surface.Build(doc)
	if !c.upToDate {
		var oldDoc map[string]any
		if old != nil {
			oldDoc, err = contract.Parse(old)
			if err != nil && !c.editedByHand {
				return nil, fmt.Errorf("openapi/polar.yaml: %w", err)
			}
		}
		c.before = surface.Build(oldDoc)
	} else {
		c.before = c.after
	}
	c.changes = surface.Compare(c.before, c.after)
	if len(c.changes) == 0 && !c.upToDate && !c.editedByHand {
		c.changes = []surface.Change{{Impact: surface.Breaking, Kind: surface.KindContract, Where: "openapi/polar.yaml",
			What: "it differs in a way that no rule covers", Why: "the impact is unknown: read the difference"}}
	}
	c.source, err = guard.Load(r.root)
	return c, err
}

// generate compares a contract with the module's, generates its code in a copy of the
// module, compiles it and runs the guards.
func (r *refresher) generate(doc map[string]any, text []byte) (c *candidate, err error) {
	if c, err = r.compare(doc, text); err != nil {
		return nil, err
	}
	stage, err := guard.NewStage(r.root)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	if err := stage.SetContract(text); err != nil {
		return nil, err
	}
	if c.generateErr = stage.Generate(); c.generateErr != nil {
		// These guards do not need the generated code.
		if c.problems, err = guard.Actions(stage.Dir); err != nil {
			return nil, err
		}
		c.problems = append(c.problems, guard.Methods(c.after.Operations, c.source)...)
		return c, nil
	}
	was, now, err := stage.Changes()
	if err != nil {
		return nil, err
	}
	c.written = now
	for _, path := range slices.Sorted(maps.Keys(was)) {
		if _, ok := now[path]; !ok {
			c.removed = append(c.removed, path)
		}
	}
	c.goChanges = map[string][]string{}
	for _, g := range c.source.Generated {
		if !g.Whole() {
			lines, err := goChanges(g.Name, was, now)
			if err != nil {
				return nil, err
			}
			if lines != nil {
				c.goChanges[g.Name] = lines
			}
		}
	}
	c.addLostNames()
	if len(was)+len(now) > 0 {
		c.buildErr = stage.Build()
	}
	c.problems, err = guard.Check(stage.Dir)
	return c, err
}

// addLostNames reports generated names that disappear or change their type although no
// change of the contract is breaking. In that case, the overlay lacks an action.
func (c *candidate) addLostNames() {
	for _, change := range c.changes {
		if change.Impact == surface.Breaking {
			return
		}
	}
	var lost []surface.Change
	for _, pkg := range slices.Sorted(maps.Keys(c.goChanges)) {
		lines := c.goChanges[pkg]
		for i, line := range lines {
			name, was, _ := strings.Cut(strings.TrimPrefix(line, "- "), " ")
			if !strings.HasPrefix(line, "- ") {
				continue
			}
			change := surface.Change{Impact: surface.Breaking, Kind: surface.KindGo, Where: pkg + "." + name, Name: name,
				What: "it was removed", Why: "programs that use it no longer compile"}
			if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "+ "+name+" ") {
				change.What = fmt.Sprintf("it is %s, was %s", strings.TrimPrefix(lines[i+1], "+ "+name+" "), was)
			}
			lost = append(lost, change)
		}
	}
	c.changes = append(lost, c.changes...)
}

// goChanges lists the differences between the exported names of a package in two
// sets of files.
func goChanges(pkg string, was, now map[string]string) ([]string, error) {
	before, err := guard.API(inPackage(pkg, was))
	if err != nil {
		return nil, err
	}
	after, err := guard.API(inPackage(pkg, now))
	if err != nil {
		return nil, err
	}
	names := maps.Clone(before)
	maps.Copy(names, after)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b, existed := before[name]
		a, exists := after[name]
		if existed && b != a {
			out = append(out, "- "+name+" "+b)
		}
		if exists && b != a {
			out = append(out, "+ "+name+" "+a)
		}
	}
	return out, nil
}

// inPackage returns the files of a package.
func inPackage(pkg string, files map[string]string) map[string]string {
	files = maps.Clone(files)
	maps.DeleteFunc(files, func(file, _ string) bool { return path.Dir(file) != pkg })
	return files
}
