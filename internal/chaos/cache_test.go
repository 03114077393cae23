package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

const (
	cacheTTL    = time.Minute
	cacheMargin = 5 * time.Second
	replicaLag  = time.Second
)

// shop changes customers, and checks their states in a cache. A customer's name is
// the number of its changes.
type shop struct {
	admin *customers.Client // sends requests that do not fail
	cache *statecache.Cache
	down  atomic.Bool // whether there is an outage

	mu       sync.Mutex
	changes  map[string][]fact // the customers' versions, by external ID
	applied  map[string][]fact // the versions that events have reported
	checked  map[string]bool   // whether the customer has been checked
	wasDown  time.Time         // the end of the last outage
	requests map[string]int    // for states, by external ID
	problems map[string]string // the first of each kind
	counts   struct{ checks, first, stale, failed int }
}

// fact is a version of a customer, and the time of the change or of the event.
type fact struct {
	version int
	at      time.Time
}

func (s *shop) complain(kind, format string, args ...any) {
	if s.problems[kind] == "" {
		s.problems[kind] = kind + ": " + fmt.Sprintf(format, args...)
	}
}

// change creates a customer, or its next version.
func (s *shop) change(externalID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	version := len(s.changes[externalID]) + 1
	s.changes[externalID] = append(s.changes[externalID], fact{version, time.Now()})
	var err error
	if version == 1 {
		_, err = s.admin.Create(context.Background(), customers.CreateParams{ExternalID: externalID, Email: externalID + "@polar.sh", Name: "1"})
	} else {
		_, err = s.admin.UpdateByExternalID(context.Background(), externalID, customers.UpdateByExternalIDParams{Name: polar.Set(strconv.Itoa(version))})
	}
	return err
}

func version(state *customers.State) int {
	if state == nil {
		return 0
	}
	n, _ := strconv.Atoi(polar.Value(state.Name)) // 0 for anything else, which is older than all
	return n
}

// apply is the handler of events.
func (s *shop) apply(ctx context.Context, event webhook.Event) error {
	if err := s.cache.Apply(ctx, event); err != nil || event.Type != webhook.CustomerStateChanged {
		return err
	}
	state, err := webhook.Data[customers.State](event)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	externalID := *state.ExternalID
	s.applied[externalID] = append(s.applied[externalID], fact{version(state), time.Now()})
	return nil
}

// check compares what the cache returns with what it must know.
func (s *shop) check(externalID string) {
	begun, outage := time.Now(), s.down.Load()
	s.mu.Lock()
	first := !s.checked[externalID]
	s.checked[externalID] = true
	told := 0 // the version that an event reported long enough ago, or before the first check
	for _, f := range s.applied[externalID] {
		if first || begun.Sub(f.at) > cacheMargin {
			told = max(told, f.version)
		}
	}
	due := 0 // the version that the cache must know without an event
	for _, f := range s.changes[externalID] {
		if begun.Sub(f.at) > cacheTTL+replicaLag {
			due = f.version
		}
	}
	s.mu.Unlock()

	result, err := s.cache.GetByExternalID(context.Background(), externalID)
	got := version(result.State)
	s.mu.Lock()
	defer s.mu.Unlock()
	// The cache pauses for up to 15 seconds after an outage.
	outage = outage || s.down.Load() || begun.Sub(s.wasDown) < 20*time.Second
	s.counts.checks++
	if first {
		s.counts.first++
	}
	switch {
	case err != nil && !errors.Is(err, polar.ErrNotFound):
		s.counts.failed++
		if !outage {
			s.complain("failed", "%s: %v", externalID, err)
		}
	case result.Stale:
		s.counts.stale++
		if !outage {
			s.complain("stale", "%s: %v", externalID, result.Cause)
		}
	case got < told:
		s.complain("forgotten", "%s has version %d after an event about %d, first check: %t", externalID, got, told, first)
	case got < due:
		s.complain("too old", "%s has version %d, and had %d", externalID, got, due)
	}
}

// wrap is middleware that fails for poisoned customers, and in an outage for all.
func (s *shop) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		externalID := strings.TrimSuffix(strings.TrimPrefix(req.URL.Path, "/v1/customers/external/"), "/state")
		s.mu.Lock()
		s.requests[externalID]++
		s.mu.Unlock()
		status := http.StatusServiceUnavailable
		if strings.HasPrefix(externalID, "poisoned") {
			status = http.StatusInternalServerError
		} else if !s.down.Load() {
			return next.RoundTrip(req)
		}
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader("failed")), Request: req}, nil
	})
}

// The cache returns nothing older than it promises, although the service lags and fails
// for some customers and sometimes for all, and although events arrive late, repeatedly,
// out of order or before the first check. The storm in package statecache also sets the
// clock, because it can reach the clock of the cache.
func TestChaosCache(t *testing.T) {
	t.Logf("-seed %d", *seed)
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(*seed, 0))
		server := polartest.NewServer(t, polartest.WithoutSocket())
		server.SetReplicaLag(replicaLag)
		s := &shop{
			admin: customers.New(server.Client()), changes: map[string][]fact{}, applied: map[string][]fact{},
			checked: map[string]bool{}, requests: map[string]int{}, problems: map[string]string{},
		}
		client := server.Client(polar.WithMiddleware(s.wrap), polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1}))
		var err error
		s.cache, err = statecache.New(customers.New(client), statecache.WithTTL(cacheTTL), statecache.WithClockMargin(cacheMargin), statecache.WithNegativeTTL(10*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		defer s.cache.Close()
		const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
		events, err := webhook.Handler(secret, s.apply)
		if err != nil {
			t.Fatal(err)
		}
		var deliveries atomic.Int64
		endpoint := server.AddWebhook(polartest.Webhook{
			Secret: secret, JobDelay: 50 * time.Millisecond,
			RetryDelay: func(attempt int) time.Duration { return time.Duration(attempt*attempt) * time.Second },
			Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if deliveries.Add(1)%4 == 0 { // the service repeats it after later events
					http.Error(w, "not now", http.StatusServiceUnavailable)
					return
				}
				events.ServeHTTP(w, req)
			}),
		})
		defer endpoint.Close()

		// New customers come all the time, and are checked while they are known.
		var running sync.WaitGroup
		newest := 0
		customer := func() string { return fmt.Sprint("user_", max(1, newest-r.IntN(40))) }
		for i := range 15 * 60 * 5 {
			switch {
			case i%10 == 0: // sign-up, event, first visit
				newest++
				externalID := fmt.Sprint("user_", newest)
				if err := s.change(externalID); err != nil {
					t.Fatal(err)
				}
				wait := time.Duration(r.IntN(1500)) * time.Millisecond
				running.Go(func() { time.Sleep(wait); s.check(externalID) })
			case r.IntN(10) == 0:
				if err := s.change(customer()); err != nil {
					t.Fatal(err)
				}
			}
			for range r.IntN(4) {
				externalID := customer()
				running.Go(func() { s.check(externalID) })
			}
			if i%5 == 0 {
				running.Go(func() { _, _ = s.cache.GetByExternalID(context.Background(), fmt.Sprint("poisoned_", i%3)) })
			}
			if i == 5*60*5 || i == 10*60*5 {
				s.down.Store(true)
			}
			if i == 7*60*5 || i == 11*60*5 {
				s.mu.Lock()
				s.wasDown = time.Now()
				s.mu.Unlock()
				s.down.Store(false)
			}
			time.Sleep(200 * time.Millisecond)
		}
		running.Wait()
		for _, problem := range s.problems {
			t.Error(problem)
		}
		total, poisoned := 0, 0
		for externalID, n := range s.requests {
			total += n
			if strings.HasPrefix(externalID, "poisoned") {
				poisoned += n
			}
		}
		t.Logf("%d checks, %d of them the first of a customer, %d stale, %d failed; %d requests, %d of them for poisoned customers",
			s.counts.checks, s.counts.first, s.counts.stale, s.counts.failed, total, poisoned)
		if s.counts.stale == 0 {
			t.Error("the outages were not noticed")
		}
		if poisoned > 500 {
			t.Error("poisoned customers were asked for too often")
		}
	})
}
