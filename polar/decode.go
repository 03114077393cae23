package polar

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
)

// decode reads a success into out, and refuses what is not the resource: a page
// of a proxy, a truncated body, an object of another kind.
func (r *response) decode(out any) *Error {
	if !isMedia(r.header, "application/json") {
		return r.unexpected("the response is not JSON: check the base URL and what is in front of the service")
	}
	if tooManyValues(r.body, r.limit) {
		return r.unexpected("the response holds more objects or values than the client allows (see WithMaxResponseBytes)")
	}
	if err := json.Unmarshal(r.body, out); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) && syntax.Offset >= int64(len(r.body)) {
			return r.unexpected("the response was truncated").withCause(io.ErrUnexpectedEOF)
		}
		return r.unexpected("the response does not have the shape that the contract describes (see Error.Body): a newer version of this module may know it")
	}
	return nil
}

// notTheResource is the error of JSON that is something else than was asked for.
func (r *response) notTheResource() *Error {
	return r.unexpected("the response is JSON, but not what was asked for: check the base URL")
}

// hasID reports whether v, a decoded object, has an ID, if its type has a field
// for it: every object of the service has.
func hasID(v reflect.Value) bool {
	index := idField(v.Type())
	return index == nil || v.FieldByIndex(index).Len() > 0
}

// idOf returns the ID of v, or the empty string if its type has none.
func idOf(v reflect.Value) string {
	if index := idField(v.Type()); index != nil {
		return v.FieldByIndex(index).String()
	}
	return ""
}

// idFields remembers the results of idField.
var idFields sync.Map

// idField returns the place of the field for the ID in a struct type, or nil.
func idField(t reflect.Type) []int {
	if index, ok := idFields.Load(t); ok {
		return index.([]int)
	}
	var index []int
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "id" && f.Type.Kind() == reflect.String && f.IsExported() && len(f.Index) == 1 {
				index = f.Index
			}
		}
	}
	idFields.Store(t, index)
	return index
}
