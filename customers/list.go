package customers

import (
	"context"
	"iter"
	"net/http"
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
// it begins. Pages shift when customers come and go meanwhile. What holds all the
// same: no customer is yielded twice, for which the iterator remembers the IDs,
// and the loop ends. In the order of creation, customers who are created
// meanwhile come last and hide nobody; each who is deleted from a page that has
// been read can hide one other, who moves up into it. In other orders, new
// customers move others to later pages, where they are found, but not always if
// pages are fetched ahead.
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
		refused: firstError(checkOrganizations(opList, p.OrganizationID), checkTexts(opList, "email", p.Email, "query", p.Query)),
		id:      func(v *Customer) string { return v.ID },
		request: func(ctx context.Context, page, limit int) (*http.Request, error) {
			p := p
			p.Page, p.Limit = page, limit
			return gen.NewCustomersListRequest(ctx, c.cfg.baseURL, &p)
		},
	}
}

// WithConcurrency lets an iterator such as [Client.All] fetch up to n pages at
// once, after the first, which tells how many there are. They are yielded in
// order all the same. No more than n are in flight or in memory, and the client's
// rate limit and pauses hold for all of them. When the loop ends, for whatever
// reason, requests in flight are canceled and nothing is left behind. A page that
// fails does so in its place, after its retries.
func WithConcurrency(n int) CallOption {
	return func(o *callOptions, op *Operation) error {
		if n < 1 {
			return invalidArgument(op, "concurrency", "must be at least 1")
		}
		o.concurrency = n
		return nil
	}
}

// maxRepeats is how many pages in a row may bring nothing new. More than that, and
// the list grows in front as fast as it is read, or the service ignores the page.
const maxRepeats = 10

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

	id func(*T) string
}

// minItem is less than the bytes that any item takes.
const minItem = 200

// newWirePage returns a page to decode body into. It has room for what body can
// hold, so that items are not moved while it fills up, and in it one item without
// an ID, which stays if body has no items.
func newWirePage[T any](body []byte, id func(*T) string) *wirePage[T] {
	return &wirePage[T]{Items: make([]T, 1, 1+min(len(body)/minItem, maxLimit)), id: id}
}

func (p *wirePage[T]) whole() bool {
	return p.Items != nil && (len(p.Items) == 0 || p.id(&p.Items[0]) != "")
}

// maxLimit is how many items a page has at most, whatever was asked for.
const maxLimit = 100

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
	var wire *wirePage[T]
	if _, err := l.c.call(l.op, o, req, err, func(a *answer) *Error {
		wire = newWirePage(a.body, l.id)
		return decode(l.op, a, wire)
	}); err != nil {
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
		var seen idSet
		repeats := 0
		for fetched := range l.pages(ctx, o) {
			if o.capture != nil {
				*o.capture = fetched.response
			}
			if fetched.err != nil {
				yield(nil, fetched.err)
				return
			}
			items, before := fetched.page.Items, seen.len()
			for i := range items {
				if seen.add(l.id(&items[i])) && !yield(&items[i], nil) {
					return
				}
			}
			if seen.len() > before {
				repeats = 0
			} else if repeats++; repeats == maxRepeats {
				e := l.failed(nil)
				e.kind, e.advice = ErrUnexpectedResponse, "page after page repeats what came before: list in the order of creation, in which new items come last"
				yield(nil, e)
				return
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
		limit = maxLimit
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

		next := max(l.start, 1)
		f := get(ctx, next) // the first page tells how many there are
		var queue []chan fetched[T]
		for {
			last := f.err != nil || len(f.page.Items) == 0 || !f.page.HasNext()
			if !yield(f) || last {
				return
			}
			pages := f.page.MaxPage
			f = fetched[T]{} // makes room for the pages to come
			if o.concurrency < 2 {
				next++
				f = get(ctx, next)
				continue
			}
			for len(queue) < o.concurrency && next < pages {
				next++
				queue = append(queue, ahead(ctx, &inFlight, next, get))
			}
			f = <-queue[0]
			queue = queue[1:]
			if err := ctx.Err(); err != nil && f.err == nil {
				f.err = l.failed(err)
			}
		}
	}
}

// failed is the error of an iteration that ends between two pages.
func (l lister[T]) failed(cause error) *Error {
	e := newError(l.op)
	e.cause = cause
	return e
}

// ahead fetches a page in the background.
func ahead[T any](ctx context.Context, inFlight *sync.WaitGroup, page int, get func(context.Context, int) fetched[T]) chan fetched[T] {
	ch := make(chan fetched[T], 1)
	inFlight.Go(func() { ch <- get(ctx, page) })
	return ch
}

// idSet holds IDs: UUIDs in the 16 bytes that they stand for.
type idSet struct {
	uuids  map[[16]byte]struct{}
	others map[string]struct{}
}

// add reports whether id is new.
func (s *idSet) add(id string) bool {
	if key, ok := parseUUID(id); ok {
		return insert(&s.uuids, key)
	}
	return insert(&s.others, id)
}

func (s *idSet) len() int { return len(s.uuids) + len(s.others) }

func insert[K comparable](set *map[K]struct{}, key K) bool {
	if *set == nil {
		*set = map[K]struct{}{}
	}
	before := len(*set)
	(*set)[key] = struct{}{}
	return len(*set) > before
}

// parseUUID reads 32 hexadecimal digits in groups of 8-4-4-4-12.
func parseUUID(s string) (key [16]byte, ok bool) {
	if !isUUID(s) {
		return key, false
	}
	i := 0
	for at := 0; at < len(s); at += 2 {
		if s[at] == '-' {
			at++
		}
		key[i] = digit(s[at])<<4 | digit(s[at+1])
		i++
	}
	return key, true
}

// digit is the value of a hexadecimal digit.
func digit(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}
