// Package guard checks that the parts of the SDK agree where no compiler does:
// contract, overlay, generated code, methods and their documentation. The tests
// run its checks, and the refresh tool runs them to say what a new contract
// requires.
package guard

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// A Problem is a violation, and how to fix it.
type Problem struct {
	Where string // a file or a name
	What  string
	Do    string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s: %s. %s.", p.Where, p.What, p.Do)
}

// Check runs all checks except Fresh, which runs the generator.
func Check(root string) ([]Problem, error) {
	data, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		return nil, err
	}
	problems := Sealed(data)
	doc, err := contract.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("openapi/polar.yaml: %w", err)
	}
	more, err := Actions(root)
	if err != nil {
		return nil, err
	}
	problems = append(problems, more...)
	src, err := Load(root)
	if err != nil {
		return nil, err
	}
	seen := surface.Build(doc)
	problems = append(problems, Methods(seen.Operations, src)...)
	problems = append(problems, Fields(seen, src)...)
	files, err := generatedFiles(root, "gen")
	if err != nil {
		return nil, err
	}
	if more, err = Words(files); err != nil {
		return nil, err
	}
	return append(problems, more...), nil
}

// Actions checks only the overlay, which can explain an error of the generator.
func Actions(root string) ([]Problem, error) {
	data, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		return nil, err
	}
	overlay, err := os.ReadFile(filepath.Join(root, "openapi", "overlay.yaml"))
	if err != nil {
		return nil, err
	}
	return Overlay(data, overlay)
}

// Sealed reports a contract that has been edited by hand.
func Sealed(data []byte) []Problem {
	if err := contract.Verify(data); err != nil {
		return []Problem{{"openapi/polar.yaml", "it was edited by hand: " + err.Error(),
			"Move the edit to openapi/overlay.yaml and run make refresh"}}
	}
	return nil
}

// Fresh reports generated files that differ from what go generate writes.
func Fresh(root string) (problems []Problem, err error) {
	s, err := NewStage(root)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Generate(); err != nil {
		return nil, err
	}
	before, after, err := s.Changes()
	if err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(after)) {
		problems = append(problems, Problem{path, "it is not what go generate writes", "Run make generate and commit the result; never edit generated code by hand"})
	}
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[path]; !ok {
			problems = append(problems, Problem{path, "no go:generate line writes it", "Delete it, or add the line to generate.go"})
		}
	}
	return problems, nil
}

// generatedFiles returns the generated files of a package by path.
func generatedFiles(root, name string) (map[string]string, error) {
	files := map[string]string{}
	matches, err := filepath.Glob(filepath.Join(root, name, "*.gen.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range matches {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files[name+"/"+filepath.Base(path)] = string(data)
	}
	return files, nil
}
