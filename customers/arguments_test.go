package customers_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
)

// What the service is known to refuse costs no request, and the error names the
// argument and not its value.
func TestArgumentsRefused(t *testing.T) {
	const id = "11111111-2222-4333-8444-555555555555"
	srv := customerstest.NewServer(t)
	client := srv.Client()
	ctx := t.Context()

	create := func(p customers.CreateParams) error { _, err := client.Create(ctx, p); return err }
	update := func(p customers.UpdateParams) error { _, err := client.Update(ctx, id, p); return err }
	external := func(p customers.UpdateByExternalIDParams) error {
		_, err := client.UpdateByExternalID(ctx, "user_42", p)
		return err
	}
	member := func(p customers.MemberCreateParams) error {
		_, err := client.Members().CreateByExternalID(ctx, "user_42", p)
		return err
	}
	memberUpdate := func(p customers.MemberUpdateParams) error {
		_, err := client.Members().Update(ctx, id, id, p)
		return err
	}
	list := func(p customers.ListParams) error { _, err := client.List(ctx, p); return err }
	all := func(p customers.ListParams) (err error) {
		for _, err = range client.All(ctx, p) {
		}
		return err
	}
	export := func(p customers.ExportParams) error { _, err := client.Export(ctx, p); return err }

	many := customers.Metadata{}
	for i := range 51 {
		many[strings.Repeat("k", i%40+1)+string(rune('a'+i/40))] = i
	}
	long := strings.Repeat("é", 257)
	for _, test := range []struct {
		field string
		err   error
	}{
		{"email", create(customers.CreateParams{Name: "Ada"})},
		{"owner", create(customers.CreateParams{Type: customers.TypeTeam})},
		{"owner", create(customers.CreateParams{Type: customers.TypeTeam, Owner: &customers.OwnerParams{Name: "Ada"}})},
		{"organization_id", create(customers.CreateParams{Email: "a@polar.sh", OrganizationID: "acme"})},
		{"tax_id", create(customers.CreateParams{Email: "a@polar.sh", TaxID: "FR61954506077"})},
		{"billing_address.country", create(customers.CreateParams{Email: "a@polar.sh", BillingAddress: &customers.AddressParams{Country: "France"}})},
		{"email", create(customers.CreateParams{Email: "a\x00@polar.sh"})},
		{"external_id", create(customers.CreateParams{Email: "a@polar.sh", ExternalID: "user\x00"})},
		{"locale", create(customers.CreateParams{Email: "a@polar.sh", Locale: "en\x00"})},
		{"name", create(customers.CreateParams{Email: "a@polar.sh", Name: long})},
		{"metadata", create(customers.CreateParams{Email: "a@polar.sh", Metadata: many})},
		{"metadata", create(customers.CreateParams{Email: "a@polar.sh", Metadata: customers.Metadata{"": 1}})},
		{"metadata", create(customers.CreateParams{Email: "a@polar.sh", Metadata: customers.Metadata{"plan": ""}})},
		{"metadata", create(customers.CreateParams{Email: "a@polar.sh", Metadata: customers.Metadata{"plan": nil}})},
		{"metadata", create(customers.CreateParams{Email: "a@polar.sh", Metadata: customers.Metadata{"plan": math.NaN()}})},
		{"billing_address", update(customers.UpdateParams{BillingAddress: customers.Null[customers.AddressParams]()})},
		{"billing_address.country", update(customers.UpdateParams{BillingAddress: customers.Set(customers.AddressParams{City: "Paris"})})},
		{"external_id", update(customers.UpdateParams{ExternalID: customers.Set("user\x00")})},
		{"name", update(customers.UpdateParams{Name: customers.Set(long)})},
		{"tax_id", external(customers.UpdateByExternalIDParams{TaxID: customers.Set("\x00")})},
		{"metadata", external(customers.UpdateByExternalIDParams{Metadata: customers.Metadata{"plan": []int{1}}})},
		{"email", member(customers.MemberCreateParams{Name: "Grace"})},
		{"role", member(customers.MemberCreateParams{Email: "a@polar.sh", Role: customers.RoleOwner})},
		{"name", member(customers.MemberCreateParams{Email: "a@polar.sh", Name: long})},
		{"email", memberUpdate(customers.MemberUpdateParams{Email: customers.Set("a\x00")})},
		{"page", list(customers.ListParams{Page: -1})},
		{"limit", list(customers.ListParams{Limit: -1})},
		{"organization_id", list(customers.ListParams{OrganizationID: []string{id, "acme"}})},
		{"query", list(customers.ListParams{Query: "\x00"})},
		{"email", all(customers.ListParams{Email: "a\x00"})},
		{"organization_id", export(customers.ExportParams{OrganizationID: []string{""}})},
	} {
		var e *customers.Error
		if !errors.As(test.err, &e) || !errors.Is(e, customers.ErrInvalidArgument) || len(e.Fields) != 1 || e.Fields[0].Path != test.field || e.Attempts != 0 {
			t.Errorf("%s: got %v", test.field, test.err)
			continue
		}
		if text := e.Error(); !strings.Contains(text, test.field+" ") || strings.ContainsAny(text, "\x00é@") {
			t.Errorf("%s: the text is %q", test.field, text)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// What only looks wrong is sent: a team by its owner, the longest name, numbers of
// any type, an update that clears.
func TestArgumentsSent(t *testing.T) {
	srv := customerstest.NewServer(t)
	client := srv.Client()
	ctx := context.Background()
	team, err := client.Create(ctx, customers.CreateParams{
		Type: customers.TypeTeam, Owner: &customers.OwnerParams{Email: "ada@polar.sh"}, Name: strings.Repeat("é", 256),
		BillingAddress: &customers.AddressParams{Country: "FR"}, Metadata: customers.Metadata{"n": int8(1), "f": float32(1.5), "b": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	team, err = client.Update(ctx, team.ID, customers.UpdateParams{
		Name: customers.Null[string](), Metadata: customers.Metadata{}, BillingAddress: customers.Set(customers.AddressParams{Country: "DE"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if team.Name != nil || len(team.Metadata) != 0 || team.BillingAddress.Country != "DE" {
		t.Errorf("got %+v", team)
	}
}
