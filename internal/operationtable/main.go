// Command operationtable writes the table of the contract's operations that
// package polar holds. Its arguments are the contract, the overlay and the file
// to write.
package main

import (
	"fmt"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/util"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: operationtable contract overlay file")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "operationtable:", err)
		os.Exit(1)
	}
}

func run(contract, overlay, file string) error {
	published, err := util.LoadSwagger(contract)
	if err != nil {
		return err
	}
	corrected, err := util.LoadSwaggerWithOverlay(contract, util.LoadSwaggerWithOverlayOpts{Path: overlay, Strict: true})
	if err != nil {
		return err
	}
	ops, err := operations(corrected)
	if err != nil {
		return err
	}
	// The overlay merges variants, so the document as published can have more names.
	source, err := render(ops, fieldNames([]*openapi3.T{published, corrected}))
	if err != nil {
		return err
	}
	return os.WriteFile(file, source, 0o644)
}
