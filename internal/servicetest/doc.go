// Package servicetest tests packages of services: each method against every kind
// of response, the recordings of the service, hostile IDs, and documentation. Only
// tests import it.
package servicetest

import (
	"context"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// Service is a package to test, in the folder of its tests.
type Service struct {
	// Name is the package's name.
	Name string
	// Calls has at least one call for each operation that the package wraps.
	Calls []Call
	// Methods names the methods that an operation has, other than its own name and
	// those of Calls: the pages of a list, for example.
	Methods map[string][]string
	// Meaning changes the sentinels and the text that an error of a call has because of
	// what the package knows. It may be nil.
	Meaning func(call Call, r Result) Result
}

// Call is a call of a method with everything that it can send.
type Call struct {
	// Method is the method's name, such as "Client.Get".
	Method string
	// Operation is the contract's ID of what it sends.
	Operation string
	// Words are how an error says it, such as "subscriptions: get".
	Words string
	// OK is a response to it, which a recording has.
	OK Recorded
	// Do makes the call.
	Do func(ctx context.Context, c *polar.Client) (any, error)
	// With makes the call for the object with an ID. It is nil if there is none in the
	// path.
	With func(ctx context.Context, c *polar.Client, id string) error
	// Body and Status are a response that no recording has, in place of OK.
	Body string
	// Status goes with Body.
	Status int
	// Unreplayed leaves the call out when the recordings are replayed: another of
	// the same operation stands for it.
	Unreplayed bool
}

// Recorded names a step of a recording, from 0.
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
