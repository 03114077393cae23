// Package naive is the client that oapi-codegen makes of the contract as it
// is. It is generated when benchmarks run, and not committed.
package naive

// What the generated code imports, so that go.mod is the same with and without it.
import _ "github.com/oapi-codegen/runtime"

// oapi-codegen drops what no operation uses, webhooks' payloads too, and then
// refers to them: so it gets the contract without its webhooks.
//
//go:generate sh -c "cd ../.. && awk '/^[a-z]/ {on = !/^webhooks:/} on' openapi/polar.yaml >bench/naive/contract.yaml && go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config bench/naive/oapi-codegen.yaml bench/naive/contract.yaml"
