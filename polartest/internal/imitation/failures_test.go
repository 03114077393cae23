package imitation

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// through sends one request by a transport.
func through(t *testing.T, rt http.RoundTripper, method, url, token, body string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp, string(data), err
}

// transports reach a server with and without a socket.
func transports(srv *Server) map[string]http.RoundTripper {
	return map[string]http.RoundTripper{"socket": &http.Transport{DisableKeepAlives: true}, "memory": srv.Transport()}
}

func TestFailNext(t *testing.T) {
	srv := NewServer(t)
	token := srv.Token()
	for name, rt := range transports(srv) {
		t.Run(name, func(t *testing.T) {
			get := func() (*http.Response, string, error) {
				return through(t, rt, "GET", baseURL(srv)+"/v1/customers/", token, "")
			}
			srv.FailNext(
				Failure{},
				Failure{Operation: "customers:create"},
				Failure{Status: 503, Times: 2},
				Failure{Status: 429, RetryAfter: 3 * time.Second},
				Failure{Status: 422, Body: `{"detail":[]}`, Header: http.Header{"X-Test": {"1"}}},
			)
			for i, want := range []struct {
				status int
				kind   string
			}{{500, "text/plain; charset=utf-8"}, {503, "text/html"}, {503, "text/html"}, {429, ""}, {422, "application/json"}, {200, "application/json"}} {
				resp, body, err := get()
				if err != nil || resp.StatusCode != want.status || resp.Header.Get("Content-Type") != want.kind {
					t.Errorf("request %d: %v, %q, %v, want %v", i, resp, body, err, want)
				}
				if want.status == 429 && resp.Header.Get("Retry-After") != "3" {
					t.Errorf("Retry-After: %q", resp.Header.Get("Retry-After"))
				}
				if want.status == 422 && resp.Header.Get("X-Test") != "1" {
					t.Errorf("header is missing: %v", resp.Header)
				}
			}
			resp, _, err := through(t, rt, "POST", baseURL(srv)+"/v1/customers/", token, `{"email":"`+name+`@polar.sh"}`)
			if err != nil || resp.StatusCode != 500 {
				t.Errorf("create: %v, %v, want the 500 that waited for it", resp, err)
			}
		})
	}
}

func TestAppliedFailure(t *testing.T) {
	srv := NewServer(t)
	srv.FailNext(Failure{Operation: "customers:create", Status: 502, Applied: true})
	if status, _ := do(t, srv, srv.Token(), "POST", "/v1/customers/", `{"email":"ada@polar.sh"}`); status != 502 {
		t.Errorf("status %d, want 502", status)
	}
	if list := srv.Customers(); len(list) != 1 || list[0].Email != "ada@polar.sh" {
		t.Errorf("the customer was not made: %v", list)
	}
}

func TestCuts(t *testing.T) {
	srv := NewServer(t)
	srv.AddCustomer(Customer{})
	token := srv.Token()
	for name, rt := range transports(srv) {
		t.Run(name, func(t *testing.T) {
			srv.FailNext(Failure{Cut: CutBeforeResponse}, Failure{Cut: CutWithinBody}, Failure{Operation: "customers:export", Cut: CutWithinBody})
			if _, _, err := through(t, rt, "GET", baseURL(srv)+"/v1/customers/", token, ""); err == nil {
				t.Error("a response came over a connection that was cut")
			}
			resp, body, err := through(t, rt, "GET", baseURL(srv)+"/v1/customers/", token, "")
			if !errors.Is(err, io.ErrUnexpectedEOF) || resp.StatusCode != 200 || !strings.HasPrefix(body, `{"items":[`) {
				t.Errorf("%v, %q, %v, want half a list", resp, body, err)
			}
			_, _, err = through(t, rt, "GET", baseURL(srv)+"/v1/customers/export", token, "")
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("export: %v, want a cut", err)
			}
		})
	}
}

func TestUnmetExpectations(t *testing.T) {
	srv, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	srv.FailNext(Failure{Operation: "customers:get", Times: 2})
	srv.Expect("customers:list", 1)
	srv.Expect("customers:export", 0)
	err = srv.Close()
	for _, want := range []string{"scripted failure of customers:get (2 left)", "customers:list was called 0 times, want 1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Close() = %v, want %q in it", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "export") {
		t.Errorf("Close() = %v, want nothing about the export", err)
	}
}

func TestBadSeeds(t *testing.T) {
	srv, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	srv.AddCustomer(Customer{ID: "1"})
	srv.AddCustomer(Customer{Email: "twice@polar.sh"})
	srv.AddCustomer(Customer{Email: "Twice@polar.sh"})
	srv.AddCustomer(Customer{OrganizationID: "nowhere"})
	srv.AddMember(Member{CustomerID: "nobody"})
	err = srv.Close()
	for _, want := range []string{`"1"`, "Twice@polar.sh", "nowhere", "nobody"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Close() = %v, want %q in it", err, want)
		}
	}
}

// TestTime runs on synctest's clock, so nothing waits.
func TestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := NewServer(t, WithoutSocket())
		rt, token := srv.Transport(), srv.Token()
		get := func(path string) (int, http.Header) {
			resp, _, err := through(t, rt, "GET", baseURL(srv)+path, token, "")
			if err != nil {
				t.Fatal(err)
			}
			return resp.StatusCode, resp.Header
		}

		began := time.Now()
		srv.SetLatency(3 * time.Second)
		get("/v1/customers/")
		srv.SetLatency(0)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("a request took %v, want 3s", took)
		}

		srv.SetRateLimit(RateLimit{Requests: 2, Window: time.Minute})
		for i, want := range []int{200, 200, 200, 429, 429} { // the first is on the token's own budget
			if status, header := get("/v1/customers/"); status != want || want == 429 && header.Get("Retry-After") != "60" {
				t.Errorf("request %d: %d %v, want %d", i, status, header, want)
			}
		}
		time.Sleep(time.Minute)
		if status, _ := get("/v1/customers/"); status != 200 {
			t.Errorf("after the window: %d", status)
		}
		srv.SetRateLimit(RateLimit{})

		srv.SetReplicaLag(time.Second)
		resp, _, err := through(t, rt, "POST", baseURL(srv)+"/v1/customers/", token, `{"email":"late@polar.sh","external_id":"late"}`)
		if err != nil || resp.StatusCode != 201 {
			t.Fatal(resp, err)
		}
		if status, _ := get("/v1/customers/external/late"); status != 404 {
			t.Errorf("at once: %d, want 404", status)
		}
		srv.Advance(time.Second)
		if status, _ := get("/v1/customers/external/late"); status != 200 {
			t.Errorf("after the lag: %d, want 200", status)
		}
		srv.SetReplicaLag(0)
	})
}

func TestColdTokens(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	srv := NewServer(t, WithClock(func() time.Time { return now }))
	srv.SetRateLimit(RateLimit{Requests: 1, Window: time.Second})
	bad := 0
	for range coldLimit.Requests + 5 {
		if status, _ := do(t, srv, "polar_oat_wrong", "GET", "/v1/customers/", ""); status == 429 {
			bad++
		}
	}
	if bad != 5 {
		t.Errorf("%d requests with a bad token were limited, want 5", bad)
	}
	if srv.Now() != now {
		t.Errorf("Now() = %v", srv.Now())
	}
}

func TestStateCache(t *testing.T) {
	srv := NewServer(t, WithStateCache())
	c, token := srv.AddCustomer(Customer{}), srv.Token()
	granted := func() bool {
		_, body := do(t, srv, token, "GET", "/v1/customers/"+c.ID+"/state", "")
		return !strings.Contains(body, `"granted_benefits":[]`)
	}
	if granted() {
		t.Error("a benefit came from nowhere")
	}
	srv.AddGrant(Grant{CustomerID: c.ID})
	if granted() {
		t.Error("the state is current although nothing refreshed it")
	}
	srv.RunJobs()
	if !granted() {
		t.Error("the state is stale after the jobs ran")
	}
	srv.AddCustomer(Customer{ExternalID: "other"})
	srv.Advance(stateTTL)
	if !granted() {
		t.Error("the state is gone after an hour")
	}
}

func TestAnonymize(t *testing.T) {
	srv := NewServer(t)
	token := srv.Token()
	c := srv.AddCustomer(Customer{
		Email: "a@polar.sh", Name: "Ada", BillingName: "Ada Ltd", ExternalID: "ada", BillingAddress: &Address{Country: "FR"},
		Metadata: map[string]any{"n": 1},
	})
	sub := srv.AddSubscription(Subscription{CustomerID: c.ID})
	srv.AddGrant(Grant{CustomerID: c.ID})
	if status, _ := do(t, srv, token, "DELETE", "/v1/customers/"+c.ID+"?anonymize=true", ""); status != 204 {
		t.Fatalf("status %d", status)
	}
	got, ok := srv.Customer(c.ID)
	if !ok || got.DeletedAt.IsZero() || !strings.HasSuffix(got.Email, "@anonymized.polar.sh") || len(got.Name) != 64 || len(got.BillingName) != 64 ||
		got.BillingAddress != nil || got.ExternalID != "" || got.Metadata["__external_id"] != "ada" || got.Metadata["__anonymized_at"] == nil || got.Metadata["n"] != 1 {
		t.Errorf("left behind: %+v", got)
	}
	if n := len(srv.Members(c.ID)); n != 0 {
		t.Errorf("%d members left", n)
	}
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if s := srv.db.primary.shop.of[owner{kindSubscription, c.ID}][0]; s.id != sub.ID || s.text("status") != "canceled" {
		t.Errorf("subscription: %+v", s)
	}
	for _, g := range srv.db.primary.shop.of[owner{kindGrant, c.ID}] {
		if g.is("is_granted") {
			t.Error("a grant is left")
		}
	}
}

// TestConcurrentUse runs many clients at once under the race detector. Only one of the
// customers with the same email address is created.
func TestConcurrentUse(t *testing.T) {
	srv := NewServer(t)
	srv.SetReplicaLag(time.Millisecond)
	token := srv.Token()
	rt := srv.Transport()
	var group sync.WaitGroup
	made := make(chan int, 100)
	for range 16 {
		group.Go(func() {
			for range 5 {
				resp, _, err := through(t, rt, "POST", baseURL(srv)+"/v1/customers/", token, `{"email":"one@polar.sh"}`)
				if err == nil {
					made <- resp.StatusCode
				}
				for _, path := range []string{"/v1/customers/?query=one", "/v1/customers/export", "/v1/customers/external/x"} {
					if _, _, err := through(t, rt, "GET", baseURL(srv)+path, token, ""); err != nil {
						t.Error(err)
					}
				}
				srv.AddCustomer(Customer{})
				srv.Requests("customers:create")
			}
		})
	}
	group.Wait()
	close(made)
	created := 0
	for status := range made {
		if status == 201 {
			created++
		}
	}
	if created != 1 {
		t.Errorf("%d customers have the same address", created)
	}
}
