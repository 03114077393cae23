package statecache_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
)

func TestServiceWide(t *testing.T) {
	status := func(code int) error { return &polar.Error{StatusCode: code, Code: "X"} }
	for _, tc := range []struct {
		err  error
		want bool
	}{
		{status(401), true}, {status(403), true}, {status(429), true}, {status(502), true}, {status(503), true}, {status(504), true},
		{status(400), false}, {status(404), false}, {status(409), false}, {status(422), false}, {status(500), false}, {status(501), false}, {status(200), false},
		{polar.ErrRateLimited, true}, {polar.ErrUnauthorized, true}, {polar.ErrInsufficientScope, true}, {polar.ErrNotPermitted, true},
		{polar.ErrServer, false}, {polar.ErrConflict, false}, {polar.ErrValidation, false},
		{polar.ErrInvalidArgument, false}, {polar.ErrUnexpectedResponse, false},
		{&polar.Error{}, true}, {context.DeadlineExceeded, true}, {errors.New("connection refused"), true},
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		{fmt.Errorf("wrapped: %w", status(500)), false}, {fmt.Errorf("wrapped: %w", status(503)), true},
	} {
		if got := statecache.ServiceWide(tc.err); got != tc.want {
			t.Errorf("%v: got %v", tc.err, got)
		}
	}
}

// A customer who cannot be loaded never makes the states of others stale, and
// costs few requests.
func TestPoisonedCustomer(t *testing.T) {
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	fails := func(err error) func(context.Context) error { return func(context.Context) error { return err } }
	for name, fault := range map[string]func(context.Context) error{
		"500":        fails(&polar.Error{StatusCode: 500}),
		"422":        fails(&polar.Error{StatusCode: 422}),
		"unreadable": fails(polar.ErrUnexpectedResponse),
		"403":        fails(&polar.Error{StatusCode: 403}),
		"504":        fails(&polar.Error{StatusCode: 504}),
		"hangs":      hang,
	} {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, known: %v", name, known), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					const ttl, healthy = time.Minute, 100
					s := &fakeService{}
					c := newCache(t, s, statecache.WithTTL(ttl), statecache.WithLoadTimeout(5*time.Second))
					if known {
						get(t, c, "poisoned")
					}
					for i := range healthy {
						get(t, c, fmt.Sprint(i))
					}
					s.poison("poisoned", fault)
					time.Sleep(ttl)
					s.requests()
					for range 30 * 60 {
						go func() {
							if a, err := c.GetByExternalID(t.Context(), "poisoned"); known && (err != nil || !a.Stale || a.Cause == nil) || !known && err == nil {
								t.Errorf("the poisoned customer: %+v, %v", a, err)
							}
						}()
						for i := range healthy {
							a := get(t, c, fmt.Sprint(i))
							if age := time.Since(a.AsOf); a.Stale || age > ttl {
								t.Fatalf("a state %v old: %+v", age, a)
							}
						}
						time.Sleep(time.Second)
					}
					time.Sleep(10 * time.Second)
					if n := s.poisonedRequests(); n > 30*60/5+20 {
						t.Errorf("%d requests for the poisoned customer", n)
					}
					s.poison("", nil)
					time.Sleep(15 * time.Second)
					get(t, c, "poisoned")
					synctest.Wait()
					if a := get(t, c, "poisoned"); a.Stale {
						t.Errorf("after it recovered: %+v", a)
					}
				})
			})
		}
	}
}

// An error about one customer is returned again without a request for a while. A
// failure of the service is not, because the next request may succeed.
func TestErrorsOfMisses(t *testing.T) {
	for _, tc := range []struct {
		fault      error
		remembered bool
	}{
		{polar.ErrServer, true}, {polar.ErrConflict, true}, {polar.ErrUnauthorized, false}, {&polar.Error{StatusCode: 502}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &fakeService{err: tc.fault}
			c := newCache(t, s)
			check := func() {
				t.Helper()
				if _, err := c.GetByExternalID(t.Context(), "u"); !errors.Is(err, tc.fault) {
					t.Errorf("got %v, want %v", err, tc.fault)
				}
			}
			for range 10 {
				check()
			}
			if n := s.requests(); tc.remembered != (n == 1) {
				t.Errorf("%v: %d requests", tc.fault, n)
			}
			for range 100 {
				time.Sleep(time.Second)
				check()
			}
			if n := s.requests(); tc.remembered && (n < 8 || n > 12) || !tc.remembered && n != 100 {
				t.Errorf("%v: %d requests in 100 seconds", tc.fault, n)
			}
			apply(t, c, s.change("u"))
			get(t, c, "u") // the event is enough
			s.fail(nil)
			time.Sleep(15 * time.Second)
			if a := get(t, c, "u"); a.Stale {
				t.Errorf("got %+v", a)
			}
		})
	}
}
