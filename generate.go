// Package polargo has no API. It holds the commands that generate code from openapi/.
// Programs import [github.com/polarexpress/polar-go/polar] and the packages of services,
// such as [github.com/polarexpress/polar-go/customers].
package polargo

//go:generate go run ./internal/patchtemplates openapi/templates
//go:generate go run ./internal/shape openapi/polar.yaml openapi/overlay.yaml openapi/shaped.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/oapi-codegen.yaml openapi/shaped.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/oapi-codegen-api.yaml openapi/shaped.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/oapi-codegen-commerce.yaml openapi/shaped.json
//go:generate go run ./internal/operationtable openapi/polar.yaml openapi/overlay.yaml polar/operations.gen.go
//go:generate go run ./internal/aliasdocs -rename nullable.Nullable=polar.Field customers/types.go
//go:generate go run ./internal/aliasdocs -rename nullable.Nullable=polar.Field checkouts/types.go
//go:generate go run ./internal/aliasdocs portal/types.go
//go:generate go run ./internal/aliasdocs -rename nullable.Nullable=polar.Field subscriptions/types.go
//go:generate go run ./internal/aliasdocs orders/types.go
//go:generate go run ./internal/aliasdocs products/types.go
//go:generate go run ./internal/aliasdocs usage/types.go
//go:generate go run ./internal/aliasdocs licensekeys/types.go
//go:generate go run ./internal/aliasdocs polartest/types.go
