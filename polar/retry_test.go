package polar

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var refused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// When requests go, with the longest delays that can be drawn.
func TestWaits(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, tc := range map[string]struct {
		policy  RetryPolicy
		replies func() []reply
		want    []time.Duration
		after   time.Duration // RetryAfter of the error; -1 for success
	}{
		"default":                    {defaultRetry(), func() []reply { return []reply{status(503)} }, seconds(0, .25, .75), 0},
		"success after one":          {defaultRetry(), func() []reply { return []reply{status(502), ok()} }, seconds(0, .25), -1},
		"doubling up to the cap":     {RetryPolicy{MaxAttempts: 6, BaseDelay: time.Second, MaxDelay: 5 * time.Second}, func() []reply { return []reply{status(504)} }, seconds(0, 1, 3, 7, 12, 17), 0},
		"broken connection":          {defaultRetry(), func() []reply { return []reply{failing(io.EOF), failing(syscall.ECONNRESET), ok()} }, seconds(0, .25, .75), -1},
		"429 without a time":         {defaultRetry(), func() []reply { return []reply{status(429), ok()} }, seconds(0, .25), -1},
		"429 with seconds":           {defaultRetry(), func() []reply { return []reply{limited("2"), ok()} }, seconds(0, 2), -1},
		"429 with a date":            {defaultRetry(), func() []reply { return []reply{limited(in(2 * time.Second)), ok()} }, seconds(0, 2), -1},
		"429 with a past date":       {defaultRetry(), func() []reply { return []reply{limited(in(-time.Hour)), ok()} }, seconds(0, .25), -1},
		"429 with nonsense":          {defaultRetry(), func() []reply { return []reply{limited("soon"), ok()} }, seconds(0, .25), -1},
		"429 beyond the cap":         {defaultRetry(), func() []reply { return []reply{limited("3")} }, seconds(0), 3 * time.Second},
		"429 with a date beyond":     {defaultRetry(), func() []reply { return []reply{limited(in(time.Hour))} }, seconds(0), time.Hour},
		"429 forever":                {defaultRetry(), func() []reply { return []reply{limited("18446744073709551615")} }, seconds(0), (1<<32 - 1) * time.Second},
		"429 until attempts end":     {defaultRetry(), func() []reply { return []reply{limited("1")} }, seconds(0, 1, 2), time.Second},
		"429 in a job":               {BatchRetry(), func() []reply { return []reply{limited("60"), ok()} }, seconds(0, 60), -1},
		"503 with seconds":           {defaultRetry(), func() []reply { return []reply{status(503).with("Retry-After", "1"), ok()} }, seconds(0, 1), -1},
		"503 beyond the cap":         {defaultRetry(), func() []reply { return []reply{status(503).with("Retry-After", "120")} }, seconds(0), 2 * time.Minute},
		"no retries":                 {RetryPolicy{MaxAttempts: 1}, func() []reply { return []reply{status(503)} }, seconds(0), 0},
		"more attempts alone":        {RetryPolicy{MaxAttempts: 4}, func() []reply { return []reply{status(503)} }, seconds(0, .25, .75, 1.75), 0},
		"timeout of each attempt":    {defaultRetry(), func() []reply { return []reply{ok().later(time.Hour)} }, seconds(0, 30.25, 60.75), 0},
		"a slow response is in time": {defaultRetry(), func() []reply { return []reply{ok().later(29 * time.Second)} }, seconds(0), -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play(tc.replies()...)
				err := get(t.Context(), s.client(t, WithRetry(tc.policy)))
				if got := s.times(); !slices.Equal(got, tc.want) {
					t.Errorf("requests at %v, want %v", got, tc.want)
				}
				if tc.after < 0 {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				if e := failureOf(t, err); e.RetryAfter != tc.after || e.Attempts != len(tc.want) {
					t.Errorf("RetryAfter %v after %d attempts, want %v after %d", e.RetryAfter, e.Attempts, tc.after, len(tc.want))
				}
			})
		})
	}
}

// Delays are drawn from the whole range.
func TestJitter(t *testing.T) {
	p := RetryPolicy{BaseDelay: time.Second, MaxDelay: 3 * time.Second}
	for _, tc := range []struct {
		attempt int
		jitter  float64
		want    time.Duration
	}{{1, 0, 0}, {1, .5, 500 * time.Millisecond}, {2, .5, time.Second}, {3, .5, 1500 * time.Millisecond}, {1000, 1, 3 * time.Second}} {
		if got := p.backoff(tc.attempt, func() float64 { return tc.jitter }); got != tc.want {
			t.Errorf("delay after attempt %d with %v: %v, want %v", tc.attempt, tc.jitter, got, tc.want)
		}
	}
	low, high := 1.0, 0.0
	for range 1000 {
		f := randomJitter()
		low, high = min(low, f), max(high, f)
	}
	if low < 0 || low > .1 || high < .9 || high >= 1 {
		t.Errorf("jitter between %v and %v, want all of [0, 1)", low, high)
	}
}

func TestRetryPolicy(t *testing.T) {
	for name, tc := range map[string]struct {
		given, want RetryPolicy
	}{
		"nothing":         {RetryPolicy{}, defaultRetry()},
		"all":             {BatchRetry(), BatchRetry()},
		"attempts":        {RetryPolicy{MaxAttempts: 9}, RetryPolicy{9, 250 * time.Millisecond, 2 * time.Second, 2 * time.Second}},
		"a long base":     {RetryPolicy{BaseDelay: time.Minute}, RetryPolicy{3, time.Minute, time.Minute, 2 * time.Second}},
		"a short maximum": {RetryPolicy{MaxDelay: time.Millisecond}, RetryPolicy{3, time.Millisecond, time.Millisecond, 2 * time.Second}},
	} {
		c := defaultConfig()
		if err := WithRetry(tc.given)(c); err != nil || c.retry != tc.want {
			t.Errorf("%s: %+v, %v, want %+v", name, c.retry, err, tc.want)
		}
	}
	for _, bad := range []RetryPolicy{
		{MaxAttempts: -1}, {BaseDelay: -1}, {MaxDelay: -1}, {MaxRetryAfter: -1}, {BaseDelay: 2, MaxDelay: 1},
	} {
		if _, err := New(testToken, WithRetry(bad)); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%+v: %v, want it to be refused", bad, err)
		}
	}
}

// What is retried, and which failures leave open whether a change was made.
func TestRetries(t *testing.T) {
	call := map[string]func(context.Context, *Client) error{
		"GET":     func(ctx context.Context, c *Client) error { return get(ctx, c) },
		"PATCH":   func(ctx context.Context, c *Client) error { return update(ctx, c) },
		"DELETE":  func(ctx context.Context, c *Client) error { return remove(ctx, c) },
		"POST":    func(ctx context.Context, c *Client) error { return create(ctx, c) },
		"anyway":  func(ctx context.Context, c *Client) error { return create(ctx, c, RetryUnknownOutcome()) },
		"Do POST": func(ctx context.Context, c *Client) error { _, err := do(ctx, c, "customers:create", `{}`); return err },
		"POST member": func(ctx context.Context, c *Client) error { // idempotent by the overlay
			_, err := fetchThing(ctx, c, "customers:members:create", `{}`)
			return err
		},
	}
	const no, open = 1, -1 // attempts; open: one, and the outcome is unknown
	html := coded(200, "<html>sign in</html>").with("Content-Type", "text/html")
	everywhere := func(n int) map[string]int {
		return map[string]int{"GET": n, "PATCH": n, "DELETE": n, "POST": n, "POST member": n, "anyway": n}
	}
	lost := map[string]int{"GET": 3, "PATCH": -3, "DELETE": -3, "POST": open, "POST member": -3, "anyway": -3}
	failed := map[string]int{"GET": no, "PATCH": open, "DELETE": open, "POST": open, "POST member": open, "anyway": -3}
	with := func(m map[string]int, kind string, n int) map[string]int {
		m = maps.Clone(m)
		m[kind] = n
		return m
	}
	for name, tc := range map[string]struct {
		reply reply
		want  map[string]int // attempts, negative if the outcome is unknown
	}{
		"429":             {limited("1"), everywhere(3)},
		"502":             {status(502), lost},
		"503":             {status(503), lost},
		"504":             {status(504), lost},
		"520":             {status(520), lost},
		"522":             {status(522), lost},
		"524":             {status(524), lost},
		"525":             {status(525), failed},
		"500":             {status(500), failed},
		"501":             {status(501), failed},
		"404":             {coded(404, notFoundBody), everywhere(no)},
		"404 truncated":   {coded(404, notFoundBody[:20]), with(everywhere(3), "POST", no)},
		"401":             {coded(401, `{"error":"invalid_token"}`), everywhere(no)},
		"307":             {status(307), everywhere(no)},
		"reset":           {failing(syscall.ECONNRESET), with(lost, "Do POST", open)},
		"timeout":         {ok().later(time.Hour), with(lost, "Do POST", open)},
		"refused":         {unsent(refused), with(everywhere(3), "Do POST", 3)},
		"no such host":    {unsent(&net.DNSError{IsNotFound: true}), with(everywhere(3), "Do POST", 3)},
		"proxy refused":   {unsent(&net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}), with(everywhere(3), "Do POST", 3)},
		"bad certificate": {unsent(&tls.CertificateVerificationError{Err: io.EOF}), with(everywhere(no), "Do POST", no)},
		"truncated body":  {reply{status: 200, body: testThing, cut: true}, with(lost, "Do POST", open)},
		"truncated JSON":  {coded(200, testThing[:99]), with(lost, "DELETE", open)},
		"a proxy's page":  {html, failed},
		"a huge response": {coded(200, string(make([]byte, 2000))), with(failed, "Do POST", open)},
		"a huge 404":      {coded(404, string(make([]byte, 2000))), everywhere(no)},
	} {
		for kind, want := range tc.want {
			t.Run(name+"/"+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := play(tc.reply)
					e := failureOf(t, call[kind](t.Context(), s.client(t, WithMaxResponseBytes(1000))))
					attempts, unknown := max(want, -want), want < 0
					if len(s.sent) != attempts || e.Attempts != attempts || errors.Is(e, ErrOutcomeUnknown) != unknown {
						t.Errorf("%d requests, %d attempts, unknown %v: %v; want %d, unknown %v",
							len(s.sent), e.Attempts, errors.Is(e, ErrOutcomeUnknown), e, attempts, unknown)
					}
					for _, r := range s.sent {
						if r.body != s.sent[0].body || r.path != s.sent[0].path {
							t.Errorf("sent %q to %s, then %q to %s", s.sent[0].body, s.sent[0].path, r.body, r.path)
						}
					}
				})
			})
		}
	}
}

// A deletion that may have taken effect has succeeded if the object is gone. One
// that cannot have taken effect has not.
func TestDeleteNotFound(t *testing.T) {
	gone := coded(404, notFoundBody)
	for name, tc := range map[string]struct {
		replies []reply
		done    bool
	}{
		"at once":               {[]reply{gone}, false},
		"after a reset":         {[]reply{failing(syscall.ECONNRESET), gone}, true},
		"after a 502":           {[]reply{status(502), gone}, true},
		"after a timeout":       {[]reply{gone.later(time.Hour), gone}, true},
		"long after a reset":    {[]reply{failing(io.EOF), limited("1"), gone}, true},
		"after a refusal":       {[]reply{unsent(refused), gone}, false},
		"after a 429":           {[]reply{limited("1"), gone}, false},
		"a proxy's 404":         {[]reply{status(502), status(404)}, false},
		"an unknown route, 404": {[]reply{status(502), coded(404, `{"detail":"Not Found"}`)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := remove(t.Context(), play(tc.replies...).client(t)); (err == nil) != tc.done {
					t.Errorf("%v, done %v", err, tc.done)
				}
				if err := update(t.Context(), play(tc.replies...).client(t)); err == nil {
					t.Error("an update of what is gone succeeded")
				}
			})
		})
	}
}

// The error after all attempts is the service's last response, whole.
func TestLastResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		last := coded(503, `{"error":"Maintenance","detail":"back at noon"}`)
		last.header = http.Header{"X-Edge": {"7"}}
		e := failureOf(t, get(t.Context(), play(status(502), status(504), last).client(t)))
		if e.StatusCode != 503 || e.Code != "Maintenance" || e.Message != "back at noon" || e.Attempts != 3 ||
			e.Header.Get("X-Edge") != "7" || string(e.Body()) != last.body || !errors.Is(e, ErrServer) {
			t.Errorf("the error is not the last response: %+v, body %s", e, e.Body())
		}
		// A response says more than the broken connection that follows it.
		e = failureOf(t, get(t.Context(), play(last, failing(syscall.ECONNRESET)).client(t)))
		if e.StatusCode != 503 || e.Attempts != 3 || !errors.Is(e, ErrServer) || !errors.Is(e, syscall.ECONNRESET) {
			t.Errorf("want both the response and the reset: %v", e)
		}
	})
}

// A context that ends gives its error and the service's last response, at once.
func TestContextEnds(t *testing.T) {
	last := coded(503, `{"error":"Maintenance","detail":"back at noon"}`)
	for name, tc := range map[string]struct {
		replies  []reply
		deadline time.Duration
		cancel   time.Duration
		want     time.Duration // when the call returns
		err      error
		status   int
		attempts int
	}{
		"canceled in the wait":          {[]reply{last.with("Retry-After", "2")}, 0, time.Second, time.Second, context.Canceled, 503, 1},
		"canceled in a pause":           {[]reply{limited("2")}, 0, time.Second, time.Second, context.Canceled, 429, 1},
		"deadline before the wait ends": {[]reply{last.with("Retry-After", "2")}, time.Second, 0, 0, context.DeadlineExceeded, 503, 1},
		"deadline before a pause ends":  {[]reply{limited("2")}, time.Second, 0, 0, context.DeadlineExceeded, 429, 1},
		"canceled in an attempt":        {[]reply{last, ok().later(time.Hour)}, 0, time.Second, time.Second, context.Canceled, 503, 2},
		"deadline in an attempt":        {[]reply{last, ok().later(time.Hour)}, time.Second, 0, time.Second, context.DeadlineExceeded, 503, 2},
		"canceled in the first":         {[]reply{ok().later(time.Hour)}, 0, time.Second, time.Second, context.Canceled, 0, 1},
		"after a reset":                 {[]reply{failing(syscall.ECONNRESET)}, 100 * time.Millisecond, 0, 0, context.DeadlineExceeded, 0, 1},
		"ended before":                  {[]reply{ok()}, -time.Second, 0, 0, context.DeadlineExceeded, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tc.deadline != 0 {
					var done context.CancelFunc
					ctx, done = context.WithTimeout(ctx, tc.deadline)
					defer done()
				}
				if tc.cancel != 0 {
					time.AfterFunc(tc.cancel, cancel)
				}
				s := play(tc.replies...)
				start := time.Now()
				e := failureOf(t, get(ctx, s.client(t)))
				if took := time.Since(start); took != tc.want {
					t.Errorf("returned after %v, want %v", took, tc.want)
				}
				if !errors.Is(e, tc.err) || e.StatusCode != tc.status || e.Attempts != tc.attempts || len(s.sent) != tc.attempts {
					t.Errorf("%v (status %d, %d attempts, %d requests), want %v, status %d, %d", e, e.StatusCode, e.Attempts, len(s.sent), tc.err, tc.status, tc.attempts)
				}
				if tc.status == 503 && e.Message != "back at noon" {
					t.Errorf("the service's message is lost: %q", e.Message)
				}
				if name == "after a reset" && !errors.Is(e, syscall.ECONNRESET) {
					t.Errorf("what failed is lost: %v", e)
				}
				if name == "deadline before a pause ends" && e.RetryAfter != 2*time.Second {
					t.Errorf("RetryAfter = %v, want 2s", e.RetryAfter)
				}
			})
		})
	}
}

// WithoutRetry sends a call once, and does not renew the token either.
func TestWithoutRetry(t *testing.T) {
	for _, r := range []reply{status(503), limited("1"), unsent(refused), coded(401, `{"error":"invalid_token"}`)} {
		s := play(r, ok())
		if err := get(t.Context(), s.client(t), WithoutRetry()); err == nil || len(s.sent) != 1 {
			t.Errorf("%d requests, %v; want one and its failure", len(s.sent), err)
		}
	}
}
