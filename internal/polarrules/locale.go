package polarrules

import (
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
