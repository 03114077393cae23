package recording

import (
	"maps"
	"net/http"
	"strings"
	"unicode/utf8"
)

// keptHeaders are the response headers that clients may depend on.
var keptHeaders = []string{
	"Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Origin",
	"Access-Control-Expose-Headers", "Access-Control-Max-Age", "Allow", "Cache-Control", "Content-Disposition", "Content-Length",
	"Content-Type", "Location", "Polar-Version", "Pragma", "Retry-After", "Transfer-Encoding", "Vary", "WWW-Authenticate",
	"X-Polar-Deprecation-Notice", "X-Polar-Sandbox",
}

// maxTrimmed is how many bytes Compact keeps of a body that was not recorded in full.
// Tests cannot compare such a body as a whole, so that a longer beginning adds little.
const maxTrimmed = 1024

// Compact returns a copy of a scenario with only what a replay needs. It drops the
// response headers that no client depends on, keeps at most the first 1,024 bytes of a
// body that was not recorded in full, and replaces secrets.
func Compact(s *Scenario) *Scenario {
	c := &Scenario{Name: s.Name, Description: s.Description}
	for _, step := range s.Steps {
		header := http.Header{}
		for _, name := range keptHeaders {
			if values := step.ResponseHeaders.Values(name); len(values) > 0 {
				header.Set(name, strings.Join(values, ", "))
			}
		}
		step.ResponseHeaders = header
		step.RequestHeaders = maps.Clone(step.RequestHeaders)
		if step.Trimmed {
			step.ResponseBody = cut(step.ResponseBody)
		}
		if step.RequestTrimmed && step.RequestBody != nil {
			body := cut(*step.RequestBody)
			step.RequestBody = &body
		}
		c.Steps = append(c.Steps, step)
	}
	redact(c)
	return c
}

// cut returns at most the first maxTrimmed bytes of s, in whole characters.
func cut(s string) string {
	if len(s) <= maxTrimmed {
		return s
	}
	end := maxTrimmed
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
