package polar

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// paused reports whether a pause holds c back.
func paused(c *Client) bool {
	p := c.config.pause
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.After(time.Now())
}

// all calls do n times at once and returns the errors.
func all(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	return errs
}

// A 429 holds back the whole client until the window has passed. Then requests go
// one after the other.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play()
		s.decide = func(n int, _ *http.Request) reply {
			if n == 0 {
				return limited("60")
			}
			return ok()
		}
		c := s.client(t, WithRetry(BatchRetry()))
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := get(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10 * time.Second) // during the pause
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
			want = append(want, time.Minute+time.Duration(i)*pauseSpacing)
		}
		if got := s.times(); !slices.Equal(got, want) {
			t.Errorf("requests at %v,\nwant %v", got, want)
		}
	})
}

// A place in the line counts: nobody begins to wait for more than the patience.
func TestPausePatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("1"), ok())
		c := s.client(t) // waits for 2 seconds at most
		first := make(chan error, 1)
		go func() { first <- get(t.Context(), c) }()
		synctest.Wait()
		start := time.Now()
		var waiting, refused atomic.Int32
		for i, err := range all(2000, func(int) error {
			err := get(t.Context(), c)
			took := time.Since(start)
			switch {
			case err == nil && took >= time.Second && took <= 2*time.Second:
				waiting.Add(1)
			case errors.Is(err, ErrRateLimited) && took == 0:
				refused.Add(1)
			default:
				t.Errorf("after %v: %v", took, err)
			}
			return nil
		}) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		// One after the other from 1 s to 2 s, the first call among them.
		if want := int32(time.Second / pauseSpacing); waiting.Load() != want || refused.Load() != 2000-want {
			t.Errorf("%d waited and %d were refused, want %d to wait", waiting.Load(), refused.Load(), want)
		}
		want := seconds(0)
		for i := range int(time.Second/pauseSpacing) + 1 {
			want = append(want, time.Second+time.Duration(i)*pauseSpacing)
		}
		if got := s.times(); !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
	})
}

// A Retry-After as long as the patience is waited for, by one call: the others
// would come after it. All 2,000 have their result within the patience.
func TestPauseAtTheCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("2"), ok())
		c := s.client(t)
		first := make(chan error, 1)
		go func() { first <- get(t.Context(), c) }()
		synctest.Wait()
		start := time.Now()
		for i, err := range all(2000, func(int) error { return get(t.Context(), c) }) {
			if e := failureOf(t, err); !errors.Is(e, ErrRateLimited) || e.Attempts != 0 || e.RetryAfter != 2*time.Second+pauseSpacing {
				t.Fatalf("call %d: %v, RetryAfter %v", i, e, e.RetryAfter)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("refused after %v", took)
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if at := s.times(); !slices.Equal(at, seconds(0, 2)) {
			t.Errorf("requests at %v", at)
		}
	})
}

// A call that would have to wait too long fails at once, unsent, with the time
// that is left. One a second is sent nevertheless: the window may have ended.
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
		check(time.Second, time.Minute, 2)                                  // sent, in vain
		check(1500*time.Millisecond, 59500*time.Millisecond, 2)             // unsent
		time.Sleep(500 * time.Millisecond)
		for i := range 3 { // sent, and the pause is over
			if err := get(t.Context(), c); err != nil {
				t.Errorf("call %d after the window: %v", i, err)
			}
		}
		if got, want := s.times(), seconds(0, 1, 2, 2, 2); !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
	})
}

// Of many calls that would have to wait too long, one is sent.
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

// A response to a request that was sent before the pause does not end it. One to
// a request sent during it does, unless it comes from a proxy.
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
		"sent in it, a loss": {unsent(refused), 2 * time.Second, 0, false},
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
					slow <- get(t.Context(), c, WithHeader("X-Slow", "1"))
				})
				time.Sleep(time.Second / 2)
				failureOf(t, get(t.Context(), c))
				if err := <-slow; tc.status != 200 && failureOf(t, err).StatusCode != tc.status {
					t.Errorf("the slow call: %v", err)
				}
				if paused := paused(c); paused == tc.ends {
					t.Errorf("paused is %v", paused)
				}
			})
		})
	}
}

// A call that is canceled during a pause returns at once and delays nobody.
func TestPauseCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("1"), ok())
		c := s.client(t)
		first := make(chan error, 1)
		go func() { first <- get(t.Context(), c) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(900*time.Millisecond, cancel)
		start := time.Now()
		if e := failureOf(t, get(ctx, c)); !errors.Is(e, context.Canceled) || errors.Is(e, ErrRateLimited) || time.Since(start) != 900*time.Millisecond || e.Attempts != 0 {
			t.Errorf("%v after %v", e, time.Since(start))
		}
		short, done := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer done()
		e := failureOf(t, get(short, c))
		if !errors.Is(e, context.DeadlineExceeded) || !errors.Is(e, ErrRateLimited) || e.RetryAfter != 100*time.Millisecond+pauseSpacing || time.Since(start) != 900*time.Millisecond {
			t.Errorf("%v, RetryAfter %v, after %v", e, e.RetryAfter, time.Since(start))
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if at := s.times(); !slices.Equal(at, seconds(0, 1)) {
			t.Errorf("requests at %v", at)
		}
	})
}

// The client's own limit lets a burst go at once and then one by one.
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
		// The refused call took no place.
		if err := get(t.Context(), c); err != nil || s.times()[6] != 2*time.Second {
			t.Errorf("%v at %v", err, s.times()[6])
		}
	})
}

// The presets stay below the service's windows of a minute, wherever they begin.
func TestPresets(t *testing.T) {
	for name, tc := range map[string]struct {
		limit  RateLimit
		window int
	}{"production": {ProductionLimit(), 500}, "sandbox": {SandboxLimit(), 100}} {
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

// A call that has met a 429 and then gives up says how long the pause still is.
func TestPauseGrowsAfterA429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("60").later(time.Second), limited("2"), ok())
		c := s.client(t)
		var slow sync.WaitGroup
		slow.Go(func() { failureOf(t, get(t.Context(), c)) })
		synctest.Wait()
		start := time.Now()
		e := failureOf(t, get(t.Context(), c))
		if took := time.Since(start); e.StatusCode != 429 || e.RetryAfter != time.Minute || e.Attempts != 1 || took != time.Second {
			t.Errorf("%v, RetryAfter %v, after %v", e, e.RetryAfter, took)
		}
		slow.Wait()
	})
}
