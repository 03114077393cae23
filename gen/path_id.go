package gen

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPathID keeps a path with two IDs below what servers accept as a URL.
const maxPathID = 2048

// PathID is an ID in the path of a request, where it is one segment. Building
// the request fails if the ID is empty, is "." or "..", begins or ends with
// white space, is longer than 2,048 bytes, or contains a slash, a control
// character or invalid UTF-8: the service would read such a path as another one
// or refuse it.
type PathID string

// MarshalText returns the ID, or an error that does not contain it.
func (id PathID) MarshalText() ([]byte, error) {
	s := string(id)
	switch {
	case s == "":
		return nil, errors.New("must not be empty")
	case s == "." || s == "..":
		return nil, errors.New(`must not be "." or ".."`)
	case len(s) > maxPathID:
		return nil, fmt.Errorf("must be at most 2,048 bytes long, not %d", len(s))
	case !utf8.ValidString(s):
		return nil, errors.New("must be valid UTF-8")
	case strings.Contains(s, "/"):
		return nil, errors.New("must not contain a slash")
	case strings.ContainsFunc(s, unicode.IsControl):
		return nil, errors.New("must not contain a control character")
	case strings.TrimSpace(s) != s:
		return nil, errors.New("must not begin or end with white space")
	}
	return []byte(s), nil
}
