package products_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/products"
	"github.com/polarexpress/polar-go/webhook"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const id = servicetest.ID

var (
	recorded = servicetest.Recorded{Scenario: "products_update", Step: 10}
	ctx      = context.Background()
)

var service = servicetest.Service{Name: "products", Calls: []servicetest.Call{
	{
		Method: "Client.Get", Operation: "products:get", Words: "products: get", OK: recorded,
		Do: func(ctx context.Context, c *polar.Client) (any, error) { return products.New(c).Get(ctx, id) },
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := products.New(c).Get(ctx, id)
			return err
		},
	},
	{
		Method: "Client.List", Operation: "products:list", Words: "products: list", Status: 200, Body: `{"items":[],"pagination":{"total_count":0,"max_page":0}}`,
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return products.New(c).List(ctx, products.ListParams{
				Page: 2, Limit: 50, ID: []string{id}, BenefitID: []string{id}, OrganizationID: []string{id}, IsArchived: polar.Ptr(false), IsRecurring: polar.Ptr(true),
				Query: "50% off & more", Visibility: []products.Visibility{products.VisibilityPublic, products.VisibilityPrivate},
				Metadata: map[string][]string{"a b": {"1", "2"}}, Sorting: []products.SortProperty{products.SortNameDesc, products.SortCreatedAt},
			})
		},
	},
}}

func TestRequests(t *testing.T)      { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)       { service.Success(t) }
func TestResults(t *testing.T)       { service.Results(t) }
func TestHostileIDs(t *testing.T)    { service.HostileIDs(t) }
func FuzzID(f *testing.F)            { service.FuzzID(f) }
func TestRecordings(t *testing.T)    { service.Recordings(t, nil, "products_update") }
func TestDocumentation(t *testing.T) { service.Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/products", "testdata/api.txt", *update)
}

// The responses to writes are products, too, with prices of every kind.
func TestRecordedProducts(t *testing.T) {
	kinds := map[products.AmountType]int{}
	for _, scenario := range []string{"products_create", "products_unit_based"} {
		for step := 0; ; step++ {
			r, err := servicetest.Recorded{Scenario: scenario, Step: step}.Response()
			if err != nil {
				break
			}
			if r.Status != http.StatusCreated {
				continue
			}
			w := &servicetest.Wire{Responses: []servicetest.Response{r}}
			product, err := products.New(w.Client(t)).Get(t.Context(), id)
			if err != nil {
				t.Errorf("%s, step %d: %v", scenario, step, err)
				continue
			}
			for _, problem := range servicetest.DifferencesJSON(t, r.Body, product) {
				t.Errorf("%s, step %d: %s", scenario, step, problem)
			}
			for _, price := range product.Prices {
				kinds[price.AmountType]++
			}
		}
	}
	for _, kind := range []products.AmountType{products.AmountFixed, products.AmountCustom, products.AmountSeatBased, products.AmountUnitBased, products.AmountMetered} {
		if kinds[kind] == 0 {
			t.Errorf("no recorded product has a price of the kind %s", kind)
		}
	}
}

func TestArguments(t *testing.T) {
	servicetest.Refused(t, "products: list: id: must be a UUID; benefit_id: must be a UUID; query: contains a NUL character", func(c *polar.Client) error {
		_, err := products.New(c).List(t.Context(), products.ListParams{ID: []string{"x"}, BenefitID: []string{""}, Query: "\x00"})
		return err
	})
}

func TestAll(t *testing.T) {
	page, err := servicetest.List(recorded)
	if err != nil {
		t.Fatal(err)
	}
	w := &servicetest.Wire{Decide: func(req *http.Request, _ string) servicetest.Response {
		if want := "limit=100&page=1&sorting=name&sorting=created_at"; req.URL.RawQuery != want {
			t.Errorf("got %s, want %s", req.URL.RawQuery, want)
		}
		return page
	}}
	for product, err := range products.New(w.Client(t)).All(t.Context(), products.ListParams{Sorting: []products.SortProperty{products.SortName}}) {
		if err != nil || product.ID == "" {
			t.Fatal(product, err)
		}
	}
}

func TestPriceIn(t *testing.T) {
	p := &products.Product{Prices: []products.Price{
		{ID: "old", PriceCurrency: "usd", AmountType: products.AmountFixed, IsArchived: true}, {ID: "metered", PriceCurrency: "usd", AmountType: products.AmountMetered},
		{ID: "eur", PriceCurrency: "eur", AmountType: products.AmountFixed}, {ID: "usd", PriceCurrency: "usd", AmountType: products.AmountSeatBased},
	}}
	for currency, want := range map[string]*products.Price{"usd": &p.Prices[3], "eur": &p.Prices[2], "chf": nil} {
		if got := products.PriceIn(p, currency); got != want {
			t.Errorf("%s: got %v, want %v", currency, got, want)
		}
	}
}

func TestFromEvent(t *testing.T) {
	ok, err := recorded.Response()
	if err != nil {
		t.Fatal(err)
	}
	product, err := products.FromEvent(webhook.Event{Type: webhook.ProductUpdated, Data: json.RawMessage(ok.Body)})
	if err != nil || product.Name == "" {
		t.Errorf("got %v, %v", product, err)
	}
	if _, err := products.FromEvent(webhook.Event{Type: webhook.BenefitCreated, Data: json.RawMessage(ok.Body)}); !errors.Is(err, webhook.ErrPayload) {
		t.Error(err)
	}
}

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", polar.WithSandbox())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = products.New(client).Get(ctx, "gold")
	fmt.Println(err)
	// Output: products: get: id: must be Polar's ID, a UUID
}

func ExampleClient_Get() {
	client := products.New(servicetest.Replay(recorded)) // in your program, of polar.New
	product, err := client.Get(ctx, "b7a58649-b55b-44d4-b9ac-07131f36110d")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(product.Name, product.IsRecurring, product.IsArchived)
	// Output: One time renamed false true
}

func ExampleClient_List() {
	client := products.New(servicetest.ReplayList(recorded))
	page, err := client.List(ctx, products.ListParams{IsArchived: polar.Ptr(true)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items), "of", page.TotalCount)
	// Output: 1 of 1
}

func ExampleClient_All() {
	client := products.New(servicetest.ReplayList(recorded))
	for product, err := range client.All(ctx, products.ListParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(product.Name)
	}
	// Output: One time renamed
}

func ExamplePriceIn() {
	client := products.New(servicetest.Replay(recorded))
	product, err := client.Get(ctx, "b7a58649-b55b-44d4-b9ac-07131f36110d")
	if err != nil {
		fmt.Println(err)
		return
	}
	switch price := products.PriceIn(product, "usd"); {
	case price == nil:
		fmt.Println("not sold in dollars")
	case price.AmountType == products.AmountFixed:
		fmt.Println(*price.PriceAmount, price.PriceCurrency)
	default:
		fmt.Println("see the checkout")
	}
	// Output: 1000 usd
}

func ExampleFromEvent() {
	event := webhook.Event{ // as webhook.Handler delivers it
		Type: webhook.ProductUpdated,
		Data: json.RawMessage(`{"id":"b7a58649-b55b-44d4-b9ac-07131f36110d","name":"Gold","is_archived":true}`),
	}
	product, err := products.FromEvent(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(product.Name, "archived:", product.IsArchived)
	// Output: Gold archived: true
}
