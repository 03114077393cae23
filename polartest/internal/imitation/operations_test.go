package imitation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// recordingT is a test that can fail without failing the test around it.
type recordingT struct {
	testing.TB
	messages []string
}

func (t *recordingT) Helper()        {}
func (t *recordingT) Cleanup(func()) {}
func (t *recordingT) Fatalf(format string, args ...any) {
	t.messages = append(t.messages, strings.TrimSpace(fmt.Sprintf(format, args...)))
	panic(t) // a real test ends its goroutine
}

// failsAtOnce runs f and returns how it failed the test.
func failsAtOnce(t *testing.T, srv *Server, f func()) (message string) {
	t.Helper()
	fake := &recordingT{TB: t}
	srv.mu.Lock()
	real := srv.t
	srv.t = fake
	srv.mu.Unlock()
	defer func() {
		srv.t = real
		if v := recover(); v != nil && v != any(fake) {
			panic(v)
		}
		message = strings.Join(fake.messages, "\n")
	}()
	f()
	return ""
}

func TestOperationNames(t *testing.T) {
	for _, op := range polar.Operations() {
		for _, name := range []string{op.ID, op.Name} {
			if id, err := operationID(name); err != nil || id != op.ID {
				t.Errorf("operationID(%q) = %q, %v, want %q", name, id, err, op.ID)
			}
		}
	}
	for name, want := range map[string]string{
		"customers.create":          `"customers.Create"`,
		"Create":                    `"customers:create"`,
		"customers:member:create":   `"customers:members:create"`,
		"customers.GetByExternalId": `"customers.GetByExternalID"`,
		"":                          `"customers:create"`,
	} {
		if _, err := operationID(name); err == nil || !strings.Contains(err.Error(), "did you mean "+want) {
			t.Errorf("operationID(%q) = %v, want a suggestion of %s", name, err, want)
		}
	}
}

// Every route is an operation of the contract, with its scopes.
func TestRoutesFollowContract(t *testing.T) {
	operations := map[string]polar.Operation{}
	for _, op := range polar.Operations() {
		operations[op.ID] = op
	}
	for _, rt := range routes {
		op, ok := operations[rt.operation]
		if rt.operation == "checkout-links:redirect" {
			continue // what browsers follow is not in the contract
		}
		if !ok || op.Method != rt.method || op.Path != rt.pattern || strings.Join(op.Scopes, " ") != strings.Join(rt.scopes, " ") {
			t.Errorf("route %s %s (%s, %v) is %+v in the contract", rt.method, rt.pattern, rt.operation, rt.scopes, op)
		}
	}
}

func TestUnknownNamesFailAtOnce(t *testing.T) {
	srv := NewServer(t)
	for name, f := range map[string]func(){
		"FailNext": func() { srv.FailNext(Failure{Operation: "customers.Crate"}) },
		"Outage":   func() { srv.Outage(Failure{Operation: "customers.Crate"}) },
		"Expect":   func() { srv.Expect("customers.Crate", 0) },
		"Requests": func() { srv.Requests("customers.Crate") },
	} {
		message := failsAtOnce(t, srv, f)
		if !strings.Contains(message, name) || !strings.Contains(message, `did you mean "customers.Create"?`) {
			t.Errorf("%s of an unknown operation: %q", name, message)
		}
	}
}

// Without a test, Close reports mistakes in scripts.
func TestUnknownNamesWithoutTest(t *testing.T) {
	srv, err := Start(WithoutSocket())
	if err != nil {
		t.Fatal(err)
	}
	srv.FailNext(Failure{Operation: "customers.Crate"})
	if err := srv.Close(); err == nil || !strings.Contains(err.Error(), `did you mean "customers.Create"?`) || strings.Contains(err.Error(), "no request met") {
		t.Errorf("Close() = %v", err)
	}
}

// Operations that the server does not implement fail with 501, and can be scripted.
func TestUnimplementedOperations(t *testing.T) {
	srv := NewServer(t)
	token := srv.Token()
	status, body := do(t, srv, token, "GET", "/v1/files/", "")
	if status != 501 || body != `{"error":"NotImplemented","detail":"polartest does not implement files.List (GET /v1/files/)."}` {
		t.Errorf("%d %s", status, body)
	}
	srv.FailNext(Failure{Operation: "files.Update", Status: 200, Body: `{"id":"1"}`})
	if status, body := do(t, srv, token, "PATCH", "/v1/files/1", ""); status != 200 || body != `{"id":"1"}` {
		t.Errorf("scripted: %d %s", status, body)
	}
	if n := len(srv.Requests("files.List", "files:update")); n != 2 {
		t.Errorf("%d requests are kept, want 2", n)
	}
	if status, body := do(t, srv, token, "GET", "/v1/nowhere/", ""); status != 404 {
		t.Errorf("no operation at all: %d %s", status, body)
	}
}
