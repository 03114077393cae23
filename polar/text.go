package polar

import (
	"strings"

	"github.com/google/uuid"
)

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	letters = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// consistsOf reports whether s has characters, and all of them are in set.
func consistsOf(s, set string) bool {
	return s != "" && strings.Trim(s, set) == ""
}

// isHeaderName reports whether s can be the name of a header.
func isHeaderName(s string) bool {
	return consistsOf(s, letters+digits+"!#$%&'*+-.^_`|~")
}

// isHeaderValue reports whether s can be the value of a header.
func isHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\t' && (r < 0x20 || r == 0x7f) })
}

// isUUID reports whether s is a UUID in its usual form, in groups of 8-4-4-4-12.
func isUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// hasDotSegment reports whether a path has a segment that means this folder or
// the one above, escaped or not.
func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		segment = strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// unsafePath says why the service may read an escaped path as another one.
func unsafePath(path string) string {
	if !strings.ContainsAny(path, ".%") { // nearly every path
		return ""
	}
	if hasDotSegment(path) {
		return `has "." or ".." as a segment`
	}
	if strings.Contains(strings.ToLower(path), "%2f") {
		return "has an escaped slash, which the service treats as a path separator"
	}
	return ""
}
