package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/polarexpress/polar-go/gen/api"
	"github.com/polarexpress/polar-go/openapi"
)

// Every operation of the contract has a method of the raw client, which sends
// what the contract says and decodes all of the response.
func TestContract(t *testing.T) {
	doc := parseContract(t)
	var got *http.Request
	var body, response []byte
	var status int
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(response)
	}))
	defer srv.Close()
	client, err := api.NewClientWithResponses(srv.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for path, item := range doc["paths"].(object) {
		for method, v := range item.(object) {
			op := v.(object)
			count++
			t.Run(op["operationId"].(string), func(t *testing.T) {
				call, ok := find(client, op["operationId"].(string))
				if !ok {
					t.Fatal("the client has no method for it")
				}
				var samples []any
				status, samples = doc.success(op)
				for _, sample := range samples {
					if response, err = json.Marshal(sample); err != nil {
						t.Fatal(err)
					}
					results := call.Call(arguments(t, call.Type()))
					if err, _ := results[1].Interface().(error); err != nil {
						t.Fatal(err)
					}
					if status == http.StatusNoContent || sample == nil {
						continue
					}
					decoded := results[0].Elem().FieldByName("JSON" + strconv.Itoa(status))
					if !decoded.IsValid() || decoded.IsNil() {
						t.Fatalf("a %d is not decoded: %s", status, response)
					}
					checkSame(t, "response", sample, plain(t, decoded.Interface()))
				}
				if want := strings.ToUpper(method); got.Method != want {
					t.Errorf("sends %s, want %s", got.Method, want)
				}
				if route := fillRoute(path); got.URL.EscapedPath() != route {
					t.Errorf("sends to %s, want %s", got.URL.EscapedPath(), route)
				}
				checkNames(t, "query", queryNames(got.URL.Query()), doc.queryNames(op))
				checkNames(t, "body", bodyNames(t, got.Header.Get("Content-Type"), body), doc.bodyNames(op))
			})
		}
	}
	if count < 190 {
		t.Errorf("the contract has only %d operations", count)
	}
}

// find returns the client's method for an operation.
func find(client *api.ClientWithResponses, id string) (reflect.Value, bool) {
	name := ""
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return strings.ContainsRune(":-_", r) }) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	for _, suffix := range []string{"WithResponse", "WithFormdataBodyWithResponse"} {
		if method := reflect.ValueOf(client).MethodByName(name + suffix); method.IsValid() {
			return method, true
		}
	}
	return reflect.Value{}, false
}

// arguments returns a full set of arguments: every field has a value.
func arguments(t *testing.T, method reflect.Type) []reflect.Value {
	args := []reflect.Value{reflect.ValueOf(t.Context())}
	ids := 0
	for i := 1; i < method.NumIn()-1; i++ { // the last is for editors of the request
		arg := reflect.New(method.In(i)).Elem()
		if _, ok := arg.Interface().(api.PathID); ok {
			ids++
			arg.SetString("id " + strconv.Itoa(ids))
		} else {
			fill(arg, 0)
		}
		args = append(args, arg)
	}
	return args
}

// fillRoute puts into a route what arguments gives.
func fillRoute(route string) string {
	ids := 0
	segments := strings.Split(route, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			ids++
			segments[i] = "id%20" + strconv.Itoa(ids)
		}
	}
	return strings.Join(segments, "/")
}

// fill gives v and all that it holds a value that is not zero.
func fill(v reflect.Value, depth int) {
	if depth > 8 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("s")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf("s"))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	}
}

func queryNames(query url.Values) []string {
	var names []string
	for name := range query {
		name, _, _ = strings.Cut(name, "[")
		names = append(names, name)
	}
	return names
}

func bodyNames(t *testing.T, contentType string, body []byte) []string {
	if len(body) == 0 {
		return nil
	}
	if contentType == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Fatal(err)
		}
		return slices.Collect(maps.Keys(form))
	}
	var fields object
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Keys(fields))
}

func checkNames(t *testing.T, where string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if got, want := slices.Compact(got), slices.Compact(want); !slices.Equal(got, want) {
		t.Errorf("%s has %v, want %v", where, got, want)
	}
}

// checkSame fails where got lacks something of want, or has more than null beside it.
func checkSame(t *testing.T, at string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case object:
		fields, ok := got.(object)
		if !ok && (got != nil || len(want) > 0) {
			t.Errorf("%s: got %v, want %v", at, got, want)
			return
		}
		for name, v := range want {
			checkSame(t, at+"."+name, v, fields[name])
		}
		for name, v := range fields {
			if _, ok := want[name]; !ok && v != nil {
				t.Errorf("%s.%s: got %v, want nothing", at, name, v)
			}
		}
	case []any:
		items, ok := got.([]any)
		if !ok || len(items) != len(want) {
			t.Errorf("%s: got %v, want %v", at, got, want)
			return
		}
		for i, v := range want {
			checkSame(t, fmt.Sprintf("%s[%d]", at, i), v, items[i])
		}
	default:
		if got != want {
			t.Errorf("%s: got %v, want %v", at, got, want)
		}
	}
}

// plain returns v as JSON has it.
func plain(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type object = map[string]any

// A contract is the OpenAPI document, without our overlay.
type contract map[string]any

func parseContract(t *testing.T) contract {
	t.Helper()
	var doc contract
	if err := yaml.Unmarshal(openapi.Contract(), (*map[string]any)(&doc)); err != nil {
		t.Fatal(err)
	}
	return doc
}

// success returns the status of success, and samples of its body: together they
// have each variant of each union. Without a body, the sample is nil.
func (c contract) success(op object) (status int, samples []any) {
	for code, response := range op["responses"].(object) {
		if !strings.HasPrefix(code, "2") {
			continue
		}
		status, _ = strconv.Atoi(code)
		content, _ := response.(object)["content"].(object)
		media, _ := content["application/json"].(object)
		schema, _ := media["schema"].(object)
		if len(schema) == 0 {
			return status, []any{nil}
		}
		seen := map[string]bool{}
		for variant := range 40 {
			sample := c.sample(schema, variant, nil)
			text := fmt.Sprint(sample)
			if !seen[text] {
				seen[text] = true
				samples = append(samples, sample)
			}
		}
	}
	return status, samples
}

// sample returns a value that the schema allows, with all of its properties.
// Where there are alternatives, variant selects one.
func (c contract) sample(schema object, variant int, above []string) any {
	if ref, ok := schema["$ref"].(string); ok {
		if slices.Contains(above, ref) {
			return nil
		}
		return c.sample(c.resolve(schema), variant, append(slices.Clip(above), ref))
	}
	if alternatives := c.alternatives(schema); len(alternatives) > 0 {
		return c.sample(alternatives[variant%len(alternatives)], variant, above)
	}
	if constant, ok := schema["const"]; ok {
		return constant
	}
	if enum, ok := schema["enum"].([]any); ok {
		return enum[variant%len(enum)]
	}
	switch schema["type"] {
	case "string":
		switch schema["format"] {
		case "date-time":
			return "2026-01-02T03:04:05Z"
		case "date":
			return "2026-01-02"
		}
		return "s"
	case "integer":
		return 3.0
	case "number":
		return 2.5
	case "boolean":
		return true
	case "array":
		if tuple, ok := schema["prefixItems"].([]any); ok {
			var items []any
			for _, item := range tuple {
				items = append(items, c.sample(item.(object), variant, above))
			}
			return items
		}
		if item := c.sample(schema["items"].(object), variant, above); item != nil {
			return []any{item}
		}
		return []any{}
	case "object":
		out := object{}
		properties, _ := schema["properties"].(object)
		for name, property := range properties {
			if v := c.sample(property.(object), variant, above); v != nil {
				out[name] = v
			}
		}
		if other, ok := schema["additionalProperties"].(object); ok {
			if v := c.sample(other, variant, above); v != nil {
				out["key"] = v
			}
		}
		if schema["additionalProperties"] == true {
			out["key"] = "s"
		}
		return out
	}
	return nil
}

func (c contract) resolve(schema object) object {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		schema = c["components"].(object)["schemas"].(object)[strings.TrimPrefix(ref, "#/components/schemas/")].(object)
	}
}

// alternatives returns what a union offers besides null, also within its variants.
func (c contract) alternatives(schema object) (all []object) {
	for _, key := range []string{"oneOf", "anyOf"} {
		variants, _ := schema[key].([]any)
		for _, v := range variants {
			if inner := c.alternatives(c.resolve(v.(object))); len(inner) > 0 {
				all = append(all, inner...)
			} else if v.(object)["type"] != "null" {
				all = append(all, v.(object))
			}
		}
	}
	return all
}

func (c contract) queryNames(op object) (names []string) {
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		if p := p.(object); p["in"] == "query" {
			names = append(names, p["name"].(string))
		}
	}
	return names
}

// bodyNames returns the properties of an operation's body, in all variants.
func (c contract) bodyNames(op object) (names []string) {
	body, _ := op["requestBody"].(object)
	content, _ := body["content"].(object)
	for _, media := range content {
		schema := c.resolve(media.(object)["schema"].(object))
		variants := c.alternatives(schema)
		if len(variants) == 0 {
			variants = []object{schema}
		}
		for _, variant := range variants {
			for name := range c.resolve(variant)["properties"].(object) {
				names = append(names, name)
			}
		}
	}
	return names
}
