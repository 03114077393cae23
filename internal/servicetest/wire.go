package servicetest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/polarexpress/polar-go/internal/recording"
	"github.com/polarexpress/polar-go/polar"
)

// Response is a response of a Wire.
type Response struct {
	Status int
	Header http.Header
	Body   string
	Cut    bool  // the connection breaks in the middle of the body
	Err    error // what RoundTrip returns instead of a response
}

// JSON is a response with a JSON body.
func JSON(status int, body string) Response {
	return Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
}

// Wire is a transport that returns its responses in turn, and then the last one again,
// and keeps the requests.
type Wire struct {
	Responses []Response
	// Decide returns the response to a request with the given body, if it is not nil.
	// Responses are not used then.
	Decide func(*http.Request, string) Response

	mu   sync.Mutex
	sent []string // requests in wire format, with \n in place of \r\n
	urls []string // paths, escaped
}

// Sent returns the requests so far.
func (w *Wire) Sent() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// Paths returns the escaped paths of the requests so far.
func (w *Wire) Paths() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.urls)
}

// RoundTrip returns the next response.
func (w *Wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var text bytes.Buffer
	if err := req.Write(&text); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.sent = append(w.sent, strings.ReplaceAll(text.String(), "\r\n", "\n"))
	w.urls = append(w.urls, req.URL.EscapedPath())
	n := len(w.sent)
	w.mu.Unlock()
	var r Response
	if w.Decide != nil {
		_, body, _ := strings.Cut(text.String(), "\r\n\r\n")
		r = w.Decide(req, body)
	} else {
		r = w.Responses[min(n, len(w.Responses))-1]
	}
	if r.Err != nil {
		return nil, r.Err
	}
	resp := &http.Response{
		StatusCode: r.Status, Header: r.Header.Clone(), ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Body: io.NopCloser(strings.NewReader(r.Body)), ContentLength: int64(len(r.Body)),
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	if r.Cut {
		resp.ContentLength *= 2
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(r.Body), brokenReader{}))
	}
	return resp, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Client returns a client that sends its requests to w. It does not retry, unless opts
// change that.
func (w *Wire) Client(t testing.TB, opts ...polar.Option) *polar.Client {
	t.Helper()
	c, err := polar.New("polar_oat_wiretest", append([]polar.Option{
		polar.WithHTTPClient(&http.Client{Transport: w}), polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1}),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Retry returns an option for clients that try three times without delay.
func Retry() polar.Option {
	return polar.WithRetry(polar.RetryPolicy{MaxAttempts: 3, BaseDelay: 1, MaxDelay: 1})
}

// scenarios returns the recordings of services by name. It reads them once.
var scenarios = sync.OnceValues(func() (map[string]*recording.Scenario, error) {
	all, err := recording.Services()
	byName := map[string]*recording.Scenario{}
	for _, s := range all {
		byName[s.Name] = s
	}
	return byName, err
})

// Response returns the response of a recorded step.
func (r Recorded) Response() (Response, error) {
	all, err := scenarios()
	if err != nil {
		return Response{}, err
	}
	s := all[r.Scenario]
	if s == nil || r.Step >= len(s.Steps) {
		return Response{}, fmt.Errorf("no recording of step %d of %s", r.Step, r.Scenario)
	}
	return response(s.Steps[r.Step]), nil
}

func response(s recording.Step) Response {
	return Response{Status: s.Status, Header: s.ResponseHeaders, Body: s.ResponseBody}
}

// Replay returns a client for examples that receives recorded responses in turn.
func Replay(steps ...Recorded) *polar.Client {
	w := &Wire{}
	for _, s := range steps {
		r, err := s.Response()
		if err != nil {
			r = Response{Err: err}
		}
		w.Responses = append(w.Responses, r)
	}
	return w.Example()
}

// ReplayList returns a client for examples that receives a list of one page with
// recorded objects. It is for lists that were not recorded.
func ReplayList(items ...Recorded) *polar.Client {
	r, err := List(items...)
	if err != nil {
		r = Response{Err: err}
	}
	return (&Wire{Responses: []Response{r}}).Example()
}

// List returns a list of one page with recorded objects.
func List(items ...Recorded) (Response, error) {
	var bodies []string
	for _, item := range items {
		r, err := item.Response()
		if err != nil {
			return r, err
		}
		bodies = append(bodies, r.Body)
	}
	return JSON(http.StatusOK, fmt.Sprintf(`{"items":[%s],"pagination":{"total_count":%d,"max_page":1}}`, strings.Join(bodies, ","), len(bodies))), nil
}

// Example returns a client for examples that sends its requests to w.
func (w *Wire) Example() *polar.Client {
	c, err := polar.New("polar_oat_example", polar.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		panic(err) // cannot happen: the arguments are constants
	}
	return c
}

// ok returns the response with which the call succeeds.
func (c Call) ok(t testing.TB) Response {
	t.Helper()
	if c.Status != 0 {
		return JSON(c.Status, c.Body)
	}
	r, err := c.OK.Response()
	if err != nil {
		t.Fatalf("%s: %v", c.Method, err)
	}
	return r
}

// golden compares got with a file. With update, it writes the file instead.
func golden(t *testing.T, file, got string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := "(end)", "(end)"
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Fatalf("%s:%d: got\n\t%s\nwant\n\t%s\nIf this is intended, run the test with -update", file, i+1, g, w)
		}
	}
}
