package licensekeys_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/licensekeys"
	"github.com/polarexpress/polar-go/polar"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	id      = servicetest.ID
	otherID = "c0ffee00-1234-4abc-8def-0123456789ab"
)

var ctx = context.Background()

// recorded is a step of the recording of the public routes.
func recorded(step int) servicetest.Recorded {
	return servicetest.Recorded{Scenario: "license_keys_public", Step: step}
}

var service = servicetest.Service{
	Name: "licensekeys",
	Calls: []servicetest.Call{
		{
			Method: "Client.Validate", Operation: "customer_portal:license_keys:validate", Words: "customer portal: license keys validate", OK: recorded(0),
			Do: func(ctx context.Context, c *polar.Client) (any, error) {
				return licensekeys.New(c).Validate(ctx, licensekeys.ValidateParams{
					OrganizationID: id, Key: "KEY 1", ActivationID: otherID, BenefitID: otherID, CustomerID: otherID, IncrementUsage: polar.Ptr(2),
					Conditions: licensekeys.Metadata{"os": "mac", "major": 3},
				})
			},
		},
		{
			Method: "Client.Activate", Operation: "customer_portal:license_keys:activate", Words: "customer portal: license keys activate", OK: recorded(19),
			Do: func(ctx context.Context, c *polar.Client) (any, error) {
				return licensekeys.New(c).Activate(ctx, licensekeys.ActivateParams{
					OrganizationID: id, Key: "KEY 1", Label: "Ada's laptop", Conditions: licensekeys.Metadata{"os": "mac"}, Meta: licensekeys.Metadata{"ram": 16},
				})
			},
		},
		{
			Method: "Client.Deactivate", Operation: "customer_portal:license_keys:deactivate", Words: "customer portal: license keys deactivate", OK: recorded(33),
			Do: func(ctx context.Context, c *polar.Client) (any, error) {
				return nil, licensekeys.New(c).Deactivate(ctx, licensekeys.DeactivateParams{OrganizationID: id, Key: "KEY 1", ActivationID: otherID})
			},
		},
	},
	// The service responds with 404 to an unknown key.
	Meaning: func(_ servicetest.Call, r servicetest.Result) servicetest.Result {
		if r.Name == "404 resource" {
			r.Text = "404 ResourceNotFound: the license key is unknown, of another organization, or without this activation"
		}
		return r
	},
}

func TestRequests(t *testing.T)      { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)       { service.Success(t) }
func TestResults(t *testing.T)       { service.Results(t) }
func TestDocumentation(t *testing.T) { service.Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/licensekeys", "testdata/api.txt", *update)
}

// meanings are the texts of the service, as they were recorded.
var meanings = map[string]error{
	`"Not found"`:                                                               licensekeys.ErrUnknownKey,
	`"License key has expired."`:                                                licensekeys.ErrExpired,
	`"License key is no longer active."`:                                        licensekeys.ErrInactive,
	`"License key does not match given benefit."`:                               licensekeys.ErrWrongBenefit,
	`"License key does not match given user."`:                                  licensekeys.ErrWrongCustomer,
	`"License key does not match required conditions"`:                          licensekeys.ErrWrongConditions,
	`"License key activation limit already reached"`:                            licensekeys.ErrActivationLimit,
	`"License key only has 1 more usages."`:                                     licensekeys.ErrUsageLimit,
	`"License key is no longer active. This license key can not be activated."`: licensekeys.ErrInactive,
	`"This license key does not support activations. Use the /validate endpoint instead to check license validity."`: licensekeys.ErrNoActivations,
}

func TestRecordings(t *testing.T) {
	seen := map[error]bool{}
	check := func(t *testing.T, step recording.Step, err error) {
		var want error
		for text, meaning := range meanings {
			if strings.Contains(step.ResponseBody, `"detail":`+text) {
				want = meaning
			}
		}
		if want != nil && !errors.Is(err, want) || licensekeys.Denied(err) != (want != nil) {
			t.Errorf("%s became %v, want %v", step.ResponseBody, err, want)
		}
		seen[want] = true
	}
	service.Recordings(t, check, "license_keys_public")

	// What the routes of organizations say is the same, and more of it was recorded.
	all, err := recording.Services()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, step := range s.Steps {
			method, ok := map[string]int{"/v1/license-keys/validate": 0, "/v1/license-keys/activate": 1, "/v1/license-keys/deactivate": 2}[step.Path]
			if !ok || step.Status < 300 {
				continue
			}
			w := &servicetest.Wire{Responses: []servicetest.Response{{Status: step.Status, Header: step.ResponseHeaders, Body: step.ResponseBody}}}
			_, err := service.Calls[method].Do(t.Context(), w.Client(t))
			check(t, step, err)
		}
	}
	for _, meaning := range meanings {
		if !seen[meaning] {
			t.Errorf("nothing that was recorded became %v", meaning)
		}
	}
}

// What is not a denial must never look like one: a program would lock out a
// customer who has paid.
func TestNotDenied(t *testing.T) {
	for what, r := range map[string]servicetest.Response{
		"a removed version of the API": servicetest.JSON(404, `{"detail":"Not Found"}`),
		"a route of another service":   servicetest.JSON(404, `{"error":"Not Found","detail":"Not found"}`),
		"a page of a proxy":            {Status: 404, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<h1>Not found</h1>"},
		"a text that is not known yet": servicetest.JSON(404, `{"error":"ResourceNotFound","detail":"License key is being migrated."}`),
		"a role":                       servicetest.JSON(403, `{"error":"NotPermitted","detail":"Nobody may."}`),
		"a block by a firewall":        servicetest.JSON(403, `{"error":"blocked","detail":"License key has expired."}`),
		"too many requests":            {Status: 429, Header: http.Header{"Retry-After": {"60"}}},
		"a failure":                    {Status: 500, Body: "Internal Server Error"},
		"a bad request":                servicetest.JSON(400, `{"error":"BadRequest","detail":"Bad request"}`),
		"wrong input":                  servicetest.JSON(422, `{"error":"RequestValidationError","detail":[{"type":"missing","loc":["body","key"],"msg":"Field required"}]}`),
		"a broken connection":          {Err: errors.New("connection reset")},
		"a captive portal":             {Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<h1>Welcome</h1>"},
		"an empty answer":              servicetest.JSON(200, `{}`),
		"a truncated denial":           {Status: 404, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"error":"ResourceNotFound","det`, Cut: true},
	} {
		for _, call := range service.Calls {
			if what == "an empty answer" && call.Method == "Client.Deactivate" {
				continue
			}
			w := &servicetest.Wire{Responses: []servicetest.Response{r}}
			_, err := call.Do(t.Context(), w.Client(t))
			if err == nil || licensekeys.Denied(err) {
				t.Errorf("%s: %s is %v", call.Method, what, err)
			}
		}
	}
	if licensekeys.Denied(nil) {
		t.Error("nil is a denial")
	}
	w := &servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(404, `{"detail":"Not Found"}`)}}
	if _, err := service.Calls[0].Do(t.Context(), w.Client(t)); !errors.Is(err, polar.ErrUnexpectedResponse) || errors.Is(err, polar.ErrNotFound) {
		t.Errorf("a removed version of the API is %v", err)
	}
}

func TestArguments(t *testing.T) {
	const noOrganization = "organization_id: is empty: must be Polar's ID, a UUID"
	refused := func(want string, do func(c *licensekeys.Client) error) {
		t.Helper()
		servicetest.Refused(t, "customer portal: license keys "+want, func(c *polar.Client) error { return do(licensekeys.New(c)) })
	}
	for want, p := range map[string]licensekeys.ValidateParams{
		"key: is required; " + noOrganization:                    {},
		"organization_id: must be Polar's ID, a UUID":            {Key: "K", OrganizationID: "shop"},
		"activation_id: must be a UUID":                          {Key: "K", OrganizationID: id, ActivationID: "1"},
		"increment_usage: must be 0 to 2147483647":               {Key: "K", OrganizationID: id, IncrementUsage: polar.Ptr(-1)},
		`conditions["os"]: must be a string, a number or a bool`: {Key: "K", OrganizationID: id, Conditions: licensekeys.Metadata{"os": []string{"mac"}}},
		"key: contains a NUL character":                          {Key: "K\x00", OrganizationID: id},
	} {
		refused("validate: "+want, func(c *licensekeys.Client) error { _, err := c.Validate(t.Context(), p); return err })
	}
	refused("activate: key: is required; "+noOrganization+"; label: is required", func(c *licensekeys.Client) error {
		_, err := c.Activate(t.Context(), licensekeys.ActivateParams{})
		return err
	})
	refused("deactivate: key: is required; "+noOrganization+"; activation_id: is empty: must be Polar's ID, a UUID", func(c *licensekeys.Client) error {
		return c.Deactivate(t.Context(), licensekeys.DeactivateParams{})
	})
}

func TestOutcomes(t *testing.T) {
	lost := servicetest.Response{Status: 502}
	ok := func(step int) servicetest.Response {
		r, err := recorded(step).Response()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	notFound := servicetest.JSON(404, `{"error":"ResourceNotFound","detail":"Not found"}`)
	validate := func(increment *int) func(c *licensekeys.Client) error {
		return func(c *licensekeys.Client) error {
			_, err := c.Validate(t.Context(), licensekeys.ValidateParams{Key: "K", OrganizationID: id, IncrementUsage: increment})
			return err
		}
	}
	activate := func(c *licensekeys.Client) error {
		_, err := c.Activate(t.Context(), licensekeys.ActivateParams{Key: "K", OrganizationID: id, Label: "l"})
		return err
	}
	deactivate := func(c *licensekeys.Client) error {
		return c.Deactivate(t.Context(), licensekeys.DeactivateParams{Key: "K", OrganizationID: id, ActivationID: otherID})
	}
	for _, tc := range []struct {
		what      string
		do        func(*licensekeys.Client) error
		responses []servicetest.Response
		requests  int
		is        string
	}{
		{"validate", validate(nil), []servicetest.Response{lost, ok(0)}, 2, ""},
		{"validate, nothing counted", validate(polar.Ptr(0)), []servicetest.Response{{Status: 500}, ok(0)}, 2, ""},
		{"validate, no response", validate(nil), []servicetest.Response{lost, lost, lost}, 3, "ErrServer"},
		{"validate, use counted", validate(polar.Ptr(1)), []servicetest.Response{lost, ok(0)}, 1, "ErrOutcomeUnknown ErrServer"},
		{"activate", activate, []servicetest.Response{lost, ok(19)}, 1, "ErrOutcomeUnknown ErrServer"},
		{"deactivate", deactivate, []servicetest.Response{lost, {Status: 204}}, 2, ""},
		{"deactivate, done already", deactivate, []servicetest.Response{lost, notFound}, 2, ""},
		{"deactivate, nothing there", deactivate, []servicetest.Response{notFound}, 1, "ErrNotFound"},
	} {
		w := &servicetest.Wire{Responses: tc.responses}
		err := tc.do(licensekeys.New(w.Client(t, servicetest.Retry())))
		if servicetest.Is(err) != tc.is || len(w.Sent()) != tc.requests {
			t.Errorf("%s: %v after %d requests", tc.what, err, len(w.Sent()))
		}
	}
}

// A public client sends no credentials.
func TestPublic(t *testing.T) {
	for _, call := range service.Calls {
		r, err := call.OK.Response()
		if err != nil {
			t.Fatal(err)
		}
		w := &servicetest.Wire{Responses: []servicetest.Response{r}}
		c, err := polar.NewPublic(polar.WithHTTPClient(&http.Client{Transport: w}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.Do(t.Context(), c); err != nil {
			t.Errorf("%s: %v", call.Method, err)
		}
		for _, request := range w.Sent() {
			if strings.Contains(request, "Authorization") {
				t.Errorf("%s sends %s", call.Method, request)
			}
		}
	}
}

func ExampleNew() {
	client, err := polar.NewPublic() // needs no token
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = licensekeys.New(client).Validate(ctx, licensekeys.ValidateParams{OrganizationID: id})
	fmt.Println(err)
	// Output: customer portal: license keys validate: key: is required
}

// A program decides what it does when the service denies the use, and what it does
// when the service cannot be asked.
func ExampleClient_Validate() {
	client := licensekeys.New(servicetest.Replay(recorded(2))) // in your program, of polar.NewPublic
	key, err := client.Validate(ctx, licensekeys.ValidateParams{
		OrganizationID: "d8741556-2cc4-43fe-9f18-744ab0bcf299",
		Key:            "REC-33333333-3333-4333-8333-333333333333",
	})
	switch {
	case errors.Is(err, licensekeys.ErrExpired):
		fmt.Println("expired: offer a renewal")
	case licensekeys.Denied(err):
		fmt.Println("denied:", err)
	case err != nil:
		fmt.Println("cannot tell: go on for some days")
	default:
		fmt.Println("valid until", key.ExpiresAt)
	}
	// Output: expired: offer a renewal
}

func ExampleClient_Activate() {
	client := licensekeys.New(servicetest.Replay(recorded(19)))
	activation, err := client.Activate(ctx, licensekeys.ActivateParams{
		OrganizationID: "d8741556-2cc4-43fe-9f18-744ab0bcf299",
		Key:            "REC-11111111-1111-4111-8111-111111111111",
		Label:          "laptop",
	})
	if errors.Is(err, licensekeys.ErrActivationLimit) {
		fmt.Println("remove the program from another machine first")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(activation.Label, activation.ID != "") // store the ID
	// Output: laptop true
}

func ExampleClient_Deactivate() {
	client := licensekeys.New(servicetest.Replay(recorded(33)))
	err := client.Deactivate(ctx, licensekeys.DeactivateParams{
		OrganizationID: "d8741556-2cc4-43fe-9f18-744ab0bcf299",
		Key:            "REC-11111111-1111-4111-8111-111111111111",
		ActivationID:   "bed53b1f-084d-4de8-afa2-1c9048a51af2",
	})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleDenied() {
	client := licensekeys.New(servicetest.Replay(recorded(3)))
	_, err := client.Validate(ctx, licensekeys.ValidateParams{OrganizationID: id, Key: "REC-44444444-4444-4444-8444-444444444444"})
	fmt.Println(licensekeys.Denied(err), errors.Is(err, licensekeys.ErrInactive))
	fmt.Println(licensekeys.Denied(context.DeadlineExceeded))
	// Output:
	// true true
	// false
}
