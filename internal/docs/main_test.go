// Package docs tests the module's documentation: the Go in its documents runs, links
// lead somewhere, and every exported name has a doc comment.
package docs

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inRoot moves a test to the module's root. TestMain cannot do that for all of them:
// go test would not notice that a document has changed, and report an old result.
func inRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
}
