package customers_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

var (
	createJane = customers.CreateParams{
		Email: testEmail, ExternalID: testExternal, Name: " Jane Doe ", Metadata: customers.Metadata{"plan": "gold", "seats": int16(3)},
	}
	created    = coded(201, testCustomer)
	duplicate  = coded(422, duplicateBody)
	missing    = coded(404, notFoundBody)
	reset      = failing(syscall.ECONNRESET)
	refused    = reply{err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, unread: true}
	limited    = status(429).with("Retry-After", "1")
	emailDup   = coded(422, `{"error":"PolarRequestValidationError","detail":[`+emailTaken+`]}`)
	idDup      = coded(422, `{"error":"PolarRequestValidationError","detail":[`+externalIDTaken+`]}`)
	noCustomer = coded(200, page(0))
)

const (
	post    = "POST /v1/customers/"
	lookup  = "GET /v1/customers/external/" + testExternal
	byList  = "GET /v1/customers/"
	members = "GET /v1/customers/" + testID + "/members"
)

// jane returns the customer with some of its JSON replaced.
func jane(replace ...string) string { return strings.NewReplacer(replace...).Replace(testCustomer) }

func found(replace ...string) reply { return coded(200, jane(replace...)) }

// with returns createJane with a change.
func with(change func(*customers.CreateParams)) customers.CreateParams {
	p := createJane
	change(&p)
	return p
}

// A create whose response is lost ends in one customer, and in a result that is
// true.
func TestCreateReconciled(t *testing.T) {
	byEmail := with(func(p *customers.CreateParams) { p.ExternalID = "" })
	team := customers.CreateParams{Type: customers.TypeTeam, Owner: &customers.OwnerParams{Email: testEmail}}
	teamWithID := team
	teamWithID.ExternalID = testExternal
	someTeam := []string{`"` + testEmail + `"`, "null", `"individual"`, `"team"`, `"Jane Doe"`, "null", `{"plan":"gold","seats":3}`, "{}"}
	member := func(email, externalID string) string {
		return `{"id":"` + testID + `","role":"owner","email":"` + email + `","external_id":` + externalID + `,"customer_id":"` + testID + `","created_at":"2026-11-22T06:48:24Z"}`
	}
	noScope := coded(403, `{"error":"insufficient_scope","error_description":"no"}`)
	withTaxID := with(func(p *customers.CreateParams) {
		p.TaxID, p.BillingAddress = "FR61954506077", &customers.AddressParams{Country: "FR"}
	})
	inFrance := `"billing_address":{"country":"FR"}`
	at := func(a customers.AddressParams) customers.CreateParams {
		return with(func(p *customers.CreateParams) { p.BillingAddress = &a })
	}
	foundAt := func(address string) reply { return found(`"billing_address":null`, `"billing_address":`+address) }
	withLocale := with(func(p *customers.CreateParams) { p.Locale = "fr_FR" })
	international := with(func(p *customers.CreateParams) { p.Email = "jane.doe@Müller.example" })
	float := with(func(p *customers.CreateParams) { p.Metadata = customers.Metadata{"rate": float32(0.1)} })
	inOrganization := with(func(p *customers.CreateParams) { p.OrganizationID = "c0ffee00-1234-4abc-8def-0123456789ab" })

	for name, tc := range map[string]struct {
		params  customers.CreateParams
		replies []reply
		want    []string // the requests
		is      string   // the sentinels of the error; empty for success
	}{
		"at once":                  {createJane, []reply{created}, []string{post}, ""},
		"a duplicate":              {createJane, []reply{duplicate}, []string{post}, "ErrDuplicate ErrValidation"},
		"lost, then created":       {createJane, []reply{reset, created}, []string{post, post}, ""},
		"lost after creation":      {createJane, []reply{reset, duplicate, ok()}, []string{post, post, lookup}, ""},
		"a 500 after creation":     {createJane, []reply{status(500), duplicate, ok()}, []string{post, post, lookup}, ""},
		"a 502 after creation":     {createJane, []reply{status(502), duplicate, ok()}, []string{post, post, lookup}, ""},
		"timed out after creation": {createJane, []reply{created.later(time.Hour), duplicate, ok()}, []string{post, post, lookup}, ""},
		"truncated":                {createJane, []reply{{status: 201, body: testCustomer, cut: true}, duplicate, ok()}, []string{post, post, lookup}, ""},
		"truncated JSON":           {createJane, []reply{coded(201, testCustomer[:50]), duplicate, ok()}, []string{post, post, lookup}, ""},
		"lost, then refused":       {createJane, []reply{reset, refused, duplicate, ok()}, []string{post, post, post, lookup}, ""},
		"lost, then limited":       {createJane, []reply{reset, limited, duplicate, ok()}, []string{post, post, post, lookup}, ""},
		"never sent, a duplicate":  {createJane, []reply{refused, duplicate}, []string{post, post}, "ErrDuplicate ErrValidation"},
		"limited, a duplicate":     {createJane, []reply{limited, duplicate}, []string{post, post}, "ErrDuplicate ErrValidation"},

		"the replica lags":                 {createJane, []reply{reset, duplicate, missing, missing, missing, ok()}, []string{post, post, lookup, lookup, lookup, lookup}, ""},
		"the replica never catches up":     {createJane, []reply{reset, duplicate, missing}, []string{post, post, lookup, lookup, lookup, lookup, lookup, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"the look-up fails":                {createJane, []reply{reset, duplicate, status(500)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrServer ErrValidation"},
		"the look-up gets a page's 404":    {createJane, []reply{reset, duplicate, status(404)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrUnexpectedResponse ErrValidation"},
		"attempts run out":                 {createJane, []reply{reset}, []string{post, post, post}, "ErrOutcomeUnknown"},
		"lost, then invalid":               {createJane, []reply{reset, coded(422, `{"error":"RequestValidationError","detail":[]}`)}, []string{post, post}, "ErrOutcomeUnknown ErrValidation"},
		"truncated on the last attempt":    {createJane, []reply{reset, reset, {status: 201, body: testCustomer, cut: true}, ok()}, []string{post, post, post, lookup}, ""},
		"truncated and of another":         {createJane, []reply{reset, reset, coded(201, testCustomer[:50]), found("Jane Doe", "Jim")}, []string{post, post, post, lookup}, "ErrOutcomeUnknown ErrUnexpectedResponse"},
		"truncated, nothing to look up by": {byEmail, []reply{reset, reset, coded(201, testCustomer[:50])}, []string{post, post, post}, "ErrOutcomeUnknown ErrUnexpectedResponse"},

		"another name":      {createJane, []reply{reset, duplicate, found(`"name":"Jane Doe"`, `"name":"Jim"`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another type":      {createJane, []reply{reset, duplicate, found(`"individual"`, `"team"`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"other metadata":    {createJane, []reply{reset, duplicate, found(`"seats":3`, `"seats":4`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"more metadata":     {createJane, []reply{reset, duplicate, found(`"seats":3`, `"seats":3,"x":1`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"a billing address": {createJane, []reply{reset, duplicate, found(`"billing_address":null`, inFrance)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"the same address": {at(customers.AddressParams{Country: "us", State: "NY", Line1: " 1 Main St", City: "New York", PostalCode: "10001"}),
			[]reply{reset, duplicate, foundAt(`{"country":"US","state":"US-NY","line1":"1 Main St","city":"New York","postal_code":"10001"}`)}, []string{post, post, lookup}, ""},
		"an address without the state": {at(customers.AddressParams{Country: "US", State: "NY"}), []reply{reset, duplicate, foundAt(`{"country":"US"}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another country":              {at(customers.AddressParams{Country: "US"}), []reply{reset, duplicate, foundAt(`{"country":"FR"}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another street":               {at(customers.AddressParams{Country: "US", Line1: "1"}), []reply{reset, duplicate, foundAt(`{"country":"US","line1":"2"}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another floor":                {at(customers.AddressParams{Country: "US", Line2: "1"}), []reply{reset, duplicate, foundAt(`{"country":"US"}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another city":                 {at(customers.AddressParams{Country: "US"}), []reply{reset, duplicate, foundAt(`{"country":"US","city":"Ely"}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another postal code":          {at(customers.AddressParams{Country: "US", PostalCode: "1"}), []reply{reset, duplicate, foundAt(`{"country":"US","postal_code":"2"}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another organization":         {inOrganization, []reply{reset, duplicate, pageOf(jane("c0ffee00", "c0ffee01"))}, []string{post, post, byList}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"the service's own form":       {createJane, []reply{reset, duplicate, found(`jane.doe@private`, `Jane.Doe@private`, `"seats":3`, `"seats":3.0`)}, []string{post, post, lookup}, ""},
		"punycode":                     {international, []reply{reset, duplicate, found("@private.example", "@xn--mller-kva.example")}, []string{post, post, lookup}, ""},
		"punycode of another person":   {international, []reply{reset, duplicate, found("jane.doe@private.example", "jim@xn--mller-kva.example")}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"punycode of another host":     {international, []reply{reset, duplicate, found("@private.example", "@mail.xn--mller-kva.example")}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"another domain":               {createJane, []reply{reset, duplicate, found("@private.example", "@public.example")}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"float32 metadata":             {float, []reply{reset, duplicate, found(`{"plan":"gold","seats":3}`, `{"rate":0.1}`)}, []string{post, post, lookup}, ""},
		"another float32":              {float, []reply{reset, duplicate, found(`{"plan":"gold","seats":3}`, `{"rate":0.10000001}`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},

		"the tax ID is there":      {withTaxID, []reply{reset, duplicate, found(`"billing_address":null`, inFrance, `"tax_id":null`, `"tax_id":["FR61954506077","eu_vat"]`)}, []string{post, post, lookup}, ""},
		"the tax ID is missing":    {withTaxID, []reply{reset, duplicate, found(`"billing_address":null`, inFrance)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"a tax ID nobody gave":     {createJane, []reply{reset, duplicate, found(`"tax_id":null`, `"tax_id":["FR61954506077","eu_vat"]`)}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"the locale is there":      {withLocale, []reply{reset, duplicate, found(`"locale":null`, `"locale":"fr-FR"`)}, []string{post, post, lookup}, ""},
		"the locale is missing":    {withLocale, []reply{reset, duplicate, ok()}, []string{post, post, lookup}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"the owner is there":       {teamWithID, []reply{reset, idDup, found(someTeam...), pageOf(member(strings.ToUpper(testEmail), "null"))}, []string{post, post, lookup, members}, ""},
		"another owner":            {teamWithID, []reply{reset, idDup, found(someTeam...), pageOf(member("jim@private.example", "null"))}, []string{post, post, lookup, members}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"an owner with another ID": {teamWithID, []reply{reset, idDup, found(someTeam...), pageOf(member(testEmail, `"o1"`))}, []string{post, post, lookup, members}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"no owner":                 {teamWithID, []reply{reset, idDup, found(someTeam...), noCustomer}, []string{post, post, lookup, members}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"no scope for the owner":   {teamWithID, []reply{reset, idDup, found(someTeam...), noScope}, []string{post, post, lookup, members}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},

		"the address is another's":      {createJane, []reply{reset, emailDup, pageOf(jane(testExternal, "someone"))}, []string{post, post, byList}, "ErrDuplicate ErrValidation"},
		"by address":                    {byEmail, []reply{reset, emailDup, pageOf(jane(`"`+testExternal+`"`, "null"))}, []string{post, post, byList}, ""},
		"by address, the list lags":     {byEmail, []reply{reset, emailDup, noCustomer, pageOf(jane(`"`+testExternal+`"`, "null"))}, []string{post, post, byList, byList}, ""},
		"by address, with an ID now":    {byEmail, []reply{reset, emailDup, pageOf(testCustomer)}, []string{post, post, byList}, "ErrDuplicate ErrOutcomeUnknown ErrValidation"},
		"a team with nothing to retry":  {team, []reply{reset}, []string{post}, "ErrOutcomeUnknown"},
		"a team with nothing, a 500":    {team, []reply{status(500)}, []string{post}, "ErrOutcomeUnknown ErrServer"},
		"in an organization, a replica": {inOrganization, []reply{reset, duplicate, noCustomer, pageOf(testCustomer)}, []string{post, post, byList, byList}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play(tc.replies...)
				var seen polar.Response
				got, err := s.client(t).Create(t.Context(), tc.params, polar.CaptureResponse(&seen))
				if lines := s.lines(); !slices.Equal(lines, tc.want) {
					t.Errorf("requests %q, want %q", lines, tc.want)
				}
				if tc.is == "" {
					if err != nil || got.ID != testID {
						t.Fatalf("got %v, %v", got, err)
					}
					if seen.StatusCode/100 != 2 {
						t.Errorf("captured status %d", seen.StatusCode)
					}
					return
				}
				if got != nil || is(err) != tc.is {
					t.Errorf("got %v, %v, which is %s; want %s", got, err, is(err), tc.is)
				}
				e := failureOf(t, err)
				if e.Operation != "customers:create" || !strings.HasPrefix(e.Error(), "customers: create: ") {
					t.Errorf("the error is of %s: %v", e.Operation, err)
				}
				if posts := strings.Count(strings.Join(s.lines(), "\n"), post); e.Attempts != posts {
					t.Errorf("%d attempts, want %d", e.Attempts, posts)
				}
				checkText(t, err, testExternal, "jane", "Jane")
			})
		})
	}
}

// The look-up gives a lagging replica some three seconds, and no more than ctx has.
func TestCreateLookupTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(reset, duplicate, missing)
		_, err := s.client(t).Create(t.Context(), createJane)
		var at []time.Duration
		for _, r := range s.requests() {
			at = append(at, r.at/time.Millisecond)
		}
		if want := []time.Duration{0, 0, 0, 100, 300, 700, 1500, 3100}; !slices.Equal(at, want) || !errors.Is(err, polar.ErrOutcomeUnknown) {
			t.Errorf("requests after %v ms, want %v; %v", at, want, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := play(reset, duplicate, missing).client(t).Create(ctx, createJane)
		if !errors.Is(err, context.DeadlineExceeded) || is(err) != "ErrDuplicate ErrOutcomeUnknown ErrValidation" || time.Since(start) > time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestEnsure(t *testing.T) {
	another := found(`"name":"Jane Doe"`, `"name":"Jim"`)
	for name, tc := range map[string]struct {
		replies []reply
		want    []string
		created bool
		is      string
		text    string // the error begins with it
	}{
		"exists":                    {[]reply{ok()}, []string{lookup}, false, "", ""},
		"does not exist":            {[]reply{missing, created}, []string{lookup, post}, true, "", ""},
		"another call is faster":    {[]reply{missing, duplicate, ok()}, []string{lookup, post, lookup}, false, "", ""},
		"the first look-up lags":    {[]reply{missing, idDup, missing, missing, another}, []string{lookup, post, lookup, lookup, lookup}, false, "", ""},
		"lost after creation":       {[]reply{missing, reset, duplicate, ok()}, []string{lookup, post, post, lookup}, true, "", ""},
		"lost, and a look-up fails": {[]reply{missing, reset, duplicate, status(500), ok()}, []string{lookup, post, post, lookup, lookup}, true, "", ""},
		"lost, and another call's":  {[]reply{missing, reset, duplicate, another, another}, []string{lookup, post, post, lookup, lookup}, false, "", ""},
		"lost, and all look-ups fail": {[]reply{missing, reset, duplicate, status(500), status(500)}, []string{lookup, post, post, lookup, lookup}, false,
			"ErrDuplicate ErrOutcomeUnknown ErrServer ErrValidation", "customers: ensure: create: 422"},
		"the address is another's":         {[]reply{missing, emailDup}, []string{lookup, post}, false, "ErrDuplicate ErrValidation", "customers: ensure: create: 422"},
		"lost, the address is another's":   {[]reply{missing, reset, emailDup, pageOf(jane(testExternal, "x"))}, []string{lookup, post, post, byList}, false, "ErrDuplicate ErrValidation", "customers: ensure: create: 422"},
		"the first look-up fails":          {[]reply{status(500)}, []string{lookup}, false, "ErrServer", "customers: ensure: get by external ID: 500"},
		"the creation fails":               {[]reply{missing, coded(403, `{"error":"NotPermitted","detail":"no"}`)}, []string{lookup, post}, false, "ErrNotPermitted", "customers: ensure: create: 403"},
		"slower, and the look-up fails":    {[]reply{missing, duplicate, status(500)}, []string{lookup, post, lookup}, false, "ErrServer", "customers: ensure: get by external ID: 500"},
		"slower, and the token is revoked": {[]reply{missing, duplicate, coded(401, `{"error":"invalid_token"}`)}, []string{lookup, post, lookup}, false, "ErrUnauthorized", "customers: ensure: get by external ID: 401"},
		"slower, and the look-up is limited": {[]reply{missing, duplicate, status(429).with("Retry-After", "60")}, []string{lookup, post, lookup}, false,
			"ErrRateLimited", "customers: ensure: get by external ID: 429"},
		"slower, and the replica never catches up": {[]reply{missing, duplicate, missing}, []string{lookup, post, lookup, lookup, lookup, lookup, lookup, lookup}, false,
			"ErrNotFound", "customers: ensure: get by external ID: 404"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play(tc.replies...)
				got, isNew, err := s.client(t).Ensure(t.Context(), createJane)
				if lines := s.lines(); !slices.Equal(lines, tc.want) {
					t.Errorf("requests %q, want %q", lines, tc.want)
				}
				if isNew != tc.created || is(err) != tc.is || (got == nil) == (err == nil) {
					t.Errorf("got %v, %v, %v; want created %v, %v", got, isNew, err, tc.created, tc.is)
				}
				if err != nil && !strings.HasPrefix(err.Error(), tc.text) {
					t.Errorf("text %q, want it to begin with %q", err, tc.text)
				}
			})
		})
	}
}

// A context that ends while Ensure waits for the replica is its error.
func TestEnsureContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s := play(missing, duplicate, missing)
		_, _, err := s.client(t).Ensure(ctx, createJane)
		if e := failureOf(t, err); !errors.Is(e, context.DeadlineExceeded) || is(e) != "" || !strings.HasPrefix(e.Error(), "customers: ensure: ") {
			t.Errorf("got %v, which is %s", err, is(err))
		}
		if n := len(s.requests()); n != 6 {
			t.Errorf("%d requests, want 6", n)
		}
	})
}

// Ensure refuses what it could not find again, under its own name.
func TestEnsureArguments(t *testing.T) {
	for _, id := range []string{"", " ", "a/b", ".."} {
		_, _, err := forbidden(t).client(t).Ensure(t.Context(), customers.CreateParams{Email: testEmail, ExternalID: id})
		if is(err) != "ErrInvalidArgument" || !strings.HasPrefix(err.Error(), "customers: ensure: ") || !strings.Contains(err.Error(), "external_id: ") {
			t.Errorf("external ID %q: %v", id, err)
		}
	}
}

// With an organization, its customers alone count: the look-up is a list of them
// in which the external ID is compared as a whole.
func TestEnsureInOrganization(t *testing.T) {
	srv := polartest.NewServer(t)
	a, b, c := srv.Organization(), srv.AddOrganization(polartest.Organization{}), srv.AddOrganization(polartest.Organization{})
	client := customers.New(srv.ClientWithToken(srv.AddToken(polartest.Token{User: true, Organizations: []string{a.ID, b.ID, c.ID}})))
	add := func(organization, externalID string) polartest.Customer {
		return srv.AddCustomer(polartest.Customer{OrganizationID: organization, ExternalID: externalID})
	}
	add(a.ID, "user_42")
	add(b.ID, "user_421")
	inB := add(b.ID, "user_42")
	add(c.ID, "user_421")
	add(c.ID, "USER_42")

	ensure := func(organization, email string) (*customers.Customer, bool) {
		t.Helper()
		customer, created, err := client.Ensure(t.Context(), customers.CreateParams{ExternalID: "user_42", Email: email, OrganizationID: organization})
		if err != nil {
			t.Fatal(err)
		}
		return customer, created
	}
	if got, created := ensure(b.ID, "b@polar.sh"); created || got.ID != inB.ID {
		t.Errorf("got customer %s of organization %s, created %v; want %s of %s", got.ID, got.OrganizationID, created, inB.ID, b.ID)
	}
	made, created := ensure(c.ID, "c@polar.sh")
	if !created || made.OrganizationID != c.ID || polar.Value(made.ExternalID) != "user_42" {
		t.Errorf("got %+v, created %v; want a new customer of organization %s", made, created, c.ID)
	}
	if got, created := ensure(c.ID, "c@polar.sh"); created || got.ID != made.ID {
		t.Errorf("a second call: got %s, created %v; want %s", got.ID, created, made.ID)
	}
	for _, r := range srv.Requests() {
		if r.Operation != "customers:list" && r.Operation != "customers:create" {
			t.Errorf("sent %s", r.Operation)
		}
	}
	list := play(pageOf(testCustomer))
	if _, _, err := list.client(t).Ensure(t.Context(), with(func(p *customers.CreateParams) { p.OrganizationID = a.ID })); err != nil {
		t.Fatal(err)
	}
	if q := list.requests()[0].query; q.Get("organization_id") != a.ID || q.Get("query") != testExternal {
		t.Errorf("the look-up asks for %v", q)
	}
}

// A look-up by email address asks for the address, in the organization if there is
// one.
func TestCreateLooksInOrganization(t *testing.T) {
	const organization = "c0ffee00-1234-4abc-8def-0123456789ab"
	for _, id := range []string{"", organization} {
		synctest.Test(t, func(t *testing.T) {
			s := play(reset, emailDup, pageOf(jane(`"`+testExternal+`"`, "null")))
			p := with(func(p *customers.CreateParams) { p.ExternalID, p.Email, p.OrganizationID = "", " "+testEmail, id })
			if _, err := s.client(t).Create(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if q := s.requests()[2].query; q.Get("email") != testEmail || q.Get("organization_id") != id || q.Get("query") != "" {
				t.Errorf("in organization %q: asks for %v", id, q)
			}
		})
	}
}

// Many ensure the same customer at once: one creates it, and all get it.
func TestEnsureRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		exists := false
		s := play()
		s.decide = func(r sent) reply {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case r.method == http.MethodPost && exists:
				return duplicate
			case r.method == http.MethodPost:
				exists = true
				return created.later(time.Second)
			case exists && r.at > 300*time.Millisecond: // the replica lags
				return ok()
			}
			return missing
		}
		c := s.client(t)
		news := make([]bool, 64)
		var wait sync.WaitGroup
		for i := range news {
			wait.Go(func() {
				var err error
				if _, news[i], err = c.Ensure(t.Context(), createJane); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := len(slices.DeleteFunc(news, func(b bool) bool { return !b })); n != 1 {
			t.Errorf("%d calls say that they created the customer", n)
		}
	})
}
