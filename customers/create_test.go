package customers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var (
	createJane = CreateParams{
		Email: testEmail, ExternalID: testExternal, Name: " Jane Doe ", Metadata: Metadata{"plan": "gold", "seats": int16(3)},
	}
	created   = coded(201, testCustomer)
	duplicate = coded(422, duplicateBody)
	missing   = coded(404, notFoundBody)
	reset     = failing(syscall.ECONNRESET)
)

const (
	post     = "POST /v1/customers/"
	lookup   = "GET /v1/customers/external/" + testExternal
	byList   = "GET /v1/customers/"
	emptyOf  = `{"items":[],"pagination":{"total_count":0,"max_page":0}}`
	pageOf   = `{"items":[%s],"pagination":{"total_count":1,"max_page":1}}`
	emailDup = `{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","email"],"msg":"A customer with this email address already exists."}]}`
	idDup    = `{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","external_id"],"msg":"A customer with this external ID already exists."}]}`
)

func customerWith(replace ...string) string {
	return strings.NewReplacer(replace...).Replace(testCustomer)
}

// A create whose answer is lost ends in one customer and a truthful answer.
func TestCreateReconciled(t *testing.T) {
	byEmail := createJane
	byEmail.ExternalID = ""
	slashed := createJane
	slashed.ExternalID = "a/b"
	team := CreateParams{Type: TypeTeam, Owner: &OwnerParams{Email: testEmail}}
	teamByID := CreateParams{Type: TypeTeam, ExternalID: testExternal, Owner: &OwnerParams{Email: testEmail}}
	page := func(customer string) reply { return coded(200, fmt.Sprintf(pageOf, customer)) }

	for name, tc := range map[string]struct {
		params  CreateParams
		replies []reply
		want    []string // the requests
		errs    []error  // what the error is; none for success
		known   bool     // the error is not ErrOutcomeUnknown
	}{
		"at once":                     {createJane, []reply{created}, []string{post}, nil, true},
		"a duplicate":                 {createJane, []reply{duplicate}, []string{post}, []error{ErrDuplicate}, true},
		"lost, then done":             {createJane, []reply{reset, created}, []string{post, post}, nil, true},
		"lost, but done":              {createJane, []reply{reset, duplicate, ok()}, []string{post, post, lookup}, nil, true},
		"a 500, but done":             {createJane, []reply{status(500), duplicate, ok()}, []string{post, post, lookup}, nil, true},
		"a 502, but done":             {createJane, []reply{status(502), duplicate, ok()}, []string{post, post, lookup}, nil, true},
		"timed out, but done":         {createJane, []reply{created.later(time.Hour), duplicate, ok()}, []string{post, post, lookup}, nil, true},
		"cut short, but done":         {createJane, []reply{{status: 201, body: testCustomer, cut: true}, duplicate, ok()}, []string{post, post, lookup}, nil, true},
		"cut JSON, but done":          {createJane, []reply{coded(201, testCustomer[:50]), duplicate, ok()}, []string{post, post, lookup}, nil, true},
		"lost, refused, but done":     {createJane, []reply{reset, failing(refused), duplicate, ok()}, []string{post, post, post, lookup}, nil, true},
		"lost, limited, but done":     {createJane, []reply{reset, limited("1"), duplicate, ok()}, []string{post, post, post, lookup}, nil, true},
		"never sent, a duplicate":     {createJane, []reply{failing(refused), duplicate}, []string{post, post}, []error{ErrDuplicate}, true},
		"limited, a duplicate":        {createJane, []reply{limited("1"), duplicate}, []string{post, post}, []error{ErrDuplicate}, true},
		"the replica lags":            {createJane, []reply{reset, duplicate, missing, missing, missing, ok()}, []string{post, post, lookup, lookup, lookup, lookup}, nil, true},
		"the replica is down":         {createJane, []reply{reset, duplicate, missing}, []string{post, post, lookup, lookup, lookup, lookup, lookup, lookup}, []error{ErrDuplicate}, false},
		"the lookup fails":            {createJane, []reply{reset, duplicate, status(500)}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"the lookup breaks":           {createJane, []reply{reset, duplicate, reset}, []string{post, post, lookup, lookup, lookup}, []error{ErrDuplicate, syscall.ECONNRESET}, false},
		"the lookup's 404 is proxied": {createJane, []reply{reset, duplicate, status(404)}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"another name":                {createJane, []reply{reset, duplicate, coded(200, customerWith(`"name":"Jane Doe"`, `"name":"Jim"`))}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"another type":                {createJane, []reply{reset, duplicate, coded(200, customerWith(`"individual"`, `"team"`))}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"other metadata":              {createJane, []reply{reset, duplicate, coded(200, customerWith(`"seats":3`, `"seats":4`))}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"more metadata":               {createJane, []reply{reset, duplicate, coded(200, customerWith(`"seats":3`, `"seats":3,"x":1`))}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"another address":             {createJane, []reply{reset, duplicate, coded(200, customerWith(`"billing_address":null`, `"billing_address":{"country":"FR"}`))}, []string{post, post, lookup}, []error{ErrDuplicate}, false},
		"as the service writes it":    {createJane, []reply{reset, duplicate, coded(200, customerWith(`jane.doe@private`, `Jane.Doe@private`, `"seats":3`, `"seats":3.0`))}, []string{post, post, lookup}, nil, true},
		"the address of another":      {createJane, []reply{reset, coded(422, emailDup), page(customerWith(testExternal, "someone"))}, []string{post, post, byList}, []error{ErrDuplicate}, true},
		"by address":                  {byEmail, []reply{reset, coded(422, emailDup), page(customerWith(`"`+testExternal+`"`, "null"))}, []string{post, post, byList}, nil, true},
		"by address, the list lags":   {byEmail, []reply{reset, coded(422, emailDup), coded(200, emptyOf), page(customerWith(`"`+testExternal+`"`, "null"))}, []string{post, post, byList, byList}, nil, true},
		"by address, with an ID now":  {byEmail, []reply{reset, coded(422, emailDup), page(testCustomer)}, []string{post, post, byList}, []error{ErrDuplicate}, false},
		"an ID that no path carries":  {slashed, []reply{reset, coded(422, idDup), page(customerWith(testExternal, "a/bc") + "," + customerWith(testExternal, "a/b"))}, []string{post, post, byList}, nil, true},
		"a team with an ID":           {teamByID, []reply{reset, coded(422, idDup), coded(200, customerWith(`"`+testEmail+`"`, "null", `"individual"`, `"team"`, `"Jane Doe"`, "null", `{"plan":"gold","seats":3}`, "{}"))}, []string{post, post, lookup}, nil, true},
		"a team with nothing":         {team, []reply{reset}, []string{post}, []error{syscall.ECONNRESET}, false},
		"attempts run out":            {createJane, []reply{reset}, []string{post, post, post}, []error{syscall.ECONNRESET}, false},
		"lost, then invalid":          {createJane, []reply{reset, coded(422, `{"error":"RequestValidationError","detail":[]}`)}, []string{post, post}, []error{ErrValidation}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play(tc.replies...)
				var seen Response
				got, err := s.client(t).Create(t.Context(), tc.params, CaptureResponse(&seen))
				if lines := s.lines(); !slices.Equal(lines, tc.want) {
					t.Errorf("requests %q, want %q", lines, tc.want)
				}
				if len(tc.errs) == 0 {
					if err != nil || got.ID != testID {
						t.Fatalf("got %v, %v", got, err)
					}
					if seen.StatusCode/100 != 2 || seen.Attempts > len(tc.want) || seen.Attempts < 2 && len(tc.want) > 1 {
						t.Errorf("captured status %d, %d attempts of %d", seen.StatusCode, seen.Attempts, len(tc.want))
					}
					return
				}
				for _, want := range tc.errs {
					if got != nil || !errors.Is(err, want) {
						t.Errorf("got %v, %v, want %v", got, err, want)
					}
				}
				e := failureOf(t, err)
				if errors.Is(err, ErrOutcomeUnknown) == tc.known || e.Operation != "Create" || errors.Is(err, ErrNotFound) {
					t.Errorf("of %s: %v", e.Operation, err)
				}
				if posts := strings.Count(strings.Join(s.lines(), "\n"), post); e.Attempts != posts {
					t.Errorf("%d attempts, want %d", e.Attempts, posts)
				}
			})
		})
	}
}

// The lookup gives a lagging replica some three seconds, and no more than ctx has.
func TestCreateLookupTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(reset, duplicate, missing)
		_, err := s.client(t).Create(t.Context(), createJane)
		if got, want := s.times(), seconds(0, .25, .25, .35, .55, .95, 1.75, 3.35); !slices.Equal(got, want) || !errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("requests at %v, want %v; %v", got, want, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := play(reset, duplicate, missing).client(t).Create(ctx, createJane)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrDuplicate) || !errors.Is(err, ErrOutcomeUnknown) || time.Since(start) > time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestEnsure(t *testing.T) {
	another := coded(200, customerWith(`"name":"Jane Doe"`, `"name":"Jim"`))
	for name, tc := range map[string]struct {
		replies []reply
		want    []string
		created bool
		err     error
	}{
		"there":                            {[]reply{ok()}, []string{lookup}, false, nil},
		"not there":                        {[]reply{missing, created}, []string{lookup, post}, true, nil},
		"another call was faster":          {[]reply{missing, duplicate, ok()}, []string{lookup, post, lookup}, false, nil},
		"the first look lagged":            {[]reply{missing, coded(422, idDup), missing, missing, another}, []string{lookup, post, lookup, lookup, lookup}, false, nil},
		"lost, but done":                   {[]reply{missing, reset, duplicate, ok()}, []string{lookup, post, post, lookup}, true, nil},
		"lost, and not found at once":      {[]reply{missing, reset, duplicate, status(500), ok()}, []string{lookup, post, post, lookup, lookup}, true, nil},
		"lost, and another call's":         {[]reply{missing, reset, duplicate, another, another}, []string{lookup, post, post, lookup, lookup}, false, nil},
		"the address is another's":         {[]reply{missing, coded(422, emailDup)}, []string{lookup, post}, false, ErrDuplicate},
		"lost, the address is another's":   {[]reply{missing, reset, coded(422, emailDup), coded(200, fmt.Sprintf(pageOf, customerWith(testExternal, "x")))}, []string{lookup, post, post, byList}, false, ErrDuplicate},
		"the look fails":                   {[]reply{status(500)}, []string{lookup}, false, ErrServer},
		"the create fails":                 {[]reply{missing, coded(403, `{"error":"NotPermitted","detail":"no"}`)}, []string{lookup, post}, false, ErrNotPermitted},
		"the second look never catches up": {[]reply{missing, duplicate, missing}, []string{lookup, post, lookup, lookup, lookup, lookup, lookup, lookup}, false, ErrDuplicate},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play(tc.replies...)
				got, isNew, err := s.client(t).Ensure(t.Context(), createJane)
				if lines := s.lines(); !slices.Equal(lines, tc.want) {
					t.Errorf("requests %q, want %q", lines, tc.want)
				}
				if isNew != tc.created || !errors.Is(err, tc.err) || (got == nil) == (err == nil) {
					t.Errorf("got %v, %v, %v; want created %v, %v", got, isNew, err, tc.created, tc.err)
				}
			})
		})
	}
	for _, id := range []string{"", " ", "a/b", ".."} {
		s := play(ok())
		if _, _, err := s.client(t).Ensure(t.Context(), CreateParams{Email: testEmail, ExternalID: id}); !errors.Is(err, ErrInvalidArgument) || len(s.sent) > 0 {
			t.Errorf("external ID %q: %v", id, err)
		}
	}
}

// Many ensure the same customer at once: one creates it, and all get it.
func TestEnsureRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exists := false
		s := play()
		s.decide = func(_ int, req *http.Request) reply {
			switch {
			case req.Method == http.MethodPost && exists:
				return duplicate
			case req.Method == http.MethodPost:
				exists = true
				return created.later(time.Second)
			case exists && time.Since(s.start) > 300*time.Millisecond: // the replica lags
				return ok()
			}
			return missing
		}
		c := s.client(t)
		news := make([]bool, 64)
		for _, err := range all(64, func(i int) (err error) {
			_, news[i], err = c.Ensure(t.Context(), createJane)
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		if n := len(slices.DeleteFunc(news, func(b bool) bool { return !b })); n != 1 {
			t.Errorf("%d calls say that they created the customer", n)
		}
	})
}
