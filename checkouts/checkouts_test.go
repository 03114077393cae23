package checkouts_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/checkouts"
	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	id      = servicetest.ID
	otherID = "c0ffee00-1234-4abc-8def-0123456789ab"
)

var service = servicetest.Service{Name: "checkouts", Calls: []servicetest.Call{
	{
		Method: "Client.Create", Operation: "checkouts:create", Words: "checkouts: create", OK: servicetest.Recorded{Scenario: "checkouts_create", Step: 3},
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return checkouts.New(c).Create(ctx, checkouts.CreateParams{
				Products: []string{id, otherID}, ExternalCustomerID: "user_42", CustomerEmail: "ada@polar.sh", CustomerName: "Ada <&> Co",
				SuccessURL: "https://shop.example/thanks?id={CHECKOUT_ID}", ReturnURL: "https://shop.example/", DiscountID: id, AllowDiscountCodes: polar.Ptr(false),
				TrialInterval: checkouts.TrialWeek, TrialIntervalCount: polar.Ptr(2), Amount: polar.Ptr(0), Seats: polar.Ptr(3), MinSeats: polar.Ptr(1),
				Metadata: checkouts.Metadata{"plan": "gold", "seats": 3, "vip": true}, CustomerMetadata: checkouts.Metadata{"ratio": 1.5},
				CustomFieldData: map[string]any{"size": "L"}, CustomerBillingAddress: &checkouts.AddressParams{Country: "FR", City: "Paris"},
				CustomerTaxID: "FR61954506077", Locale: "fr", Currency: "eur",
				Prices: map[string][]checkouts.PriceParams{id: {{AmountType: "fixed", PriceAmount: polar.Ptr(777)}}},
			})
		},
	},
	{
		Method: "Client.Get", Operation: "checkouts:get", Words: "checkouts: get", OK: servicetest.Recorded{Scenario: "checkouts_create", Step: 2},
		Do: func(ctx context.Context, c *polar.Client) (any, error) { return checkouts.New(c).Get(ctx, id) },
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := checkouts.New(c).Get(ctx, id)
			return err
		},
	},
	{
		Method: "Client.List", Operation: "checkouts:list", Words: "checkouts: list", Status: 200, Body: `{"items":[],"pagination":{"total_count":0,"max_page":0}}`,
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return checkouts.New(c).List(ctx, checkouts.ListParams{
				Page: 2, Limit: 50, Status: []checkouts.Status{checkouts.StatusOpen, checkouts.StatusConfirmed}, ProductID: []string{id},
				CustomerID: []string{id, otherID}, ExternalCustomerID: []string{"user 42&", "ü"}, OrganizationID: []string{id}, Query: "50% off & more",
				Sorting: []checkouts.SortProperty{checkouts.SortExpiresAtDesc, checkouts.SortCreatedAt},
			})
		},
	},
	{
		Method: "Client.Update", Operation: "checkouts:update", Words: "checkouts: update", OK: servicetest.Recorded{Scenario: "checkouts_create", Step: 0},
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return checkouts.New(c).Update(ctx, id, checkouts.UpdateParams{
				CustomerEmail: polar.Set("new@polar.sh"), CustomerName: polar.Null[string](), DiscountID: polar.Null[string](), Amount: polar.Set(0),
				Metadata: checkouts.Metadata{}, CustomerBillingAddress: polar.Set(checkouts.AddressParams{Country: "FR"}), ProductID: polar.Set(otherID),
			})
		},
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := checkouts.New(c).Update(ctx, id, checkouts.UpdateParams{})
			return err
		},
	},
}}

func TestRequests(t *testing.T)      { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)       { service.Success(t) }
func TestResults(t *testing.T)       { service.Results(t) }
func TestHostileIDs(t *testing.T)    { service.HostileIDs(t) }
func FuzzID(f *testing.F)            { service.FuzzID(f) }
func TestDocumentation(t *testing.T) { service.Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/checkouts", "testdata/api.txt", *update)
}

func TestRecordings(t *testing.T) {
	service.Recordings(t, func(t *testing.T, step recording.Step, err error) {
		for code, want := range map[string]error{
			"NotOpenCheckout": checkouts.ErrNotOpen, "AlreadyActiveSubscriptionError": checkouts.ErrAlreadySubscribed, "CheckoutLocked": checkouts.ErrLocked,
		} {
			if has := strings.Contains(step.ResponseBody, code); has != errors.Is(err, want) {
				t.Errorf("%s became %v", step.ResponseBody, err)
			}
		}
	}, "checkouts_create", "checkouts_create_errors", "checkouts_client", "concurrency")
}

func TestSentinels(t *testing.T) {
	for code, tc := range map[string]struct {
		status int
		want   error
		text   string
	}{
		"NotOpenCheckout":                {403, checkouts.ErrNotOpen, "checkouts: update: 403 NotOpenCheckout: the checkout session is not open any more"},
		"AlreadyActiveSubscriptionError": {403, checkouts.ErrAlreadySubscribed, "checkouts: update: 403 AlreadyActiveSubscriptionError: the customer already has an active subscription, and the organization allows only one"},
		"CheckoutLocked":                 {409, checkouts.ErrLocked, "checkouts: update: 409 CheckoutLocked: another request changes the checkout session at this moment: try again"},
	} {
		w := &servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(tc.status, `{"error":"`+code+`","detail":"x"}`)}}
		_, err := checkouts.New(w.Client(t)).Update(t.Context(), id, checkouts.UpdateParams{})
		if !errors.Is(err, tc.want) || err.Error() != tc.text {
			t.Errorf("%s: got %v", code, err)
		}
	}
}

func TestArguments(t *testing.T) {
	ctx := t.Context()
	one := []string{id}
	for want, p := range map[string]checkouts.CreateParams{
		"products: must have at least one product":                                                    {},
		"products[0]: must be Polar's ID, a UUID":                                                     {Products: []string{"gold"}},
		"products[1]: is listed twice":                                                                {Products: []string{id, id}},
		"external_customer_id: must be left out with customer_id: a customer is named by one of them": {Products: one, CustomerID: id, ExternalCustomerID: "user_42"},
		"external_customer_id: contains a slash, which the service treats as a path separator: no ByExternalID method could find it": {Products: one, ExternalCustomerID: "a/b"},
		"customer_id: must be a UUID":                                                                            {Products: one, CustomerID: "user_42"},
		"customer_email: must be an email address, such as name@your-domain.com":                                 {Products: one, CustomerEmail: "ada"},
		"customer_name: must be at most 256 characters":                                                          {Products: one, CustomerName: strings.Repeat("ü", 257)},
		"success_url: must be an absolute http or https URL, such as https://your-domain.com/thanks":             {Products: one, SuccessURL: "/thanks"},
		"return_url: must be an absolute http or https URL, such as https://your-domain.com/thanks":              {Products: one, ReturnURL: "ftp://shop.example"},
		"amount: must be 0 to 2147483647":                                                                        {Products: one, Amount: polar.Ptr(-1)},
		"seats: must be 1 to 10000":                                                                              {Products: one, Seats: polar.Ptr(0)},
		"seats: must be at least min_seats":                                                                      {Products: one, Seats: polar.Ptr(2), MinSeats: polar.Ptr(3)},
		"seats: must be at most max_seats":                                                                       {Products: one, Seats: polar.Ptr(5), MaxSeats: polar.Ptr(3)},
		"max_seats: must be 1 to 10000":                                                                          {Products: one, MaxSeats: polar.Ptr(10_001)},
		"trial_interval: and trial_interval_count must come together":                                            {Products: one, TrialInterval: checkouts.TrialDay},
		"trial_interval_count: must be 1 to 1000":                                                                {Products: one, TrialInterval: checkouts.TrialDay, TrialIntervalCount: polar.Ptr(1001)},
		"currency: must be a code of three lower-case letters, such as usd":                                      {Products: one, Currency: "USD"},
		"discount_id: must be a UUID":                                                                            {Products: one, DiscountID: "TEN"},
		"customer_billing_address.country: must be a code of two letters, such as FR":                            {Products: one, CustomerBillingAddress: &checkouts.AddressParams{}},
		`metadata["plan"]: must be 1 to 500 characters`:                                                          {Products: one, Metadata: checkouts.Metadata{"plan": ""}},
		`customer_metadata["plan"]: must be a string, a number or a bool`:                                        {Products: one, CustomerMetadata: checkouts.Metadata{"plan": nil}},
		"products: must have at least one product; customer_id: must be a UUID; amount: must be 0 to 2147483647": {CustomerID: "x", Amount: polar.Ptr(-1)},
	} {
		servicetest.Refused(t, "checkouts: create: "+want, func(c *polar.Client) error {
			_, err := checkouts.New(c).Create(ctx, p)
			return err
		})
	}
	servicetest.Refused(t, "checkouts: update: customer_billing_address: cannot be null, which the service ignores: leave it out to keep it; product_id: must be a UUID", func(c *polar.Client) error {
		_, err := checkouts.New(c).Update(ctx, id, checkouts.UpdateParams{CustomerBillingAddress: polar.Null[checkouts.AddressParams](), ProductID: polar.Set("x")})
		return err
	})
	servicetest.Refused(t, "checkouts: list: product_id: must be a UUID; external_customer_id[1]: is empty", func(c *polar.Client) error {
		_, err := checkouts.New(c).List(ctx, checkouts.ListParams{ProductID: []string{"x"}, ExternalCustomerID: []string{"a", ""}})
		return err
	})
}

// A lost response of Create is an unknown outcome, because each request creates a
// session; an update is sent again.
func TestOutcomes(t *testing.T) {
	ok, err := servicetest.Recorded{Scenario: "checkouts_create", Step: 0}.Response()
	if err != nil {
		t.Fatal(err)
	}
	lost := servicetest.Response{Status: 502}
	create := checkouts.CreateParams{Products: []string{id}}

	w := &servicetest.Wire{Responses: []servicetest.Response{lost, ok}}
	_, err = checkouts.New(w.Client(t, servicetest.Retry())).Create(t.Context(), create)
	if !errors.Is(err, polar.ErrOutcomeUnknown) || len(w.Sent()) != 1 {
		t.Errorf("create: %v after %d requests", err, len(w.Sent()))
	}
	w = &servicetest.Wire{Responses: []servicetest.Response{lost, ok}}
	if _, err = checkouts.New(w.Client(t, servicetest.Retry())).Create(t.Context(), create, polar.RetryUnknownOutcome()); err != nil || len(w.Sent()) != 2 {
		t.Errorf("create with RetryUnknownOutcome: %v after %d requests", err, len(w.Sent()))
	}
	w = &servicetest.Wire{Responses: []servicetest.Response{lost, ok}}
	if _, err = checkouts.New(w.Client(t, servicetest.Retry())).Update(t.Context(), id, checkouts.UpdateParams{}); err != nil || len(w.Sent()) != 2 {
		t.Errorf("update: %v after %d requests", err, len(w.Sent()))
	}
}

// All asks for whole pages, in an order without ties.
func TestAll(t *testing.T) {
	ok, err := servicetest.Recorded{Scenario: "checkouts_create", Step: 0}.Response()
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	w := &servicetest.Wire{Decide: func(req *http.Request, _ string) servicetest.Response {
		queries = append(queries, req.URL.RawQuery)
		return servicetest.JSON(200, `{"items":[`+ok.Body+`],"pagination":{"total_count":1,"max_page":1}}`)
	}}
	c := checkouts.New(w.Client(t))
	n := 0
	for checkout, err := range c.All(t.Context(), checkouts.ListParams{Sorting: []checkouts.SortProperty{checkouts.SortStatus}}) {
		if err != nil || checkout.URL == "" {
			t.Fatal(checkout, err)
		}
		n++
	}
	if n != 1 || len(queries) != 1 || queries[0] != "limit=100&page=1&sorting=status&sorting=created_at" {
		t.Errorf("%d sessions after %q", n, queries)
	}
}

func TestFromEvent(t *testing.T) {
	ok, err := servicetest.Recorded{Scenario: "checkouts_create", Step: 0}.Response()
	if err != nil {
		t.Fatal(err)
	}
	checkout, err := checkouts.FromEvent(webhook.Event{Type: webhook.CheckoutUpdated, Data: json.RawMessage(ok.Body)})
	if err != nil || checkout.Status != checkouts.StatusOpen {
		t.Errorf("got %v, %v", checkout, err)
	}
	for _, event := range []webhook.Event{
		{Type: webhook.OrderPaid, Data: json.RawMessage(ok.Body)}, {Type: webhook.CheckoutCreated}, {Type: webhook.CheckoutCreated, Data: json.RawMessage(`{"id":1}`)},
		{Type: webhook.CheckoutCreated, Data: json.RawMessage(`{}`)},
	} {
		if _, err := checkouts.FromEvent(event); !errors.Is(err, webhook.ErrPayload) {
			t.Errorf("%v: %v", event, err)
		}
	}
}
