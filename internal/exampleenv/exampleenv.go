// Package exampleenv opens the client that the examples share: on a server
// embedded in the program, on Polar's sandbox, or in production.
package exampleenv

import (
	"fmt"
	"os"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
)

// What Env.Name says.
const (
	Embedded   = "embedded"
	Sandbox    = "sandbox"
	Production = "production"
)

// Env is a client and where it leads.
type Env struct {
	Client *customers.Client
	// Server is nil unless it is embedded in the program.
	Server *customerstest.Server
	// Name is Embedded, Sandbox or Production.
	Name string
}

// Open reads POLAR_ACCESS_TOKEN, without which the server is an embedded one,
// and POLAR_ENVIRONMENT: sandbox, which is the default, or production.
func Open(opts ...customers.Option) (*Env, error) {
	token, name := os.Getenv("POLAR_ACCESS_TOKEN"), os.Getenv("POLAR_ENVIRONMENT")
	switch {
	case name != "" && name != Sandbox && name != Production:
		return nil, fmt.Errorf("POLAR_ENVIRONMENT is %q: set it to %s or %s", name, Sandbox, Production)
	case name == Production && token == "":
		return nil, fmt.Errorf("POLAR_ENVIRONMENT is %s: set POLAR_ACCESS_TOKEN as well", Production)
	case token == "":
		return embedded(opts)
	case name == Production:
		return open(Production, token, opts)
	}
	return open(Sandbox, token, append([]customers.Option{customers.WithSandbox()}, opts...))
}

func open(name, token string, opts []customers.Option) (*Env, error) {
	client, err := customers.New(token, opts...)
	if err != nil {
		return nil, err
	}
	return &Env{Client: client, Name: name}, nil
}

func embedded(opts []customers.Option) (*Env, error) {
	server, err := customerstest.Start()
	if err != nil {
		return nil, err
	}
	// Not server.Client, which has no way to return an error outside of a test.
	env, err := open(Embedded, server.Token(), append([]customers.Option{customers.WithBaseURL(server.URL())}, opts...))
	if err != nil {
		_ = server.Close()
		return nil, err
	}
	env.Server = server
	return env, nil
}

// Close stops the embedded server, and returns what went wrong on it.
func (e *Env) Close() error {
	if e.Server == nil {
		return nil
	}
	return e.Server.Close()
}
