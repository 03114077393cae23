package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxBytes is how large a document may be. Polar's is about 2 MB.
const MaxBytes = 32 << 20

// maxNodes and maxDepth bound a document after its YAML aliases are expanded.
// Polar's has about 150,000 nodes, 30 deep.
const (
	maxNodes = 5_000_000
	maxDepth = 500
)

// Parse reads an OpenAPI 3.0 or 3.1 document in JSON or YAML. In the result
// objects are map[string]any, lists []any and numbers json.Number.
func Parse(data []byte) (map[string]any, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("the document is larger than %d MB", MaxBytes>>20)
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	var v any
	var err error
	switch {
	case len(text) == 0:
		return nil, errors.New("the document is empty")
	case text[0] == '<':
		return nil, errors.New("this is HTML or XML, not an OpenAPI document in JSON or YAML")
	case text[0] == '{':
		v, err = parseJSON(text)
	default:
		v, err = parseYAML(text)
	}
	if err != nil {
		return nil, err
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("this is not an OpenAPI document: it is not an object")
	}
	version, _ := doc["openapi"].(string)
	switch {
	case doc["swagger"] != nil:
		return nil, fmt.Errorf("this is Swagger %v; only OpenAPI 3.0 and 3.1 are supported", doc["swagger"])
	case version == "":
		return nil, errors.New(`this is not an OpenAPI document: it has no "openapi" version`)
	case !strings.HasPrefix(version, "3.0") && !strings.HasPrefix(version, "3.1"):
		return nil, fmt.Errorf("this is OpenAPI %s; only 3.0 and 3.1 are supported", version)
	}
	return doc, nil
}

func parseJSON(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("unexpected end")
		}
		return nil, fmt.Errorf("the document is not JSON: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("the document is not JSON: something follows its end")
	}
	b := budget{nodes: maxNodes}
	return v, b.check(v, 0)
}

func parseYAML(text []byte) (any, error) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var n yaml.Node
	if err := dec.Decode(&n); err != nil {
		return nil, fmt.Errorf("the document is neither JSON nor YAML: %s", oneLine(err))
	}
	b := budget{nodes: maxNodes}
	return b.convert(&n, 0)
}

// A budget counts down from maxNodes.
type budget struct{ nodes int }

func (b *budget) spend(depth int) error {
	b.nodes--
	if b.nodes < 0 || depth > maxDepth {
		return errors.New("the document is nested too deeply or too large to be an API description")
	}
	return nil
}

func (b *budget) check(v any, depth int) error {
	if err := b.spend(depth); err != nil {
		return err
	}
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			if err := b.check(e, depth+1); err != nil {
				return err
			}
		}
	case []any:
		for _, e := range v {
			if err := b.check(e, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// convert returns the value that encoding/json returns for the same document in
// JSON. Dates are strings.
func (b *budget) convert(n *yaml.Node, depth int) (any, error) {
	if err := b.spend(depth); err != nil {
		return nil, err
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return b.convert(n.Content[0], depth)
	case yaml.AliasNode:
		return b.convert(n.Alias, depth+1)
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
				return nil, fmt.Errorf("line %d: only scalar keys are supported", key.Line)
			}
			if _, dup := m[key.Value]; dup {
				return nil, fmt.Errorf("line %d: duplicate key %q", key.Line, key.Value)
			}
			v, err := b.convert(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			m[key.Value] = v
		}
		return m, nil
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, e := range n.Content {
			v, err := b.convert(e, depth+1)
			if err != nil {
				return nil, err
			}
			l[i] = v
		}
		return l, nil
	}
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		var v bool
		err := n.Decode(&v)
		return v, err
	case "!!int", "!!float":
		var v any
		if err := n.Decode(&v); err != nil {
			return nil, err
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s is not a JSON number", n.Line, n.Value)
		}
		return json.Number(text), nil
	}
	return n.Value, nil
}

// oneLine joins the lines of an error of the YAML library.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
