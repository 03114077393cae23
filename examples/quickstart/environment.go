package main

import (
	"fmt"

	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// Where the tour runs.
const (
	embedded   = "embedded server"
	sandbox    = "sandbox"
	production = "production"
)

type environment struct {
	name   string
	client *polar.Client
	server *polartest.Server // nil unless embedded
}

// openEnvironment returns the embedded server if token is empty. Otherwise it
// returns the sandbox, or production if name says so.
func openEnvironment(token, name string) (*environment, error) {
	switch {
	case name != "" && name != sandbox && name != production:
		return nil, fmt.Errorf("POLAR_ENVIRONMENT is %q: set it to %s or %s", name, sandbox, production)
	case name == production && token == "":
		return nil, fmt.Errorf("POLAR_ENVIRONMENT is %s: set POLAR_ACCESS_TOKEN as well", production)
	case token == "":
		server, err := polartest.Start()
		if err != nil {
			return nil, err
		}
		return &environment{name: embedded, client: server.Client(), server: server}, nil
	case name == production:
		client, err := polar.New(token)
		return &environment{name: production, client: client}, err
	}
	client, err := polar.New(token, polar.WithSandbox())
	return &environment{name: sandbox, client: client}, err
}

// Close stops the embedded server and returns its errors.
func (e *environment) Close() error {
	if e.server == nil {
		return nil
	}
	return e.server.Close()
}
