package recording

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

// folders are the folders of testdata, and where their originals are.
var folders = map[string]string{"customers": "", "services": "services"}

func files(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(testdata, path.Join("testdata", folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("testdata/%s has no files", folder)
	}
	all := map[string][]byte{}
	for _, name := range names {
		if all[path.Base(name)], err = fs.ReadFile(testdata, name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// The files in testdata are the compact form of the originals.
func TestFilesComeFromOriginals(t *testing.T) {
	dir, ok := Originals()
	if !ok {
		t.Skipf("no folder %q with the original recordings", dir)
	}
	for folder, from := range folders {
		scenarios, err := Read(os.DirFS(filepath.Join(dir, from)))
		if err != nil {
			t.Fatal(err)
		}
		want := files(t, folder)
		for _, s := range scenarios {
			got, err := Format(Compact(s))
			if err != nil {
				t.Fatal(err)
			}
			file := s.Name + ".jsonl"
			if !bytes.Equal(got, want[file]) {
				t.Errorf("testdata/%s/%s is not what the command compact writes", folder, file)
			}
			delete(want, file)
		}
		for file := range want {
			t.Errorf("testdata/%s/%s has no original", folder, file)
		}
	}
}

// Reading and writing a file in testdata gives the same bytes.
func TestFilesRoundTrip(t *testing.T) {
	for folder := range folders {
		for file, want := range files(t, folder) {
			s, err := Parse(want)
			if err != nil {
				t.Fatalf("%s/%s: %v", folder, file, err)
			}
			if s.Name+".jsonl" != file {
				t.Errorf("%s/%s is of scenario %s", folder, file, s.Name)
			}
			for _, scenario := range []*Scenario{s, Compact(s)} {
				got, err := Format(scenario)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s/%s changes when it is read and written", folder, file)
				}
			}
		}
	}
}

// The format keeps every byte of a body, and everything else that a step has.
func TestFormatRoundTrip(t *testing.T) {
	text := func(s string) *string { return &s }
	no := false
	bodies := []string{
		``, ` `, `{}`, `[]`, `null`, `"text"`, `12`, `{"a": 1,  "a":2}`, `{"a":"<&>\u2028\ud800"}`, "{\n}", ` {}`, `{} `, `{"a":`, `[1,]`,
		`{"n":1e400,"m":100000000000000000000.0}`, "a,b\r\nc,\"d\n\"\r\n", "\x00\x01\u2028é😀", strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999),
	}
	s := &Scenario{Name: "any", Description: `a "description" <of> it`}
	for _, body := range bodies {
		s.Steps = append(s.Steps,
			Step{Method: "POST", Path: "/v1/customers/?a=%20\"\n", Token: text("A"), RequestHeaders: map[string]string{"content-type": "application/json"},
				RequestBody: text(body), Status: 201, ResponseHeaders: http.Header{"Content-Type": {"application/json"}}, ResponseBody: body},
			Step{Method: "GET", Status: 200, RequestHeaders: map[string]string{"Polar-Version": "2026-04 ", "empty": ""}, RequestTrimmed: true, Trimmed: true,
				Transport:       Transport{Host: &no, HTTPVersion: "1.0", Chunked: true},
				ResponseHeaders: http.Header{"Transfer-Encoding": {"chunked"}, "Content-Type": {"text/csv"}}, ResponseBody: body},
			Step{Method: "HEAD", Status: 405, RequestHeaders: map[string]string{}, ResponseHeaders: http.Header{"Content-Length": {"31"}}},
			Step{Method: "DELETE", Status: 204, RequestHeaders: map[string]string{}, ResponseHeaders: http.Header{"Content-Length": {"0"}, "X": {""}}},
		)
	}
	data, err := Format(s)
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(data, []byte("\n")); lines != 1+len(s.Steps) {
		t.Errorf("%d lines, want one and one for each of %d steps", lines, len(s.Steps))
	}
	got, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != s.Name || got.Description != s.Description || len(got.Steps) != len(s.Steps) {
		t.Fatalf("got %q, %q with %d steps", got.Name, got.Description, len(got.Steps))
	}
	for i := range s.Steps {
		if !reflect.DeepEqual(got.Steps[i], s.Steps[i]) {
			t.Errorf("step %d:\ngot  %+v\nwant %+v", i, got.Steps[i], s.Steps[i])
		}
	}
}

func TestFormatReadable(t *testing.T) {
	body := `{"email": "a@example.com"}`
	step := Step{Method: "POST", Path: "/v1/customers/", RequestHeaders: map[string]string{"content-type": "application/json"}, RequestBody: &body,
		Status: 200, ResponseHeaders: http.Header{"Content-Type": {"application/json"}, "Content-Length": {"13"}}, ResponseBody: `{"id":"<12>"}`}
	plain := Step{Method: "GET", Path: "/", Status: 404, ResponseHeaders: http.Header{"Content-Length": {"4"}}, ResponseBody: "none"}
	got, err := Format(&Scenario{Name: "example", Steps: []Step{step, step, plain}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"format":1,"name":"example","request_headers":{"content-type":"application/json"},"response_headers":{"content-type":"application/json"}}
{"method":"POST","path":"/v1/customers/","request":{"email": "a@example.com"},"status":200,"response":{"id":"<12>"}}
{"method":"POST","path":"/v1/customers/","request":{"email": "a@example.com"},"status":200,"response_of":0}
{"method":"GET","path":"/","status":404,"response_headers":{"content-type":null},"response":"none"}
`
	if string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Format returns an error instead of losing what it cannot hold.
func TestFormatRefuses(t *testing.T) {
	for name, header := range map[string]http.Header{
		"two values":         {"Allow": {"GET", "POST"}},
		"name not canonical": {"allow": {"GET"}},
	} {
		if _, err := Format(&Scenario{Name: "x", Steps: []Step{{Method: "GET", Status: 200, ResponseHeaders: header}}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestReadErrors(t *testing.T) {
	const first = `{"format":1,"name":"x"}` + "\n"
	for text, want := range map[string]string{
		``:                                       "a.jsonl: line 1: EOF",
		`{"format":2,"name":"x"}`:                "a.jsonl: line 1: format 2, want 1",
		`{"format":1,"name":"x","more":1}`:       `a.jsonl: line 1: json: unknown field "more"`,
		`{"format":1}` + "\n" + `{"method":"G"}`: "a.jsonl: a recording needs a name and steps",
		first:                                    "a.jsonl: a recording needs a name and steps",
		first + `{"method":"GET"} {}`:            "a.jsonl: line 2: more than one value",
		first + `{"verb":"GET"}`:                 `a.jsonl: line 2: json: unknown field "verb"`,
		first + `{"request":12}`:                 "a.jsonl: line 2: request: neither an object, an array nor a string",
		first + `{"response":true}`:              "a.jsonl: line 2: response: neither an object, an array nor a string",
		first + "{}\n" + `{"response_of":1}`:     "a.jsonl: line 3: response_of: no step 1 before this one",
		first + `{"response_of":-1}`:             "a.jsonl: line 2: response_of: no step -1 before this one",
	} {
		_, err := Read(fstest.MapFS{"a.jsonl": {Data: []byte(text)}})
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if _, err := Read(fstest.MapFS{"a.json": {Data: []byte(`{"name":`)}}); err == nil || !strings.HasPrefix(err.Error(), "a.json: ") {
		t.Errorf("broken original: got %v", err)
	}
	if _, err := Read(fstest.MapFS{"README.md": {}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no recordings: got %v", err)
	}
}

// A recording reads the same in both formats.
func TestReadOriginal(t *testing.T) {
	original := `{"name": "x", "description": "d", "steps": [
		{"method": "POST", "path": "/v1/customers/", "token": "A", "note": "of no interest", "request_headers": {"content-type": "application/json"},
		 "request_body": "{\"a\": 1}", "status": 200, "response_headers": [["date", "Mon"], ["content-type", "text/plain"], ["content-length", "2"]], "response_body": "ok"},
		{"method": "GET", "path": "/v1/customers", "transport": {"host": false}, "request_headers": {}, "request_body": null,
		 "status": 307, "response_headers": [["location", "/v1/customers/"]], "response_body": "", "trimmed": true, "request_trimmed": true}]}`
	compact := `{"format":1,"name":"x","description":"d","request_headers":{"content-type":"application/json"}}
{"method":"POST","path":"/v1/customers/","token":"A","request":{"a": 1},"status":200,"response_headers":{"content-type":"text/plain"},"response":"ok"}
{"method":"GET","path":"/v1/customers","transport":{"host":false},"request_trimmed":true,"status":307,"response_headers":{"content-length":null,"location":"/v1/customers/"},"response_trimmed":true}
`
	scenarios, err := Read(fstest.MapFS{"1.json": {Data: []byte(original)}, "2.jsonl": {Data: []byte(compact)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := scenarios[0].Steps[0].ResponseHeaders.Get("Date"); got != "Mon" {
		t.Errorf("date is %q", got)
	}
	if got := Compact(scenarios[0]); !reflect.DeepEqual(got, scenarios[1]) {
		t.Errorf("the original is\n%+v\nthe compact one\n%+v", got, scenarios[1])
	}
	if got, err := Format(scenarios[1]); err != nil || string(got) != compact {
		t.Errorf("got\n%s%v", got, err)
	}
}

func TestCompactCutsTrimmedBodies(t *testing.T) {
	long := "x" + strings.Repeat("é", maxTrimmed)
	s := &Scenario{Name: "x", Steps: []Step{
		{Method: "POST", RequestBody: &long, ResponseBody: long},
		{Method: "POST", RequestBody: &long, RequestTrimmed: true, ResponseBody: long, Trimmed: true},
	}}
	got := Compact(s)
	if step := got.Steps[0]; *step.RequestBody != long || step.ResponseBody != long {
		t.Error("a whole body was cut")
	}
	want := long[:maxTrimmed-1] // not within a character
	if step := got.Steps[1]; *step.RequestBody != want || step.ResponseBody != want {
		t.Errorf("kept %d and %d bytes, want %d", len(*step.RequestBody), len(step.ResponseBody), len(want))
	}
	if *s.Steps[1].RequestBody != long {
		t.Error("the original was changed")
	}
}

// Compact replaces secrets in every part of a step, and equal secrets by equal text.
func TestCompactReplacesSecrets(t *testing.T) {
	one, other, hook := "polar_mst_"+strings.Repeat("Ab3", 15), "polar_mst_"+strings.Repeat("Cd4", 15), "whsec_"+strings.Repeat("eF5", 14)
	body := `{"secret": "` + hook + `=="}`
	s := &Scenario{Name: "x", Steps: []Step{{
		Path: "/portal?customer_session_token=" + one, RequestHeaders: map[string]string{"authorization": "Bearer " + other}, RequestBody: &body,
		ResponseHeaders: http.Header{"Location": {"http://127.0.0.1/" + one}}, ResponseBody: `{"a":"` + other + `","b":"polar_mst_short","key":"B159C91C-EA6C-481F-8044-9B65F7F2AC33"}`,
	}}}
	fill := func(prefix string, n int) string { return prefix + strings.Repeat("x", n-len(prefix)) }
	first, second, third := fill("polar_mst_recorded1", len(one)), fill("polar_mst_recorded2", len(other)), fill("whsec_recorded3", len(hook))
	got := Compact(s).Steps[0]
	for got, want := range map[string]string{
		got.Path:                            "/portal?customer_session_token=" + first,
		got.RequestHeaders["authorization"]: "Bearer " + second,
		*got.RequestBody:                    `{"secret": "` + third + `=="}`,
		got.ResponseHeaders.Get("Location"): "http://127.0.0.1/" + first,
		got.ResponseBody:                    `{"a":"` + second + `","b":"polar_mst_short","key":"00000000-0000-4000-8000-000000F2AC33"}`,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if s.Steps[0].RequestHeaders["authorization"] != "Bearer "+other || s.Steps[0].ResponseHeaders.Get("Location") != "http://127.0.0.1/"+one {
		t.Error("the original was changed")
	}
}

// The files in testdata contain no secret that the service generated.
func TestFilesHoldNoSecrets(t *testing.T) {
	for folder := range folders {
		for file, data := range files(t, folder) {
			for _, found := range secret.FindAllSubmatch(data, -1) {
				if !bytes.HasPrefix(found[2], []byte("recorded")) {
					t.Errorf("%s/%s: %s", folder, file, found[0])
				}
			}
		}
	}
}
