package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

type object = map[string]any

// mark is the extension with which the overlay asks for a merge. Its value is the
// name of the type that the union becomes, true for a union that has a name, or
// "list" for a union of a value and a list of such values, which becomes the list.
// On a property of a union, it names the type that the property's variants become.
const mark = "x-polar-merge"

const refPrefix = "#/components/schemas/"

// merge replaces the marked unions of doc.
func merge(doc object) error {
	m := merger{schemas: at(doc, "components", "schemas"), made: object{}}
	for _, name := range slices.Sorted(maps.Keys(m.schemas)) {
		if err := m.walk(m.schemas[name], name); err != nil {
			return err
		}
	}
	if err := m.walk(doc["paths"], "paths"); err != nil {
		return err
	}
	maps.Copy(m.schemas, m.made)
	return nil
}

// A merger keeps what it makes apart from what it reads, so that the order of
// the unions does not matter.
type merger struct{ schemas, made object }

// walk merges the marked unions in v. place is the path of v in the document.
func (m *merger) walk(v any, place string) error {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if err := m.walk(e, fmt.Sprintf("%s.%d", place, i)); err != nil {
				return err
			}
		}
	case object:
		if wanted, ok := v[mark]; ok {
			name, ok := wanted.(string)
			if !ok {
				name = place
			}
			if err := m.replace(v, name, place); err != nil {
				return fmt.Errorf("%s: %w", place, err)
			}
			return nil
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := m.walk(v[key], place+"."+key); err != nil {
				return err
			}
		}
	}
	return nil
}

// replace turns the union into what its mark asks for.
func (m *merger) replace(union object, name, place string) error {
	delete(union, mark) // once: a union can be within its own variants
	alternatives, nullable := m.alternatives(union)
	if len(alternatives) < 2 {
		return fmt.Errorf("%s marks what is not a union", mark)
	}
	if name == "list" {
		return replaceByList(union, alternatives)
	}
	merged, err := m.merge(name, union, alternatives)
	if err != nil {
		return err
	}
	other, exists := m.made[name]
	switch {
	case exists && !reflect.DeepEqual(other, merged):
		return fmt.Errorf("another union is merged into a different %s", name)
	case !exists && m.schemas[name] != nil && place != name:
		return fmt.Errorf("%s is another schema", name)
	}
	m.made[name] = merged
	if place == name {
		return nil
	}
	clear(union)
	union["$ref"] = refPrefix + name
	if nullable {
		delete(union, "$ref")
		union["anyOf"] = []any{object{"$ref": refPrefix + name}, object{"type": "null"}}
	}
	return nil
}

// replaceByList replaces a union of a value and a list of such values by the list.
func replaceByList(union object, alternatives []object) error {
	for i, list := range alternatives {
		if list["type"] == "array" && len(alternatives) == 2 && reflect.DeepEqual(list["items"], any(alternatives[1-i])) {
			delete(union, "anyOf")
			maps.Copy(union, list)
			return nil
		}
	}
	return fmt.Errorf("%s: list marks what is not a value or a list of such values", mark)
}

// alternatives returns the alternatives of a union and of the unions within it, and
// whether null is one of them. Null itself is not in the list.
func (m *merger) alternatives(union object) (all []object, nullable bool) {
	for _, key := range []string{"oneOf", "anyOf"} {
		for _, v := range list(union, key) {
			alternative := v.(object)
			target := m.resolve(alternative)
			if target["type"] == "null" {
				nullable = true
			} else if target["oneOf"] != nil || target["anyOf"] != nil {
				inner, null := m.alternatives(target)
				all, nullable = append(all, inner...), nullable || null
			} else {
				all = append(all, alternative)
			}
		}
	}
	return all, nullable
}

// resolve follows references.
func (m *merger) resolve(schema object) object {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		schema = m.schemas[strings.TrimPrefix(ref, refPrefix)].(object)
	}
}

// merge returns one schema for all variants. It has the properties of every variant,
// and requires those that all variants require. The union's own description of a
// property overrides that of the variants.
func (m *merger) merge(name string, union object, variants []object) (object, error) {
	merged := object{"type": "object"}
	for key, v := range union {
		if key == "description" || key == "deprecated" || strings.HasPrefix(key, "x-") {
			merged[key] = v
		}
	}
	found := map[string][]object{}
	var required []any
	for i, variant := range variants {
		v := m.resolve(variant)
		if v["properties"] == nil {
			return nil, fmt.Errorf("%s is not an object with properties", label(variant))
		}
		if err := m.walk(v["properties"], name); err != nil {
			return nil, err
		}
		for property, schema := range v["properties"].(object) {
			found[property] = append(found[property], schema.(object))
		}
		if names := list(v, "required"); i == 0 {
			required = names
		} else {
			required = slices.DeleteFunc(slices.Clone(required), func(name any) bool { return !slices.Contains(names, name) })
		}
	}
	own := at(union, "properties")
	properties := object{}
	for _, property := range slices.Sorted(maps.Keys(found)) {
		overrides, _ := own[property].(object)
		schema := overrides
		if !defines(overrides) {
			made := typeName{text: name + pascal(property)}
			if given, ok := overrides[mark].(string); ok {
				made = typeName{given, true}
			}
			var err error
			if schema, err = m.unify(made, found[property]); err != nil {
				return nil, fmt.Errorf("%s: %w", property, err)
			}
			schema = maps.Clone(schema)
			maps.Copy(schema, overrides)
			delete(schema, mark)
		}
		properties[property] = schema
	}
	for _, property := range slices.Sorted(maps.Keys(own)) {
		if found[property] == nil {
			if !defines(own[property].(object)) {
				return nil, fmt.Errorf("the overlay describes %s, which no variant has", property)
			}
			properties[property] = own[property]
		}
	}
	merged["properties"] = properties
	if len(required) > 0 {
		merged["required"] = required
	}
	return merged, nil
}

// unify returns one schema for the properties that share a name. A new type gets the
// given name.
func (m *merger) unify(name typeName, schemas []object) (object, error) {
	if same(schemas) {
		return schemas[0], nil
	}
	var cores []object
	nullable := false
	for _, schema := range schemas {
		core, null := withoutNull(schema)
		nullable = nullable || null
		if core != nil {
			cores = append(cores, core)
		}
	}
	unified, err := m.unifyCores(name, cores)
	if err != nil {
		return nil, err
	}
	if nullable {
		unified = object{"anyOf": []any{unified, object{"type": "null"}}}
	} else {
		unified = maps.Clone(unified)
	}
	for key, v := range schemas[0] {
		differs := func(other object) bool { return !reflect.DeepEqual(other[key], v) }
		if key == "description" || strings.HasPrefix(key, "x-") && !slices.ContainsFunc(schemas, differs) {
			unified[key] = v
		}
	}
	return unified, nil
}

// unifyCores returns one schema for schemas without null.
func (m *merger) unifyCores(name typeName, cores []object) (object, error) {
	if len(cores) == 0 {
		return object{"type": "null"}, nil
	}
	if same(cores) {
		return cores[0], nil
	}
	kind := m.resolve(cores[0])["type"]
	var values, items []any
	open := false
	for _, core := range cores {
		v := m.resolve(core)
		switch {
		case v["type"] == kind:
		case isNumber(v["type"]) && isNumber(kind):
			kind = "number"
		default:
			return nil, conflict(cores)
		}
		switch {
		case v["const"] != nil:
			values = append(values, v["const"])
		case v["enum"] != nil:
			values = append(values, list(v, "enum")...)
		default:
			open = true
		}
		items = append(items, v["items"])
	}
	switch kind {
	case "string":
		if open {
			return object{"type": kind}, nil
		}
		slices.SortFunc(values, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
		return m.enum(name, slices.Compact(values)), nil
	case "boolean", "integer", "number":
		return object{"type": kind}, nil
	case "array":
		elements := make([]object, len(items))
		for i, item := range items {
			elements[i], _ = item.(object)
		}
		element, err := m.unify(typeName{text: name.text + "Item"}, elements)
		return object{"type": kind, "items": element}, err
	case "object":
		merged, err := m.merge(name.text, object{}, cores)
		if err != nil {
			return nil, err
		}
		if other, ok := m.made[name.text]; ok && !reflect.DeepEqual(other, any(merged)) || m.schemas[name.text] != nil {
			return nil, fmt.Errorf("the merged type would be named %s, which is the name of another", name.text)
		}
		m.made[name.text] = merged
		return object{"$ref": refPrefix + name.text}, nil
	}
	return nil, conflict(cores)
}

func isNumber(kind any) bool { return kind == "integer" || kind == "number" }

// conflict returns the error for schemas that have no common Go type.
func conflict(schemas []object) error {
	var labels []string
	for _, schema := range schemas {
		labels = append(labels, label(schema))
	}
	return fmt.Errorf("the variants differ (%s): define it in the overlay, among the properties of the union", strings.Join(labels, ", "))
}

// enum returns an enum of the values: that of the contract, if there is one with the
// same values or with the name, or a new one. Enums are open in Go, so one with the name
// need not have the same values, such as when a value has no variant yet.
func (m *merger) enum(name typeName, values []any) object {
	for _, other := range slices.Sorted(maps.Keys(m.schemas)) {
		if reflect.DeepEqual(list(m.schemas[other].(object), "enum"), values) {
			return object{"$ref": refPrefix + other}
		}
	}
	if named, ok := m.schemas[name.text].(object); ok && !name.given && named["enum"] != nil {
		return object{"$ref": refPrefix + name.text}
	}
	enum := object{"type": "string", "enum": values}
	if !name.given {
		return enum
	}
	m.made[name.text] = enum
	return object{"$ref": refPrefix + name.text}
}

// A typeName is the name of a new type, and whether the overlay gives it.
type typeName struct {
	text  string
	given bool
}

// withoutNull splits a schema into its part other than null, which is nil if there is
// none, and whether it allows null.
func withoutNull(schema object) (core object, nullable bool) {
	if schema["type"] == "null" {
		return nil, true
	}
	alternatives := list(schema, "anyOf")
	rest := slices.DeleteFunc(slices.Clone(alternatives), func(v any) bool { return v.(object)["type"] == "null" })
	switch {
	case len(rest) == len(alternatives):
		return schema, false
	case len(rest) == 1:
		return rest[0].(object), true
	}
	core = maps.Clone(schema)
	core["anyOf"] = rest
	return core, true
}

// same reports whether the schemas have the same Go type.
func same(schemas []object) bool {
	for _, schema := range schemas[1:] {
		if !reflect.DeepEqual(essence(schemas[0]), essence(schema)) {
			return false
		}
	}
	return true
}

// limits are the keywords that do not change the type of a value.
var limits = []string{
	"default", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
	"multipleOf", "minItems", "maxItems", "deprecated", "writeOnly", "readOnly",
}

// essence returns v without descriptions and limits.
func essence(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = essence(e)
		}
		return out
	case object:
		out := object{}
		for key, e := range v {
			if !slices.Contains(limits, key) && key != "description" {
				out[key] = essence(e)
			}
		}
		return out
	}
	return v
}

// defines reports whether a schema determines the type of a value.
func defines(schema object) bool {
	for _, key := range []string{"$ref", "type", "anyOf", "oneOf", "enum", "x-go-type"} {
		if schema[key] != nil {
			return true
		}
	}
	return false
}

// label returns the name or the JSON of a schema, for errors.
func label(schema object) string {
	if ref, ok := schema["$ref"].(string); ok {
		return strings.TrimPrefix(ref, refPrefix)
	}
	text, _ := json.Marshal(schema)
	return string(text)
}

// pascal returns the PascalCase of a snake_case name.
func pascal(name string) string {
	var b strings.Builder
	for _, word := range strings.Split(name, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// at returns the object under the keys, or nil.
func at(v object, keys ...string) object {
	for _, key := range keys {
		v, _ = v[key].(object)
	}
	return v
}

// list returns the list under the key, or nil.
func list(v object, key string) []any {
	l, _ := v[key].([]any)
	return l
}
