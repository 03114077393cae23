// Package docs tests what the module says of itself: that the Go in its documents
// runs, and that nothing that users can name lacks a comment.
package docs

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// The tests run at the module's root, of which the documents speak, and leave
// nothing running.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}
