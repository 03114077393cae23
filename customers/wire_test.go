package customers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
)

// wire is a transport that gives every request the same response, and keeps what
// it was sent.
type wire struct {
	status int
	header http.Header
	body   string
	cut    bool // the connection breaks in the middle of the body
	sent   []string
	urls   []string
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var text bytes.Buffer
	if err := req.Write(&text); err != nil {
		return nil, err
	}
	w.sent = append(w.sent, strings.ReplaceAll(text.String(), "\r\n", "\n"))
	w.urls = append(w.urls, req.URL.EscapedPath())
	resp := &http.Response{
		StatusCode: w.status, Header: w.header.Clone(), ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Body: io.NopCloser(strings.NewReader(w.body)), ContentLength: int64(len(w.body)),
	}
	if w.cut {
		resp.ContentLength *= 2
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(w.body), brokenReader{}))
	}
	return resp, nil
}

// client returns a client that sends each request to w, once.
func (w *wire) client(t testing.TB) *customers.Client {
	t.Helper()
	return newClient(t, w, polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1}))
}

const (
	wireID     = "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f"
	wireMember = "c0ffee00-1234-4abc-8def-0123456789ab"
	// An ID with what paths and queries are made of, except what no path carries.
	wireExternal       = "ü user+1@shop.example:8?a=b&c#d;%2F%"
	wireMemberExternal = "m 1"
)

// calls are the operations, each with everything that it can send.
var calls = []struct {
	name, words string // the method, and how an error says it
	ok          string // a file in testdata with the response to it
	do          func(context.Context, *customers.Client) (any, error)
}{
	{"List", "list", "customers.json", func(ctx context.Context, c *customers.Client) (any, error) {
		active := true
		return c.List(ctx, customers.ListParams{
			Page: 2, Limit: 100, Active: &active, Email: "jane+1@shop.example", Query: "50% off & more",
			OrganizationID: []string{wireID, wireMember}, Sorting: []customers.SortProperty{customers.SortNameDesc, customers.SortCreatedAt},
			Metadata: map[string][]string{"plan": {"gold", "silver & co"}, "a b": {"1"}},
		})
	}},
	{"Create", "create", "customer.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Create(ctx, customers.CreateParams{
			Type: customers.TypeTeam, Email: "jane@shop.example", Name: "Jane <&> Co", ExternalID: wireExternal, Locale: "fr-FR", TaxID: "FR61954506077",
			BillingAddress: &customers.AddressParams{Line1: "1 rue de Rivoli", Line2: "Apt 2", PostalCode: "75001", City: "Paris", State: "", Country: "FR"},
			Metadata:       customers.Metadata{"plan": "gold", "seats": 3, "vip": true, "ratio": 1.5},
			OrganizationID: wireMember, Owner: &customers.OwnerParams{Email: "owner@shop.example", Name: "Owner", ExternalID: "o 1"},
		})
	}},
	{"Export", "export", "export.csv", func(ctx context.Context, c *customers.Client) (any, error) {
		return export(c.Export(ctx, customers.ExportParams{OrganizationID: []string{wireID, wireMember}}))
	}},
	{"Get", "get", "customer.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Get(ctx, wireID, polar.WithHeader("X-Trace", "7"))
	}},
	{"Update", "update", "customer.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Update(ctx, wireID, customers.UpdateParams{
			Type: polar.Set(customers.TypeTeam), Email: polar.Set("new@shop.example"), Name: polar.Null[string](),
			ExternalID: polar.Set("user_42"), Locale: polar.Null[string](), TaxID: polar.Set("FR61954506077"),
			BillingAddress: polar.Set(customers.AddressParams{Country: "FR"}), Metadata: customers.Metadata{},
		})
	}},
	{"Delete", "delete", "", func(ctx context.Context, c *customers.Client) (any, error) {
		return nil, c.Delete(ctx, wireID, customers.DeleteParams{Anonymize: true})
	}},
	{"GetByExternalID", "get by external ID", "customer.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.GetByExternalID(ctx, wireExternal)
	}},
	{"UpdateByExternalID", "update by external ID", "customer.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.UpdateByExternalID(ctx, wireExternal, customers.UpdateByExternalIDParams{Name: polar.Set("Jane")})
	}},
	{"DeleteByExternalID", "delete by external ID", "", func(ctx context.Context, c *customers.Client) (any, error) {
		return nil, c.DeleteByExternalID(ctx, wireExternal, customers.DeleteParams{})
	}},
	{"GetState", "get state", "state.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.GetState(ctx, wireID)
	}},
	{"GetStateByExternalID", "get state by external ID", "state.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.GetStateByExternalID(ctx, wireExternal)
	}},
	{"ListPaymentMethods", "list payment methods", "payment_methods.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.ListPaymentMethods(ctx, wireID, customers.PageParams{Page: 3, Limit: 5})
	}},
	{"ListPaymentMethodsByExternalID", "list payment methods by external ID", "payment_methods.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.ListPaymentMethodsByExternalID(ctx, wireExternal, customers.PageParams{})
	}},
	{"Members.List", "members list", "members.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().List(ctx, wireID, customers.MemberListParams{
			Page: 2, Limit: 50, Role: customers.RoleBillingManager, Sorting: []customers.MemberSortProperty{customers.SortMembersCreatedAtDesc},
		})
	}},
	{"Members.Create", "members create", "member.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().Create(ctx, wireID, customers.MemberCreateParams{
			Email: "sam@shop.example", Name: "Sam", ExternalID: wireMemberExternal, Role: customers.RoleBillingManager,
		})
	}},
	{"Members.Get", "members get", "member.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().Get(ctx, wireID, wireMember)
	}},
	{"Members.Update", "members update", "member.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().Update(ctx, wireID, wireMember, customers.MemberUpdateParams{Role: polar.Set(customers.RoleOwner), Email: polar.Set("sam@shop.example")})
	}},
	{"Members.Delete", "members delete", "", func(ctx context.Context, c *customers.Client) (any, error) {
		return nil, c.Members().Delete(ctx, wireID, wireMember)
	}},
	{"Members.ListByExternalID", "members list by external ID", "members.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().ListByExternalID(ctx, wireExternal, customers.MemberListParams{Role: customers.RoleOwner})
	}},
	{"Members.CreateByExternalID", "members create by external ID", "member.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().CreateByExternalID(ctx, wireExternal, customers.MemberCreateParams{Email: "sam@shop.example"})
	}},
	{"Members.GetByExternalID", "members get by external ID", "member.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().GetByExternalID(ctx, wireExternal, wireMemberExternal)
	}},
	{"Members.UpdateByExternalID", "members update by external ID", "member.json", func(ctx context.Context, c *customers.Client) (any, error) {
		return c.Members().UpdateByExternalID(ctx, wireExternal, wireMemberExternal, customers.MemberUpdateParams{Name: polar.Set("Sam")})
	}},
	{"Members.DeleteByExternalID", "members delete by external ID", "", func(ctx context.Context, c *customers.Client) (any, error) {
		return nil, c.Members().DeleteByExternalID(ctx, wireExternal, wireMemberExternal)
	}},
}

// export reads an export to its end, where a break shows.
func export(r io.ReadCloser, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

// success is the response to a call that succeeds.
func success(t testing.TB, file string) *wire {
	t.Helper()
	if file == "" {
		return &wire{status: 204, header: http.Header{"Content-Type": {"application/json"}}}
	}
	body, err := os.ReadFile("testdata/responses/" + file)
	if err != nil {
		t.Fatal(err)
	}
	kind := "application/json"
	if strings.HasSuffix(file, ".csv") {
		kind = "text/csv; charset=utf-8"
	}
	return &wire{status: 200, header: http.Header{"Content-Type": {kind}}, body: string(body)}
}

// The requests are those in testdata/requests.txt, without blank lines at their ends.
func TestRequests(t *testing.T) {
	var all strings.Builder
	for _, call := range calls {
		w := success(t, call.ok)
		if _, err := call.do(t.Context(), w.client(t)); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
		if len(w.sent) != 1 {
			t.Fatalf("%s: sent %d requests", call.name, len(w.sent))
		}
		all.WriteString("== " + call.name + "\n" + strings.TrimRight(withoutPlatform(w.sent[0]), "\n") + "\n\n")
	}
	golden(t, "testdata/requests.txt", all.String())
}

// withoutPlatform leaves out of the user agent what differs between machines.
func withoutPlatform(request string) string {
	before, rest, _ := strings.Cut(request, "User-Agent: polar-go/"+polar.Version+" (go")
	_, after, _ := strings.Cut(rest, ")")
	return before + "User-Agent: polar-go/" + polar.Version + " (…)" + after
}

// golden compares got with a file, or writes it there if asked to.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := "(end)", "(end)"
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Fatalf("%s:%d: got\n\t%s\nwant\n\t%s\nIf the change is meant: go test ./customers -run %s -update", file, i+1, g, w, t.Name())
		}
	}
}

// The table above has every operation, and no other.
func TestRequestsAreComplete(t *testing.T) {
	var got []string
	want := slices.Sorted(maps.Keys(operations()))
	for _, call := range calls {
		got = append(got, call.name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the table has %q, the contract %q", got, want)
	}
}

func TestSuccess(t *testing.T) {
	for _, call := range calls {
		t.Run(call.name, func(t *testing.T) {
			w := success(t, call.ok)
			got, err := call.do(t.Context(), w.client(t))
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case call.ok == "export.csv":
				if got != w.body {
					t.Errorf("got %q", got)
				}
			case call.ok != "":
				var want any
				d := json.NewDecoder(strings.NewReader(w.body))
				d.UseNumber()
				if err := d.Decode(&want); err != nil {
					t.Fatal(err)
				}
				for _, problem := range servicetest.Differences(want, got) {
					t.Error(problem)
				}
			}
		})
	}
}

const (
	jsonType    = "application/json"
	htmlPage    = "<!DOCTYPE html><title>jane@shop.example</title>\n"
	badToken    = `{"error": "invalid_token", "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons."}`
	lowToken    = `{"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token."}`
	ambiguous   = `{"error":"AmbiguousExternalCustomerID","detail":"Several customers across your organizations share this external customer ID."}`
	badInput    = `{"error":"RequestValidationError","detail":[{"type":"string_too_long","loc":["body","individual","name"],"msg":"String should have at most 256 characters","input":"jane@shop.example","ctx":{"max_length":256}},{"type":"value_error","loc":["body","email"],"msg":"jane@shop.example is not a valid email address: The domain name shop.example does not exist.","input":"jane@shop.example"}]}`
	taken       = `{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","email"],"msg":"A customer with this email address already exists.","input":"jane@shop.example"},{"type":"value_error","loc":["body","external_id"],"msg":"A customer with this external ID already exists.","input":"user_42"}]}`
	unknown     = "; the change may have been made: check before repeating it"
	notPolar    = "the response is not JSON: check the base URL and what is in front of the service"
	notCSV      = "the response is not CSV: check the base URL and what is in front of the service"
	notEmpty    = "the response is not the empty one of Polar's API: check the base URL and what is in front of the service"
	notAsked    = "the response is JSON, but not what was asked for: check the base URL"
	cutText     = "the response was truncated"
	notPolarAPI = "the response is not one of Polar's API: check the base URL and what is in front of the service"
	wrongRoute  = "no such route: check the base URL and the API version"
)

// results are responses other than success, with the sentinels and the text of the
// error, in which {call} and {scopes} depend on the operation. If the response
// leaves open whether a change was made, the error is also ErrOutcomeUnknown.
var results = []struct {
	name             string
	status           int
	kind, body       string
	header           http.Header
	cut              bool
	is, text         string
	ifEmpty, ifCSV   string // the text where no content, or CSV, is the success
	unknown          bool   // for an operation that changes something
	code             string
	fields           int
	retryAfterMillis int64
}{
	{name: "401 bad token", status: 401, kind: jsonType, body: badToken, code: "invalid_token",
		is: "ErrUnauthorized", text: "customers: {call}: 401 invalid_token: the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)"},
	{name: "401 no token", status: 401, kind: jsonType, body: `{"error":"Unauthorized","detail":"Unauthorized"}`, code: "Unauthorized",
		is: "ErrUnauthorized", text: "customers: {call}: 401 Unauthorized: needs the access token of an organization or a user: customer session tokens are not accepted"},
	{name: "403 scope", status: 403, kind: jsonType, body: lowToken, code: "insufficient_scope",
		is: "ErrInsufficientScope", text: "customers: {call}: 403 insufficient_scope: the token needs {scopes}"},
	{name: "403 role", status: 403, kind: jsonType, body: `{"error":"NotPermitted","detail":"You don't have permission to manage customers"}`, code: "NotPermitted",
		is: "ErrNotPermitted", text: "customers: {call}: 403 NotPermitted: the user's role or the organization's settings do not permit it"},
	{name: "404 resource", status: 404, kind: jsonType, body: `{"error":"ResourceNotFound","detail":"Not found"}`, code: "ResourceNotFound",
		is: "ErrNotFound", text: "customers: {call}: 404 ResourceNotFound: not found, or not visible to this token"},
	{name: "404 framework", status: 404, kind: jsonType, body: `{"detail":"Not Found"}`,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 404 not found: " + wrongRoute},
	{name: "404 of another service", status: 404, kind: jsonType, body: `{"status":404,"error":"Not Found","path":"/jane@shop.example"}`, code: "Not Found",
		is: "ErrUnexpectedResponse", text: "customers: {call}: 404 not found: " + notPolarAPI},
	{name: "405", status: 405, kind: jsonType, body: `{"detail":"Method Not Allowed"}`,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 405 method not allowed: the service refused the request: check the base URL and what is in front of the service"},
	{name: "409", status: 409, kind: jsonType, body: ambiguous, code: "AmbiguousExternalCustomerID",
		is: "ErrConflict", text: "customers: {call}: 409 AmbiguousExternalCustomerID: the external ID is used in several organizations: use an organization's token or the customer's ID"},
	{name: "411", status: 411, kind: jsonType, body: `{"error":"LengthRequired","detail":"A Content-Length header is required."}`, code: "LengthRequired",
		is: "ErrUnexpectedResponse", text: "customers: {call}: 411 LengthRequired: the service needs to know the length of the body: set ContentLength"},
	{name: "413", status: 413, kind: jsonType, body: `{"error":"RequestBodyTooLarge","detail":"Request body exceeded the maximum allowed size of 10485760 bytes."}`, code: "RequestBodyTooLarge",
		is: "ErrValidation", text: "customers: {call}: 413 RequestBodyTooLarge: the request is larger than the 10 MiB that the service accepts"},
	{name: "422 schema", status: 422, kind: jsonType, body: badInput, code: "RequestValidationError", fields: 2,
		is: "ErrValidation", text: "customers: {call}: 422 RequestValidationError: name is too long; email is not an email address, or its domain does not accept mail (example.com does not)"},
	{name: "422 business", status: 422, kind: jsonType, body: taken, code: "PolarRequestValidationError", fields: 2,
		is: "ErrDuplicate ErrValidation", text: "customers: {call}: 422 PolarRequestValidationError: email belongs to a customer that already exists; external_id belongs to a customer that already exists"},
	{name: "422 as documented", status: 422, kind: jsonType, body: `{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}`, code: "RequestValidationError", fields: 1,
		is: "ErrValidation", text: "customers: {call}: 422 RequestValidationError: the request is required"},
	{name: "422 of another service", status: 422, kind: jsonType, body: `{"detail":null}`,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 422 unprocessable entity: " + notPolarAPI},
	{name: "429 empty", status: 429, header: http.Header{"Retry-After": {"60"}}, retryAfterMillis: 60_000,
		is: "ErrRateLimited", text: "customers: {call}: 429 too many requests: too many requests; retry after 1m0s"},
	{name: "429 without Retry-After", status: 429, kind: "text/html", body: htmlPage,
		is: "ErrRateLimited", text: "customers: {call}: 429 too many requests: too many requests"},
	{name: "500 text", status: 500, kind: "text/plain; charset=utf-8", body: "Internal Server Error", unknown: true,
		is: "ErrServer", text: "customers: {call}: 500 internal server error: the service failed"},
	{name: "502 HTML", status: 502, kind: "text/html", body: htmlPage, unknown: true,
		is: "ErrServer", text: "customers: {call}: 502 bad gateway: the service failed"},
	{name: "403 HTML", status: 403, kind: "text/html", body: htmlPage,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 403 forbidden: " + notPolarAPI},
	{name: "200 HTML", status: 200, kind: "text/html", body: htmlPage, unknown: true, ifEmpty: notEmpty, ifCSV: notCSV,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 200 ok: " + notPolar},
	{name: "200 empty object", status: 200, kind: jsonType, body: `{}`, unknown: true, ifEmpty: notEmpty, ifCSV: notCSV,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 200 ok: " + notAsked},
	{name: "cut body", status: 200, kind: jsonType, body: `{"id":"5b1e`, cut: true, unknown: true,
		is: "ErrUnexpectedResponse", text: "customers: {call}: 200 ok: " + cutText},
	{name: "307", status: 307, header: http.Header{"Location": {"https://api.polar.sh/v1/customers/external/jane@shop.example"}},
		is: "ErrUnexpectedResponse", text: "customers: {call}: 307 temporary redirect: the service redirects, and the client does not follow: check the base URL"},
}

func TestResults(t *testing.T) {
	ops := operations()
	for _, call := range calls {
		for _, r := range results {
			t.Run(call.name+"/"+r.name, func(t *testing.T) {
				w := &wire{status: r.status, header: http.Header{}, body: r.body, cut: r.cut}
				if r.kind != "" {
					w.header.Set("Content-Type", r.kind)
				}
				if r.cut && call.ok == "export.csv" {
					w.header.Set("Content-Type", "text/csv; charset=utf-8")
				}
				for k, v := range r.header {
					w.header[k] = v
				}
				_, err := call.do(t.Context(), w.client(t))

				wantIs, text := r.is, r.text
				before, _, _ := strings.Cut(text, "200 ok: ")
				switch {
				case call.ok == "" && r.ifEmpty != "":
					text = before + "200 ok: " + r.ifEmpty
				case call.ok == "export.csv" && r.ifCSV != "":
					text = before + "200 ok: " + r.ifCSV
				}
				op := ops[call.name]
				text = strings.NewReplacer("{call}", call.words, "{scopes}", strings.Join(op.Scopes, " or ")).Replace(text)
				if r.unknown && op.Method != http.MethodGet {
					names := append(strings.Fields(wantIs), "ErrOutcomeUnknown")
					slices.Sort(names)
					wantIs = strings.Join(names, " ")
					text += unknown
				}
				if got := is(err); got != wantIs {
					t.Errorf("is %s, want %s", got, wantIs)
				}
				if err.Error() != text {
					t.Errorf("got  %s\nwant %s", err, text)
				}
				var e *polar.Error
				if !errors.As(err, &e) {
					t.Fatalf("is a %T", err)
				}
				if e.StatusCode != r.status || e.Code != r.code || len(e.Fields) != r.fields || e.RetryAfter.Milliseconds() != r.retryAfterMillis ||
					e.Operation != op.ID || e.Attempts != 1 || e.Header.Get("Content-Type") != w.header.Get("Content-Type") || len(w.sent) != 1 {
					t.Errorf("got status %d, code %q, fields %v, retry after %v, operation %s, attempts %d, header %v after %d requests",
						e.StatusCode, e.Code, e.Fields, e.RetryAfter, e.Operation, e.Attempts, e.Header, len(w.sent))
				}
				if !r.cut && string(e.Body()) != r.body {
					t.Errorf("body %q", e.Body())
				}
			})
		}
	}
}

// all drains an iterator.
func all[T any](seq iter.Seq2[*T, error]) (n int, err error) {
	for _, e := range seq {
		if e != nil {
			return n, e
		}
		n++
	}
	return n, nil
}
