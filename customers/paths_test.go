package customers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// addressed are all methods that take an ID, with the route that the ID becomes
// part of. a and b are its parameters.
var addressed = []struct {
	name, route string
	do          func(ctx context.Context, c *customers.Client, a, b string) error
}{
	{"Get", "/v1/customers/{a}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Get(ctx, a)
		return err
	}},
	{"Update", "/v1/customers/{a}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Update(ctx, a, customers.UpdateParams{})
		return err
	}},
	{"Delete", "/v1/customers/{a}", func(ctx context.Context, c *customers.Client, a, b string) error {
		return c.Delete(ctx, a, customers.DeleteParams{})
	}},
	{"GetState", "/v1/customers/{a}/state", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.GetState(ctx, a)
		return err
	}},
	{"ListPaymentMethods", "/v1/customers/{a}/payment-methods", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.ListPaymentMethods(ctx, a, customers.PageParams{})
		return err
	}},
	{"AllPaymentMethods", "/v1/customers/{a}/payment-methods", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := all(c.AllPaymentMethods(ctx, a, customers.PageParams{}))
		return err
	}},
	{"Members.List", "/v1/customers/{a}/members", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().List(ctx, a, customers.MemberListParams{})
		return err
	}},
	{"Members.All", "/v1/customers/{a}/members", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := all(c.Members().All(ctx, a, customers.MemberListParams{}))
		return err
	}},
	{"Members.Create", "/v1/customers/{a}/members", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().Create(ctx, a, customers.MemberCreateParams{Email: "sam@shop.example"})
		return err
	}},
	{"Members.Get", "/v1/customers/{a}/members/{b}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().Get(ctx, a, b)
		return err
	}},
	{"Members.Update", "/v1/customers/{a}/members/{b}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().Update(ctx, a, b, customers.MemberUpdateParams{})
		return err
	}},
	{"Members.Delete", "/v1/customers/{a}/members/{b}", func(ctx context.Context, c *customers.Client, a, b string) error {
		return c.Members().Delete(ctx, a, b)
	}},
	{"GetByExternalID", "/v1/customers/external/{a}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.GetByExternalID(ctx, a)
		return err
	}},
	{"UpdateByExternalID", "/v1/customers/external/{a}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.UpdateByExternalID(ctx, a, customers.UpdateByExternalIDParams{})
		return err
	}},
	{"DeleteByExternalID", "/v1/customers/external/{a}", func(ctx context.Context, c *customers.Client, a, b string) error {
		return c.DeleteByExternalID(ctx, a, customers.DeleteParams{})
	}},
	{"GetStateByExternalID", "/v1/customers/external/{a}/state", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.GetStateByExternalID(ctx, a)
		return err
	}},
	{"ListPaymentMethodsByExternalID", "/v1/customers/external/{a}/payment-methods", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.ListPaymentMethodsByExternalID(ctx, a, customers.PageParams{})
		return err
	}},
	{"AllPaymentMethodsByExternalID", "/v1/customers/external/{a}/payment-methods", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := all(c.AllPaymentMethodsByExternalID(ctx, a, customers.PageParams{}))
		return err
	}},
	{"Members.ListByExternalID", "/v1/customers/external/{a}/members", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().ListByExternalID(ctx, a, customers.MemberListParams{})
		return err
	}},
	{"Members.AllByExternalID", "/v1/customers/external/{a}/members", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := all(c.Members().AllByExternalID(ctx, a, customers.MemberListParams{}))
		return err
	}},
	{"Members.CreateByExternalID", "/v1/customers/external/{a}/members", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().CreateByExternalID(ctx, a, customers.MemberCreateParams{Email: "sam@shop.example"})
		return err
	}},
	{"Members.GetByExternalID", "/v1/customers/external/{a}/members/{b}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().GetByExternalID(ctx, a, b)
		return err
	}},
	{"Members.UpdateByExternalID", "/v1/customers/external/{a}/members/{b}", func(ctx context.Context, c *customers.Client, a, b string) error {
		_, err := c.Members().UpdateByExternalID(ctx, a, b, customers.MemberUpdateParams{})
		return err
	}},
	{"Members.DeleteByExternalID", "/v1/customers/external/{a}/members/{b}", func(ctx context.Context, c *customers.Client, a, b string) error {
		return c.Members().DeleteByExternalID(ctx, a, b)
	}},
}

// checkPath checks that a call with the IDs a and b is either refused before any
// request, or sends one request with exactly the path that they name.
func checkPath(t *testing.T, w *wire, c *customers.Client, name, route, a, b string, do func(context.Context, *customers.Client, string, string) error) {
	t.Helper()
	w.sent, w.urls = nil, nil
	err := do(t.Context(), c, a, b)
	if len(w.sent) == 0 {
		if is(err) != "ErrInvalidArgument" {
			t.Errorf("%s(%.50q, %.50q): no request, but %v", name, a, b, err)
		} else {
			checkText(t, err)
		}
		return
	}
	if len(w.sent) > 1 || is(err) != "ErrNotFound" {
		t.Errorf("%s(%.50q, %.50q): %d requests, %v", name, a, b, len(w.sent), err)
	}
	want := strings.NewReplacer("{a}", a, "{b}", b).Replace(route)
	escaped := w.urls[0]
	// The service decodes the path, then routes by its segments.
	decoded, err := url.PathUnescape(escaped)
	if err != nil || decoded != want {
		t.Errorf("%s(%.50q, %.50q): path %.99q is %.99q, want %.99q", name, a, b, escaped, decoded, want)
	}
	if strings.Count(decoded, "/") != strings.Count(route, "/") || path.Clean(decoded) != decoded || path.Clean(escaped) != escaped {
		t.Errorf("%s(%.50q, %.50q): path %.99q leads elsewhere", name, a, b, escaped)
	}
	if line, _, _ := strings.Cut(w.sent[0], "\n"); strings.Count(line, " ") != 2 || strings.ContainsAny(escaped, "?#\\;") {
		t.Errorf("%s(%.50q, %.50q): request line %.99q", name, a, b, line)
	}
	if !utf8.ValidString(decoded) {
		t.Errorf("%s(%.50q, %.50q): path %.99q is not UTF-8", name, a, b, escaped)
	}
}

// nobody is a service without customers.
func nobody(t testing.TB) (*wire, *customers.Client) {
	w := &wire{status: 404, header: http.Header{"Content-Type": {"application/json"}}, body: `{"error":"ResourceNotFound","detail":"Not found"}`}
	return w, w.client(t)
}

const (
	noUUID   = "must be Polar's ID, a UUID; for your own IDs, use the ByExternalID method"
	hasSlash = "contains a slash, which the service treats as a path separator: use Polar's ID instead"
	isDot    = `is "." or "..", which have a meaning in a path: use Polar's ID instead`
	control  = "contains a control character, such as a line break: remove it, or use Polar's ID instead"
	spaces   = "begins or ends with white space, which the service removes: remove it first"
	tooLong  = "must be at most 2048 bytes: use Polar's ID instead"
)

// hostile are IDs, and why Get and GetByExternalID refuse them. The reason is empty
// for one that is sent.
var hostile = []struct{ id, get, getByExternalID string }{
	{"", "is empty: must be Polar's ID, a UUID", "is empty: must be the ID that you stored at Polar"},
	{".", noUUID, isDot},
	{"..", noUUID, isDot},
	{"...", noUUID, ""},
	{"a/b", noUUID, hasSlash},
	{"/a", noUUID, hasSlash},
	{"foo/state", noUUID, hasSlash},
	{"foo/", noUUID, hasSlash},
	{"../" + wireID, noUUID, hasSlash},
	{"foo%2Fstate", noUUID, ""},
	{"foo%252Fstate", noUUID, ""},
	{"%2e%2e", noUUID, ""},
	{"%", noUUID, ""},
	{"a\x00b", noUUID, control},
	{"a\nb", noUUID, control},
	{"\x7f", noUUID, control},
	{"a\xffb", noUUID, "is not valid UTF-8"},
	{strings.Repeat("a", 10_000), noUUID, tooLong},
	{strings.Repeat("a", 2_048), noUUID, ""},
	{" " + wireID + " ", noUUID, spaces},
	{"5b1e2f3c 0a4d 4c8e 9f10 2a3b4c5d6e7f", noUUID, ""},
	{"user_42", noUUID, ""},
	{"jane+1@shop.example", noUUID, ""},
	{"a?b=c#d;e", noUUID, ""},
	{`a\b`, noUUID, ""},
	{"{" + wireID + "}", noUUID, ""},
	{"urn:uuid:" + wireID, noUUID, ""},
	{strings.ReplaceAll(wireID, "-", ""), noUUID, ""},
	{wireID, "", ""},
	{strings.ToUpper(wireID), "", ""},
	{"5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7g", noUUID, ""},
	{"5b1e2f3c00a4d-4c8e-9f10-2a3b4c5d6e7f", noUUID, ""},
	{"state", noUUID, ""},
	{"members", noUUID, ""},
	{"export", noUUID, ""},
	{"external", noUUID, ""},
	{"http://evil.example", noUUID, hasSlash},
	{"日本\u2028", noUUID, spaces},
}

func TestHostileIDs(t *testing.T) {
	w, c := nobody(t)
	for _, h := range hostile {
		for _, m := range addressed {
			good := wireID
			if strings.Contains(m.name, "ByExternalID") {
				good = "user_42"
			}
			checkPath(t, w, c, m.name, m.route, h.id, good, m.do)
			checkPath(t, w, c, m.name, m.route, good, h.id, m.do)
			checkPath(t, w, c, m.name, m.route, h.id, h.id, m.do)
		}
		for _, m := range []struct{ name, words, parameter, why string }{{"Get", "get", "id", h.get}, {"GetByExternalID", "get by external ID", "external_id", h.getByExternalID}} {
			for _, a := range addressed {
				if a.name != m.name {
					continue
				}
				w.sent = nil
				err := a.do(t.Context(), c, h.id, "")
				if m.why == "" {
					if len(w.sent) != 1 {
						t.Errorf("%s(%.50q): %v", m.name, h.id, err)
					}
					continue
				}
				if want := "customers: " + m.words + ": " + m.parameter + ": " + m.why; len(w.sent) != 0 || err.Error() != want {
					t.Errorf("%s(%.50q): got %v after %d requests, want %s", m.name, h.id, err, len(w.sent), want)
				}
				var e *polar.Error
				if errors.As(err, &e) && (len(e.Fields) != 1 || e.Fields[0].Path != m.parameter) {
					t.Errorf("%s(%.50q): fields %v", m.name, h.id, e.Fields)
				}
			}
		}
	}
}

// Every method that takes an ID is in the table.
func TestAddressed(t *testing.T) {
	have := map[string]string{}
	for _, m := range addressed {
		have[m.name] = m.route
	}
	for name, op := range operations() {
		want := strings.NewReplacer("{id}", "{a}", "{external_id}", "{a}", "{member_id}", "{b}", "{member_external_id}", "{b}").Replace(op.Path)
		if strings.Contains(want, "{") && have[name] != want {
			t.Errorf("%s: the table has %q, the contract %q", name, have[name], want)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, h := range hostile {
		f.Add(wireID, h.id)
		f.Add("user_42", h.id)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		w, c := nobody(t)
		for _, m := range addressed {
			checkPath(t, w, c, m.name, m.route, a, b, m.do)
		}
	})
}
