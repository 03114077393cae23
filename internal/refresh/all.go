package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/guard"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// checkAll generates code from the whole document, webhooks included, with the
// overlay and configuration of the module, and compiles it. It only reads the
// module.
func (r *refresher) checkAll() (int, error) {
	s, err := r.slice()
	if err != nil {
		return statusError, err
	}
	s.Paths, s.Tags, s.Webhooks = []string{"/"}, nil, []string{""}
	data, err := r.load(s)
	if err != nil {
		return statusError, err
	}
	doc, err := contract.Parse(data)
	if err != nil {
		return statusError, err
	}
	all := surface.Build(doc)
	stage, err := guard.NewStage(r.root)
	if err != nil {
		return statusError, err
	}
	defer stage.Close()
	if err := stage.SetContract(data); err != nil {
		return statusError, err
	}
	// The generator drops what only webhooks use, unless it is told not to.
	if err := keepAll(filepath.Join(stage.Dir, "openapi", "oapi-codegen.yaml")); err != nil {
		return statusError, err
	}
	if err := stage.Generate(); err != nil {
		return statusError, err
	}
	if err := stage.Build(); err != nil {
		return statusError, err
	}
	_, files, err := stage.Changes()
	if err != nil {
		return statusError, err
	}
	lines, webhooks := 0, 0
	for _, text := range files {
		lines += strings.Count(text, "\n")
	}
	for _, op := range all.Operations {
		if op.Webhook {
			webhooks++
		}
	}
	fmt.Fprintf(r.out, "%d operations, %d webhooks, %d types; the contract has %d lines, its code %d, and it compiles.\n",
		len(all.Operations)-webhooks, webhooks, len(all.Types), strings.Count(string(data), "\n"), lines)
	return statusOK, nil
}

// keepAll sets the one option of the generator that a slice with webhooks
// needs and others are better without: see openapi/README.md.
func keepAll(path string) error {
	config, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const options = "\noutput-options:\n"
	if !strings.Contains(string(config), options) {
		return fmt.Errorf("openapi/oapi-codegen.yaml has no output-options")
	}
	return os.WriteFile(path, []byte(strings.Replace(string(config), options, options+"  skip-prune: true\n", 1)), 0o644)
}
