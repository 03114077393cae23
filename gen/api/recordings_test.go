package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/gen/api"
	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/polar"
)

// Every successful response that was recorded from the service decodes, and what
// is decoded is what was sent. Package customers replays its own recordings.
func TestRecordings(t *testing.T) {
	scenarios, err := recording.Services()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, scenario := range scenarios {
		for i, step := range scenario.Steps {
			op, ok := operationOf(step.Method, step.Path)
			if !ok || step.Status < 200 || step.Status > 299 || step.Trimmed {
				continue
			}
			count++
			replay(t, fmt.Sprintf("%s, step %d, %s", scenario.Name, i+1, op.ID), op, step)
		}
	}
	if count < 500 {
		t.Errorf("only %d exchanges were replayed", count)
	}
}

func replay(t *testing.T, name string, op polar.Operation, step recording.Step) {
	client, err := api.NewClientWithResponses("https://api.polar.sh/", api.WithHTTPClient(doer(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: step.Status,
			Header:     step.ResponseHeaders,
			Body:       io.NopCloser(strings.NewReader(step.ResponseBody)),
		}, nil
	})))
	if err != nil {
		t.Fatal(err)
	}
	call, ok := find(client, op.ID)
	if !ok {
		t.Fatalf("%s: no method", name)
	}
	results := call.Call(arguments(t, call.Type()))
	if err, _ := results[1].Interface().(error); err != nil {
		t.Errorf("%s: %v in %s", name, err, step.ResponseBody)
		return
	}
	decoded := results[0].Elem().FieldByName("JSON" + strconv.Itoa(step.Status))
	if decoded.IsValid() && !decoded.IsNil() {
		checkWithin(t, name, plain(t, decoded.Interface()), plain(t, json.RawMessage(step.ResponseBody)))
	}
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

func operationOf(method, target string) (polar.Operation, bool) {
	path, _, _ := strings.Cut(target, "?")
	var found polar.Operation
	for _, op := range polar.Operations() {
		if op.Method == method && matches(op.Path, path) && (found.ID == "" || strings.Count(op.Path, "{") < strings.Count(found.Path, "{")) {
			found = op
		}
	}
	return found, found.ID != ""
}

func matches(route, path string) bool {
	segments, parts := strings.Split(route, "/"), strings.Split(path, "/")
	if len(segments) != len(parts) {
		return false
	}
	for i, segment := range segments {
		if segment != parts[i] && !(strings.HasPrefix(segment, "{") && parts[i] != "") {
			return false
		}
	}
	return true
}

// checkWithin fails where got has something that is not null and not the same in all.
func checkWithin(t *testing.T, at string, got, all any) {
	t.Helper()
	switch got := got.(type) {
	case object:
		fields, _ := all.(object)
		for name, v := range got {
			checkWithin(t, at+"."+name, v, fields[name])
		}
	case []any:
		items, _ := all.([]any)
		if len(items) != len(got) {
			t.Errorf("%s: got %v, want %v", at, got, all)
			return
		}
		for i, v := range got {
			checkWithin(t, fmt.Sprintf("%s[%d]", at, i), v, items[i])
		}
	case nil:
	default:
		if got != all && !sameTime(got, all) {
			t.Errorf("%s: got %v, want %v", at, got, all)
		}
	}
}

func sameTime(a, b any) bool {
	x, _ := a.(string)
	y, _ := b.(string)
	first, err := time.Parse(time.RFC3339, x)
	second, err2 := time.Parse(time.RFC3339, y)
	return err == nil && err2 == nil && first.Equal(second)
}
