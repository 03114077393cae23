// Package contract makes the vendored contract from an OpenAPI document: it
// selects a slice, leaves out what the slice does not reach and all prose,
// and writes what is left in one fixed form.
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

// FromDocument returns the contract that slice s of a document in JSON or YAML
// is, encoded.
func FromDocument(data []byte, s Slice) ([]byte, error) {
	doc, err := Parse(data)
	if err != nil {
		return nil, err
	}
	if doc, err = Normalise(doc, s); err != nil {
		return nil, err
	}
	return Encode(doc)
}

// Normalise returns the contract that slice s of doc is: facts only, sorted,
// nothing in it that the slice does not reach. It leaves doc alone.
func Normalise(doc map[string]any, s Slice) (map[string]any, error) {
	info, _ := doc["info"].(map[string]any)
	if v, _ := info["version"].(string); v != s.APIVersion {
		return nil, fmt.Errorf("the document describes API version %q, the slice wants %q", v, s.APIVersion)
	}
	n := &normaliser{doc: doc, components: map[string]any{}}
	if version, _ := doc["openapi"].(string); strings.HasPrefix(version, "3.0") {
		n.upgrade = true
	}
	out := map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Polar", "version": s.APIVersion},
	}
	paths := pick(doc["paths"], s.keepOperation)
	webhooks := pick(doc["webhooks"], s.keepWebhook)
	if len(paths)+len(webhooks) == 0 {
		return nil, errors.New("the document has no operation of the slice: look at paths, tags and webhooks in slice.yaml")
	}
	top := map[string]any{"paths": paths, "servers": doc["servers"], "security": doc["security"]}
	if len(webhooks) > 0 {
		top["webhooks"] = webhooks
	}
	for key, v := range top {
		if v == nil {
			continue
		}
		kept, err := n.value(fieldKind("document", key), v, key)
		if err != nil {
			return nil, err
		}
		out[key] = kept
	}
	if err := n.reach(); err != nil {
		return nil, err
	}
	if len(n.components) > 0 {
		out["components"] = n.components
	}
	return out, nil
}

// A normaliser copies the facts of a document and notes on its way which
// components they name.
type normaliser struct {
	doc        map[string]any
	components map[string]any // section → name → what is kept
	queue      []reference
	upgrade    bool // from OpenAPI 3.0
}

// A reference is a component and the place that names it.
type reference struct{ section, name, from string }

// reach keeps what is named so far, and what that names, until nothing is new.
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
			return fmt.Errorf("%s names #/components/%s/%s, which the document does not have", r.from, r.section, r.name)
		}
		kind := strings.TrimPrefix(fieldKind("components", r.section), "map ")
		if kind == "value" || kind == "drop" {
			return fmt.Errorf("%s names #/components/%s/%s: %s cannot be referred to", r.from, r.section, r.name, r.section)
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

// checkCycle refuses a component that is nothing but a reference to itself,
// at whatever remove. A component that holds itself is fine.
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
		name = unescape(next)
	}
	return fmt.Errorf("#/components/%s/%s refers to itself and to nothing else", r.section, r.name)
}

func (n *normaliser) note(ref, from string) error {
	path, ok := strings.CutPrefix(ref, "#/components/")
	section, name, found := strings.Cut(path, "/")
	if !ok || !found || name == "" || strings.Contains(name, "/") {
		return fmt.Errorf("%s refers to %q; only references of the form #/components/<section>/<name> are understood", from, ref)
	}
	n.queue = append(n.queue, reference{section, unescape(name), from})
	return nil
}

func unescape(s string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
}

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

// value returns what is kept of v, which is of the given kind and stands at
// the given place.
func (n *normaliser) value(kind string, v any, at string) (any, error) {
	form, of, _ := strings.Cut(kind, " ")
	switch form {
	case "value":
		return v, nil
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
			if of == "value" { // "type" is a list or a single value
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
		if kind == "requirement" {
			n.queue = append(n.queue, reference{"securitySchemes", name, at})
		}
	}
	return out, nil
}

// statusText describes a response by its status, since OpenAPI wants a
// description and the document's own is prose.
func statusText(status string) string {
	code, err := strconv.Atoi(status)
	if text := http.StatusText(code); err == nil && text != "" {
		return text
	}
	return "Response " + status
}

// compare orders the members of a set: parameters by place and name, null
// after all else, the rest by their JSON.
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
