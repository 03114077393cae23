package polar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// named sends a call whose request has a name, and keeps the order in which named
// requests come.
type named struct {
	*script
	calls sync.WaitGroup
}

func (n *named) get(ctx context.Context, t *testing.T, c *Client, name string, want error) {
	n.calls.Go(func() {
		if err := get(ctx, c, WithHeader("X-Name", name)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	})
	synctest.Wait() // it has its place in the line
}

func (n *named) names() []string {
	var names []string
	for _, r := range n.sent {
		names = append(names, r.header.Get("X-Name"))
	}
	return names
}

// Calls that wait go in the order in which they came, one every pauseSpacing. Those
// that come while the line moves are the last.
func TestPauseOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &named{script: play(limited("10"), ok())}
		c := n.client(t, WithRetry(BatchRetry()))
		var want []string
		for i := range 20 {
			name := fmt.Sprint(i)
			n.get(t.Context(), t, c, name, nil)
			want = append(want, name)
		}
		time.Sleep(10*time.Second + 5*pauseSpacing + 1)
		for i := range 5 {
			name := fmt.Sprint("late ", i)
			n.get(t.Context(), t, c, name, nil)
			want = append(want, name)
		}
		n.calls.Wait()
		want = append([]string{"0"}, want...) // the 429 itself
		if got := n.names(); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		for i, at := range n.times()[1:] {
			if want := 10*time.Second + time.Duration(i)*pauseSpacing; at != want {
				t.Errorf("request %d at %v, want %v", i+1, at, want)
			}
		}
		// When the line is empty, nothing holds a call back.
		start := time.Now()
		time.Sleep(pauseSpacing)
		for range 3 {
			if err := get(t.Context(), c); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(start); took != pauseSpacing {
			t.Errorf("calls after the pause took %v", took-pauseSpacing)
		}
	})
}

// A canceled call gives its place back: a thousand of them delay nobody.
func TestPauseCanceledPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &named{script: play(limited("60"), ok())}
		c := n.client(t, WithRetry(RetryPolicy{MaxRetryAfter: 5 * time.Minute}))
		n.get(t.Context(), t, c, "first", nil)
		ctx, cancel := context.WithCancel(t.Context())
		for i := range 1000 {
			n.calls.Go(func() {
				if err := get(ctx, c); !errors.Is(err, context.Canceled) {
					t.Errorf("call %d: %v", i, err)
				}
			})
		}
		synctest.Wait()
		n.get(t.Context(), t, c, "last", nil)
		time.Sleep(30 * time.Second)
		cancel()
		n.calls.Wait()
		if got, want := n.times(), []time.Duration{0, time.Minute, time.Minute + pauseSpacing}; !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
	})
}

// The place of a canceled call at the head of the line goes to the next.
func TestPauseCanceledHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &named{script: play(limited("10"), ok())}
		c := n.client(t, WithRetry(BatchRetry()))
		ctx, cancel := context.WithCancel(t.Context())
		n.get(ctx, t, c, "first", context.Canceled)
		n.get(t.Context(), t, c, "second", nil)
		cancel()
		n.calls.Wait()
		if got := n.times(); !slices.Equal(got, seconds(0, 10)) {
			t.Errorf("requests at %v", got)
		}
	})
}

// A success during the pause ends it, and wakes the line.
func TestPauseEndsEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &named{script: play(limited("60"), ok())}
		c := n.client(t, WithRetry(BatchRetry()))
		impatient, err := c.With(WithRetry(RetryPolicy{}))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			n.get(t.Context(), t, c, fmt.Sprint(i), nil)
		}
		time.Sleep(5 * time.Second)
		n.get(t.Context(), t, impatient, "probe", nil)
		n.calls.Wait()
		want := seconds(0, 5)
		for i := range 10 {
			want = append(want, 5*time.Second+time.Duration(i)*pauseSpacing)
		}
		if got := n.times(); !slices.Equal(got, want) || n.sent[1].header.Get("X-Name") != "probe" {
			t.Errorf("requests at %v, want %v", got, want)
		}
	})
}

// Another 429 makes the pause longer. Those who have no patience for that return
// at once, those who have go on waiting, in order.
func TestPauseExtended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &named{script: play()}
		n.decide = func(i int, _ *http.Request) reply {
			switch {
			case i == 0:
				return limited("100").later(10 * time.Second)
			case i == 1:
				return limited("20")
			}
			return ok()
		}
		c := n.client(t, WithRetry(RetryPolicy{MaxRetryAfter: 5 * time.Minute}))
		impatient, err := c.With(WithRetry(RetryPolicy{MaxRetryAfter: time.Minute}))
		if err != nil {
			t.Fatal(err)
		}
		n.get(t.Context(), t, c, "slow", nil)
		n.get(t.Context(), t, c, "a", nil)
		short, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		start := time.Now()
		for _, tc := range []struct {
			ctx    context.Context
			client *Client
			want   error
		}{{t.Context(), impatient, nil}, {short, c, context.DeadlineExceeded}} {
			n.calls.Go(func() {
				err := get(tc.ctx, tc.client)
				e := failureOf(t, err)
				if took := time.Since(start); !errors.Is(e, ErrRateLimited) || tc.want != nil && !errors.Is(e, tc.want) || took != 10*time.Second || e.RetryAfter != 100*time.Second || e.Attempts != 0 {
					t.Errorf("%v after %v", e, took)
				}
			})
			synctest.Wait()
		}
		n.get(t.Context(), t, c, "b", nil)
		n.calls.Wait()
		if got, want := n.times(), []time.Duration{0, 0, 110 * time.Second, 110*time.Second + pauseSpacing, 110*time.Second + 2*pauseSpacing}; !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
		// "a" waits since its 429. "slow" joins the line when its own comes.
		if got := n.names()[2:]; !slices.Equal(got, []string{"a", "b", "slow"}) {
			t.Errorf("order %q", got)
		}
	})
}

// A shorter pause does not end a longer one.
func TestPauseShorter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("1").later(time.Second), limited("30"), ok())
		c := s.client(t, WithRetry(BatchRetry()))
		for i, err := range all(2, func(int) error { return get(t.Context(), c) }) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		if got, want := s.times(), []time.Duration{0, 0, 30 * time.Second, 30*time.Second + pauseSpacing}; !slices.Equal(got, want) {
			t.Errorf("requests at %v, want %v", got, want)
		}
	})
}

// A call whose turn does not come within its patience, although it seemed so when
// it came, returns then.
func TestPauseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPause()
		p.start(time.Second)
		p.mu.Lock()
		blocked := p.waiters.PushBack(make(chan struct{}, 1)) // a call that keeps its turn
		p.mu.Unlock()
		waited, left, err := p.wait(t.Context(), 3*time.Second)
		if waited != 3*time.Second || left != pauseSpacing || err != nil {
			t.Errorf("waited %v, left %v, %v", waited, left, err)
		}
		p.leave(blocked)
		if waited, left, err = p.wait(t.Context(), 0); waited != 0 || left != 0 || err != nil {
			t.Errorf("in an empty line: waited %v, left %v, %v", waited, left, err)
		}
	})
}

// Without a pause, nothing of it costs a lock, and the end of one leaves none.
func TestPauseIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(limited("1"), ok())
		c := s.client(t)
		for range 3 {
			if err := get(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if c.config.pause.active.Load() || c.config.pause.waiters.Len() != 0 {
			t.Error("the pause is still there")
		}
	})
}
