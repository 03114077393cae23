package polar_test

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
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// The sentinels say what went wrong, and the fields of an Error say more. Its text
// is one line without personal data.
func ExampleError() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	_, err := client.Create(ctx, customers.CreateParams{
		Email:          "ada@polar.sh",
		BillingAddress: &customers.AddressParams{Country: "FR"},
		TaxID:          "123",
	})
	var e *polar.Error
	if errors.As(err, &e) {
		fmt.Println(e.Operation, e.Method, e.Route, e.StatusCode, e.Code)
		for _, field := range e.Fields {
			fmt.Println(field.Path, "-", field.Message) // for the form
		}
	}
	fmt.Println(err) // for the log
	// Output:
	// customers:create POST /v1/customers/ 422 PolarRequestValidationError
	// tax_id - Invalid tax ID.
	// customers: create: 422 PolarRequestValidationError: tax_id is not a tax number of the country of the billing address
}

func ExampleError_notFound() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	_, err := client.GetByExternalID(ctx, "user_42")
	if errors.Is(err, polar.ErrNotFound) {
		fmt.Println(err)
	}
	// Output: customers: get by external ID: 404 ResourceNotFound: not found, or not visible to this token
}

func ExampleError_validation() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	_, err := client.Create(ctx, customers.CreateParams{Email: "ada@example.com"})
	if errors.Is(err, polar.ErrValidation) {
		var e *polar.Error
		errors.As(err, &e)
		for _, field := range e.Fields {
			fmt.Println(field.In, field.Path, field.Type)
		}
	}
	// Output: body email value_error
}

// A duplicate is invalid input, too. The fields say what is taken.
func ExampleError_duplicate() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Email: "ada@polar.sh"})
	client := customers.New(srv.Client())

	_, err := client.Create(ctx, customers.CreateParams{Email: "Ada@polar.sh"})
	if errors.Is(err, polar.ErrDuplicate) {
		fmt.Println(err)
		fmt.Println(errors.Is(err, polar.ErrValidation))
	}
	// Output:
	// customers: create: 422 PolarRequestValidationError: email belongs to a customer that already exists
	// true
}

func ExampleError_unauthorized() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.ClientWithToken(srv.ExpiredToken()))

	_, err := client.List(ctx, customers.ListParams{})
	if errors.Is(err, polar.ErrUnauthorized) {
		fmt.Println(err)
	}
	// Output: customers: list: 401 invalid_token: the token is expired, revoked, mistyped or of the other environment (sandbox and production tokens differ)
}

func ExampleError_insufficientScope() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.ClientWithToken(srv.Token("customers:read")))

	_, err := client.Create(ctx, customers.CreateParams{Email: "ada@polar.sh"})
	var e *polar.Error
	if errors.Is(err, polar.ErrInsufficientScope) && errors.As(err, &e) {
		fmt.Println("the token needs one of", e.RequiredScopes)
	}
	// Output: the token needs one of [customers:write]
}

// An individual customer has only one member, the owner.
func ExampleError_notPermitted() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	client := customers.New(srv.Client())

	_, err := client.Members().Create(ctx, ada.ID, customers.MemberCreateParams{Email: "grace@polar.sh"})
	var e *polar.Error
	if errors.Is(err, polar.ErrNotPermitted) && errors.As(err, &e) {
		fmt.Println(e.Message)
	}
	// Output: Individual customers can only have one member (the owner). Upgrade to a team customer to add more members.
}

// A user's token can see the same external ID in several organizations.
// WithOrganization picks one.
func ExampleError_conflict() {
	srv, stop := start()
	defer stop()
	here, there := srv.Organization(), srv.AddOrganization(polartest.Organization{})
	for _, organization := range []polartest.Organization{here, there} {
		srv.AddCustomer(polartest.Customer{OrganizationID: organization.ID, ExternalID: "team_7", Type: "team", Email: "team@polar.sh"})
	}
	client := srv.ClientWithToken(srv.AddToken(polartest.Token{User: true, Organizations: []string{here.ID, there.ID}}))

	_, err := customers.New(client).Members().ListByExternalID(ctx, "team_7", customers.MemberListParams{})
	fmt.Println(errors.Is(err, polar.ErrConflict))

	client, err = client.With(polar.WithOrganization(there.ID))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = customers.New(client).Members().ListByExternalID(ctx, "team_7", customers.MemberListParams{})
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}

// A customer's card was declined.
func ExampleError_paymentFailed() {
	srv, stop := start()
	defer stop()
	srv.FailNext(polartest.Failure{
		Status: http.StatusPaymentRequired, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"error":"PaymentFailed","detail":"Your card was declined."}`,
	})
	client := srv.Client()

	_, err := polar.Call[struct{}](ctx, client, "PATCH", "/v1/subscriptions/9c3f2a52-6f0e-4d0b-9d4a-3b6c1f2e7a10", map[string]int{"seats": 3})
	if errors.Is(err, polar.ErrPaymentFailed) {
		fmt.Println(err)
	}
	// Output: subscriptions: update: 402 PaymentFailed: the customer's payment did not succeed
}

// A call for a visitor does not wait for a minute. It returns at once and says how
// long to wait.
func ExampleError_rateLimited() {
	srv, stop := start()
	defer stop()
	srv.FailNext(polartest.Failure{Status: http.StatusTooManyRequests, RetryAfter: time.Minute})
	client := customers.New(srv.Client())

	_, err := client.List(ctx, customers.ListParams{})
	var e *polar.Error
	if errors.Is(err, polar.ErrRateLimited) && errors.As(err, &e) {
		fmt.Println("retry in", e.RetryAfter)
	}
	// Output: retry in 1m0s
}

func ExampleError_server() {
	srv, stop := start()
	defer stop()
	srv.FailNext(polartest.Failure{Status: http.StatusInternalServerError})
	client := customers.New(srv.Client())

	_, err := client.List(ctx, customers.ListParams{})
	if errors.Is(err, polar.ErrServer) {
		fmt.Println(err)
	}
	// Output: customers: list: 500 internal server error: the service failed
}

// Something other than Polar responds: the base URL is wrong, or a proxy asks users
// to log in.
func ExampleError_unexpectedResponse() {
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<html>Please log in.</html>")
	}))
	defer portal.Close()
	client, err := polar.New("polar_oat_xyz", polar.WithBaseURL(portal.URL))
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = customers.New(client).List(ctx, customers.ListParams{})
	fmt.Println(errors.Is(err, polar.ErrUnexpectedResponse))
	var e *polar.Error
	if errors.As(err, &e) {
		fmt.Printf("%s\n", e.Body())
	}
	// Output:
	// true
	// <html>Please log in.</html>
}

// An argument that cannot be right is refused before anything is sent.
func ExampleError_invalidArgument() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	for _, id := range []string{"user_42", "", "../../members"} {
		_, err := client.Get(ctx, id)
		fmt.Println(errors.Is(err, polar.ErrInvalidArgument))
	}
	fmt.Println(len(srv.Requests()), "requests")
	// Output:
	// true
	// true
	// true
	// 0 requests
}

// A team without an external ID and an email address cannot be found again if the
// response to its creation is lost, so Create does not retry. With either of them,
// it does.
func ExampleError_outcomeUnknown() {
	srv, stop := start()
	defer stop()
	srv.FailNext(polartest.Failure{Operation: "customers:create", Applied: true, Cut: polartest.CutBeforeResponse})
	client := customers.New(srv.Client())

	_, err := client.Create(ctx, customers.CreateParams{
		Type: customers.TypeTeam, Name: "Analytical Engines",
		Owner: &customers.OwnerParams{Email: "charles@polar.sh"},
	})
	if errors.Is(err, polar.ErrOutcomeUnknown) {
		page, err := client.List(ctx, customers.ListParams{Query: "Analytical Engines"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("created:", page.TotalCount == 1)
	}
	// Output: created: true
}

// When the context ends, the error matches the context's error, and keeps the
// service's last response if there was one.
func ExampleError_context() {
	srv, stop := start()
	defer stop()
	srv.SetLatency(time.Minute)
	client := customers.New(srv.Client())

	ctx, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err := client.List(ctx, customers.ListParams{})
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

// What is logged of an error holds no personal data, such as IDs and addresses.
func ExampleError_LogValue() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))

	_, err := client.GetByExternalID(ctx, "ada@polar.sh")
	logger.Warn("no customer", "error", err)
	// Output: level=WARN msg="no customer" error.msg="customers: get by external ID: 404 ResourceNotFound: not found, or not visible to this token" error.operation=customers:get_external error.route=/v1/customers/external/{external_id} error.status=404 error.code=ResourceNotFound error.attempts=1
}
