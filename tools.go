//go:build tools

// This file pins what code is generated with: the generator, so that go generate
// runs the version in go.mod and needs nothing installed, and the library that
// its code imports where the standard library does not do.

package polar

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "github.com/oapi-codegen/runtime"
)
