package pydantic

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/internal/python"
)

// UUID is the Check of a UUID, of version 4 if v4 is set.
func UUID(v4 bool) Check {
	return func(in any, loc []any) (any, []Problem) {
		s, ok := in.(string)
		if !ok {
			return nil, []Problem{NotUUID(in, loc)}
		}
		id, p := CheckUUID(s, loc, v4)
		if p != nil {
			return nil, []Problem{*p}
		}
		return id, nil
	}
}

// NotUUID returns the problem of a value that is not a string.
func NotUUID(in any, loc []any) Problem {
	return Problem{Type: "uuid_type", Loc: loc, Msg: "UUID input should be a string, bytes or UUID object", Input: in}
}

// CheckUUID reads a UUID, of version 4 if v4 is set, and returns it in lower
// case with hyphens.
func CheckUUID(s string, loc []any, v4 bool) (string, *Problem) {
	id, err := ParseUUID(s)
	if err != nil {
		return "", &Problem{
			Type: "uuid_parsing", Loc: loc, Msg: "Input should be a valid UUID, " + err.Error(), Input: s,
			Ctx: python.NewObject("error", err.Error()),
		}
	}
	if v4 && (id[14] != '4' || strings.IndexByte("89ab", id[19]) < 0) {
		return "", &Problem{Type: "uuid_version", Loc: loc, Msg: "UUID version 4 expected", Input: s, Ctx: python.NewObject("expected_version", 4)}
	}
	return id, nil
}

const (
	simpleLength     = 32
	hyphenatedLength = 36
	urnPrefix        = "urn:uuid:"
	// maxUUIDLength is the length of the longest form. Longer text is not examined.
	maxUUIDLength = len(urnPrefix) + hyphenatedLength
)

// hyphens are the positions of the hyphens of a UUID.
var hyphens = [...]int{8, 13, 18, 23}

// ParseUUID reads a UUID in any form that the uuid crate accepts: with or without
// hyphens, in braces, as a URN, in either case. It returns the UUID in lower case with
// hyphens. The error has the crate's words.
func ParseUUID(s string) (string, error) {
	inner := s
	switch {
	case len(s) == hyphenatedLength+2 && s[0] == '{' && s[len(s)-1] == '}':
		inner = s[1 : len(s)-1]
	case len(s) == maxUUIDLength:
		inner = strings.TrimPrefix(s, urnPrefix)
	}
	var b [16]byte
	switch len(inner) {
	case simpleLength:
		if n, err := hex.Decode(b[:], []byte(inner)); err == nil && n == len(b) {
			return formatUUID(b), nil
		}
	case hyphenatedLength:
		digits := inner[:8] + inner[9:13] + inner[14:18] + inner[19:23] + inner[24:]
		_, err := hex.Decode(b[:], []byte(digits))
		for _, at := range hyphens {
			if inner[at] != '-' {
				return "", uuidError(inner, true)
			}
		}
		if err == nil {
			return formatUUID(b), nil
		}
	}
	return "", uuidError(inner, len(inner) == hyphenatedLength)
}

func formatUUID(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// uuidError explains why s is not a UUID: by its first character that is neither a
// digit nor a hyphen, or else by its length or the length of a group. s has groups if
// it is hyphenated, in braces or a URN.
func uuidError(s string, grouped bool) error {
	if s == "" || len(s) > maxUUIDLength {
		return fmt.Errorf("invalid length: found %d", len(s))
	}
	inner, offset := s, 0
	switch {
	case grouped:
	case len(s) > 1 && s[0] == '{' && s[len(s)-1] == '}':
		inner, offset, grouped = s[1:len(s)-1], 1, true
	case strings.HasPrefix(s, urnPrefix):
		inner, offset, grouped = s[len(urnPrefix):], len(urnPrefix), true
	}
	var found []int
	for i, r := range inner {
		switch c := byte(r); { // the crate looks at the lowest byte only
		case c == '-':
			found, grouped = append(found, i), true
		case !python.IsHex(c):
			_, size := utf8.DecodeRuneInString(inner[i:])
			return fmt.Errorf("invalid character: found `%s` at %d", inner[i:i+size], offset+i)
		}
	}
	switch {
	case !grouped:
		return fmt.Errorf("invalid length: found %d", len(s))
	case len(found) != len(hyphens):
		return fmt.Errorf("invalid group count: expected 5, found %d", len(found)+1)
	}
	start := 0
	for i, at := range hyphens {
		if found[i] != at {
			return fmt.Errorf("invalid group length in group %d: expected %d, found %d", i, at-start, found[i]-start)
		}
		start = at + 1
	}
	return fmt.Errorf("invalid group length in group 4: expected 12, found %d", len(s)-start)
}
