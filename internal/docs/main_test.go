// Package docs tests the module's documentation: the Go in its documents runs, links
// lead somewhere, and every exported name has a doc comment.
package docs

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// The tests run at the module's root and leave nothing running.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}
