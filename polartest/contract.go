package polartest

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/polarexpress/polar-go/internal/python"
	"github.com/polarexpress/polar-go/openapi"
)

// WithoutContractCheck turns off the check of requests and responses against
// the contract: for benchmarks, and for tests that send on purpose what the
// service tolerates but the contract does not allow.
func WithoutContractCheck() Option { return func(s *settings) { s.unchecked = true } }

// contract is the vendored document, prepared for checks.
type contract struct {
	operations map[string]*contractOperation
}

type contractOperation struct {
	params    []*openapi3.Parameter
	body      *openapi3.Schema
	responses *openapi3.Responses
}

// loadContract parses the document when the first exchange is checked, because
// parsing is slow.
var loadContract = sync.OnceValues(func() (*contract, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(openapi.Contract())
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	seen := map[*openapi3.Schema]bool{}
	for _, ref := range doc.Components.Schemas {
		downgrade(ref, seen)
	}
	c := &contract{operations: map[string]*contractOperation{}}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			o := &contractOperation{responses: op.Responses}
			for _, list := range []openapi3.Parameters{item.Parameters, op.Parameters} {
				for _, p := range list {
					o.params = append(o.params, p.Value)
				}
			}
			if op.RequestBody != nil {
				o.body = jsonSchema(op.RequestBody.Value.Content)
			}
			c.operations[op.OperationID] = o
		}
	}
	return c, nil
})

// downgrade rewrites three features of OpenAPI 3.1 in terms of 3.0, which is all
// that kin-openapi's own validator knows: a const becomes an enum of one value,
// a schema without a type allows null, and a tuple becomes a list whose items
// match any item of the tuple. kin-openapi's other validator, for JSON Schema
// 2020-12, compiles the schema for every value and is about 200 times slower.
func downgrade(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return
	}
	s := ref.Value
	seen[s] = true
	if s.Const != nil {
		s.Enum = []any{s.Const}
	}
	if len(s.PrefixItems) > 0 && s.Items == nil {
		s.Items = openapi3.NewSchemaRef("", &openapi3.Schema{AnyOf: s.PrefixItems})
		s.PrefixItems = nil
	}
	alternatives := slices.Concat(s.AnyOf, s.OneOf, s.AllOf)
	if s.Type == nil && len(s.Enum) == 0 && len(alternatives) == 0 {
		s.Nullable = true
	}
	for _, a := range alternatives {
		downgrade(a, seen)
	}
	for _, p := range s.Properties {
		downgrade(p, seen)
	}
	downgrade(s.Items, seen)
	downgrade(s.AdditionalProperties.Schema, seen)
}

func jsonSchema(content openapi3.Content) *openapi3.Schema {
	if m := content.Get(jsonType); m != nil && m.Schema != nil {
		return m.Schema.Value
	}
	return nil
}

var schemaOptions = []openapi3.SchemaValidationOption{
	openapi3.EnableFormatValidation(),
	openapi3.WithStringFormatValidator("uuid4", openapi3.NewRegexpFormatValidator(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)),
}

// beyondContract are the statuses that the service sends although its document
// does not list them.
var beyondContract = []int{
	http.StatusTemporaryRedirect, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed,
	http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusInternalServerError,
}

// violations checks one exchange. A request that was refused is not checked: the
// caller has seen the error.
func (c *contract) violations(rt *route, params map[string]string, query []python.Param, record *Request, resp *response) (errs []error) {
	op := c.operations[rt.operation]
	if op == nil {
		if resp.status < 300 {
			return []error{errors.New("the contract has no such operation")}
		}
		return nil
	}
	if resp.status < 300 {
		errs = append(errs, op.checkParams(params, query)...)
		if op.body != nil {
			errs = append(errs, prefix("request body", checkJSON(op.body, record.Body, openapi3.VisitAsRequest()))...)
		}
	}
	return append(errs, op.checkResponse(resp)...)
}

func prefix(what string, err error) []error {
	if err == nil {
		return nil
	}
	return []error{fmt.Errorf("%s: %w", what, err)}
}

// checkResponse checks a response. Those of the layers in front of the
// application are the same for all operations and not in the document.
func (o *contractOperation) checkResponse(resp *response) []error {
	declared := o.responses.Status(resp.status)
	if declared == nil {
		if !slices.Contains(beyondContract, resp.status) {
			return []error{fmt.Errorf("response: status %d is not declared", resp.status)}
		}
		return nil
	}
	if resp.bare || resp.stream != nil || len(declared.Value.Content) == 0 {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(resp.contentType)
	media := declared.Value.Content.Get(kind)
	if media == nil {
		return []error{fmt.Errorf("response %d: content type %q is not declared", resp.status, resp.contentType)}
	}
	if kind != jsonType || media.Schema == nil {
		return nil
	}
	return prefix(fmt.Sprintf("response %d", resp.status), checkJSON(media.Schema.Value, resp.body, openapi3.VisitAsResponse()))
}

func checkJSON(schema *openapi3.Schema, body []byte, as openapi3.SchemaValidationOption) error {
	v, err := python.ParseJSON(body)
	if err != nil {
		return err
	}
	return explain(schema.VisitJSON(plain(v), append(slices.Clone(schemaOptions), as)...))
}

// plain turns a value into what encoding/json would decode. Integers that are
// too large for a float64 become the largest one.
func plain(v any) any {
	switch v := v.(type) {
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return max(-math.MaxFloat64, min(f, math.MaxFloat64))
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = plain(e)
		}
		return list
	case *python.Object:
		m := make(map[string]any, v.Len())
		for k, e := range v.All() {
			m[k] = plain(e)
		}
		return m
	}
	return v
}

// explain reduces a validation error to its pointers and reasons.
func explain(err error) error {
	var schemaErr *openapi3.SchemaError
	if !errors.As(err, &schemaErr) {
		return err
	}
	at := ""
	for {
		if p := schemaErr.JSONPointer(); len(p) > 0 {
			at += "/" + strings.Join(p, "/")
		}
		var inner *openapi3.SchemaError
		if schemaErr.Origin == nil || !errors.As(schemaErr.Origin, &inner) || inner == schemaErr {
			break
		}
		schemaErr = inner
	}
	return fmt.Errorf("at %q: schema keyword %q: %s", at, schemaErr.SchemaField, schemaErr.Reason)
}

// checkParams checks path and query parameters, and that there are no others.
func (o *contractOperation) checkParams(path map[string]string, query []python.Param) (errs []error) {
	known := map[string]bool{}
	for _, p := range o.params {
		known[p.Name] = true
		var values []string
		deep := map[string]any{}
		switch p.In {
		case openapi3.ParameterInPath:
			values = []string{path[p.Name]}
		case openapi3.ParameterInQuery:
			for _, q := range query {
				if q.Name == p.Name {
					values = append(values, q.Value)
				}
				if key := deepKey(q.Name, p.Name); key != "" && p.Style == openapi3.SerializationDeepObject {
					known[q.Name] = true
					deep[key] = appendDeep(deep[key], q.Value)
				}
			}
		}
		if len(values) == 0 && len(deep) == 0 {
			continue
		}
		var v any = deep
		if len(deep) == 0 {
			v = decodeParam(p.Schema.Value, values)
		}
		errs = append(errs, prefix(p.In+" parameter "+p.Name, explain(p.Schema.Value.VisitJSON(v, schemaOptions...)))...)
	}
	for _, q := range query {
		if !known[q.Name] {
			errs = append(errs, fmt.Errorf("query parameter %s: not declared", q.Name))
		}
	}
	return errs
}

var deepForm = regexp.MustCompile(`^([^\[]+)\[([^\]]+)\]$`)

// deepKey is the key of name[key].
func deepKey(name, param string) string {
	if m := deepForm.FindStringSubmatch(name); m != nil && m[1] == param {
		return m[2]
	}
	return ""
}

func appendDeep(old any, value string) any {
	switch old := old.(type) {
	case nil:
		return value
	case []any:
		return append(old, value)
	}
	return []any{old, value}
}

// decodeParam reads the text of a parameter as the type that its schema has.
func decodeParam(schema *openapi3.Schema, values []string) any {
	types := schemaTypes(schema)
	last := values[len(values)-1]
	switch {
	case slices.Contains(types, "array") && (len(values) > 1 || !slices.Contains(types, "string")):
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		return list
	case slices.Contains(types, "integer"):
		if n, err := strconv.ParseInt(last, 10, 64); err == nil {
			return float64(n)
		}
	case slices.Contains(types, "boolean"):
		switch last {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return last
}

// schemaTypes are the types that a schema or its alternatives have.
func schemaTypes(schema *openapi3.Schema) (types []string) {
	if schema.Type != nil {
		types = append(types, schema.Type.Slice()...)
	}
	for _, alternative := range slices.Concat(schema.AnyOf, schema.OneOf, schema.AllOf) {
		types = append(types, schemaTypes(alternative.Value)...)
	}
	return types
}

// checkContract records what an exchange did that the contract does not allow.
func (s *Server) checkContract(rt *route, params map[string]string, rawQuery string, record *Request, resp *response) {
	if s.opts.unchecked || rt == nil {
		return
	}
	c, err := loadContract()
	if err != nil {
		s.note(err)
		return
	}
	for _, err := range c.violations(rt, params, python.ParseQuery(rawQuery), record, resp) {
		s.note(fmt.Errorf("contract broken by %s %s (%s, status %d): %w", record.Method, record.Path, record.Operation, resp.status, err))
	}
}

// maxProblems keeps one mistake from filling the log.
const maxProblems = 20

func (s *Server) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, err)
	}
}
