package contract

import (
	"maps"
	"slices"
)

// upgrade returns the OpenAPI 3.1 equivalent of a schema of OpenAPI 3.0: null is
// a type, and an exclusive limit is a number.
func upgrade(s map[string]any) map[string]any {
	out := maps.Clone(s)
	maps.DeleteFunc(out, func(key string, _ any) bool { return fieldKind("schema", key) == "drop" })
	for _, limit := range [][2]string{{"exclusiveMinimum", "minimum"}, {"exclusiveMaximum", "maximum"}} {
		exclusive, ok := out[limit[0]].(bool)
		if !ok {
			continue
		}
		delete(out, limit[0])
		if value, ok := out[limit[1]]; exclusive && ok {
			out[limit[0]] = value
			delete(out, limit[1])
		}
	}
	nullable := out["nullable"] == true
	delete(out, "nullable")
	if !nullable {
		return out
	}
	outer := map[string]any{}
	for _, key := range []string{"default", "deprecated", "readOnly", "writeOnly"} {
		if v, ok := out[key]; ok {
			outer[key] = v
			delete(out, key)
		}
	}
	if values, ok := out["enum"].([]any); ok {
		out["enum"] = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
	}
	variants := []any{out}
	// Before 3.1, tools ignored siblings of a reference, so documents put it in allOf.
	if parts, ok := out["allOf"].([]any); ok && len(parts) == 1 && len(out) == 1 {
		variants = parts
	}
	if of, ok := out["anyOf"].([]any); ok && len(out) == 1 {
		variants = slices.Clone(of)
	}
	outer["anyOf"] = append(slices.Clone(variants), map[string]any{"type": "null"})
	return outer
}
