// Package contract makes the vendored contract from an OpenAPI document. The
// contract holds the facts of the document, sorted, without prose.
package contract

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// FromDocument returns the contract of a document in JSON or YAML, which must
// describe the given version of the API, and its encoding.
func FromDocument(document []byte, version string) (doc map[string]any, text []byte, err error) {
	if doc, err = Parse(document); err != nil {
		return nil, nil, err
	}
	if doc, err = Normalise(doc, version); err != nil {
		return nil, nil, err
	}
	text, err = Encode(doc)
	return doc, text, err
}

// Normalise returns the contract of doc: its operations and webhooks, and the
// components that they use. It does not modify doc.
func Normalise(doc map[string]any, version string) (map[string]any, error) {
	info, _ := doc["info"].(map[string]any)
	if v, _ := info["version"].(string); v != version {
		return nil, fmt.Errorf("the document describes API version %q, not %q", v, version)
	}
	n := &normaliser{doc: doc, components: map[string]any{}}
	if openapi, _ := doc["openapi"].(string); strings.HasPrefix(openapi, "3.0") {
		n.upgrade = true
	}
	out := map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Polar", "version": version},
	}
	for _, key := range []string{"paths", "webhooks", "servers", "security"} {
		if doc[key] == nil {
			continue
		}
		kept, err := n.value(fieldKind("document", key), doc[key], key)
		if err != nil {
			return nil, err
		}
		out[key] = kept
	}
	if !tagServices(out) {
		return nil, errors.New("the document has no operations")
	}
	if err := n.reach(); err != nil {
		return nil, err
	}
	if len(n.components) > 0 {
		out["components"] = n.components
	}
	return out, nil
}

// methods are the fields of a path item that are operations.
var methods = []string{"get", "put", "post", "patch", "delete", "head", "options", "trace"}

// tagServices gives every operation its service as its only tag. Generators select
// operations by tags. It reports whether there are operations.
func tagServices(doc map[string]any) (found bool) {
	paths, _ := doc["paths"].(map[string]any)
	for path, item := range paths {
		item, _ := item.(map[string]any)
		for _, method := range methods {
			if op, ok := item[method].(map[string]any); ok {
				op["tags"] = []any{Service(path)}
				found = true
			}
		}
	}
	return found
}

// Service returns the service that a path belongs to: the first segment after
// the version, such as "customers" of "/v1/customers/{id}".
func Service(path string) string {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if len(segments) > 1 && len(segments[0]) > 1 && segments[0][0] == 'v' {
		return segments[1]
	}
	return segments[0]
}

// A normaliser copies the facts of a document and records the components that
// they refer to.
type normaliser struct {
	doc        map[string]any
	components map[string]any // section → name → component
	queue      []reference
	upgrade    bool // from OpenAPI 3.0
}

// A reference is a component and the place that refers to it.
type reference struct{ section, name, from string }

// reach copies the components that have been referred to, directly or not.
func (n *normaliser) reach() error {
	for len(n.queue) > 0 {
		r := n.queue[0]
		n.queue = n.queue[1:]
		kept, _ := n.components[r.section].(map[string]any)
		if kept == nil {
			kept = map[string]any{}
			n.components[r.section] = kept
		}
		if _, done := kept[r.name]; done {
			continue
		}
		all, _ := n.doc["components"].(map[string]any)
		section, _ := all[r.section].(map[string]any)
		v, ok := section[r.name]
		if !ok {
			return fmt.Errorf("%s refers to #/components/%s/%s, which the document does not have", r.from, r.section, r.name)
		}
		kind := strings.TrimPrefix(fieldKind("components", r.section), "map ")
		if kind == "value" || kind == "drop" {
			return fmt.Errorf("%s refers to #/components/%s/%s: %s cannot be referred to", r.from, r.section, r.name, r.section)
		}
		if err := n.checkCycle(section, r); err != nil {
			return err
		}
		var err error
		if kept[r.name], err = n.value(kind, v, r.section+"."+r.name); err != nil {
			return err
		}
	}
	return nil
}

// checkCycle refuses a chain of references that leads back to its start and
// contains nothing else. Recursive components are fine.
func (n *normaliser) checkCycle(section map[string]any, r reference) error {
	seen := map[string]bool{}
	for name := r.name; !seen[name]; {
		seen[name] = true
		v, _ := section[name].(map[string]any)
		ref, _ := v["$ref"].(string)
		next, ok := strings.CutPrefix(ref, "#/components/"+r.section+"/")
		if !ok {
			return nil
		}
		name = Unescape(next)
	}
	return fmt.Errorf("#/components/%s/%s is only a reference to itself", r.section, r.name)
}

func (n *normaliser) note(ref, from string) error {
	path, ok := strings.CutPrefix(ref, "#/components/")
	section, name, found := strings.Cut(path, "/")
	if !ok || !found || name == "" || strings.Contains(name, "/") {
		return fmt.Errorf("%s refers to %q; only references of the form #/components/<section>/<name> are supported", from, ref)
	}
	n.queue = append(n.queue, reference{section, Unescape(name), from})
	return nil
}

var escapes = strings.NewReplacer("~1", "/", "~0", "~")

// Unescape decodes a step of a JSON pointer.
func Unescape(step string) string { return escapes.Replace(step) }

// fieldKind is the kind of a field of an object.
func fieldKind(object, name string) string {
	for _, f := range grammar[object] {
		if f.name == name {
			return f.kind
		}
	}
	switch {
	case object == "requirement":
		return "set value"
	case object == "callback" && !strings.HasPrefix(name, "x-"):
		return "path"
	case prose[name], strings.HasPrefix(name, "x-") && !strings.HasPrefix(name, "x-polar-"):
		return "drop"
	}
	return "value"
}

// value returns the facts of v, which is of the given kind. at is its place, for errors.
func (n *normaliser) value(kind string, v any, at string) (any, error) {
	form, of, _ := strings.Cut(kind, " ")
	switch form {
	case "value":
		return data(v), nil
	case "default":
		if _, ok := v.(map[string]any); ok { // texts for people, by name
			v = map[string]any{}
		}
		return data(v), nil
	case "label":
		return "", nil
	case "mapping":
		ref, _ := v.(string)
		if !strings.HasPrefix(ref, "#") {
			ref = "#/components/schemas/" + ref
		}
		return ref, n.note(ref, at)
	case "map":
		m, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s is not an object", at)
		}
		out := make(map[string]any, len(m))
		for _, name := range slices.Sorted(maps.Keys(m)) {
			kept, err := n.value(of, m[name], at+"."+name)
			if err != nil {
				return nil, err
			}
			if response, ok := kept.(map[string]any); ok && of == "response" && response["$ref"] == nil {
				response["description"] = statusText(name)
			}
			out[name] = kept
		}
		return out, nil
	case "list", "set":
		l, ok := v.([]any)
		if !ok {
			if of == "value" { // such as "type", a list or a single value
				return v, nil
			}
			return nil, fmt.Errorf("%s is not a list", at)
		}
		out := make([]any, len(l))
		for i, e := range l {
			var err error
			if out[i], err = n.value(of, e, at+"."+strconv.Itoa(i)); err != nil {
				return nil, err
			}
		}
		if form == "set" {
			slices.SortStableFunc(out, compare)
		}
		return out, nil
	}
	return n.object(kind, v, at)
}

// data returns v with numbers in one notation: 1 for 1.0.
func data(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, e := range v {
			out[key] = data(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = data(e)
		}
		return out
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return json.Number(strconv.FormatInt(n, 10))
		}
		if f, err := v.Float64(); err == nil {
			if text, err := json.Marshal(f); err == nil {
				return json.Number(text)
			}
		}
	}
	return v
}

func (n *normaliser) object(kind string, v any, at string) (any, error) {
	m, ok := v.(map[string]any)
	if _, isBool := v.(bool); isBool && kind == "schema" {
		return v, nil
	}
	if !ok {
		return nil, fmt.Errorf("%s is not an object", at)
	}
	if kind == "schema" && n.upgrade {
		m = upgrade(m)
	}
	out := make(map[string]any, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if fieldKind(kind, name) == "drop" {
			continue
		}
		kept, err := n.value(fieldKind(kind, name), m[name], at+"."+name)
		if err != nil {
			return nil, err
		}
		out[name] = kept
		if name == "$ref" {
			ref, _ := kept.(string)
			if err := n.note(ref, at); err != nil {
				return nil, err
			}
		}
		if kind == "requirement" { // its keys are names of security schemes
			n.queue = append(n.queue, reference{"securitySchemes", name, at})
		}
	}
	return out, nil
}

// statusText returns a description for a response. OpenAPI requires one, and that
// of the document is prose.
func statusText(status string) string {
	code, err := strconv.Atoi(status)
	if text := http.StatusText(code); err == nil && text != "" {
		return text
	}
	return "Response " + status
}

// compare orders the members of a set: parameters by place and name, null last,
// everything else by its JSON.
func compare(a, b any) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	return strings.Compare(canonical(a), canonical(b))
}

func rank(v any) int {
	switch v := v.(type) {
	case nil:
		return 9
	case string:
		if v == "null" {
			return 9
		}
	case map[string]any:
		if v["type"] == "null" {
			return 9
		}
		if place, ok := v["in"].(string); ok {
			return slices.Index([]string{"path", "query", "header", "cookie"}, place)
		}
	}
	return 0
}

func canonical(v any) string {
	if m, ok := v.(map[string]any); ok && m["in"] != nil {
		if name, ok := m["name"].(string); ok {
			return name
		}
	}
	text, err := json.Marshal(v) // sorts the keys of maps
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
