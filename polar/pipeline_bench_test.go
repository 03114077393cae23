package polar

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"
)

// instant responds at once, with the same body.
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

// sideBySide is one request by net/http alone, as a generated client sends it, and
// through the pipeline, by Do and by Fetch.
func sideBySide(tb testing.TB) (bare, raw, fetch func()) {
	hc := &http.Client{Transport: instant{http.Header{"Content-Type": {"application/json"}}, []byte(testThing)}}
	c, err := New("polar_oat_bench", WithHTTPClient(hc))
	if err != nil {
		tb.Fatal(err)
	}
	c.keepsRequests = true // as with a transport of net/http, for which instant stands
	ctx := context.Background()
	by := func(do func(*http.Request) (*http.Response, error)) func() {
		return func() {
			req, err := build(c, "customers:get", "")
			if err != nil {
				tb.Fatal(err)
			}
			resp, err := do(req.WithContext(ctx))
			if err != nil {
				tb.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			var got thing
			if err := errors.Join(err, resp.Body.Close(), json.Unmarshal(body, &got)); err != nil || got.ID != testID {
				tb.Fatalf("got %v, %v", got, err)
			}
		}
	}
	return by(hc.Do), by(c.Do), func() {
		if err := get(ctx, c); err != nil {
			tb.Fatal(err)
		}
	}
}

// The cost of the pipeline without faults, on top of net/http alone: at most 3 µs
// and 12 allocations. The three take turns, so that other load on the machine
// affects them alike.
func BenchmarkPipeline(b *testing.B) {
	bare, raw, fetch := sideBySide(b)
	const batch = 100
	took := func(do func()) float64 {
		start := time.Now()
		for range batch {
			do()
		}
		return float64(time.Since(start).Nanoseconds()) / batch
	}
	var alone, rawMore, fetchMore []float64
	for b.Loop() {
		base := took(bare)
		alone = append(alone, base)
		rawMore = append(rawMore, took(raw)-base)
		fetchMore = append(fetchMore, took(fetch)-base)
	}
	median := func(v []float64) float64 {
		slices.Sort(v)
		return v[len(v)/2]
	}
	b.ReportMetric(0, "ns/op") // has no meaning here
	b.ReportMetric(median(alone), "bare-ns")
	b.ReportMetric(median(rawMore), "do-more-ns")
	b.ReportMetric(median(fetchMore), "fetch-more-ns")
	base := testing.AllocsPerRun(batch, bare)
	b.ReportMetric(base, "bare-allocs")
	b.ReportMetric(testing.AllocsPerRun(batch, raw)-base, "do-more-allocs")
	b.ReportMetric(testing.AllocsPerRun(batch, fetch)-base, "fetch-more-allocs")
}

func TestPipelineAllocations(t *testing.T) {
	bare, raw, fetch := sideBySide(t)
	base := testing.AllocsPerRun(200, bare)
	for name, do := range map[string]func(){"Do": raw, "Fetch": fetch} {
		if more := testing.AllocsPerRun(200, do) - base; more > 12 {
			t.Errorf("%s: the pipeline takes %v allocations on top of %v", name, more, base)
		}
	}
}
