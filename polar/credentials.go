package polar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// secret keeps a credential in the variables of a function, where fmt, json,
// slog and dumps of the client do not find it.
type secret struct{ header func() []string }

func newSecret(token string) secret {
	h := []string{"Bearer " + token} // requests share it
	return secret{func() []string { return h }}
}

const redacted = "[redacted]"

func (secret) String() string { return redacted }

func (secret) GoString() string { return redacted }

func (secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

func (secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

func (secret) LogValue() slog.Value { return slog.StringValue(redacted) }

func (s secret) equal(other secret) bool { return s.header()[0] == other.header()[0] }

func (s secret) isZero() bool { return s.header == nil }

// tokenSource returns the credential for an attempt.
type tokenSource func(context.Context) (secret, error)

func checkToken(token string) error {
	switch {
	case token == "":
		return errors.New("access token: is empty")
	case strings.HasPrefix(strings.ToLower(token), "bearer"):
		return errors.New(`access token: must not include "Bearer"`)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return errors.New("access token: contains a space, a line break or a character that is not allowed in a header")
	}
	return nil
}
