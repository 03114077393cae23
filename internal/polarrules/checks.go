package polarrules

import (
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// OptionalText checks a text. Blank text counts as null.
func OptionalText(in any, at []any) (any, []pydantic.Problem) {
	if in == nil {
		return nil, nil
	}
	return textCheck(0)(in, at)
}

// CheckAddress checks a billing address. Its result is a *python.Object, as in
// responses.
func CheckAddress(in any, at []any) (any, []pydantic.Problem) {
	v, problems := addressCheck(in, at)
	a, ok := v.(*Address)
	if !ok {
		return nil, problems
	}
	return a.Object(), nil
}

// Object returns the address as it is in responses.
func (a *Address) Object() *python.Object {
	return python.NewObject("line1", blankIsNull(a.Line1), "line2", blankIsNull(a.Line2), "postal_code", blankIsNull(a.PostalCode),
		"city", blankIsNull(a.City), "state", blankIsNull(a.State), "country", a.Country)
}

// CheckEmail checks an email address.
func (b *Bodies) CheckEmail(in any, at []any) (any, []pydantic.Problem) { return b.email(in, at) }
