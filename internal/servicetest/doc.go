// Package servicetest tests service packages: every method with every kind of response,
// with the recordings of the service and with hostile IDs, and its documentation. Only
// tests import it.
package servicetest

import (
	"context"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// Service describes a service package to its tests.
type Service struct {
	// Name is the package's name.
	Name string
	// Calls has at least one call for each operation that the package wraps.
	Calls []Call
	// Meaning returns r with the sentinels and the text that the package gives to the
	// error of a call, where they differ from those of package polar. It may be nil.
	Meaning func(call Call, r Result) Result
}

// Call is a call of a method with all of its parameters set.
type Call struct {
	// Method is the method's name, such as "Client.Get".
	Method string
	// Operation is the ID, in the contract, of the operation that it calls.
	Operation string
	// Words begin the text of its errors, such as "subscriptions: get".
	Words string
	// OK is a recorded response to it.
	OK Recorded
	// Do makes the call.
	Do func(ctx context.Context, c *polar.Client) (any, error)
	// With makes the call for the object with the given ID. It is nil if the path of
	// the operation has no ID.
	With func(ctx context.Context, c *polar.Client, id string) error
	// Body and Status are the response if no recording has one. They replace OK.
	Body string
	// Status goes with Body.
	Status int
	// Unreplayed excludes the call from Recordings, which uses another call of the
	// same operation.
	Unreplayed bool
}

// Recorded names a step of a recording. Steps count from 0.
type Recorded struct {
	Scenario string
	Step     int
}

// operation returns the contract's operation with this ID.
func operation(t testing.TB, id string) polar.Operation {
	t.Helper()
	for _, op := range polar.Operations() {
		if op.ID == id {
			return op
		}
	}
	t.Fatalf("the contract has no operation %s", id)
	return polar.Operation{}
}
