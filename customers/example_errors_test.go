package customers_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
)

// The sentinels tell what went wrong, the fields of an Error tell more. Its text
// is one line without personal data.
func ExampleError() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	_, err := client.Create(ctx, customers.CreateParams{
		Email:          "ada@example.com",
		BillingAddress: &customers.AddressParams{Country: "FR"},
		TaxID:          "123",
	})
	var e *customers.Error
	if errors.As(err, &e) {
		fmt.Println(e.Operation, e.Method, e.Route, e.StatusCode, e.Code)
		for _, field := range e.Fields {
			fmt.Println(field.Path, "-", field.Message) // for the form
		}
	}
	fmt.Println(err) // for the log
	// Output:
	// Create POST /v1/customers/ 422 PolarRequestValidationError
	// tax_id - Invalid tax ID.
	// customers: create: 422 PolarRequestValidationError: tax_id is not a number of the country of the billing address
}

func ExampleError_notFound() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	_, err := client.GetByExternalID(ctx, "user_42")
	if errors.Is(err, customers.ErrNotFound) {
		fmt.Println(err)
	}
	// Output: customers: get by external ID: 404 ResourceNotFound: the token sees none with this ID
}

func ExampleError_validation() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	_, err := client.Create(ctx, customers.CreateParams{Email: "ada@"})
	if errors.Is(err, customers.ErrValidation) {
		var e *customers.Error
		errors.As(err, &e)
		for _, field := range e.Fields {
			fmt.Println(field.In, field.Path, field.Type)
		}
	}
	// Output: body email value_error
}

// A duplicate is a kind of invalid input. The fields tell what is taken.
func ExampleError_duplicate() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(customerstest.Customer{Email: "ada@example.com"})
	client := srv.Client()

	_, err := client.Create(ctx, customers.CreateParams{Email: "Ada@example.com"})
	if errors.Is(err, customers.ErrDuplicate) {
		fmt.Println(err)
		fmt.Println(errors.Is(err, customers.ErrValidation))
	}
	// Output:
	// customers: create: 422 PolarRequestValidationError: email is the address of a customer that exists already
	// true
}

func ExampleError_unauthorized() {
	srv, stop := start()
	defer stop()
	client := srv.ClientWithToken(srv.ExpiredToken())

	_, err := client.List(ctx, customers.ListParams{})
	if errors.Is(err, customers.ErrUnauthorized) {
		fmt.Println(err)
	}
	// Output: customers: list: 401 invalid_token: the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)
}

func ExampleError_insufficientScope() {
	srv, stop := start()
	defer stop()
	client := srv.ClientWithToken(srv.Token("customers:read"))

	_, err := client.Create(ctx, customers.CreateParams{Email: "ada@example.com"})
	var e *customers.Error
	if errors.Is(err, customers.ErrInsufficientScope) && errors.As(err, &e) {
		fmt.Println("make a token with one of", e.RequiredScopes)
	}
	// Output: make a token with one of [customers:write]
}

// An individual has one member only, itself.
func ExampleError_notPermitted() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(customerstest.Customer{})
	client := srv.Client()

	_, err := client.Members().Create(ctx, ada.ID, customers.MemberCreateParams{Email: "grace@example.com"})
	var e *customers.Error
	if errors.Is(err, customers.ErrNotPermitted) && errors.As(err, &e) {
		fmt.Println(e.Message)
	}
	// Output: Individual customers can only have one member (the owner). Upgrade to a team customer to add more members.
}

// A user's token can see one external ID in several organizations. WithOrganization
// says which is meant.
func ExampleError_conflict() {
	srv, stop := start()
	defer stop()
	here, there := srv.Organization(), srv.AddOrganization(customerstest.Organization{})
	for _, organization := range []customerstest.Organization{here, there} {
		srv.AddCustomer(customerstest.Customer{OrganizationID: organization.ID, ExternalID: "team_7", Type: "team", Email: "team@example.com"})
	}
	client := srv.ClientWithToken(srv.AddToken(customerstest.Token{User: true, Organizations: []string{here.ID, there.ID}}))

	_, err := client.Members().ListByExternalID(ctx, "team_7", customers.MemberListParams{})
	fmt.Println(errors.Is(err, customers.ErrConflict))

	client, err = client.With(customers.WithOrganization(there.ID))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Members().ListByExternalID(ctx, "team_7", customers.MemberListParams{})
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}

// A web request does not wait for a minute: the call returns at once and says how
// long it would have been.
func ExampleError_rateLimited() {
	srv, stop := start()
	defer stop()
	srv.FailNext(customerstest.Failure{Status: http.StatusTooManyRequests, RetryAfter: time.Minute})
	client := srv.Client()

	_, err := client.List(ctx, customers.ListParams{})
	var e *customers.Error
	if errors.Is(err, customers.ErrRateLimited) && errors.As(err, &e) {
		fmt.Println("again in", e.RetryAfter)
	}
	// Output: again in 1m0s
}

func ExampleError_server() {
	srv, stop := start()
	defer stop()
	srv.FailNext(customerstest.Failure{Status: http.StatusInternalServerError})
	client := srv.Client()

	_, err := client.List(ctx, customers.ListParams{})
	if errors.Is(err, customers.ErrServer) {
		fmt.Println(err)
	}
	// Output: customers: list: 500 internal server error: the service failed
}

// Something else answers in the place of Polar: the base URL is wrong, or a proxy
// asks to log in.
func ExampleError_unexpectedResponse() {
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<html>Please log in.</html>")
	}))
	defer portal.Close()
	client, err := customers.New("polar_oat_xyz", customers.WithBaseURL(portal.URL))
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = client.List(ctx, customers.ListParams{})
	fmt.Println(errors.Is(err, customers.ErrUnexpectedResponse))
	var e *customers.Error
	if errors.As(err, &e) {
		fmt.Printf("%s\n", e.Body())
	}
	// Output:
	// true
	// <html>Please log in.</html>
}

// Nothing is sent that could reach something else than what was meant.
func ExampleError_invalidArgument() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	for _, id := range []string{"user_42", "", "../../members"} {
		_, err := client.Get(ctx, id)
		fmt.Println(errors.Is(err, customers.ErrInvalidArgument))
	}
	fmt.Println(len(srv.Requests()), "requests")
	// Output:
	// true
	// true
	// true
	// 0 requests
}

// A team without an external ID and an address cannot be found again when the
// answer to its creation is lost, so that Create does not repeat it. Give one of
// them, and this cannot happen.
func ExampleError_outcomeUnknown() {
	srv, stop := start()
	defer stop()
	srv.FailNext(customerstest.Failure{Operation: "customers:create", Applied: true, Cut: customerstest.CutBeforeAnswer})
	client := srv.Client()

	_, err := client.Create(ctx, customers.CreateParams{
		Type: customers.TypeTeam, Name: "Analytical Engines",
		Owner: &customers.OwnerParams{Email: "charles@example.com"},
	})
	if errors.Is(err, customers.ErrOutcomeUnknown) {
		page, err := client.List(ctx, customers.ListParams{Query: "Analytical Engines"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("it was made:", page.TotalCount == 1)
	}
	// Output: it was made: true
}

// When the context ends, its own error is found, together with the service's
// last answer if there was one.
func ExampleError_context() {
	srv, stop := start()
	defer stop()
	srv.SetLatency(time.Minute)
	client := srv.Client()

	hurry, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err := client.List(hurry, customers.ListParams{})
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

// What is logged of an error holds no personal data: neither IDs nor addresses.
func ExampleError_LogValue() {
	srv, stop := start()
	defer stop()
	client := srv.Client()
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))

	_, err := client.GetByExternalID(ctx, "ada@example.com")
	logger.Warn("no customer", "error", err)
	// Output: level=WARN msg="no customer" error.msg="customers: get by external ID: 404 ResourceNotFound: the token sees none with this ID" error.operation=GetByExternalID error.route=/v1/customers/external/{external_id} error.status=404 error.code=ResourceNotFound error.attempts=1
}
