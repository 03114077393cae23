package polar_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", // from the environment, in your program
		polar.WithSandbox(),
		polar.WithUserAgent("shop/1.4"),
		polar.WithTimeout(10*time.Second),
		polar.WithMaxResponseBytes(1<<20),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client)
	// Output: polar.Client(https://sandbox-api.polar.sh)
}

// A program on a customer's machine has no token, and calls only what needs none.
func ExampleNewPublic() {
	client, err := polar.NewPublic()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = polar.Call[struct{}](ctx, client, "GET", "/v1/customers/", nil)
	fmt.Println(err)
	// Output: customers: list: client: has no access token, which the operation needs: make it with polar.New
}

// Everything that is wrong is in one error, before anything is sent.
func ExampleNew_mistakes() {
	_, err := polar.New("",
		polar.WithBaseURL("http://api.example.com"),
		polar.WithAPIVersion(""),
		polar.WithTimeout(-time.Second),
	)
	fmt.Println(err)
	// Output: polar: base URL: must be https, or http to this machine, because requests carry the token; API version: is empty or contains characters that are not allowed in a header; timeout: must be above 0; access token: is empty
}

// A job that has time gets a client of its own, which shares connections and
// rate-limit pauses with the one that serves visitors.
func ExampleClient_With() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	client := srv.Client()

	job, err := client.With(
		polar.WithRetry(polar.BatchRetry()),
		polar.WithRateLimit(polar.ProductionLimit()),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for customer, err := range customers.New(job).All(ctx, customers.ListParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*customer.Name)
	}
	// Output: Ada Lovelace
}

// Do sends requests that were built elsewhere. It returns responses of any status.
func ExampleClient_Do() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, client.BaseURL()+"v1/customers/external/user_42", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		fmt.Println(err) // there is no response
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, string(body), err)
	// Output: 404 {"error":"ResourceNotFound","detail":"Not found"} <nil>
}

// Call sends any operation, with a type of your own for what you need of the
// response.
func ExampleCall() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{ExternalID: "ada@polar.sh", Name: "Ada Lovelace"})
	client := srv.Client()

	type customer struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	path := "/v1/customers/external/" + url.PathEscape("ada@polar.sh")
	ada, err := polar.Call[customer](ctx, client, http.MethodPatch, path, map[string]any{"name": "Ada King"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ada.Name)
	// Output: Ada King
}

// A path that belongs to no operation is refused, with what it may have meant.
func ExampleCall_unknownPath() {
	srv, stop := start()
	defer stop()
	client := srv.Client()

	_, err := polar.Call[struct{}](ctx, client, "GET", "/v1/custmers/", nil)
	fmt.Println(err)
	// Output: polar: get: path: belongs to no operation; the closest are GET /v1/customers/, POST /v1/customers/, GET /v1/meters/
}

// Pages reads any list, page after page.
func ExamplePages() {
	srv, stop := start()
	defer stop()
	for _, name := range []string{"Ada", "Charles", "Grace"} {
		srv.AddCustomer(polartest.Customer{Name: name})
	}
	client := srv.Client()

	type customer struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	for c, err := range polar.Pages[customer](ctx, client, "/v1/customers/?sorting=created_at&limit=2") {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.Name)
	}
	fmt.Println(len(srv.Requests()), "requests")
	// Output:
	// Ada
	// Charles
	// Grace
	// 2 requests
}

// The scopes for a program that reads customers and their members, and writes
// nothing.
func ExampleOperations() {
	scopes := map[string]bool{}
	for _, op := range polar.Operations() {
		service, _, _ := strings.Cut(op.Name, ".")
		if service == "customers" && op.Method == http.MethodGet {
			scopes[op.Scopes[0]] = true
		}
	}
	fmt.Println(scopes)
	// Output: map[customers:read:true members:read:true]
}

func ExampleWithRetry() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	srv.FailNext(polartest.Failure{Status: http.StatusServiceUnavailable, Times: 4})

	client := srv.Client(polar.WithRetry(polar.RetryPolicy{
		MaxAttempts:   5,
		BaseDelay:     time.Millisecond,
		MaxDelay:      10 * time.Millisecond,
		MaxRetryAfter: 2 * time.Second, // a longer wait is an error, with RetryAfter set
	}))
	customer, err := customers.New(client).Get(ctx, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.Name, "after", len(srv.Requests()), "requests")
	// Output: Ada Lovelace after 5 requests
}

// A nightly job stays below the sandbox's rate limit, and waits if it is exceeded
// nevertheless.
func ExampleBatchRetry() {
	srv, stop := start()
	defer stop()
	client := srv.Client(
		polar.WithRetry(polar.BatchRetry()),
		polar.WithRateLimit(polar.SandboxLimit()),
	)

	for _, plan := range []string{"gold", "silver"} {
		if _, err := customers.New(client).Create(ctx, customers.CreateParams{
			Email: plan + "@polar.sh", Metadata: customers.Metadata{"plan": plan},
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
	ada := srv.AddCustomer(polartest.Customer{})
	client := srv.Client(polar.WithRateLimit(polar.RateLimit{Requests: 1, Per: time.Hour}))

	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for range 2 {
		// A request whose turn comes after the deadline fails at once.
		_, err := customers.New(client).Get(ctx, ada.ID)
		fmt.Println(err == nil)
	}
	fmt.Println(len(srv.Requests()), "request was sent")
	// Output:
	// true
	// false
	// 1 request was sent
}

// The client asks for a token before each attempt. When the service refuses one,
// it asks once more.
func ExampleWithTokenSource() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	tokens := []string{srv.RevokedToken(), srv.Token()} // what the vault returns, in turn

	client, err := polar.New("", polar.WithBaseURL(srv.URL),
		polar.WithTokenSource(func(context.Context) (string, error) {
			token := tokens[0]
			tokens = tokens[1:]
			return token, nil
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	customer, err := customers.New(client).Get(ctx, ada.ID)
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
	other := srv.AddOrganization(polartest.Organization{})
	token := srv.AddToken(polartest.Token{User: true, Organizations: []string{srv.Organization().ID, other.ID}})
	srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	srv.AddCustomer(polartest.Customer{Name: "Grace Hopper", OrganizationID: other.ID})

	client := srv.ClientWithToken(token, polar.WithOrganization(other.ID))
	page, err := customers.New(client).List(ctx, customers.ListParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, customer := range page.Items {
		fmt.Println(*customer.Name)
	}
	// Output: Grace Hopper
}

// Log lines hold route templates and no personal data.
func ExampleWithLogger() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{ExternalID: "ada@polar.sh"})
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug, // failures are warnings, everything else is for debugging
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" {
				return slog.Attr{} // different in each run
			}
			return a
		},
	}))

	client := customers.New(srv.Client(polar.WithLogger(logger)))
	if _, err := client.GetByExternalID(ctx, "ada@polar.sh"); err != nil {
		fmt.Println(err)
	}
	// Output: level=DEBUG msg="polar request" operation=customers:get_external method=GET route=/v1/customers/external/{external_id} attempt=1 wait=0s status=200
}

// The transport of a program's own HTTP client, with its proxy and certificates.
func ExampleWithHTTPClient() {
	srv, stop := start()
	defer stop()
	hc := &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 10},
		Timeout:   10 * time.Second, // as WithTimeout
	}
	defer hc.CloseIdleConnections()

	client := customers.New(srv.Client(polar.WithHTTPClient(hc)))
	_, err := client.List(ctx, customers.ListParams{})
	fmt.Println(err)
	// Output: <nil>
}

// Middleware sees every attempt, with credentials.
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

	client := customers.New(srv.Client(polar.WithMiddleware(counted)))
	if _, err := client.List(ctx, customers.ListParams{}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(count)
	// Output: 1
}

// roundTripper is a transport made of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func ExampleCaptureResponse() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	client := customers.New(srv.Client())

	var response polar.Response
	_, err := client.Get(ctx, ada.ID, polar.CaptureResponse(&response))
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
	srv.FailNext(polartest.Failure{Status: http.StatusServiceUnavailable})
	client := customers.New(srv.Client())

	_, err := client.List(ctx, customers.ListParams{}, polar.WithoutRetry())
	fmt.Println(err)
	// Output: customers: list: 503 service unavailable: the service failed
}

// The service creates no second customer with the same external ID, so this
// request may be sent again after a lost response.
func ExampleRetryUnknownOutcome() {
	srv, stop := start()
	defer stop()
	srv.FailNext(polartest.Failure{Cut: polartest.CutBeforeResponse})
	client := srv.Client()

	body := map[string]string{"external_id": "user_42", "email": "ada@polar.sh"}
	customer, err := polar.Call[customers.Customer](ctx, client, "POST", "/v1/customers/", body, polar.RetryUnknownOutcome())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*customer.ExternalID, "after", len(srv.Requests()), "requests")
	// Output: user_42 after 2 requests
}

func ExampleWithHeader() {
	srv, stop := start()
	defer stop()
	client := customers.New(srv.Client())

	_, err := client.List(ctx, customers.ListParams{}, polar.WithHeader("X-Job", "nightly"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(srv.Requests()[0].Header.Get("X-Job"))
	// Output: nightly
}
