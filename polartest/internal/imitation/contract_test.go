package imitation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/polarexpress/polar-go/internal/python"
)

// slowShare is the number of values of which one is also compared with the slow
// validator.
const slowShare = 11

// TestContractCheckBites spoils good responses in every way that a schema detects, and
// compares the check with kin-openapi's slow and exact one.
func TestContractCheckBites(t *testing.T) {
	srv := NewServer(t)
	c := srv.AddCustomer(Customer{
		ExternalID: "u1", Name: "Ada", TaxID: &TaxID{"DE136695976", "eu_vat"}, BillingAddress: &Address{Country: "DE"}, Metadata: map[string]any{"a": 1.5},
	})
	srv.AddSubscription(Subscription{CustomerID: c.ID, Meters: []SubscriptionMeter{{}}})
	srv.AddGrant(Grant{CustomerID: c.ID, Type: "discord", Properties: map[string]any{"guild_id": "1"}})
	srv.AddMeter(Meter{CustomerID: c.ID})
	srv.AddPaymentMethod(PaymentMethod{CustomerID: c.ID})
	for _, tc := range []struct{ operation, path string }{
		{"customers:get", "/v1/customers/" + c.ID},
		{"customers:list", "/v1/customers/"},
		{"customers:get_state", "/v1/customers/" + c.ID + "/state"},
		{"customers:list_payment_methods", "/v1/customers/" + c.ID + "/payment-methods"},
		{"customers:members:list", "/v1/customers/" + c.ID + "/members"},
	} {
		status, body := do(t, srv, srv.Token(), "GET", tc.path, "")
		if status != 200 {
			t.Fatalf("%s: %d %s", tc.path, status, body)
		}
		op, err := document().Operation("GET", strings.Replace(tc.path, c.ID, "{id}", 1))
		if err != nil {
			t.Fatal(err)
		}
		schema := op.Responses["200"][jsonType].Schema.Value
		parsed, _ := python.ParseJSON([]byte(body))
		good := plain(parsed)
		if err := schema.VisitJSON(good, schemaOptions...); err != nil {
			t.Fatalf("%s: %v", tc.path, err)
		}
		spoiled, caught := 0, 0
		spoil(good, func(what string, v any) {
			rejected := schema.VisitJSON(v, schemaOptions...) != nil
			spoiled++
			if rejected {
				caught++
			}
			if spoiled%slowShare != 0 {
				return
			}
			exact := append(slices.Clone(schemaOptions), openapi3.EnableJSONSchema2020())
			if want := schema.VisitJSON(v, exact...) != nil; rejected != want {
				t.Errorf("%s, %s: rejected %v, want %v", tc.operation, what, rejected, want)
			}
		}, good, "")
		if caught < spoiled/2 {
			t.Errorf("%s: %d of %d spoiled responses caught", tc.operation, caught, spoiled)
		}
	}
}

// spoil calls try with the whole value in which one thing was changed or
// removed, for everything in it.
func spoil(root any, try func(what string, v any), at any, path string) {
	switch v := at.(type) {
	case map[string]any:
		for k, old := range v {
			delete(v, k)
			try(path+"/"+k+" removed", root)
			for _, bad := range []any{nil, 1.5, true, "nonsense", []any{}, map[string]any{}} {
				v[k] = bad
				try(fmt.Sprintf("%s/%s = %v", path, k, bad), root)
			}
			v[k] = old
			spoil(root, try, old, path+"/"+k)
		}
	case []any:
		for i, old := range v {
			v[i] = map[string]any{"x": 1.0}
			try(fmt.Sprintf("%s/%d replaced", path, i), root)
			v[i] = old
			spoil(root, try, old, fmt.Sprintf("%s/%d", path, i))
		}
	}
}

func TestContractReports(t *testing.T) {
	for _, tc := range []struct{ name, method, path, body, want string }{
		{"unknown parameter", "GET", "/v1/customers/?colour=red", "", "query parameter colour: not declared"},
		{"parameter of another type", "GET", "/v1/customers/?active=yes", "", "query parameter active"},
		{"lenient body", "POST", "/v1/customers/", `{"email":"a@b.co","billing_address":{"country":"de"}}`, `"/billing_address`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			srv, err := Start()
			if err != nil {
				t.Fatal(err)
			}
			if status, body := do(t, srv, srv.Token(), tc.method, tc.path, tc.body); status > 299 {
				t.Errorf("%d %s", status, body)
			}
			err = srv.Close()
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Close() = %v, want something about %q", err, tc.want)
			}
		})
	}
}

func TestContractSparesRefusals(t *testing.T) {
	srv := NewServer(t) // its cleanup fails the test on any violation
	token := srv.Token()
	for _, tc := range []struct{ method, path, body string }{
		{"GET", "/v1/customers/?page=0", ""},
		{"POST", "/v1/customers/", `{"email":5}`},
		{"POST", "/v1/customers/", ``},
		{"GET", "/v1/customers/bad", ""},
		{"PUT", "/v1/customers/bad", ""},
		{"GET", "/v1/customers", ""},
	} {
		do(t, srv, token, tc.method, tc.path, tc.body)
	}
	do(t, srv, "polar_oat_unknown", "GET", "/v1/customers/", "")
	do(t, srv, "", "GET", "/v1/customers/", "")
	do(t, srv, srv.Token(ScopeMembersRead), "POST", "/v1/customers/"+newUUID()+"/members", `{}`)
}

func TestStartIsQuick(t *testing.T) {
	const limit = 5 * time.Millisecond
	best := time.Hour
	for range 10 {
		began := time.Now()
		srv, err := Start()
		took := time.Since(began)
		if err != nil {
			t.Fatal(err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		best = min(best, took)
	}
	if best > limit {
		t.Errorf("a server takes %v to start, want less than %v", best, limit)
	}
}
