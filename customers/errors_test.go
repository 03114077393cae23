package customers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/openapi"
)

// vocabulary are the words that this package's source has, and nothing else does
// an error's text consist of.
var vocabulary = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	add := func(s string) {
		for _, w := range tokens.FindAllString(s, -1) {
			words[w] = true
		}
	}
	for code := range 600 {
		add(strings.ToLower(http.StatusText(code)))
	}
	for _, op := range customers.Operations() {
		add(op.Name)
		add(strings.Join(op.Scopes, " "))
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		panic(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			panic(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				add(text)
				add(strings.ToLower(text)) // the names of operations
			}
			return true
		})
	}
	return words
})

var (
	tokens = regexp.MustCompile(`[\pL\pN_]+`)
	number = regexp.MustCompile(`^[0-9]{1,4}$`)
	wait   = regexp.MustCompile(`; retry after [0-9hms]+( |;|$)`)
)

// checkText holds an error's text to one line of the package's own words.
func checkText(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if strings.ContainsAny(text, "\n\r\t\x00") || len(text) > 2000 {
		t.Errorf("not one line: %q", text)
	}
	text = wait.ReplaceAllString(text, " ")
	for _, w := range tokens.FindAllString(text, -1) {
		if !vocabulary()[w] && !splitKnown(w) && !number.MatchString(w) {
			t.Errorf("the word %q in %q is not one of this package", w, text)
		}
	}
}

// splitKnown reports whether w is one of the words of a method's name.
func splitKnown(w string) bool {
	for _, op := range customers.Operations() {
		if strings.Contains(strings.ToLower(op.Name), w) && len(w) > 1 {
			return true
		}
	}
	return false
}

// The vocabulary can tell what is foreign.
func TestVocabulary(t *testing.T) {
	for _, foreign := range []string{"jane", "shop", "polar_oat_wiretest", "5b1e2f3c", "4242424242424242", "Müller"} {
		if vocabulary()[foreign] || splitKnown(foreign) || number.MatchString(foreign) {
			t.Errorf("%q is no foreign word", foreign)
		}
	}
}

func TestFields(t *testing.T) {
	for _, tc := range []struct{ item, in, path, text string }{
		{`{"type":"missing","loc":["body","individual","email"],"msg":"Field required"}`, "body", "email", "email is required"},
		{`{"type":"missing","loc":["body","billing_address","country"],"msg":"Field required"}`, "body", "billing_address.country", "billing_address.country is required"},
		{`{"type":"value_error","loc":["body","team"],"msg":"Value error, An owner with an email address is required when creating a team customer without an email."}`, "body", "", "the request needs an owner with an e-mail address, or an address of its own"},
		{`{"type":"value_error","loc":["body","team","owner","email"],"msg":"jane@shop.example is not a valid email address: The domain name shop.example does not exist."}`, "body", "owner.email", "owner.email is not an e-mail address whose domain takes mail (example.com does not)"},
		{`{"type":"string_too_long","loc":["body","individual","metadata","jane","constrained-str"],"msg":"m"}`, "body", "metadata.jane", "metadata has a key or a value that is not allowed: see Metadata"},
		{`{"type":"string_too_short","loc":["body","metadata","","[key]"],"msg":"m"}`, "body", "metadata.", "metadata has a key or a value that is not allowed: see Metadata"},
		{`{"type":"string_too_long","loc":["body","metadata","0612345678","constrained-str"],"msg":"m"}`, "body", "metadata.0612345678", "metadata has a key or a value that is not allowed: see Metadata"},
		{`{"type":"too_long","loc":["body","individual","metadata"],"msg":"m"}`, "body", "metadata", "metadata has too many entries"},
		{`{"type":"json_invalid","loc":["body",47],"msg":"JSON decode error"}`, "body", "", "the request is not JSON"},
		{`{"type":"uuid_parsing","loc":["query","organization_id","json-or-python[json=list[uuid]]",1],"msg":"m"}`, "query", "organization_id.1", "organization_id is not a UUID"},
		{`{"type":"enum","loc":["query","sorting",0],"msg":"m"}`, "query", "sorting.0", "sorting is not one of the allowed values"},
		{`{"type":"uuid_version","loc":["path","id"],"msg":"m"}`, "path", "id", "id is not a UUID of version 4"},
		{`{"type":"missing","loc":["body","owner","owner","owner","email"],"msg":"m"}`, "body", "owner.owner.owner.email", "owner.owner is required"},
		{`{"type":"jane_doe","loc":["jane"],"msg":"jane"}`, "jane", "", "the request is not valid"},
		{`{"type":"missing","loc":["body","jane_doe","email"],"msg":"m"}`, "body", "jane_doe.email", "the request is required"},
		{`{"type":"value_error","loc":[],"msg":"m"}`, "", "", "the request is not valid"},
	} {
		w := &wire{status: 422, header: http.Header{"Content-Type": {"application/json"}}, body: `{"error":"RequestValidationError","detail":[` + tc.item + `,` + tc.item + `]}`}
		_, err := do("Create")(t.Context(), w.client(t))
		var e *customers.Error
		if !errors.As(err, &e) || len(e.Fields) != 2 {
			t.Fatalf("%s: got %#v", tc.item, e)
		}
		if f := e.Fields[0]; f.In != tc.in || f.Path != tc.path {
			t.Errorf("%s: got in %q, path %q; want %q, %q", tc.item, f.In, f.Path, tc.in, tc.path)
		}
		if want := "customers: create: 422 RequestValidationError: " + tc.text; err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
	}
}

// Errors can name everything that a request is made of.
func TestFieldNames(t *testing.T) {
	var doc map[string]any
	if err := yaml.Unmarshal(openapi.Contract(), &doc); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{} // to where they are
	var schema func(any)
	schema = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				schema(e)
			}
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				var at any = doc
				for _, key := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
					at = at.(map[string]any)[key]
				}
				schema(at)
			}
			properties, _ := v["properties"].(map[string]any)
			for name, property := range properties {
				names[name] = "body"
				schema(property)
			}
			for _, key := range []string{"anyOf", "oneOf", "allOf", "items", "content", "application/json", "schema"} {
				schema(v[key])
			}
		}
	}
	for _, operations := range doc["paths"].(map[string]any) {
		for _, op := range operations.(map[string]any) {
			schema(op.(map[string]any)["requestBody"])
			parameters, _ := op.(map[string]any)["parameters"].([]any)
			for _, p := range parameters {
				names[p.(map[string]any)["name"].(string)] = p.(map[string]any)["in"].(string)
			}
		}
	}
	if names["postal_code"] == "" || names["owner"] == "" || names["sorting"] == "" || names["member_id"] == "" {
		t.Fatalf("the contract was not read: %v", names)
	}
	for name, in := range names {
		w := &wire{status: 422, body: `{"error":"RequestValidationError","detail":[{"type":"missing","loc":["` + in + `","` + name + `"]}]}`}
		if _, err := do("Get")(t.Context(), w.client(t)); !strings.HasSuffix(err.Error(), ": "+name+" is required") {
			t.Errorf("%s is not named in %q: add it to fieldNames", name, err)
		}
	}
}

// Input that is echoed does not make a duplicate of an error.
func TestDuplicate(t *testing.T) {
	for _, tc := range []struct {
		loc, msg string
		want     bool
	}{
		{`["body","email"]`, "A customer with this email address already exists.", true},
		{`["body","external_id"]`, "A customer with this external ID already exists.", true},
		{`["body","email"]`, "A member with this email already exists for this customer.", true},
		{`["body","individual","email"]`, "already exists@x is not a valid email address: no.", false},
		{`["body","email"]`, "A customer with this email address already exists@x is not a valid email address", false},
		{`["body","name"]`, "A customer with this name already exists.", false},
		{`["query","email"]`, "A customer with this email address already exists.", false},
		{`["body","email"]`, "The domain already exists.", false},
	} {
		body, err := json.Marshal(map[string]any{"error": "PolarRequestValidationError", "detail": []any{map[string]any{"type": "value_error", "loc": json.RawMessage(tc.loc), "msg": tc.msg}}})
		if err != nil {
			t.Fatal(err)
		}
		w := &wire{status: 422, header: http.Header{"Content-Type": {"application/json"}}, body: string(body)}
		_, err = do("Update")(t.Context(), w.client(t))
		if errors.Is(err, customers.ErrDuplicate) != tc.want || !errors.Is(err, customers.ErrValidation) {
			t.Errorf("%s %q: is %s", tc.loc, tc.msg, is(err))
		}
	}
}

// The scopes come from the challenge, and else from the contract.
func TestRequiredScopes(t *testing.T) {
	for challenge, want := range map[string]string{
		"": "one of customers:read, customers:write",
		`Bearer realm="polar", scope="customers:write customers:read", error="insufficient_scope"`: "one of customers:read, customers:write",
		`Bearer scope="customers:admin"`:                                          "customers:admin",
		`Bearer SCOPE="customers:admin",error="x"`:                                "customers:admin",
		`Bearer scope=""`:                                                         "one of customers:read, customers:write",
		`Bearer scope="jane@shop.example <script>"`:                               "one of customers:read, customers:write",
		`Bearer scope="` + strings.Repeat("a:b ", 9) + `"`:                        "one of customers:read, customers:write",
		`Bearer scope="` + strings.Repeat("a", 50) + `:b openid customers:admin"`: "customers:admin",
	} {
		w := &wire{status: 403, header: http.Header{"Content-Type": {"application/json"}, "Www-Authenticate": {`Basic realm="x"`, challenge}}, body: lowToken}
		_, err := do("Get")(t.Context(), w.client(t))
		if text := "customers: get: 403 insufficient_scope: the token needs " + want; err.Error() != text {
			t.Errorf("%s: got %s", challenge, err)
		}
	}
}

// An Error is of use at its zero value.
func TestZeroError(t *testing.T) {
	e := &customers.Error{}
	if got := e.Error(); got != "customers: failed" {
		t.Errorf("got %q", got)
	}
	if got := is(e); got != "" {
		t.Errorf("is %s", got)
	}
	if e.Body() != nil || e.Unwrap() != nil || e.Is(nil) || e.Is(context.Canceled) {
		t.Error("has a body or a cause")
	}
	if got := e.LogValue().String(); !strings.Contains(got, "customers: failed") {
		t.Errorf("logs %q", got)
	}
}

// However an error is printed, its fields do not show.
func TestErrorFormat(t *testing.T) {
	w := &wire{status: 422, header: http.Header{"Content-Type": {"application/json"}}, body: badInput}
	_, err := do("Create")(t.Context(), w.client(t))
	asJSON, jsonErr := json.Marshal(err)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q %d %x", err, err, err, err, err, err, err), fmt.Errorf("again: %w", err).Error(), string(asJSON), err.(*customers.Error).LogValue().String()} {
		if strings.Contains(text, "jane") || strings.Contains(text, "shop.example") || strings.Contains(text, "wiretest") {
			t.Errorf("shows the input: %s", text)
		}
	}
	var logged map[string]any
	if err := json.Unmarshal(asJSON, &logged); err != nil || logged["status"] != 422.0 || logged["operation"] != "Create" {
		t.Errorf("as JSON: %s", asJSON)
	}
}

// An error that quotes its answer would hand it to a log.
func FuzzErrorBody(f *testing.F) {
	for _, r := range results {
		if r.status >= 300 {
			f.Add(r.status, r.body, r.header.Get("Retry-After"), "")
		}
	}
	f.Add(403, lowToken, "", `Bearer scope="customers:read"`)
	f.Add(422, `{"detail":null}`, "-1", "")
	f.Add(422, `{"error":"x","detail":[{"loc":[1e999,null,{}]}]}`, "1e3", "")
	f.Add(422, `{"error":"RequestValidationError","detail":[{"type":"jane","loc":["jane","billing_address","0612345678"],"msg":"jane\n"}]}`, "Sun, 06 Nov 2094 08:49:37 GMT", "")
	f.Add(404, `{"error":"polar_oat_secret","detail":"x"}`, "99999999999999999999", "scope=\"a:b c:d\"")
	op := do("Members.UpdateByExternalID")
	f.Fuzz(func(t *testing.T, status int, body, retryAfter, challenge string) {
		if status < 300 || status > 599 {
			return // not an error
		}
		w := &wire{status: status, header: http.Header{"Content-Type": {"application/json"}, "Retry-After": {retryAfter}, "Www-Authenticate": {challenge}}, body: body}
		_, err := op(t.Context(), w.client(t))
		var e *customers.Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		if e.StatusCode != status || len(w.sent) != 1 {
			t.Errorf("status %d became %d", status, e.StatusCode)
		}
		if e.RetryAfter < 0 {
			t.Errorf("%q is %v", retryAfter, e.RetryAfter)
		}
		if !strings.Contains(err.Error(), strconv.Itoa(status)) || is(err) == "" {
			t.Errorf("%v is %q", err, is(err))
		}
		for _, s := range e.RequiredScopes {
			vocabularyWith(s)
		}
		checkText(t, err)
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	})
}

// vocabularyWith adds the words of a scope, which the service may name anew.
func vocabularyWith(scope string) {
	for _, w := range tokens.FindAllString(scope, -1) {
		vocabulary()[w] = true
	}
}

// A wait of less than a second does not read as none.
func TestRetryAfterText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(time.Second).UTC().Format(http.TimeFormat)
		time.Sleep(600 * time.Millisecond) // of the bubble's clock
		w := &wire{status: 429, header: http.Header{"Retry-After": {at}}}
		_, err := do("Get")(t.Context(), w.client(t))
		var e *customers.Error
		if !errors.As(err, &e) || e.RetryAfter != 400*time.Millisecond || !strings.HasSuffix(err.Error(), "; retry after 1s") {
			t.Errorf("got %v", err)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, v := range []string{"", "0", "60", " 7 ", "-1", "+1", "1.5", "4294967295", "4294967296", "99999999999999999999999", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 2094 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Thu, 31 Dec 9999 23:59:59 GMT", "x"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		w := &wire{status: 429, header: http.Header{"Retry-After": {v}}}
		_, err := do("Get")(t.Context(), w.client(t))
		var e *customers.Error
		if !errors.As(err, &e) || !errors.Is(err, customers.ErrRateLimited) {
			t.Fatal(err)
		}
		switch seconds, parseErr := strconv.ParseUint(strings.TrimSpace(v), 10, 32); {
		case e.RetryAfter < 0:
			t.Errorf("%q is %v", v, e.RetryAfter)
		case parseErr == nil && e.RetryAfter != time.Duration(seconds)*time.Second:
			t.Errorf("%q is %v", v, e.RetryAfter)
		case errors.Is(parseErr, strconv.ErrRange) && e.RetryAfter < 365*24*time.Hour:
			t.Errorf("%q, a very long time, is %v", v, e.RetryAfter)
		}
		if at, dateErr := http.ParseTime(strings.TrimSpace(v)); dateErr == nil && e.RetryAfter-max(time.Until(at), 0) > time.Minute {
			t.Errorf("%q is %v from now, got %v", v, time.Until(at), e.RetryAfter)
		}
		checkText(t, err)
	})
}
