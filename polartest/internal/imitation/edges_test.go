package imitation

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/python"
)

// A filter of the wrong form is refused, even if events exist.
func TestMalformedEventFilter(t *testing.T) {
	srv := NewServer(t, WithoutContractCheck())
	if status, body := do(t, srv, srv.Token(), "POST", "/v1/events/ingest", `{"events":[{"name":"call","external_customer_id":"ada"}]}`); status != http.StatusOK {
		t.Fatalf("ingest: %d %s", status, body)
	}
	for filter, want := range map[string]int{
		`{`:                                      http.StatusUnprocessableEntity,
		`[]`:                                     http.StatusUnprocessableEntity,
		`{"clauses":1}`:                          http.StatusUnprocessableEntity,
		`{"conjunction":"and","clauses":[null]}`: http.StatusUnprocessableEntity,
		`{"conjunction":"and","clauses":[1]}`:    http.StatusUnprocessableEntity,
		`{"conjunction":"and","clauses":[{"property":"name","operator":"eq","value":"call"}]}`:   http.StatusOK,
		`{"conjunction":"and","clauses":[{"conjunction":"or","clauses":[{"property":"name"}]}]}`: http.StatusUnprocessableEntity,
	} {
		status, body := do(t, srv, srv.Token(), "GET", "/v1/events/?filter="+url.QueryEscape(filter), "")
		if status != want {
			t.Errorf("filter %s: status %d, want %d\n%s", filter, status, want, body)
		}
	}
}

// A loaded server recognizes the events that the saved one counted, and hides those
// that wait for their parents.
func TestLoadEvents(t *testing.T) {
	before := NewServer(t)
	const event = `{"events":[{"name":"call","external_customer_id":"ada","external_id":"e1"},{"name":"child","external_customer_id":"ada","parent_id":"later"}]}`
	if status, body := do(t, before, before.Token(), "POST", "/v1/events/ingest", event); status != http.StatusOK {
		t.Fatalf("ingest: %d %s", status, body)
	}
	var file bytes.Buffer
	if err := before.Save(&file); err != nil {
		t.Fatal(err)
	}
	after := NewServer(t)
	if err := after.Load(&file); err != nil {
		t.Fatal(err)
	}
	if _, body := do(t, after, after.Token(), "GET", "/v1/events/", ""); !strings.Contains(body, `"total_count":1`) {
		t.Errorf("events after loading: %s", body)
	}
	_, body := do(t, after, after.Token(), "POST", "/v1/events/ingest", `{"events":[{"name":"call","external_customer_id":"ada","external_id":"e1"}]}`)
	if body != `{"inserted":0,"duplicates":1}` {
		t.Errorf("the event again: %s", body)
	}
}

// A body of unknown length is refused with and without a socket.
func TestUnknownLength(t *testing.T) {
	for name, opts := range map[string][]Option{"socket": nil, "memory": {WithoutSocket()}} {
		srv := NewServer(t, opts...)
		client := http.DefaultClient
		if srv.URL == "" {
			client = &http.Client{Transport: srv.Transport()}
		}
		for _, test := range []struct {
			method, path string
			want         int
		}{
			{"POST", "/v1/customers/", http.StatusLengthRequired},
			{"DELETE", "/v1/customers/11111111-1111-4111-8111-111111111111", http.StatusNotFound},
		} {
			req, err := http.NewRequest(test.method, baseURL(srv)+test.path, io.MultiReader(strings.NewReader(`{}`)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+srv.Token())
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != test.want {
				t.Errorf("%s: %s has status %d, want %d", name, test.method, resp.StatusCode, test.want)
			}
		}
	}
}

// The old root of the API leads to the same operations, failures and limits.
func TestOldRoot(t *testing.T) {
	srv := NewServer(t)
	srv.FailNext(Failure{Operation: "customers:list", Status: http.StatusBadGateway})
	if status, body := do(t, srv, srv.Token(), "GET", "/api/v1/customers/", ""); status != http.StatusBadGateway {
		t.Errorf("scripted failure: %d %s", status, body)
	}
	srv.SetRateLimit(ProductionLimit())
	for i, want := range []int{http.StatusUnprocessableEntity, http.StatusUnprocessableEntity, http.StatusUnprocessableEntity, http.StatusTooManyRequests} {
		if status, body := do(t, srv, "", "POST", "/api/v1/customer-portal/license-keys/validate", `{}`); status != want {
			t.Errorf("validation %d: %d %s", i, status, body)
		}
	}
}

// A webhook of the first organization follows it when a file replaces it.
func TestSeedMovesWebhooks(t *testing.T) {
	srv := NewServer(t)
	events := make(chan string, 10)
	e := srv.AddWebhook(Webhook{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), OnDelivery: func(d Delivery) { events <- d.Type }})
	if err := srv.Seed(strings.NewReader(`{"organization":{"name":"Acme"},"products":[{"name":"Pro"}]}`)); err != nil {
		t.Fatal(err)
	}
	if err := e.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case typ := <-events:
		if typ != "product.created" {
			t.Errorf("received %s", typ)
		}
	default:
		t.Error("no event was delivered")
	}
}

// An organization with products is not replaced.
func TestSeedKeepsProducts(t *testing.T) {
	srv := NewServer(t)
	p := srv.AddProduct(Product{})
	if err := srv.Seed(strings.NewReader(`{"organization":{"name":"Acme"}}`)); err != nil {
		t.Fatal(err)
	}
	if status, body := do(t, srv, srv.Token(), "GET", "/v1/products/"+p.ID, ""); status != http.StatusOK {
		t.Errorf("the product: %d %s", status, body)
	}
}

// A handler that aborts its response fails the delivery, as over a socket.
func TestHandlerAborts(t *testing.T) {
	srv := NewServer(t)
	e := srv.AddWebhook(Webhook{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })})
	srv.AddCustomer(Customer{})
	if err := e.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, d := range e.Deliveries() {
		if d.OK() || d.Err == nil {
			t.Errorf("delivery: status %d, %v", d.Status, d.Err)
		}
	}
}

// Metadata of seeds has the values that their JSON has.
func TestSeedMetadata(t *testing.T) {
	type plan string
	srv := NewServer(t)
	c := srv.AddCustomer(Customer{Metadata: map[string]any{"plan": plan("pro"), "seats": uint(3)}})
	if _, body := do(t, srv, srv.Token(), "GET", "/v1/customers/"+c.ID, ""); !strings.Contains(body, `"metadata":{"plan":"pro","seats":3}`) {
		t.Errorf("customer: %s", body)
	}
	other, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	err = other.Load(strings.NewReader(`{"customers":[{"email":"ada@polar.sh","metadata":{"nested":{"a":1}}}]}`))
	if err == nil || !strings.Contains(err.Error(), "metadata.nested") {
		t.Errorf("nested metadata: %v", err)
	}
}

// Infinite consumption does not stop the server.
func TestInfiniteConsumption(t *testing.T) {
	price := python.NewObject("unit_amount", "1")
	if got := meterAmount(price, python.NewObject("consumed_units", math.Inf(1))); got != 0 {
		t.Errorf("amount %d", got)
	}
}

// Refund refuses amounts that an order cannot give back.
func TestRefundAmounts(t *testing.T) {
	for _, amount := range []int{-1, 1001} {
		srv, err := Start()
		if err != nil {
			t.Fatal(err)
		}
		p := srv.AddProduct(Product{PriceAmount: 1000})
		status, body := do(t, srv, srv.Token(), "POST", "/v1/checkouts/", `{"products":["`+p.ID+`"]}`)
		if status != http.StatusCreated {
			t.Fatalf("checkout: %d %s", status, body)
		}
		srv.Refund(srv.Pay(parseObject(body).Text("id")).OrderID, amount)
		if err := srv.Close(); err == nil || !strings.Contains(err.Error(), "1000 left to refund") {
			t.Errorf("refund of %d: %v", amount, err)
		}
	}
}
