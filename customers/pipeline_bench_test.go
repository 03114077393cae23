package customers

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/gen"
)

// instant answers at once, with the same body.
type instant struct {
	header http.Header
	body   []byte
}

func (i instant) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: i.header, Request: req,
		Body: io.NopCloser(bytes.NewReader(i.body)), ContentLength: int64(len(i.body)),
	}, nil
}

// sideBySide is one request by the generated client alone, and through the
// pipeline, by the generated client and by a method.
func sideBySide(tb testing.TB) (bare, raw, method func()) {
	hc := &http.Client{Transport: instant{http.Header{"Content-Type": {"application/json"}}, []byte(testCustomer)}}
	generated, err := gen.NewClientWithResponses(ProductionURL, gen.WithHTTPClient(hc))
	if err != nil {
		tb.Fatal(err)
	}
	c, err := New("polar_oat_bench", WithHTTPClient(hc))
	if err != nil {
		tb.Fatal(err)
	}
	ctx := context.Background()
	get := func(g *gen.ClientWithResponses) func() {
		return func() {
			got, err := g.CustomersGetWithResponse(ctx, testID)
			if err != nil || got.JSON200 == nil {
				tb.Fatalf("got %v, %v", got, err)
			}
		}
	}
	return get(generated), get(c.Raw()), func() {
		if _, err := c.Get(ctx, testID); err != nil {
			tb.Fatal(err)
		}
	}
}

// What the pipeline costs without faults, on top of the generated client alone:
// at most 3 µs and 12 allocations. The three take turns, so that what else the
// machine does hits them alike.
func BenchmarkPipeline(b *testing.B) {
	bare, raw, method := sideBySide(b)
	const batch = 100
	took := func(do func()) float64 {
		start := time.Now()
		for range batch {
			do()
		}
		return float64(time.Since(start).Nanoseconds()) / batch
	}
	var alone, rawMore, methodMore []float64
	for b.Loop() {
		base := took(bare)
		alone = append(alone, base)
		rawMore = append(rawMore, took(raw)-base)
		methodMore = append(methodMore, took(method)-base)
	}
	median := func(v []float64) float64 {
		slices.Sort(v)
		return v[len(v)/2]
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(median(alone), "bare-ns")
	b.ReportMetric(median(rawMore), "raw-more-ns")
	b.ReportMetric(median(methodMore), "method-more-ns")
	base := testing.AllocsPerRun(batch, bare)
	b.ReportMetric(base, "bare-allocs")
	b.ReportMetric(testing.AllocsPerRun(batch, raw)-base, "raw-more-allocs")
	b.ReportMetric(testing.AllocsPerRun(batch, method)-base, "method-more-allocs")
}

func TestPipelineAllocations(t *testing.T) {
	bare, raw, method := sideBySide(t)
	base := testing.AllocsPerRun(200, bare)
	for name, do := range map[string]func(){"raw": raw, "method": method} {
		if more := testing.AllocsPerRun(200, do) - base; more > 12 {
			t.Errorf("%s: the pipeline takes %v allocations on top of %v", name, more, base)
		}
	}
}
