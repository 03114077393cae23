package customers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// secret holds a credential where neither fmt nor a dump of memory by
// reflection comes upon it: in the variables of a function.
type secret struct{ header func() []string }

func newSecret(token string) secret {
	h := []string{"Bearer " + token} // requests share it
	return secret{func() []string { return h }}
}

const redacted = "[redacted]"

func (secret) String() string               { return redacted }
func (secret) GoString() string             { return redacted }
func (secret) Format(s fmt.State, _ rune)   { _, _ = io.WriteString(s, redacted) }
func (secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s secret) equal(other secret) bool    { return s.header()[0] == other.header()[0] }

// tokenSource gives the credential of an attempt.
type tokenSource func(context.Context) (secret, error)

// token asks for the credential of an attempt.
func (c *Client) token(ctx context.Context, op *Operation) (secret, *Error) {
	s, err := c.cfg.tokens(ctx)
	if err == nil {
		return s, nil
	}
	e := newError(op).because(err)
	if ctx.Err() == nil {
		e.kind, e.advice = ErrUnauthorized, "the token source gives no access token"
	}
	return s, e
}

func withToken(token string) Option {
	return func(c *config) error {
		s := newSecret(token)
		c.tokens = func(context.Context) (secret, error) { return s, nil }
		return checkToken(token)
	}
}

// WithTokenSource asks source for the access token of every attempt, in place of
// the one given to [New], which may be empty then. When the service refuses a
// token, source is asked once more, and if it gives another one, that is tried,
// as one of the attempts that [RetryPolicy] allows. A source that fails ends the
// call with [ErrUnauthorized] and its own error.
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
			if err == nil {
				err = checkToken(token)
			}
			return newSecret(token), err
		}
		return nil
	}
}

func checkToken(token string) error {
	switch {
	case token == "":
		return errors.New("access token: is empty")
	case strings.HasPrefix(strings.ToLower(token), "bearer"):
		return errors.New(`access token: must be given without "Bearer"`)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return errors.New("access token: has a space, a line break or a character that no header can hold")
	}
	return nil
}
