package polarrules

import (
	"strings"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// textCheck checks that a string has at most limit characters before it is trimmed. A
// blank string counts as null. A zero limit means no limit.
func textCheck(limit int) pydantic.Check {
	return func(in any, at []any) (any, []pydantic.Problem) {
		s, bad := pydantic.String(in, at)
		switch {
		case bad != nil:
			return nil, bad
		case limit > 0 && python.Len(s) > limit:
			return nil, []pydantic.Problem{pydantic.TooLong(in, at, limit)}
		case strings.ContainsRune(s, 0):
			return nil, []pydantic.Problem{nulProblem(in, at)}
		}
		return blankIsNull(python.Strip(s)), nil
	}
}

// blankIsNull turns an empty string into null.
func blankIsNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nulProblem(in any, at []any) pydantic.Problem {
	return pydantic.ValueError(in, at, "This value contains invalid characters")
}

// text returns the string that a check has returned, or "" for null.
func text(v any) string {
	s, _ := v.(string)
	return s
}
