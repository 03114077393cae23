package servicetest

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// ID is a UUID for calls.
const ID = "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f"

// hostile are IDs that could lead to another path, and whether they are valid.
var hostile = map[string]bool{
	ID: true, strings.ToUpper(ID): true,
	"": false, ".": false, "..": false, "...": false, "a/b": false, "../" + ID: false, ID + "/": false, ID + "?x=1": false, ID + "#": false,
	"%2e%2e": false, "foo%2Fbar": false, "%": false, "a\x00b": false, "a\nb": false, "a\xffb": false, " " + ID: false, ID + " ": false,
	"{" + ID + "}": false, "urn:uuid:" + ID: false, strings.ReplaceAll(ID, "-", ""): false, "5b1e2f3c00a4d-4c8e-9f10-2a3b4c5d6e7f": false,
	"export": false, "external": false, "http://evil.example": false, strings.Repeat("a", 10_000): false, "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7g": false,
}

// HostileIDs checks that every method with an ID in its path requests the object with
// this ID, or sends nothing.
func (s Service) HostileIDs(t *testing.T) {
	for id, good := range hostile {
		for _, call := range s.addressed(t) {
			s.checkID(t, call, id, good)
		}
	}
}

// FuzzID makes the checks of HostileIDs with any ID.
func (s Service) FuzzID(f *testing.F) {
	for id := range hostile {
		f.Add(id)
	}
	calls := s.addressed(f)
	f.Fuzz(func(t *testing.T, id string) {
		for _, call := range calls {
			s.checkID(t, call, id, false)
		}
	})
}

// addressed returns the calls with an ID in their path, and checks that each of them
// sets With.
func (s Service) addressed(t testing.TB) (calls []Call) {
	for _, call := range s.Calls {
		if has := strings.Contains(operation(t, call.Operation).Path, "{"); has != (call.With != nil) {
			t.Errorf("%s: the path has an ID: %t, but the call sets With: %t", call.Method, has, call.With != nil)
		} else if has {
			calls = append(calls, call)
		}
	}
	return calls
}

func (s Service) checkID(t *testing.T, call Call, id string, mustSend bool) {
	t.Helper()
	w := &Wire{Responses: []Response{JSON(404, `{"error":"ResourceNotFound","detail":"Not found"}`)}}
	err := call.With(t.Context(), w.Client(t), id)
	if len(w.Sent()) == 0 {
		if mustSend || !errors.Is(err, polar.ErrInvalidArgument) || !strings.Contains(err.Error(), ": id: ") {
			t.Errorf("%s(%.50q): no request, but %v", call.Method, id, err)
		}
		checkText(t, err)
		return
	}
	decoded, unescapeErr := url.PathUnescape(w.Paths()[0])
	if want := strings.ReplaceAll(operation(t, call.Operation).Path, "{id}", id); unescapeErr != nil || decoded != want || len(id) != 36 || strings.ContainsAny(id, "/.%?#") {
		t.Errorf("%s(%.50q): path %.99q, want %.99q", call.Method, id, decoded, want)
	}
}
