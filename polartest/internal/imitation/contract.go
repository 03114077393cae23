package imitation

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

	"github.com/polarexpress/polar-go/internal/apischema"
	"github.com/polarexpress/polar-go/internal/python"
	"github.com/polarexpress/polar-go/openapi"
)

// WithoutContractCheck turns off the check of requests and responses against the
// contract. It is meant for benchmarks, and for tests that deliberately send requests
// that the service tolerates but the contract does not allow.
func WithoutContractCheck() Option { return func(s *settings) { s.unchecked = true } }

// document returns the vendored contract, which reads an operation when it is first
// used.
var document = sync.OnceValue(func() *apischema.Document { return apischema.New(string(openapi.Contract())) })

var schemaOptions = []openapi3.SchemaValidationOption{
	openapi3.EnableFormatValidation(),
	openapi3.WithStringFormatValidator("uuid4", openapi3.NewRegexpFormatValidator(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)),
}

// beyondContract are the statuses that the service sends although its document
// does not list them.
var beyondContract = []int{
	http.StatusTemporaryRedirect, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed,
	http.StatusGone, http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusInternalServerError,
}

// violations checks one exchange. A request that was refused is not checked: the
// caller has seen the error.
func violations(rt *route, params map[string]string, query []python.Param, record *Request, resp *response) (errs []error) {
	op, err := document().Operation(rt.method, rt.pattern)
	if err != nil {
		return []error{err}
	}
	if op == nil {
		if resp.status < 300 {
			return []error{errors.New("the contract has no such operation")}
		}
		return nil
	}
	if resp.status < 300 {
		errs = append(errs, checkParams(op, params, query)...)
		if op.Body != nil {
			errs = append(errs, prefix("request body", checkJSON(op.Body.Value, record.Body, openapi3.VisitAsRequest()))...)
		}
	}
	return append(errs, checkResponse(op, resp)...)
}

func prefix(what string, err error) []error {
	if err == nil {
		return nil
	}
	return []error{fmt.Errorf("%s: %w", what, err)}
}

// checkResponse checks a response. Responses of the layers in front of the application
// are the same for all operations and are not in the document.
func checkResponse(op *apischema.Operation, resp *response) []error {
	declared, ok := op.Responses[strconv.Itoa(resp.status)]
	if !ok {
		if !slices.Contains(beyondContract, resp.status) {
			return []error{fmt.Errorf("response: status %d is not declared", resp.status)}
		}
		return nil
	}
	if resp.bare || resp.stream != nil || len(declared) == 0 {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(resp.contentType)
	media := declared.Get(kind)
	if media == nil {
		return []error{fmt.Errorf("response %d: content type %q is not declared", resp.status, resp.contentType)}
	}
	if kind != jsonType || media.Schema == nil {
		return nil
	}
	if o := parseObject(string(resp.body)); resp.status >= 400 && o != nil && o.Text("error") != "" && o.Value("detail") != nil {
		return nil // the document does not name all errors of a status
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
	if errors.Is(schemaErr.Origin, openapi3.ErrOneOfConflict) {
		return nil // some of the contract's variants do not exclude one another
	}
	return fmt.Errorf("at %q: schema keyword %q: %s", at, schemaErr.SchemaField, schemaErr.Reason)
}

// checkParams checks path and query parameters and reports undeclared ones.
func checkParams(op *apischema.Operation, path map[string]string, query []python.Param) (errs []error) {
	known := map[string]bool{}
	for _, p := range op.Params {
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

// deepKey returns the key of name[key], or "".
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

// schemaTypes returns the types of a schema and its alternatives.
func schemaTypes(schema *openapi3.Schema) (types []string) {
	if schema.Type != nil {
		types = append(types, schema.Type.Slice()...)
	}
	for _, alternative := range slices.Concat(schema.AnyOf, schema.OneOf, schema.AllOf) {
		types = append(types, schemaTypes(alternative.Value)...)
	}
	return types
}

// checkContract records how an exchange violates the contract.
func (s *Server) checkContract(rt *route, params map[string]string, rawQuery string, record *Request, resp *response) {
	if s.opts.unchecked || rt == nil {
		return
	}
	for _, err := range violations(rt, params, python.ParseQuery(rawQuery), record, resp) {
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
