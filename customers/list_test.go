package customers_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func itemID(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i*7919, i) }

// shelf is a service with a list of n items, which are customers, members and
// payment methods alike.
func newShelf(n int) *service {
	s := play()
	s.decide = func(r sent) reply {
		number, _ := strconv.Atoi(r.query.Get("page"))
		limit, _ := strconv.Atoi(r.query.Get("limit"))
		if number < 1 || limit < 1 {
			return coded(422, `{"error":"RequestValidationError","detail":[]}`)
		}
		var items []string
		for i := (number - 1) * limit; i < min(number*limit, n); i++ {
			items = append(items, jane(testID, itemID(i)))
		}
		return coded(200, page((n+limit-1)/limit, items...)).later(time.Duration(number*7919%50+1) * time.Millisecond)
	}
	return s
}

// read ranges over a list and returns the IDs until the error, if any.
func read[T any](seq iter.Seq2[*T, error], id func(*T) string) (ids []string, err error) {
	for item, err := range seq {
		if err != nil {
			if item != nil {
				return ids, errors.New("an item came with an error")
			}
			return ids, err
		}
		ids = append(ids, id(item))
	}
	return ids, nil
}

func customerID(c *customers.Customer) string    { return c.ID }
func memberID(m *customers.Member) string        { return m.ID }
func methodID(m *customers.PaymentMethod) string { return m.ID }
func pages(s *service) (numbers []string)        { return queries(s, "page") }
func queries(s *service, key string) (all []string) {
	for _, r := range s.requests() {
		all = append(all, strings.Join(r.query[key], ","))
	}
	return all
}

// lists are the five lists, each with an order that has no time of creation.
var lists = map[string]struct {
	path string
	all  func(context.Context, *customers.Client, int, ...polar.ListOption) ([]string, error)
}{
	"All": {"/v1/customers/", func(ctx context.Context, c *customers.Client, limit int, opts ...polar.ListOption) ([]string, error) {
		return read(c.All(ctx, customers.ListParams{Limit: limit}, opts...), customerID)
	}},
	"AllPaymentMethods": {"/v1/customers/" + testID + "/payment-methods", func(ctx context.Context, c *customers.Client, limit int, opts ...polar.ListOption) ([]string, error) {
		return read(c.AllPaymentMethods(ctx, testID, customers.PageParams{Limit: limit}, opts...), methodID)
	}},
	"AllPaymentMethodsByExternalID": {"/v1/customers/external/a%20b/payment-methods", func(ctx context.Context, c *customers.Client, limit int, opts ...polar.ListOption) ([]string, error) {
		return read(c.AllPaymentMethodsByExternalID(ctx, "a b", customers.PageParams{Limit: limit}, opts...), methodID)
	}},
	"Members.All": {"/v1/customers/" + testID + "/members", func(ctx context.Context, c *customers.Client, limit int, opts ...polar.ListOption) ([]string, error) {
		return read(c.Members().All(ctx, testID, customers.MemberListParams{Limit: limit}, opts...), memberID)
	}},
	"Members.AllByExternalID": {"/v1/customers/external/a%20b/members", func(ctx context.Context, c *customers.Client, limit int, opts ...polar.ListOption) ([]string, error) {
		return read(c.Members().AllByExternalID(ctx, "a b", customers.MemberListParams{Limit: limit}, opts...), memberID)
	}},
}

// Each iterator yields every item once, in order, however many pages are fetched
// at once, and takes the limit and all options.
func TestAll(t *testing.T) {
	var want []string
	for i := range 117 {
		want = append(want, itemID(i))
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, width := range []int{1, 4} {
					s := newShelf(117)
					got, err := list.all(t.Context(), s.client(t), 5, polar.WithConcurrency(width), polar.WithHeader("X-Job", "7"))
					if err != nil || !slices.Equal(got, want) {
						t.Fatalf("%d at once: %d items, %v; want 117 in order", width, len(got), err)
					}
					numbers := pages(s)
					slices.Sort(numbers)
					if len(slices.Compact(numbers)) != 24 || len(s.requests()) != 24 {
						t.Errorf("%d at once: asked for pages %q, want each of 24 once", width, numbers)
					}
					for _, r := range s.requests() {
						if r.path != list.path || r.query.Get("limit") != "5" {
							t.Errorf("sent %s?%v", r.path, r.query)
						}
					}
				}
				s := newShelf(1)
				if _, err := list.all(t.Context(), s.client(t), 0); err != nil {
					t.Error(err)
				}
				if r := s.requests()[0]; r.query.Get("limit") != "100" || r.query.Get("page") != "1" {
					t.Errorf("by default, asks for %v, want 100 a page", r.query)
				}
			})
		})
	}
}

// A failure ends the loop with a nil item, after the pages before it.
func TestAllFails(t *testing.T) {
	for name, list := range lists {
		synctest.Test(t, func(t *testing.T) {
			s := newShelf(50)
			healthy := s.decide
			s.decide = func(r sent) reply {
				if r.query.Get("page") == "3" {
					return coded(404, notFoundBody)
				}
				return healthy(r)
			}
			got, err := list.all(t.Context(), s.client(t), 5)
			if len(got) != 10 || is(err) != "ErrNotFound" {
				t.Errorf("%s: %d items, %v; want 10 and ErrNotFound", name, len(got), err)
			}
		})
	}
}

// Nothing is sent before the loop, or after it breaks.
func TestAllIsLazy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(30)
		seq := s.client(t).All(t.Context(), customers.ListParams{Limit: 10, Page: 2}, polar.WithConcurrency(4))
		if n := len(s.requests()); n != 0 {
			t.Errorf("%d requests before the loop", n)
		}
		for customer := range seq {
			if customer.ID != itemID(10) {
				t.Errorf("begins at %s, want page 2", customer.ID)
			}
			break
		}
		if got := pages(s); !slices.Equal(got, []string{"2"}) {
			t.Errorf("asked for pages %q, want the second alone", got)
		}
	})
}

// The order ends in the time of creation, since the service orders equal values at
// random, anew for each page. One page keeps the order that it was asked for.
func TestOrderHasTieBreaker(t *testing.T) {
	type order = []customers.SortProperty
	for _, tc := range []struct {
		given order
		want  string
	}{
		{nil, "created_at"},
		{order{customers.SortName}, "name,created_at"},
		{order{customers.SortNameDesc, customers.SortEmail}, "-name,email,created_at"},
		{order{customers.SortCreatedAtDesc}, "-created_at"},
		{order{customers.SortEmail, customers.SortCreatedAtDesc}, "email,-created_at"},
		{order{customers.SortCreatedAt, customers.SortName}, "created_at,name"},
	} {
		s := play(coded(200, page(2, testCustomer)), noCustomer)
		given := slices.Clone(tc.given)
		if _, err := read(s.client(t).All(t.Context(), customers.ListParams{Sorting: given[:len(given):len(given)]}), customerID); err != nil {
			t.Fatal(err)
		}
		if got := queries(s, "sorting"); !slices.Equal(got, []string{tc.want, tc.want}) {
			t.Errorf("All with %q asks for %q, want %q", tc.given, got, tc.want)
		}
		s = play(noCustomer)
		if _, err := s.client(t).List(t.Context(), customers.ListParams{Sorting: given}); err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, property := range given {
			asked = append(asked, string(property))
		}
		if got := queries(s, "sorting")[0]; got != strings.Join(asked, ",") {
			t.Errorf("List with %q asks for %q", tc.given, got)
		}
	}
	// The caller's slice has room, which stays as it is.
	given := make(order, 1, 4)
	given[0] = customers.SortName
	if _, err := read(play(noCustomer).client(t).All(t.Context(), customers.ListParams{Sorting: given}), customerID); err != nil {
		t.Fatal(err)
	}
	if given[:2][1] != "" {
		t.Errorf("All wrote %q behind the caller's order", given[:2][1])
	}

	for name, all := range map[string]func(*customers.MembersClient, customers.MemberListParams) iter.Seq2[*customers.Member, error]{
		"All": func(m *customers.MembersClient, p customers.MemberListParams) iter.Seq2[*customers.Member, error] {
			return m.All(t.Context(), testID, p)
		},
		"AllByExternalID": func(m *customers.MembersClient, p customers.MemberListParams) iter.Seq2[*customers.Member, error] {
			return m.AllByExternalID(t.Context(), "team_7", p)
		},
	} {
		for want, given := range map[string][]customers.MemberSortProperty{
			"created_at":  nil,
			"-created_at": {customers.SortMembersCreatedAtDesc},
		} {
			s := play(noCustomer)
			if _, err := read(all(s.client(t).Members(), customers.MemberListParams{Sorting: given}), memberID); err != nil {
				t.Fatal(err)
			}
			if got := queries(s, "sorting"); !slices.Equal(got, []string{want}) {
				t.Errorf("Members.%s with %q asks for %q, want %q", name, given, got, want)
			}
		}
	}
}

// Customers with equal names are all found, although the service puts them in
// another order for each page.
func TestAllWithTies(t *testing.T) {
	srv := polartest.NewServer(t)
	for range 40 {
		srv.AddCustomer(polartest.Customer{Name: "Ada"})
	}
	c := customers.New(srv.Client())
	got, err := read(c.All(t.Context(), customers.ListParams{Limit: 7, Sorting: []customers.SortProperty{customers.SortName}}), customerID)
	if err != nil || len(got) != 40 {
		t.Errorf("%d of 40 customers, %v", len(got), err)
	}
}

// A page tells where it stands.
func TestPages(t *testing.T) {
	s := newShelf(12)
	p, err := s.client(t).List(t.Context(), customers.ListParams{Page: 2, Limit: 5})
	if err != nil || p.Page != 2 || p.MaxPage != 3 || len(p.Items) != 5 || !p.HasNext() || p.Items[0].ID != itemID(5) {
		t.Errorf("got %+v, %v", p, err)
	}
}

// A bad option is refused before anything is sent.
func TestListOptionsRefused(t *testing.T) {
	for name, list := range lists {
		for what, opt := range map[string]polar.ListOption{
			"concurrency: must be at least 1": polar.WithConcurrency(0), "option: is nil": nil, "response: to capture into is nil": polar.CaptureResponse(nil),
		} {
			_, err := list.all(t.Context(), forbidden(t).client(t), 0, opt)
			if is(err) != "ErrInvalidArgument" || !strings.HasSuffix(err.Error(), ": "+what) {
				t.Errorf("%s: got %v, want %s", name, err, what)
			}
		}
	}
}
