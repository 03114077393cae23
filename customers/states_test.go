package customers_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// bulk are the methods that get many states, by the IDs that they take.
var bulk = map[string]struct {
	id     func(int) string
	path   string
	states func(*customers.Client, context.Context, iter.Seq[string], int, ...polar.CallOption) iter.Seq[customers.StateResult]
}{
	"States":             {itemID, "/v1/customers/%s/state", (*customers.Client).States},
	"StatesByExternalID": {func(i int) string { return fmt.Sprint("user_", i) }, "/v1/customers/external/%s/state", (*customers.Client).StatesByExternalID},
}

// stateOf returns a state whose name is the path of the request.
func stateOf(r sent) reply { return found(`"Jane Doe"`, `"`+r.path+`"`) }

// Every ID has one result, in order, however long each takes, and no more are asked
// for at once than allowed.
func TestStatesInOrder(t *testing.T) {
	for name, m := range bulk {
		for _, concurrency := range []int{-1, 0, 1, 3, 100} {
			t.Run(fmt.Sprint(name, " ", concurrency), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var ids []string
					for i := range 40 {
						ids = append(ids, m.id(i))
					}
					ids = append(ids, ids[0], "a/b") // one again, and one that is refused
					var mu sync.Mutex
					inFlight, most := 0, 0
					s := play()
					s.decide = func(r sent) reply {
						mu.Lock()
						defer mu.Unlock()
						inFlight++
						most = max(most, inFlight)
						delay := time.Duration(len(s.requests())*7919%50+1) * time.Millisecond
						time.AfterFunc(delay-1, func() { // before the response
							mu.Lock()
							defer mu.Unlock()
							inFlight--
						})
						if strings.Contains(r.path, m.id(7)) {
							return coded(404, notFoundBody).later(delay)
						}
						return stateOf(r).later(delay)
					}
					var got []string
					for r := range m.states(s.client(t), t.Context(), slices.Values(ids), concurrency, polar.WithoutRetry()) {
						got = append(got, r.ID)
						switch {
						case r.ID == "a/b":
							if is(r.Err) != "ErrInvalidArgument" {
								t.Errorf("%s: %v", r.ID, r.Err)
							}
						case r.ID == m.id(7):
							if r.State != nil || is(r.Err) != "ErrNotFound" {
								t.Errorf("%s: %v, %v", r.ID, r.State, r.Err)
							}
						case r.Err != nil || polar.Value(r.State.Name) != fmt.Sprintf(m.path, r.ID):
							t.Errorf("%s: %v, %v", r.ID, r.State, r.Err)
						}
					}
					if !slices.Equal(got, ids) {
						t.Errorf("results for %q, want %q", got, ids)
					}
					if want := min(max(concurrency, 1), 41); most != want {
						t.Errorf("%d requests at once, want %d", most, want)
					}
				})
			})
		}
	}
}

// IDs are taken as results are read: an iterator may be longer than memory.
func TestStatesAreLazy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := 0
		ids := func(yield func(string) bool) {
			for yield(itemID(taken)) {
				taken++
			}
		}
		s := play()
		s.decide = stateOf
		seq := s.client(t).States(t.Context(), ids, 4)
		if taken != 0 || len(s.requests()) != 0 {
			t.Error("work before the loop")
		}
		n := 0
		for range seq {
			if n++; taken > n+3 {
				t.Fatalf("%d IDs taken for %d results", taken, n)
			}
			if n == 20 {
				break
			}
		}
	})
}

// A loop that breaks cancels what is in flight, and returns when that has ended.
func TestStatesBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inFlight atomic.Int32
		slow := transport(func(req *http.Request) (*http.Response, error) {
			if strings.Contains(req.URL.Path, itemID(0)) {
				return ok().response(req), nil
			}
			inFlight.Add(1)
			defer inFlight.Add(-1)
			<-req.Context().Done()
			time.Sleep(time.Second) // as a connection that takes its time to close
			return nil, req.Context().Err()
		})
		start := time.Now()
		ids := slices.Values([]string{itemID(0), itemID(1), itemID(2), itemID(3)})
		for r := range newClient(t, slow).States(t.Context(), ids, 3) {
			if synctest.Wait(); r.Err != nil || inFlight.Load() != 2 {
				t.Errorf("%v with %d requests in flight", r.Err, inFlight.Load())
			}
			break
		}
		if took := time.Since(start); took != time.Second || inFlight.Load() != 0 {
			t.Errorf("the loop ended after %v with %d requests in flight", took, inFlight.Load())
		}
	})
}

// transport is a transport made of a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// A context that ends is the error of the last result, wherever the loop is: no
// caller takes a part for the whole.
func TestStatesContext(t *testing.T) {
	var ids []string
	for i := range 20 {
		ids = append(ids, itemID(i))
	}
	for _, concurrency := range []int{1, 4} {
		for name, delay := range map[string]time.Duration{"between requests": 0, "in a request": time.Minute} {
			t.Run(fmt.Sprintf("%s, %d at once", name, concurrency), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					s := play()
					s.decide = func(r sent) reply {
						if len(s.requests()) > 8 {
							return stateOf(r).later(delay)
						}
						return stateOf(r)
					}
					var results []customers.StateResult
					for r := range s.client(t).States(ctx, slices.Values(ids), concurrency) {
						results = append(results, r)
						if len(results) == 5 && delay == 0 {
							cancel()
						}
						if len(results) == 5 && delay > 0 {
							time.AfterFunc(time.Second, cancel)
						}
					}
					last := results[len(results)-1]
					if !errors.Is(last.Err, context.Canceled) || last.State != nil || len(results) > 5+concurrency+4 {
						t.Errorf("%d results, the last with %v", len(results), last.Err)
					}
					for i, r := range results[:len(results)-1] {
						if r.Err != nil || r.ID != ids[i] {
							t.Errorf("result %d: %s, %v", i, r.ID, r.Err)
						}
					}
				})
			})
		}
	}
	// One that ends after the last result changes nothing.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := play(ok())
	for r := range s.client(t).States(ctx, slices.Values(ids[:1]), 1) {
		if r.Err != nil {
			t.Error(r.Err)
		}
		cancel()
	}
}

// What cannot begin is one result.
func TestStatesRefused(t *testing.T) {
	var noContext context.Context
	ids := slices.Values([]string{testID})
	for name, m := range bulk {
		for want, seq := range map[string]iter.Seq[customers.StateResult]{
			"ids: is nil":     m.states(forbidden(t).client(t), t.Context(), nil, 1),
			"context: is nil": m.states(forbidden(t).client(t), noContext, ids, 1),
		} {
			results := slices.Collect(seq)
			if len(results) != 1 || results[0].State != nil || is(results[0].Err) != "ErrInvalidArgument" || !strings.HasSuffix(results[0].Err.Error(), ": "+want) {
				t.Errorf("%s: %v, want %s", name, results, want)
			}
		}
	}
	for range (customers.New(nil)).States(t.Context(), slices.Values([]string{}), 1) {
		t.Error("a result without an ID")
	}
}
