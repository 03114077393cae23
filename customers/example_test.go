package customers_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
)

// A program gets or creates the customer behind one of its own users, and asks
// what that customer may use.
func Example() {
	ctx := context.Background()
	srv, err := customerstest.Start() // the service in memory
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()

	// In production: customers.New(os.Getenv("POLAR_ACCESS_TOKEN"))
	client, err := customers.New(srv.Token(), customers.WithBaseURL(srv.URL()))
	if err != nil {
		fmt.Println(err)
		return
	}
	customer, created, err := client.Ensure(ctx, customers.CreateParams{
		ExternalID: "user_42", // your own ID
		Email:      "ada@example.com",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Email, "created:", created)

	state, err := client.GetState(ctx, customer.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("benefits:", len(state.GrantedBenefits))
	// Output:
	// ada@example.com created: true
	// benefits: 0
}

func ExampleNew() {
	client, err := customers.New("polar_oat_xyz", // from the environment, in your program
		customers.WithSandbox(),
		customers.WithUserAgent("shop/1.4"),
		customers.WithTimeout(10*time.Second),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client)
	// Output: customers.Client(https://sandbox-api.polar.sh)
}

// All that is wrong is in one error, before anything is sent.
func ExampleNew_mistakes() {
	_, err := customers.New("",
		customers.WithBaseURL("http://api.example.com"),
		customers.WithTimeout(-time.Second),
	)
	fmt.Println(err)
	// Output: customers: base URL: must be https, or http to this machine, since it carries the token; timeout: must be above 0; access token: is empty
}

// A job that has time gets a client of its own, which shares connections and the
// knowledge of rate limits with the one that answers visitors.
func ExampleClient_With() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(customerstest.Customer{Name: "Ada Lovelace"})
	client := srv.Client()

	job, err := client.With(
		customers.WithRetry(customers.BatchRetry),
		customers.WithRateLimit(customers.ProductionLimit),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for customer, err := range job.All(ctx, customers.ListParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*customer.Name)
	}
	// Output: Ada Lovelace
}

func ExampleClient_Raw() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(customerstest.Customer{Name: "Ada Lovelace"})
	client := srv.Client()

	result, err := client.Raw().CustomersGetWithResponse(ctx, ada.ID)
	if err != nil {
		fmt.Println(err) // no answer came
		return
	}
	if result.JSON200 == nil {
		fmt.Println(result.StatusCode()) // the raw client leaves judging to you
		return
	}
	fmt.Println(result.StatusCode(), *result.JSON200.Name)
	// Output: 200 Ada Lovelace
}

// What a token needs for a program that reads everything and writes nothing.
func ExampleOperations() {
	scopes := map[string]bool{}
	for _, op := range customers.Operations() {
		if op.Method == http.MethodGet {
			scopes[op.Scopes[0]] = true
		}
	}
	fmt.Println(scopes)
	// Output: map[customers:read:true members:read:true]
}

func ExampleWithRetry() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(customerstest.Customer{Name: "Ada Lovelace"})
	srv.FailNext(customerstest.Failure{Status: http.StatusServiceUnavailable, Times: 4})

	client := srv.Client(customers.WithRetry(customers.RetryPolicy{
		MaxAttempts:   5,
		BaseDelay:     time.Millisecond,
		MaxDelay:      10 * time.Millisecond,
		MaxRetryAfter: 2 * time.Second, // a longer wait is an error, with RetryAfter set
	}))
	customer, err := client.Get(ctx, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, "after", len(srv.Requests()), "requests")
	// Output: Ada Lovelace after 5 requests
}

// A nightly job waits out the service's windows of a minute, and keeps below
// its limit to begin with.
func ExampleWithRetry_batch() {
	srv, stop := start()
	defer stop()
	client := srv.Client(
		customers.WithRetry(customers.BatchRetry),
		customers.WithRateLimit(customers.ProductionLimit),
	)

	for _, plan := range []string{"gold", "silver"} {
		if _, err := client.Create(ctx, customers.CreateParams{
			Email: plan + "@example.com", Metadata: customers.Metadata{"plan": plan},
		}); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(len(srv.Customers()), "customers")
	// Output: 2 customers
}

func ExampleWithRateLimit() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(customerstest.Customer{})
	client := srv.Client(customers.WithRateLimit(customers.RateLimit{Requests: 1, Per: time.Hour}))

	hurry, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for range 2 {
		// A request whose turn comes after the deadline fails at once.
		_, err := client.Get(hurry, ada.ID)
		fmt.Println(err == nil)
	}
	fmt.Println(len(srv.Requests()), "request was sent")
	// Output:
	// true
	// false
	// 1 request was sent
}

// A token that rotates is asked for at every attempt. When the service refuses
// one, it is asked for once more.
func ExampleWithTokenSource() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(customerstest.Customer{Name: "Ada Lovelace"})
	tokens := []string{srv.RevokedToken(), srv.Token()} // what the vault gives, in turn

	client, err := customers.New("", customers.WithBaseURL(srv.URL()),
		customers.WithTokenSource(func(context.Context) (string, error) {
			token := tokens[0]
			tokens = tokens[1:]
			return token, nil
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	customer, err := client.Get(ctx, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, "after", len(srv.Requests()), "requests")
	// Output: Ada Lovelace after 2 requests
}

// A user's token can reach several organizations. This picks one.
func ExampleWithOrganization() {
	srv, stop := start()
	defer stop()
	other := srv.AddOrganization(customerstest.Organization{})
	token := srv.AddToken(customerstest.Token{User: true, Organizations: []string{srv.Organization().ID, other.ID}})
	srv.AddCustomer(customerstest.Customer{Name: "Ada Lovelace"})
	srv.AddCustomer(customerstest.Customer{Name: "Grace Hopper", OrganizationID: other.ID})

	client := srv.ClientWithToken(token, customers.WithOrganization(other.ID))
	page, err := client.List(ctx, customers.ListParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, customer := range page.Items {
		fmt.Println(*customer.Name)
	}
	// Output: Grace Hopper
}

// Lines of a log hold route templates and no personal data.
func ExampleWithLogger() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(customerstest.Customer{ExternalID: "ada@example.com"})
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug, // failures are warnings, the rest is for debugging
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" {
				return slog.Attr{} // differ from run to run
			}
			return a
		},
	}))

	client := srv.Client(customers.WithLogger(logger))
	if _, err := client.GetByExternalID(ctx, "ada@example.com"); err != nil {
		fmt.Println(err)
	}
	// Output: level=DEBUG msg="polar request" operation=GetByExternalID method=GET route=/v1/customers/external/{external_id} attempt=1 wait=0s status=200
}

// Middleware sees every attempt, complete with credentials.
func ExampleWithMiddleware() {
	srv, stop := start()
	defer stop()
	count := 0
	counted := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			count++
			return next.RoundTrip(req)
		})
	}

	client := srv.Client(customers.WithMiddleware(counted))
	if _, err := client.List(ctx, customers.ListParams{}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(count)
	// Output: 1
}

// roundTripper is a function as a transport, as http.HandlerFunc is one as a handler.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func ExampleCaptureResponse() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(customerstest.Customer{})
	client := srv.Client()

	var response customers.Response
	_, err := client.Get(ctx, ada.ID, customers.CaptureResponse(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.StatusCode, response.Header.Get("Polar-Version"), response.Attempts)
	// Output: 200 2026-10 1
}

func ExampleWithoutRetry() {
	srv, stop := start()
	defer stop()
	srv.FailNext(customerstest.Failure{Status: http.StatusServiceUnavailable})
	client := srv.Client()

	_, err := client.List(ctx, customers.ListParams{}, customers.WithoutRetry())
	fmt.Println(err)
	// Output: customers: list: 503 service unavailable: the service failed
}

func ExampleWithHeader() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	_, err := client.List(ctx, customers.ListParams{}, customers.WithHeader("X-Job", "nightly"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(srv.Requests()[0].Header.Get("X-Job"))
	// Output: nightly
}
