package polarrules

import (
	"strings"

	"golang.org/x/text/language"

	"github.com/polarexpress/polar-go/internal/pydantic"
)

// localeCheck is a BCP 47 tag with a real language; what is stored is its
// canonical form.
func localeCheck(in any, at []any) (any, []pydantic.Problem) {
	s, bad := pydantic.String(in, at)
	if bad != nil {
		return nil, bad
	}
	if tag, ok := canonicalLocale(s); ok {
		return tag, nil
	}
	return nil, []pydantic.Problem{pydantic.ValueError(in, at, "Invalid IETF BCP 47 language tag")}
}

// localeForm replaces deprecated parts but keeps scripts that go without
// saying, as the service does.
var localeForm = language.DeprecatedBase | language.DeprecatedRegion | language.DeprecatedScript

func canonicalLocale(s string) (string, bool) {
	first, _, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	if len(first) < 2 || len(first) > 3 {
		return "", false
	}
	tag, err := localeForm.Parse(s)
	if err != nil {
		return "", false
	}
	if base, _, _ := tag.Raw(); base.String() == "und" {
		return "", false
	}
	out := strings.ReplaceAll(tag.String(), "-UK", "-GB")
	return out, true
}
