package polar

import "github.com/oapi-codegen/nullable"

// Field is a field of an update. The zero Field is left out, so that the service
// keeps the value; [Set] and [Null] make the other two states. Its methods Get,
// IsNull and IsSpecified tell them apart.
type Field[T any] = nullable.Nullable[T]

// Set returns a field that changes to v.
func Set[T any](v T) Field[T] { return nullable.NewNullableWithValue(v) }

// Null returns a field that is sent as null, which clears the value where the
// service allows it. The doc comment of each field says what null does.
func Null[T any]() Field[T] { return nullable.NewNullNullable[T]() }

// Value returns what p points to, or the zero value if p is nil: the service has
// no value then.
func Value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// Ptr returns a pointer to v, for optional parameters whose zero value means
// something, such as a filter for false.
func Ptr[T any](v T) *T { return &v }
