package polartest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

// inbox keeps the events that it verifies, and responds with a status.
type inbox struct {
	t      *testing.T
	secret string
	mu     sync.Mutex
	events []webhook.Event
	status func(webhook.Event) int
}

func (i *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		i.t.Error(err)
	}
	event, err := webhook.Parse(body, r.Header, i.secret, webhook.WithTolerance(100*365*24*time.Hour))
	if err != nil {
		i.t.Errorf("%v: %s", err, body)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.events = append(i.events, event)
	if i.status != nil {
		w.WriteHeader(i.status(event))
	}
}

func (i *inbox) types() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var list []string
	for _, e := range i.events {
		list = append(list, string(e.Type))
	}
	i.events = nil
	return strings.Join(list, " ")
}

const webhookSecret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

func newInbox(t *testing.T) *inbox { return &inbox{t: t, secret: webhookSecret} }

func TestWebhookEvents(t *testing.T) {
	srv := polartest.NewServer(t)
	in := newInbox(t)
	receiver := httptest.NewServer(in)
	defer receiver.Close()
	e := srv.AddWebhook(polartest.Webhook{URL: receiver.URL, Secret: webhookSecret})
	client := customers.New(srv.Client())
	ctx := t.Context()
	sent := func(want string) []webhook.Event {
		t.Helper()
		if err := e.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		events := in.events
		if got := in.types(); got != want {
			t.Errorf("sent %q, want %q", got, want)
		}
		return events
	}

	c, err := client.Create(ctx, customers.CreateParams{Type: customers.TypeTeam, Email: "a@polar.sh", ExternalID: "u1"})
	if err != nil {
		t.Fatal(err)
	}
	events := sent("member.created customer.created customer.state_changed")
	if len(events) == 3 && (data[customers.Customer](t, events[1]).ID != c.ID || data[customers.State](t, events[2]).ID != c.ID || data[customers.Member](t, events[0]).CustomerID != c.ID || !events[2].Timestamp.After(events[1].Timestamp)) {
		t.Errorf("got %+v", events)
	}
	if _, err := client.Update(ctx, c.ID, customers.UpdateParams{Name: polar.Set("New")}); err != nil {
		t.Fatal(err)
	}
	if events := sent("customer.updated customer.state_changed"); len(events) == 2 && (*data[customers.Customer](t, events[0]).Name != "New" || *data[customers.State](t, events[1]).Name != "New") {
		t.Errorf("got %+v", events)
	}
	if _, err := client.Update(ctx, c.ID, customers.UpdateParams{}); err != nil {
		t.Fatal(err)
	}
	sent("")
	m, err := client.Members().Create(ctx, c.ID, customers.MemberCreateParams{Email: "b@polar.sh"})
	if err != nil {
		t.Fatal(err)
	}
	sent("member.created")
	if _, err := client.Members().Update(ctx, c.ID, m.ID, customers.MemberUpdateParams{Role: polar.Set(customers.RoleOwner)}); err != nil {
		t.Fatal(err)
	}
	sent("member.updated")
	sub := srv.AddSubscription(polartest.Subscription{CustomerID: c.ID})
	if events := sent("customer.state_changed"); len(events) == 1 && !data[customers.State](t, events[0]).HasProduct(sub.ProductID) {
		t.Errorf("got %+v", data[customers.State](t, events[0]))
	}
	sub.Status = "canceled"
	srv.ChangeSubscription(sub)
	if events := sent("customer.state_changed"); len(events) == 1 && data[customers.State](t, events[0]).HasProduct(sub.ProductID) {
		t.Errorf("got %+v", data[customers.State](t, events[0]))
	}
	grant := srv.AddGrant(polartest.Grant{CustomerID: c.ID, Metadata: map[string]any{"export": true}})
	if events := sent("customer.state_changed"); len(events) == 1 && !data[customers.State](t, events[0]).HasBenefitKey("export") {
		t.Errorf("got %+v", data[customers.State](t, events[0]))
	}
	srv.RevokeGrant(c.ID, grant.ID)
	if events := sent("benefit_grant.revoked customer.state_changed"); len(events) == 2 && data[customers.State](t, events[1]).HasBenefit(grant.BenefitID) {
		t.Errorf("got %+v", data[customers.State](t, events[0]))
	}
	srv.AddMeter(polartest.Meter{CustomerID: c.ID, Balance: 3})
	sent("customer.state_changed")
	if err := client.Delete(ctx, c.ID, customers.DeleteParams{}); err != nil {
		t.Fatal(err)
	}
	if events := sent("member.deleted member.deleted customer.deleted customer.state_changed"); len(events) == 4 && (data[customers.Customer](t, events[2]).DeletedAt == nil || data[customers.State](t, events[3]).DeletedAt == nil || data[customers.Customer](t, events[2]).ExternalID != nil) {
		// The service loses the external ID of a customer that is deleted without
		// anonymization.
		t.Errorf("got %+v", events)
	}
	other := srv.AddOrganization(polartest.Organization{})
	srv.AddCustomer(polartest.Customer{OrganizationID: other.ID})
	sent("")
}

func TestWebhookRequest(t *testing.T) {
	srv := polartest.NewServer(t)
	e := srv.AddWebhook(polartest.Webhook{Handler: http.NotFoundHandler(), Types: []string{"customer.created"}, RetryDelay: func(int) time.Duration { return time.Hour }})
	srv.AddCustomer(polartest.Customer{ExternalID: "ü"})
	if err := e.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := e.Deliveries()
	if len(all) != 1 {
		t.Fatalf("%d deliveries", len(all))
	}
	d := all[0]
	if d.Attempt != 1 || d.Status != 404 || d.OK() || d.Type != "customer.created" || d.Header.Get("User-Agent") != "polar.sh webhooks" ||
		d.Header.Get("Content-Type") != "application/json" || d.Header.Get("Webhook-Id") != d.EventID {
		t.Errorf("got %+v", d)
	}
	if err := webhook.Verify(d.Body, d.Header, e.Secret()); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(e.Secret(), "whsec_") || len(e.Secret()) != len("whsec_")+43 {
		t.Errorf("secret %q", e.Secret())
	}
	var body struct {
		Type      string
		Timestamp string
		Data      map[string]any
	}
	if err := json.Unmarshal(d.Body, &body); err != nil || body.Type != d.Type || !strings.HasSuffix(body.Timestamp, "Z") || body.Data["external_id"] != "ü" {
		t.Errorf("%v: %s", err, d.Body)
	}
	if !strings.HasPrefix(string(d.Body), `{"type":"customer.created","timestamp":"`) {
		t.Errorf("not compact: %s", d.Body)
	}
}

// bubble runs f in a bubble with simulated time, and with an endpoint of a
// server that lives outside of it.
func bubble(t *testing.T, hook polartest.Webhook, f func(*testing.T, *polartest.Server, *polartest.Endpoint)) {
	t.Helper()
	srv := polartest.NewServer(t)
	synctest.Test(t, func(t *testing.T) {
		e := srv.AddWebhook(hook)
		defer e.Close()
		f(t, srv, e)
	})
}

// There are ten attempts within an hour. Each has a new signature and the same event
// ID.
func TestWebhookRetries(t *testing.T) {
	in := newInbox(t)
	in.status = func(webhook.Event) int { return http.StatusFound }
	var times []time.Time
	hook := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		times = append(times, time.Now())
		in.ServeHTTP(w, r)
	})
	bubble(t, polartest.Webhook{Handler: hook, Secret: webhookSecret, Types: []string{"customer.created"}}, func(t *testing.T, srv *polartest.Server, e *polartest.Endpoint) {
		srv.AddCustomer(polartest.Customer{})
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		for i := 1; i < len(times); i++ {
			wait, least := times[i].Sub(times[i-1]), min(2*time.Second<<i, 10*time.Minute)
			if wait < least || wait > max(2*least, 20*time.Minute) || i < 8 && wait > 2*least {
				t.Errorf("wait %v after attempt %d", wait, i)
			}
		}
		all := e.Deliveries()
		if len(all) != 10 || e.Disabled() {
			t.Fatalf("%d attempts, disabled: %v", len(all), e.Disabled())
		}
		for i, d := range all {
			if d.EventID != all[0].EventID || d.Attempt != i+1 || d.Status != 302 || string(d.Body) != string(all[0].Body) {
				t.Errorf("attempt %d: %+v", i+1, d)
			}
		}
		if took := times[9].Sub(times[0]); took < 25*time.Minute || took > time.Hour {
			t.Errorf("attempts over %v", took)
		}
		in.status = nil
		d, err := e.Redeliver(all[0].EventID)
		if err != nil || !d.OK() || d.EventID != all[0].EventID {
			t.Errorf("redelivery: %+v, %v", d, err)
		}
		if _, err := e.Redeliver("no such event"); err == nil {
			t.Error("redelivered an event that never was")
		}
	})
}

// Later events overtake one that has failed once.
func TestWebhookOrder(t *testing.T) {
	in := newInbox(t)
	first := true
	in.status = func(webhook.Event) int {
		if first {
			first = false
			return 500
		}
		return 200
	}
	bubble(t, polartest.Webhook{Handler: in, Secret: webhookSecret}, func(t *testing.T, srv *polartest.Server, e *polartest.Endpoint) {
		srv.AddCustomer(polartest.Customer{})
		if err := e.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := in.types(); got != "member.created customer.created customer.state_changed member.created" {
			t.Errorf("sent %q", got)
		}
	})
}

// An endpoint fails if it takes longer than ten seconds, and is disabled after ten
// failed events in a row.
func TestWebhookSlowAndDisabled(t *testing.T) {
	hook := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	bubble(t, polartest.Webhook{Handler: hook, Types: []string{"customer.created"}}, func(t *testing.T, srv *polartest.Server, e *polartest.Endpoint) {
		begun := time.Now()
		srv.AddCustomer(polartest.Customer{})
		if err := e.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("gave up after %v", took)
		}
		for range 9 {
			srv.AddCustomer(polartest.Customer{})
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		n := len(e.Deliveries())
		if !e.Disabled() || n != 100 {
			t.Errorf("disabled: %v after %d attempts", e.Disabled(), n)
		}
		srv.AddCustomer(polartest.Customer{})
		synctest.Wait()
		if len(e.Deliveries()) != n {
			t.Error("sent to a disabled endpoint")
		}
	})
}

// Jobs use the data of the time at which they run.
func TestWebhookJobDelay(t *testing.T) {
	in := newInbox(t)
	bubble(t, polartest.Webhook{Handler: in, Secret: webhookSecret, JobDelay: 3 * time.Second}, func(t *testing.T, srv *polartest.Server, e *polartest.Endpoint) {
		c := srv.AddCustomer(polartest.Customer{})
		time.Sleep(time.Second)
		sub := srv.AddSubscription(polartest.Subscription{CustomerID: c.ID})
		synctest.Wait()
		if got := in.types(); got != "member.created" {
			t.Errorf("at once: %q", got)
		}
		if err := e.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		in.mu.Lock()
		if len(in.events) != 3 || !data[customers.State](t, in.events[1]).HasProduct(sub.ProductID) {
			t.Errorf("got %+v", in.events)
		}
		in.mu.Unlock()
		if got := in.types(); got != "customer.created customer.state_changed customer.state_changed" {
			t.Errorf("later: %q", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		srv.AddMeter(polartest.Meter{CustomerID: c.ID})
		if err := e.Flush(ctx); err != context.DeadlineExceeded {
			t.Errorf("flushed a job that is still to come: %v", err)
		}
	})
}

// Events drop a cached state.
func TestWebhookRenewsStateCache(t *testing.T) {
	srv := polartest.NewServer(t, polartest.WithStateCache())
	c := srv.AddCustomer(polartest.Customer{})
	srv.AddWebhook(polartest.Webhook{Handler: http.NotFoundHandler()})
	client := customers.New(srv.Client())
	for i := range 2 {
		state, err := client.GetState(t.Context(), c.ID)
		if err != nil || len(state.ActiveMeters) != i {
			t.Errorf("%d meters, %v", len(state.ActiveMeters), err)
		}
		srv.AddMeter(polartest.Meter{CustomerID: c.ID})
	}
}

func TestChangesOfNothing(t *testing.T) {
	srv, err := polartest.Start()
	if err != nil {
		t.Fatal(err)
	}
	srv.ChangeSubscription(polartest.Subscription{ID: "x"})
	srv.RevokeGrant("x", "y")
	if err := srv.Close(); err == nil || strings.Count(fmt.Sprint(err), "\n") != 1 {
		t.Errorf("got %v", err)
	}
}

// data decodes what an event carries.
func data[T any](t *testing.T, event webhook.Event) *T {
	t.Helper()
	v, err := webhook.Data[T](event)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
