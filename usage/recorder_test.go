package usage_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/internal/servicetest"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/usage"
)

// ingestion is the service's intake of events in memory.
type ingestion struct {
	mu      sync.Mutex
	events  map[string]usage.Event // by external ID
	batches []int                  // how many events each request had
	counted int                    // how many events were new
	clock   func() time.Time       // the service's
	limit   int                    // how many events are too many for it
}

func (s *ingestion) respond(_ *http.Request, body string) servicetest.Response {
	var request struct{ Events []usage.Event }
	if err := json.Unmarshal([]byte(body), &request); err != nil {
		return servicetest.JSON(422, `{"error":"RequestValidationError","detail":[]}`)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, len(request.Events))
	if s.limit > 0 && len(request.Events) > s.limit {
		return servicetest.Response{Status: 500, Body: "Internal Server Error"}
	}
	var problems []string
	for i, e := range request.Events {
		const missing = `,{"type":"missing","loc":["body","events",%d,"EventCreateCustomer","customer_id"],"msg":"Field required"}`
		switch {
		case s.clock != nil && e.Timestamp != nil && e.Timestamp.After(s.clock()):
			problems = append(problems, fmt.Sprintf(`{"type":"value_error","loc":["body","events",%d,"EventCreateExternalCustomer","timestamp"],"msg":"Value error, Timestamp must be in the past."}`+missing, i, i))
		case e.Name == "bad":
			problems = append(problems, fmt.Sprintf(`{"type":"string_too_long","loc":["body","events",%d,"EventCreateExternalCustomer","name"],"msg":"x"}`+missing, i, i))
		case e.Name == "obscure":
			return servicetest.JSON(422, `{"error":"RequestValidationError","detail":[{"type":"value_error","loc":["body"],"msg":"x"}]}`)
		}
	}
	if len(problems) > 0 {
		return servicetest.JSON(422, `{"error":"RequestValidationError","detail":[`+strings.Join(problems, ",")+`]}`)
	}
	if s.events == nil {
		s.events = map[string]usage.Event{}
	}
	inserted := 0
	for _, e := range request.Events {
		if _, ok := s.events[e.ExternalID]; !ok {
			s.events[e.ExternalID] = e
			inserted++
		}
	}
	s.counted += inserted
	return servicetest.JSON(200, fmt.Sprintf(`{"inserted":%d,"duplicates":%d}`, inserted, len(request.Events)-inserted))
}

func (s *ingestion) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.batches)
}

// recorder returns a recorder on s, which is closed with the test.
func recorder(t testing.TB, w *servicetest.Wire, o usage.RecorderOptions) *usage.Recorder {
	t.Helper()
	r, err := usage.NewRecorder(w.Client(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func event(name string) usage.Event { return usage.Event{Name: name, ExternalCustomerID: "user_42"} }

func record(t testing.TB, r *usage.Recorder, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := r.Record(event(name)); err != nil {
			t.Fatal(err)
		}
	}
}

func closeRecorder(t testing.TB, r *usage.Recorder) {
	t.Helper()
	if err := r.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

// Batches are sent when they are full, when their oldest event has waited, and by
// Flush and Close.
func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ingestion{}
		r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{BatchSize: 3, BatchWait: time.Minute})
		record(t, r, "1", "2")
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if got := s.sizes(); len(got) != 0 {
			t.Errorf("sent too early: %v", got)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if got := s.sizes(); !slices.Equal(got, []int{2}) {
			t.Errorf("after BatchWait: %v", got)
		}
		record(t, r, "3", "4", "5", "6", "7", "8", "9")
		synctest.Wait()
		if got := s.sizes(); !slices.Equal(got, []int{2, 3, 3}) {
			t.Errorf("full batches: %v", got)
		}
		if err := r.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if got := s.sizes(); !slices.Equal(got, []int{2, 3, 3, 1}) {
			t.Errorf("after Flush: %v", got)
		}
		record(t, r, "10")
		closeRecorder(t, r)
		if got, stats := s.sizes(), r.Stats(); !slices.Equal(got, []int{2, 3, 3, 1, 1}) || stats != (usage.Stats{Recorded: 10, Sent: 10}) {
			t.Errorf("after Close: %v, %+v", got, stats)
		}
		for _, e := range s.events {
			if e.Timestamp == nil || e.ExternalID == "" {
				t.Errorf("%+v has no time or no ID", e)
			}
		}
		if err := r.Record(event("11")); !errors.Is(err, usage.ErrClosed) {
			t.Error(err)
		}
		closeRecorder(t, r) // again
	})
}

// What a program gives an event, stays.
func TestRecordKeeps(t *testing.T) {
	s := &ingestion{}
	r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{})
	mine := usage.Event{Name: "n", ExternalCustomerID: "user_42", ExternalID: "mine", Timestamp: &at}
	for range 2 {
		if err := r.Record(mine); err != nil {
			t.Fatal(err)
		}
	}
	closeRecorder(t, r)
	if got := s.events["mine"]; !got.Timestamp.Equal(at) || len(s.events) != 1 || r.Stats() != (usage.Stats{Recorded: 2, Sent: 2, Duplicates: 1}) {
		t.Errorf("got %+v, %+v", got, r.Stats())
	}
}

func TestRecordRefuses(t *testing.T) {
	s := &ingestion{}
	r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{})
	defer closeRecorder(t, r)
	for want, wrong := range wrongEvents {
		if err := r.Record(wrong); !errors.Is(err, polar.ErrInvalidArgument) || err.Error() != "events: ingest: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if stats := r.Stats(); stats != (usage.Stats{}) {
		t.Errorf("%+v", stats)
	}
}

func TestNewRecorderRefuses(t *testing.T) {
	c := (&servicetest.Wire{}).Client(t)
	for _, tc := range []struct {
		client  *polar.Client
		options usage.RecorderOptions
		want    string
	}{
		{c, usage.RecorderOptions{BatchSize: 1001}, "BatchSize: must be 1 to 1000"},
		{c, usage.RecorderOptions{BatchSize: -1}, "BatchSize: must be 1 to 1000"},
		{c, usage.RecorderOptions{QueueSize: 5, BatchSize: 6}, "BatchSize: must be 1 to 5"},
		{c, usage.RecorderOptions{QueueSize: -1}, "QueueSize: must not be negative"},
		{c, usage.RecorderOptions{BatchWait: -1}, "BatchWait: must not be negative"},
		{c, usage.RecorderOptions{MaxBlock: -1}, "MaxBlock: must not be negative"},
		{c, usage.RecorderOptions{RetryFor: -1}, "RetryFor: must not be negative"},
		{nil, usage.RecorderOptions{}, "client: is nil: make one with polar.New"},
	} {
		_, err := usage.NewRecorder(tc.client, tc.options)
		if want := "events: ingest: " + tc.want; !errors.Is(err, polar.ErrInvalidArgument) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A recorder that has ended needs no more time, even if the context has ended.
func TestCloseAgain(t *testing.T) {
	r := recorder(t, &servicetest.Wire{}, usage.RecorderOptions{})
	closeRecorder(t, r)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for range 100 {
		if err := r.Close(ended); err != nil {
			t.Fatal(err)
		}
	}
}

// A full queue refuses events, after MaxBlock at the latest, and takes them again
// when there is room.
func TestQueueFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ingestion{}
		release := make(chan struct{})
		w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
			<-release
			return s.respond(req, body)
		}}
		r := recorder(t, w, usage.RecorderOptions{BatchSize: 2, QueueSize: 3, MaxBlock: time.Second})
		record(t, r, "1", "2")
		synctest.Wait() // they are being sent
		record(t, r, "3", "4", "5")
		start := time.Now()
		if err := r.Record(event("6")); !errors.Is(err, usage.ErrQueueFull) || time.Since(start) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
		if stats := r.Stats(); stats.Refused != 1 || stats.Queued != 5 || stats.Recorded != 5 {
			t.Errorf("%+v", stats)
		}
		taken := make(chan error)
		go func() { taken <- r.Record(event("7")) }()
		time.Sleep(time.Second / 2)
		close(release)
		if err := <-taken; err != nil {
			t.Errorf("with room again: %v", err)
		}
		closeRecorder(t, r)
		if len(s.events) != 6 {
			t.Errorf("%d events", len(s.events))
		}
	})
	synctest.Test(t, func(t *testing.T) { // without MaxBlock, at once
		release := make(chan struct{})
		w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
			<-release
			return (&ingestion{}).respond(req, body)
		}}
		r := recorder(t, w, usage.RecorderOptions{QueueSize: 1})
		record(t, r, "1")
		synctest.Wait()
		record(t, r, "2")
		start := time.Now()
		if err := r.Record(event("3")); !errors.Is(err, usage.ErrQueueFull) || time.Since(start) != 0 {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
		close(release)
		closeRecorder(t, r)
	})
}

// A Record that waits for room returns when the recorder is closed.
func TestCloseWhileRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &servicetest.Wire{Responses: []servicetest.Response{{Status: 502}}}
		r := recorder(t, w, usage.RecorderOptions{QueueSize: 1, MaxBlock: time.Hour})
		record(t, r, "1")
		synctest.Wait()
		record(t, r, "2")
		taken := make(chan error)
		go func() { taken <- r.Record(event("3")) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		closed := make(chan error)
		go func() { closed <- r.Close(ctx) }()
		if err := <-taken; !errors.Is(err, usage.ErrClosed) {
			t.Error(err)
		}
		if err := <-closed; !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if stats := r.Stats(); stats.Dropped != 2 || stats.Queued != 0 {
			t.Errorf("%+v", stats)
		}
	})
}

// A rate limit delays events and loses none.
func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ingestion{}
		start, requests := time.Now(), 0
		w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
			if requests++; time.Since(start) < time.Minute {
				return servicetest.Response{Status: 429, Header: http.Header{"Retry-After": {"60"}}}
			}
			return s.respond(req, body)
		}}
		r := recorder(t, w, usage.RecorderOptions{OnDrop: func(events []usage.Event, err error) { t.Errorf("dropped %d: %v", len(events), err) }})
		record(t, r, "1", "2")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if stats := r.Stats(); !errors.Is(stats.LastError, polar.ErrRateLimited) || stats.Queued != 2 {
			t.Errorf("%+v", stats)
		}
		closeRecorder(t, r)
		if requests > 3 || len(s.events) != 2 || r.Stats().LastError != nil {
			t.Errorf("%d events after %d requests", len(s.events), requests)
		}
	})
}

// dropped collects the arguments of OnDrop.
type dropped struct {
	names  []string
	errors []error
}

func (d *dropped) add(events []usage.Event, err error) {
	for _, e := range events {
		d.names = append(d.names, e.Name)
	}
	d.errors = append(d.errors, err)
}

// The service refuses a whole request for one event. The others are sent.
func TestWrongEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, d := &ingestion{}, &dropped{}
		r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{BatchSize: 8, OnDrop: d.add})
		record(t, r, "1", "bad", "3", "4", "5", "obscure", "7", "8")
		closeRecorder(t, r)
		if !slices.Equal(d.names, []string{"bad", "obscure"}) || len(s.events) != 6 || s.counted != 6 {
			t.Errorf("dropped %v, sent %d", d.names, len(s.events))
		}
		for _, err := range d.errors {
			if !errors.Is(err, polar.ErrValidation) {
				t.Error(err)
			}
		}
		if stats := r.Stats(); stats.Sent != 6 || stats.Dropped != 2 {
			t.Errorf("%+v", stats)
		}
	})
}

// Events of a machine with a fast clock are sent without the time that the
// recorder has given them; a time of the program's own is an error.
func TestFastClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, d := &ingestion{clock: func() time.Time { return time.Now().Add(-time.Minute) }}, &dropped{}
		r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{OnDrop: d.add})
		record(t, r, "1", "2")
		late := time.Now().Add(time.Hour)
		if err := r.Record(usage.Event{Name: "late", ExternalCustomerID: "user_42", Timestamp: &late}); err != nil {
			t.Fatal(err)
		}
		closeRecorder(t, r)
		if !slices.Equal(d.names, []string{"late"}) || len(s.events) != 2 {
			t.Errorf("dropped %v, sent %d", d.names, len(s.events))
		}
	})
}

// Too many events for the service are sent in parts.
func TestTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ingestion{limit: 3}
		r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{BatchSize: 10, OnDrop: (&dropped{}).add})
		for i := range 10 {
			record(t, r, fmt.Sprint(i))
		}
		closeRecorder(t, r)
		if len(s.events) != 10 || r.Stats().Dropped != 0 {
			t.Errorf("sent %d in %v", len(s.events), s.sizes())
		}
	})
	synctest.Test(t, func(t *testing.T) { // 12 MB are refused before they are sent
		s := &ingestion{}
		r := recorder(t, &servicetest.Wire{Decide: s.respond}, usage.RecorderOptions{})
		metadata := usage.Metadata{}
		for i := range 240 {
			metadata[fmt.Sprint(i)] = strings.Repeat("x", 500)
		}
		for range 100 {
			if err := r.Record(usage.Event{Name: "big", ExternalCustomerID: "user_42", Metadata: metadata}); err != nil {
				t.Fatal(err)
			}
		}
		closeRecorder(t, r)
		if len(s.events) != 100 || len(s.batches) != 2 {
			t.Errorf("sent %d in %v", len(s.events), s.sizes())
		}
	})
}

// What cannot be sent for RetryFor is dropped, and an outcome that is not known is
// said.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, d := &ingestion{}, &dropped{}
		start, requests := time.Now(), 0
		w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
			if requests++; time.Since(start) < 30*time.Minute {
				return servicetest.Response{Status: 503}
			}
			return s.respond(req, body)
		}}
		r := recorder(t, w, usage.RecorderOptions{RetryFor: 10 * time.Minute, OnDrop: d.add})
		record(t, r, "1")
		time.Sleep(25 * time.Minute)
		record(t, r, "2")
		closeRecorder(t, r)
		if !slices.Equal(d.names, []string{"1"}) || len(s.events) != 1 || !errors.Is(d.errors[0], polar.ErrOutcomeUnknown) || !errors.Is(d.errors[0], polar.ErrServer) {
			t.Errorf("dropped %v, %v; sent %d", d.names, d.errors, len(s.events))
		}
		if requests < 30 || requests > 120 {
			t.Errorf("%d requests in half an hour", requests)
		}
	})
}

// Flush and Close end with their contexts. Close drops what is left.
func TestContexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dropped{}
		w := &servicetest.Wire{Responses: []servicetest.Response{{Status: 503}}}
		r := recorder(t, w, usage.RecorderOptions{BatchSize: 2, OnDrop: d.add})
		record(t, r, "1", "2", "3", "4", "5")
		short := func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), time.Second) }
		ctx, cancel := short()
		defer cancel()
		if err := r.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) || r.Stats().Queued != 5 {
			t.Errorf("%v, %+v", err, r.Stats())
		}
		ctx, cancel = short()
		defer cancel()
		if err := r.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		slices.Sort(d.names)
		if !slices.Equal(d.names, []string{"1", "2", "3", "4", "5"}) || r.Stats().Dropped != 5 || r.Stats().Queued != 0 {
			t.Errorf("dropped %v, %+v", d.names, r.Stats())
		}
		for _, err := range d.errors {
			if !errors.Is(err, usage.ErrClosed) {
				t.Error(err)
			}
		}
	})
}

var chaosEvents = flag.Int("events", 50_000, "how many events TestChaos sends")

// Through a network that breaks a quarter of the requests, each event arrives once
// or is reported.
func TestChaos(t *testing.T) {
	s := &ingestion{}
	rng := rand.New(rand.NewPCG(1, 2))
	lost := 0
	w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
		n := rng.IntN(100)
		broken := []servicetest.Response{
			{Err: errors.New("connection reset")}, {Status: 500, Body: "Internal Server Error"}, {Status: 502, Body: "<html>"},
			{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"inserted":`, Cut: true}, {Status: 429, Header: http.Header{"Retry-After": {"1"}}},
		}[n%5]
		switch {
		case n >= 25:
			return s.respond(req, body)
		case n >= 10 && broken.Status != 429: // the request arrives, and its response does not
			s.respond(req, body)
			lost++
		}
		return broken
	}}
	synctest.Test(t, func(t *testing.T) { // delays take no time
		d := &dropped{}
		r, err := usage.NewRecorder(w.Client(t, servicetest.Retry()), usage.RecorderOptions{MaxBlock: time.Hour, QueueSize: 5000, BatchSize: 100, OnDrop: d.add})
		if err != nil {
			t.Fatal(err)
		}
		const writers = 8
		var writing sync.WaitGroup
		for i := range writers {
			writing.Go(func() {
				for n := i; n < *chaosEvents; n += writers {
					if err := r.Record(event(fmt.Sprint(n))); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writing.Wait()
		closeRecorder(t, r)
		seen := map[string]bool{}
		for _, e := range s.events {
			seen[e.Name] = true
		}
		for _, name := range d.names {
			seen[name] = true
		}
		stats := r.Stats()
		if s.counted != len(s.events) || len(seen) != *chaosEvents || len(s.events)+len(d.names) < *chaosEvents || stats.Sent+stats.Dropped != *chaosEvents {
			t.Errorf("%d events arrived, %d dropped, of %d: %+v", len(s.events), len(d.names), *chaosEvents, stats)
		}
		if lost == 0 || stats.Duplicates == 0 {
			t.Errorf("no response was lost: has the test lost its point? %+v", stats)
		}
		t.Logf("%d requests, %d responses lost, %+v", len(s.batches), lost, stats)
	})
}

// The recorder's memory is bounded by its queue.
func TestMemory(t *testing.T) {
	release := make(chan struct{})
	s := &ingestion{}
	w := &servicetest.Wire{Decide: func(req *http.Request, body string) servicetest.Response {
		<-release
		return s.respond(req, body)
	}}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := recorder(t, w, usage.RecorderOptions{QueueSize: 50_000})
	refused := 0
	for range 200_000 {
		if err := r.Record(event("api_call")); errors.Is(err, usage.ErrQueueFull) {
			refused++
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	if refused < 140_000 || used > 40<<20 {
		t.Errorf("%d events were refused, and the others take %d bytes", refused, used)
	}
	t.Logf("%d bytes for 50,000 events", used)
	close(release)
	closeRecorder(t, r)
}

// BenchmarkRecorder measures recording and sending against a service that only
// counts: divide a second by its time for the events a second.
func BenchmarkRecorder(b *testing.B) {
	w := &counter{}
	c, err := polar.New("polar_oat_bench", polar.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		b.Fatal(err)
	}
	r, err := usage.NewRecorder(c, usage.RecorderOptions{MaxBlock: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Record(usage.Event{Name: "api_call", ExternalCustomerID: "user_42", Metadata: usage.Metadata{"tokens": 1234, "model": "small"}}); err != nil {
			b.Fatal(err)
		}
	}
	if err := r.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	if stats := r.Stats(); stats.Sent != stats.Recorded {
		b.Errorf("%+v", stats)
	}
}

// counter is a service that takes everything and looks at nothing.
type counter struct{}

func (counter) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Body.Close(); err != nil {
		return nil, err
	}
	w := servicetest.Wire{Responses: []servicetest.Response{servicetest.JSON(200, `{"inserted":1000,"duplicates":0}`)}}
	req = req.Clone(req.Context())
	req.Body, req.ContentLength = http.NoBody, 0
	return w.RoundTrip(req)
}
