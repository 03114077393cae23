// Package polar is the client of Polar's API.
package polar

// Operation is one operation of the contract.
type Operation struct {
	Name, ID, Method, Path string
	Scopes                 []string
	Idempotent, Deprecated bool
}
