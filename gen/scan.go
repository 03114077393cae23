package gen

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// scanner reads small JSON values without the cost that encoding/json has for
// each value with a method of its own. It leaves what is not plain to
// encoding/json: its methods then report false.
type scanner struct {
	text string
	at   int
}

// skip passes over white space.
func (s *scanner) skip() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

// next passes over white space and the byte c, if it comes next.
func (s *scanner) next(c byte) bool {
	s.skip()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// end reports whether nothing but white space is left.
func (s *scanner) end() bool {
	s.skip()
	return s.at == len(s.text)
}

// string reads a string without escapes.
func (s *scanner) string() (string, bool) {
	if !s.next('"') {
		return "", false
	}
	rest := s.text[s.at:]
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == '"':
			s.at += i + 1
			return rest[:i], utf8.ValidString(rest[:i])
		case c == '\\' || c < ' ':
			return "", false
		}
	}
	return "", false
}

// word reads a number, true or false. It does not check which.
func (s *scanner) word() string {
	s.skip()
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(",}] \t\r\n", s.text[s.at]) < 0 {
		s.at++
	}
	return s.text[start:s.at]
}

// number reports whether word is a number.
func number(word string) bool {
	return word != "" && (word[0] == '-' || word[0] >= '0' && word[0] <= '9') && json.Valid([]byte(word))
}
