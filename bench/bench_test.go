package main

import (
	"fmt"
	"net/http/httptest"
	"testing"
)

// Benchmark runs every work on every side against one service in this process:
// its CPU is in the times, equally for all. Allocations are those of both ends.
// For the ratios that count see make bench, which measures processes.
func Benchmark(b *testing.B) {
	srv := httptest.NewServer(newService())
	defer srv.Close()
	for _, w := range works {
		for _, name := range w.sides {
			make := sides[name]
			if make == nil {
				continue // another process
			}
			b.Run(fmt.Sprintf("%s/%s", w.name, name), func(b *testing.B) {
				s := make(srv.URL + w.setup)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := w.run(b.Context(), s); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*w.ops), "ns/item")
			})
		}
	}
}

// TestSidesAgree holds that all sides do the same work.
func TestSidesAgree(t *testing.T) {
	srv := httptest.NewServer(newService())
	defer srv.Close()
	for _, w := range works {
		if w.ops > totalCustomers || w.setup != "" {
			continue
		}
		want := ""
		for _, name := range w.sides {
			if sides[name] == nil {
				continue
			}
			got, err := w.run(t.Context(), sides[name](srv.URL))
			if err != nil {
				t.Fatalf("%s on %s: %v", w.name, name, err)
			}
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s on %s: got %s, want %s", w.name, name, got, want)
			}
		}
	}
}
