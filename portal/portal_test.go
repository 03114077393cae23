package portal_test

import (
	"context"
	"flag"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/portal"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const id = servicetest.ID

var recorded = servicetest.Recorded{Scenario: "customer_sessions", Step: 2}

var service = servicetest.Service{Name: "portal", Calls: []servicetest.Call{{
	Method: "Client.CreateSession", Operation: "customer-sessions:create", Words: "customer sessions: create", OK: recorded,
	Do: func(ctx context.Context, c *polar.Client) (any, error) {
		return portal.New(c).CreateSession(ctx, portal.SessionParams{ExternalCustomerID: "user/42", ExternalMemberID: "m 1", ReturnURL: "https://shop.example/account"})
	},
}}}

func TestRequests(t *testing.T)      { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)       { service.Success(t) }
func TestResults(t *testing.T)       { service.Results(t) }
func TestHostileIDs(t *testing.T)    { service.HostileIDs(t) }
func TestRecordings(t *testing.T)    { service.Recordings(t, nil, "customer_sessions", "concurrency") }
func TestDocumentation(t *testing.T) { service.Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/portal", "testdata/api.txt", *update)
}

func TestArguments(t *testing.T) {
	for want, p := range map[string]portal.SessionParams{
		"customer_id: is required, or external_customer_id in its place":                              {},
		"external_customer_id: must be left out with customer_id: a customer is named by one of them": {CustomerID: id, ExternalCustomerID: "user_42"},
		"customer_id: must be a UUID":                                                               {CustomerID: "user_42"},
		"external_customer_id: contains a NUL character":                                            {ExternalCustomerID: "a\x00"},
		"external_member_id: must be left out with member_id: a member is named by one of them":     {CustomerID: id, MemberID: id, ExternalMemberID: "m"},
		"member_id: must be a UUID":                                                                 {CustomerID: id, MemberID: "m"},
		"return_url: must be an absolute http or https URL, such as https://your-domain.com/thanks": {CustomerID: id, ReturnURL: "/account"},
	} {
		servicetest.Refused(t, "customer sessions: create: "+want, func(c *polar.Client) error {
			_, err := portal.New(c).CreateSession(t.Context(), p)
			return err
		})
	}
}

// A lost response costs nothing: the next attempt gets a session as well.
func TestRetry(t *testing.T) {
	ok, err := recorded.Response()
	if err != nil {
		t.Fatal(err)
	}
	w := &servicetest.Wire{Responses: []servicetest.Response{{Status: 502}, ok}}
	session, err := portal.New(w.Client(t, servicetest.Retry())).CreateSession(t.Context(), portal.SessionParams{CustomerID: id})
	if err != nil || len(w.Sent()) != 2 || session.CustomerPortalURL == "" || session.Token == "" || session.ExpiresAt.IsZero() {
		t.Errorf("got %v, %v after %d requests", session, err, len(w.Sent()))
	}
}

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", polar.WithSandbox())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = portal.New(client).CreateSession(context.Background(), portal.SessionParams{})
	fmt.Println(err)
	// Output: customer sessions: create: customer_id: is required, or external_customer_id in its place
}

func ExampleClient_CreateSession() {
	client := portal.New(servicetest.Replay(recorded)) // in your program, of polar.New
	session, err := client.CreateSession(context.Background(), portal.SessionParams{
		ExternalCustomerID: "user_42", // your own ID
		ReturnURL:          "https://your-domain.com/account",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Redirect the customer to session.CustomerPortalURL.
	fmt.Println(session.CustomerPortalURL != "", session.ExpiresAt.Sub(session.CreatedAt).Round(1e9))
	// Output: true 1h0m0s
}
