package polar

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// vocabulary are the words of this package's source. The text of an error consists
// of nothing else.
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
	for _, op := range Operations() {
		add(op.ID)
		add((&op).words())
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

// checkText checks that an error's text is one line of the package's own words.
func checkText(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if strings.ContainsAny(text, "\n\r\t\x00") || len(text) > 2000 {
		t.Errorf("not one line: %q", text)
	}
	text = wait.ReplaceAllString(text, " ")
	for _, w := range tokens.FindAllString(text, -1) {
		if !vocabulary()[w] && !number.MatchString(w) {
			t.Errorf("the word %q in %q is not one of this package", w, text)
		}
	}
}

// The vocabulary can tell what is foreign.
func TestVocabulary(t *testing.T) {
	for _, foreign := range []string{"jane", "shop", "polar_oat_wiretest", "5b1e2f3c", "4242424242424242", "Müller"} {
		if vocabulary()[foreign] || number.MatchString(foreign) {
			t.Errorf("%q is no foreign word", foreign)
		}
	}
}

func TestErrorFields(t *testing.T) {
	for _, tc := range []struct{ item, in, path, text string }{
		{`{"type":"missing","loc":["body","individual","email"],"msg":"Field required"}`, "body", "email", "email is required"},
		{`{"type":"missing","loc":["body","billing_address","country"],"msg":"Field required"}`, "body", "billing_address.country", "billing_address.country is required"},
		{`{"type":"value_error","loc":["body","team"],"msg":"Value error, An owner with an email address is required when creating a team customer without an email."}`, "body", "", "the request needs an email address or an owner with one"},
		{`{"type":"value_error","loc":["body","team","owner","email"],"msg":"jane@shop.example is not a valid email address: The domain name shop.example does not exist."}`, "body", "owner.email", "owner.email is not an email address, or its domain does not accept mail (example.com does not)"},
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
		{`{"type":"missing","loc":["body","jane_doe","email"],"msg":"m"}`, "body", "email", "email is required"},
		{`{"type":"missing","loc":["body","function-after[_validate_unit_constraints(), CheckoutProductCreate]","customer_email"],"msg":"m"}`, "body", "customer_email", "customer_email is required"},
		{`{"type":"value_error","loc":["body","function-after[_validate_unit_constraints(), CheckoutProductCreate]"],"msg":"m"}`, "body", "", "the request is not valid"},
		{`{"type":"missing","loc":["body","events",0,"EventCreateCustomer","customer_id"],"msg":"m"}`, "body", "events.0.customer_id", "events is required"},
		{`{"type":"missing","loc":["body","events",0,"EventCreateCustomer","metadata","Plan A","int"],"msg":"m"}`, "body", "events.0.metadata.Plan A", "events is required"},
		{`{"type":"missing","loc":["body","products",1],"msg":"m"}`, "body", "products.1", "products is required"},
		{`{"type":"missing","loc":["body","name","jane_doe"],"msg":"m"}`, "body", "name.jane_doe", "name is required"},
		{`{"type":"missing","loc":["body",7,{},null,"email"],"msg":"m"}`, "body", "email", "email is required"},
		{`{"type":"value_error","loc":[],"msg":"m"}`, "", "", "the request is not valid"},
	} {
		err := create(t.Context(), play(coded(422, `{"error":"RequestValidationError","detail":[`+tc.item+`,`+tc.item+`]}`)).client(t))
		var e *Error
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
	if !slices.IsSorted(fieldNames[:]) || len(fieldNames) < 26 {
		t.Fatalf("%d names, sorted: %t", len(fieldNames), slices.IsSorted(fieldNames[:]))
	}
	for _, name := range fieldNames {
		err := create(t.Context(), play(coded(422, `{"error":"RequestValidationError","detail":[{"type":"missing","loc":["body","`+name+`"]}]}`)).client(t))
		if !strings.HasSuffix(err.Error(), ": "+name+" is required") {
			t.Errorf("%s is not named in %q", name, err)
		}
	}
}

// An echo of the input does not turn an error into a duplicate.
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
		err = update(t.Context(), play(coded(422, string(body))).client(t))
		if errors.Is(err, ErrDuplicate) != tc.want || !errors.Is(err, ErrValidation) {
			t.Errorf("%s %q: is %s", tc.loc, tc.msg, sentinelsOf(err))
		}
	}
}

// The scopes come from the challenge, or else from the contract.
func TestRequiredScopes(t *testing.T) {
	for challenge, want := range map[string]string{
		"": "customers:read or customers:write",
		`Bearer realm="polar", scope="customers:write customers:read", error="insufficient_scope"`: "customers:read or customers:write",
		`Bearer scope="customers:admin"`:                                          "customers:admin",
		`Bearer SCOPE="customers:admin",error="x"`:                                "customers:admin",
		`Bearer scope=""`:                                                         "customers:read or customers:write",
		`Bearer scope="jane@shop.example <script>"`:                               "customers:read or customers:write",
		`Bearer scope="` + strings.Repeat("a:b ", 9) + `"`:                        "customers:read or customers:write",
		`Bearer scope="` + strings.Repeat("a", 50) + `:b openid customers:admin"`: "customers:admin",
	} {
		r := coded(403, lowToken)
		r.header = http.Header{"Www-Authenticate": {`Basic realm="x"`, challenge}}
		err := get(t.Context(), play(r).client(t))
		if text := "customers: get: 403 insufficient_scope: the token needs " + want; err.Error() != text {
			t.Errorf("%s: got %s", challenge, err)
		}
	}
}

// An operation without scopes names none.
func TestNoRequiredScopes(t *testing.T) {
	_, err := fetchThing(t.Context(), play(coded(403, lowToken)).client(t), "checkouts:client_get", "")
	if e := failureOf(t, err); len(e.RequiredScopes) != 0 || e.Error() != "checkouts: client get: 403 insufficient_scope: the token lacks a scope" {
		t.Errorf("got %v", err)
	}
}

// The zero Error is usable.
func TestZeroError(t *testing.T) {
	e := &Error{}
	if got := e.Error(); got != "polar: failed" {
		t.Errorf("got %q", got)
	}
	if got := sentinelsOf(e); got != "" {
		t.Errorf("is %s", got)
	}
	if e.Body() != nil || e.Unwrap() != nil || e.Is(nil) || e.Is(context.Canceled) {
		t.Error("has a body or a cause")
	}
	if got := e.LogValue().String(); !strings.Contains(got, "polar: failed") {
		t.Errorf("logs %q", got)
	}
}

// However an error is printed, its fields do not show.
func TestErrorFormat(t *testing.T) {
	err := create(t.Context(), play(coded(422, badInput)).client(t))
	asJSON, jsonErr := json.Marshal(err)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q %d %x", err, err, err, err, err, err, err), fmt.Errorf("again: %w", err).Error(), string(asJSON), err.(*Error).LogValue().String()} {
		if strings.Contains(text, "jane") || strings.Contains(text, "shop.example") || strings.Contains(text, testToken) {
			t.Errorf("shows the input: %s", text)
		}
	}
	var logged map[string]any
	if err := json.Unmarshal(asJSON, &logged); err != nil || logged["status"] != 422.0 || logged["operation"] != "customers:create" {
		t.Errorf("as JSON: %s", asJSON)
	}
}

// An error that quotes its response would put it in a log.
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
	f.Fuzz(func(t *testing.T, status int, body, retryAfter, challenge string) {
		if status < 300 || status > 599 {
			return // not an error
		}
		s := play(reply{status: status, body: body, header: http.Header{"Retry-After": {retryAfter}, "Www-Authenticate": {challenge}}})
		_, err := fetchThing(t.Context(), s.client(t, WithRetry(RetryPolicy{MaxAttempts: 1})), "customers:members:update_external", `{}`)
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		if e.StatusCode != status || len(s.sent) != 1 {
			t.Errorf("status %d became %d", status, e.StatusCode)
		}
		if e.RetryAfter < 0 {
			t.Errorf("%q is %v", retryAfter, e.RetryAfter)
		}
		if !strings.Contains(err.Error(), strconv.Itoa(status)) || sentinelsOf(err) == "" {
			t.Errorf("%v is %q", err, sentinelsOf(err))
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

// A wait of less than a second does not read as no wait.
func TestRetryAfterText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(time.Second).UTC().Format(http.TimeFormat)
		time.Sleep(600 * time.Millisecond) // of the bubble's clock
		err := get(t.Context(), play(limited(at)).client(t, WithRetry(RetryPolicy{MaxAttempts: 1})))
		var e *Error
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
		err := get(t.Context(), play(limited(v)).client(t, WithRetry(RetryPolicy{MaxAttempts: 1})))
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrRateLimited) {
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

// What an error keeps of a response is limited.
func TestErrorLimits(t *testing.T) {
	long := strings.Repeat("é", 5000) // 10,000 bytes, with a letter across the limit
	e := failureOf(t, get(t.Context(), play(coded(404, `{"error":"`+long+`","detail":"a`+long+`"}`)).client(t)))
	if len(e.Message) > 4<<10 || len(e.Message) < 4<<10-3 || !utf8.ValidString(e.Message) || !strings.HasPrefix("a"+long, e.Message) || len(e.Code) > 4<<10 {
		t.Errorf("message of %d bytes, code of %d", len(e.Message), len(e.Code))
	}
	e = failureOf(t, get(t.Context(), play(coded(403, `{"error":"insufficient_scope","error_description":"`+long+`"}`)).client(t)))
	if len(e.Message) > 4<<10 || len(e.Message) < 4<<10-3 {
		t.Errorf("description of %d bytes", len(e.Message))
	}
	item := `{"type":"` + long + `","loc":["body","name"],"msg":"` + long + `"}`
	e = failureOf(t, create(t.Context(), play(coded(422, `{"error":"RequestValidationError","detail":[`+strings.Repeat(item+",", 149)+item+`]}`)).client(t)))
	if len(e.Fields) != 100 || len(e.Body()) != 64<<10 {
		t.Errorf("%d fields, body of %d bytes", len(e.Fields), len(e.Body()))
	}
	for _, f := range e.Fields {
		if len(f.Message) > 4<<10 || len(f.Type) > 4<<10 || f.Path != "name" {
			t.Fatalf("field with a message of %d and a type of %d bytes", len(f.Message), len(f.Type))
		}
	}
	if e.Error() != "customers: create: 422 RequestValidationError: name is not valid" {
		t.Errorf("got %v", e)
	}
	// What Body returns is the caller's.
	clear(e.Body())
	if e.Body()[0] != '{' {
		t.Error("a caller changed the body")
	}
}

// Of many fields, the text names eight.
func TestErrorManyFields(t *testing.T) {
	var items []string
	for _, name := range fieldNames[:9] {
		items = append(items, `{"type":"missing","loc":["body","`+name+`"]}`)
	}
	text := func(n int) string {
		return create(t.Context(), play(coded(422, `{"error":"RequestValidationError","detail":[`+strings.Join(items[:n], ",")+`]}`)).client(t)).Error()
	}
	if got := text(7); strings.Count(got, " is required") != 7 || strings.Contains(got, "and more") {
		t.Errorf("of 7: %s", got)
	}
	if got := text(9); strings.Count(got, " is required") != 8 || !strings.HasSuffix(got, "; and more") {
		t.Errorf("of 9: %s", got)
	}
	if got := text(8); strings.Count(got, " is required") != 8 || strings.Contains(got, "and more") {
		t.Errorf("of 8: %s", got)
	}
}

// A 422 without fields, and fields of odd shapes.
func TestErrorShapes(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":"RequestValidationError","detail":[]}`:          "422 RequestValidationError: the service refused the input",
		`{"error":"RequestValidationError","detail":[{}]}`:        "422 RequestValidationError: the request is not valid",
		`{"error":"RequestValidationError","detail":"jane"}`:      "422 RequestValidationError: the service refused the input",
		`{"error":"RequestValidationError","detail":{"jane":1}}`:  "422 RequestValidationError: the service refused the input",
		`{"error":"RequestValidationError","detail":[{"loc":1}]}`: "422 RequestValidationError: the service refused the input",
		`{"error":"RequestValidationError"}`:                      "422 RequestValidationError: the service refused the input",
		`{"error":{"jane":1}}`:                                    "422 unprocessable entity: " + notPolar,
		`{"error":"JaneError","detail":"jane"}`:                   "422 unprocessable entity: the service refused the input",
		`[]`:                                                      "422 unprocessable entity: " + notPolar,
		``:                                                        "422 unprocessable entity: " + notPolar,
		`{"detail":[{"type":"missing","loc":["body","name"]}],"error":null}`: "422 RequestValidationError: name is required",
	} {
		if got := create(t.Context(), play(coded(422, body)).client(t)).Error(); got != "customers: create: "+want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
}

// The codes of services are printed, others are not.
func TestCodes(t *testing.T) {
	if !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Error("the codes are not sorted, or have one twice")
	}
	for _, code := range codes {
		for status, sentinel := range map[int]error{400: ErrValidation, 402: ErrPaymentFailed, 404: ErrNotFound, 409: ErrConflict, 410: ErrConflict, 412: ErrConflict, 422: ErrValidation} {
			if code == "LengthRequired" && status != 409 && status != 422 {
				sentinel = ErrUnexpectedResponse
			}
			e := failureOf(t, create(t.Context(), play(coded(status, `{"error":"`+code+`","detail":"jane"}`)).client(t)))
			if !errors.Is(e, sentinel) || !strings.HasPrefix(e.Error(), fmt.Sprintf("customers: create: %d %s: ", status, code)) {
				t.Errorf("%d %s: %v is %s", status, code, e, sentinelsOf(e))
			}
			checkText(t, e)
		}
	}
	for status, want := range map[int]string{400: "ErrUnexpectedResponse", 402: "ErrUnexpectedResponse", 403: "ErrNotPermitted", 404: "ErrUnexpectedResponse", 409: "ErrConflict", 410: "ErrUnexpectedResponse", 412: "ErrUnexpectedResponse", 422: "ErrValidation"} {
		e := failureOf(t, create(t.Context(), play(coded(status, `{"error":"jane_doe","detail":"jane"}`)).client(t)))
		if got := sentinelsOf(e); got != want || e.Code != "jane_doe" || strings.Contains(e.Error(), "jane") {
			t.Errorf("%d of another program: %v is %s, want %s", status, e, got, want)
		}
	}
}

// Service packages can refine what they know about an error.
func TestErrorRefined(t *testing.T) {
	notFound := NotFound("customers:get_external")
	if notFound.Error() != "customers: get by external ID: not found, or not visible to this token" || sentinelsOf(notFound) != "ErrNotFound" || notFound.Attempts != 0 {
		t.Errorf("got %v", notFound)
	}
	e := failureOf(t, create(t.Context(), play(status(500)).client(t)))
	before := e.Error()
	if got := e.WithCaller("ensure").Error(); got != "customers: ensure: create: 500 internal server error: the service failed"+unknown {
		t.Errorf("got %s", got)
	}
	if got := e.WithCaller("create").Error(); got != before {
		t.Errorf("got %s", got)
	}
	if known := e.WithKnownOutcome(); errors.Is(known, ErrOutcomeUnknown) || !errors.Is(known, ErrServer) || strings.Contains(known.Error(), "may have been made") {
		t.Errorf("got %v", known)
	}
	if got := e.WithCause(notFound); !errors.Is(got, ErrNotFound) || !errors.Is(got, ErrServer) || got.Error() != before {
		t.Errorf("got %v", got)
	}
	if e.Error() != before || errors.Is(e, ErrNotFound) || !errors.Is(e, ErrOutcomeUnknown) {
		t.Errorf("the error was changed: %v", e)
	}
	if got := (&Error{Operation: "customers", caller: "x"}).Error(); got != "customers: failed" {
		t.Errorf("got %s", got)
	}
}

// A nil error does not panic in a log.
func TestNilError(t *testing.T) {
	var e *Error
	if e.Error() != "polar: <nil>" || !strings.Contains(e.LogValue().String(), "polar: <nil>") {
		t.Errorf("got %s, %s", e.Error(), e.LogValue())
	}
}

// The texts of failures name no address, no URL and no byte of what was sent.
func TestFailureTexts(t *testing.T) {
	leaky := func(err error) error { return &url.Error{Op: "Get", URL: "https://jane.example/", Err: err} }
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"reset":       {leaky(syscall.ECONNRESET), "the connection was reset"},
		"refused":     {leaky(refused), "connection refused (api.polar.sh): check the base URL and the network"},
		"DNS":         {leaky(&net.DNSError{Name: "jane", Err: "jane"}), "the host was not found (api.polar.sh): check the base URL and the network"},
		"certificate": {leaky(x509.UnknownAuthorityError{}), "the TLS certificate is not valid (api.polar.sh): check the base URL and the network"},
		"no TLS":      {leaky(tls.RecordHeaderError{Msg: "jane"}), "the connection does not use TLS (api.polar.sh): check the base URL and the network"},
		"EOF":         {leaky(io.EOF), "the connection was closed before the response"},
		"truncated":   {leaky(io.ErrUnexpectedEOF), "the response was truncated"},
		"timeout":     {leaky(timeoutText("jane")), "the service did not respond in time"},
		"long header": {errors.New("net/http: server response headers exceeded 7 bytes; aborted"), "the header of the response is longer than the client allows"},
		"long list":   {errors.New("http2: response header list larger than advertised limit"), "the header of the response is longer than the client allows"},
		"another":     {leaky(errors.New("jane")), "the connection failed"},
	} {
		e := failureOf(t, get(t.Context(), play(failing(tc.err)).client(t), WithoutRetry()))
		if e.Error() != "customers: get: "+tc.want || !errors.Is(e, tc.err) && !errors.Is(e, errLongHeader) {
			t.Errorf("%s: got %v, want %s", name, e, tc.want)
		}
		if text := fmt.Sprintf("%v %+v %#v %s %q", e.Unwrap(), e.Unwrap(), e.Unwrap(), e.Unwrap(), e.Unwrap()); strings.Contains(text, "jane") || !strings.Contains(text, strings.Split(tc.want, " (")[0]) {
			t.Errorf("%s: the cause prints as %s", name, text)
		}
	}
	if e := failureOf(t, get(t.Context(), play(failing(errAttemptTimeout)).client(t), WithoutRetry())); !isTimeout(e) || errAttemptTimeout.Error() != "polar: attempt timed out" {
		t.Errorf("%v is no timeout", e)
	}
}

type timeoutText string

func (e timeoutText) Error() string { return string(e) }
func (timeoutText) Timeout() bool   { return true }

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
