package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

var (
	mutationCount = flag.Int("mutations", len(mutations), "the `number` of random edits of the contract")
	mutationSeed  = flag.Uint64("seed", 1, "the seed of the random edits")
)

// TestMutations edits the contract at random, and compares the classification of the
// changes with the known impact of the edit.
func TestMutations(t *testing.T) {
	base := readContract(t)
	text := mustEncode(t, base)
	before := surface.Build(base)
	for i := range *mutationCount {
		e := &editor{rng: rand.New(rand.NewPCG(*mutationSeed, uint64(i))), doc: clone(base).(map[string]any), base: before, names: i * 100}
		m, what := e.mutate(i)
		t.Logf("%4d %-9s %s", i, m.impact, what)
		doc, err := contract.Normalise(e.doc, apiVersion)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		changes := surface.Compare(before, surface.Build(doc))
		if got := worst(changes); got != m.impact {
			t.Errorf("%s is reported as %v, want %v: %v", what, got, m.impact, changes)
		}
		if m.impact == surface.Invisible && mustEncode(t, doc) != text {
			t.Errorf("%s changes the contract", what)
		}
	}
}

// mutate makes one edit. The kinds of edit take turns. It skips a kind that finds nothing
// to edit.
func (e *editor) mutate(i int) (mutation, string) {
	for skip := range mutations {
		m := mutations[(i+skip)%len(mutations)]
		if what := m.edit(e); what != "" {
			return m, m.name + " " + what
		}
	}
	panic("no mutation applies")
}

func worst(changes []surface.Change) surface.Impact {
	impact := surface.Invisible
	for _, c := range changes {
		impact = max(impact, c.Impact)
	}
	return impact
}

func readContract(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "openapi", "polar.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := contract.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustEncode(t *testing.T, doc map[string]any) string {
	t.Helper()
	data, err := contract.Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// clone returns a deep copy of a document.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, e := range v {
			m[key] = clone(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = clone(e)
		}
		return l
	}
	return v
}

// A mutation is a kind of random edit with a known impact.
type mutation struct {
	name   string
	impact surface.Impact
	edit   func(*editor) string // returns what it edited, or "" if it found nothing to edit
}

// An editor makes random edits of a document.
type editor struct {
	rng   *rand.Rand
	doc   map[string]any
	base  *surface.Surface // of the document before all edits
	names int              // how many new names it has made
}

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }
func array(v any) []any           { l, _ := v.([]any); return l }

func pickOne[T any](e *editor, from []T) (T, bool) {
	if len(from) == 0 {
		var none T
		return none, false
	}
	return from[e.rng.IntN(len(from))], true
}

// schemas returns the names of the object schemas for which ok returns true.
func (e *editor) schemas(ok func(t *surface.Type, s map[string]any) bool) []string {
	all := object(object(e.doc["components"])["schemas"])
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		t, s := e.base.Types[name], object(all[name])
		return t == nil || s["properties"] == nil || !ok(t, s)
	})
}

func (e *editor) schema(ok func(t *surface.Type, s map[string]any) bool) (string, map[string]any) {
	name, _ := pickOne(e, e.schemas(ok))
	return name, object(object(object(e.doc["components"])["schemas"])[name])
}

func anyType(*surface.Type, map[string]any) bool { return true }
func sent(t *surface.Type, _ map[string]any) bool {
	return t.Usage.Sent
}
func received(t *surface.Type, _ map[string]any) bool {
	return t.Usage.Received && !t.Usage.Sent
}

// field picks a field of a type for which ok holds.
func (e *editor) field(types func(*surface.Type, map[string]any) bool, ok func(f *surface.Field, s map[string]any) bool) (where string, s map[string]any, name string) {
	fields := func(t *surface.Type, s map[string]any) []string {
		properties := object(s["properties"])
		return slices.DeleteFunc(slices.Sorted(maps.Keys(properties)), func(f string) bool {
			return t.Fields[f] == nil || !ok(t.Fields[f], object(properties[f]))
		})
	}
	where, s = e.schema(func(t *surface.Type, s map[string]any) bool { return types(t, s) && len(fields(t, s)) > 0 })
	if where == "" {
		return "", nil, ""
	}
	name, _ = pickOne(e, fields(e.base.Types[where], s))
	return where + "." + name, s, name
}

func anyField(*surface.Field, map[string]any) bool { return true }

// operation picks an operation, not an event, for which ok returns true.
func (e *editor) operation(ok func(*surface.Operation, map[string]any) bool) (string, map[string]any) {
	find := func(key string) map[string]any {
		op := e.base.Operations[key]
		return object(object(object(e.doc["paths"])[op.Path])[strings.ToLower(op.Method)])
	}
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(e.base.Operations)), func(key string) bool {
		op := find(key)
		return op == nil || !ok(e.base.Operations[key], op)
	})
	key, found := pickOne(e, keys)
	if !found {
		return "", nil
	}
	return key, find(key)
}

func anyOperation(*surface.Operation, map[string]any) bool { return true }

func (e *editor) parameter(ok func(p map[string]any) bool) (string, map[string]any, int) {
	index := func(op map[string]any) []int {
		var found []int
		for i, p := range array(op["parameters"]) {
			if object(p)["in"] == "query" && ok(object(p)) {
				found = append(found, i)
			}
		}
		return found
	}
	key, op := e.operation(func(_ *surface.Operation, op map[string]any) bool { return len(index(op)) > 0 })
	if key == "" {
		return "", nil, 0
	}
	i, _ := pickOne(e, index(op))
	return fmt.Sprintf("%s, %s", key, object(array(op["parameters"])[i])["name"]), op, i
}

// enum picks a schema that is an enum and the type of a field. Without a field, its
// values can be those of a union's fields, which then have its type in Go.
func (e *editor) enum() (string, map[string]any) {
	all := object(object(e.doc["components"])["schemas"])
	used := map[string]bool{}
	for _, t := range e.base.Types {
		for _, f := range t.Fields {
			used[f.Type] = true
		}
	}
	name, _ := pickOne(e, slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return e.base.Types[name] == nil || !used[name] || len(array(object(all[name])["enum"])) < 2
	}))
	return name, object(all[name])
}

// union picks a schema that is a union.
func (e *editor) union() (name, word string, s map[string]any) {
	all := object(object(e.doc["components"])["schemas"])
	name, _ = pickOne(e, slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		t := e.base.Types[name]
		return t == nil || len(t.Variants) < 2
	}))
	s = object(all[name])
	for _, word := range []string{"oneOf", "anyOf"} {
		if s[word] != nil {
			return name, word, s
		}
	}
	return "", "", nil
}

func (e *editor) name() string {
	e.names++
	return fmt.Sprintf("novelty_%d", e.names)
}

// anySchema returns a schema for a new field or parameter.
func (e *editor) anySchema() map[string]any {
	kinds := []map[string]any{
		{"type": "string"},
		{"type": "integer"},
		{"type": "number"},
		{"type": "boolean"},
		{"type": "string", "format": "date-time"},
		{"type": "string", "enum": []any{"one", "two"}},
		{"type": "array", "items": map[string]any{"type": "string"}},
		{"anyOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "null"}}},
		{"anyOf": []any{map[string]any{"type": "integer"}, map[string]any{"type": "null"}}},
		{"type": "object", "additionalProperties": map[string]any{"type": "string"}},
	}
	return kinds[e.rng.IntN(len(kinds))]
}

func (e *editor) without(l []any, i int) []any {
	return slices.Delete(slices.Clone(l), i, i+1)
}

var mutations = []mutation{
	{"add the optional field", surface.Additive, func(e *editor) string {
		where, s := e.schema(anyType)
		name := e.name()
		object(s["properties"])[name] = e.anySchema()
		return where + "." + name
	}},
	{"remove the field", surface.Breaking, func(e *editor) string {
		where, s, name := e.field(anyType, anyField)
		delete(object(s["properties"]), name)
		s["required"] = slices.DeleteFunc(slices.Clone(array(s["required"])), func(v any) bool { return v == name })
		return where
	}},
	{"add the optional parameter", surface.Additive, func(e *editor) string {
		// Operations by ID and by external ID take the same parameters: package
		// customers has one type for both, and does not compile otherwise.
		_, op, _ := e.parameter(func(map[string]any) bool { return true })
		base := strings.TrimSuffix(fmt.Sprint(op["operationId"]), "_external")
		p := map[string]any{"name": e.name(), "in": "query", "schema": e.anySchema()}
		if object(p["schema"])["enum"] != nil { // the service shares enums; one here would be a type for each operation
			p["schema"] = map[string]any{"type": "string"}
		}
		for _, twin := range e.base.Operations {
			if strings.TrimSuffix(twin.ID, "_external") == base {
				op := object(object(object(e.doc["paths"])[twin.Path])[strings.ToLower(twin.Method)])
				op["parameters"] = append(slices.Clone(array(op["parameters"])), p)
			}
		}
		return fmt.Sprint(p["name"], " to ", base)
	}},
	{"require the field", surface.Breaking, func(e *editor) string {
		where, s, name := e.field(sent, func(f *surface.Field, _ map[string]any) bool { return !f.Required })
		if where != "" {
			s["required"] = append(array(s["required"]), name)
		}
		return where
	}},
	{"add an operation like", surface.Additive, func(e *editor) string {
		// The overlay names the union that an operation returns, if it has no name.
		key, op := e.operation(func(o *surface.Operation, op map[string]any) bool {
			return o.Method == "GET" && !strings.Contains(fmt.Sprint(op["responses"]), "anyOf")
		})
		twin := maps.Clone(op)
		name := e.name()
		twin["operationId"] = fmt.Sprint(op["operationId"], "_", name)
		_, path, _ := strings.Cut(key, " ")
		object(e.doc["paths"])[strings.TrimSuffix(path, "/")+"/"+name] = map[string]any{"get": twin}
		return key
	}},
	{"remove the operation", surface.Breaking, func(e *editor) string {
		key, _ := e.operation(anyOperation)
		op := e.base.Operations[key]
		item := object(object(e.doc["paths"])[op.Path])
		delete(item, strings.ToLower(op.Method))
		return key
	}},
	{"add a value to", surface.Additive, func(e *editor) string {
		where, s := e.enum()
		s["enum"] = append(array(s["enum"]), e.name())
		return where
	}},
	{"remove a value from", surface.Breaking, func(e *editor) string {
		where, s := e.enum()
		s["enum"] = e.without(array(s["enum"]), e.rng.IntN(len(array(s["enum"]))))
		return where
	}},
	{"accept another scope for", surface.Additive, func(e *editor) string {
		key, op := e.operation(func(o *surface.Operation, _ map[string]any) bool { return len(o.Scopes) > 0 })
		scope := "novelties:" + e.name()
		for _, requirement := range array(op["security"]) {
			for token, scopes := range object(requirement) {
				object(requirement)[token] = append(slices.Clone(array(scopes)), scope)
			}
		}
		return key
	}},
	{"refuse a scope for", surface.Breaking, func(e *editor) string {
		key, op := e.operation(func(op *surface.Operation, _ map[string]any) bool { return len(op.Scopes) > 1 })
		scope, _ := pickOne(e, e.base.Operations[key].Scopes)
		for _, requirement := range array(op["security"]) {
			for token, scopes := range object(requirement) {
				object(requirement)[token] = slices.DeleteFunc(slices.Clone(array(scopes)), func(v any) bool { return v == scope })
			}
		}
		return key + ", " + scope
	}},
	{"add a status to", surface.Additive, func(e *editor) string {
		key, op := e.operation(anyOperation)
		status := fmt.Sprint(450 + e.rng.IntN(40))
		object(op["responses"])[status] = map[string]any{"description": status, "content": map[string]any{"application/json": map[string]any{
			"schema": map[string]any{"$ref": "#/components/schemas/HTTPValidationError"}}}}
		return key
	}},
	{"remove a status from", surface.Breaking, func(e *editor) string {
		key, op := e.operation(func(_ *surface.Operation, op map[string]any) bool { return len(object(op["responses"])) > 1 })
		status, _ := pickOne(e, slices.Sorted(maps.Keys(object(op["responses"]))))
		delete(object(op["responses"]), status)
		return key + ", " + status
	}},
	{"add a variant to", surface.Additive, func(e *editor) string {
		name, word, s := e.union()
		model := object(object(object(e.doc["components"])["schemas"])[strings.TrimPrefix(fmt.Sprint(object(array(s[word])[0])["$ref"]), "#/components/schemas/")])
		twin, properties := maps.Clone(model), maps.Clone(object(model["properties"]))
		if object(properties["type"])["$ref"] == nil { // or the variants share an enum
			properties["type"] = map[string]any{"type": "string", "const": e.name()}
		}
		properties[e.name()] = e.anySchema()
		// A field stays required only if every variant has it.
		for _, f := range e.base.Types[name].Fields {
			if f.Required && len(f.Variants) < len(e.base.Types[name].Variants) {
				return ""
			}
		}
		twin["properties"] = properties
		schema := "Novel" + name
		object(object(e.doc["components"])["schemas"])[schema] = twin
		s[word] = append(slices.Clone(array(s[word])), map[string]any{"$ref": "#/components/schemas/" + schema})
		return name
	}},
	{"remove a variant from", surface.Breaking, func(e *editor) string {
		name, word, s := e.union()
		i := e.rng.IntN(len(array(s[word])))
		delete(s, "discriminator")
		s[word] = e.without(array(s[word]), i)
		return name
	}},
	{"require the new parameter of", surface.Breaking, func(e *editor) string {
		key, op := e.operation(anyOperation)
		op["parameters"] = append(slices.Clone(array(op["parameters"])), map[string]any{"name": e.name(), "in": "query", "required": true, "schema": e.anySchema()})
		return key
	}},
	{"loosen a limit of", surface.Additive, func(e *editor) string {
		where, s, name := e.field(sent, func(f *surface.Field, _ map[string]any) bool { return f.Facts["maxLength"] != "" })
		return setMaxLength(where, object(object(s["properties"])[name]), "1000000")
	}},
	{"tighten a limit of", surface.Breaking, func(e *editor) string {
		where, s, name := e.field(sent, func(f *surface.Field, _ map[string]any) bool { return f.Facts["maxLength"] != "" })
		return setMaxLength(where, object(object(s["properties"])[name]), "1")
	}},
	{"remove a parameter from", surface.Breaking, func(e *editor) string {
		where, op, i := e.parameter(func(map[string]any) bool { return true })
		op["parameters"] = e.without(array(op["parameters"]), i)
		return where
	}},
	{"make optional", surface.Additive, func(e *editor) string {
		where, s, name := e.field(func(t *surface.Type, s map[string]any) bool { return t.Usage.Sent && !t.Usage.Received }, func(f *surface.Field, s map[string]any) bool { return f.Required && !f.Nullable })
		if where != "" {
			s["required"] = slices.DeleteFunc(slices.Clone(array(s["required"])), func(v any) bool { return v == name })
		}
		return where
	}},
	{"make nullable", surface.Breaking, func(e *editor) string {
		where, s, name := e.field(received, func(f *surface.Field, _ map[string]any) bool { return !f.Nullable && !f.Container })
		if where != "" {
			object(s["properties"])[name] = map[string]any{"anyOf": []any{object(s["properties"])[name], map[string]any{"type": "null"}}}
		}
		return where
	}},
	{"change the type of", surface.Breaking, func(e *editor) string {
		where, s, name := e.field(anyType, func(f *surface.Field, _ map[string]any) bool { return f.Type != "boolean" })
		object(s["properties"])[name] = map[string]any{"type": "boolean"}
		return where
	}},
	{"change the default of", surface.Breaking, func(e *editor) string {
		where, op, i := e.parameter(func(p map[string]any) bool { return object(p["schema"])["default"] != nil })
		if where != "" {
			object(object(array(op["parameters"])[i])["schema"])["default"] = json.Number("77")
		}
		return where
	}},
	{"move the operation", surface.Breaking, func(e *editor) string {
		key, _ := e.operation(anyOperation)
		op := e.base.Operations[key]
		paths := object(e.doc["paths"])
		paths[op.Path+"/elsewhere"] = paths[op.Path]
		delete(paths, op.Path)
		return key
	}},
	{"reverse every list in", surface.Invisible, func(e *editor) string {
		reverse(e.doc)
		return "the document"
	}},
	{"write prose into", surface.Invisible, func(e *editor) string {
		for _, op := range object(e.doc["paths"]) {
			for _, o := range object(op) {
				object(o)["summary"], object(o)["x-codeSamples"] = e.name(), []any{e.name()}
			}
		}
		for _, s := range object(object(e.doc["components"])["schemas"]) {
			object(s)["title"], object(s)["description"] = e.name(), e.name()
			for _, p := range object(object(s)["properties"]) {
				object(p)["description"], object(p)["examples"] = e.name(), []any{e.name()}
			}
		}
		return "every operation and schema"
	}},
}

// setMaxLength changes the upper limit of a string.
func setMaxLength(where string, s map[string]any, limit string) string {
	if s["maxLength"] != nil {
		s["maxLength"] = json.Number(limit)
		return where
	}
	for _, v := range array(s["anyOf"]) {
		if object(v)["maxLength"] != nil {
			object(v)["maxLength"] = json.Number(limit)
			return where
		}
	}
	return ""
}
