package statecache_test

import (
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers/statecache"
)

func TestNewValidates(t *testing.T) {
	for name, opt := range map[string]statecache.Option{
		"time to live": statecache.WithTTL(0), "negative time to live": statecache.WithNegativeTTL(-1), "staleness": statecache.WithMaxStale(-1),
		"entries": statecache.WithMaxEntries(0), "patience": statecache.WithPatience(0), "load timeout": statecache.WithLoadTimeout(0),
		"margin": statecache.WithClockMargin(0), "store": statecache.WithStore(nil), "store timeout": statecache.WithStoreTimeout(0),
		"option is nil": nil,
	} {
		if c, err := statecache.New(&fakeService{}, opt); err == nil || c != nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, %v", name, c, err)
		}
	}
	if c, err := statecache.New(nil); err == nil || c != nil {
		t.Errorf("no source: got %v, %v", c, err)
	}
}

func TestNilContext(t *testing.T) {
	c := newCache(t, &fakeService{})
	var none interface {
		Deadline() (time.Time, bool)
		Done() <-chan struct{}
		Err() error
		Value(any) any
	}
	if _, err := c.GetByExternalID(none, "u"); err == nil {
		t.Error("Get accepted a nil context")
	}
	if err := c.Apply(none, (&fakeService{}).change("u")); err == nil {
		t.Error("Apply accepted a nil context")
	}
}

// The longest durations do not overflow.
func TestLongestDurations(t *testing.T) {
	const forever = time.Duration(math.MaxInt64)
	synctest.Test(t, func(t *testing.T) {
		for name, opts := range map[string][]statecache.Option{
			"time to live": {statecache.WithTTL(forever)},
			"stale":        {statecache.WithMaxStale(forever)},
			"all": {
				statecache.WithTTL(forever), statecache.WithNegativeTTL(forever), statecache.WithMaxStale(forever), statecache.WithPatience(forever),
				statecache.WithLoadTimeout(forever), statecache.WithClockMargin(forever), statecache.WithStoreTimeout(forever),
			},
		} {
			s := &fakeService{}
			c := newCache(t, s, append(opts, statecache.WithStore(newMemoryStore()))...)
			for range 3 {
				if a := get(t, c, "u"); a.Stale {
					t.Errorf("%s: got %+v", name, a)
				}
				synctest.Wait()
				time.Sleep(time.Minute)
			}
			want(t, name+": requests", s.requests(), 1)
			apply(t, c, s.change("v"))
			if a := get(t, c, "v"); a.Stale || version(a) != 1 {
				t.Errorf("%s: got %+v", name, a)
			}
			s.remove("w")
			if _, err := c.GetByExternalID(t.Context(), "w"); err == nil {
				t.Errorf("%s: found a deleted customer", name)
			}
		}
	})
}
