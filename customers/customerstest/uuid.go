package customerstest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// newUUID makes up a version 4 UUID.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return formatUUID(b)
}

func formatUUID(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// parseUUID reads a UUID in any of the spellings that the service takes:
// with or without hyphens, in braces, as a URN, in either case. The error
// reads as the service's parser puts it.
func parseUUID(s string) (id string, err error) {
	inner, offset := s, 0
	switch {
	case len(s) == 38 && s[0] == '{' && s[37] == '}':
		inner, offset = s[1:37], 1
	case len(s) == 45 && strings.HasPrefix(s, "urn:uuid:"):
		inner, offset = s[9:], 9
	case len(s) != 32 && len(s) != 36:
		return "", fmt.Errorf("invalid length: found %d", len(s))
	}
	var hyphens []int
	for i := 0; i < len(inner); {
		r, n := utf8.DecodeRuneInString(inner[i:])
		switch {
		case r == '-':
			hyphens = append(hyphens, i)
		case !isHex(r):
			return "", fmt.Errorf("invalid character: found `%c` at %d", r, i+offset+1)
		}
		i += n
	}
	if len(hyphens) == 0 && len(inner) == 32 {
		return decodeUUID(inner)
	}
	if len(hyphens) != 4 {
		return "", fmt.Errorf("invalid group count: expected 5, found %d", len(hyphens)+1)
	}
	starts := []int{0, 9, 14, 19, 24}
	for i, at := range hyphens {
		if at != starts[i+1]-1 {
			return "", fmt.Errorf("invalid group length in group %d: expected %d, found %d", i, starts[i+1]-1-starts[i], at-starts[i])
		}
	}
	return decodeUUID(strings.ReplaceAll(inner, "-", ""))
}

func decodeUUID(digits string) (string, error) {
	var b [16]byte
	if _, err := hex.Decode(b[:], []byte(digits)); err != nil {
		return "", fmt.Errorf("invalid length: found %d", len(digits))
	}
	return formatUUID(b), nil
}

func isHex(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F'
}

// checkUUID reads a UUID of the request, of version 4 if v4 is set.
func checkUUID(s string, loc []any, v4 bool) (string, *problem) {
	id, err := parseUUID(s)
	if err != nil {
		return "", &problem{typ: "uuid_parsing", loc: loc, msg: "Input should be a valid UUID, " + err.Error(), input: s, ctx: obj("error", err.Error())}
	}
	if v4 && (id[14] != '4' || strings.IndexByte("89ab", id[19]) < 0) {
		return "", &problem{typ: "uuid_version", loc: loc, msg: "UUID version 4 expected", input: s, ctx: obj("expected_version", 4)}
	}
	return id, nil
}
