// Package surface describes a contract as users of this SDK see it: operations
// with the scopes that allow them, and types with fields. It compares two
// contracts on that level and classifies each difference.
//
// Differences that users cannot see are not part of a surface. The variants of a union
// are one type, because they are one struct in Go. The scopes of an operation are one
// list, and any one of them is enough. Null is a property of a field, in each of OpenAPI's
// three notations.
package surface

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
)

// A Surface is everything that users of the SDK can see of a contract.
type Surface struct {
	Version    string
	Servers    []string
	Operations map[string]*Operation // by method and path: "GET /v1/customers/", or "event customer.created"
	Types      map[string]*Type      // by the name of the schema
}

// An Operation is one call of the API, or one webhook event.
type Operation struct {
	Method, Path, ID string
	Service          string // "customers" of "/v1/customers/{id}"
	Webhook          bool
	Scopes           []string            // any one of them is enough
	Tokens           map[string][]string // kind of token → the scopes that allow the operation with it
	Parameters       map[string]*Field   // by place and name: "query limit"
	Bodies           map[string]*Field   // by media type
	Responses        map[string]Response // by status
	Facts            map[string]string   // everything else
}

// A Response is what an operation returns with one status.
type Response struct {
	Bodies  map[string]*Field // by media type
	Headers map[string]*Field
}

// A Type is a named schema, or an anonymous one, which is named after its place.
type Type struct {
	Name     string
	Usage    Usage
	UsedBy   []string // keys of the operations that use it, directly or not
	Services []string // the services that use it most directly
	Fields   map[string]*Field
	Variants map[string]string // value of the discriminator → name of the schema
	Self     *Field            // set when the type is not an object
}

// Usage says in which directions a type or field travels.
type Usage struct {
	Sent     bool // clients send it
	Received bool // clients receive it
	Patch    bool // clients send it in a PATCH, where absent and null differ
}

// A Field is a property of a type, a parameter or a body.
type Field struct {
	Type      string // as a Go programmer might write it
	Container bool   // a list or a map, nil for null
	Nullable  bool
	Required  bool
	Values    []string          // of an enum
	Facts     map[string]string // limits, default, pattern and everything else
	Variants  []string          // the variants of a union that have it
}

// Build returns the surface of a normalised contract.
func Build(doc map[string]any) *Surface {
	b := &builder{doc: doc, unfinished: map[uintptr]string{}, done: map[visit]bool{}, refs: map[string][]string{}, Surface: &Surface{
		Operations: map[string]*Operation{},
		Types:      map[string]*Type{},
	}}
	b.Version = str(obj(doc["info"])["version"])
	for _, s := range list(doc["servers"]) {
		b.Servers = append(b.Servers, str(obj(s)["url"]))
	}
	for path, item := range sorted(obj(doc["paths"])) {
		b.path(path, obj(item), false)
	}
	for name, item := range sorted(obj(doc["webhooks"])) {
		b.path(name, obj(item), true)
	}
	b.assignServices()
	return b.Surface
}

type builder struct {
	*Surface
	doc map[string]any

	// unfinished holds the anonymous schemas that are being read, by identity,
	// so that a recursive one gets one name.
	unfinished map[uintptr]string
	// refs holds the references within what a reference leads to.
	refs map[string][]string
	// done holds the schemas that have been read into a type, per usage.
	done map[visit]bool
}

type visit struct {
	schema uintptr
	name   string
	usage  Usage
}

// sorted iterates over a map in the order of its keys, which makes surfaces
// deterministic.
func sorted(m map[string]any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

func (u Usage) union(v Usage) Usage {
	return Usage{u.Sent || v.Sent, u.Received || v.Received, u.Patch || v.Patch}
}

func (b *builder) path(path string, item map[string]any, webhook bool) {
	for method, v := range sorted(item) {
		op, ok := v.(map[string]any)
		if !ok || obj(op["responses"]) == nil {
			continue
		}
		o := &Operation{
			Method: strings.ToUpper(method), Path: path, ID: str(op["operationId"]), Webhook: webhook,
			Tokens: map[string][]string{}, Parameters: map[string]*Field{}, Bodies: map[string]*Field{},
			Responses: map[string]Response{}, Facts: map[string]string{},
		}
		key := o.Method + " " + path
		if webhook {
			key = "event " + path
		}
		b.Operations[key] = o
		b.security(o, op)
		for _, p := range append(slices.Clone(list(item["parameters"])), list(op["parameters"])...) {
			name, f := b.parameter(key, b.resolve(p), Usage{Sent: true})
			o.Parameters[name] = f
		}
		// The body of a webhook is received, its response is sent.
		sent, received := Usage{Sent: true, Patch: method == "patch"}, Usage{Received: true}
		if webhook {
			sent, received = received, sent
		}
		if body := b.resolve(op["requestBody"]); body != nil {
			for media, f := range b.bodies(key+" body", body, sent) {
				f.Required = body["required"] == true
				o.Bodies[media] = f
			}
		}
		for status, r := range sorted(obj(op["responses"])) {
			r := b.resolve(r)
			headers := map[string]*Field{}
			for name, h := range sorted(obj(r["headers"])) {
				_, headers[name] = b.parameter(key+" "+status, b.resolve(h), received)
			}
			o.Responses[status] = Response{b.bodies(key+" "+status, r, received), headers}
		}
		rest(o.Facts, op, "operationId", "tags", "security", "parameters", "requestBody", "responses")
	}
}

func (b *builder) security(o *Operation, op map[string]any) {
	security, ok := op["security"]
	if !ok {
		security = b.doc["security"]
	}
	for _, requirement := range list(security) {
		for token, scopes := range sorted(obj(requirement)) {
			o.Tokens[token] = []string{}
			for _, s := range list(scopes) {
				o.Tokens[token] = append(o.Tokens[token], str(s))
				o.Scopes = append(o.Scopes, str(s))
			}
		}
	}
	slices.Sort(o.Scopes)
	o.Scopes = slices.Compact(o.Scopes)
}

func (b *builder) parameter(at string, p map[string]any, u Usage) (string, *Field) {
	name := strings.TrimSpace(str(p["in"]) + " " + str(p["name"]))
	schema := p["schema"]
	for media, m := range sorted(obj(p["content"])) {
		schema = obj(m)["schema"]
		p = maps.Clone(p)
		p["media type"] = media
	}
	f := b.field(at+" "+name, schema, u)
	f.Required = p["required"] == true
	rest(f.Facts, p, "name", "in", "schema", "content", "required")
	return name, f
}

func (b *builder) bodies(at string, body map[string]any, u Usage) map[string]*Field {
	out := map[string]*Field{}
	for media, m := range sorted(obj(body["content"])) {
		out[media] = b.field(at, obj(m)["schema"], u)
		rest(out[media].Facts, obj(m), "schema")
	}
	return out
}

// field reads the schema v. at is its place.
func (b *builder) field(at string, v any, u Usage) *Field {
	f := &Field{Type: "any", Facts: map[string]string{}}
	s, ok := v.(map[string]any)
	if !ok {
		if v == false {
			f.Type = "nothing"
		}
		return f
	}
	if ref := refName(s); ref != "" {
		f.Type = ref
		b.named(ref, u)
		f.Container = b.isContainer(b.resolve(s))
		rest(f.Facts, s, "$ref")
		return f
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		if members := list(s[word]); members != nil {
			b.union(f, at, members, s, u)
			rest(f.Facts, s, word, "discriminator")
			return f
		}
	}
	if c, ok := s["const"]; ok {
		f.Values = []string{text(c)}
	}
	for _, e := range list(s["enum"]) {
		if e == nil {
			f.Nullable = true
		} else {
			f.Values = append(f.Values, text(e))
		}
	}
	types := list(s["type"])
	if one, ok := s["type"].(string); ok {
		types = []any{one}
	}
	var names []string
	for _, t := range types {
		switch t {
		case "null":
			f.Nullable = true
		case "array":
			names = append(names, b.array(f, at, s, u))
		case "object":
			names = append(names, b.object(f, at, s, u))
		default:
			names = append(names, scalar(str(t), str(s["format"])))
		}
	}
	if types == nil {
		switch {
		case s["properties"] != nil || s["additionalProperties"] != nil || s["allOf"] != nil:
			names = append(names, b.object(f, at, s, u))
		case s["items"] != nil:
			names = append(names, b.array(f, at, s, u))
		case f.Values != nil:
			names = append(names, "string")
		}
	}
	if len(names) > 0 {
		f.Type = strings.Join(names, " | ")
	} else if f.Nullable {
		f.Type = "null"
	}
	drop := []string{"type", "const", "enum", "items", "prefixItems", "properties", "required", "additionalProperties", "allOf", "discriminator"}
	if goFormats[str(s["format"])] {
		drop = append(drop, "format")
	}
	rest(f.Facts, s, drop...)
	return f
}

// goFormats are the formats that change the Go type.
var goFormats = map[string]bool{
	"date-time": true, "date": true, "binary": true, "byte": true,
	"int32": true, "int64": true, "float": true, "double": true, "uuid": true,
}

func scalar(name, format string) string {
	if goFormats[format] {
		return name + "(" + format + ")"
	}
	return name
}

func (b *builder) array(f *Field, at string, s map[string]any, u Usage) string {
	f.Container = true
	if tuple := list(s["prefixItems"]); tuple != nil {
		var names []string
		for i, e := range tuple {
			names = append(names, b.inner(f, fmt.Sprintf("%s[%d]", at, i), fmt.Sprintf("item %d: ", i), e, u))
		}
		return "(" + strings.Join(names, ", ") + ")"
	}
	return "[]" + b.inner(f, at+"[]", "items: ", s["items"], u)
}

// inner reads a schema within another and adds its facts and values to the
// outer one.
func (b *builder) inner(f *Field, at, prefix string, v any, u Usage) string {
	e := b.field(at, v, u)
	for k, fact := range e.Facts {
		f.Facts[prefix+k] = fact
	}
	f.Values = append(f.Values, e.Values...)
	if e.Nullable {
		return "*" + e.Type
	}
	return e.Type
}

func (b *builder) object(f *Field, at string, s map[string]any, u Usage) string {
	if s["properties"] != nil || s["allOf"] != nil {
		return b.anonymous(at, s, u)
	}
	f.Container = true
	if extra, ok := s["additionalProperties"].(map[string]any); ok {
		return "map[string]" + b.inner(f, at+"[]", "values: ", extra, u)
	}
	if extra, ok := s["additionalProperties"]; ok {
		f.Facts["additionalProperties"] = text(extra)
	}
	return "map[string]any"
}

// union reads a union. A union of objects becomes one type, any other a list of
// types.
func (b *builder) union(f *Field, at string, members []any, s map[string]any, u Usage) {
	var rest []any
	for _, m := range members {
		if obj(m)["type"] == "null" {
			f.Nullable = true
		} else {
			rest = append(rest, m)
		}
	}
	if len(rest) == 1 {
		one := b.field(at, rest[0], u)
		one.Nullable = one.Nullable || f.Nullable
		*f = *one
		return
	}
	if b.allObjects(rest) {
		f.Type = b.anonymous(at, s, u)
		return
	}
	var names []string
	for i, m := range rest {
		e := b.field(fmt.Sprintf("%s|%d", at, i), m, u)
		for k, fact := range e.Facts {
			f.Facts[e.Type+": "+k] = fact
		}
		f.Values = append(f.Values, e.Values...)
		f.Nullable = f.Nullable || e.Nullable
		names = append(names, e.Type)
	}
	slices.Sort(names)
	f.Type = strings.Join(slices.Compact(names), " | ")
}

// allObjects reports whether all variants of a union have properties, so that
// one struct can hold any of them.
func (b *builder) allObjects(members []any) bool { return b.objects(members, map[uintptr]bool{}) }

func (b *builder) objects(members []any, seen map[uintptr]bool) bool {
	for _, m := range members {
		s := b.resolve(m)
		id := reflect.ValueOf(s).Pointer()
		if seen[id] {
			continue // a recursive union
		}
		seen[id] = true
		if s["properties"] == nil && s["allOf"] == nil && !b.objects(variants(s), seen) {
			return false
		}
	}
	return len(members) > 0
}

func variants(s map[string]any) []any {
	if v := list(s["oneOf"]); v != nil {
		return v
	}
	return list(s["anyOf"])
}

func (b *builder) isContainer(s map[string]any) bool {
	return s["type"] == "array" || s["type"] == "object" && s["properties"] == nil && s["allOf"] == nil
}

// named puts the schema of that name into the surface.
func (b *builder) named(name string, u Usage) {
	b.put(name, b.resolve(map[string]any{"$ref": "#/components/schemas/" + name}), u)
}

// anonymous puts a schema without a name into the surface, and names it.
func (b *builder) anonymous(at string, s map[string]any, u Usage) string {
	id := reflect.ValueOf(s).Pointer()
	if name, ok := b.unfinished[id]; ok {
		return name
	}
	b.unfinished[id] = at
	b.put(at, s, u)
	delete(b.unfinished, id)
	return at
}

func (b *builder) put(name string, s map[string]any, u Usage) {
	t := b.Types[name]
	if t == nil {
		t = &Type{Name: name, Fields: map[string]*Field{}, Variants: map[string]string{}}
		b.Types[name] = t
	}
	t.Usage = t.Usage.union(u)
	this := visit{reflect.ValueOf(s).Pointer(), name, u}
	if b.done[this] {
		return
	}
	b.done[this] = true
	if s["properties"] == nil && s["allOf"] == nil && !b.allObjects(variants(s)) {
		self := b.field(name, s, u)
		if t.Self != nil {
			self = merge(t.Self, self)
		}
		t.Self = self
		return
	}
	b.fill(t, s, "", u, map[string]bool{})
}

// fill adds the fields of s to t, and those of all variants if s is a union. A
// field that some variant lacks is not required.
func (b *builder) fill(t *Type, s map[string]any, variant string, u Usage, seen map[string]bool) {
	required := list(s["required"])
	for name, v := range sorted(obj(s["properties"])) {
		f := b.field(t.Name+"."+name, v, u)
		f.Required = slices.Contains(required, any(name))
		if variant != "" {
			f.Variants = []string{variant}
		}
		if old := t.Fields[name]; old != nil {
			f = merge(old, f)
		}
		t.Fields[name] = f
	}
	for _, part := range list(s["allOf"]) {
		if ref := refName(obj(part)); !seen[ref] || ref == "" {
			seen[ref] = true
			b.fill(t, b.resolve(part), variant, u, seen)
		}
	}
	property := str(obj(s["discriminator"])["propertyName"])
	for i, m := range variants(s) {
		ref := refName(obj(m))
		if ref != "" && seen[ref] {
			continue
		}
		seen[ref] = true
		one := b.resolve(m)
		if variants(one) == nil {
			name := ref
			if name == "" {
				name = fmt.Sprintf("%s|%d", t.Name, i)
			}
			t.Variants[b.tag(one, property, name)] = name
			b.fill(t, one, b.tag(one, property, name), u, seen)
		} else {
			b.fill(t, one, variant, u, seen)
		}
	}
	for name, f := range t.Fields {
		if variant == "" && f.Variants != nil && len(f.Variants) < len(t.Variants) {
			t.Fields[name].Required = false
		}
	}
	// Other facts belong to the type itself, or to its variant.
	if t.Self == nil {
		t.Self = &Field{Type: "object", Facts: map[string]string{}}
	}
	if variant != "" {
		variant = " of " + variant
	}
	for k, v := range s {
		switch k {
		case "$ref", "type", "properties", "required", "allOf", "anyOf", "oneOf", "discriminator":
		default:
			t.Self.Facts[k+variant] = text(v)
		}
	}
}

// tag identifies a variant: the only value of its discriminator, or else its
// name.
func (b *builder) tag(s map[string]any, property, name string) string {
	if property == "" {
		property = "type"
	}
	p := b.resolve(obj(s["properties"])[property])
	if c, ok := p["const"]; ok {
		return text(c)
	}
	if e := list(p["enum"]); len(e) == 1 {
		return text(e[0])
	}
	return name
}

// merge combines the fields that share a name in two variants of a union.
func merge(a, b *Field) *Field {
	m := *a
	if a.Type != b.Type {
		names := append(strings.Split(a.Type, " | "), strings.Split(b.Type, " | ")...)
		slices.Sort(names)
		m.Type = strings.Join(slices.Compact(names), " | ")
	}
	m.Nullable = a.Nullable || b.Nullable
	m.Required = a.Required && b.Required
	m.Container = a.Container && b.Container
	m.Values = append(slices.Clone(a.Values), b.Values...)
	slices.Sort(m.Values)
	m.Values = slices.Compact(m.Values)
	m.Variants = append(slices.Clone(a.Variants), b.Variants...)
	slices.Sort(m.Variants)
	m.Variants = slices.Compact(m.Variants)
	m.Facts = maps.Clone(a.Facts)
	for k, v := range b.Facts {
		if old, ok := m.Facts[k]; ok && old != v {
			for _, variant := range b.Variants {
				m.Facts[k+" of "+variant] = v
			}
		} else {
			m.Facts[k] = v
		}
	}
	return &m
}

// resolve follows references until it reaches an object.
func (b *builder) resolve(v any) map[string]any {
	s := obj(v)
	for range 100 {
		ref, ok := s["$ref"].(string)
		if !ok {
			break
		}
		at := any(b.doc)
		for _, step := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			at = obj(at)[contract.Unescape(step)]
		}
		s = obj(at)
	}
	return s
}

func refName(s map[string]any) string {
	name, ok := strings.CutPrefix(str(s["$ref"]), "#/components/schemas/")
	if !ok {
		return ""
	}
	return contract.Unescape(name)
}

// rest records the facts of an object that have no field of their own, so that no change
// of a contract goes unnoticed.
func rest(facts map[string]string, s map[string]any, known ...string) {
	for k, v := range s {
		if !slices.Contains(known, k) {
			facts[k] = text(v)
		}
	}
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	out, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(out)
}

func obj(v any) map[string]any { m, _ := v.(map[string]any); return m }
func list(v any) []any         { l, _ := v.([]any); return l }
func str(v any) string         { s, _ := v.(string); return s }
