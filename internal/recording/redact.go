package recording

import (
	"fmt"
	"regexp"
	"strings"
)

// secret matches tokens, client secrets and webhook secrets that the service generates,
// and text of the same form.
var secret = regexp.MustCompile(`\b(polar_[a-z]{1,8}_|whsec_)([A-Za-z0-9]{32,})`)

// licenseKey matches a license key that the service generated. Its last six
// characters are shown in display_key.
var licenseKey = regexp.MustCompile(`("key": ?")[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{6}([0-9A-F]{6}")`)

// redact replaces every secret with text of the same length and alphabet. It numbers
// the secrets of a scenario in order of appearance, so that equal secrets stay equal and
// different ones different. It keeps the last six characters of a license key.
func redact(s *Scenario) {
	known := map[string]string{}
	replace := func(text string) string {
		text = licenseKey.ReplaceAllStringFunc(text, func(found string) string {
			if !strings.ContainsAny(found, "ABCDEF") {
				return found // an invented key, such as 22222222-2222-4222-8222-222222222222
			}
			return licenseKey.ReplaceAllString(found, "${1}00000000-0000-4000-8000-000000${2}")
		})
		return secret.ReplaceAllStringFunc(text, func(found string) string {
			if known[found] == "" {
				m := secret.FindStringSubmatch(found)
				number := fmt.Sprintf("recorded%d", len(known)+1)
				known[found] = m[1] + number + strings.Repeat("x", len(m[2])-len(number))
			}
			return known[found]
		})
	}
	for i := range s.Steps {
		step := &s.Steps[i]
		step.Path = replace(step.Path)
		for name, value := range step.RequestHeaders {
			step.RequestHeaders[name] = replace(value)
		}
		if step.RequestBody != nil {
			body := replace(*step.RequestBody)
			step.RequestBody = &body
		}
		for _, values := range step.ResponseHeaders {
			for j := range values {
				values[j] = replace(values[j])
			}
		}
		step.ResponseBody = replace(step.ResponseBody)
	}
}
