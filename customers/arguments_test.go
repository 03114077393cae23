package customers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// text is a text that a method takes.
type textArgument struct {
	method, path string
	limit        int // in characters, if there is one
	give         func(context.Context, *customers.Client, string) error
}

func err1[T any](_ T, err error) error { return err }

func lastError[T any](seq iter.Seq2[*T, error]) (err error) {
	for _, err = range seq {
	}
	return err
}

// textArguments are all texts of all methods, IDs in paths aside.
func textArguments() (all []textArgument) {
	add := func(method, path string, limit int, give func(context.Context, *customers.Client, string) error) {
		all = append(all, textArgument{method, path, limit, give})
	}
	address := func(field string, v string) customers.AddressParams {
		a := customers.AddressParams{Country: "FR"}
		*map[string]*string{"country": &a.Country, "line1": &a.Line1, "line2": &a.Line2, "city": &a.City, "state": &a.State, "postal_code": &a.PostalCode}[field] = v
		return a
	}
	addressFields := []string{"country", "line1", "line2", "city", "state", "postal_code"}

	create := func(path string, limit int, set func(*customers.CreateParams, string)) {
		params := func(v string) customers.CreateParams {
			p := customers.CreateParams{Email: "ada@polar.sh", ExternalID: "user_42"}
			set(&p, v)
			return p
		}
		add("Create", path, limit, func(ctx context.Context, c *customers.Client, v string) error { return err1(c.Create(ctx, params(v))) })
		add("Ensure", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
			_, _, err := c.Ensure(ctx, params(v))
			return err
		})
	}
	create("email", 0, func(p *customers.CreateParams, v string) { p.Email = v })
	create("external_id", 0, func(p *customers.CreateParams, v string) { p.ExternalID = v })
	create("name", 256, func(p *customers.CreateParams, v string) { p.Name = v })
	create("locale", 0, func(p *customers.CreateParams, v string) { p.Locale = v })
	create("organization_id", 0, func(p *customers.CreateParams, v string) { p.OrganizationID = v })
	create("tax_id", 0, func(p *customers.CreateParams, v string) {
		p.TaxID, p.BillingAddress = v, &customers.AddressParams{Country: "FR"}
	})
	owner := func(p *customers.CreateParams) *customers.OwnerParams {
		p.Type, p.Owner = customers.TypeTeam, &customers.OwnerParams{Email: "ada@polar.sh"}
		return p.Owner
	}
	create("owner.email", 0, func(p *customers.CreateParams, v string) { owner(p).Email = v })
	create("owner.name", 256, func(p *customers.CreateParams, v string) { owner(p).Name = v })
	create("owner.external_id", 0, func(p *customers.CreateParams, v string) { owner(p).ExternalID = v })
	for _, field := range addressFields {
		create("billing_address."+field, 0, func(p *customers.CreateParams, v string) {
			a := address(field, v)
			p.BillingAddress = &a
		})
	}

	update := func(path string, limit int, set func(*customers.UpdateParams, string), setExternal func(*customers.UpdateByExternalIDParams, string)) {
		add("Update", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
			var p customers.UpdateParams
			set(&p, v)
			return err1(c.Update(ctx, testID, p))
		})
		if setExternal != nil {
			add("UpdateByExternalID", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
				var p customers.UpdateByExternalIDParams
				setExternal(&p, v)
				return err1(c.UpdateByExternalID(ctx, "user_42", p))
			})
		}
	}
	update("email", 0, func(p *customers.UpdateParams, v string) { p.Email = polar.Set(v) }, func(p *customers.UpdateByExternalIDParams, v string) { p.Email = polar.Set(v) })
	update("name", 256, func(p *customers.UpdateParams, v string) { p.Name = polar.Set(v) }, func(p *customers.UpdateByExternalIDParams, v string) { p.Name = polar.Set(v) })
	update("locale", 0, func(p *customers.UpdateParams, v string) { p.Locale = polar.Set(v) }, func(p *customers.UpdateByExternalIDParams, v string) { p.Locale = polar.Set(v) })
	update("tax_id", 0, func(p *customers.UpdateParams, v string) { p.TaxID = polar.Set(v) }, func(p *customers.UpdateByExternalIDParams, v string) { p.TaxID = polar.Set(v) })
	update("external_id", 0, func(p *customers.UpdateParams, v string) { p.ExternalID = polar.Set(v) }, nil)
	for _, field := range addressFields {
		update("billing_address."+field, 0,
			func(p *customers.UpdateParams, v string) { p.BillingAddress = polar.Set(address(field, v)) },
			func(p *customers.UpdateByExternalIDParams, v string) { p.BillingAddress = polar.Set(address(field, v)) })
	}

	member := func(path string, limit int, set func(*customers.MemberCreateParams, string)) {
		params := func(v string) customers.MemberCreateParams {
			p := customers.MemberCreateParams{Email: "ada@polar.sh"}
			set(&p, v)
			return p
		}
		add("Members.Create", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
			return err1(c.Members().Create(ctx, testID, params(v)))
		})
		add("Members.CreateByExternalID", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
			return err1(c.Members().CreateByExternalID(ctx, "team_7", params(v)))
		})
	}
	member("email", 0, func(p *customers.MemberCreateParams, v string) { p.Email = v })
	member("name", 256, func(p *customers.MemberCreateParams, v string) { p.Name = v })
	member("external_id", 0, func(p *customers.MemberCreateParams, v string) { p.ExternalID = v })
	memberUpdate := func(path string, limit int, params func(string) customers.MemberUpdateParams) {
		add("Members.Update", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
			return err1(c.Members().Update(ctx, testID, testID, params(v)))
		})
		add("Members.UpdateByExternalID", path, limit, func(ctx context.Context, c *customers.Client, v string) error {
			return err1(c.Members().UpdateByExternalID(ctx, "team_7", "user_42", params(v)))
		})
	}
	memberUpdate("email", 0, func(v string) customers.MemberUpdateParams { return customers.MemberUpdateParams{Email: polar.Set(v)} })
	memberUpdate("name", 256, func(v string) customers.MemberUpdateParams { return customers.MemberUpdateParams{Name: polar.Set(v)} })

	list := func(path string, params func(string) customers.ListParams) {
		add("List", path, 0, func(ctx context.Context, c *customers.Client, v string) error { return err1(c.List(ctx, params(v))) })
		add("All", path, 0, func(ctx context.Context, c *customers.Client, v string) error {
			return lastError(c.All(ctx, params(v)))
		})
	}
	list("email", func(v string) customers.ListParams { return customers.ListParams{Email: v} })
	list("query", func(v string) customers.ListParams { return customers.ListParams{Query: v} })
	list("organization_id", func(v string) customers.ListParams { return customers.ListParams{OrganizationID: []string{testID, v}} })
	list(`metadata["plan"]`, func(v string) customers.ListParams {
		return customers.ListParams{Metadata: map[string][]string{"plan": {"gold", v}}}
	})
	add("Export", "organization_id", 0, func(ctx context.Context, c *customers.Client, v string) error {
		return err1(c.Export(ctx, customers.ExportParams{OrganizationID: []string{testID, v}}))
	})
	add("ExportRows", "organization_id", 0, func(ctx context.Context, c *customers.Client, v string) error {
		return lastError(c.ExportRows(ctx, customers.ExportParams{OrganizationID: []string{testID, v}}))
	})
	return all
}

// refusal checks that err refuses the argument at path alone, and returns why.
func refusal(t *testing.T, what string, err error, path string) (why string) {
	t.Helper()
	var e *polar.Error
	if !errors.As(err, &e) || is(err) != "ErrInvalidArgument" || len(e.Fields) != 1 || e.Fields[0].Path != path || e.Attempts != 0 {
		t.Errorf("%s: got %v, want %s to be refused", what, err, path)
		return ""
	}
	if !strings.HasSuffix(e.Error(), ": "+path+": "+e.Fields[0].Message) || !strings.HasPrefix(e.Error(), "customers: ") {
		t.Errorf("%s: the text is %q", what, e.Error())
	}
	checkText(t, err)
	return e.Fields[0].Message
}

// Every text is refused if the service would fail on it, change it, or finds it too
// long, before anything is sent.
func TestTextsRefused(t *testing.T) {
	c := forbidden(t).client(t)
	for _, arg := range textArguments() {
		for value, want := range map[string]string{
			"\x00F":    "contains a NUL character|contains a control character|must be a UUID",
			"F\xff":    "is not valid UTF-8|must be a UUID",
			"\xc3F":    "is not valid UTF-8|must be a UUID",
			"\xed\x9f": "is not valid UTF-8|must be a UUID",
		} {
			what := fmt.Sprintf("%s, %q", arg.method, value)
			why := refusal(t, what, arg.give(t.Context(), c, value), arg.path)
			if !slices.ContainsFunc(strings.Split(want, "|"), func(s string) bool { return strings.HasPrefix(why, s) }) {
				t.Errorf("%s: %s %s, want one of %s", what, arg.path, why, want)
			}
		}
		if arg.limit > 0 {
			why := refusal(t, arg.method+", too long", arg.give(t.Context(), c, strings.Repeat("é", arg.limit+1)), arg.path)
			if want := fmt.Sprintf("must be at most %d characters", arg.limit); why != want {
				t.Errorf("%s: %s %s, want %s", arg.method, arg.path, why, want)
			}
		}
	}
}

// The longest texts are sent.
func TestTextsSent(t *testing.T) {
	for _, arg := range textArguments() {
		if arg.limit == 0 {
			continue
		}
		s := play(coded(404, notFoundBody))
		if err := arg.give(t.Context(), s.client(t), strings.Repeat("é", arg.limit)); len(s.requests()) == 0 {
			t.Errorf("%s: %s of %d characters: %v", arg.method, arg.path, arg.limit, err)
		}
	}
}

// A new external ID that no ByExternalID method could find is refused, and an ID of
// Polar's must be a UUID.
func TestIDsRefused(t *testing.T) {
	c := forbidden(t).client(t)
	for _, arg := range textArguments() {
		switch {
		case strings.HasSuffix(arg.path, "external_id"):
			for value, reason := range map[string]string{
				"a/b": "contains a slash, which the service treats as a path separator", "..": `is "." or "..", which have a meaning in a path`,
				".": `is "." or "..", which have a meaning in a path`, "a\nb": "contains a control character, such as a line break: remove it",
				" a": "begins or ends with white space, which the service removes: remove it first", "a ": "begins or ends with white space, which the service removes: remove it first",
				" ": "begins or ends with white space, which the service removes: remove it first", strings.Repeat("a", 2049): "must be at most 2048 bytes",
			} {
				what := fmt.Sprintf("%s, %.20q", arg.method, value)
				if why, want := refusal(t, what, arg.give(t.Context(), c, value), arg.path), reason+": no ByExternalID method could find it"; why != want {
					t.Errorf("%s: %s %s, want %s", what, arg.path, why, want)
				}
			}
		case arg.path == "organization_id":
			for _, value := range []string{"acme", strings.ReplaceAll(testID, "-", ""), "{" + testID + "}", "urn:uuid:" + testID, testID + "\n"} {
				if why := refusal(t, arg.method, arg.give(t.Context(), c, value), arg.path); why != "must be a UUID" {
					t.Errorf("%s: %q %s", arg.method, value, why)
				}
			}
		case strings.HasSuffix(arg.path, "email") && arg.method != "List" && arg.method != "All":
			for _, value := range []string{"ada", "ada@", "@polar.sh", " "} {
				if why := refusal(t, arg.method, arg.give(t.Context(), c, value), arg.path); why != "must be an email address, such as name@your-domain.com" {
					t.Errorf("%s: %q %s", arg.method, value, why)
				}
			}
		case arg.path == "billing_address.country":
			for _, value := range []string{"", "F", "France"} {
				if why := refusal(t, arg.method, arg.give(t.Context(), c, value), arg.path); why != "must be a code of two letters, such as FR" {
					t.Errorf("%s: %q %s", arg.method, value, why)
				}
			}
		}
	}
	for _, ids := range [][]string{{""}, {testID, ""}} { // an empty one in a list is not left out
		refusal(t, "List", err1(c.List(t.Context(), customers.ListParams{OrganizationID: ids})), "organization_id")
	}
}

type plan string

// Metadata that the service refuses, or could not read again, is refused with its
// key, wherever it is given.
func TestMetadataRefused(t *testing.T) {
	c := forbidden(t).client(t)
	give := map[string]func(customers.Metadata) error{
		"Create": func(m customers.Metadata) error {
			return err1(c.Create(t.Context(), customers.CreateParams{Email: "ada@polar.sh", Metadata: m}))
		},
		"Update": func(m customers.Metadata) error {
			return err1(c.Update(t.Context(), testID, customers.UpdateParams{Metadata: m}))
		},
		"UpdateByExternalID": func(m customers.Metadata) error {
			return err1(c.UpdateByExternalID(t.Context(), "user_42", customers.UpdateByExternalIDParams{Metadata: m}))
		},
	}
	many := customers.Metadata{}
	for i := range 51 {
		many[fmt.Sprint("key_", i)] = i
	}
	long := strings.Repeat("k", 41)
	for _, tc := range []struct {
		metadata customers.Metadata
		text     string
	}{
		{customers.Metadata{"plan": ""}, `metadata["plan"]: must be 1 to 500 characters`},
		{customers.Metadata{"plan": strings.Repeat("é", 501)}, `metadata["plan"]: must be 1 to 500 characters`},
		{customers.Metadata{"plan": plan("")}, `metadata["plan"]: must be 1 to 500 characters`},
		{customers.Metadata{"plan": "go\x00ld"}, `metadata["plan"]: contains a NUL character`},
		{customers.Metadata{"plan": "\xff"}, `metadata["plan"]: is not valid UTF-8, which the service would replace`},
		{customers.Metadata{"n": math.NaN()}, `metadata["n"]: must be a finite number`},
		{customers.Metadata{"n": math.Inf(-1)}, `metadata["n"]: must be a finite number`},
		{customers.Metadata{"n": float32(math.Inf(1))}, `metadata["n"]: must be a finite number`},
		{customers.Metadata{"n": json.Number("1e400")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"n": json.Number("NaN")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"n": json.Number("1_000")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"n": json.Number("0x1p4")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"n": json.Number("01")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"n": json.Number("-Infinity")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"n": json.Number("")}, `metadata["n"]: must be a number that a float64 can hold`},
		{customers.Metadata{"x": nil}, `metadata["x"]: must be a string, a number or a bool`},
		{customers.Metadata{"x": []string{"a"}}, `metadata["x"]: must be a string, a number or a bool`},
		{customers.Metadata{"x": map[string]any{}}, `metadata["x"]: must be a string, a number or a bool`},
		{customers.Metadata{"x": polar.Ptr("gold")}, `metadata["x"]: must be a string, a number or a bool`},
		{customers.Metadata{"x": struct{}{}}, `metadata["x"]: must be a string, a number or a bool`},
		{customers.Metadata{"x": 1i}, `metadata["x"]: must be a string, a number or a bool`},
		{customers.Metadata{"": 1}, `metadata[""]: the key must be 1 to 40 characters`},
		{customers.Metadata{long: 1}, `metadata["` + long + `"]: the key must be 1 to 40 characters`},
		{customers.Metadata{"a\x00": 1}, `metadata["a\x00"]: the key contains invalid UTF-8 or a NUL character`},
		{customers.Metadata{"a\xff": 1}, `metadata["a\xff"]: the key contains invalid UTF-8 or a NUL character`},
		{customers.Metadata{"__external_id": "x"}, `metadata["__external_id"]: the key is reserved: the service could not read the customer, nor any list that includes it`},
		{many, "metadata: must have at most 50 pairs, not 51"},
		{customers.Metadata{"b": "", "a": nil}, `metadata["a"]: must be a string, a number or a bool; metadata["b"]: must be 1 to 500 characters`},
	} {
		for name, give := range give {
			if err := give(tc.metadata); is(err) != "ErrInvalidArgument" || !strings.HasSuffix(err.Error(), ": "+tc.text) {
				t.Errorf("%s: got %v, want %s", name, err, tc.text)
			} else {
				checkText(t, err)
			}
		}
	}
}

// Metadata filters that the service would ignore or misread are refused.
func TestMetadataFilterRefused(t *testing.T) {
	c := forbidden(t).client(t)
	for _, tc := range []struct {
		filter map[string][]string
		text   string
	}{
		{map[string][]string{"pl]an": {"gold"}}, `metadata["pl]an"]: the key contains "]", where the service would cut it off`},
		{map[string][]string{"": {"gold"}}, `metadata[""]: the key is empty, so that the service would ignore the filter`},
		{map[string][]string{"plan": {}}, `metadata["plan"]: has no values, so that the service would ignore the filter`},
		{map[string][]string{"plan": nil}, `metadata["plan"]: has no values, so that the service would ignore the filter`},
		{map[string][]string{"a\x00": {"gold"}}, `metadata["a\x00"]: contains a NUL character`},
		{map[string][]string{"a\xff": {"gold"}}, `metadata["a\xff"]: is not valid UTF-8, which the service would replace`},
		{map[string][]string{"b": nil, "a": {"\x00"}}, `metadata["a"]: contains a NUL character; metadata["b"]: has no values, so that the service would ignore the filter`},
	} {
		for name, err := range map[string]error{
			"List": err1(c.List(t.Context(), customers.ListParams{Metadata: tc.filter})),
			"All":  lastError(c.All(t.Context(), customers.ListParams{Metadata: tc.filter})),
		} {
			if is(err) != "ErrInvalidArgument" || err.Error() != "customers: list: "+tc.text {
				t.Errorf("%s: got %v, want %s", name, err, tc.text)
			}
		}
	}
}

// Other arguments that the service is known to refuse.
func TestArgumentsRefused(t *testing.T) {
	c := forbidden(t).client(t)
	ctx := t.Context()
	for _, tc := range []struct {
		err  error
		path string
		why  string
	}{
		{err1(c.Create(ctx, customers.CreateParams{Name: "Ada"})), "email", "is required, except for a team with an owner"},
		{err1(c.Create(ctx, customers.CreateParams{Owner: &customers.OwnerParams{Email: "ada@polar.sh"}})), "email", "is required, except for a team with an owner"},
		{err1(c.Create(ctx, customers.CreateParams{Type: customers.TypeTeam})), "owner", "with an email address is required for a team without one"},
		{err1(c.Create(ctx, customers.CreateParams{Type: customers.TypeTeam, Owner: &customers.OwnerParams{Name: "Ada"}})), "owner", "with an email address is required for a team without one"},
		{err1(c.Create(ctx, customers.CreateParams{Email: "ada@polar.sh", TaxID: "FR61954506077"})), "tax_id", "needs a billing address, because it is checked against the country"},
		{err1(c.Update(ctx, testID, customers.UpdateParams{BillingAddress: polar.Null[customers.AddressParams]()})), "billing_address", "cannot be null: leave it out to keep it"},
		{err1(c.UpdateByExternalID(ctx, "user_42", customers.UpdateByExternalIDParams{BillingAddress: polar.Null[customers.AddressParams]()})), "billing_address", "cannot be null: leave it out to keep it"},
		{err1(c.Members().Create(ctx, testID, customers.MemberCreateParams{Name: "Grace"})), "email", "is required"},
		{err1(c.Members().CreateByExternalID(ctx, "team_7", customers.MemberCreateParams{Email: "ada@polar.sh", Role: customers.RoleOwner})), "role", "must not be owner: create the member, then change its role with Update"},
		{err1(c.List(ctx, customers.ListParams{Page: -1})), "page", "must not be negative: pages begin at 1"},
		{lastError(c.All(ctx, customers.ListParams{Limit: -1})), "limit", "must not be negative"},
		{err1(c.ListPaymentMethods(ctx, testID, customers.PageParams{Page: -1})), "page", "must not be negative: pages begin at 1"},
		{err1(c.ListPaymentMethodsByExternalID(ctx, "user_42", customers.PageParams{Limit: -1})), "limit", "must not be negative"},
		{err1(c.Members().List(ctx, testID, customers.MemberListParams{Page: -1})), "page", "must not be negative: pages begin at 1"},
		{err1(c.Members().ListByExternalID(ctx, "team_7", customers.MemberListParams{Limit: -1})), "limit", "must not be negative"},
	} {
		if why := refusal(t, tc.path, tc.err, tc.path); why != tc.why {
			t.Errorf("%s %s, want %s", tc.path, why, tc.why)
		}
	}
}

// Everything that is wrong with a call is in one error.
func TestArgumentsJoined(t *testing.T) {
	c := forbidden(t).client(t)
	ctx := t.Context()
	bad := customers.Metadata{"plan": "", "__external_id": "x"}
	address := customers.AddressParams{Country: "France", Line1: "\x00", Line2: "\x00", City: "\x00", State: "\x00", PostalCode: "\x00"}
	addressPaths := "billing_address.country billing_address.line1 billing_address.line2 billing_address.city billing_address.state billing_address.postal_code "
	const metadataPaths = `metadata["__external_id"] metadata["plan"]`
	create := customers.CreateParams{
		Email: "ada", ExternalID: "a/b", Name: "\x00", Locale: "\xff", OrganizationID: "acme", TaxID: "\x00", BillingAddress: &address, Metadata: bad,
		Owner: &customers.OwnerParams{Email: "ada", Name: "\x00", ExternalID: ".."},
	}
	createPaths := "email external_id name locale organization_id tax_id owner.email owner.name owner.external_id " + addressPaths + metadataPaths
	update := customers.UpdateByExternalIDParams{
		Email: polar.Set("ada"), Name: polar.Set("\x00"), Locale: polar.Set("\x00"), TaxID: polar.Set("\x00"), BillingAddress: polar.Set(address), Metadata: bad,
	}
	updatePaths := "email name locale tax_id " + addressPaths + metadataPaths
	member := customers.MemberCreateParams{Email: "ada", Name: "\x00", ExternalID: "a/b", Role: customers.RoleOwner}
	memberUpdate := customers.MemberUpdateParams{Email: polar.Set("ada"), Name: polar.Set("\x00")}
	_, _, ensureErr := c.Ensure(ctx, customers.CreateParams{Name: "\x00"})
	for name, tc := range map[string]struct {
		err   error
		paths string
	}{
		"Create": {err1(c.Create(ctx, create)), createPaths},
		"Ensure": {ensureErr, "external_id email name"},
		"Update": {err1(c.Update(ctx, "user_42", customers.UpdateParams{
			Email: update.Email, Name: update.Name, Locale: update.Locale, TaxID: update.TaxID, BillingAddress: update.BillingAddress, Metadata: bad, ExternalID: polar.Set("a/b"),
		})), "id external_id " + updatePaths},
		"UpdateByExternalID":         {err1(c.UpdateByExternalID(ctx, "a/b", update)), "external_id " + updatePaths},
		"Members.Create":             {err1(c.Members().Create(ctx, "team_7", member)), "customer_id role email name external_id"},
		"Members.CreateByExternalID": {err1(c.Members().CreateByExternalID(ctx, "", member)), "external_id role email name external_id"},
		"Members.Get":                {err1(c.Members().Get(ctx, "team_7", "user_42")), "customer_id member_id"},
		"Members.GetByExternalID":    {err1(c.Members().GetByExternalID(ctx, "..", "a/b")), "external_id member_external_id"},
		"Members.Update":             {err1(c.Members().Update(ctx, "team_7", "user_42", memberUpdate)), "customer_id member_id email name"},
		"Members.UpdateByExternalID": {err1(c.Members().UpdateByExternalID(ctx, "..", "a/b", memberUpdate)), "external_id member_external_id email name"},
		"Members.Delete":             {c.Members().Delete(ctx, "team_7", "user_42"), "customer_id member_id"},
		"Members.DeleteByExternalID": {c.Members().DeleteByExternalID(ctx, "..", "a/b"), "external_id member_external_id"},
		"Members.List":               {err1(c.Members().List(ctx, "team_7", customers.MemberListParams{Page: -1, Limit: -1})), "customer_id page limit"},
		"ListPaymentMethods":         {err1(c.ListPaymentMethods(ctx, "team_7", customers.PageParams{Page: -1, Limit: -1})), "id page limit"},
		"List": {err1(c.List(ctx, customers.ListParams{
			OrganizationID: []string{"acme"}, Email: "\x00", Query: "\xff", Metadata: map[string][]string{"": {"x"}, "plan": nil}, Page: -1, Limit: -1,
		})), `organization_id email query metadata[""] metadata["plan"] page limit`},
	} {
		e := failureOf(t, tc.err)
		var paths []string
		for _, f := range e.Fields {
			paths = append(paths, f.Path)
			if !strings.Contains(e.Error(), f.Path+": "+f.Message) {
				t.Errorf("%s: the text lacks %s: %s: %v", name, f.Path, f.Message, e)
			}
		}
		if got := strings.Join(paths, " "); got != tc.paths || is(e) != "ErrInvalidArgument" {
			t.Errorf("%s: refuses %s, want %s", name, got, tc.paths)
		}
	}
}

// Input that only looks wrong is sent: a team with its owner's address alone, the
// longest name, numbers of any type, an update that clears.
func TestArgumentsSent(t *testing.T) {
	srv := polartest.NewServer(t)
	client := customers.New(srv.Client())
	team, err := client.Create(t.Context(), customers.CreateParams{
		Type: customers.TypeTeam, Owner: &customers.OwnerParams{Email: "ada@polar.sh"}, Name: strings.Repeat("é", 256),
		BillingAddress: &customers.AddressParams{Country: "FR"},
		Metadata: customers.Metadata{
			"n": int8(1), "u": uint64(math.MaxUint64), "f": float32(1.5), "b": true, "j": json.Number("2"), "p": plan("gold"), strings.Repeat("é", 40): strings.Repeat("é", 500),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if team.Metadata["p"] != "gold" || team.Metadata["j"] != int64(2) || team.Metadata["u"] != json.Number("18446744073709551615") {
		t.Errorf("metadata became %v", team.Metadata)
	}
	team, err = client.Update(t.Context(), team.ID, customers.UpdateParams{
		Name: polar.Null[string](), Metadata: customers.Metadata{}, BillingAddress: polar.Set(customers.AddressParams{Country: "DE"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if team.Name != nil || len(team.Metadata) != 0 || team.BillingAddress.Country != "DE" {
		t.Errorf("got %+v", team)
	}
}

// anyCalls are all methods that take a context, as they are called at best.
func anyCalls() map[string]func(context.Context, *customers.Client) error {
	all := map[string]func(context.Context, *customers.Client) error{
		"Ensure": func(ctx context.Context, c *customers.Client) error {
			_, _, err := c.Ensure(ctx, createJane)
			return err
		},
		"ExportRows": func(ctx context.Context, c *customers.Client) error {
			return lastError(c.ExportRows(ctx, customers.ExportParams{}))
		},
		"States": func(ctx context.Context, c *customers.Client) error {
			return lastResult(c.States(ctx, slices.Values([]string{testID}), 1))
		},
		"StatesByExternalID": func(ctx context.Context, c *customers.Client) error {
			return lastResult(c.StatesByExternalID(ctx, slices.Values([]string{"user_42"}), 1))
		},
	}
	for _, call := range calls {
		all[call.name] = func(ctx context.Context, c *customers.Client) error { return err1(call.do(ctx, c)) }
	}
	for name, list := range lists {
		all[name] = func(ctx context.Context, c *customers.Client) error { return err1(list.all(ctx, c, 0)) }
	}
	return all
}

func lastResult(results iter.Seq[customers.StateResult]) (err error) {
	for r := range results {
		err = r.Err
	}
	return err
}

// A nil context and a nil client are refused by every method.
func TestNilContextAndClient(t *testing.T) {
	all := anyCalls()
	for name := range methods(t) {
		if all[name] == nil && name != "Raw" && name != "Members" {
			t.Errorf("%s is not tested", name)
		}
	}
	var noContext context.Context
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for want, err := range map[string]error{
			"context: is nil":                         all[name](noContext, forbidden(t).client(t)),
			"client: is nil: make one with polar.New": all[name](t.Context(), customers.New(nil)),
		} {
			if is(err) != "ErrInvalidArgument" || !strings.HasPrefix(err.Error(), "customers: ") || !strings.HasSuffix(err.Error(), ": "+want) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
		}
	}
	if _, err := customers.New(nil).Raw().CustomersGet(t.Context(), testID); is(err) != "ErrInvalidArgument" || !strings.Contains(err.Error(), "client: is nil") {
		t.Errorf("Raw: %v", err)
	}
}
