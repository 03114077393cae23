package imitation

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/polarexpress/polar-go/internal/python"
)

// crowd is a server with many customers.
func crowd(tb testing.TB, n int) *Server {
	srv, err := Start(WithoutSocket(), WithoutContractCheck())
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		srv.AddCustomer(Customer{
			Email: fmt.Sprintf("user-%d@polar.sh", i), Name: fmt.Sprintf("User %d", i%977), ExternalID: fmt.Sprintf("ext-%d", i),
			Metadata: map[string]any{"shard": i % 10},
		})
	}
	return srv
}

// market is a crowd in which each customer has a subscription, a grant and an order.
// The paths lead to these.
func market(tb testing.TB, n int) (srv *Server, paths []timedPath) {
	srv = crowd(tb, n)
	product, benefit := srv.AddProduct(Product{RecurringInterval: "month"}), srv.AddBenefit(Benefit{Type: "feature_flag"})
	for i, c := range srv.Customers() {
		sub := srv.AddSubscription(Subscription{CustomerID: c.ID, ProductID: product.ID})
		srv.AddGrant(Grant{CustomerID: c.ID, BenefitID: benefit.ID})
		srv.mu.Lock()
		o := srv.insertAs(kindOrder, newUUID(), c.OrganizationID, c.ID, srv.stamp(), python.NewObject("product_id", product.ID, "subscription_id", sub.ID,
			"customer_id", c.ID, "total_amount", 1000+i))
		srv.mu.Unlock()
		if i == n/2 {
			paths = []timedPath{
				{"orders", "/v1/orders/?limit=100"},
				{"last orders", "/v1/orders/?limit=100&page=500"},
				{"one order", "/v1/orders/" + o.id},
				{"orders of one", "/v1/orders/?customer_id=" + c.ID},
				{"subscriptions", "/v1/subscriptions/?limit=100"},
				{"grants", "/v1/benefit-grants/?limit=100"},
				{"state", "/v1/customers/" + c.ID + "/state"},
			}
		}
	}
	return srv, paths
}

func fetch(tb testing.TB, srv *Server, token, path string) int64 {
	req, err := http.NewRequestWithContext(tb.Context(), "GET", baseURL(srv)+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := srv.Transport().RoundTrip(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil || resp.StatusCode != 200 {
		tb.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return n
}

type timedPath struct{ name, path string }

// manyPaths are the reads that must stay fast with 50,000 customers.
var manyPaths = []timedPath{
	{"first page", "/v1/customers/?limit=100"},
	{"last page", "/v1/customers/?limit=100&page=500"},
	{"by name", "/v1/customers/?limit=100&sorting=name"},
	{"by address", "/v1/customers/?email=USER-40000@polar.sh"},
	{"by query", "/v1/customers/?query=user-4999"},
	{"by metadata", "/v1/customers/?metadata[shard]=3&limit=100"},
	{"active", "/v1/customers/?active=false&limit=100"},
	{"by external ID", "/v1/customers/external/ext-40000"},
	{"export", "/v1/customers/export"},
}

func BenchmarkManyCustomers(b *testing.B) {
	srv, paths := market(b, 50_000)
	token := srv.Token()
	for _, p := range append(paths, manyPaths...) {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(fetch(b, srv, token, p.path))
			}
		})
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		srv, err := Start()
		if err != nil {
			b.Fatal(err)
		}
		if err := srv.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
