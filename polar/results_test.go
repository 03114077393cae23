package polar

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// sentinels are all of them, by name.
var sentinels = map[string]error{
	"ErrNotFound": ErrNotFound, "ErrValidation": ErrValidation, "ErrDuplicate": ErrDuplicate, "ErrUnauthorized": ErrUnauthorized,
	"ErrInsufficientScope": ErrInsufficientScope, "ErrNotPermitted": ErrNotPermitted, "ErrConflict": ErrConflict,
	"ErrPaymentFailed": ErrPaymentFailed, "ErrRateLimited": ErrRateLimited, "ErrServer": ErrServer,
	"ErrUnexpectedResponse": ErrUnexpectedResponse, "ErrInvalidArgument": ErrInvalidArgument, "ErrOutcomeUnknown": ErrOutcomeUnknown,
}

// sentinelsOf names the sentinels that err matches.
func sentinelsOf(err error) string {
	var names []string
	for name, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

const (
	jsonType   = "application/json"
	htmlPage   = "<!DOCTYPE html><title>jane@shop.example</title>\n"
	badToken   = `{"error": "invalid_token", "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons."}`
	lowToken   = `{"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token."}`
	ambiguous  = `{"error":"AmbiguousExternalCustomerID","detail":"Several customers across your organizations share this external customer ID."}`
	badInput   = `{"error":"RequestValidationError","detail":[{"type":"string_too_long","loc":["body","individual","name"],"msg":"String should have at most 256 characters","input":"jane@shop.example","ctx":{"max_length":256}},{"type":"value_error","loc":["body","email"],"msg":"jane@shop.example is not a valid email address: The domain name shop.example does not exist.","input":"jane@shop.example"}]}`
	taken      = `{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","email"],"msg":"A customer with this email address already exists.","input":"` + testEmail + `"},{"type":"value_error","loc":["body","external_id"],"msg":"A customer with this external ID already exists.","input":"` + testExternal + `"}]}`
	unknown    = "; the change may have been made: check before repeating it"
	notPolar   = "the response is not one of Polar's API: check the base URL and what is in front of the service"
	notJSON    = "the response is not JSON: check the base URL and what is in front of the service"
	notCSV     = "the response is not CSV: check the base URL and what is in front of the service"
	notEmpty   = "the response is not the empty one of Polar's API: check the base URL and what is in front of the service"
	notAsked   = "the response is JSON, but not what was asked for: check the base URL"
	truncated  = "the response was truncated"
	wrongRoute = "no such route: check the base URL and the API version"
	inFront    = "the service refused the request: check the base URL and what is in front of the service"
)

// results are responses that are no success, with the sentinels and the text of
// the error after the operation. {scopes} depends on the operation. A change whose
// outcome the response leaves open is also ErrOutcomeUnknown, and says so.
var results = []struct {
	name           string
	status         int
	kind, body     string
	header         http.Header
	cut            bool
	is, text       string
	ifEmpty, ifCSV string // the text where no content, or CSV, is the success
	unknown        bool   // for an operation that changes something
	code           string
	fields         int
	retryMillis    int64
}{
	{name: "400", status: 400, kind: jsonType, body: `{"error":"BadRequest","detail":"jane"}`, code: "BadRequest",
		is: "ErrValidation", text: "400 BadRequest: the service refused the input"},
	{name: "401 bad token", status: 401, kind: jsonType, body: badToken, code: "invalid_token",
		is: "ErrUnauthorized", text: "401 invalid_token: the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)"},
	{name: "401 no token", status: 401, kind: jsonType, body: `{"error":"Unauthorized","detail":"Unauthorized"}`, code: "Unauthorized",
		is: "ErrUnauthorized", text: "401 Unauthorized: needs the access token of an organization or a user: customer session tokens are not accepted"},
	{name: "402", status: 402, kind: jsonType, body: `{"error":"PaymentFailed","detail":"jane's card was declined"}`, code: "PaymentFailed",
		is: "ErrPaymentFailed", text: "402 PaymentFailed: the customer's payment did not succeed"},
	{name: "403 scope", status: 403, kind: jsonType, body: lowToken, code: "insufficient_scope",
		is: "ErrInsufficientScope", text: "403 insufficient_scope: the token needs {scopes}"},
	{name: "403 role", status: 403, kind: jsonType, body: `{"error":"NotPermitted","detail":"You don't have permission to manage customers"}`, code: "NotPermitted",
		is: "ErrNotPermitted", text: "403 NotPermitted: the user's role or the organization's settings do not permit it"},
	{name: "403 individual", status: 403, kind: jsonType, body: `{"error":"NotPermitted","detail":"Individual customers can only have one member. Upgrade to a team customer to add more members."}`, code: "NotPermitted",
		is: "ErrNotPermitted", text: "403 NotPermitted: an individual customer has only one member: change the customer's type to team first"},
	{name: "403 members off", status: 403, kind: jsonType, body: `{"error":"NotPermitted","detail":"Member management is not enabled for this organization"}`, code: "NotPermitted",
		is: "ErrNotPermitted", text: "403 NotPermitted: member management is not enabled for this organization"},
	{name: "404 resource", status: 404, kind: jsonType, body: notFoundBody, code: "ResourceNotFound",
		is: "ErrNotFound", text: "404 ResourceNotFound: not found, or not visible to this token"},
	{name: "404 framework", status: 404, kind: jsonType, body: `{"detail":"Not Found"}`,
		is: "ErrUnexpectedResponse", text: "404 not found: " + wrongRoute},
	{name: "404 of another service", status: 404, kind: jsonType, body: `{"status":404,"error":"Not Found","path":"/jane@shop.example"}`, code: "Not Found",
		is: "ErrUnexpectedResponse", text: "404 not found: " + notPolar},
	{name: "405", status: 405, kind: jsonType, body: `{"detail":"Method Not Allowed"}`,
		is: "ErrUnexpectedResponse", text: "405 method not allowed: " + inFront},
	{name: "409", status: 409, kind: jsonType, body: ambiguous, code: "AmbiguousExternalCustomerID",
		is: "ErrConflict", text: "409 AmbiguousExternalCustomerID: the external ID is used in several organizations: use an organization's token or the customer's ID"},
	{name: "409 of another kind", status: 409, kind: jsonType, body: `{"error":"JaneIsBusy","detail":"jane"}`, code: "JaneIsBusy",
		is: "ErrConflict", text: "409 conflict: the request conflicts with the present state"},
	{name: "410", status: 410, kind: jsonType, body: `{"error":"ResourceUnavailable","detail":"Gone"}`, code: "ResourceUnavailable",
		is: "ErrConflict", text: "410 ResourceUnavailable: the object has ended"},
	{name: "411", status: 411, kind: jsonType, body: `{"error":"LengthRequired","detail":"A Content-Length header is required."}`, code: "LengthRequired",
		is: "ErrUnexpectedResponse", text: "411 LengthRequired: the service needs to know the length of the body: set ContentLength"},
	{name: "412", status: 412, kind: jsonType, body: `{"error":"SeatNotPending","detail":"jane"}`, code: "SeatNotPending",
		is: "ErrConflict", text: "412 SeatNotPending: the request conflicts with the present state"},
	{name: "413", status: 413, kind: jsonType, body: `{"error":"RequestBodyTooLarge","detail":"Request body exceeded the maximum allowed size of 10485760 bytes."}`, code: "RequestBodyTooLarge",
		is: "ErrValidation", text: "413 RequestBodyTooLarge: the request is larger than the 10 MiB that the service accepts"},
	{name: "418", status: 418, kind: jsonType, body: `{"error":"BadRequest"}`, code: "BadRequest",
		is: "ErrUnexpectedResponse", text: "418 BadRequest: " + inFront},
	{name: "422 schema", status: 422, kind: jsonType, body: badInput, code: "RequestValidationError", fields: 2,
		is: "ErrValidation", text: "422 RequestValidationError: name is too long; email is not an email address, or its domain does not accept mail (example.com does not)"},
	{name: "422 business", status: 422, kind: jsonType, body: taken, code: "PolarRequestValidationError", fields: 2,
		is: "ErrDuplicate ErrValidation", text: "422 PolarRequestValidationError: email belongs to a customer that already exists; external_id belongs to a customer that already exists"},
	{name: "422 as documented", status: 422, kind: jsonType, body: `{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}`, code: "RequestValidationError", fields: 1,
		is: "ErrValidation", text: "422 RequestValidationError: the request is required"},
	{name: "422 of another service", status: 422, kind: jsonType, body: `{"detail":null}`,
		is: "ErrUnexpectedResponse", text: "422 unprocessable entity: " + notPolar},
	{name: "429 empty", status: 429, header: http.Header{"Retry-After": {"60"}}, retryMillis: 60_000,
		is: "ErrRateLimited", text: "429 too many requests: too many requests; retry after 1m0s"},
	{name: "429 without Retry-After", status: 429, kind: "text/html", body: htmlPage,
		is: "ErrRateLimited", text: "429 too many requests: too many requests"},
	{name: "500 text", status: 500, kind: "text/plain; charset=utf-8", body: "Internal Server Error", unknown: true,
		is: "ErrServer", text: "500 internal server error: the service failed"},
	{name: "502 HTML", status: 502, kind: "text/html", body: htmlPage, unknown: true,
		is: "ErrServer", text: "502 bad gateway: the service failed"},
	{name: "599", status: 599, unknown: true, is: "ErrServer", text: "599 unknown status: the service failed"},
	{name: "403 HTML", status: 403, kind: "text/html", body: htmlPage,
		is: "ErrUnexpectedResponse", text: "403 forbidden: " + notPolar},
	{name: "200 HTML", status: 200, kind: "text/html", body: htmlPage, unknown: true, ifEmpty: notEmpty, ifCSV: notCSV,
		is: "ErrUnexpectedResponse", text: "200 ok: " + notJSON},
	{name: "200 empty object", status: 200, kind: jsonType, body: `{}`, unknown: true, ifEmpty: notEmpty, ifCSV: notCSV,
		is: "ErrUnexpectedResponse", text: "200 ok: " + notAsked},
	{name: "200 of another shape", status: 200, kind: jsonType, body: `{"id":["jane"]}`, unknown: true, ifEmpty: notEmpty, ifCSV: notCSV,
		is: "ErrUnexpectedResponse", text: "200 ok: the response does not have the shape that the contract describes (see Error.Body): a newer version of this module may know it"},
	{name: "truncated", status: 200, kind: jsonType, body: `{"id":"5b1e`, cut: true, unknown: true,
		is: "ErrUnexpectedResponse", text: "200 ok: " + truncated},
	{name: "307", status: 307, header: http.Header{"Location": {"https://api.polar.sh/v1/customers/external/jane@shop.example"}},
		is: "ErrUnexpectedResponse", text: "307 temporary redirect: the service redirects, and the client does not follow: check the base URL"},
}

// Every response that is no success is an error with the right sentinels and text.
func TestResults(t *testing.T) {
	for id, call := range map[string]func(context.Context, *Client, ...CallOption) error{
		"customers:get": get, "customers:create": create, "customers:delete": remove, "customers:export": export,
	} {
		op := operation(id)
		for _, r := range results {
			t.Run(id+"/"+r.name, func(t *testing.T) {
				s := play(reply{status: r.status, body: r.body, cut: r.cut, header: http.Header{"Content-Type": {r.kind}}})
				if r.cut && id == "customers:export" {
					s.replies[0].header.Set("Content-Type", "text/csv; charset=utf-8")
				}
				for k, v := range r.header {
					s.replies[0].header[k] = v
				}
				err := call(t.Context(), s.client(t, WithRetry(RetryPolicy{MaxAttempts: 1})))

				wantIs, text := r.is, r.text
				switch {
				case id == "customers:delete" && r.ifEmpty != "":
					text = "200 ok: " + r.ifEmpty
				case id == "customers:export" && r.ifCSV != "":
					text = "200 ok: " + r.ifCSV
				}
				text = "customers: " + strings.TrimPrefix(id, "customers:") + ": " + strings.ReplaceAll(text, "{scopes}", strings.Join(op.Scopes, " or "))
				if r.unknown && op.Method != http.MethodGet {
					wantIs = strings.TrimSpace("ErrOutcomeUnknown " + wantIs)
					names := strings.Fields(wantIs)
					slices.Sort(names)
					wantIs = strings.Join(names, " ")
					text += unknown
				}
				if got := sentinelsOf(err); got != wantIs {
					t.Errorf("is %s, want %s", got, wantIs)
				}
				if err.Error() != text {
					t.Errorf("got  %s\nwant %s", err, text)
				}
				e := failureOf(t, err)
				if e.StatusCode != r.status || e.Code != r.code || len(e.Fields) != r.fields || e.RetryAfter.Milliseconds() != r.retryMillis ||
					e.Operation != id || e.Method != op.Method || e.Route != op.Path || e.Attempts != 1 || e.Header.Get("Content-Type") != s.replies[0].header.Get("Content-Type") || len(s.sent) != 1 {
					t.Errorf("got status %d, code %q, fields %v, retry after %v, operation %s, attempts %d, header %v after %d requests",
						e.StatusCode, e.Code, e.Fields, e.RetryAfter, e.Operation, e.Attempts, e.Header, len(s.sent))
				}
				if !r.cut && string(e.Body()) != r.body {
					t.Errorf("body %q", e.Body())
				}
				checkText(t, err)
			})
		}
	}
}
