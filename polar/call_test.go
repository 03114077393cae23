package polar

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

// Call builds the request, and knows the operation.
func TestCall(t *testing.T) {
	s := play(ok())
	c := s.client(t, WithBaseURL("https://gateway.example/polar"))
	got, err := Call[thing](t.Context(), c, "PATCH", "/v1/customers/external/a%20b?x=1&y=%2F", map[string]string{"name": "Jane"}, WithHeader("X-Trace", "7"))
	if err != nil || got.ID != testID || got.Name != "Jane Doe" {
		t.Fatalf("got %+v, %v", got, err)
	}
	r := s.sent[0]
	if r.method != "PATCH" || r.path != "/polar/v1/customers/external/a%20b" || r.query != "x=1&y=%2F" || r.body != `{"name":"Jane"}` ||
		r.header.Get("Content-Type") != "application/json" || r.header.Get("Accept") != "application/json" || r.header.Get("X-Trace") != "7" {
		t.Errorf("sent %+v", r)
	}
	if _, err := Call[thing](t.Context(), c, "GET", "/v1/customers/"+testID, nil); err != nil {
		t.Fatal(err)
	}
	if r := s.sent[1]; r.body != "" || r.header["Content-Type"] != nil {
		t.Errorf("sent %+v", r)
	}

	// Retries and texts are those of the operation.
	s = play(coded(403, lowToken))
	_, err = Call[thing](t.Context(), s.client(t), "DELETE", "/v1/customers/"+testID, nil)
	if e := failureOf(t, err); e.Error() != "customers: delete: 403 insufficient_scope: the token needs customers:write" || e.Route != "/v1/customers/{id}" {
		t.Errorf("got %v", err)
	}
}

// What a response may be.
func TestCallResponses(t *testing.T) {
	for name, tc := range map[string]struct {
		reply reply
		want  thing
		err   error
	}{
		"an object":      {ok(), thing{testID, "Jane Doe"}, nil},
		"no content":     {status(204), thing{}, nil},
		"nothing":        {status(200), thing{}, nil},
		"another object": {coded(200, `{"name":"x"}`), thing{}, ErrUnexpectedResponse},
		"null":           {coded(200, `null`), thing{}, ErrUnexpectedResponse},
		"a list":         {coded(200, `[]`), thing{}, ErrUnexpectedResponse},
		"HTML":           {coded(200, `<html>`).with("Content-Type", "text/html"), thing{}, ErrUnexpectedResponse},
	} {
		got, err := Call[thing](t.Context(), play(tc.reply).client(t), "GET", "/v1/customers/"+testID, nil, WithoutRetry())
		if !errors.Is(err, tc.err) || err == nil && *got != tc.want || err != nil && got != nil {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	// A type without an ID takes any object.
	got, err := Call[struct {
		N int `json:"n"`
	}](t.Context(), play(coded(200, `{"n":7}`)).client(t), "GET", "/v1/customers/"+testID, nil)
	if err != nil || got.N != 7 {
		t.Errorf("got %+v, %v", got, err)
	}
	raw, err := Call[map[string]any](t.Context(), play(ok()).client(t), "GET", "/v1/customers/"+testID, nil)
	if err != nil || (*raw)["id"] != testID {
		t.Errorf("got %+v, %v", raw, err)
	}
	whole, err := Call[json.RawMessage](t.Context(), play(ok()).client(t), "GET", "/v1/customers/"+testID, nil)
	if err != nil || string(*whole) != testThing {
		t.Errorf("got %s, %v", whole, err)
	}
}

func TestCallRefused(t *testing.T) {
	s := play(ok())
	c := s.client(t)
	for _, tc := range []struct {
		method, path string
		body         any
		want         string
	}{
		{"GET", "", nil, "polar: get: path: must begin with a slash, such as /v1/benefits/"},
		{"GET", "v1/customers/", nil, "polar: get: path: must begin with a slash, such as /v1/benefits/"},
		{"GET", "/v1/customers/%zz", nil, "polar: get: path: cannot be parsed: escape IDs with url.PathEscape"},
		{"GET", "https://api.polar.sh/v1/customers/", nil, "polar: get: path: must not have a scheme or a host: it is relative to the base URL, such as /v1/benefits/"},
		{"GET", "//evil.example/v1/customers/", nil, "polar: get: path: must not have a scheme or a host: it is relative to the base URL, such as /v1/benefits/"},
		{"GET", "https:v1", nil, "polar: get: path: must not have a scheme or a host: it is relative to the base URL, such as /v1/benefits/"},
		{"GET", "/v1/customers/../customers/", nil, `polar: get: path: has "." or ".." as a segment`},
		{"GET", "/v1/customers/%2e%2e", nil, `polar: get: path: has "." or ".." as a segment`},
		{"GET", "/v1/customers/external/a%2Fstate", nil, "polar: get: path: has an escaped slash, which the service treats as a path separator"},
		{"GET", "/v1/customers/#top", nil, "polar: get: path: must not have a fragment"},
		{"GET", "/v1/customer/", nil, "polar: get: path: belongs to no operation; the closest are GET /v1/customers/, "},
		{"GET", "/v1/customers/" + testEmail + "/stat", nil, "polar: get: path: belongs to no operation; the closest are GET /v1/customers/{id}/state, "},
		{"PUT", "/v1/customers/" + testID, nil, "polar: put: path: belongs to no operation; the closest are "},
		{"POST", "/v1/customers/", func() {}, "customers: create: body: cannot be encoded as JSON"},
	} {
		_, err := Call[thing](t.Context(), c, tc.method, tc.path, tc.body)
		if !errors.Is(err, ErrInvalidArgument) || !strings.HasPrefix(err.Error(), tc.want) || strings.Contains(err.Error(), testEmail) {
			t.Errorf("%s %s: got %v, want %s", tc.method, tc.path, err, tc.want)
		}
		if err := errors.Unwrap(err); err != nil {
			t.Errorf("%s %s: %v is below the error", tc.method, tc.path, err)
		}
		if tc.method == "GET" {
			for item, pagesErr := range Pages[thing](t.Context(), c, tc.path) {
				if item != nil || pagesErr.Error() != err.Error() {
					t.Errorf("Pages of %s: got %v, want %v", tc.path, pagesErr, err)
				}
			}
		}
	}
	if n := s.count(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Pages takes page, limit and the rest of the query from the path.
func TestPages(t *testing.T) {
	for _, tc := range []struct {
		path    string
		want    []string // queries
		from, n int
	}{
		{"/v1/customers/", []string{"limit=100&page=1"}, 0, 25},
		{"/v1/customers/?sorting=created_at&limit=10", []string{"limit=10&page=1&sorting=created_at", "limit=10&page=2&sorting=created_at", "limit=10&page=3&sorting=created_at"}, 0, 25},
		{"/v1/customers/?page=2&limit=20", []string{"limit=20&page=2"}, 20, 5},
		{"/v1/customers/?page=&limit=", []string{"limit=100&page=1"}, 0, 25},
	} {
		shelf := newShelf(25)
		var queries []string
		rt := recording{shelf, &queries}
		c := clientOf(t, rt)
		seq := Pages[thing](t.Context(), c, tc.path, WithHeader("X-Trace", "7"))
		for range 2 { // it can be ranged over again
			queries = nil
			var got []string
			for item, err := range seq {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, item.ID)
			}
			if !slices.Equal(got, shelf.ids[tc.from:tc.from+tc.n]) || !slices.Equal(queries, tc.want) {
				t.Errorf("%s: %d items of %q, want %q", tc.path, len(got), queries, tc.want)
			}
		}
	}
}

// A page or a limit that is not one is refused, rather than replaced by the default.
func TestPagesRefuses(t *testing.T) {
	s := play(ok())
	for query, want := range map[string]string{
		"page=x": "page", "page=0": "page", "page=-1": "page", "limit=1.5": "limit", "limit=-5": "limit",
	} {
		for item, err := range Pages[thing](t.Context(), s.client(t), "/v1/customers/?"+query) {
			if want := "customers: list: " + want + ": must be a whole number above 0"; item != nil || !errors.Is(err, ErrInvalidArgument) || err.Error() != want {
				t.Errorf("%s: got %v, %v, want %s", query, item, err, want)
			}
		}
	}
	if n := s.count(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestEditDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"customers", "customer", 1}, {"a", strings.Repeat("b", 1000), 100}} {
		if got := editDistance(tc.a, tc.b); got != tc.want {
			t.Errorf("%q and %q: %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
	for _, tc := range []struct {
		template, path string
		want           int
	}{{"/v1/a/{id}", "/v1/a/7", 1}, {"/v1/a/{id}", "/v1/a", 6}, {"/v1/a", "/v1/a/7", 3}, {"/v1/a/", "/v1/b/", 1}} {
		if got := pathDistance(tc.template, tc.path); got != tc.want {
			t.Errorf("%s and %s: %d, want %d", tc.template, tc.path, got, tc.want)
		}
	}
}
