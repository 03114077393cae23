// Package apischema reads the vendored contract piece by piece: it reads an operation,
// and the schemas that it refers to, when they are first used. Parsing the whole
// document takes seconds.
//
// It relies on the layout that the refresh tool gives the document: two spaces
// for each level, and keys in order.
package apischema

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// Document is the contract.
type Document struct {
	paths, schemas map[string]string

	mu         sync.Mutex
	items      map[string]map[string]*Operation
	components map[string]*openapi3.SchemaRef
}

// Operation is an operation of the contract.
type Operation struct {
	ID     string
	Params []*openapi3.Parameter
	// Body is the schema of a JSON request body. It is nil if there is none.
	Body *openapi3.SchemaRef
	// Responses are the declared responses by status.
	Responses map[string]openapi3.Content
}

// New returns a document to read from.
func New(text string) *Document {
	return &Document{
		paths:      sections(part(text, "paths:"), 2),
		schemas:    sections(part(part(text, "components:"), "  schemas:"), 4),
		items:      map[string]map[string]*Operation{},
		components: map[string]*openapi3.SchemaRef{},
	}
}

// part returns the lines below heading that are indented further than heading.
func part(text, heading string) string {
	_, rest, found := strings.Cut("\n"+text, "\n"+heading+"\n")
	if !found {
		return ""
	}
	depth := len(heading) - len(strings.TrimLeft(heading, " "))
	end := 0
	for line := range strings.Lines(rest) {
		if len(line)-len(strings.TrimLeft(line, " ")) <= depth {
			break
		}
		end += len(line)
	}
	return rest[:end]
}

// sections splits text at the keys that are indented by depth.
func sections(text string, depth int) map[string]string {
	found := map[string]string{}
	indent := strings.Repeat(" ", depth)
	key, start, at := "", 0, 0
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, indent); ok && rest[0] != ' ' {
			if key != "" {
				found[key] = text[start:at]
			}
			key, start = strings.Trim(strings.TrimSuffix(strings.TrimSpace(rest), ":"), `"'`), at+len(line)
		}
		at += len(line)
	}
	if key != "" {
		found[key] = text[start:]
	}
	return found
}

// Operation returns an operation, or nil if the contract lacks it.
func (d *Document) Operation(method, path string) (*Operation, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	item, ok := d.items[path]
	if !ok {
		var err error
		if item, err = d.item(path); err != nil {
			return nil, fmt.Errorf("the contract's path %s: %w", path, err)
		}
		d.items[path] = item
	}
	return item[method], nil
}

// Schema returns a schema by its name, or nil if there is none.
func (d *Document) Schema(name string) *openapi3.SchemaRef {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.schemas[name]; !ok {
		return nil
	}
	return d.component(name)
}

func (d *Document) item(path string) (map[string]*Operation, error) {
	root, err := parse(d.paths[path])
	if err != nil {
		return nil, err
	}
	operations := map[string]*Operation{}
	for method, op := range pairs(root) {
		method = strings.ToUpper(method)
		if method == http.MethodGet || method == http.MethodPost || method == http.MethodPatch || method == http.MethodDelete || method == http.MethodPut {
			operations[method] = d.operation(op)
		}
	}
	return operations, nil
}

func (d *Document) operation(node *yaml.Node) *Operation {
	op := &Operation{Responses: map[string]openapi3.Content{}}
	for key, v := range pairs(node) {
		switch key {
		case "operationId":
			op.ID = v.Value
		case "parameters":
			for _, p := range v.Content {
				op.Params = append(op.Params, &openapi3.Parameter{
					Name: value(p, "name"), In: value(p, "in"), Required: value(p, "required") == "true", Style: value(p, "style"), Schema: d.schema(child(p, "schema")),
				})
			}
		case "requestBody":
			op.Body = d.content(child(v, "content"))["application/json"].Schema
		case "responses":
			for status, response := range pairs(v) {
				content := openapi3.Content{}
				for kind, media := range d.content(child(response, "content")) {
					content[kind] = &media
				}
				op.Responses[status] = content
			}
		}
	}
	return op
}

func (d *Document) content(node *yaml.Node) map[string]openapi3.MediaType {
	kinds := map[string]openapi3.MediaType{}
	for kind, media := range pairs(node) {
		kinds[kind] = openapi3.MediaType{Schema: d.schema(child(media, "schema"))}
	}
	return kinds
}

const schemaRef = "#/components/schemas/"

// component returns a schema that others may refer to while it is read.
func (d *Document) component(name string) *openapi3.SchemaRef {
	if ref := d.components[name]; ref != nil {
		return ref
	}
	ref := &openapi3.SchemaRef{Ref: schemaRef + name, Value: &openapi3.Schema{}}
	d.components[name] = ref
	root, err := parse(d.schemas[name])
	if other := value(root, "$ref"); other != "" {
		ref.Value = d.component(strings.TrimPrefix(other, schemaRef)).Value
	} else if err == nil {
		d.fill(ref.Value, root)
	}
	return ref
}

func (d *Document) schema(node *yaml.Node) *openapi3.SchemaRef {
	if node == nil {
		return nil
	}
	if ref := value(node, "$ref"); ref != "" {
		named := d.component(strings.TrimPrefix(ref, schemaRef))
		if len(node.Content) == 2 {
			return named
		}
		own := *named.Value // adds the keys beside the reference, such as a default
		d.fill(&own, &yaml.Node{Kind: yaml.MappingNode, Content: slices.DeleteFunc(slices.Clone(node.Content), func(n *yaml.Node) bool { return n.Value == "$ref" || n.Value == ref })})
		return &openapi3.SchemaRef{Ref: named.Ref, Value: &own}
	}
	s := &openapi3.Schema{}
	d.fill(s, node)
	return &openapi3.SchemaRef{Value: s}
}

func (d *Document) list(node *yaml.Node) (refs openapi3.SchemaRefs) {
	for _, n := range node.Content {
		refs = append(refs, d.schema(n))
	}
	return refs
}

// fill reads a schema. It writes three features of OpenAPI 3.1 in terms of 3.0,
// which is all that kin-openapi's fast validator knows: a const becomes an enum of
// one value, a schema without a type allows null, and a tuple becomes a list
// whose items match any item of the tuple. kin-openapi's other validator, for
// JSON Schema 2020-12, compiles the schema for every value and is about 200 times
// slower.
func (d *Document) fill(s *openapi3.Schema, node *yaml.Node) {
	for key, v := range pairs(node) {
		switch key {
		case "type":
			types := openapi3.Types{v.Value}
			if v.Kind == yaml.SequenceNode {
				_ = v.Decode(&types) // the format allows only strings
			}
			s.Type = &types
		case "format":
			s.Format = v.Value
		case "enum":
			_ = v.Decode(&s.Enum)
		case "const":
			_ = v.Decode(&s.Const)
			s.Enum = []any{s.Const}
		case "default":
			_ = v.Decode(&s.Default)
		case "pattern":
			s.Pattern = v.Value
		case "minimum":
			_ = v.Decode(&s.Min)
		case "maximum":
			_ = v.Decode(&s.Max)
		case "exclusiveMinimum":
			s.ExclusiveMin.Value = new(float64)
			_ = v.Decode(s.ExclusiveMin.Value)
		case "minLength":
			_ = v.Decode(&s.MinLength)
		case "maxLength":
			_ = v.Decode(&s.MaxLength)
		case "minItems":
			_ = v.Decode(&s.MinItems)
		case "maxItems":
			_ = v.Decode(&s.MaxItems)
		case "minProperties":
			_ = v.Decode(&s.MinProps)
		case "maxProperties":
			_ = v.Decode(&s.MaxProps)
		case "required":
			_ = v.Decode(&s.Required)
		case "items":
			s.Items = d.schema(v)
		case "prefixItems":
			s.Items = openapi3.NewSchemaRef("", &openapi3.Schema{AnyOf: d.list(v)})
		case "anyOf":
			s.AnyOf = d.list(v)
		case "oneOf":
			s.OneOf = d.list(v)
		case "allOf":
			s.AllOf = d.list(v)
		case "properties":
			s.Properties = openapi3.Schemas{}
			for name, property := range pairs(v) {
				s.Properties[name] = d.schema(property)
			}
		case "additionalProperties":
			if v.Kind == yaml.MappingNode {
				s.AdditionalProperties.Schema = d.schema(v)
			} else {
				allowed := v.Value == "true"
				s.AdditionalProperties.Has = &allowed
			}
		case "discriminator":
			s.Discriminator = &openapi3.Discriminator{PropertyName: value(v, "propertyName"), Mapping: map[string]openapi3.MappingRef{}}
			for tag, ref := range pairs(child(v, "mapping")) {
				s.Discriminator.Mapping[tag] = openapi3.MappingRef{Ref: ref.Value}
			}
		}
	}
	if s.Type == nil && len(s.Enum) == 0 && len(s.AnyOf)+len(s.OneOf)+len(s.AllOf) == 0 {
		s.Nullable = true
	}
}

func parse(text string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		return nil, err
	}
	return doc.Content[0], nil
}

// pairs iterates over a mapping. Other nodes have no pairs.
func pairs(node *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}

func child(node *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(node) {
		if k == key {
			return v
		}
	}
	return nil
}

func value(node *yaml.Node, key string) string {
	if v := child(node, key); v != nil {
		return v.Value
	}
	return ""
}
