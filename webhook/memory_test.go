package webhook_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/webhook"
)

// Hostile requests take bounded memory. The test counts all allocations, whose
// sum is above the peak.
func TestMemoryIsBounded(t *testing.T) {
	const mib = 1 << 20
	type large struct{ Fields [256]byte }
	decode := func(_ context.Context, event webhook.Event) error {
		_, err := webhook.Data[struct{ Items []large }](event)
		return err
	}
	items := func(n int) []byte { return envelope("order.paid", `{"items":[`+strings.Repeat("{},", n)+`{}]}`) }
	compressed := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(b)
		w.Close()
		return out.Bytes()
	}
	tenMillion := items(10_000_000)
	for _, tc := range []struct {
		name   string
		body   []byte
		header http.Header // added
		forged bool
		opts   []webhook.Option
		status int
		limit  uint64
	}{
		{name: "ten million items", body: tenMillion, status: 413, limit: 8 * mib},
		{name: "ten million items, forged", body: tenMillion, forged: true, status: 413, limit: 8 * mib},
		{name: "ten million items, large limit", body: tenMillion, opts: []webhook.Option{webhook.WithMaxBody(64 * mib)}, status: 500, limit: 256 * mib},
		{name: "as many items as fit, forged", body: items(349_000), forged: true, status: 401, limit: 8 * mib},
		{name: "as many items as fit", body: items(349_000), status: 500, limit: 8 * mib},
		{name: "as many items as are decoded", body: items(99_000), status: 204, limit: 160 * mib},
		{name: "compressed, forged", body: compressed(tenMillion), header: http.Header{"Content-Encoding": {"gzip"}}, forged: true, status: 401, limit: mib},
		{name: "compressed", body: compressed(tenMillion), header: http.Header{"Content-Encoding": {"gzip"}}, status: 422, limit: mib},
		{name: "deep lists", body: envelope("order.paid", strings.Repeat("[", mib/2)+strings.Repeat("]", mib/2-100)), status: 422, limit: 8 * mib},
		{name: "deep objects", body: envelope("order.paid", strings.Repeat(`{"a":`, mib/7)+"1"+strings.Repeat("}", mib/7)), status: 422, limit: 8 * mib},
		{name: "as deep as it goes", body: envelope("order.paid", `{"items":[],"a":`+strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)+`}`), status: 204, limit: 8 * mib},
		{name: "a long string", body: envelope("order.paid", `{"name":"`+strings.Repeat("x", mib-200)+`"}`), status: 204, limit: 8 * mib},
		{name: "many members", body: []byte(`{` + strings.Repeat(`"a":1,`, mib/7) + `"type":"x"}`), status: 500, limit: 16 * mib},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := handler(t, decode, tc.opts...)
			header := request(secret, tc.body)
			if tc.forged {
				header = request("whsec_forged", tc.body)
			}
			for k, v := range tc.header {
				header[k] = v
			}
			// The length is unknown, as in a chunked request.
			body := io.MultiReader(bytes.NewReader(tc.body))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			status := deliver(h, http.MethodPost, header, body)
			runtime.ReadMemStats(&after)
			if status != tc.status {
				t.Errorf("status %d, want %d", status, tc.status)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > tc.limit {
				t.Errorf("%d KiB allocated, more than %d", used>>10, tc.limit>>10)
			} else {
				t.Logf("%d KiB allocated", used>>10)
			}
		})
	}
}
