package polar

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
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

// pass is the time of a pass over n bytes of JSON on this machine.
func pass(n uint64) (slowest time.Duration) {
	text := []byte(`"` + strings.Repeat("x", int(n)) + `"`)
	for range 3 {
		start := time.Now()
		json.Valid(text)
		slowest = max(slowest, time.Since(start))
	}
	return slowest
}

// A response takes a bounded amount of memory, at most 4 times the limit and 16 MiB,
// and time in proportion to the limit. Neither its content nor the type that it is
// decoded into changes that. Some of these are ten million values in a few KiB of
// gzip.
func TestBounds(t *testing.T) {
	const (
		million      = 1_000_000
		small, large = 2 << 20, 32 << 20
	)
	patterns := map[string]struct {
		limit  uint64
		status int
		pattern
	}{
		"items without anything":       {large, 200, pattern{`{"items":[`, `{},`, 10 * million, `{}],"pagination":{"total_count":1,"max_page":1}}`}},
		"validation errors":            {large, 422, pattern{`{"error":"RequestValidationError","detail":[`, `{},`, 10 * million, `{}]}`}},
		"too many items":               {small, 200, pattern{`{"items":[`, `{},`, million, `{}],"pagination":{"total_count":1,"max_page":1}}`}},
		"items with IDs":               {small, 200, pattern{`{"items":[`, `{"id":"a"},`, 4500, `{"id":"b"}],"pagination":{"total_count":1,"max_page":1}}`}},
		"some validation errors":       {small, 422, pattern{`{"error":"RequestValidationError","detail":[`, `{"type":"missing","loc":["body","a","b","c",1,2,3],"msg":"Field required"},`, 2000, `{}]}`}},
		"a location":                   {small, 422, pattern{`{"error":"RequestValidationError","detail":[{"type":"missing","msg":"m","loc":[`, `"a",`, 69_000, `1]}]}`}},
		"lists in lists":               {small, 200, pattern{`{"id":`, `[`, 1_900_000, ``}},
		"objects in objects":           {small, 200, pattern{``, `{"data":`, 200_000, ``}},
		"lists in lists of an error":   {small, 404, pattern{`{"detail":`, `[`, 1_900_000, ``}},
		"pairs":                        {small, 200, pattern{`{"id":"a","data":{`, `"":1,`, 350_000, `"z":1}}`}},
		"as many pairs as are allowed": {small, 200, pattern{`{"id":"a","data":{`, ``, 0, manyPairs(69_000) + `}}`}},
		"a long text":                  {small, 200, pattern{`{"id":"a","data":{"x":"`, `xy`, 1_000_000, `"}}`}},
		"a long escaped text":          {small, 200, pattern{`{"id":"a","data":{"x":"`, `\u00e9`, 340_000, `"}}`}},
		"a long text in an error":      {small, 404, pattern{`{"error":"ResourceNotFound","detail":"`, `xy`, 1_000_000, `"}`}},
		"a long code":                  {small, 404, pattern{`{"error":"`, `\n`, 1_000_000, `","detail":"x"}`}},
		"numbers":                      {small, 200, pattern{`{"id":"a","data":{"x":[`, `1,`, 69_000, `1]}}`}},
		"spaces":                       {small, 200, pattern{`{"id":"a"`, ` `, 2 * million, `}`}},
		"a page of HTML":               {small, 502, pattern{`<html>`, `<p>`, million, `</html>`}},
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
	// Reading takes up to 50 passes, depending on the version of Go. Work that grows
	// with the square of the size takes thousands.
	longest := 500 * pass(small)
	for name, p := range patterns {
		current.status, current.body = p.status, p.zip(t)
		c := local(t, srv.URL, WithMaxResponseBytes(int64(p.limit)), WithRetry(RetryPolicy{MaxAttempts: 1}))
		for kind, call := range calls {
			grown, took := peak(func() { _ = call(t.Context(), c) })
			if grown > 4*p.limit+16<<20 {
				t.Errorf("%s, %s: the heap grew by %d MiB, with a limit of %d", name, kind, grown>>20, p.limit>>20)
			}
			if longest := longest * time.Duration(p.limit/small); took > longest {
				t.Errorf("%s, %s: took %v, want at most %v", name, kind, took, longest)
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
