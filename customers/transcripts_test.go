package customers_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
)

// step is an exchange with the service, as it was recorded.
type step struct{ recording.Step }

// transcripts returns the recordings of the repository, or those of the folder
// that POLAR_TRANSCRIPTS names.
func transcripts(t *testing.T) map[string][]step {
	t.Helper()
	scenarios, err := recording.Customers()
	if dir := os.Getenv("POLAR_TRANSCRIPTS"); dir != "" {
		scenarios, err = recording.Read(os.DirFS(dir))
	}
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]step{}
	for _, s := range scenarios {
		for _, recorded := range s.Steps {
			all[s.Name] = append(all[s.Name], step{recorded})
		}
	}
	return all
}

// complete are the beginnings of names of recordings whose responses must decode.
var complete = []string{"state_rich", "crud_", "create_every_field", "payment_methods", "members_", "list_"}

// Every recorded success decodes with nothing lost, and every recorded refusal is
// the right error.
func TestTranscripts(t *testing.T) {
	decoded, refused, unused := map[string]int{}, map[string]int{}, 0
	for name, steps := range transcripts(t) {
		for i, s := range steps {
			t.Run(name, func(t *testing.T) {
				c, w := s.client(t)
				got, err := s.call(c)
				if errors.Is(err, errNoMethod) {
					unused++
					for _, must := range complete {
						if strings.HasPrefix(name, must) {
							t.Errorf("step %d: no method for %s %s", i, s.Method, s.Path)
						}
					}
					return
				}
				if len(w.sent) != 1 {
					t.Fatalf("step %d: sent %d requests: %v", i, len(w.sent), err)
				}
				if want := s.is(); is(err) != want {
					t.Fatalf("step %d: %s %s: is %q, want %q: %v\n%s", i, s.Method, s.Path, is(err), want, err, s.ResponseBody)
				}
				if err != nil {
					refused[name]++
					s.checkError(t, err)
					return
				}
				decoded[name]++
				if want := s.json(t); want != nil {
					for _, problem := range servicetest.Differences(want, got) {
						t.Errorf("step %d: %s %s: %s", i, s.Method, s.Path, problem)
					}
				}
			})
		}
	}
	t.Logf("responses decoded: %v; errors: %v; of other routes: %d", decoded, refused, unused)
	for _, must := range complete {
		n := 0
		for name := range decoded {
			if strings.HasPrefix(name, must) {
				n += decoded[name]
			}
		}
		if n == 0 {
			t.Errorf("no response of %s was decoded", must)
		}
	}
}

// client returns a client whose requests all get the recorded response.
func (s step) client(t *testing.T) (*customers.Client, *wire) {
	w := &wire{status: s.Status, header: s.ResponseHeaders.Clone(), body: s.ResponseBody}
	return w.client(t), w
}

var errNoMethod = errors.New("no method for this route")

// routes maps the service's routes to methods. The older routes under /v1/members/
// have the same responses.
var routes = []struct {
	route *regexp.Regexp
	do    func(context.Context, *customers.Client) (any, error)
}{
	{route(`GET /v1/customers/(\?.*)?`), do("List")},
	{route(`POST /v1/customers/`), do("Create")},
	{route(`GET /v1/customers/export(\?.*)?`), do("Export")},
	{route(`GET /v1/customers/external/[^/]+/state.*`), do("GetStateByExternalID")},
	{route(`GET /v1/customers/[^/]+/state.*`), do("GetState")},
	{route(`GET /v1/customers/external/[^/]+/payment-methods.*`), do("ListPaymentMethodsByExternalID")},
	{route(`GET /v1/customers/[^/]+/payment[-_]methods.*`), do("ListPaymentMethods")},
	{route(`GET /v1/customers/external/[^/]+/members/[^/]+`), do("Members.GetByExternalID")},
	{route(`PATCH /v1/customers/external/[^/]+/members/[^/]+`), do("Members.UpdateByExternalID")},
	{route(`DELETE /v1/customers/external/[^/]+/members/[^/]+`), do("Members.DeleteByExternalID")},
	{route(`GET /v1/customers/external/[^/]+`), do("GetByExternalID")},
	{route(`PATCH /v1/customers/external/[^/]+`), do("UpdateByExternalID")},
	{route(`DELETE /v1/customers/external/[^/]+`), do("DeleteByExternalID")},
	{route(`POST /v1/customers/[^/]+/members`), do("Members.Create")},
	{route(`GET /v1/customers/[^/]+/members/[^/]+`), do("Members.Get")},
	{route(`PATCH /v1/customers/[^/]+/members/[^/]+`), do("Members.Update")},
	{route(`DELETE /v1/customers/[^/]+/members/[^/]+`), do("Members.Delete")},
	{route(`GET /v1/customers/[^/]+`), do("Get")},
	{route(`PATCH /v1/customers/[^/]+`), do("Update")},
	{route(`DELETE /v1/customers/[^/]+`), do("Delete")},
	{route(`GET /v1/members/(\?.*)?`), do("Members.List")},
	{route(`GET /v1/members/[^/]+`), do("Members.Get")},
	{route(`GET /v1/members/external/[^/]+`), do("Members.GetByExternalID")},
}

func route(pattern string) *regexp.Regexp { return regexp.MustCompile("^" + pattern + "$") }

func do(name string) func(context.Context, *customers.Client) (any, error) {
	for _, call := range calls {
		if call.name == name {
			return call.do
		}
	}
	panic("no operation " + name)
}

func (s step) call(c *customers.Client) (any, error) {
	if strings.ContainsAny(s.Path, "# ") || strings.Contains(s.Path, "%2F") {
		return nil, errNoMethod // a path that no method sends
	}
	for _, r := range routes {
		if r.route.MatchString(s.Method + " " + s.Path) {
			return r.do(context.Background(), c)
		}
	}
	return nil, errNoMethod
}

// is names the sentinels that the response must become.
func (s step) is() string {
	var body struct{ Error string }
	_ = json.Unmarshal([]byte(s.ResponseBody), &body)
	unknown := ""
	if s.Method != http.MethodGet {
		unknown = "ErrOutcomeUnknown "
	}
	switch {
	case s.Trimmed && s.Status < 300 && strings.HasPrefix(s.ResponseBody, "{"):
		return strings.TrimSpace(unknown + "ErrUnexpectedResponse")
	case s.Status < 300:
		return ""
	case s.Status == 500:
		return unknown + "ErrServer"
	case body.Error == "":
		return "ErrUnexpectedResponse"
	case s.Status == 422 && strings.Contains(s.ResponseBody, "already exists"):
		return "ErrDuplicate ErrValidation"
	}
	return map[string]string{
		"Unauthorized": "ErrUnauthorized", "invalid_token": "ErrUnauthorized", "insufficient_scope": "ErrInsufficientScope",
		"NotPermitted": "ErrNotPermitted", "ResourceNotFound": "ErrNotFound", "AmbiguousExternalCustomerID": "ErrConflict",
		"RequestValidationError": "ErrValidation", "PolarRequestValidationError": "ErrValidation", "LengthRequired": "ErrUnexpectedResponse",
	}[body.Error]
}

// json is the body of a success. It is nil for one without a body and for an export.
func (s step) json(t *testing.T) (v any) {
	if s.Status == http.StatusNoContent || !strings.HasPrefix(s.ResponseBody, "{") {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(s.ResponseBody))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// checkError compares an error with the response. Its text holds nothing of it.
func (s step) checkError(t *testing.T, err error) {
	var e *polar.Error
	if !errors.As(err, &e) || e.StatusCode != s.Status {
		t.Fatalf("got %#v", err)
	}
	var body struct {
		Error  string
		Detail json.RawMessage
	}
	if json.Unmarshal([]byte(s.ResponseBody), &body) == nil {
		var items []struct {
			Type, Msg string
			Loc       []any
		}
		_ = json.Unmarshal(body.Detail, &items)
		if e.Code != body.Error || len(e.Fields) != len(items) {
			t.Errorf("%s became code %s, fields %v", s.ResponseBody, e.Code, e.Fields)
		}
		for i, item := range items[:min(len(items), len(e.Fields))] {
			if f := e.Fields[i]; f.Type != item.Type || f.Message != item.Msg || f.In != item.Loc[0] {
				t.Errorf("%+v became %+v", item, f)
			}
		}
	}
	if s.Status == http.StatusForbidden && e.Code == "insufficient_scope" && len(e.RequiredScopes) == 0 {
		t.Errorf("no scopes in %v", err)
	}
	checkText(t, err)
}

// Values and fields that the contract does not have yet decode.
func TestDecodeTheFuture(t *testing.T) {
	read := func(file string) string {
		b, err := os.ReadFile("testdata/responses/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, tc := range []struct {
		file, old, new string
		do             func(context.Context, *customers.Client) (any, error)
	}{
		{"customer.json", `"individual"`, `"marketplace"`, do("Get")},
		{"customer.json", `"eu_vat"`, `"mars_vat"`, do("Get")},
		{"customer.json", `"eu_vat"`, `"eu_vat", "2027-01-01"`, do("Get")},
		{"customer.json", `"id":`, `"new_field": {"a": [1, {"b": null}]}, "id":`, do("Get")},
		{"customer.json", `"city":`, `"planet": "Earth", "city":`, do("Get")},
		{"customers.json", `"team"`, `"fleet"`, do("List")},
		{"customers.json", `"max_page":`, `"cursor": "x", "max_page":`, do("List")},
		{"state.json", `"active"`, `"dormant"`, do("GetState")},
		{"state.json", `"month"`, `"fortnight"`, do("GetState")},
		{"state.json", `"license_keys"`, `"teleport"`, do("GetState")},
		{"state.json", `"display_key":`, `"new_property": [true], "display_key":`, do("GetState")},
		{"state.json", `"meters":`, `"renewals": 3, "meters":`, do("GetState")},
		{"member.json", `"billing_manager"`, `"auditor"`, do("Members.Get")},
		{"payment_methods.json", `"stripe"`, `"adyen"`, do("ListPaymentMethods")},
		{"payment_methods.json", `"sepa_debit"`, `"coconuts", "method_metadata": {"island": "Kauai"}`, do("ListPaymentMethods")},
		{"payment_methods.json", `"visa"`, `"moonpay", "network": "lunar"`, do("ListPaymentMethods")},
	} {
		before := read(tc.file)
		after := strings.Replace(before, tc.old, tc.new, 1)
		if after == before {
			t.Fatalf("%s has no %s", tc.file, tc.old)
		}
		w := &wire{status: 200, header: http.Header{"Content-Type": {"application/json"}}, body: after}
		got, err := tc.do(t.Context(), w.client(t))
		if err != nil {
			t.Errorf("%s with %s: %v", tc.file, tc.new, err)
			continue
		}
		var want any
		d := json.NewDecoder(strings.NewReader(after))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		for _, problem := range servicetest.Differences(want, got) {
			// Only fields that no type has are missing.
			if !strings.Contains(problem, "no field for it") && !strings.Contains(problem, "pagination has") && !strings.Contains(problem, "tax_id") {
				t.Errorf("%s with %s: %s", tc.file, tc.new, problem)
			}
		}
	}
}
