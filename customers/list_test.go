package customers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// shelf is a list of customers in memory, in the order of ids. It keeps what it
// was asked for, and how much of it at once.
type shelf struct {
	mu     sync.Mutex
	start  time.Time
	ids    []string
	asked  []int           // pages, in the order of requests
	times  []time.Duration // when, since start
	flying int
	most   int // of flying

	// What a test makes of it; each may be nil.
	before func(s *shelf, page int)               // when a request comes
	delay  func(page int) time.Duration           // before its answer
	answer func(page, attempt int) *http.Response // in place of the page
}

// newShelf returns a shelf of n customers.
func newShelf(n int) *shelf {
	s := &shelf{start: time.Now()}
	for i := range n {
		s.ids = append(s.ids, shelfID(i))
	}
	return s
}

func shelfID(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i*7919, i) }

func jsonResponse(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func (s *shelf) RoundTrip(req *http.Request) (*http.Response, error) {
	page, err := strconv.Atoi(req.URL.Query().Get("page"))
	if err != nil {
		return nil, err
	}
	limit, err := strconv.Atoi(req.URL.Query().Get("limit"))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.flying++
	s.most = max(s.most, s.flying)
	s.asked = append(s.asked, page)
	s.times = append(s.times, time.Since(s.start))
	attempt := 0
	for _, p := range s.asked {
		if p == page {
			attempt++
		}
	}
	if s.before != nil {
		s.before(s, page)
	}
	var resp *http.Response
	if s.answer != nil {
		resp = s.answer(page, attempt)
	}
	if resp == nil {
		resp = jsonResponse(http.StatusOK, s.page(page, limit))
	}
	var d time.Duration
	if s.delay != nil {
		d = s.delay(page)
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.flying--
		s.mu.Unlock()
	}()
	return resp, sleep(req.Context(), d)
}

// page writes a page as the service does.
func (s *shelf) page(page, limit int) string {
	from := min((page-1)*limit, len(s.ids))
	items := make([]string, 0, limit)
	for _, id := range s.ids[from:min(from+limit, len(s.ids))] {
		items = append(items, strings.ReplaceAll(testCustomer, testID, id))
	}
	return fmt.Sprintf(`{"items":[%s],"pagination":{"total_count":%d,"max_page":%d}}`,
		strings.Join(items, ","), len(s.ids), (len(s.ids)+limit-1)/limit)
}

func (s *shelf) client(t testing.TB, opts ...Option) *Client {
	t.Helper()
	c, err := New(testToken, append([]Option{WithHTTPClient(&http.Client{Transport: s}), withJitter(1)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read ranges over all customers and returns their IDs until the error, if any.
func read(ctx context.Context, c *Client, p ListParams, opts ...CallOption) (ids []string, err error) {
	for customer, err := range c.All(ctx, p, opts...) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, customer.ID)
	}
	return ids, nil
}

func steady(d time.Duration) func(int) time.Duration {
	return func(int) time.Duration { return d }
}

// Pages come in order however long each takes, no more of them at once than
// asked for, and each is fetched once.
func TestAllInOrder(t *testing.T) {
	for _, width := range []int{1, 2, 3, 8, 100} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(117)
				s.delay = func(page int) time.Duration { return time.Duration(page*7919%50) * time.Millisecond }
				c := s.client(t)
				for range 2 { // an iterator can be ranged over again
					s.asked = nil
					got, err := read(t.Context(), c, ListParams{Limit: 5}, WithConcurrency(width))
					if err != nil || !slices.Equal(got, s.ids) {
						t.Fatalf("read %d customers, %v, want %d in order", len(got), err, len(s.ids))
					}
					slices.Sort(s.asked)
					if len(s.asked) != 24 || len(slices.Compact(s.asked)) != 24 {
						t.Errorf("asked for pages %v, want each of 24 once", s.asked)
					}
				}
				if want := min(width, 23); s.most != want {
					t.Errorf("%d pages in flight at most, want %d", s.most, want)
				}
			})
		})
	}
}

// With eight pages ahead, a hundred pages take the time of fourteen.
func TestAllAhead(t *testing.T) {
	took := func(opts ...CallOption) (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := newShelf(100)
			s.delay = steady(50 * time.Millisecond)
			if _, err := read(t.Context(), s.client(t), ListParams{Limit: 1}, opts...); err != nil {
				t.Fatal(err)
			}
			d = time.Since(s.start)
		})
		return d
	}
	if one := took(); one != 5*time.Second {
		t.Errorf("one page at a time took %v, want 5s", one)
	}
	if eight := took(WithConcurrency(8)); eight != 700*time.Millisecond {
		t.Errorf("eight pages ahead took %v, want 700ms", eight)
	}
}

func TestAllIsLazy(t *testing.T) {
	s := newShelf(30)
	seq := s.client(t).All(t.Context(), ListParams{Limit: 10}, WithConcurrency(4))
	if len(s.asked) != 0 {
		t.Errorf("asked for pages %v before the loop", s.asked)
	}
	for range seq {
		break
	}
	if !slices.Equal(s.asked, []int{1}) {
		t.Errorf("asked for pages %v, want the first alone", s.asked)
	}
}

func TestConcurrencyRefused(t *testing.T) {
	for _, n := range []int{0, -1} {
		s := newShelf(1)
		if _, err := read(t.Context(), s.client(t), ListParams{}, WithConcurrency(n)); !errors.Is(err, ErrInvalidArgument) || len(s.asked) > 0 {
			t.Errorf("WithConcurrency(%d): err = %v after %d requests, want ErrInvalidArgument before any", n, err, len(s.asked))
		}
	}
}

// No more than n pages are in memory: the one that is read, and those fetched
// ahead of it.
func TestAllMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 4
		s := newShelf(60)
		read := 0
		for _, err := range s.client(t).All(t.Context(), ListParams{Limit: 3}, WithConcurrency(n)) {
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // whatever is fetched ahead has come
			current := read/3 + 1
			read++
			if last := slices.Max(s.asked); last > current+n-1 {
				t.Fatalf("page %d was asked for when page %d was read, want %d in memory at most", last, current, n)
			}
		}
	})
}

// Whatever ends a loop ends it at once: what is in flight is canceled, nothing
// more is sent, and nothing is left running (or synctest.Test would fail).
func TestAllEndsAtOnce(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(cancel func()) (leave bool)
		want error
	}{
		{"break", func(func()) bool { return true }, nil},
		{"context", func(cancel func()) bool { cancel(); return false }, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				s := newShelf(100)
				s.delay = func(page int) time.Duration {
					if page < 3 {
						return time.Millisecond
					}
					return time.Hour
				}
				var got error
				n := 0
				for _, err := range s.client(t, WithTimeout(2*time.Hour)).All(ctx, ListParams{Limit: 5}, WithConcurrency(8)) {
					if err != nil {
						got = err
						continue // the error is the last, even so
					}
					if n++; n == 7 && test.end(cancel) { // in the second page
						break
					}
				}
				if took := time.Since(s.start); took != 2*time.Millisecond {
					t.Errorf("the loop took %v, want 2ms", took)
				}
				if !errors.Is(got, test.want) {
					t.Errorf("err = %v, want %v", got, test.want)
				}
				if got != nil {
					failureOf(t, got)
				}
				sent := len(s.asked)
				time.Sleep(3 * time.Hour)
				if s.flying != 0 || len(s.asked) != sent {
					t.Errorf("%d requests in flight and %d sent after the loop", s.flying, len(s.asked)-sent)
				}
			})
		})
	}
}

// A page that cannot be had fails where it stands, after its retries; those
// before it are read, those after it are not.
func TestAllFailsInPlace(t *testing.T) {
	for _, width := range []int{1, 6} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(50)
				s.delay = func(page int) time.Duration { return time.Duration(60-page) * time.Millisecond }
				s.answer = func(page, _ int) *http.Response {
					if page == 5 {
						return jsonResponse(http.StatusServiceUnavailable, "{}")
					}
					return nil
				}
				got, err := read(t.Context(), s.client(t), ListParams{Limit: 5}, WithConcurrency(width))
				if !slices.Equal(got, s.ids[:20]) {
					t.Errorf("read %d customers before the error, want the 20 of four pages", len(got))
				}
				if e := failureOf(t, err); !errors.Is(e, ErrServer) || e.Attempts != 3 {
					t.Errorf("err = %v, want ErrServer after 3 attempts", err)
				}
			})
		})
	}
}

// A page whose failure a repeat mends is not missed.
func TestAllRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(50)
		s.answer = func(page, attempt int) *http.Response {
			switch {
			case page%3 == 0 && attempt == 1:
				return jsonResponse(http.StatusBadGateway, "")
			case page%4 == 0 && attempt == 1:
				resp := jsonResponse(http.StatusOK, `{"items":[{"id":"`)
				resp.ContentLength = 10_000
				resp.Body = io.NopCloser(io.MultiReader(resp.Body, failingReader{}))
				return resp
			}
			return nil
		}
		got, err := read(t.Context(), s.client(t), ListParams{Limit: 5}, WithConcurrency(4))
		if err != nil || !slices.Equal(got, s.ids) {
			t.Errorf("read %d customers, %v, want all 50 in order", len(got), err)
		}
	})
}

// A 429 to one page pauses them all, and the client's own limit holds for them.
func TestAllKeepsLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(40)
		s.delay = steady(10 * time.Millisecond)
		s.answer = func(page, attempt int) *http.Response {
			if page == 2 && attempt == 1 {
				resp := jsonResponse(http.StatusTooManyRequests, "")
				resp.Header.Set("Retry-After", "60")
				return resp
			}
			return nil
		}
		got, err := read(t.Context(), s.client(t, WithRetry(BatchRetry)), ListParams{Limit: 5}, WithConcurrency(3))
		if err != nil || !slices.Equal(got, s.ids) {
			t.Fatalf("read %d customers, %v", len(got), err)
		}
		for i, at := range s.times {
			if paused := at > 20*time.Millisecond && at < time.Minute; paused {
				t.Errorf("request %d, for page %d, was sent at %v, in the pause", i, s.asked[i], at)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(40)
		limit := RateLimit{Requests: 10, Per: time.Second, Burst: 1}
		if _, err := read(t.Context(), s.client(t, WithRateLimit(limit)), ListParams{Limit: 1}, WithConcurrency(8)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(s.start); took < 3900*time.Millisecond {
			t.Errorf("40 requests at 10 a second took %v", took)
		}
	})
}

// Customers come and go while pages are read.
func TestAllShifting(t *testing.T) {
	next := 1000
	newest := func(s *shelf, n int) { // what a list of the newest first sees
		for range n {
			next++
			s.ids = slices.Insert(s.ids, 0, shelfID(next))
		}
	}
	for _, test := range []struct {
		name   string
		before func(s *shelf, page int)
		all    int // up to this width, everyone who was there from the beginning is read
		err    error
	}{
		{"created behind", func(s *shelf, _ int) { next++; s.ids = append(s.ids, shelfID(next)) }, 4, nil},
		{"created in front", func(s *shelf, _ int) { newest(s, 1) }, 1, nil},
		{"created in front, faster than pages are read", func(s *shelf, _ int) { newest(s, 5) }, 0, ErrUnexpectedResponse},
		{"deleted in front", func(s *shelf, _ int) { s.ids = s.ids[min(1, len(s.ids)):] }, 0, nil},
		{"deleted behind", func(s *shelf, _ int) { s.ids = s.ids[:max(len(s.ids)-1, 0)] }, 0, nil},
		{"all deleted", func(s *shelf, page int) {
			if page == 3 {
				s.ids = nil
			}
		}, 0, nil},
		{"moved to the front", func(s *shelf, _ int) { s.ids = append([]string{s.ids[len(s.ids)-1]}, s.ids[:len(s.ids)-1]...) }, 0, nil},
	} {
		for _, width := range []int{1, 4} {
			t.Run(fmt.Sprintf("%s, width %d", test.name, width), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newShelf(50)
					there := slices.Clone(s.ids)
					s.before = test.before
					s.delay = steady(time.Millisecond)
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // of a loop without end
					defer cancel()
					got, err := read(ctx, s.client(t), ListParams{Limit: 5}, WithConcurrency(width))
					if !errors.Is(err, test.err) {
						t.Errorf("err = %v, want %v", err, test.err)
					}
					known := map[string]bool{}
					for _, id := range got {
						if known[id] {
							t.Errorf("%s came twice", id)
						}
						known[id] = true
					}
					if width > test.all {
						return
					}
					for _, id := range there {
						if !known[id] {
							t.Errorf("%s did not come", id)
						}
					}
				})
			})
		}
	}
}

// A service that ignores the number of the page does not make an endless loop,
// nor does one whose IDs are not UUIDs.
func TestAllSamePage(t *testing.T) {
	for _, id := range []string{testID, "not-a-uuid"} {
		s := newShelf(0)
		body := fmt.Sprintf(`{"items":[%s],"pagination":{"total_count":9000,"max_page":9000}}`, strings.ReplaceAll(testCustomer, testID, id))
		s.answer = func(int, int) *http.Response { return jsonResponse(http.StatusOK, body) }
		got, err := read(t.Context(), s.client(t), ListParams{}, WithConcurrency(2))
		if !slices.Equal(got, []string{id}) || !errors.Is(err, ErrUnexpectedResponse) || len(s.asked) > 2*maxRepeats {
			t.Errorf("read %v, %v in %d requests", got, err, len(s.asked))
		}
	}
}

// What an iterator captures is the page that is read, never one ahead of it.
func TestAllCapture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(40)
		s.delay = func(page int) time.Duration { return time.Duration(page%3) * time.Millisecond }
		s.answer = func(page, _ int) *http.Response {
			if page == 8 {
				return jsonResponse(http.StatusNotFound, notFoundBody)
			}
			return nil
		}
		var r Response
		for customer, err := range s.client(t).All(t.Context(), ListParams{Limit: 5}, WithConcurrency(8), CaptureResponse(&r)) {
			if err != nil {
				break
			}
			if r.StatusCode != http.StatusOK || !bytes.Contains(r.Body, []byte(customer.ID)) {
				t.Fatalf("%s is not in the response that was captured", customer.ID)
			}
		}
		if r.StatusCode != http.StatusNotFound || string(r.Body) != notFoundBody {
			t.Errorf("captured %d %s last, want the error", r.StatusCode, r.Body)
		}
	})
}

// Items are decoded into room made for them, of which nothing shows.
func TestListShapes(t *testing.T) {
	for _, test := range []struct {
		body string
		n    int
		err  error
	}{
		{`{"items":[],"pagination":{"total_count":0,"max_page":0}}`, 0, nil},
		{`{"items":[` + testCustomer + `],"pagination":{"total_count":1,"max_page":1}}`, 1, nil},
		{`{"items":[` + strings.Repeat(testCustomer+",", 149) + testCustomer + `],"pagination":{"total_count":150,"max_page":1}}`, 150, nil},
		{`{"pagination":{"total_count":1,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":null,"pagination":{"total_count":1,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":[{}],"pagination":{"total_count":1,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{}`, 0, ErrUnexpectedResponse},
		{`[]`, 0, ErrUnexpectedResponse},
	} {
		s := newShelf(0)
		s.answer = func(int, int) *http.Response { return jsonResponse(http.StatusOK, test.body) }
		page, err := s.client(t).List(t.Context(), ListParams{Page: 1, Limit: 10})
		if !errors.Is(err, test.err) {
			t.Errorf("%.60s: err = %v, want %v", test.body, err, test.err)
		}
		if err != nil {
			continue
		}
		if page.Items == nil || len(page.Items) != test.n {
			t.Errorf("%.60s: %d items, want %d", test.body, len(page.Items), test.n)
		}
		for i := range page.Items {
			if page.Items[i].ID != testID {
				t.Errorf("%.60s: item %d has ID %q", test.body, i, page.Items[i].ID)
			}
		}
	}
}

func TestIDSet(t *testing.T) {
	var s idSet
	for _, test := range []struct {
		id  string
		add bool
	}{
		{testID, true},
		{testID, false},
		{strings.ToUpper(testID), false},
		{"5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7e", true},
		{"6b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f", true},
		{"not-a-uuid", true},
		{"not-a-uuid", false},
		{"", true},
		{"", false},
	} {
		if got := s.add(test.id); got != test.add {
			t.Errorf("add(%q) = %t, want %t", test.id, got, test.add)
		}
	}
	if s.len() != 5 {
		t.Errorf("%d IDs, want 5", s.len())
	}
}
