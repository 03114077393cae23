package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Slice says which part of Polar's API the contract holds. It is read from
// openapi/slice.yaml.
type Slice struct {
	// APIVersion is the version of the API that the document must describe.
	APIVersion string `yaml:"api_version"`

	// Source is the URL of the document, used when no other is given.
	Source string `yaml:"source"`

	// Paths are prefixes: an operation whose path begins with one of them is
	// in the slice.
	Paths []string `yaml:"paths"`

	// Tags select the operations that carry one of them.
	Tags []string `yaml:"tags"`

	// Webhooks are prefixes of the names of the webhooks in the slice.
	Webhooks []string `yaml:"webhooks"`
}

// ParseSlice reads a slice's configuration. A field that it does not know is
// an error.
func ParseSlice(data []byte) (Slice, error) {
	var s Slice
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&s); err != nil && err != io.EOF {
		return s, errors.New(oneLine(err))
	}
	switch {
	case s.APIVersion == "":
		return s, errors.New("api_version is missing")
	case len(s.Paths)+len(s.Tags)+len(s.Webhooks) == 0:
		return s, errors.New("it selects nothing: give paths, tags or webhooks")
	}
	for _, p := range s.Paths {
		if !strings.HasPrefix(p, "/") {
			return s, fmt.Errorf("the path prefix %q does not begin with a slash", p)
		}
	}
	return s, nil
}

var methods = []string{"get", "put", "post", "patch", "delete", "head", "options", "trace"}

// pick returns the path items that hold selected operations, with no other
// operations in them.
func pick(paths any, keep func(name string, op map[string]any) bool) map[string]any {
	all, _ := paths.(map[string]any)
	picked := map[string]any{}
	for name, v := range all {
		item, ok := v.(map[string]any)
		if !ok {
			continue
		}
		left := map[string]any{}
		found := false
		for key, v := range item {
			op, isOp := v.(map[string]any)
			if !slices.Contains(methods, key) {
				left[key] = v
			} else if isOp && keep(name, op) {
				left[key], found = v, true
			}
		}
		if found {
			picked[name] = left
		}
	}
	return picked
}

func (s Slice) keepOperation(path string, op map[string]any) bool {
	if hasPrefix(path, s.Paths) {
		return true
	}
	tags, _ := op["tags"].([]any)
	return slices.ContainsFunc(tags, func(t any) bool {
		name, _ := t.(string)
		return slices.Contains(s.Tags, name)
	})
}

func (s Slice) keepWebhook(name string, _ map[string]any) bool {
	return hasPrefix(name, s.Webhooks)
}

func hasPrefix(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
