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
	doc, err := util.LoadSwaggerWithOverlay(contract, util.LoadSwaggerWithOverlayOpts{Path: overlay, Strict: true})
	if err != nil {
		return err
	}
	source, err := table(doc)
	if err != nil {
		return err
	}
	return os.WriteFile(file, source, 0o644)
}

func table(doc *openapi3.T) ([]byte, error) {
	ops, err := operations(doc)
	if err != nil {
		return nil, err
	}
	return render(ops, fieldNames(doc))
}
