package polar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var unauthorized = coded(401, `{"error":"invalid_token","error_description":"expired"}`)

// bearers are the credentials that requests had.
func (s *script) bearers() []string {
	var got []string
	for _, r := range s.sent {
		got = append(got, strings.Join(r.header["Authorization"], "|"))
	}
	return got
}

func TestTokenSource(t *testing.T) {
	down := errors.New("vault is sealed")
	for name, tc := range map[string]struct {
		tokens  []any // strings and errors, in turn, the last again and again
		replies []reply
		want    []string
		err     error
	}{
		"asked for each attempt":        {[]any{"a", "b"}, []reply{status(503), ok()}, []string{"Bearer a", "Bearer b"}, nil},
		"another after a 401":           {[]any{"a", "b"}, []reply{unauthorized, ok()}, []string{"Bearer a", "Bearer b"}, nil},
		"the same after a 401":          {[]any{"a"}, []reply{unauthorized}, []string{"Bearer a"}, ErrUnauthorized},
		"refused twice":                 {[]any{"a", "b", "c"}, []reply{unauthorized}, []string{"Bearer a", "Bearer b"}, ErrUnauthorized},
		"asked again after the renewed": {[]any{"a", "b", "c"}, []reply{unauthorized, status(503), ok()}, []string{"Bearer a", "Bearer b", "Bearer c"}, nil},
		"none after a 401":              {[]any{"a", down}, []reply{unauthorized}, []string{"Bearer a"}, ErrUnauthorized},
		"none at all":                   {[]any{down}, []reply{ok()}, nil, down},
		"none for a repeat":             {[]any{"a", down}, []reply{status(503)}, []string{"Bearer a"}, down},
		"empty":                         {[]any{""}, []reply{ok()}, nil, ErrUnauthorized},
		"with a line break":             {[]any{"a\r\nX-Evil: 1"}, []reply{ok()}, nil, ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				source := func(context.Context) (string, error) {
					next := tc.tokens[min(asked, len(tc.tokens)-1)]
					asked++
					if err, ok := next.(error); ok {
						return "", err
					}
					return next.(string), nil
				}
				s := play(tc.replies...)
				err := get(t.Context(), s.client(t, WithTokenSource(source)))
				if got := s.bearers(); !slices.Equal(got, tc.want) || !errors.Is(err, tc.err) {
					t.Errorf("sent %q, %v; want %q, %v", got, err, tc.want, tc.err)
				}
				if err != nil && strings.Contains(err.Error(), "vault") {
					t.Errorf("the error repeats the source's: %v", err)
				}
			})
		})
	}
	// The service's last response is not lost when the source fails.
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		c := play(status(503)).client(t, WithTokenSource(func(context.Context) (string, error) {
			if asked++; asked > 1 {
				return "", down
			}
			return "a", nil
		}))
		if e := failureOf(t, get(t.Context(), c)); e.StatusCode != 503 || !errors.Is(e, down) || e.Attempts != 1 {
			t.Errorf("got %v, status %d", e, e.StatusCode)
		}
	})
}

// A source that gives up with the context does not refuse the token.
func TestTokenSourceContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(ok())
		c := s.client(t, WithTokenSource(func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := get(ctx, c); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrUnauthorized) || len(s.sent) != 0 {
			t.Errorf("got %v", err)
		}
	})
}

func TestTokenChecked(t *testing.T) {
	for _, token := range []string{"", " ", "polar secret", "secret\n", "secret\x00", "sécret", "Bearer secret", "bearersecret"} {
		_, err := New(token)
		if !errors.Is(err, ErrInvalidArgument) || strings.Contains(err.Error(), "secret") {
			t.Errorf("New(%q): %v", token, err)
		}
	}
	if _, err := New("", WithTokenSource(nil)); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("nil source: %v", err)
	}
}

// No way of printing shows a secret.
func TestSecretRedacted(t *testing.T) {
	s := newSecret(testToken)
	var out strings.Builder
	for _, v := range []any{s, &s, []secret{s}, map[string]secret{"k": s}, struct{ S secret }{s}, struct{ s secret }{s}, error(fmt.Errorf("%v", s))} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
	}
	func() {
		defer func() { fmt.Fprint(&out, recover()) }()
		panic(s)
	}()
	if s.String() != redacted || s.GoString() != redacted {
		t.Errorf("prints as %s, %s", s.String(), s.GoString())
	}
	for _, form := range forms(testToken) {
		if strings.Contains(out.String(), form) {
			t.Errorf("%q shows in\n%s", form, out.String())
		}
	}
	if !strings.Contains(out.String(), redacted) {
		t.Error("nothing was printed")
	}
}
