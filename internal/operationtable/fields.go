package main

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// fieldNames returns the names of all parameters and of all properties of
// request bodies, sorted.
func fieldNames(doc *openapi3.T) []string {
	w := walker{names: map[string]bool{}, seen: map[*openapi3.Schema]bool{}}
	for _, item := range doc.Paths.Map() {
		w.parameters(item.Parameters)
		for _, op := range item.Operations() {
			w.parameters(op.Parameters)
			if op.RequestBody == nil {
				continue
			}
			for _, content := range op.RequestBody.Value.Content {
				w.schema(content.Schema)
			}
		}
	}
	return slices.Sorted(maps.Keys(w.names))
}

type walker struct {
	names map[string]bool
	seen  map[*openapi3.Schema]bool
}

func (w walker) parameters(parameters openapi3.Parameters) {
	for _, p := range parameters {
		w.names[p.Value.Name] = true
		w.schema(p.Value.Schema)
	}
}

func (w walker) schema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || w.seen[ref.Value] {
		return
	}
	s := ref.Value
	w.seen[s] = true
	for name, property := range s.Properties {
		w.names[name] = true
		w.schema(property)
	}
	for _, variants := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for _, variant := range variants {
			w.schema(variant)
		}
	}
	w.schema(s.Items)
	w.schema(s.AdditionalProperties.Schema)
}
