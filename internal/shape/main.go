// Command shape writes the document that oapi-codegen reads. It applies the overlay to
// the contract, merges each union that the overlay marks into one type, and adds the
// scopes and the route to the description of each operation. Its arguments are the
// contract, the overlay and the file to write.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/speakeasy-api/openapi/overlay/loader"
	"gopkg.in/yaml.v3"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: shape contract overlay file")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "shape:", err)
		os.Exit(1)
	}
}

func run(contract, overlay, file string) error {
	doc, err := load(contract, overlay)
	if err != nil {
		return err
	}
	if err := merge(doc); err != nil {
		return err
	}
	openConstants(doc)
	requests(doc)
	nameLists(doc)
	describe(doc)
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// load reads the contract and applies the overlay. An action that matches or
// changes nothing is an error.
func load(contract, overlay string) (object, error) {
	text, err := os.ReadFile(contract)
	if err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("%s: %w", contract, err)
	}
	actions, err := loader.LoadOverlay(overlay)
	if err != nil {
		return nil, err // names the file
	}
	if err := actions.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", overlay, err)
	}
	warnings, err := actions.ApplyToStrict(&root)
	if err == nil && len(warnings) > 0 {
		err = errors.New(strings.Join(warnings, "\n"))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", overlay, err)
	}
	var doc object
	if err := root.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", contract, err)
	}
	return doc, nil
}
