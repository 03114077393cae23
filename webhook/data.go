package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// maxDataValues limits how many values Data decodes. Short values such as {}
// take far more memory decoded than encoded. The largest events of the service
// have some thousand values.
const maxDataValues = 100_000

// Data decodes the data of an event into a T: a generated type, a struct with
// the fields that the program needs, or a map.
//
//	case webhook.OrderPaid:
//		order, err := webhook.Data[Order](event)
//
// [TypeInfo.Data] says which type an event carries. Data does not compare it
// with T, but if T is a struct with a string field whose JSON name is "id", that
// field must not be empty.
//
// The error matches [ErrPayload] and does not quote the data.
func Data[T any](event Event) (*T, error) {
	data := new(T)
	if err := decodeData(event.Data, data); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrPayload, event.Type, err)
	}
	return data, nil
}

func decodeData(data json.RawMessage, into any) error {
	switch {
	case len(data) == 0 || string(data) == "null":
		return errors.New("it has no data")
	case bytes.Count(data, []byte(",")) >= maxDataValues:
		return fmt.Errorf("data has more than %d values", maxDataValues)
	}
	if err := json.Unmarshal(data, into); err != nil {
		mismatch := new(json.UnmarshalTypeError)
		if !errors.As(err, &mismatch) {
			return fmt.Errorf("data does not fit %v", reflect.TypeOf(into).Elem())
		}
		// The rest of Value is a number from the data.
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		path := strings.TrimSuffix("data."+mismatch.Field, ".")
		return fmt.Errorf("%s: %s does not fit %v", path, kind, mismatch.Type)
	}
	if id, ok := stringID(reflect.ValueOf(into)); ok && id == "" {
		return errors.New("data.id is empty")
	}
	return nil
}

// stringID returns the field whose JSON name is "id", if v has one and it is a
// string. Fields of embedded structs count too.
func stringID(v reflect.Value) (id string, ok bool) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return "", false
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "id" && field.Type.Kind() == reflect.String:
			return v.Field(i).String(), true
		case name == "" && field.Anonymous && !ok:
			id, ok = stringID(v.Field(i))
		}
	}
	return id, ok
}
