package polar

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

// shelf is a list of objects in memory, in the order of ids. It keeps the pages
// that were asked for, and how many of them at once.
type shelf struct {
	mu     sync.Mutex
	start  time.Time
	ids    []string
	asked  []int           // pages, in the order of requests
	times  []time.Duration // when, since start
	flying int
	most   int // of flying

	// Each may be nil.
	before  func(s *shelf, page int)               // when a request comes
	delay   func(page int) time.Duration           // before the response
	respond func(page, attempt int) *http.Response // in place of the page
}

// newShelf returns a shelf of n objects.
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
	if s.respond != nil {
		resp = s.respond(page, attempt)
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
		items = append(items, strings.ReplaceAll(testThing, testID, id))
	}
	return fmt.Sprintf(`{"items":[%s],"pagination":{"total_count":%d,"max_page":%d}}`,
		strings.Join(items, ","), len(s.ids), (len(s.ids)+limit-1)/limit)
}

func (s *shelf) client(t testing.TB, opts ...Option) *Client { return clientOf(t, s, opts...) }

// things is a list, from its first page.
func things(c *Client, limit int) List[thing] { return listOf[thing](c, 0, limit) }

func listOf[T any](c *Client, page, limit int) List[T] {
	return NewList[T](c, "customers:list", page, limit, func(page, limit int) (*http.Request, error) {
		req, err := build(c, "customers:list", "")
		if err == nil {
			req.URL.RawQuery = fmt.Sprintf("page=%d&limit=%d", page, limit)
		}
		return req, err
	})
}

// read ranges over all objects and returns their IDs until the error, if any.
func read(ctx context.Context, c *Client, limit int, opts ...ListOption) (ids []string, err error) {
	for item, err := range things(c, limit).All(ctx, opts...) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, item.ID)
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
				seq := things(s.client(t), 5).All(t.Context(), WithConcurrency(width))
				for range 2 { // an iterator can be ranged over again
					s.asked = nil
					var got []string
					for item, err := range seq {
						if err != nil {
							t.Fatal(err)
						}
						got = append(got, item.ID)
					}
					if !slices.Equal(got, s.ids) {
						t.Fatalf("read %d objects, want %d in order", len(got), len(s.ids))
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
	took := func(opts ...ListOption) (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := newShelf(100)
			s.delay = steady(50 * time.Millisecond)
			if _, err := read(t.Context(), s.client(t), 1, opts...); err != nil {
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
	seq := things(s.client(t), 10).All(t.Context(), WithConcurrency(4))
	if len(s.asked) != 0 {
		t.Errorf("asked for pages %v before the loop", s.asked)
	}
	for range seq {
		break
	}
	if !slices.Equal(s.asked, []int{1}) {
		t.Errorf("asked for pages %v, want only the first", s.asked)
	}
}

// A loop begins at the page of the list, and pages have 100 items by default.
func TestAllBegins(t *testing.T) {
	s := newShelf(250)
	var got []string
	for item, err := range listOf[thing](s.client(t), 2, 0).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item.ID)
	}
	if !slices.Equal(got, s.ids[100:]) || !slices.Equal(s.asked, []int{2, 3}) {
		t.Errorf("read %d objects of pages %v", len(got), s.asked)
	}
}

// Lists take options of their own and those of calls. A call does not take those
// of lists: they are no CallOption.
var (
	_ ListOption = WithConcurrency(2)
	_ ListOption = WithCheckpoint(nil)
	_ ListOption = WithoutRetry()
)

func TestListRefused(t *testing.T) {
	s := newShelf(1)
	c := s.client(t)
	for name, tc := range map[string]struct {
		list List[thing]
		opts []ListOption
		want string
	}{
		"no concurrency":         {things(c, 0), []ListOption{WithConcurrency(0)}, "customers: list: concurrency: must be at least 1"},
		"negative concurrency":   {things(c, 0), []ListOption{WithConcurrency(-1)}, "customers: list: concurrency: must be at least 1"},
		"no checkpoint":          {things(c, 0), []ListOption{WithCheckpoint(nil)}, "customers: list: checkpoint: is nil"},
		"a nil option":           {things(c, 0), []ListOption{nil}, "customers: list: option: is nil"},
		"a nil call option":      {things(c, 0), []ListOption{CallOption(nil)}, "customers: list: option: is nil"},
		"a bad call option":      {things(c, 0), []ListOption{WithHeader("Host", "x"), nil}, "customers: list: header Host: is set by the client: use an option of polar.New; option: is nil"},
		"a negative page":        {listOf[thing](c, -1, 0), nil, "customers: list: page: must not be negative: pages begin at 1"},
		"a negative limit":       {things(c, -1), nil, "customers: list: limit: must not be negative"},
		"both, and no condition": {NewList[thing](c, "customers:list", -1, -1, nil, FieldError{Path: "query", Message: "is bad"}), nil, "customers: list: query: is bad; page: must not be negative: pages begin at 1; limit: must not be negative"},
	} {
		var errs []error
		for item, err := range tc.list.All(t.Context(), tc.opts...) {
			if item != nil {
				t.Errorf("%s: yields %v", name, item)
			}
			errs = append(errs, err)
		}
		if tc.opts == nil {
			_, err := tc.list.Page(t.Context())
			errs = append(errs, err)
		}
		for _, err := range errs {
			if !errors.Is(err, ErrInvalidArgument) || err.Error() != tc.want {
				t.Errorf("%s: got %v, want %s", name, err, tc.want)
			}
		}
		if len(errs) == 0 {
			t.Errorf("%s: no error", name)
		}
	}
	if len(s.asked) > 0 {
		t.Errorf("asked for pages %v", s.asked)
	}
}

// At most n pages are in memory: the one that is read, and those fetched ahead of
// it.
func TestAllMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 4
		s := newShelf(60)
		read := 0
		for _, err := range things(s.client(t), 3).All(t.Context(), WithConcurrency(n)) {
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // everything that is fetched ahead has come
			current := read/3 + 1
			read++
			if last := slices.Max(s.asked); last > current+n-1 {
				t.Fatalf("page %d was asked for when page %d was read, want %d in memory at most", last, current, n)
			}
		}
	})
}

// A loop ends at once: requests in flight are canceled, nothing more is sent, and
// no goroutine is left, or synctest.Test would fail.
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
				for _, err := range things(s.client(t, WithTimeout(2*time.Hour)), 5).All(ctx, WithConcurrency(8)) {
					if err != nil {
						got = err
						continue // nothing follows an error
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

// A page that fails does so in its place, after its retries. Those before it are
// read, those after it are not.
func TestAllFailsInPlace(t *testing.T) {
	for _, width := range []int{1, 6} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(50)
				s.delay = func(page int) time.Duration { return time.Duration(60-page) * time.Millisecond }
				s.respond = func(page, _ int) *http.Response {
					if page == 5 {
						return jsonResponse(http.StatusServiceUnavailable, "{}")
					}
					return nil
				}
				got, err := read(t.Context(), s.client(t), 5, WithConcurrency(width))
				if !slices.Equal(got, s.ids[:20]) {
					t.Errorf("read %d objects before the error, want the 20 of four pages", len(got))
				}
				if e := failureOf(t, err); !errors.Is(e, ErrServer) || e.Attempts != 3 {
					t.Errorf("err = %v, want ErrServer after 3 attempts", err)
				}
			})
		})
	}
}

// A page that fails once is not missed.
func TestAllRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(50)
		s.respond = func(page, attempt int) *http.Response {
			switch {
			case page%3 == 0 && attempt == 1:
				return jsonResponse(http.StatusBadGateway, "")
			case page%4 == 0 && attempt == 1:
				resp := jsonResponse(http.StatusOK, `{"items":[{"id":"`)
				resp.ContentLength = 10_000
				resp.Body = io.NopCloser(io.MultiReader(resp.Body, brokenReader{}))
				return resp
			}
			return nil
		}
		got, err := read(t.Context(), s.client(t), 5, WithConcurrency(4))
		if err != nil || !slices.Equal(got, s.ids) {
			t.Errorf("read %d objects, %v, want all 50 in order", len(got), err)
		}
	})
}

// A 429 for one page pauses them all, and the client's own limit holds for them.
func TestAllKeepsLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(40)
		s.delay = steady(10 * time.Millisecond)
		s.respond = func(page, attempt int) *http.Response {
			if page == 2 && attempt == 1 {
				resp := jsonResponse(http.StatusTooManyRequests, "")
				resp.Header.Set("Retry-After", "60")
				return resp
			}
			return nil
		}
		got, err := read(t.Context(), s.client(t, WithRetry(BatchRetry())), 5, WithConcurrency(3))
		if err != nil || !slices.Equal(got, s.ids) {
			t.Fatalf("read %d objects, %v", len(got), err)
		}
		for i, at := range s.times {
			if paused := at > 20*time.Millisecond && at < time.Minute; paused {
				t.Errorf("request %d, for page %d, was sent at %v, during the pause", i, s.asked[i], at)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(40)
		limit := RateLimit{Requests: 10, Per: time.Second, Burst: 1}
		if _, err := read(t.Context(), s.client(t, WithRateLimit(limit)), 1, WithConcurrency(8)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(s.start); took < 3900*time.Millisecond {
			t.Errorf("40 requests at 10 a second took %v", took)
		}
	})
}

// Objects come and go while pages are read.
func TestAllShifting(t *testing.T) {
	next := 1000
	newest := func(s *shelf, n int) { // as in a list with the newest first
		for range n {
			next++
			s.ids = slices.Insert(s.ids, 0, shelfID(next))
		}
	}
	for _, test := range []struct {
		name   string
		before func(s *shelf, page int)
		all    int // up to this width, everything that was there from the beginning is read
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
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // ends an endless loop
					defer cancel()
					got, err := read(ctx, s.client(t), 5, WithConcurrency(width))
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
		body := fmt.Sprintf(`{"items":[%s],"pagination":{"total_count":9000,"max_page":9000}}`, strings.ReplaceAll(testThing, testID, id))
		s.respond = func(int, int) *http.Response { return jsonResponse(http.StatusOK, body) }
		got, err := read(t.Context(), s.client(t), 0, WithConcurrency(2))
		if !slices.Equal(got, []string{id}) || !errors.Is(err, ErrUnexpectedResponse) || len(s.asked) > 2*maxRepeats {
			t.Errorf("read %v, %v in %d requests", got, err, len(s.asked))
		}
	}
}

// An iterator captures the page that is read, never one ahead of it.
func TestAllCapture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(40)
		s.delay = func(page int) time.Duration { return time.Duration(page%3) * time.Millisecond }
		s.respond = func(page, _ int) *http.Response {
			if page == 8 {
				return jsonResponse(http.StatusNotFound, notFoundBody)
			}
			return nil
		}
		var r Response
		for item, err := range things(s.client(t), 5).All(t.Context(), WithConcurrency(8), CaptureResponse(&r)) {
			if err != nil {
				break
			}
			if r.StatusCode != http.StatusOK || !bytes.Contains(r.Body, []byte(item.ID)) {
				t.Fatalf("%s is not in the response that was captured", item.ID)
			}
		}
		if r.StatusCode != http.StatusNotFound || string(r.Body) != notFoundBody {
			t.Errorf("captured %d %s last, want the error", r.StatusCode, r.Body)
		}
	})
}

// Items are decoded into room made for them, which does not show.
func TestPageShapes(t *testing.T) {
	for _, test := range []struct {
		body string
		n    int
		err  error
	}{
		{`{"items":[],"pagination":{"total_count":0,"max_page":0}}`, 0, nil},
		{`{"items":[` + testThing + `],"pagination":{"total_count":1,"max_page":1}}`, 1, nil},
		{`{"items":[` + strings.Repeat(testThing+",", 149) + testThing + `],"pagination":{"total_count":150,"max_page":1}}`, 150, nil},
		{`{"pagination":{"total_count":1,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":null,"pagination":{"total_count":1,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":[{}],"pagination":{"total_count":1,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":[` + testThing + `,{}],"pagination":{"total_count":2,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":[` + testThing + `,{"id":""},` + testThing + `],"pagination":{"total_count":3,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{"items":[` + testThing + `,null],"pagination":{"total_count":2,"max_page":1}}`, 0, ErrUnexpectedResponse},
		{`{}`, 0, ErrUnexpectedResponse},
		{`[]`, 0, ErrUnexpectedResponse},
	} {
		s := newShelf(0)
		s.respond = func(int, int) *http.Response { return jsonResponse(http.StatusOK, test.body) }
		page, err := things(s.client(t), 10).Page(t.Context())
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

// A page says where it is.
func TestPage(t *testing.T) {
	s := newShelf(25)
	for page, want := range map[int]Page[thing]{
		0: {Page: 1, MaxPage: 3, TotalCount: 25},
		2: {Page: 2, MaxPage: 3, TotalCount: 25},
		3: {Page: 3, MaxPage: 3, TotalCount: 25},
		4: {Page: 4, MaxPage: 3, TotalCount: 25},
	} {
		got, err := listOf[thing](s.client(t), max(page, 1), 10).Page(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.Page != want.Page || got.MaxPage != want.MaxPage || got.TotalCount != want.TotalCount || got.HasNext() != (want.Page < 3) || len(got.Items) != max(0, min(10, 35-10*want.Page)) {
			t.Errorf("page %d: got %+v, has next %t", page, got, got.HasNext())
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
		{"{" + testID + "}", true}, // uuid.Parse accepts it as the same
		{"not-a-uuid", true},
		{"not-a-uuid", false},
		{"", true},
		{"", false},
	} {
		if got := s.add(test.id); got != test.add {
			t.Errorf("add(%q) = %t, want %t", test.id, got, test.add)
		}
	}
	if n := len(s.uuids) + len(s.others); n != 6 {
		t.Errorf("%d IDs, want 6", n)
	}
}

// recording keeps the queries of a transport.
type recording struct {
	next    http.RoundTripper
	queries *[]string
}

func (r recording) RoundTrip(req *http.Request) (*http.Response, error) {
	*r.queries = append(*r.queries, req.URL.RawQuery)
	return r.next.RoundTrip(req)
}

// A type without an ID takes any items, all of them, and no others.
func TestPageWithoutIDs(t *testing.T) {
	type reading struct {
		N int `json:"n"`
	}
	for body, want := range map[string][]reading{
		`{"items":[{"n":1},{"n":1},{"n":2}],"pagination":{"total_count":3,"max_page":1}}`: {{1}, {1}, {2}},
		`{"items":[],"pagination":{"total_count":0,"max_page":0}}`:                        {},
		`{"items":null,"pagination":{"total_count":0,"max_page":0}}`:                      nil,
		`{"pagination":{"total_count":0,"max_page":0}}`:                                   nil,
		`{}`: nil,
	} {
		list := listOf[reading](play(coded(200, body)).client(t), 0, 0)
		page, err := list.Page(t.Context())
		if want == nil {
			if !errors.Is(err, ErrUnexpectedResponse) {
				t.Errorf("%s: got %+v, %v", body, page, err)
			}
			continue
		}
		if err != nil || !slices.Equal(page.Items, want) {
			t.Errorf("%s: got %+v, %v", body, page, err)
		}
		var got []reading
		for item, err := range list.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, *item)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v", body, got)
		}
	}
	// There is nothing to find the place of a checkpoint by.
	for _, err := range listOf[reading](play(ok()).client(t), 0, 0).All(t.Context(), WithCheckpoint(&Checkpoint{})) {
		if !errors.Is(err, ErrInvalidArgument) || err.Error() != "customers: list: checkpoint: needs items with an ID" {
			t.Errorf("with a checkpoint: %v", err)
		}
	}
}

// Equal IDs within a page and on several are one item.
func TestAllEqualIDs(t *testing.T) {
	s := newShelf(12)
	s.ids[1], s.ids[7], s.ids[11] = s.ids[0], strings.ToUpper(s.ids[2]), s.ids[10]
	got, err := read(t.Context(), s.client(t), 5)
	want := slices.Concat(s.ids[:1], s.ids[2:7], s.ids[8:11])
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// A canceled context ends a loop at the next page, even if that page is here.
func TestAllCanceledAhead(t *testing.T) {
	for _, width := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := newShelf(50)
			n := 0
			var got error
			for _, err := range things(s.client(t), 5).All(ctx, WithConcurrency(width)) {
				if got = err; err != nil {
					break
				}
				if n++; n == 7 {
					synctest.Wait() // the pages ahead are here
					cancel()
				}
			}
			if n != 10 || !errors.Is(got, context.Canceled) {
				t.Errorf("width %d: read %d items, then %v", width, n, got)
			}
			failureOf(t, got)
		})
	}
}
