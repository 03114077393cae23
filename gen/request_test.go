package gen_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/gen"
)

const server = "https://api.polar.sh/"

func TestQuery(t *testing.T) {
	yes, no := true, false
	for want, params := range map[string]*gen.CustomersListParams{
		"": nil,
		// What is zero is left out, and so is an empty list or map.
		" ":                             {Sorting: []gen.CustomerSortProperty{}, OrganizationID: []string{}, Metadata: map[string][]string{"plan": {}}},
		"active=false":                  {Active: &no},
		"active=true&email=a%2Bb%40c.d": {Active: &yes, Email: "a+b@c.d"},
		"limit=100&page=2":              {Page: 2, Limit: 100},
		"query=Ada+%26+Bob%3F%23%2C":    {Query: "Ada & Bob?#,"},
		"organization_id=x%26y&organization_id=z": {OrganizationID: []string{"x&y", "z"}},
		"sorting=-created_at&sorting=name":        {Sorting: []gen.CustomerSortProperty{"-created_at", "name"}},
		"metadata[a%26b%5D]=1%3D2&metadata[a%26b%5D]=&metadata[plan]=gold&metadata[plan]=s%C3%BC%C3%9F": {
			Metadata: map[string][]string{"plan": {"gold", "süß"}, "a&b]": {"1=2", ""}, "none": nil},
		},
	} {
		req, err := gen.NewCustomersListRequest(server, params)
		if err != nil {
			t.Errorf("%s: %v", want, err)
		} else if got := req.URL.RawQuery; got != strings.TrimSpace(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestBody(t *testing.T) {
	req, err := gen.NewCustomersCreateRequest(server, gen.CustomerCreate{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || string(body) != `{"email":"ada@example.com"}` {
		t.Errorf("got %s, %v", body, err)
	}
	if got := req.Header.Get("Content-Type"); req.Method != "POST" || got != "application/json" || req.GetBody == nil {
		t.Errorf("got %s, %s, a body that can be read again: %t", req.Method, got, req.GetBody != nil)
	}
}

// The raw client sends nothing if the path is refused.
func TestRawClient(t *testing.T) {
	sent := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent++
		w.Header().Set("Content-Type", "application/json")
		if r.URL.EscapedPath() != "/base/v1/customers/external/user%2042" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, `{"id":"x","error":"ResourceNotFound","detail":"`+r.URL.EscapedPath()+`"}`)
	}))
	defer srv.Close()
	raw, err := gen.NewClientWithResponses(srv.URL+"/base", gen.WithRequestEditorFn(func(context.Context, *http.Request) error { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	result, err := raw.CustomersGetExternalWithResponse(t.Context(), "user 42")
	if err != nil || result.JSON200 == nil || result.JSON200.ID != "x" || sent != 1 {
		t.Fatalf("got %+v, %v, %d requests", result, err, sent)
	}
	if result, err := raw.CustomersGetExternalWithResponse(t.Context(), "user_43"); err != nil || result.JSON404 == nil || sent != 2 {
		t.Fatalf("got %+v, %v, %d requests", result, err, sent)
	}
	if _, err := raw.CustomersGetWithResponse(t.Context(), "foo/members/bob"); err == nil || err.Error() != "id: must not contain a slash" || sent != 2 {
		t.Errorf("got %v, %d requests", err, sent)
	}
}
