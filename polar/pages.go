package polar

import (
	"context"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// Page is one page of a list.
type Page[T any] struct {
	// Items are the items of the page. Beyond the last page there are none.
	Items []T
	// Page is the number of the page, from 1.
	Page int
	// MaxPage is the number of the last page, or 0 for an empty list.
	MaxPage int
	// TotalCount is the number of items on all pages.
	TotalCount int
}

// HasNext reports whether another page follows.
func (p *Page[T]) HasNext() bool { return p.Page < p.MaxPage }

// maxPageItems is how many items a page has at most, whatever limit is asked for.
const maxPageItems = 100

// List reads a list, one page or all of it. Service packages return its pages and
// iterators.
type List[T any] struct {
	client      *Client
	op          *Operation
	page, limit int
	request     func(page, limit int) (*http.Request, error)
	problems    []FieldError
}

// NewList returns the list of an operation. page is where it begins and limit how
// many items a page has; 0 leaves them to the service, or to [List.All]. request
// builds the request for a page; it is called from several goroutines at once.
// problems are what is wrong with the arguments, as for [InvalidArgument].
func NewList[T any](c *Client, operationID string, page, limit int, request func(page, limit int) (*http.Request, error), problems ...FieldError) List[T] {
	if page < 0 {
		problems = append(problems, FieldError{Path: "page", Message: "must not be negative: pages begin at 1"})
	}
	if limit < 0 {
		problems = append(problems, FieldError{Path: "limit", Message: "must not be negative"})
	}
	return List[T]{client: c, op: operation(operationID), page: page, limit: limit, request: request, problems: problems}
}

// Page fetches the page at which the list begins.
func (l List[T]) Page(ctx context.Context, opts ...CallOption) (*Page[T], error) {
	if err := invalidArgument(l.op, l.problems); err != nil {
		return nil, err
	}
	return l.fetch(ctx, l.page, l.limit, opts...)
}

func (l List[T]) fetch(ctx context.Context, page, limit int, opts ...CallOption) (*Page[T], error) {
	req, err := l.request(page, limit)
	var wire *wirePage[T]
	if err := l.client.fetch(ctx, l.op, req, err, opts, func(r *response) *Error {
		wire = newWirePage[T](r.body)
		if e := r.decode(wire); e != nil {
			return e
		}
		if !wire.isPage() {
			return r.notTheResource()
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return &Page[T]{
		Items: wire.Items, Page: max(page, 1),
		MaxPage: wire.Pagination.MaxPage, TotalCount: wire.Pagination.TotalCount,
	}, nil
}

// wirePage is a page as the service sends it.
type wirePage[T any] struct {
	Items      []T `json:"items"`
	Pagination struct {
		TotalCount int `json:"total_count"`
		MaxPage    int `json:"max_page"`
	} `json:"pagination"`
}

// minItem is less than the bytes that any item takes.
const minItem = 200

// newWirePage returns a page to decode body into. It has room for the items, so
// that they are not moved while it fills up, and one item without an ID, which is
// left over if body has no items.
func newWirePage[T any](body []byte) *wirePage[T] {
	if idField(reflect.TypeFor[T]()) == nil {
		return &wirePage[T]{}
	}
	return &wirePage[T]{Items: make([]T, 1, 1+min(len(body)/minItem, maxPageItems))}
}

func (p *wirePage[T]) isPage() bool {
	if p.Items == nil {
		return false
	}
	for i := range p.Items {
		if !hasID(reflect.ValueOf(&p.Items[i]).Elem()) {
			return false
		}
	}
	return true
}

// maxRepeats is how many pages in a row may hold nothing new. With more, the list
// grows in front as fast as it is read, or the service ignores the page.
const maxRepeats = 10

// All iterates over the items of all pages, from the page at which the list
// begins. It sends nothing before the loop begins, can be ranged over again, and
// stops when the loop breaks. An error ends the loop: it is yielded with a nil
// item. Pages have 100 items unless the list has a limit.
//
// No item is yielded twice: the iterator remembers their IDs, in about 40 bytes
// each.
func (l List[T]) All(ctx context.Context, opts ...ListOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		o, err := resolveList(l.op, opts)
		problems := l.problems
		if o.checkpoint != nil && idField(reflect.TypeFor[T]()) == nil {
			problems = append(slices.Clip(problems), FieldError{Path: "checkpoint", Message: "needs items with an ID"})
		}
		if err == nil {
			err = invalidArgument(l.op, problems)
		}
		if err == nil && ctx == nil {
			err = invalidArgument(l.op, []FieldError{{Path: "context", Message: "is nil"}})
		}
		if err != nil {
			yield(nil, err)
			return
		}
		l.iterate(ctx, o, yield)
	}
}

func (l List[T]) iterate(ctx context.Context, o listOptions, yield func(*T, error) bool) {
	var seen idSet
	repeats := 0
	for f := range l.pages(ctx, o) {
		if o.capture != nil {
			*o.capture = f.response
		}
		if f.err != nil {
			yield(nil, f.err)
			return
		}
		fresh := false
		for i := range f.page.Items {
			item := &f.page.Items[i]
			id := idOf(reflect.ValueOf(item).Elem())
			if id != "" && !seen.add(id) {
				continue
			}
			fresh = true
			if !yield(item, nil) {
				return
			}
			o.checkpoint.advance(f.page.Page, id)
		}
		if fresh {
			repeats = 0
		} else if repeats++; repeats == maxRepeats {
			e := newError(l.op)
			e.kind = ErrUnexpectedResponse
			e.advice = "page after page repeats earlier items: sort by creation, oldest first, so that new items come last"
			yield(nil, e)
			return
		}
	}
}

// fetched is a page on its way to the loop.
type fetched[T any] struct {
	page     *Page[T]
	resumed  bool // whether an earlier iteration has seen its beginning
	err      error
	response Response
}

// pages fetches page after page, up to o.concurrency of them at once, and yields
// them in order until the last, or the first that fails.
func (l List[T]) pages(ctx context.Context, o listOptions) iter.Seq[fetched[T]] {
	limit := l.limit
	if limit == 0 {
		limit = maxPageItems
	}
	get := func(ctx context.Context, page int) (f fetched[T]) {
		f.page, f.err = l.fetch(ctx, page, limit, func(c *callOptions) *FieldError {
			*c = o.callOptions
			if c.capture != nil {
				c.capture = &f.response // one each, since pages can be in flight together
			}
			return nil
		})
		return f
	}
	return func(yield func(fetched[T]) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var inFlight sync.WaitGroup
		defer inFlight.Wait() // no goroutine is left when the loop ends
		defer cancel()

		next, f := l.first(ctx, o.checkpoint, get) // tells how many pages there are
		var queue []chan fetched[T]
		for {
			last := f.err != nil || len(f.page.Items) == 0 && !f.resumed || !f.page.HasNext()
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
				queue = append(queue, fetchAhead(ctx, &inFlight, next, get))
			}
			f = <-queue[0]
			queue = queue[1:]
			if err := ctx.Err(); err != nil && f.err == nil {
				f.err = newError(l.op).withCause(err)
			}
		}
	}
}

// first fetches the page at which the iteration begins.
func (l List[T]) first(ctx context.Context, c *Checkpoint, get func(context.Context, int) fetched[T]) (int, fetched[T]) {
	if c == nil || c.After == "" {
		page := max(l.page, 1)
		return page, get(ctx, page)
	}
	return resume(ctx, c, get)
}

// fetchAhead fetches a page in the background.
func fetchAhead[T any](ctx context.Context, inFlight *sync.WaitGroup, page int, get func(context.Context, int) fetched[T]) chan fetched[T] {
	ch := make(chan fetched[T], 1)
	inFlight.Go(func() { ch <- get(ctx, page) })
	return ch
}

// idSet holds IDs: UUIDs in the 16 bytes that they stand for.
type idSet struct {
	uuids  map[uuid.UUID]struct{}
	others map[string]struct{}
}

// add reports whether id is new.
func (s *idSet) add(id string) bool {
	if key, err := uuid.Parse(id); err == nil && len(id) == 36 {
		return insert(&s.uuids, key)
	}
	return insert(&s.others, id)
}

func insert[K comparable](set *map[K]struct{}, key K) bool {
	if *set == nil {
		*set = map[K]struct{}{}
	}
	before := len(*set)
	(*set)[key] = struct{}{}
	return len(*set) > before
}

// resume fetches the page on which an iteration continues, and drops what the
// earlier one has seen of it.
func resume[T any](ctx context.Context, c *Checkpoint, get func(context.Context, int) fetched[T]) (int, fetched[T]) {
	page := c.Page
	f := get(ctx, page)
	if !f.dropSeen(c.After) && f.err == nil && page > 1 {
		page--
		f = get(ctx, page)
		f.dropSeen(c.After)
	}
	return page, f
}

// dropSeen drops the items up to the one with this ID, and reports whether it is
// on the page.
func (f *fetched[T]) dropSeen(id string) bool {
	if f.err != nil {
		return false
	}
	for i := range f.page.Items {
		if idOf(reflect.ValueOf(&f.page.Items[i]).Elem()) == id {
			f.page.Items, f.resumed = f.page.Items[i+1:], true
			return true
		}
	}
	return false
}
