package imitation

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/polarexpress/polar-go/internal/python"
)

// Webhook is an endpoint that receives events as the service sends them: signed,
// mostly in order, and repeated until the endpoint acknowledges them.
//
// Every change after AddWebhook sends an event, whether a request made the
// change or a method of the server.
type Webhook struct {
	// URL is the URL to which events are posted.
	URL string
	// Handler receives the events without a socket, as requests for URL. Tests under
	// testing/synctest need it.
	Handler http.Handler
	// Secret signs the events. The default is a random one.
	Secret string
	// OrganizationID defaults to the server's first organization.
	OrganizationID string
	// Types are the types of events to send. The default is all.
	Types []string
	// JobDelay is the duration of the service's jobs. Events about customers are
	// created with this delay after the change, and with the data of that time.
	// Events about members are created immediately.
	JobDelay time.Duration
	// RetryDelay returns the delay after a failed attempt. The first attempt is 1.
	// The default is the service's delays, from seconds to twenty minutes.
	RetryDelay func(attempt int) time.Duration
	// OnDelivery is called after each attempt, unless it is nil.
	OnDelivery func(Delivery)
}

// Delivery is one attempt to deliver an event.
type Delivery struct {
	// EventID is the same in all attempts.
	EventID string
	// Type is the type of the event, such as "customer.created".
	Type string
	// Attempt counts from 1. It is 0 for a manual redelivery.
	Attempt int
	// Status is the response's status, 0 without a response.
	Status int
	// Err is the reason if there was no response.
	Err error
	// Header has the request's headers, including the signature.
	Header http.Header
	// Body is the request's body.
	Body []byte
	// Time is when the attempt began, by the server's clock.
	Time time.Time
}

// OK reports whether the endpoint acknowledged the event.
func (d Delivery) OK() bool { return d.Status >= 200 && d.Status < 300 }

// The service's limits on deliveries.
const (
	deliveryAttempts = 10
	deliveryTimeout  = 10 * time.Second
	// An endpoint that fails this many events in a row is disabled.
	deliveryFailures = 10
)

// Endpoint is a webhook of a server.
type Endpoint struct {
	srv    *Server
	hook   Webhook
	client *http.Client
	ctx    context.Context
	cancel context.CancelFunc
	busy   sync.WaitGroup // goroutines

	mu         sync.Mutex
	queue      []*hookEvent // without an attempt so far
	wake       chan struct{}
	jobs       int           // delayed
	working    bool          // on a first attempt
	idle       chan struct{} // closed when there is nothing to do, nil while nobody waits
	events     map[string]*hookEvent
	deliveries []Delivery
	failed     int // events in a row
	disabled   bool
}

// hookEvent is an event in the form in which it is sent.
type hookEvent struct {
	id, typ string
	body    []byte
}

// AddWebhook adds an endpoint. It is closed with the server, or by [Endpoint.Close],
// which tests under testing/synctest call.
func (s *Server) AddWebhook(w Webhook) *Endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	if w.URL == "" && w.Handler == nil {
		s.misuse("AddWebhook: needs a URL or a Handler to send events to")
	}
	w.Secret = cmp.Or(w.Secret, newWebhookSecret())
	w.OrganizationID = cmp.Or(w.OrganizationID, s.orgOrder[0])
	w.Types = slices.Clone(w.Types)
	if w.RetryDelay == nil {
		w.RetryDelay = serviceDelay
	}
	e := &Endpoint{srv: s, hook: w, client: hookClient(w.Handler), wake: make(chan struct{}, 1), events: map[string]*hookEvent{}}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	s.endpoints = append(s.endpoints, e)
	e.busy.Go(e.run)
	return e
}

// newWebhookSecret returns a secret of the service's form.
func newWebhookSecret() string { return "whsec_" + rand.Text() + rand.Text()[:17] }

// serviceDelay starts at 4 to 8 seconds, doubles, and ends at 10 to 20 minutes.
func serviceDelay(attempt int) time.Duration {
	jitter := 1 + mathrand.Float64()
	if d := time.Duration(float64(2*time.Second<<attempt) * jitter); d <= 20*time.Minute {
		return d
	}
	return time.Duration(float64(10*time.Minute) * jitter)
}

// hookClient follows no redirects, which count as failures.
func hookClient(h http.Handler) *http.Client {
	c := &http.Client{Timeout: deliveryTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if h != nil {
		c.Transport = handlerTransport{h}
	} else {
		c.Transport = &http.Transport{}
	}
	return c
}

type handlerTransport struct{ http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &memoryWriter{header: http.Header{}}
	done := make(chan struct{})
	aborted := false
	go func() {
		defer close(done)
		aborted = runHandler(t, w, r)
		w.WriteHeader(http.StatusOK)
	}()
	select {
	case <-done:
		if aborted {
			return nil, errors.New("the handler aborted the response")
		}
		return w.response(r, false), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// Secret returns the secret that signs the events. All of its bytes are the key.
func (e *Endpoint) Secret() string { return e.hook.Secret }

// Deliveries returns the attempts so far, in the order in which they ended.
func (e *Endpoint) Deliveries() []Delivery {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.deliveries)
}

// Disabled reports whether the server has disabled the endpoint. This happens after all
// attempts of ten events in a row have failed. The server then drops queued events.
func (e *Endpoint) Disabled() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.disabled
}

// Flush waits until every event has been attempted once. It returns the
// context's error if that ends first.
func (e *Endpoint) Flush(ctx context.Context) error {
	for {
		e.mu.Lock()
		if len(e.queue) == 0 && e.jobs == 0 && !e.working {
			e.mu.Unlock()
			return nil
		}
		if e.idle == nil {
			e.idle = make(chan struct{})
		}
		idle := e.idle
		e.mu.Unlock()
		select {
		case <-idle:
		case <-e.ctx.Done():
			return errors.New("polartest: the webhook is closed")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Redeliver sends an event again, as the service's dashboard does. The event keeps its
// ID. A failed redelivery is not retried.
func (e *Endpoint) Redeliver(eventID string) (Delivery, error) {
	e.mu.Lock()
	event := e.events[eventID]
	e.mu.Unlock()
	if event == nil {
		return Delivery{}, fmt.Errorf("polartest: no event %s", eventID)
	}
	return e.attempt(event, 0), nil
}

// Close removes the webhook and cancels attempts in progress.
func (e *Endpoint) Close() {
	e.srv.mu.Lock()
	e.srv.endpoints = slices.DeleteFunc(slices.Clone(e.srv.endpoints), func(other *Endpoint) bool { return other == e })
	e.cancel()
	e.srv.mu.Unlock()
	e.busy.Wait()
	e.client.CloseIdleConnections()
}

// sendMemberEvent creates an event about a member and sends it. Here and below, the
// caller holds the server's lock.
func (s *Server) sendMemberEvent(typ string, m *Member) {
	row := s.db.primary.customers[m.CustomerID]
	if row == nil {
		return
	}
	s.happened(typ, m.ID)
	for _, e := range s.endpoints {
		if e.hook.OrganizationID == row.OrganizationID {
			e.record(typ, memberObject(m))
		}
	}
}

// sendCustomerEvent lets a job send events about a customer and its state.
func (s *Server) sendCustomerEvent(typ, customerID string) {
	s.happened(typ, customerID)
	s.happened("customer.state_changed", customerID)
	s.runJob(customerID, func(e *Endpoint, row *customerRow) {
		e.record(typ, customerObject(s.db.primary, row, row.metadata))
		e.recordState(row)
	})
}

// sendStateEvent lets a job send an event about a customer's state.
func (s *Server) sendStateEvent(customerID string) {
	s.happened("customer.state_changed", customerID)
	s.runJob(customerID, func(e *Endpoint, row *customerRow) { e.recordState(row) })
}

func (s *Server) runJob(customerID string, job func(*Endpoint, *customerRow)) {
	row := s.db.primary.customers[customerID]
	if row == nil {
		return
	}
	present := func(e *Endpoint, row *customerRow) {
		if row.presentable() { // else the job fails
			job(e, row)
		}
	}
	for _, e := range s.endpoints {
		if e.hook.OrganizationID != row.OrganizationID {
			continue
		}
		if e.hook.JobDelay <= 0 {
			present(e, row)
			continue
		}
		e.later(func() { present(e, s.db.primary.customers[customerID]) })
	}
}

// later runs a job after its delay, under the server's lock.
func (e *Endpoint) later(job func()) {
	e.mu.Lock()
	e.jobs++
	e.mu.Unlock()
	e.busy.Go(func() {
		sleep(e.ctx, e.hook.JobDelay)
		e.srv.mu.Lock()
		defer e.srv.mu.Unlock()
		if e.ctx.Err() == nil {
			job()
		}
		e.mu.Lock()
		e.jobs--
		e.mu.Unlock()
		e.signal()
	})
}

// recordState also drops the cached state, as the service's job renews it.
func (e *Endpoint) recordState(row *customerRow) {
	delete(e.srv.states, row.ID)
	e.record("customer.state_changed", stateObject(e.srv.db.primary, row))
}

// record creates an event and queues it.
func (e *Endpoint) record(typ string, data *python.Object) {
	if len(e.hook.Types) > 0 && !slices.Contains(e.hook.Types, typ) {
		return
	}
	event := &hookEvent{id: newUUID(), typ: typ, body: python.MarshalJSON(python.NewObject("type", typ, "timestamp", timestamp(e.srv.stamp()), "data", data))}
	e.mu.Lock()
	if !e.disabled {
		e.events[event.id] = event
		e.queue = append(e.queue, event)
	}
	e.mu.Unlock()
	e.signal()
}

// signal wakes run.
func (e *Endpoint) signal() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// run makes the first attempts, one after the other. Later events overtake one
// that fails.
func (e *Endpoint) run() {
	for {
		event := e.next()
		if event == nil {
			select {
			case <-e.wake:
				continue
			case <-e.ctx.Done():
				return
			}
		}
		if e.attempt(event, 1).OK() {
			e.finish(true)
		} else {
			e.busy.Go(func() { e.repeat(event) })
		}
	}
}

// next takes an event from the queue. If the queue is empty, it wakes the callers of
// Flush.
func (e *Endpoint) next() *hookEvent {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx.Err() != nil || len(e.queue) == 0 {
		e.working = false
		if e.jobs == 0 && e.idle != nil {
			close(e.idle)
			e.idle = nil
		}
		return nil
	}
	event := e.queue[0]
	e.queue = e.queue[1:]
	e.working = true
	return event
}

// repeat makes the attempts after the first.
func (e *Endpoint) repeat(event *hookEvent) {
	for n := 2; n <= deliveryAttempts; n++ {
		sleep(e.ctx, e.hook.RetryDelay(n-1))
		if e.ctx.Err() != nil || e.Disabled() {
			return
		}
		if e.attempt(event, n).OK() {
			e.finish(true)
			return
		}
	}
	e.finish(false)
}

// finish counts failed events in a row.
func (e *Endpoint) finish(ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ok {
		e.failed = 0
		return
	}
	if e.failed++; e.failed >= deliveryFailures {
		e.disabled, e.queue = true, nil
	}
}

// attempt sends an event, signed with the receiver's time. The receiver refuses old
// signatures, and Advance does not move its clock.
func (e *Endpoint) attempt(event *hookEvent, n int) Delivery {
	d := Delivery{EventID: event.id, Type: event.typ, Attempt: n, Body: event.body, Time: e.srv.Now()}
	now := strconv.FormatInt(e.srv.opts.now().Unix(), 10)
	d.Header = http.Header{
		"User-Agent":        {"polar.sh webhooks"},
		"Content-Type":      {"application/json"},
		"Webhook-Id":        {event.id},
		"Webhook-Timestamp": {now},
		"Webhook-Signature": {hookSignature(e.hook.Secret, event.id, now, event.body)},
	}
	d.Status, d.Err = e.post(d)
	if e.ctx.Err() == nil {
		e.mu.Lock()
		e.deliveries = append(e.deliveries, d)
		e.mu.Unlock()
		if e.hook.OnDelivery != nil {
			e.hook.OnDelivery(d)
		}
	}
	return d
}

func (e *Endpoint) post(d Delivery) (int, error) {
	r, err := http.NewRequestWithContext(e.ctx, http.MethodPost, cmp.Or(e.hook.URL, "/"), bytes.NewReader(d.Body))
	if err != nil {
		return 0, err
	}
	r.Header = d.Header.Clone()
	resp, err := e.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<16) // so that the connection can be used again
	return resp.StatusCode, nil
}

// hookSignature computes the signature independently of the SDK's verifier, so
// that one tests the other.
func hookSignature(secret, id, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}
