package polarrules

import (
	"golang.org/x/text/language"

	"github.com/polarexpress/polar-go/internal/pydantic"
)

// Locale checks a BCP 47 tag, which must have a known language. It returns the
// canonical form.
func Locale(in any, at []any) (any, []pydantic.Problem) {
	s, bad := pydantic.String(in, at)
	if bad != nil {
		return nil, bad
	}
	if tag, ok := canonicalLocale(s); ok {
		return tag, nil
	}
	return nil, []pydantic.Problem{pydantic.ValueError(in, at, "Invalid IETF BCP 47 language tag")}
}

// localeForm replaces deprecated and legacy subtags, "iw" by "he" and "sh" by
// "sr-Latn", and leaves out a script that the language implies.
const localeForm = language.DeprecatedBase | language.DeprecatedRegion | language.DeprecatedScript |
	language.Legacy | language.SuppressScript

// canonicalLocale returns the canonical form of a tag that has a language.
func canonicalLocale(s string) (string, bool) {
	tag, err := localeForm.Parse(s)
	if err != nil {
		return "", false
	}
	base, _, _ := tag.Raw()
	return tag.String(), base.String() != "und"
}
