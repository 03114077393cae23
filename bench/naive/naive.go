// Package naive is the client that oapi-codegen makes of the contract as it
// stands. It is generated when benchmarks run, and not kept.
package naive

//go:generate sh -c "cd ../.. && go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config bench/naive/oapi-codegen.yaml openapi/polar.yaml"
