package customers_test

import (
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// A customer that decodes can be stored as JSON and read back as it was.
func FuzzCustomer(f *testing.F) {
	for _, file := range []string{"customer.json", "state.json", "member.json"} {
		b, err := os.ReadFile("testdata/responses/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(`{"id":"a","metadata":{"a":1e400,"b":18446744073709551616,"c":null},"tax_id":["1","x",{}]}`)
	f.Add(`{"id":"\ud800","created_at":"0000-01-01T00:00:00+23:59","email":"\u2028<>&"}`)
	f.Add(`{"created_at":"9999-12-31T23:59:59.999999999-23:59","billing_address":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		roundTrip[customers.Customer](t, text)
		roundTrip[customers.State](t, text)
		roundTrip[customers.Member](t, text)
	})
}

func roundTrip[T any](t *testing.T, text string) {
	var first, second T
	if json.Unmarshal([]byte(text), &first) != nil {
		return
	}
	stored, err := json.Marshal(first)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if err := json.Unmarshal(stored, &second); err != nil {
		t.Fatalf("%q became %s: %v", text, stored, err)
	}
	again, err := json.Marshal(second)
	if err != nil || string(again) != string(stored) {
		t.Errorf("%q became %s, and that %s, %v", text, stored, again, err)
	}
}

// Numbers in metadata keep their exact values, from the response through to a
// program's own storage. Those that no int64 or float64 holds are a json.Number.
func TestMetadataNumbers(t *testing.T) {
	for text, want := range map[string]any{
		"3": int64(3), "-9223372036854775808": int64(math.MinInt64), "9007199254740993": int64(9007199254740993), "1.5": 1.5, "3.0": 3.0, "1e3": 1e3,
		"9007199254740993e0": json.Number("9007199254740993e0"), "90071992547409930E-1": json.Number("90071992547409930E-1"),
		"18446744073709551616": json.Number("18446744073709551616"), "1e400": json.Number("1e400"),
	} {
		for _, spaced := range []string{"", " "} {
			s := play(found(`"seats":3`, `"seats":`+spaced+text+spaced))
			customer, err := s.client(t).Get(t.Context(), testID)
			if err != nil {
				t.Fatal(err)
			}
			if got := customer.Metadata["seats"]; got != want {
				t.Errorf("%s became %v (%T), want %v (%T)", text, got, got, want, want)
			}
			stored, err := json.Marshal(customer.Metadata)
			if err != nil {
				t.Fatal(err)
			}
			var again customers.Metadata
			if err := json.Unmarshal(stored, &again); err != nil || again["seats"] != want && text != "3.0" && text != "1e3" {
				t.Errorf("%s was stored as %s and became %v (%T), %v", text, stored, again["seats"], again["seats"], err)
			}
		}
	}
}

// Parameters encode to the service's names, and decode from them.
func TestParamsJSON(t *testing.T) {
	yes := true
	for _, params := range []any{
		&customers.CreateParams{Type: customers.TypeTeam, Email: "jane@shop.example", Metadata: customers.Metadata{"a": int64(1)}, BillingAddress: &customers.AddressParams{Country: "FR"}, Owner: &customers.OwnerParams{Email: "o@shop.example"}},
		&customers.UpdateParams{Name: polar.Null[string](), Email: polar.Set("jane@shop.example"), BillingAddress: polar.Set(customers.AddressParams{Country: "FR"})},
		&customers.UpdateByExternalIDParams{TaxID: polar.Set("1"), Metadata: customers.Metadata{}},
		&customers.DeleteParams{Anonymize: true},
		&customers.ListParams{Page: 2, Active: &yes, Sorting: []customers.SortProperty{customers.SortEmailDesc}, Metadata: map[string][]string{"a": {"b"}}, OrganizationID: []string{wireID}},
		&customers.ExportParams{OrganizationID: []string{wireID}},
		&customers.PageParams{Page: 1, Limit: 3},
		&customers.MemberListParams{Role: customers.RoleOwner},
		&customers.MemberCreateParams{Email: "sam@shop.example"},
		&customers.MemberUpdateParams{Role: polar.Set(customers.RoleOwner)},
	} {
		b, err := json.Marshal(params)
		if err != nil {
			t.Fatal(err)
		}
		back := reflect.New(reflect.TypeOf(params).Elem()).Interface()
		d := json.NewDecoder(strings.NewReader(string(b)))
		d.DisallowUnknownFields()
		if err := d.Decode(back); err != nil || !reflect.DeepEqual(back, params) {
			t.Errorf("%s became %+v, want %+v, %v", b, back, params, err)
		}
	}
	zero, err := json.Marshal([]any{customers.CreateParams{}, customers.UpdateParams{}, customers.UpdateByExternalIDParams{}, customers.MemberUpdateParams{}, customers.ListParams{}, customers.DeleteParams{}})
	if want := `[{},{},{},{},{},{}]`; err != nil || string(zero) != want {
		t.Errorf("zero parameters encode to %s, want %s, %v", zero, want, err)
	}
}
