// Package docs tests the module's documentation: the Go code in its documents runs, its
// links lead to files, and every exported name has a doc comment.
package docs

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inRoot changes a test's directory to the module's root. TestMain must not do that for
// all tests: go test would not record the documents that they read, and would report a
// cached result after a change.
func inRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
}
