package customerstest

import (
	"strings"

	"golang.org/x/text/language"
)

// localeCheck is a BCP 47 tag with a real language; what is stored is its
// canonical form.
func localeCheck(in any, at []any) (any, []problem) {
	s, ok := in.(string)
	if !ok {
		return nil, []problem{stringType(in, at)}
	}
	if tag, ok := canonicalLocale(s); ok {
		return tag, nil
	}
	return nil, []problem{valueError(in, at, "Invalid IETF BCP 47 language tag")}
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
