// Package guard holds the parts of the SDK together that no compiler does:
// contract, overlay, generated code, methods and their documentation. Its
// checks are run by the ordinary tests, and by the refresh tool to say what a
// new contract asks for.
package guard

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// A Problem is something that does not hold, and what to do about it.
type Problem struct {
	Where string // a file, perhaps with a line, or a name
	What  string
	Do    string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s: %s. %s.", p.Where, p.What, p.Do)
}

// Check runs every check that needs nothing but the files of the module at
// root. Fresh is the one that runs the generator.
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
	files, err := Generated(root)
	if err != nil {
		return nil, err
	}
	if more, err = Words(files); err != nil {
		return nil, err
	}
	return append(problems, more...), nil
}

// Actions runs the check of the overlay alone, which can explain why the
// generator refuses.
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

// Sealed reports a contract that was edited by hand.
func Sealed(data []byte) []Problem {
	if err := contract.Verify(data); err != nil {
		return []Problem{{"openapi/polar.yaml", "it was edited by hand: " + err.Error(),
			"Put what you changed into openapi/overlay.yaml and run make refresh"}}
	}
	return nil
}

// Fresh reports generated files that are not what the generator makes of the
// contract, the overlay and the configuration.
func Fresh(root string) ([]Problem, error) {
	dir, err := os.MkdirTemp("", "generate-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := Stage(root, dir); err != nil {
		return nil, err
	}
	old, err := Generated(dir)
	if err != nil {
		return nil, err
	}
	for path := range old { // what is no longer generated must not linger
		if err := os.Remove(filepath.Join(dir, path)); err != nil {
			return nil, err
		}
	}
	if err := Generate(dir); err != nil {
		return nil, err
	}
	fresh, err := Generated(dir)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	for path, text := range fresh {
		if was, ok := old[path]; !ok || was != text {
			problems = append(problems, Problem{path, "it is not what the generator makes of openapi/ now", "Run go generate ./... and commit the result; never edit it by hand"})
		}
	}
	for path := range old {
		if _, ok := fresh[path]; !ok {
			problems = append(problems, Problem{path, "nothing generates it", "Delete it, or mend the line in generate.go that made it"})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Where, b.Where) })
	return problems, nil
}
