package servicetest

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/polarexpress/polar-go/polar"
)

// Requests checks that the requests of all calls match a file, which has no blank lines
// at the end of a request. With update, it writes the file instead.
func (s Service) Requests(t *testing.T, file string, update bool) {
	var all strings.Builder
	for _, call := range s.Calls {
		w := &Wire{Responses: []Response{call.ok(t)}}
		if _, err := call.Do(t.Context(), w.Client(t)); err != nil {
			t.Errorf("%s: %v", call.Method, err)
		}
		if len(w.Sent()) != 1 {
			t.Fatalf("%s: sent %d requests", call.Method, len(w.Sent()))
		}
		all.WriteString("== " + call.Method + "\n" + strings.TrimRight(withoutPlatform(w.Sent()[0]), "\n") + "\n\n")
	}
	golden(t, file, all.String(), update)
}

// withoutPlatform removes the part of the user agent that differs between machines.
func withoutPlatform(request string) string {
	before, rest, _ := strings.Cut(request, "User-Agent: polar-go/"+polar.Version+" (go")
	_, after, _ := strings.Cut(rest, ")")
	return before + "User-Agent: polar-go/" + polar.Version + " (…)" + after
}

// Success checks that every call decodes its response without loss.
func (s Service) Success(t *testing.T) {
	for _, call := range s.Calls {
		t.Run(call.Method, func(t *testing.T) {
			r := call.ok(t)
			w := &Wire{Responses: []Response{r}}
			got, err := call.Do(t.Context(), w.Client(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range DifferencesJSON(t, r.Body, got) {
				t.Error(problem)
			}
		})
	}
}

const (
	jsonType    = "application/json"
	htmlPage    = "<!DOCTYPE html><title>jane@shop.example</title>\n"
	badToken    = `{"error": "invalid_token", "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons."}`
	lowToken    = `{"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token."}`
	conflict    = `{"error":"CheckoutLocked","detail":"Checkout jane@shop.example is locked."}`
	badInput    = `{"error":"RequestValidationError","detail":[{"type":"string_too_long","loc":["body","Variant","name"],"msg":"String should have at most 256 characters","input":"jane@shop.example","ctx":{"max_length":256}}]}`
	badCustomer = `{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","customer_id"],"msg":"Customer does not exist.","input":"jane@shop.example"}]}`
	unknown     = "; the change may have been made: check before repeating it"
	notPolar    = "the response is not JSON: check the base URL and what is in front of the service"
	notEmpty    = "the response is not the empty one of Polar's API: check the base URL and what is in front of the service"
	notAsked    = "the response is JSON, but not what was asked for: check the base URL"
	notPolarAPI = "the response is not one of Polar's API: check the base URL and what is in front of the service"
)

// Result is a response other than success, and the error that it becomes.
type Result struct {
	// Name of the kind of response.
	Name string
	// Response is the response of the service.
	Response Response
	// Is names the sentinels of the error, and Text is its text after the call's words.
	// In the text, {scopes} stands for what a token needs or lacks.
	Is, Text string
	// IfEmpty replaces Text if the success has no content.
	IfEmpty string
	// Unknown is true if the service may have made the change.
	Unknown bool
	// Code is the service's code of the error, and Fields the number of its fields.
	Code   string
	Fields int
}

var results = []Result{
	{Name: "401 bad token", Response: JSON(401, badToken), Code: "invalid_token", Is: "ErrUnauthorized",
		Text: "401 invalid_token: the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)"},
	{Name: "401 no token", Response: JSON(401, `{"error":"Unauthorized","detail":"Unauthorized"}`), Code: "Unauthorized", Is: "ErrUnauthorized",
		Text: "401 Unauthorized: needs the access token of an organization or a user: customer session tokens are not accepted"},
	{Name: "403 scope", Response: JSON(403, lowToken), Code: "insufficient_scope", Is: "ErrInsufficientScope", Text: "403 insufficient_scope: the token {scopes}"},
	{Name: "403 role", Response: JSON(403, `{"error":"NotPermitted","detail":"jane@shop.example may not"}`), Code: "NotPermitted", Is: "ErrNotPermitted",
		Text: "403 NotPermitted: the user's role or the organization's settings do not permit it"},
	{Name: "404 resource", Response: JSON(404, `{"error":"ResourceNotFound","detail":"Not found"}`), Code: "ResourceNotFound", Is: "ErrNotFound",
		Text: "404 ResourceNotFound: not found, or not visible to this token"},
	{Name: "404 removed version", Response: JSON(404, `{"detail":"Not Found"}`), Is: "ErrUnexpectedResponse", Text: "404 not found: no such route: check the base URL and the API version"},
	{Name: "409", Response: JSON(409, conflict), Code: "CheckoutLocked", Is: "ErrConflict",
		Text: "409 CheckoutLocked: another request changes the checkout session at this moment: try again"},
	{Name: "422 schema", Response: JSON(422, badInput), Code: "RequestValidationError", Fields: 1, Is: "ErrValidation", Text: "422 RequestValidationError: name is too long"},
	{Name: "422 business", Response: JSON(422, badCustomer), Code: "PolarRequestValidationError", Fields: 1, Is: "ErrValidation",
		Text: "422 PolarRequestValidationError: customer_id is not valid"},
	{Name: "429", Response: Response{Status: 429, Header: http.Header{"Retry-After": {"60"}}}, Is: "ErrRateLimited", Text: "429 too many requests: too many requests; retry after 1m0s"},
	{Name: "500", Response: Response{Status: 500, Body: "Internal Server Error"}, Unknown: true, Is: "ErrServer", Text: "500 internal server error: the service failed"},
	{Name: "502 HTML", Response: Response{Status: 502, Header: http.Header{"Content-Type": {"text/html"}}, Body: htmlPage}, Unknown: true, Is: "ErrServer", Text: "502 bad gateway: the service failed"},
	{Name: "403 HTML", Response: Response{Status: 403, Header: http.Header{"Content-Type": {"text/html"}}, Body: htmlPage}, Is: "ErrUnexpectedResponse", Text: "403 forbidden: " + notPolarAPI},
	{Name: "200 HTML", Response: Response{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: htmlPage}, Unknown: true, Is: "ErrUnexpectedResponse",
		Text: "200 ok: " + notPolar, IfEmpty: "200 ok: " + notEmpty},
	{Name: "200 empty object", Response: JSON(200, `{}`), Unknown: true, Is: "ErrUnexpectedResponse", Text: "200 ok: " + notAsked, IfEmpty: "200 ok: " + notEmpty},
	{Name: "cut body", Response: Response{Status: 200, Header: http.Header{"Content-Type": {jsonType}}, Body: `{"id":"5b1e`, Cut: true}, Unknown: true, Is: "ErrUnexpectedResponse",
		Text: "200 ok: the response was truncated"},
}

// Results checks the error of every call for every kind of response.
func (s Service) Results(t *testing.T) {
	for _, call := range s.Calls {
		op := operation(t, call.Operation)
		for _, r := range results {
			t.Run(call.Method+"/"+r.Name, func(t *testing.T) {
				if s.Meaning != nil {
					r = s.Meaning(call, r)
				}
				w := &Wire{Responses: []Response{r.Response}}
				_, err := call.Do(t.Context(), w.Client(t))
				if err == nil {
					t.Fatal("no error")
				}
				text, is := r.Text, strings.Fields(r.Is)
				if call.ok(t).Status == http.StatusNoContent && r.IfEmpty != "" {
					text = r.IfEmpty
				}
				scopes := "lacks a scope"
				if len(op.Scopes) > 0 {
					scopes = "needs " + strings.Join(op.Scopes, " or ")
				}
				text = call.Words + ": " + strings.ReplaceAll(text, "{scopes}", scopes)
				if r.Unknown && op.Method != http.MethodGet {
					is = append(is, "ErrOutcomeUnknown")
					slices.Sort(is)
					text += unknown
				}
				if got := Is(err); got != strings.Join(is, " ") {
					t.Errorf("is %s, want %s", got, is)
				}
				if err.Error() != text {
					t.Errorf("got  %s\nwant %s", err, text)
				}
				checkText(t, err)
				var e *polar.Error
				if !errors.As(err, &e) {
					t.Fatalf("is a %T", err)
				}
				if e.StatusCode != r.Response.Status || e.Code != r.Code || len(e.Fields) != r.Fields || e.Operation != op.ID || e.Attempts != 1 || len(w.Sent()) != 1 {
					t.Errorf("got status %d, code %q, fields %v, operation %s, attempts %d after %d requests", e.StatusCode, e.Code, e.Fields, e.Operation, e.Attempts, len(w.Sent()))
				}
			})
		}
	}
}

// sentinels are all sentinels of package polar, by name.
var sentinels = map[string]error{
	"ErrNotFound": polar.ErrNotFound, "ErrValidation": polar.ErrValidation, "ErrDuplicate": polar.ErrDuplicate,
	"ErrUnauthorized": polar.ErrUnauthorized, "ErrInsufficientScope": polar.ErrInsufficientScope, "ErrNotPermitted": polar.ErrNotPermitted,
	"ErrConflict": polar.ErrConflict, "ErrPaymentFailed": polar.ErrPaymentFailed, "ErrRateLimited": polar.ErrRateLimited, "ErrServer": polar.ErrServer,
	"ErrUnexpectedResponse": polar.ErrUnexpectedResponse, "ErrInvalidArgument": polar.ErrInvalidArgument, "ErrOutcomeUnknown": polar.ErrOutcomeUnknown,
}

// Is names the sentinels of package polar that err matches.
func Is(err error) string {
	var names []string
	for name, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// checkText checks that the text of an error is one line without an email address, an ID
// or a token.
func checkText(t testing.TB, err error) {
	t.Helper()
	text := err.Error()
	if strings.ContainsFunc(text, unicode.IsControl) || len(text) > 2000 || !utf8.ValidString(text) {
		t.Errorf("not one line of text: %q", text)
	}
	if found := personal.FindString(strings.ReplaceAll(text, "name@your-domain.com", "")); found != "" {
		t.Errorf("%q contains %q", text, found)
	}
}

var personal = regexp.MustCompile(`\S+@\S+|[0-9a-f]{8}-[0-9a-f]{4}|polar_\w+`)

// Refused checks that a call fails with the error want before it sends a request.
func Refused(t *testing.T, want string, do func(c *polar.Client) error) {
	t.Helper()
	w := &Wire{Responses: []Response{JSON(http.StatusTeapot, `{}`)}}
	err := do(w.Client(t))
	if err == nil || err.Error() != want || !errors.Is(err, polar.ErrInvalidArgument) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if n := len(w.Sent()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
