package apischema

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/polarexpress/polar-go/internal/pydantic"
)

// Query checks the values of a query parameter and returns the effective ones. There
// must be at least one value. early are the problems of sorting, which come before all
// others.
func (c *Checker) Query(p *openapi3.Parameter, values []string) (checked []string, early, problems []pydantic.Problem) {
	at := pydantic.Loc("query", p.Name)
	schema := p.Schema
	list, element := c.element(schema)
	if !list {
		last := values[len(values)-1]
		out, bad := c.check(single(schema), "query."+p.Name, last, at)
		return []string{textOf(out, last)}, nil, bad
	}
	input := make([]any, len(values))
	for i, v := range values {
		input[i] = v
	}
	onlyList := schema.Value.Type != nil || p.Name == "sorting"
	label := c.queryLabel(element)
	var bad []pydantic.Problem
	for i, v := range values {
		loc := pydantic.Within(at, i)
		if !onlyList {
			loc = pydantic.Within(at, "json-or-python[json=list["+label+"],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]", i)
		}
		out, more := c.check(element, "", v, loc)
		bad = append(bad, more...)
		checked = append(checked, textOf(out, v))
	}
	switch {
	case len(bad) == 0:
		return checked, nil, nil
	case onlyList:
		return checked, bad, nil
	}
	_, first := c.check(element, "", input, pydantic.Within(at, label))
	return checked, nil, append(first, bad...)
}

func textOf(out any, otherwise string) string {
	if s, ok := out.(string); ok {
		return s
	}
	return otherwise
}

// single returns the schema of a parameter that may be null.
func single(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	for _, r := range ref.Value.AnyOf {
		if r.Value.Type == nil || !r.Value.Type.Is("null") {
			return r
		}
	}
	return ref
}

// element reports whether a parameter is a list, and returns the schema of its
// elements.
func (c *Checker) element(ref *openapi3.SchemaRef) (bool, *openapi3.SchemaRef) {
	for _, r := range slices.Concat(openapi3.SchemaRefs{ref}, ref.Value.AnyOf) {
		if r.Value.Type != nil && r.Value.Type.Is("array") {
			return true, r.Value.Items
		}
	}
	return false, nil
}

// queryLabel returns the name of an element's type in the errors of a list.
func (c *Checker) queryLabel(ref *openapi3.SchemaRef) string {
	name, s := Name(ref), ref.Value
	switch {
	case len(s.Enum) > 0 && name != "":
		return "str-enum[" + name + "]"
	case s.Format == "uuid4", s.Format == "uuid":
		return "uuid"
	}
	return c.label(ref)
}
