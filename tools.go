//go:build tools

// This file pins the code generator, so that go generate runs the version in
// go.mod and needs nothing installed.

package polar

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
