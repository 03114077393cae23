package main

import (
	"maps"
	"slices"
	"strings"
)

// requests shapes the schemas that only requests contain, so that callers write values
// instead of pointers, and can send null where null has a meaning.
//
// In the body of a PATCH, a property that may be null is absent, null or a value, and a
// list or a map is left out if it is nil, but sent if it is empty. In other requests, an
// optional string is left out if it is empty.
func requests(doc object) {
	schemas := at(doc, "components", "schemas")
	r := reader{schemas: schemas}
	responses, creates, updates := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, item := range at(doc, "paths") {
		for method, operation := range item.(object) {
			op, ok := operation.(object)
			if !ok {
				continue
			}
			r.collect(op["responses"], responses)
			r.collect(op["requestBody"], creates)
			for _, media := range at(op, "requestBody", "content") {
				if ref, ok := at(media.(object), "schema")["$ref"].(string); ok && method == "patch" {
					updates[strings.TrimPrefix(ref, refPrefix)] = true
				}
			}
		}
	}
	for name, schema := range schemas {
		schema := schema.(object)
		required := list(schema, "required")
		for property, v := range at(schema, "properties") {
			v := v.(object)
			switch {
			case responses[name] || slices.Contains(required, any(property)):
			case updates[name]:
				r.update(v)
			case creates[name]:
				r.create(v)
			}
		}
	}
}

type reader struct{ schemas object }

// collect adds the names of the schemas that v reaches to names.
func (r reader) collect(v any, names map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			r.collect(e, names)
		}
	case object:
		if ref, ok := v["$ref"].(string); ok {
			name := strings.TrimPrefix(ref, refPrefix)
			if !names[name] {
				names[name] = true
				r.collect(r.schemas[name], names)
			}
		}
		for _, e := range v {
			r.collect(e, names)
		}
	}
}

func (r reader) create(property object) {
	if property["x-go-type"] != nil {
		return
	}
	core, nullable := withoutNull(property)
	if core == nil || r.kind(core) != "string" {
		return
	}
	if nullable {
		delete(property, "anyOf")
		maps.Copy(property, core)
	}
	property["x-go-type-skip-optional-pointer"] = true
}

func (r reader) update(property object) {
	core, nullable := withoutNull(property)
	if core == nil {
		return
	}
	switch r.kind(core) {
	case "list", "map":
		property["x-omitempty"], property["x-omitzero"] = false, true
		return
	}
	if !nullable || strings.HasPrefix(goType(property), "nullable.") {
		return
	}
	name := goType(property)
	if name == "" {
		name = r.goType(core)
	}
	if name == "" {
		return
	}
	property["x-go-type"] = "nullable.Nullable[" + name + "]"
	property["x-go-type-import"] = object{"path": "github.com/oapi-codegen/nullable"}
	property["x-go-type-skip-optional-pointer"] = true
}

func goType(schema object) string {
	name, _ := schema["x-go-type"].(string)
	return name
}

// goType returns the type that the generator gives to a schema.
func (r reader) goType(schema object) string {
	if name := goType(schema); name != "" {
		return name
	}
	if ref, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, refPrefix)
		if given, ok := r.schemas[name].(object)["x-go-name"].(string); ok {
			return given
		}
		return strings.NewReplacer("-", "", "_", "").Replace(name)
	}
	switch schema["type"] {
	case "string":
		if schema["format"] == "date-time" {
			return "time.Time"
		}
		return "string"
	case "integer":
		return "int"
	case "number":
		return "float64"
	case "boolean":
		return "bool"
	}
	return ""
}

// kind returns "string", "list" or "map" if that is what a schema's values are in Go,
// and "" for other values.
func (r reader) kind(schema object) string {
	if name := goType(schema); name != "" {
		switch {
		case name == "string":
			return name
		case name == "Metadata" || strings.HasPrefix(name, "map["):
			return "map"
		case strings.HasPrefix(name, "[]"):
			return "list"
		}
		return ""
	}
	if ref, ok := schema["$ref"].(string); ok {
		return r.kind(r.schemas[strings.TrimPrefix(ref, refPrefix)].(object))
	}
	switch {
	case schema["type"] == "array":
		return "list"
	case schema["type"] == "object" && schema["properties"] == nil:
		return "map"
	case schema["type"] == "string" && schema["format"] != "date-time" && schema["format"] != "date":
		return "string"
	}
	return ""
}
