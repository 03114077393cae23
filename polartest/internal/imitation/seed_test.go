package imitation

import (
	"strings"
	"testing"
)

// AddCustomer refuses the same input as a request.
func TestSeedsAreChecked(t *testing.T) {
	srv := NewServer(t)
	for name, tc := range map[string]struct {
		customer Customer
		want     string
	}{
		"address":  {Customer{Email: "a@example.com"}, "body.individual.email: a@example.com is not a valid email address: The domain name example.com does not accept email."},
		"name":     {Customer{Name: strings.Repeat("a", 257)}, "body.individual.name: String should have at most 256 characters"},
		"metadata": {Customer{Metadata: map[string]any{"k": ""}}, "body.individual.metadata.k.constrained-str"},
		"country":  {Customer{BillingAddress: &Address{Country: "XX"}}, "body.individual.billing_address.country"},
		"locale":   {Customer{Type: "team", Locale: "zz"}, "body.team.locale: Value error, Invalid IETF BCP 47 language tag"},
	} {
		if got := failsAtOnce(t, srv, func() { srv.AddCustomer(tc.customer) }); !strings.Contains(got, "AddCustomer: ") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	c := srv.AddCustomer(Customer{Email: "Ada@POLAR.sh", Locale: "en_us", BillingAddress: &Address{Country: "US", State: "NY"}})
	if c.Email != "Ada@polar.sh" || c.Locale != "en-US" || c.BillingAddress.State != "US-NY" {
		t.Errorf("stored as %+v, %+v", c, c.BillingAddress)
	}
	want := "AddMember: email: m@sub.example.org is not a valid email address: The domain name sub.example.org does not exist."
	if got := failsAtOnce(t, srv, func() { srv.AddMember(Member{CustomerID: c.ID, Email: "m@sub.example.org"}) }); !strings.Contains(got, want) {
		t.Errorf("member: %q, want %q", got, want)
	}
}
