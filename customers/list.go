package customers

import (
	"context"
	"encoding/hex"
	"iter"
	"net/http"
	"strings"
	"sync"

	"github.com/polarexpress/polar-go/gen"
)

// Page is one page of a list.
type Page[T any] struct {
	// Items is what the page holds. Beyond the last page it is empty.
	Items []T
	// Page is the number of the page, from 1.
	Page int
	// MaxPage is the number of the last page, 0 for an empty list.
	MaxPage int
	// TotalCount is how many items all pages hold.
	TotalCount int
}

// HasNext reports whether a page follows.
func (p *Page[T]) HasNext() bool { return p.Page < p.MaxPage }

// List returns one page of the customers that the token sees: the first 10,
// newest first, unless p says otherwise. The service gives at most 100 a page,
// whatever the limit. See [Client.All] for all of them.
//
// Scopes: customers:read or customers:write (any one is enough).
//
// API: GET /v1/customers/
func (c *Client) List(ctx context.Context, p ListParams, opts ...CallOption) (*Page[Customer], error) {
	return c.customers(p).one(ctx, opts)
}

// All iterates over the customers that p selects, page after page. It sends
// nothing before it is ranged over, can be ranged over again, and stops sending
// when the loop breaks. An error is yielded once, in the place of the customers
// that it hides, and ends the loop.
//
// It asks for 100 a page, oldest first, unless p says otherwise; p.Page is where
// it begins. No customer is yielded twice, though pages shift when customers come
// and go meanwhile. In the order of creation a new customer comes last and is not
// missed; one who moves up a page because another was deleted can be.
//
// [WithConcurrency] fetches pages ahead.
func (c *Client) All(ctx context.Context, p ListParams, opts ...CallOption) iter.Seq2[*Customer, error] {
	if len(p.Sorting) == 0 {
		p.Sorting = []SortProperty{SortCreatedAt}
	}
	return c.customers(p).all(ctx, opts)
}

func (c *Client) customers(p ListParams) lister[Customer] {
	return lister[Customer]{
		c: c, op: opList, start: p.Page, limit: p.Limit,
		id: func(v *Customer) string { return v.ID },
		request: func(ctx context.Context, page, limit int) (*http.Request, error) {
			p := p
			p.Page, p.Limit = page, limit
			return gen.NewCustomersListRequest(ctx, c.cfg.baseURL, &p)
		},
	}
}

// WithConcurrency lets an iterator such as [Client.All] fetch up to n pages at
// once. They are yielded in order all the same; at most n are in flight, and at most n+1
// in memory. The client's rate limit and pauses hold for all of them.
func WithConcurrency(n int) CallOption {
	return func(o *callOptions, op *Operation) error {
		if n < 1 {
			return invalidArgument(op, "concurrency", "must be at least 1")
		}
		o.concurrency = n
		return nil
	}
}

// lister reads a list, one page or all of it.
type lister[T any] struct {
	c            *Client
	op           *Operation
	refused      error // why no request may be sent
	start, limit int
	id           func(*T) string
	request      func(ctx context.Context, page, limit int) (*http.Request, error)
}

// wirePage is a page as the service sends it.
type wirePage[T any] struct {
	Items      []T            `json:"items"`
	Pagination gen.Pagination `json:"pagination"`
}

func (p *wirePage[T]) whole() bool { return p.Items != nil }

// one reads the page that the caller has chosen.
func (l lister[T]) one(ctx context.Context, opts []CallOption) (*Page[T], error) {
	o, err := l.options(opts)
	if err != nil {
		return nil, err
	}
	return l.page(ctx, l.start, l.limit, &o)
}

func (l lister[T]) options(opts []CallOption) (callOptions, error) {
	if l.refused != nil {
		return callOptions{}, l.refused
	}
	if err := checkPage(l.op, l.start, l.limit); err != nil {
		return callOptions{}, err
	}
	return resolve(l.op, opts)
}

func (l lister[T]) page(ctx context.Context, page, limit int, o *callOptions) (*Page[T], error) {
	req, err := l.request(ctx, page, limit)
	wire, err := fetchResolved[wirePage[T]](l.c, l.op, o, req, err)
	if err != nil {
		return nil, err
	}
	return &Page[T]{
		Items: wire.Items, Page: max(page, 1),
		MaxPage: wire.Pagination.MaxPage, TotalCount: wire.Pagination.TotalCount,
	}, nil
}

// all iterates over the items of all pages.
func (l lister[T]) all(ctx context.Context, opts []CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		o, err := l.options(opts)
		if err != nil {
			yield(nil, err)
			return
		}
		seen := idSet{}
		for fetched := range l.pages(ctx, o) {
			if o.capture != nil {
				*o.capture = fetched.response
			}
			if fetched.err != nil {
				yield(nil, fetched.err)
				return
			}
			items := fetched.page.Items
			for i := range items {
				if seen.add(l.id(&items[i])) && !yield(&items[i], nil) {
					return
				}
			}
		}
	}
}

type fetched[T any] struct {
	page     *Page[T]
	err      error
	response Response
}

// pages fetches page after page, up to o.concurrency of them at once, and
// yields them in order until the last, or the first that fails.
func (l lister[T]) pages(ctx context.Context, o callOptions) iter.Seq[fetched[T]] {
	limit := l.limit
	if limit == 0 {
		limit = 100
	}
	get := func(ctx context.Context, page int) (f fetched[T]) {
		o := o
		if o.capture != nil {
			o.capture = &f.response // one each: they can be in flight together
		}
		f.page, f.err = l.page(ctx, page, limit, &o)
		return f
	}
	return func(yield func(fetched[T]) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var inFlight sync.WaitGroup
		defer inFlight.Wait() // nothing is left behind when the loop ends
		defer cancel()

		width := o.concurrency
		if width == 1 {
			width = 0 // one at a time is what there is without
		}
		// The first page tells how many there are.
		next := max(l.start, 1)
		var queue []chan fetched[T]
		f := get(ctx, next)
		for {
			if !more(f) {
				yield(f)
				return
			}
			for len(queue) < width && next < f.page.MaxPage {
				next++
				queue = append(queue, ahead(ctx, &inFlight, next, get))
			}
			if !yield(f) {
				return
			}
			if len(queue) > 0 {
				f = <-queue[0]
				queue = queue[1:]
			} else if next < f.page.MaxPage {
				next++
				f = get(ctx, next)
			} else {
				return
			}
		}
	}
}

// more reports whether a page can follow: it has items, and is not the last.
func more[T any](f fetched[T]) bool {
	return f.err == nil && len(f.page.Items) > 0 && f.page.HasNext()
}

func ahead[T any](ctx context.Context, inFlight *sync.WaitGroup, page int, get func(context.Context, int) fetched[T]) chan fetched[T] {
	ch := make(chan fetched[T], 1)
	inFlight.Add(1)
	go func() {
		defer inFlight.Done()
		ch <- get(ctx, page)
	}()
	return ch
}

// idSet holds UUIDs in the 16 bytes that they stand for.
type idSet map[[16]byte]struct{}

// add reports whether id is new. What is not a UUID is always new.
func (s idSet) add(id string) bool {
	if !isUUID(id) {
		return true
	}
	var key [16]byte
	if _, err := hex.Decode(key[:], []byte(strings.ReplaceAll(id, "-", ""))); err != nil {
		return true
	}
	_, known := s[key]
	s[key] = struct{}{}
	return !known
}
