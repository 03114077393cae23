package python

import (
	"strings"
	"unicode/utf8"
)

// Param is one parameter of a query string, decoded.
type Param struct{ Name, Value string }

// ParseQuery reads a query string as Python does: it keeps blank values, reads a plus
// as a space, does not split at semicolons, and keeps malformed escapes.
func ParseQuery(raw string) []Param {
	var list []Param
	for _, part := range strings.Split(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		list = append(list, Param{Unquote(strings.ReplaceAll(name, "+", " ")), Unquote(strings.ReplaceAll(value, "+", " "))})
	}
	return list
}

// Unquote decodes percent-escapes once. It keeps malformed ones, and replaces invalid
// UTF-8 in the result with U+FFFD.
func Unquote(s string) string {
	if strings.IndexByte(s, '%') >= 0 {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] == '%' && i+2 < len(s) && IsHex(s[i+1]) && IsHex(s[i+2]) {
				b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
				i += 2
				continue
			}
			b.WriteByte(s[i])
		}
		s = b.String()
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return s
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// QuotePath escapes only the characters that a URL cannot contain. It does not escape a
// question mark.
func QuotePath(path string) string {
	const safe = ":/%#?=@[]!$&'()*+,;"
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			strings.IndexByte("_.-~", c) >= 0 || strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const digits = "0123456789ABCDEF"
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

// IsHex reports whether c is a hexadecimal digit.
func IsHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
