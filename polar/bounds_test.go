package polar

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// big is an object of the largest kind: as a Go value it takes far more memory
// than as JSON.
type big struct {
	ID     string `json:"id"`
	Fields [60]struct {
		Name  *string        `json:"name"`
		Value map[string]any `json:"value"`
	} `json:"fields"`
	Data map[string]any `json:"data"`
}

// peak runs f and returns how much the heap grew at most while it ran, and how
// long it took.
func peak(f func()) (uint64, time.Duration) {
	heap := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := heap()
	stop, highest := make(chan struct{}), make(chan uint64)
	go func() {
		most := before
		ticks := time.NewTicker(500 * time.Microsecond)
		defer ticks.Stop()
		for {
			select {
			case <-stop:
				highest <- most
				return
			case <-ticks.C:
				most = max(most, heap())
			}
		}
	}()
	start := time.Now()
	f()
	took := time.Since(start)
	close(stop)
	return <-highest - before, took
}

// pattern is a response body: a beginning, a part that is repeated, and an end.
type pattern struct {
	begin, part string
	times       int
	end         string
}

func (p pattern) zip(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(z, p.begin)
	const at = 10_000 // parts at once
	chunk := strings.Repeat(p.part, at)
	for n := p.times; n > 0; n -= at {
		_, writeErr := io.WriteString(z, chunk[:min(n, at)*len(p.part)])
		err = errors.Join(err, writeErr)
	}
	_, endErr := io.WriteString(z, p.end)
	if err := errors.Join(err, endErr, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A response takes a bounded amount of memory and time, whatever is in it and
// whatever it is decoded into.
func TestBounds(t *testing.T) {
	const million = 1_000_000
	patterns := map[string]struct {
		status int
		pattern
	}{
		"items without anything":  {200, pattern{`{"items":[`, `{},`, 10 * million, `{}],"pagination":{"total_count":1,"max_page":1}}`}},
		"items with IDs":          {200, pattern{`{"items":[`, `{"id":"a"},`, 6000, `{"id":"b"}],"pagination":{"total_count":1,"max_page":1}}`}},
		"validation errors":       {422, pattern{`{"error":"RequestValidationError","detail":[`, `{},`, 10 * million, `{}]}`}},
		"long validation errors":  {422, pattern{`{"error":"RequestValidationError","detail":[`, `{"type":"missing","loc":["body","a","b","c",1,2,3],"msg":"Field required"},`, 5000, `{}]}`}},
		"locations":               {422, pattern{`{"error":"RequestValidationError","detail":[{"type":"missing","msg":"m","loc":[`, `"a",`, 75_000, `1]}]}`}},
		"lists in lists":          {200, pattern{`{"id":`, `[`, 5 * million, ``}},
		"objects in objects":      {200, pattern{``, `{"data":`, million, ``}},
		"errors in lists":         {404, pattern{`{"detail":`, `[`, 5 * million, ``}},
		"pairs":                   {200, pattern{`{"id":"a","data":{`, `"":1,`, 10 * million, `"z":1}}`}},
		"many pairs":              {200, pattern{`{"id":"a","data":{`, ``, 0, manyPairs(80_000) + `}}`}},
		"a long text":             {200, pattern{`{"id":"a","data":{"x":"`, `xy`, 4*million - 100, `"}}`}},
		"a long escaped text":     {200, pattern{`{"id":"a","data":{"x":"`, `\u00e9`, 1_390_000, `"}}`}},
		"a long text in an error": {404, pattern{`{"error":"ResourceNotFound","detail":"`, `xy`, 4*million - 100, `"}`}},
		"a long code":             {404, pattern{`{"error":"`, `\n`, 4*million - 100, `","detail":"x"}`}},
		"numbers":                 {200, pattern{`{"id":"a","data":{"x":[`, `1,`, 80_000, `1]}}`}},
		"spaces":                  {200, pattern{`{"id":"a"`, ` `, 8 * million, `}`}},
		"too many spaces":         {200, pattern{`{"id":"a"`, ` `, 9 * million, `}`}},
		"a page of HTML":          {502, pattern{`<html>`, `<p>`, 10 * million, `</html>`}},
	}
	var current struct {
		status int
		body   []byte
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(current.status)
		_, _ = w.Write(current.body) // the client may hang up
	}))
	defer srv.Close()
	calls := map[string]func(context.Context, *Client) error{
		"Fetch": func(ctx context.Context, c *Client) error {
			req, err := build(c, "customers:get", "")
			_, err = Fetch[big](ctx, c, "customers:get", req, err)
			return err
		},
		"any": func(ctx context.Context, c *Client) error {
			_, err := Call[map[string]any](ctx, c, "GET", "/v1/customers/", nil)
			return err
		},
		"Page": func(ctx context.Context, c *Client) error { _, err := listOf[big](c, 0, 0).Page(ctx); return err },
		"Do":   func(ctx context.Context, c *Client) error { _, err := do(ctx, c, "customers:get", ""); return err },
	}
	for name, p := range patterns {
		current.status, current.body = p.status, p.zip(t)
		for _, limit := range []uint64{8 << 20, 64 << 20} {
			if limit > 8<<20 && len(p.part)*p.times < 16<<20 {
				continue // no more than with the smaller limit
			}
			c := local(t, srv.URL, WithMaxResponseBytes(int64(limit)), WithRetry(RetryPolicy{MaxAttempts: 1}))
			for kind, call := range calls {
				took := time.Hour
				for range 3 { // other programs slow the machine down
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					grown, d := peak(func() { _ = call(ctx, c) })
					cancel()
					if grown > 4*limit+16<<20 {
						t.Errorf("%s, %s, limit of %d MiB: the heap grew by %d MiB", name, kind, limit>>20, grown>>20)
					}
					if took = min(took, d); took <= 1100*time.Millisecond {
						break
					}
				}
				if took > 1100*time.Millisecond {
					t.Errorf("%s, %s, limit of %d MiB: took %v with a context of 1s", name, kind, limit>>20, took)
				}
			}
		}
	}
}

func manyPairs(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strings.Repeat("k", 8))
		for ; i > 0; i /= 26 {
			b.WriteByte(byte('a' + i%26))
		}
		b.WriteString(`":1`)
	}
	return b.String()
}
