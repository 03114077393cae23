package check

import "github.com/polarexpress/polar-go/polar"

// Value returns the value of a field, or the zero value if it has none.
func Value[T any](f polar.Field[T]) T {
	v, _ := f.Get()
	return v
}

// Pointer returns a pointer to the value of a field, or nil if it has none.
func Pointer[T any](f polar.Field[T]) *T {
	v, err := f.Get()
	if err != nil {
		return nil
	}
	return &v
}

// Optional returns a field with the value v, or none if v is the zero value, such as
// the zero time in any location.
func Optional[T comparable](v T) (f polar.Field[T]) {
	var zero T
	timed, ok := any(v).(interface{ IsZero() bool })
	if v != zero && !(ok && timed.IsZero()) {
		f.Set(v)
	}
	return f
}
