package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// mutate edits the contract in the tree at random, n times, and holds the
// tool to what it says: an additive edit is reported as such, and after it
// the code is generated and compiles; a breaking one is reported as such
// before anything is written; an edit of prose or order is no change at all.
func (r *refresher) mutate(n int, seed uint64) (int, error) {
	s, err := r.slice()
	if err != nil {
		return statusError, err
	}
	base, err := os.ReadFile(r.path("openapi", "polar.yaml"))
	if err != nil {
		return statusError, err
	}
	tree, err := r.fingerprint()
	if err != nil {
		return statusError, err
	}
	count := map[surface.Verdict]int{}
	wrong := 0
	for i := range n {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		m, doc, what, err := anyMutation(rng, base, i)
		if err != nil {
			return statusError, err
		}
		if err := r.hold(s, m, doc, base); err != nil {
			wrong++
			fmt.Fprintf(r.out, "%4d wrong     %s: %v\n", i, what, err)
			continue
		}
		count[m.verdict]++
		fmt.Fprintf(r.out, "%4d %-9s %s\n", i, m.verdict, what)
	}
	if now, err := r.fingerprint(); err != nil {
		return statusError, err
	} else if now != tree {
		return statusError, errors.New("the tree changed meanwhile")
	}
	fmt.Fprintf(r.out, "%d edits: %d additive, generated and compiled; %d breaking, reported before anything was written; %d invisible; %d wrong. The tree is as it was.\n",
		n, count[surface.Additive], count[surface.Breaking], count[surface.Invisible], wrong)
	if wrong > 0 {
		return statusError, fmt.Errorf("%d of %d edits were judged wrong or did not compile", wrong, n)
	}
	return statusSame, nil
}

// anyMutation makes one edit. The kinds of edit take turns, so that none is
// left to luck; one that finds nothing to do passes its turn on.
func anyMutation(rng *rand.Rand, base []byte, i int) (mutation, map[string]any, string, error) {
	for turn := range mutations {
		m := mutations[(i+turn)%len(mutations)]
		doc, err := contract.Parse(base)
		if err != nil {
			return mutation{}, nil, "", err
		}
		if where := m.edit(&editor{rng, doc, surface.Build(doc)}); where != "" {
			return m, doc, m.name + " " + where, nil
		}
	}
	return mutation{}, nil, "", errors.New("there is nothing to edit")
}

// hold makes a contract of an edited document and tries it.
func (r *refresher) hold(s contract.Slice, m mutation, doc map[string]any, base []byte) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	doc, err = contract.Parse(text)
	if err != nil {
		return err
	}
	if doc, err = contract.Normalise(doc, s); err != nil {
		return err
	}
	data, err := contract.Encode(doc)
	if err != nil {
		return err
	}
	if m.verdict == surface.Invisible {
		if string(data) != string(base) {
			return errors.New("the contract changed")
		}
		return nil
	}
	c := &candidate{contract: data}
	if m.verdict == surface.Additive {
		if c, err = r.try(data); err != nil {
			return err
		}
		defer os.RemoveAll(c.dir)
	} else if _, _, err := c.compare(base); err != nil {
		return err
	}
	report := c.markdown()
	worst := surface.Invisible
	for _, change := range c.changes {
		worst = max(worst, change.Verdict)
	}
	switch {
	case worst != m.verdict:
		return fmt.Errorf("it is reported as %v: %v", worst, c.changes)
	case m.verdict == surface.Breaking && !strings.Contains(report, "\n## Breaking\n"):
		return errors.New("the report does not say that it breaks")
	case c.generateErr != nil:
		return fmt.Errorf("it cannot be generated: %w", c.generateErr)
	case c.buildErr != nil:
		return fmt.Errorf("it does not compile: %w", c.buildErr)
	}
	return nil
}

// fingerprint is the sum of what the tool could write to.
func (r *refresher) fingerprint() (string, error) {
	h := sha256.New()
	for _, dir := range []string{"openapi", "gen"} {
		err := filepath.WalkDir(r.path(dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			fmt.Fprintf(h, "%s %d\n%s", path, len(data), data)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// A mutation is a kind of edit, and what it is to users.
type mutation struct {
	name    string
	verdict surface.Verdict
	edit    func(*editor) string // says where, or nothing if there was nothing to do
}

type editor struct {
	rng  *rand.Rand
	doc  map[string]any
	seen *surface.Surface
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

// schemas are the names of the object schemas that users see under the same
// name, for which ok holds.
func (e *editor) schemas(ok func(t *surface.Type, s map[string]any) bool) []string {
	all := object(object(e.doc["components"])["schemas"])
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		t, s := e.seen.Types[name], object(all[name])
		return t == nil || s["properties"] == nil || !ok(t, s)
	})
}

func (e *editor) schema(ok func(t *surface.Type, s map[string]any) bool) (string, map[string]any) {
	name, _ := pickOne(e, e.schemas(ok))
	return name, object(object(object(e.doc["components"])["schemas"])[name])
}

func anyType(*surface.Type, map[string]any) bool { return true }
func sent(t *surface.Type, _ map[string]any) bool {
	return t.Requests
}
func received(t *surface.Type, _ map[string]any) bool {
	return t.Answers && !t.Requests
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
	name, _ = pickOne(e, fields(e.seen.Types[where], s))
	return where + "." + name, s, name
}

func anyField(*surface.Field, map[string]any) bool { return true }

// operation picks an operation for which ok holds.
func (e *editor) operation(ok func(*surface.Operation, map[string]any) bool) (string, map[string]any) {
	find := func(key string) map[string]any {
		op := e.seen.Operations[key]
		return object(object(object(e.doc["paths"])[op.Path])[strings.ToLower(op.Method)])
	}
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(e.seen.Operations)), func(key string) bool {
		return !ok(e.seen.Operations[key], find(key))
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

// enum picks a list of values that a named schema allows.
func (e *editor) enum() (string, map[string]any) {
	all := object(object(e.doc["components"])["schemas"])
	name, _ := pickOne(e, slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return e.seen.Types[name] == nil || len(array(object(all[name])["enum"])) < 2
	}))
	return name, object(all[name])
}

// union picks a union that has a name.
func (e *editor) union() (name, word string, s map[string]any) {
	all := object(object(e.doc["components"])["schemas"])
	name, _ = pickOne(e, slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		t := e.seen.Types[name]
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

func (e *editor) name() string { return fmt.Sprintf("novelty_%d", e.rng.IntN(1000)) }

// schemaOfAnyKind is what a new field or parameter may be.
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
		// What is addressed by ID and by external ID takes the same parameters:
		// customers has one type for both, and does not compile otherwise.
		_, op, _ := e.parameter(func(map[string]any) bool { return true })
		base := strings.TrimSuffix(fmt.Sprint(op["operationId"]), "_external")
		p := map[string]any{"name": e.name(), "in": "query", "schema": e.anySchema()}
		for _, twin := range e.seen.Operations {
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
		key, op := e.operation(func(op *surface.Operation, _ map[string]any) bool { return op.Method == "GET" })
		twin := maps.Clone(op)
		name := e.name()
		twin["operationId"] = fmt.Sprint(op["operationId"], "_", name)
		_, path, _ := strings.Cut(key, " ")
		object(e.doc["paths"])[strings.TrimSuffix(path, "/")+"/"+name] = map[string]any{"get": twin}
		return key
	}},
	{"remove the operation", surface.Breaking, func(e *editor) string {
		key, _ := e.operation(anyOperation)
		op := e.seen.Operations[key]
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
	{"let one more scope open", surface.Additive, func(e *editor) string {
		key, op := e.operation(anyOperation)
		scope := "novelties:" + e.name()
		for _, requirement := range array(op["security"]) {
			for token, scopes := range object(requirement) {
				object(requirement)[token] = append(slices.Clone(array(scopes)), scope)
			}
		}
		return key
	}},
	{"let a scope open no longer", surface.Breaking, func(e *editor) string {
		key, op := e.operation(func(op *surface.Operation, _ map[string]any) bool { return len(op.Scopes) > 1 })
		gone, _ := pickOne(e, e.seen.Operations[key].Scopes)
		for _, requirement := range array(op["security"]) {
			for token, scopes := range object(requirement) {
				object(requirement)[token] = slices.DeleteFunc(slices.Clone(array(scopes)), func(v any) bool { return v == gone })
			}
		}
		return key + ", " + gone
	}},
	{"add a failure to", surface.Additive, func(e *editor) string {
		key, op := e.operation(anyOperation)
		status := fmt.Sprint(450 + e.rng.IntN(40))
		object(op["responses"])[status] = map[string]any{"description": status, "content": map[string]any{"application/json": map[string]any{
			"schema": map[string]any{"$ref": "#/components/schemas/HTTPValidationError"}}}}
		return key
	}},
	{"take a status from", surface.Breaking, func(e *editor) string {
		key, op := e.operation(func(_ *surface.Operation, op map[string]any) bool { return len(object(op["responses"])) > 1 })
		status, _ := pickOne(e, slices.Sorted(maps.Keys(object(op["responses"]))))
		delete(object(op["responses"]), status)
		return key + ", " + status
	}},
	{"add a variant to", surface.Additive, func(e *editor) string {
		name, word, s := e.union()
		model := object(object(object(e.doc["components"])["schemas"])[strings.TrimPrefix(fmt.Sprint(object(array(s[word])[0])["$ref"]), "#/components/schemas/")])
		twin, properties := maps.Clone(model), maps.Clone(object(model["properties"]))
		properties["type"] = map[string]any{"type": "string", "const": e.name()}
		properties[e.name()] = e.anySchema()
		// Only what every variant has stays required of all.
		for _, f := range e.seen.Types[name].Fields {
			if f.Required && len(f.Variants) < len(e.seen.Types[name].Variants) {
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
		return loosen(where, object(object(s["properties"])[name]), "1000000")
	}},
	{"tighten a limit of", surface.Breaking, func(e *editor) string {
		where, s, name := e.field(sent, func(f *surface.Field, _ map[string]any) bool { return f.Facts["maxLength"] != "" })
		return loosen(where, object(object(s["properties"])[name]), "1")
	}},
	{"take a parameter from", surface.Breaking, func(e *editor) string {
		where, op, i := e.parameter(func(map[string]any) bool { return true })
		op["parameters"] = e.without(array(op["parameters"]), i)
		return where
	}},
	{"make optional what was required:", surface.Additive, func(e *editor) string {
		where, s, name := e.field(func(t *surface.Type, s map[string]any) bool { return t.Requests && !t.Answers }, func(f *surface.Field, s map[string]any) bool { return f.Required && !f.Nullable })
		if where != "" {
			s["required"] = slices.DeleteFunc(slices.Clone(array(s["required"])), func(v any) bool { return v == name })
		}
		return where
	}},
	{"make nullable what was not:", surface.Breaking, func(e *editor) string {
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
		op := e.seen.Operations[key]
		paths := object(e.doc["paths"])
		paths[op.Path+"/elsewhere"] = paths[op.Path]
		delete(paths, op.Path)
		return key
	}},
	{"reverse every list in", surface.Invisible, func(e *editor) string {
		turn(e.doc)
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

// loosen gives the upper limit of a string another value.
func loosen(where string, s map[string]any, limit string) string {
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

// turn reverses the lists whose order means nothing.
func turn(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if key != "prefixItems" && key != "default" {
				turn(e)
			}
		}
	case []any:
		slices.Reverse(v)
		for _, e := range v {
			turn(e)
		}
	}
}
