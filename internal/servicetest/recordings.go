package servicetest

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/polar"
)

// Recordings replays every recorded response to an operation of the package. A success
// must decode without loss, and a failure must become the right error. Recordings also
// checks that it uses each of the named scenarios. refused makes more checks of an
// error, and may be nil.
func (s Service) Recordings(t *testing.T, refused func(t *testing.T, step recording.Step, err error), scenarioNames ...string) {
	all, err := scenarios()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]int{}
	for name, scenario := range all {
		for i, step := range scenario.Steps {
			call, ok := s.callFor(t, step)
			if !ok {
				continue
			}
			t.Run(name, func(t *testing.T) {
				used[name]++
				w := &Wire{Responses: []Response{response(step)}}
				got, err := call.Do(t.Context(), w.Client(t))
				if want := sentinelsOf(step); Is(err) != want {
					t.Fatalf("step %d: %s %s: is %q, want %q: %v\n%.300s", i, step.Method, step.Path, Is(err), want, err, step.ResponseBody)
				}
				if err != nil {
					checkError(t, step, err)
					if refused != nil {
						refused(t, step, err)
					}
					return
				}
				for _, problem := range DifferencesJSON(t, step.ResponseBody, got) {
					t.Errorf("step %d: %s %s: %s", i, step.Method, step.Path, problem)
				}
			})
		}
	}
	for _, name := range scenarioNames {
		if used[name] == 0 {
			t.Errorf("no step of %s was replayed", name)
		}
	}
}

// callFor finds the call for the operation of a step.
func (s Service) callFor(t *testing.T, step recording.Step) (Call, bool) {
	path, _, _ := strings.Cut(step.Path, "?")
	if strings.Contains(path, "%2F") || step.Trimmed && step.Status < 300 {
		return Call{}, false
	}
	for _, call := range s.Calls {
		op := operation(t, call.Operation)
		if !call.Unreplayed && op.Method == step.Method && templatePattern(op.Path).MatchString(path) {
			return call, true
		}
	}
	return Call{}, false
}

// templatePattern returns a pattern of the paths that a template describes. The IDs in
// them are UUIDs, or "nope".
func templatePattern(template string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), `(nope|[0-9a-f]+-[0-9a-f-]+)`) + "$")
}

// sentinelsOf names the sentinels that the error of a step must match, or "".
func sentinelsOf(s recording.Step) string {
	var body struct{ Error string }
	_ = json.Unmarshal([]byte(s.ResponseBody), &body)
	switch {
	case s.Status < 300:
		return ""
	case s.Status == http.StatusTooManyRequests:
		return "ErrRateLimited"
	case s.Status == http.StatusInternalServerError && s.Method == http.MethodGet:
		return "ErrServer"
	case s.Status == http.StatusInternalServerError:
		return "ErrOutcomeUnknown ErrServer"
	case body.Error == "":
		return "ErrUnexpectedResponse"
	case body.Error == "insufficient_scope":
		return "ErrInsufficientScope"
	}
	return map[int]string{
		400: "ErrValidation", 401: "ErrUnauthorized", 402: "ErrPaymentFailed", 403: "ErrNotPermitted", 404: "ErrNotFound", 409: "ErrConflict",
		410: "ErrConflict", 411: "ErrUnexpectedResponse", 412: "ErrConflict", 413: "ErrValidation", 422: "ErrValidation",
	}[s.Status]
}

// checkError compares an error with the recorded body, and checks its text.
func checkError(t *testing.T, s recording.Step, err error) {
	t.Helper()
	checkText(t, err)
	var e *polar.Error
	if !errors.As(err, &e) || e.StatusCode != s.Status {
		t.Fatalf("got %#v", err)
	}
	var body struct {
		Error  string
		Detail json.RawMessage
	}
	if json.Unmarshal([]byte(s.ResponseBody), &body) != nil {
		return
	}
	var items []struct{ Type, Msg string }
	_ = json.Unmarshal(body.Detail, &items)
	if e.Code != body.Error || len(e.Fields) != len(items) {
		t.Errorf("%.300s became code %s, fields %v", s.ResponseBody, e.Code, e.Fields)
		return
	}
	for i, item := range items {
		f := e.Fields[i]
		if f.Type != item.Type || f.Message != item.Msg && len(item.Msg) < 4096 {
			t.Errorf("%+v became %+v", item, f)
		}
		if f.In == "body" && f.Type != "json_invalid" && strings.ContainsAny(f.Path, "[](") {
			t.Errorf("the field %q names the service's own types", f.Path)
		}
	}
}
