package customers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// all calls do n times at once and returns what came of it.
func all(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	return errs
}

// A 429 holds back the whole client until the window has passed, and then lets
// requests go one after the other.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play()
		s.decide = func(n int, _ *http.Request) reply {
			if n == 0 {
				return limited("60")
			}
			return ok()
		}
		c := s.client(t, WithRetry(BatchRetry))
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := get(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10 * time.Second) // in the pause
		derived, err := c.With(WithTimeout(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		for i, err := range all(64, func(i int) error { return get(t.Context(), []*Client{c, derived}[i%2]) }) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		wg.Wait()
		want := seconds(0)
		for i := range 65 {
			want = append(want, time.Minute+time.Duration(i)*spacing)
		}
		if got := s.times(); !slices.Equal(got, want) {
			t.Errorf("requests at %v,\nwant %v", got, want)
		}
	})
}

// However many wait, the cap is for the pause, not for the place in the queue.
func TestPauseAtTheCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("2"), ok())
		c := s.client(t)
		first := make(chan error, 1)
		go func() { first <- get(t.Context(), c) }()
		synctest.Wait()
		for i, err := range all(10, func(int) error { return get(t.Context(), c) }) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if last := s.times()[11]; last != 2*time.Second+10*spacing {
			t.Errorf("the last request at %v", last)
		}
	})
}

// A call that would not wait for so long fails at once, unsent, and says how
// long; but one a second asks whether the window has ended.
func TestPauseTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("60"), limited("60"), ok())
		c := s.client(t)
		check := func(at, left time.Duration, requests int) {
			t.Helper()
			time.Sleep(at - time.Since(s.start))
			e := failureOf(t, get(t.Context(), c))
			if !errors.Is(e, ErrRateLimited) || e.RetryAfter != left || len(s.sent) != requests {
				t.Errorf("at %v: %v, RetryAfter %v, %d requests; want %v, %d", at, e, e.RetryAfter, len(s.sent), left, requests)
			}
		}
		check(0, time.Minute, 1)                                            // the 429 itself
		check(0, time.Minute, 1)                                            // unsent
		check(900*time.Millisecond, 59*time.Second+100*time.Millisecond, 1) // unsent
		check(time.Second, time.Minute, 2)                                  // asks, in vain
		check(1500*time.Millisecond, 59500*time.Millisecond, 2)             // unsent
		time.Sleep(500 * time.Millisecond)
		for i := range 3 { // asks, and the pause is over
			if err := get(t.Context(), c); err != nil {
				t.Errorf("call %d after the window: %v", i, err)
			}
		}
		if got, want := s.times(), seconds(0, 1, 2, 2, 2); !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
	})
}

// Of many that would not wait, one asks.
func TestOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("60"), limited("60").later(time.Second))
		c := s.client(t)
		failureOf(t, get(t.Context(), c))
		time.Sleep(5 * time.Second)
		for _, err := range all(64, func(int) error { return get(t.Context(), c) }) {
			if !errors.Is(err, ErrRateLimited) || failureOf(t, err).RetryAfter == 0 {
				t.Errorf("got %v", err)
			}
		}
		if len(s.sent) != 2 {
			t.Errorf("%d requests, want the first and one more", len(s.sent))
		}
	})
}

// An answer to a request that was sent before the pause does not end it; one
// that was sent in it does, unless a proxy gave it.
func TestWhatEndsAPause(t *testing.T) {
	for name, tc := range map[string]struct {
		slow   reply
		sent   time.Duration
		status int
		ends   bool
	}{
		"sent before":        {ok().later(3 * time.Second), 0, 200, false},
		"sent in it":         {ok(), 2 * time.Second, 200, true},
		"sent in it, a 404":  {coded(404, notFoundBody), 2 * time.Second, 404, true},
		"sent in it, a 502":  {status(502), 2 * time.Second, 502, false},
		"sent in it, a loss": {failing(refused), 2 * time.Second, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play()
				s.decide = func(_ int, req *http.Request) reply {
					if req.Header.Get("X-Slow") != "" {
						return tc.slow
					}
					return limited("60")
				}
				c := s.client(t, WithRetry(RetryPolicy{MaxAttempts: 1}))
				slow := make(chan error, 1)
				time.AfterFunc(tc.sent, func() {
					_, err := c.Get(t.Context(), testID, WithHeader("X-Slow", "1"))
					slow <- err
				})
				time.Sleep(time.Second / 2)
				failureOf(t, get(t.Context(), c))
				if err := <-slow; tc.status != 200 && failureOf(t, err).StatusCode != tc.status {
					t.Errorf("the slow call: %v", err)
				}
				if paused := c.cfg.gate.paused.Load(); paused == tc.ends {
					t.Errorf("paused is %v", paused)
				}
			})
		})
	}
}

// A call that gives up in a pause does so at once, and holds up nobody.
func TestPauseCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("2"), ok())
		c := s.client(t)
		first := make(chan error, 1)
		go func() { first <- get(t.Context(), c) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(900*time.Millisecond, cancel)
		start := time.Now()
		if e := failureOf(t, get(ctx, c)); !errors.Is(e, context.Canceled) || time.Since(start) != 900*time.Millisecond || e.Attempts != 0 {
			t.Errorf("%v after %v", e, time.Since(start))
		}
		short, done := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer done()
		e := failureOf(t, get(short, c))
		if !errors.Is(e, context.DeadlineExceeded) || !errors.Is(e, ErrRateLimited) || e.RetryAfter != 1100*time.Millisecond || time.Since(start) != 900*time.Millisecond {
			t.Errorf("%v after %v", e, time.Since(start))
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
}

// The client's own limit: a burst at once, then one by one.
func TestWithRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(ok())
		c := s.client(t, WithRateLimit(RateLimit{Requests: 120, Per: time.Minute, Burst: 3}))
		for _, err := range all(6, func(int) error { return get(t.Context(), c) }) {
			if err != nil {
				t.Error(err)
			}
		}
		if got, want := s.times(), seconds(0, 0, 0, .5, 1, 1.5); !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		e := failureOf(t, get(ctx, c))
		if !errors.Is(e, ErrRateLimited) || !errors.Is(e, context.DeadlineExceeded) || e.RetryAfter != 500*time.Millisecond || len(s.sent) != 6 {
			t.Errorf("%v, RetryAfter %v, %d requests", e, e.RetryAfter, len(s.sent))
		}
		// What was refused took no place.
		if err := get(t.Context(), c); err != nil || s.times()[6] != 2*time.Second {
			t.Errorf("%v at %v", err, s.times()[6])
		}
	})
}

// The presets keep below the service's windows of a minute, wherever they begin.
func TestPresets(t *testing.T) {
	for name, tc := range map[string]struct {
		limit  RateLimit
		window int
	}{"production": {ProductionLimit, 500}, "sandbox": {SandboxLimit, 100}} {
		synctest.Test(t, func(t *testing.T) {
			s := play(ok())
			c := s.client(t, WithRateLimit(tc.limit))
			for range 3 * tc.window {
				if err := get(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
			at := s.times()
			for i := range at {
				n, _ := slices.BinarySearch(at[i:], at[i]+time.Minute)
				if n > tc.window {
					t.Fatalf("%s: %d requests in the minute from %v, the service allows %d", name, n, at[i], tc.window)
				}
			}
			if took := at[len(at)-1]; took > 4*time.Minute {
				t.Errorf("%s: %d requests took %v", name, len(at), took)
			}
		})
	}
	for _, bad := range []RateLimit{{}, {Requests: 1}, {Per: 1}, {Requests: 1, Per: 1, Burst: -1}} {
		if _, err := New(testToken, WithRateLimit(bad)); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
