package polar

import "net/http"

// withoutReplay removes the headers by which net/http takes a POST for one that
// it may send again by itself.
type withoutReplay struct{ next http.RoundTripper }

func (t withoutReplay) RoundTrip(req *http.Request) (*http.Response, error) {
	for _, key := range replayHeaders {
		if _, ok := req.Header[key]; ok {
			req = req.Clone(req.Context())
			req.Header.Del(key)
		}
	}
	return t.next.RoundTrip(req)
}

var replayHeaders = []string{"Idempotency-Key", "X-Idempotency-Key"}
