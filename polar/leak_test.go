package polar

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// No goroutine is left when the tests have ended.
func TestMain(m *testing.M) {
	flagged := goleak.IgnoreCurrent()
	code := m.Run()
	if err := goleak.Find(flagged); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// forms are the encodings in which s could show in a text.
func forms(s string) []string {
	return []string{
		s, url.QueryEscape(s), url.PathEscape(s), hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "="), fmt.Sprint([]byte(s)),
	}
}

// Nothing of this package prints the token, an email address or an external ID,
// after any failure and in any format.
func TestNothingPrinted(t *testing.T) {
	const echo = "the input was " + testEmail + " and " + testExternal + " with Bearer " + testToken
	page := reply{status: 502, body: "<html>" + echo, header: http.Header{"Content-Type": {"text/html"}, "X-Echo": {echo}, "Location": {"https://x/" + echo}}}
	replies := map[string]reply{
		"ok": ok(), "429": limited("30"), "502": page, "redirect": {status: 302, header: page.header},
		"bad redirect": {status: 307, header: http.Header{"Location": {"http://[::1/%zz" + echo}}},
		"401":          coded(401, `{"error":"`+testToken+`","error_description":"`+echo+`"}`).with("Www-Authenticate", `Bearer scope="`+echo+`"`),
		"403":          coded(403, `{"error":"insufficient_scope","error_description":"`+echo+`"}`).with("Www-Authenticate", `Bearer scope="`+echo+`"`),
		"404":          coded(404, notFoundBody), "422": coded(422, taken),
		"422 with an echo": coded(422, `{"error":"RequestValidationError","detail":[{"type":"`+testEmail+`","loc":["`+testEmail+`","`+testExternal+`"],"msg":"`+echo+`","input":"`+echo+`"}]}`),
		"503":              coded(503, echo), "garbage": coded(200, echo), "cut": {status: 200, body: testThing, cut: true},
		"another shape": coded(200, `{"id":"`+echo+`"`), "reset": failing(syscall.ECONNRESET),
		"a transport's error":       failing(&url.Error{Op: "Get", URL: "https://x/" + echo, Err: errors.New(echo)}),
		"an error with a structure": failing(structured{echo}),
		"timeout":                   ok().later(time.Hour), "wrapped": failing(fmt.Errorf("sending %s: %w", echo, io.EOF)),
	}
	calls := map[string]func(context.Context, *Client) error{
		"get": func(ctx context.Context, c *Client) error {
			_, err := fetchThing(ctx, c, "customers:get_external", "")
			return err
		},
		"list":   func(ctx context.Context, c *Client) error { _, err := read(ctx, c, 0); return err },
		"create": func(ctx context.Context, c *Client) error { return create(ctx, c) },
		"delete": func(ctx context.Context, c *Client) error {
			req, err := build(c, "customers:delete_external", "")
			return Discard(ctx, c, "customers:delete_external", req, err)
		},
		"export": func(ctx context.Context, c *Client) error { return export(ctx, c) },
		"call": func(ctx context.Context, c *Client) error {
			_, err := Call[thing](ctx, c, "GET", "/v1/customers/external/"+testExternal, nil)
			return err
		},
		"bad path": func(ctx context.Context, c *Client) error {
			_, err := Call[thing](ctx, c, "GET", "/v1/"+testExternal+"/"+testEmail, nil)
			return err
		},
		"bad body": func(ctx context.Context, c *Client) error {
			_, err := Call[thing](ctx, c, "POST", "/v1/customers/", func() { _ = testEmail })
			return err
		},
		"bad build": func(ctx context.Context, c *Client) error {
			return Discard(ctx, c, "customers:delete", nil, errors.New(testEmail+" "+testExternal))
		},
		"do": func(ctx context.Context, c *Client) error {
			_, err := do(ctx, c, "customers:get_external", "")
			return err
		},
		"elsewhere": func(ctx context.Context, c *Client) error {
			req, err := http.NewRequestWithContext(ctx, "GET", "https://"+testExternal+".example/"+testEmail, nil)
			if err == nil {
				_, err = c.Do(req)
			}
			return err
		},
	}
	var (
		out  sync.Map // from the name of the case to what was printed
		wait sync.WaitGroup
	)
	for name, r := range replies {
		for kind, call := range calls {
			wait.Go(func() {
				var b bytes.Buffer
				l := slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
				c := play(r).client(t, WithLogger(l), WithTimeout(20*time.Millisecond), WithRetry(RetryPolicy{MaxAttempts: 2, BaseDelay: 1, MaxDelay: 1, MaxRetryAfter: 1}))
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				if err := call(ctx, c); err != nil {
					printEvery(&b, l, err)
				}
				printEvery(&b, l, c)
				fmt.Fprintf(&b, "%v %+v %#v", *c, *c, *c) // as a careless program does
				dump(&b, reflect.ValueOf(c), map[uintptr]bool{})
				out.Store(name+"/"+kind, b.String())
			})
		}
	}
	wait.Wait()
	n := 0
	out.Range(func(name, text any) bool {
		n++
		for _, secret := range []string{testToken, testEmail, testExternal} {
			for _, form := range forms(secret) {
				if at := strings.Index(text.(string), form); at >= 0 {
					t.Errorf("%s shows %s: …%s…", name, secret, text.(string)[max(0, at-200):at+len(form)])
				}
			}
		}
		return true
	})
	if n != len(replies)*len(calls) {
		t.Errorf("%d cases were printed", n)
	}
	// The search can find something.
	var b bytes.Buffer
	dump(&b, reflect.ValueOf(struct{ hidden *[]string }{&[]string{testToken}}), map[uintptr]bool{})
	if !strings.Contains(b.String(), testToken) {
		t.Error("the dump sees nothing")
	}
}

type structured struct{ Text string }

func (structured) Error() string { return "structured" }

// printEvery prints v in every way that programs print, and everything it wraps.
func printEvery(w *bytes.Buffer, l *slog.Logger, v any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		fmt.Fprintf(w, verb+"\n", v)
		fmt.Fprintf(w, verb+"\n", []any{v})
		fmt.Fprintf(w, verb+"\n", struct{ V any }{v})
	}
	l.Error("m", "v", v)
	slog.New(slog.NewTextHandler(w, nil)).Error("m", "v", v)
	if b, err := json.Marshal(v); err == nil {
		w.Write(b)
	}
	func() {
		defer func() { fmt.Fprint(w, recover()) }()
		panic(v)
	}()
	if err, ok := v.(error); ok {
		fmt.Fprintln(w, fmt.Errorf("wrapped: %w", err), errors.Join(err, io.EOF))
		if inner := errors.Unwrap(err); inner != nil {
			printEvery(w, l, inner)
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, inner := range many.Unwrap() {
				printEvery(w, l, inner)
			}
		}
	}
}

// dump writes everything that reflection can reach from v, as printers of
// debuggers do, except the transport, which belongs to the test.
func dump(w *bytes.Buffer, v reflect.Value, seen map[uintptr]bool) {
	if !v.IsValid() || v.Type() == reflect.TypeFor[*script]() || v.Type() == reflect.TypeFor[*slog.Logger]() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Kind() == reflect.Pointer && seen[v.Pointer()] {
			return
		}
		if v.Kind() == reflect.Pointer {
			seen[v.Pointer()] = true
		}
		dump(w, v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			dump(w, v.Field(i), seen)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			dump(w, v.Index(i), seen)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			dump(w, it.Key(), seen)
			dump(w, it.Value(), seen)
		}
	case reflect.String:
		fmt.Fprintln(w, v.String())
	}
}
