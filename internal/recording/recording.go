// Package recording holds exchanges that were recorded from the service, for
// tests to replay. Only tests and the command in the folder compact import it.
//
// A recording is a scenario: a series of steps, each a request and the
// service's response. It comes in two formats. The original format is one JSON
// document per scenario, with every header and with bodies as strings, in a
// file named *.json. The compact format holds what a replay compares, in JSON
// lines, in a file named *.jsonl; the folder testdata holds recordings in this
// format, and [Format] describes it.
package recording

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
)

//go:embed testdata
var testdata embed.FS

// Scenario is a recorded series of exchanges with the service.
type Scenario struct {
	Name        string
	Description string
	Steps       []Step
}

// Step is one request and the service's response.
type Step struct {
	Method string `json:"method"`
	// Path is the request target as it was sent, with its query.
	Path string `json:"path"`
	// Token names the credential that was sent as a bearer token. It is nil if the
	// request had no Authorization header, or one that is in RequestHeaders.
	Token *string `json:"token"`
	// RequestHeaders has the names and values that were sent.
	RequestHeaders map[string]string `json:"request_headers"`
	// RequestBody is nil if the request had no body.
	RequestBody *string `json:"request_body"`
	// RequestTrimmed is true if RequestBody is only the beginning of the body.
	RequestTrimmed bool      `json:"request_trimmed"`
	Transport      Transport `json:"transport"`

	Status          int         `json:"status"`
	ResponseHeaders http.Header `json:"-"`
	ResponseBody    string      `json:"response_body"`
	// Trimmed is true if ResponseBody is only the beginning of the body.
	Trimmed bool `json:"trimmed"`
}

// Transport describes what was unusual about how a request was written to the
// connection.
type Transport struct {
	// Host is false if the request had no Host header.
	Host *bool `json:"host,omitempty"`
	// HTTPVersion is empty for HTTP/1.1.
	HTTPVersion string `json:"http_version,omitempty"`
	Chunked     bool   `json:"chunked,omitempty"`
}

// Customers returns the module's recordings of customers and members.
func Customers() ([]*Scenario, error) { return embedded("customers") }

// Services returns the module's recordings of the other services.
func Services() ([]*Scenario, error) { return embedded("services") }

func embedded(folder string) ([]*Scenario, error) {
	fsys, err := fs.Sub(testdata, "testdata/"+folder)
	if err != nil {
		return nil, err
	}
	return Read(fsys)
}

// Read returns the scenarios of a folder, in either format, sorted by file name. If
// there are none, the error matches [fs.ErrNotExist].
func Read(fsys fs.FS) ([]*Scenario, error) {
	var scenarios []*Scenario
	files, err := fs.Glob(fsys, "*.json*")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		parse := parseOriginal
		switch path.Ext(file) {
		case ".json":
		case ".jsonl":
			parse = Parse
		default:
			continue
		}
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		s, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if s.Name == "" || len(s.Steps) == 0 {
			return nil, fmt.Errorf("%s: a recording needs a name and steps", file)
		}
		scenarios = append(scenarios, s)
	}
	if len(scenarios) == 0 {
		return nil, fmt.Errorf("no recordings (*.json, *.jsonl): %w", fs.ErrNotExist)
	}
	return scenarios, nil
}

// parseOriginal reads a scenario in the original format.
func parseOriginal(data []byte) (*Scenario, error) {
	var doc struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Steps       []struct {
			Step
			ResponseHeaders [][2]string `json:"response_headers"`
		} `json:"steps"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	s := &Scenario{Name: doc.Name, Description: doc.Description}
	for _, original := range doc.Steps {
		step := original.Step
		step.ResponseHeaders = http.Header{}
		for _, h := range original.ResponseHeaders {
			step.ResponseHeaders.Add(h[0], h[1])
		}
		s.Steps = append(s.Steps, step)
	}
	return s, nil
}

// Originals returns the folder with recordings in the original format, which is
// ../shared/transcripts from the root of the module. It is not part of the module, and
// ok is false if it does not exist.
func Originals() (dir string, ok bool) {
	root, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		_, err := os.Stat(filepath.Join(root, "go.mod"))
		if err == nil {
			break
		}
		parent := filepath.Dir(root)
		if !errors.Is(err, fs.ErrNotExist) || parent == root {
			return "", false
		}
		root = parent
	}
	dir = filepath.Join(root, "..", "shared", "transcripts")
	_, err = os.Stat(dir)
	return dir, err == nil
}
