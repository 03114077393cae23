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

func (secret) String() string               { return redacted }
func (secret) GoString() string             { return redacted }
func (secret) Format(s fmt.State, _ rune)   { _, _ = io.WriteString(s, redacted) }
func (secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s secret) equal(other secret) bool    { return s.header()[0] == other.header()[0] }
func (s secret) isZero() bool               { return s.header == nil }

// tokenSource returns the credential for an attempt.
type tokenSource func(context.Context) (secret, error)

// token asks for the credential for an attempt.
func (c *Client) token(ctx context.Context, op *Operation) (secret, *Error) {
	s, err := c.config.tokens(ctx)
	if err == nil {
		return s, nil
	}
	e := newError(op).withCause(err)
	if ctx.Err() == nil {
		e.kind, e.advice = ErrUnauthorized, "the token source returns no access token"
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

// WithTokenSource asks source for the access token of each attempt. It replaces
// the token given to [New], which may be empty then. When the service refuses a
// token, source is asked once more; if it returns a different token, that one is
// tried as one of the attempts that [RetryPolicy] allows. If source fails, the
// call fails with [ErrUnauthorized] and source's error.
//
// source is called from many goroutines at once and should cache the token.
func WithTokenSource(source func(context.Context) (string, error)) Option {
	return func(c *config) error {
		if source == nil {
			return errors.New("token source: is nil")
		}
		c.pause = newPause()
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
		return errors.New(`access token: must not include "Bearer"`)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return errors.New("access token: contains a space, a line break or a character that is not allowed in a header")
	}
	return nil
}
