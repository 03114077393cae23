// Refresh renews openapi/polar.yaml from Polar's OpenAPI document.
//
// Run it as make refresh FROM=<file or URL>.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
)

func main() {
	from := flag.String("from", "", "the document: a file or a URL")
	root := flag.String("root", ".", "the module's directory")
	flag.Parse()
	if err := run(*root, *from); err != nil {
		fmt.Fprintln(os.Stderr, "refresh:", err)
		os.Exit(2)
	}
}

func run(root, from string) error {
	config, err := os.ReadFile(filepath.Join(root, "openapi", "slice.yaml"))
	if err != nil {
		return err
	}
	slice, err := contract.ParseSlice(config)
	if err != nil {
		return fmt.Errorf("openapi/slice.yaml: %w", err)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	doc, err := contract.Parse(data)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if doc, err = contract.Normalise(doc, slice); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	out, err := contract.Encode(doc)
	if err != nil {
		return err
	}
	return replace(filepath.Join(root, "openapi", "polar.yaml"), out)
}
