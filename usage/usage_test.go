package usage_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/usage"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const id = servicetest.ID

var ctx = context.Background()

var at = time.Date(2026, 11, 23, 16, 21, 40, 123456789, time.FixedZone("CET", 3600))

var service = servicetest.Service{Name: "usage", Calls: []servicetest.Call{
	{
		Method: "Client.Ingest", Operation: "events:ingest", Words: "events: ingest", OK: servicetest.Recorded{Scenario: "events_ingest", Step: 0},
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return usage.New(c).Ingest(ctx, []usage.Event{
				{Name: "api_call", ExternalCustomerID: "user/42", ExternalID: "job 1", Timestamp: &at, ParentID: "job 0", ExternalMemberID: "m 1",
					Metadata: usage.Metadata{"tokens": 3, "region": "eu", "ok": true, "f": 1.25, strings.Repeat("long", 20): "key",
						"_cost": usage.Cost{Amount: "0.0125", Currency: "usd"}, "_llm": usage.LLM{Vendor: "openai", Model: "m", InputTokens: 1, OutputTokens: 2, TotalTokens: 3}}},
				{Name: "api_call", CustomerID: id, ExternalID: "job 2", MemberID: id, OrganizationID: id},
			})
		},
	},
	{
		Method: "Client.ListMeters", Operation: "customer_meters:list", Words: "customer meters: list", Status: 200,
		Body: `{"items":[{"id":"` + id + `","created_at":"2026-11-24T16:10:48.325Z","modified_at":null,"customer_id":"` + id + `","meter_id":"` + id + `","consumed_units":12.5,"credited_units":10,"balance":-2.5}],"pagination":{"total_count":1,"max_page":1}}`,
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return usage.New(c).ListMeters(ctx, usage.MeterParams{
				Page: 2, Limit: 50, CustomerID: []string{id}, ExternalCustomerID: []string{"user 42&"}, MeterID: []string{id}, OrganizationID: []string{id},
				Sorting: []usage.SortProperty{usage.SortBalanceDesc, usage.SortCreatedAt},
			})
		},
	},
}}

func TestRequests(t *testing.T)   { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)    { service.Success(t) }
func TestResults(t *testing.T)    { service.Results(t) }
func TestHostileIDs(t *testing.T) { service.HostileIDs(t) }
func TestRecordings(t *testing.T) {
	service.Recordings(t, nil, "events_ingest", "orgs_and_user_tokens")
}

// A balance was recorded alone, and not in a list.
func TestRecordedMeter(t *testing.T) {
	page, err := servicetest.List(servicetest.Recorded{Scenario: "polar_version_services", Step: 24})
	if err != nil {
		t.Fatal(err)
	}
	w := &servicetest.Wire{Responses: []servicetest.Response{page}}
	got, err := usage.New(w.Client(t)).ListMeters(t.Context(), usage.MeterParams{})
	if err != nil || len(got.Items) != 1 {
		t.Fatal(got, err)
	}
	for _, problem := range servicetest.DifferencesJSON(t, page.Body, got) {
		t.Error(problem)
	}
}
func TestDocumentation(t *testing.T) { service.Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/usage", "testdata/api.txt", *update)
}

// wrongEvents are events that are refused before they are sent, and why.
var wrongEvents = map[string]usage.Event{
	"name: is required; customer_id: is required, or external_customer_id in its place":           {},
	"name: must be at most 128 characters":                                                        {Name: strings.Repeat("n", 129), CustomerID: id},
	"timestamp: is the zero time: leave it out for the present time":                              {Name: "n", CustomerID: id, Timestamp: new(time.Time)},
	"external_customer_id: must be left out with customer_id: a customer is named by one of them": {Name: "n", CustomerID: id, ExternalCustomerID: "user_42"},
	"customer_id: must be a UUID":                                                                 {Name: "n", CustomerID: "user_42"},
	"member_id: must be a UUID":                                                                   {Name: "n", CustomerID: id, MemberID: "m"},
	"organization_id: must be a UUID":                                                             {Name: "n", CustomerID: id, OrganizationID: "o"},
	"external_id: contains a NUL character":                                                       {Name: "n", CustomerID: id, ExternalID: "\x00"},
	"parent_id: is not valid UTF-8, which the service would replace":                              {Name: "n", CustomerID: id, ParentID: "\xff"},
	`metadata["s"]: must be 1 to 500 characters`:                                                  {Name: "n", CustomerID: id, Metadata: usage.Metadata{"s": ""}},
	`metadata["f"]: must be a finite number`:                                                      {Name: "n", CustomerID: id, Metadata: usage.Metadata{"f": math.Inf(1)}},
	`metadata["nested"]: must be a string, a number or a bool`:                                    {Name: "n", CustomerID: id, Metadata: usage.Metadata{"nested": map[string]any{}}},
}

func TestArguments(t *testing.T) {
	ingest := func(want string, events ...usage.Event) {
		t.Helper()
		servicetest.Refused(t, "events: ingest: "+want, func(c *polar.Client) error {
			_, err := usage.New(c).Ingest(t.Context(), events)
			return err
		})
	}
	ingest("events: must be 1 to 1000, not 0")
	many := make([]usage.Event, 1001)
	for i := range many {
		many[i] = usage.Event{Name: "n", CustomerID: id}
	}
	ingest("events: must be 1 to 1000, not 1001", many...)
	for want, event := range wrongEvents {
		ingest("events[1]."+strings.ReplaceAll(want, "; ", "; events[1]."), usage.Event{Name: "n", CustomerID: id}, event)
	}
	servicetest.Refused(t, "customer meters: list: customer_id: must be a UUID; external_customer_id[0]: is empty; meter_id: must be a UUID", func(c *polar.Client) error {
		_, err := usage.New(c).ListMeters(t.Context(), usage.MeterParams{CustomerID: []string{"x"}, ExternalCustomerID: []string{""}, MeterID: []string{"x"}})
		return err
	})
}

// Events without an ID get one that is the same in each attempt, and the caller's
// events stay as they are.
func TestIngestRetries(t *testing.T) {
	s := &ingestion{}
	failures := []servicetest.Response{{Status: 500}, {Err: errors.New("reset")}}
	w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
		r := s.respond(req, body)
		if len(failures) > 0 {
			r, failures = failures[0], failures[1:]
		}
		return r
	}}
	events := []usage.Event{{Name: "a", CustomerID: id}, {Name: "b", CustomerID: id, ExternalID: "mine"}}
	result, err := usage.New(w.Client(t, servicetest.Retry())).Ingest(t.Context(), events)
	if err != nil || result.Inserted != 0 || polar.Value(result.Duplicates) != 2 || len(w.Sent()) != 3 || len(s.events) != 2 {
		t.Errorf("got %+v, %v after %d requests; the service has %d events", result, err, len(w.Sent()), len(s.events))
	}
	if s.events["mine"].Name != "b" || events[0].ExternalID != "" {
		t.Errorf("the caller's events became %+v", events)
	}
}

func TestAllMeters(t *testing.T) {
	w := &servicetest.Wire{Decide: func(req *http.Request, _ string) servicetest.Response {
		if want := "limit=100&page=1&sorting=-balance&sorting=created_at"; req.URL.RawQuery != want {
			t.Errorf("got %s, want %s", req.URL.RawQuery, want)
		}
		return servicetest.JSON(200, service.Calls[1].Body)
	}}
	n := 0
	for meter, err := range usage.New(w.Client(t)).AllMeters(t.Context(), usage.MeterParams{Sorting: []usage.SortProperty{usage.SortBalanceDesc}}) {
		if err != nil || meter.Balance != -2.5 {
			t.Fatal(meter, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d balances", n)
	}
}

// exampleClient is a client in examples, of a service that takes every event.
func exampleClient() *polar.Client {
	return (&servicetest.Wire{Decide: (&ingestion{}).respond}).Example()
}

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", polar.WithSandbox())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = usage.New(client).Ingest(ctx, nil)
	fmt.Println(err)
	// Output: events: ingest: events: must be 1 to 1000, not 0
}

func ExampleClient_Ingest() {
	client := usage.New(exampleClient()) // in your program, of polar.New
	result, err := client.Ingest(ctx, []usage.Event{{
		Name:               "transcription",
		ExternalCustomerID: "user_42",
		ExternalID:         "job-4711", // the same job never counts twice
		Metadata:           usage.Metadata{"minutes": 12.5},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Inserted, "new")
	// Output: 1 new
}

func ExampleClient_ListMeters() {
	client := usage.New((&servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(200, service.Calls[1].Body)}}).Example())
	page, err := client.ListMeters(ctx, usage.MeterParams{ExternalCustomerID: []string{"user_42"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, meter := range page.Items {
		fmt.Println(meter.CreditedUnits, "credited,", meter.ConsumedUnits, "used, balance", meter.Balance)
	}
	// Output: 10 credited, 12.5 used, balance -2.5
}

func ExampleClient_AllMeters() {
	client := usage.New((&servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(200, service.Calls[1].Body)}}).Example())
	for meter, err := range client.AllMeters(ctx, usage.MeterParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if meter.Balance < 0 {
			fmt.Println("over by", -meter.Balance)
		}
	}
	// Output: over by 2.5
}

func ExampleNewRecorder() {
	recorder, err := usage.NewRecorder(exampleClient(), usage.RecorderOptions{
		BatchWait: 5 * time.Second,
		MaxBlock:  10 * time.Millisecond,
		OnDrop:    func(events []usage.Event, err error) { fmt.Println(len(events), "events lost:", err) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer recorder.Close(ctx)
	fmt.Println(recorder.Stats().Recorded)
	// Output: 0
}

func ExampleRecorder_Record() {
	recorder, err := usage.NewRecorder(exampleClient(), usage.RecorderOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer recorder.Close(ctx)
	err = recorder.Record(usage.Event{
		Name:               "completion",
		ExternalCustomerID: "user_42",
		Metadata: usage.Metadata{
			"_llm": usage.LLM{Vendor: "openai", Model: "gpt-5", InputTokens: 200, OutputTokens: 50, TotalTokens: 250},
		},
	})
	if errors.Is(err, usage.ErrQueueFull) {
		fmt.Println("the event is lost: count it")
	}
	fmt.Println(err)
	// Output: <nil>
}

func ExampleRecorder_Flush() {
	recorder, err := usage.NewRecorder(exampleClient(), usage.RecorderOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer recorder.Close(ctx)
	if err := recorder.Record(usage.Event{Name: "api_call", ExternalCustomerID: "user_42"}); err != nil {
		fmt.Println(err)
		return
	}
	if err := recorder.Flush(ctx); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(recorder.Stats().Sent, "sent")
	// Output: 1 sent
}

// When a program ends, it gives the events that wait some seconds.
func ExampleRecorder_Close() {
	recorder, err := usage.NewRecorder(exampleClient(), usage.RecorderOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	fmt.Println(recorder.Close(ctx))
	fmt.Println(recorder.Record(usage.Event{Name: "api_call", ExternalCustomerID: "user_42"}))
	// Output:
	// <nil>
	// usage: the recorder is closed
}

func ExampleRecorder_Stats() {
	recorder, err := usage.NewRecorder(exampleClient(), usage.RecorderOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer recorder.Close(ctx)
	stats := recorder.Stats()
	fmt.Println(stats.Queued, stats.Dropped, stats.LastError)
	// Output: 0 0 <nil>
}
