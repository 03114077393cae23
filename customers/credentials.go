package customers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// secret holds a credential where neither fmt nor a dump of memory by
// reflection comes upon it.
type secret struct{ reveal func() string }

func newSecret(s string) secret { return secret{func() string { return s }} }

const redacted = "[redacted]"

func (secret) String() string               { return redacted }
func (secret) GoString() string             { return redacted }
func (secret) Format(s fmt.State, _ rune)   { fmt.Fprint(s, redacted) }
func (secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s secret) equal(other secret) bool    { return s.reveal() == other.reveal() }
func (s secret) authorization() []string    { return []string{"Bearer " + s.reveal()} }

// tokenSource gives the credential of an attempt.
type tokenSource func(context.Context) (secret, error)

func withToken(token string) Option {
	return func(c *config) error {
		if err := checkToken(token); err != nil {
			return err
		}
		s := newSecret(token)
		c.tokens = func(context.Context) (secret, error) { return s, nil }
		return nil
	}
}

// WithTokenSource asks source for the access token of every attempt, in place
// of the one given to [New], which may be empty then. When the service refuses a token,
// source is asked once more, and the call is repeated if it gives another one.
//
// source is called by many goroutines at once and should keep what it has.
func WithTokenSource(source func(context.Context) (string, error)) Option {
	return func(c *config) error {
		if source == nil {
			return errors.New("token source: is nil")
		}
		c.gate = &gate{}
		c.tokens = func(ctx context.Context) (secret, error) {
			token, err := source(ctx)
			if err != nil {
				return secret{}, err
			}
			return newSecret(token), checkToken(token)
		}
		return nil
	}
}

func checkToken(token string) error {
	switch {
	case token == "":
		return errors.New("access token: is empty")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return errors.New("access token: has a space, a line break or a character that no header can hold")
	case strings.HasPrefix(strings.ToLower(token), "bearer"):
		return errors.New(`access token: must be given without "Bearer"`)
	}
	return nil
}
