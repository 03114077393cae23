package subscriptions_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/internal/publicapi"
	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/subscriptions"
	"github.com/polarexpress/polar-go/webhook"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	id      = servicetest.ID
	otherID = "c0ffee00-1234-4abc-8def-0123456789ab"
)

var trialEnd = time.Date(2026, 12, 24, 18, 0, 0, 123456789, time.FixedZone("CET", 3600))

// changed is the response to a change.
var changed = servicetest.Recorded{Scenario: "subscriptions_cancel", Step: 0}

// A change is a call that changes a subscription: one for each method.
type change = func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error)

func changing(method, words string, do change) servicetest.Call {
	return servicetest.Call{
		Method: "Client." + method, Operation: "subscriptions:update", Words: "subscriptions: " + words + ": update", OK: changed, Unreplayed: true,
		Do: func(ctx context.Context, c *polar.Client) (any, error) { return do(ctx, subscriptions.New(c), id) },
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := do(ctx, subscriptions.New(c), id)
			return err
		},
	}
}

var service = servicetest.Service{Name: "subscriptions", Calls: []servicetest.Call{
	{
		Method: "Client.Get", Operation: "subscriptions:get", Words: "subscriptions: get", OK: servicetest.Recorded{Scenario: "subscriptions_cancel", Step: 13},
		Do: func(ctx context.Context, c *polar.Client) (any, error) { return subscriptions.New(c).Get(ctx, id) },
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := subscriptions.New(c).Get(ctx, id)
			return err
		},
	},
	{
		Method: "Client.List", Operation: "subscriptions:list", Words: "subscriptions: list", OK: servicetest.Recorded{Scenario: "subscriptions_list_get", Step: 0},
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return subscriptions.New(c).List(ctx, subscriptions.ListParams{
				Page: 2, Limit: 50, Status: []subscriptions.Status{subscriptions.StatusActive, subscriptions.StatusPastDue}, ProductID: []string{id},
				CustomerID: []string{id, otherID}, ExternalCustomerID: []string{"user 42&"}, DiscountID: []string{id}, OrganizationID: []string{id},
				CancelAtPeriodEnd: polar.Ptr(false), Metadata: map[string][]string{"a b": {"1", "2"}}, StartedAfter: polar.Ptr(trialEnd),
				CustomerCancellationReason: []subscriptions.CancellationReason{subscriptions.ReasonUnused},
				Sorting:                    []subscriptions.SortProperty{"-amount", subscriptions.SortStartedAt},
			})
		},
	},
	{
		Method: "Client.Create", Operation: "subscriptions:create", Words: "subscriptions: create", OK: servicetest.Recorded{Scenario: "subscriptions_create", Step: 0},
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return subscriptions.New(c).Create(ctx, subscriptions.CreateParams{ProductID: id, ExternalCustomerID: "user_42", Metadata: subscriptions.Metadata{"plan": "free"}})
		},
	},
	{
		Method: "Client.Revoke", Operation: "subscriptions:revoke", Words: "subscriptions: revoke", OK: servicetest.Recorded{Scenario: "subscriptions_cancel", Step: 8},
		Do: func(ctx context.Context, c *polar.Client) (any, error) { return subscriptions.New(c).Revoke(ctx, id) },
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := subscriptions.New(c).Revoke(ctx, id)
			return err
		},
	},
	{
		Method: "Client.Update", Operation: "subscriptions:update", Words: "subscriptions: update", OK: changed,
		Do: func(ctx context.Context, c *polar.Client) (any, error) {
			return subscriptions.New(c).Update(ctx, id, subscriptions.UpdateParams{Metadata: subscriptions.Metadata{"plan": "gold"}})
		},
		With: func(ctx context.Context, c *polar.Client, id string) error {
			_, err := subscriptions.New(c).Update(ctx, id, subscriptions.UpdateParams{})
			return err
		},
	},
	changing("ChangeProduct", "change product", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.ChangeProduct(ctx, id, otherID, subscriptions.ProrateInvoice)
	}),
	changing("CancelAtPeriodEnd", "cancel at period end", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.CancelAtPeriodEnd(ctx, id, subscriptions.CancelParams{Reason: subscriptions.ReasonTooExpensive, Comment: "Bye"})
	}),
	changing("Uncancel", "uncancel", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.Uncancel(ctx, id)
	}),
	changing("PauseAtPeriodEnd", "pause at period end", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.PauseAtPeriodEnd(ctx, id, trialEnd)
	}),
	changing("Resume", "resume", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.Resume(ctx, id)
	}),
	changing("SetSeats", "set seats", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.SetSeats(ctx, id, 8, "")
	}),
	changing("SetTrialEnd", "set trial end", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.SetTrialEnd(ctx, id, trialEnd)
	}),
	changing("EndTrial", "end trial", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.EndTrial(ctx, id)
	}),
	changing("SetDiscount", "set discount", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.SetDiscount(ctx, id, otherID)
	}),
	changing("ClearPendingUpdate", "clear pending update", func(ctx context.Context, c *subscriptions.Client, id string) (*subscriptions.Subscription, error) {
		return c.ClearPendingUpdate(ctx, id)
	}),
}}

func TestRequests(t *testing.T)      { service.Requests(t, "testdata/requests.txt", *update) }
func TestSuccess(t *testing.T)       { service.Success(t) }
func TestResults(t *testing.T)       { service.Results(t) }
func TestHostileIDs(t *testing.T)    { service.HostileIDs(t) }
func FuzzID(f *testing.F)            { service.FuzzID(f) }
func TestDocumentation(t *testing.T) { service.Documentation(t) }
func TestAPI(t *testing.T) {
	publicapi.Check(t, "github.com/polarexpress/polar-go/subscriptions", "testdata/api.txt", *update)
}

// codes are the sentinels of the package, by the service's names.
var codes = map[string]error{
	"AlreadyCanceledSubscription": subscriptions.ErrAlreadyCanceled, "ResourceUnavailable": subscriptions.ErrEnded, "SubscriptionLocked": subscriptions.ErrLocked,
	"CannotPauseSubscription": subscriptions.ErrCannotPause, "NotPausedSubscription": subscriptions.ErrNotPaused,
	"NotASeatBasedSubscription": subscriptions.ErrNoSeats, "BelowMinimumSeats": subscriptions.ErrTooFewSeats, "AboveMaximumSeats": subscriptions.ErrTooManySeats,
	"SeatsAlreadyAssigned": subscriptions.ErrSeatsAssigned,
}

func TestRecordings(t *testing.T) {
	service.Recordings(t, func(t *testing.T, step recording.Step, err error) {
		for code, want := range codes {
			if has := strings.Contains(step.ResponseBody, `"`+code+`"`); has != errors.Is(err, want) {
				t.Errorf("%s became %v", step.ResponseBody, err)
			}
		}
	}, "subscriptions_cancel", "subscriptions_change", "subscriptions_create", "subscriptions_list_get", "concurrency")
}

// The sentinels that no recording has.
func TestSentinels(t *testing.T) {
	for _, tc := range []struct {
		status     int
		code, want string
	}{
		{403, "AlreadyCanceledSubscription", "the subscription is canceled already, or set to end with its period"},
		{410, "ResourceUnavailable", "the object has ended"},
		{409, "SubscriptionLocked", "the subscription is being renewed at this moment: try again"},
		{409, "CannotPauseSubscription", "a subscription in this state cannot be paused"},
		{409, "NotPausedSubscription", "the subscription is not paused"},
		{400, "NotASeatBasedSubscription", "the subscription has no seats"},
		{400, "BelowMinimumSeats", "fewer seats than the product allows"},
		{400, "AboveMaximumSeats", "more seats than the product allows"},
		{400, "SeatsAlreadyAssigned", "more seats are assigned than would be left"},
	} {
		w := &servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(tc.status, `{"error":"`+tc.code+`","detail":"x"}`)}}
		_, err := subscriptions.New(w.Client(t)).SetSeats(t.Context(), id, 3, "")
		if !errors.Is(err, codes[tc.code]) || !strings.HasSuffix(err.Error(), tc.code+": "+tc.want) {
			t.Errorf("%s: got %v", tc.code, err)
		}
	}
}

func TestArguments(t *testing.T) {
	ctx := t.Context()
	refused := func(want string, do func(c *subscriptions.Client) error) {
		t.Helper()
		servicetest.Refused(t, "subscriptions: "+want, func(c *polar.Client) error { return do(subscriptions.New(c)) })
	}
	for want, p := range map[string]subscriptions.CreateParams{
		"product_id: is empty: must be Polar's ID, a UUID; customer_id: is required, or external_customer_id in its place": {},
		"product_id: must be Polar's ID, a UUID":                                                      {ProductID: "gold", CustomerID: id},
		"external_customer_id: must be left out with customer_id: a customer is named by one of them": {ProductID: id, CustomerID: id, ExternalCustomerID: "user_42"},
		`metadata["a"]: must be a finite number`:                                                      {ProductID: id, CustomerID: id, Metadata: subscriptions.Metadata{"a": nan()}},
	} {
		refused("create: "+want, func(c *subscriptions.Client) error { _, err := c.Create(ctx, p); return err })
	}
	refused("change product: update: product_id: must be Polar's ID, a UUID; id: is empty: must be Polar's ID, a UUID", func(c *subscriptions.Client) error {
		_, err := c.ChangeProduct(ctx, "", "gold", "")
		return err
	})
	refused("set seats: update: seats: must be 1 to 2147483647", func(c *subscriptions.Client) error { _, err := c.SetSeats(ctx, id, 0, ""); return err })
	refused("set trial end: update: trial_end: is required; to end the trial at once, use EndTrial", func(c *subscriptions.Client) error {
		_, err := c.SetTrialEnd(ctx, id, time.Time{})
		return err
	})
	refused("set discount: update: discount_id: must be a UUID", func(c *subscriptions.Client) error { _, err := c.SetDiscount(ctx, id, "TEN"); return err })
	refused("cancel at period end: update: customer_cancellation_comment: contains a NUL character", func(c *subscriptions.Client) error {
		_, err := c.CancelAtPeriodEnd(ctx, id, subscriptions.CancelParams{Comment: "\x00"})
		return err
	})
	refused(`update: discount_id: must be a UUID; metadata[""]: the key must be 1 to 40 characters`, func(c *subscriptions.Client) error {
		_, err := c.Update(ctx, id, subscriptions.UpdateParams{DiscountID: polar.Set("x"), Metadata: subscriptions.Metadata{"": 1}})
		return err
	})
	refused(`list: discount_id: must be a UUID; metadata["a"]: has no values, so that the service would ignore the filter`, func(c *subscriptions.Client) error {
		_, err := c.List(ctx, subscriptions.ListParams{DiscountID: []string{""}, Metadata: map[string][]string{"a": nil}})
		return err
	})
}

func nan() float64 { var zero float64; return zero / zero }

// subscription is a subscription with some of its fields.
func subscription(fields string) servicetest.Response {
	return servicetest.JSON(200, `{"id":"`+id+`",`+fields+`}`)
}

// After a lost response the service refuses what it has done already. The
// subscription shows the outcome.
func TestLostResponses(t *testing.T) {
	refusal := func(status int, code string) servicetest.Response {
		return servicetest.JSON(status, `{"error":"`+code+`","detail":"x"}`)
	}
	canceled := refusal(403, "AlreadyCanceledSubscription")
	for _, tc := range []struct {
		method    string
		refusal   servicetest.Response
		made, not string // the subscription with and without the change
	}{
		{"Revoke", canceled, `"status":"canceled","ended_at":"2026-11-24T16:18:07Z"`, `"status":"active"`},
		{"CancelAtPeriodEnd", canceled, `"cancel_at_period_end":true`, `"cancel_at_period_end":false`},
		{"CancelAtPeriodEnd", canceled, `"ended_at":"2026-11-24T16:18:07Z"`, `"cancel_at_period_end":false`},
		{"Uncancel", refusal(400, "BadRequest"), `"cancel_at_period_end":false`, `"cancel_at_period_end":true`},
		{"PauseAtPeriodEnd", refusal(409, "CannotPauseSubscription"), `"pause_at_period_end":true`, `"pause_at_period_end":false`},
		{"Resume", refusal(409, "NotPausedSubscription"), `"status":"active"`, `"status":"paused"`},
		{"SetTrialEnd", refusal(422, "PolarRequestValidationError"), `"trial_end":"2026-12-24T17:00:00.123456Z"`, `"trial_end":null`},
		{"EndTrial", refusal(422, "PolarRequestValidationError"), `"status":"active"`, `"status":"trialing"`},
		{"SetDiscount", refusal(422, "PolarRequestValidationError"), `"discount_id":"` + otherID + `"`, `"discount_id":null`},
		{"ChangeProduct", canceled, `"pending_update":{"id":"1","product_id":"` + otherID + `"}`, `"product_id":"` + id + `"`},
		{"SetSeats", canceled, `"seats":8`, `"seats":7`},
		{"ClearPendingUpdate", refusal(422, "PolarRequestValidationError"), `"pending_update":null`, `"pending_update":{"id":"1"}`},
	} {
		t.Run(tc.method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				call := func(responses ...servicetest.Response) (any, int, error) {
					w := &servicetest.Wire{Responses: responses}
					got, err := callOf(t, tc.method).Do(t.Context(), w.Client(t, servicetest.Retry()))
					return got, len(w.Sent()), err
				}
				broken := servicetest.Response{Status: 502}
				// The change is made, and visible at once or later.
				for lag := range 3 {
					responses := []servicetest.Response{broken, tc.refusal}
					for range lag {
						responses = append(responses, subscription(tc.not))
					}
					got, n, err := call(append(responses, subscription(tc.made))...)
					if s, ok := got.(*subscriptions.Subscription); err != nil || !ok || s.ID != id || n != 3+lag {
						t.Errorf("lag %d: got %v, %v after %d requests", lag, got, err, n)
					}
				}
				// It is not: the refusal stands, and what became of the first request is
				// not known.
				if _, _, err := call(broken, tc.refusal, subscription(tc.not)); !errors.Is(err, polar.ErrOutcomeUnknown) {
					t.Errorf("without the change: %v", err)
				}
				// It cannot be read.
				_, n, err := call(broken, tc.refusal, servicetest.JSON(404, `{"error":"ResourceNotFound","detail":"x"}`))
				if !errors.Is(err, polar.ErrOutcomeUnknown) || !errors.Is(err, polar.ErrNotFound) || n != 3 {
					t.Errorf("not readable: %v after %d requests", err, n)
				}
				// Nothing was lost: the refusal is what it says.
				if _, n, err := call(tc.refusal); err == nil || errors.Is(err, polar.ErrOutcomeUnknown) || n != 1 {
					t.Errorf("refused: %v after %d requests", err, n)
				}
				// All attempts are lost.
				if _, n, err := call(broken); !errors.Is(err, polar.ErrOutcomeUnknown) || n != 3 {
					t.Errorf("lost: %v after %d requests", err, n)
				}
				// A second attempt that succeeds needs no look.
				if _, n, err := call(broken, subscription(tc.made)); err != nil || n != 2 {
					t.Errorf("second attempt: %v after %d requests", err, n)
				}
			})
		})
	}
}

func callOf(t *testing.T, method string) servicetest.Call {
	t.Helper()
	for _, call := range service.Calls {
		if call.Method == "Client."+method {
			return call
		}
	}
	t.Fatalf("no call of %s", method)
	return servicetest.Call{}
}

// What would be done twice is not sent again.
// A zero time is zero in every time zone.
func TestPauseWithoutEnd(t *testing.T) {
	ok, err := service.Calls[0].OK.Response()
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 3600)} {
		w := &servicetest.Wire{Responses: []servicetest.Response{ok}}
		_, _ = subscriptions.New(w.Client(t)).PauseAtPeriodEnd(t.Context(), id, time.Time{}.In(zone))
		if sent := strings.Join(w.Sent(), "\n"); !strings.Contains(sent, `{"pause_at_period_end":true}`) {
			t.Errorf("in %v: sent %s", zone, sent)
		}
	}
}

func TestNotRetried(t *testing.T) {
	for _, method := range []string{"Create", "Update"} {
		w := &servicetest.Wire{Responses: []servicetest.Response{{Status: 502}}}
		_, err := callOf(t, method).Do(t.Context(), w.Client(t, servicetest.Retry()))
		if !errors.Is(err, polar.ErrOutcomeUnknown) || len(w.Sent()) != 1 {
			t.Errorf("%s: %v after %d requests", method, err, len(w.Sent()))
		}
	}
}

// "Not found" after a lost response of Revoke is not success: a revoked
// subscription can be found.
func TestRevokeNotFound(t *testing.T) {
	w := &servicetest.Wire{Responses: []servicetest.Response{{Status: 502}, servicetest.JSON(404, `{"error":"ResourceNotFound","detail":"x"}`)}}
	got, err := subscriptions.New(w.Client(t, servicetest.Retry())).Revoke(t.Context(), id)
	if got != nil || !errors.Is(err, polar.ErrNotFound) || !errors.Is(err, polar.ErrOutcomeUnknown) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAll(t *testing.T) {
	page, err := servicetest.List(changed)
	if err != nil {
		t.Fatal(err)
	}
	for sorting, want := range map[subscriptions.SortProperty]string{
		"": "limit=100&page=1&sorting=started_at", "-amount": "limit=100&page=1&sorting=-amount&sorting=started_at",
		subscriptions.SortStartedAtDesc: "limit=100&page=1&sorting=-started_at",
	} {
		var queries []string
		w := &servicetest.Wire{Decide: func(req *http.Request, _ string) servicetest.Response {
			queries = append(queries, req.URL.RawQuery)
			return page
		}}
		var p subscriptions.ListParams
		if sorting != "" {
			p.Sorting = []subscriptions.SortProperty{sorting}
		}
		n := 0
		for s, err := range subscriptions.New(w.Client(t)).All(t.Context(), p) {
			if err != nil || s.ID == "" {
				t.Fatal(s, err)
			}
			n++
		}
		if n != 1 || len(queries) != 1 || queries[0] != want {
			t.Errorf("%d subscriptions after %q, want %s", n, queries, want)
		}
	}
}

func TestFromEvent(t *testing.T) {
	ok, err := changed.Response()
	if err != nil {
		t.Fatal(err)
	}
	s, err := subscriptions.FromEvent(webhook.Event{Type: webhook.SubscriptionCanceled, Data: json.RawMessage(ok.Body)})
	if err != nil || !s.CancelAtPeriodEnd {
		t.Errorf("got %v, %v", s, err)
	}
	for _, problem := range servicetest.DifferencesJSON(t, ok.Body, s) {
		t.Error(problem)
	}
	if _, err := subscriptions.FromEvent(webhook.Event{Type: webhook.OrderPaid, Data: json.RawMessage(ok.Body)}); !errors.Is(err, webhook.ErrPayload) {
		t.Error(err)
	}
}
