package orders_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/orders"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const id = servicetest.ID

var (
	recorded = servicetest.Recorded{Scenario: "orders_list_get", Step: 26}
	ctx      = context.Background()
)

const (
	invoice   = `{"url":"https://invoices.example/1.pdf?token=secret"}`
	noInvoice = `{"error":"InvoiceDoesNotExist","detail":"No invoice exists for this order."}`
)

var service = servicetest.Service{
	Name: "orders",
	Calls: []servicetest.Call{
		{
			Method: "Client.Get", Operation: "orders:get", Words: "orders: get", OK: recorded,
			Do: func(ctx context.Context, c *polar.Client) (any, error) { return orders.New(c).Get(ctx, id) },
			With: func(ctx context.Context, c *polar.Client, id string) error {
				_, err := orders.New(c).Get(ctx, id)
				return err
			},
		},
		{
			Method: "Client.List", Operation: "orders:list", Words: "orders: list", OK: servicetest.Recorded{Scenario: "orders_list_get", Step: 0},
			Do: func(ctx context.Context, c *polar.Client) (any, error) {
				at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.FixedZone("CET", 3600))
				return orders.New(c).List(ctx, orders.ListParams{
					Page: 2, Limit: 50, Status: []orders.Status{orders.StatusPaid, orders.StatusRefunded}, ProductID: []string{id}, CustomerID: []string{id},
					ExternalCustomerID: []string{"user 42&"}, CheckoutID: []string{id}, SubscriptionID: []string{id}, DiscountID: []string{id}, OrganizationID: []string{id},
					ProductBillingType: []orders.BillingType{orders.BillingOneTime}, CreatedAfter: &at, CreatedBefore: &at,
					Metadata: map[string][]string{"a b": {"1", "2"}}, Sorting: []orders.SortProperty{orders.SortAmountDesc, orders.SortCreatedAt},
				})
			},
		},
		{
			Method: "Client.Invoice", Operation: "orders:invoice", Words: "orders: invoice", Status: 200, Body: invoice,
			Do: func(ctx context.Context, c *polar.Client) (any, error) { return orders.New(c).Invoice(ctx, id) },
			With: func(ctx context.Context, c *polar.Client, id string) error {
				_, err := orders.New(c).Invoice(ctx, id)
				return err
			},
		},
	},
}

func TestRequests(t *testing.T)   { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)    { service.Success(t) }
func TestResults(t *testing.T)    { withGenerate().Results(t) }
func TestHostileIDs(t *testing.T) { withGenerate().HostileIDs(t) }
func FuzzID(f *testing.F)         { withGenerate().FuzzID(f) }
func TestRecordings(t *testing.T) {
	service.Recordings(t, nil, "orders_list_get", "orders_draft_enabled")
}
func TestDocumentation(t *testing.T) { withGenerate().Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/orders", "testdata/api.txt", *update)
}

// withGenerate adds the call that sends more than one request when it succeeds.
func withGenerate() servicetest.Service {
	s := service
	s.Calls = append(s.Calls[:len(s.Calls):len(s.Calls)], servicetest.Call{
		Method: "Client.GenerateInvoice", Operation: "orders:generate_invoice", Words: "orders: generate invoice", Status: 202, Body: "null",
		Do: func(ctx context.Context, c *polar.Client) (any, error) { return orders.New(c).GenerateInvoice(ctx, id) },
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := orders.New(c).GenerateInvoice(ctx, id)
			return err
		},
	})
	return s
}

func TestArguments(t *testing.T) {
	servicetest.Refused(t, `orders: list: checkout_id: must be a UUID; external_customer_id[0]: is empty; metadata[""]: the key is empty, so that the service would ignore the filter`, func(c *polar.Client) error {
		_, err := orders.New(c).List(t.Context(), orders.ListParams{CheckoutID: []string{"x"}, ExternalCustomerID: []string{""}, Metadata: map[string][]string{"": {"1"}}})
		return err
	})
}

// invoices is a service that has an invoice after a number of requests for it.
func invoices(after int, generate servicetest.Response) *servicetest.Wire {
	asked := 0
	return &servicetest.Wire{Decide: func(req *http.Request, _ string) servicetest.Response {
		if req.Method == http.MethodPost {
			return generate
		}
		if asked++; asked <= after {
			return servicetest.JSON(404, noInvoice)
		}
		return servicetest.JSON(200, invoice)
	}}
}

func TestGenerateInvoice(t *testing.T) {
	accepted := servicetest.JSON(202, "null")
	for after, wait := range map[int]time.Duration{0: 0, 1: 100 * time.Millisecond, 4: 1500 * time.Millisecond, 10: 6300*time.Millisecond + 20*time.Second} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			w := invoices(after, accepted)
			got, err := orders.New(w.Client(t)).GenerateInvoice(t.Context(), id)
			if err != nil || got.URL == "" || len(w.Sent()) != 2+after || time.Since(start) != wait {
				t.Errorf("after %d: got %v, %v after %d requests and %s", after, got, err, len(w.Sent()), time.Since(start))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := orders.New(invoices(1000, accepted).Client(t)).GenerateInvoice(t.Context(), id)
		want := "orders: generate invoice: invoice: 404 InvoiceDoesNotExist: the order has no invoice yet: generate it first"
		if !errors.Is(err, orders.ErrNoInvoice) || err.Error() != want || time.Since(start) < time.Minute || time.Since(start) > 70*time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := orders.New(invoices(1000, accepted).Client(t)).GenerateInvoice(ctx, id)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

func TestSentinels(t *testing.T) {
	for _, tc := range []struct {
		response servicetest.Response
		want, is error
		text     string
	}{
		{servicetest.JSON(422, `{"error":"MissingInvoiceBillingDetails","detail":"x"}`), orders.ErrNoBillingDetails, polar.ErrValidation, "the invoice needs a billing name and a billing address"},
		{servicetest.JSON(409, `{"error":"OrderNotEligibleForInvoice","detail":"x"}`), orders.ErrNotEligible, polar.ErrConflict, "an order that is a draft or void has no invoice"},
	} {
		_, err := orders.New(invoices(0, tc.response).Client(t)).GenerateInvoice(t.Context(), id)
		if !errors.Is(err, tc.want) || !errors.Is(err, tc.is) || errors.Is(err, orders.ErrNoInvoice) {
			t.Errorf("got %v", err)
		}
	}
	w := &servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(404, noInvoice)}}
	if _, err := orders.New(w.Client(t)).Invoice(t.Context(), id); !errors.Is(err, orders.ErrNoInvoice) || !errors.Is(err, polar.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAll(t *testing.T) {
	page, err := servicetest.List(recorded)
	if err != nil {
		t.Fatal(err)
	}
	w := &servicetest.Wire{Decide: func(req *http.Request, _ string) servicetest.Response {
		if want := "limit=100&page=1&sorting=-amount&sorting=created_at"; req.URL.RawQuery != want {
			t.Errorf("got %s, want %s", req.URL.RawQuery, want)
		}
		return page
	}}
	for order, err := range orders.New(w.Client(t)).All(t.Context(), orders.ListParams{Sorting: []orders.SortProperty{orders.SortAmountDesc}}) {
		if err != nil || order.ID == "" {
			t.Fatal(order, err)
		}
	}
}

func TestFromEvent(t *testing.T) {
	ok, err := recorded.Response()
	if err != nil {
		t.Fatal(err)
	}
	order, err := orders.FromEvent(webhook.Event{Type: webhook.OrderPaid, Data: json.RawMessage(ok.Body)})
	if err != nil || !order.Paid {
		t.Errorf("got %v, %v", order, err)
	}
	if _, err := orders.FromEvent(webhook.Event{Type: webhook.RefundCreated, Data: json.RawMessage(ok.Body)}); !errors.Is(err, webhook.ErrPayload) {
		t.Error(err)
	}
}

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", polar.WithSandbox())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = orders.New(client).Get(ctx, "1")
	fmt.Println(err)
	// Output: orders: get: id: must be Polar's ID, a UUID
}

func ExampleClient_Get() {
	client := orders.New(servicetest.Replay(recorded)) // in your program, of polar.New
	order, err := client.Get(ctx, "148dcb5f-d1e5-47c6-ab18-f0100915ff41")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Status, order.TotalAmount, order.Currency, order.BillingReason)
	// Output: paid 2400 usd purchase
}

func ExampleClient_List() {
	client := orders.New(servicetest.Replay(servicetest.Recorded{Scenario: "orders_list_get", Step: 2}))
	page, err := client.List(ctx, orders.ListParams{Status: []orders.Status{orders.StatusPaid}, Limit: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].Status, page.HasNext())
	// Output: paid true
}

func ExampleClient_All() {
	client := orders.New(servicetest.ReplayList(recorded))
	total := 0
	for order, err := range client.All(ctx, orders.ListParams{ExternalCustomerID: []string{"user_42"}}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if order.Paid {
			total += order.NetAmount - order.RefundedAmount
		}
	}
	fmt.Println(total, "cents")
	// Output: 2000 cents
}

func ExampleClient_Invoice() {
	client := orders.New((invoices(1, servicetest.Response{})).Example())
	_, err := client.Invoice(ctx, "148dcb5f-d1e5-47c6-ab18-f0100915ff41")
	if errors.Is(err, orders.ErrNoInvoice) {
		fmt.Println("call GenerateInvoice")
	}
	// Output: call GenerateInvoice
}

func ExampleClient_GenerateInvoice() {
	client := orders.New((invoices(1, servicetest.JSON(202, "null"))).Example())
	invoice, err := client.GenerateInvoice(ctx, "148dcb5f-d1e5-47c6-ab18-f0100915ff41")
	if errors.Is(err, orders.ErrNoBillingDetails) {
		fmt.Println("the customer has to enter a name and an address")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(invoice.URL != "")
	// Output: true
}

func ExampleFromEvent() {
	event := webhook.Event{ // as webhook.Handler delivers it
		Type: webhook.OrderPaid,
		Data: json.RawMessage(`{"id":"148dcb5f-d1e5-47c6-ab18-f0100915ff41","paid":true,"billing_reason":"purchase","customer":{"id":"1","external_id":"user_42"}}`),
	}
	order, err := orders.FromEvent(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("deliver to", *order.Customer.ExternalID, "for a", order.BillingReason)
	// Output: deliver to user_42 for a purchase
}
