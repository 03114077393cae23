package polar_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/polarexpress/polar-go/polar"
)

// benefit is as much of a benefit as the examples need.
type benefit struct {
	ID          string `json:"id"`
	Description string `json:"description"`
}

// newService imitates the service for the examples. Programs use polar.New with
// their token and nothing else.
func newService() (*polar.Client, func()) {
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("POST /v1/discounts/", func(w http.ResponseWriter, r *http.Request) {
		var discount map[string]any
		_ = json.NewDecoder(r.Body).Decode(&discount)
		discount["id"] = anID
		reply(w, 201, discount)
	})
	mux.HandleFunc("GET /v1/benefits/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/benefits/" {
			reply(w, 404, map[string]any{"error": "ResourceNotFound", "detail": "Not found"})
			return
		}
		reply(w, 200, map[string]any{
			"items":      []benefit{{ID: anID, Description: "Downloads"}},
			"pagination": map[string]any{"total_count": 1, "max_page": 1},
		})
	})
	server := httptest.NewServer(mux)
	client, err := polar.New("polar_oat_example", polar.WithBaseURL(server.URL))
	if err != nil {
		panic(err)
	}
	return client, server.Close
}

func ExampleNew() {
	client, err := polar.New("polar_oat_example",
		polar.WithSandbox(),
		polar.WithUserAgent("shop/1.4"),
		polar.WithTimeout(10*time.Second),
	)
	fmt.Println(client, err)

	_, err = polar.New("", polar.WithTimeout(0))
	fmt.Println(err)
	// Output:
	// polar.Client(https://sandbox-api.polar.sh) <nil>
	// polar: timeout: must be above 0; access token: is empty
}

func ExampleClient_With() {
	client, err := polar.New("polar_oat_example", polar.WithSandbox())
	if err != nil {
		fmt.Println(err)
		return
	}
	// A job waits for the service's rate limits, and stays below them.
	job, err := client.With(polar.WithRetry(polar.BatchRetry()), polar.WithRateLimit(polar.SandboxLimit()))
	fmt.Println(job, err)
	// Output: polar.Client(https://sandbox-api.polar.sh) <nil>
}

// Create a discount, which no package wraps.
func ExampleCall() {
	client, closeService := newService()
	defer closeService()

	type discount struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	created, err := polar.Call[discount](context.Background(), client, "POST", "/v1/discounts/", map[string]any{
		"name": "Spring", "type": "percentage", "basis_points": 1000, "duration": "once",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(created.Name, created.ID)
	// Output: Spring 0b0f3c3e-7a51-4c51-9a47-8f6a2c1c6f11
}

// IDs in a path are escaped. A path that belongs to no operation is refused.
func ExampleCall_path() {
	client, closeService := newService()
	defer closeService()

	_, err := polar.Call[benefit](context.Background(), client, "GET", "/v1/benefits/"+url.PathEscape(anID), nil)
	fmt.Println(err)
	_, err = polar.Call[benefit](context.Background(), client, "GET", "/v1/benefit/", nil)
	fmt.Println(err)
	// Output:
	// benefits: get: 404 ResourceNotFound: not found, or not visible to this token
	// polar: get: path: belongs to no operation; the closest are GET /v1/benefits/, POST /v1/benefits/, GET /v1/benefits/{id}
}

func ExamplePages() {
	client, closeService := newService()
	defer closeService()

	for b, err := range polar.Pages[benefit](context.Background(), client, "/v1/benefits/?sorting=created_at") {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(b.Description)
	}
	// Output: Downloads
}

func ExampleOperations() {
	for _, op := range polar.Operations() {
		if op.ID == "customers:get_state_external" {
			fmt.Println(op.Name, op.Method, op.Path, op.Scopes, op.Idempotent)
		}
	}
	// Output: customers.GetStateByExternalID GET /v1/customers/external/{external_id}/state [customers:read customers:write] true
}

func ExampleError() {
	client, closeService := newService()
	defer closeService()

	_, err := polar.Call[benefit](context.Background(), client, "GET", "/v1/benefits/"+anID, nil)
	var e *polar.Error
	if errors.Is(err, polar.ErrNotFound) && errors.As(err, &e) {
		fmt.Println(e.Operation, e.Method, e.Route, e.StatusCode)
	}
	// Output: benefits:get GET /v1/benefits/{id} 404
}

func ExampleSet() {
	name, locale := polar.Set("Ada"), polar.Null[string]()
	value, err := name.Get()
	fmt.Println(value, err, locale.IsNull())
	// Output: Ada <nil> true
}
