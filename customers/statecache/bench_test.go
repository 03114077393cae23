package statecache_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/polarexpress/polar-go/customers/statecache"
)

// BenchmarkHit measures checks that memory serves, on all cores.
func BenchmarkHit(b *testing.B) {
	for _, keys := range []int{1, 1000} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			c := newCache(b, &fakeService{})
			ids := make([]string, keys)
			for i := range ids {
				ids[i] = fmt.Sprintf("user_%08d", i)
				get(b, c, ids[i])
			}
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				ctx := context.Background()
				for i := 0; pb.Next(); i++ {
					if a, err := c.GetByExternalID(ctx, ids[i%keys]); err != nil || a.State.HasProduct("none") {
						b.Error(a, err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "checks/s")
		})
	}
}

// BenchmarkHitSerial measures them on one core: how long a caller waits.
func BenchmarkHitSerial(b *testing.B) {
	c := newCache(b, &fakeService{})
	get(b, c, "user_1")
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.GetByExternalID(ctx, "user_1"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHitDoesNotAllocate(t *testing.T) {
	c := newCache(t, &fakeService{})
	get(t, c, "u")
	ctx := context.Background()
	var a statecache.Answer
	if n := testing.AllocsPerRun(1000, func() { a, _ = c.GetByExternalID(ctx, "u") }); n != 0 || a.State == nil {
		t.Errorf("%v allocations, %+v", n, a)
	}
}
