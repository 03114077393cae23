package polar

import (
	"context"
	"reflect"
)

// Checkpoint is how far an iteration over a list has come, in a form that
// programs can store, as JSON for example. The zero value is the beginning.
type Checkpoint struct {
	// Page is the number of the page that is being read.
	Page int `json:"page"`
	// After is the ID of the last item whose loop body has completed.
	After string `json:"after"`
}

// WithCheckpoint lets an iteration begin where an earlier one has come to, and
// keeps c up to date: inside the loop it stands at the item before, so that a
// program that stores it there and crashes sees the present item again.
//
// The list must be the same, with the same limit and the same order, oldest
// first. The service has pages and no cursors, so deletions move later items to
// earlier pages. The iteration therefore looks for the item After on its page and
// on the page before. If it is on neither, because it or more than a page of
// earlier items were deleted, the page before is yielded again. So items can come
// twice, and none is lost unless more than a page of earlier items were deleted
// meanwhile.
func WithCheckpoint(c *Checkpoint) ListOption { return checkpointOption{c} }

type checkpointOption struct{ c *Checkpoint }

func (opt checkpointOption) applyList(o *listOptions) *FieldError {
	switch {
	case opt.c == nil:
		return &FieldError{Path: "checkpoint", Message: "is nil"}
	case opt.c.Page < 0 || (opt.c.After == "") != (opt.c.Page == 0):
		return &FieldError{Path: "checkpoint", Message: "is damaged: Page and After belong together"}
	}
	o.checkpoint = opt.c
	return nil
}

// advance notes that the loop body for an item has completed.
func (c *Checkpoint) advance(page int, id string) {
	if c != nil {
		c.Page, c.After = page, id
	}
}

// resume fetches the page on which an iteration goes on, and drops what the
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
