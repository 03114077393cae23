//go:build tools

// This file makes go.mod pin the version of the generator that go generate runs.

package polargo

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
)
