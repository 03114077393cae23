//go:build tools

// This file pins the tools and libraries that go generate uses, so that it runs
// the versions in go.mod and needs nothing installed.

package polargo

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
)
