// Package naive is the client that oapi-codegen makes of the contract as it is.
// It is generated when benchmarks run, and not committed.
package naive

// What the generated code imports, so that go.mod is the same with and without it.
import _ "github.com/oapi-codegen/runtime"

//go:generate sh -c "cd ../.. && go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config bench/naive/oapi-codegen.yaml openapi/polar.yaml"
