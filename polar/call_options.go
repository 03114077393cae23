package polar

import (
	"net/http"
	"slices"
)

// CallOption changes a single call. It is a [ListOption] as well.
type CallOption func(*callOptions) *FieldError

// ListOption changes an iteration over a list, such as the All methods. Every
// [CallOption] is one; [WithConcurrency] and [WithCheckpoint] are for lists only.
type ListOption interface {
	applyList(*listOptions) *FieldError
}

type callOptions struct {
	header       http.Header
	withoutRetry bool
	// retryUnknown is whether another attempt shows what became of the first.
	retryUnknown bool
	capture      *Response
}

type listOptions struct {
	callOptions
	concurrency int
	checkpoint  *Checkpoint
}

func (opt CallOption) applyList(o *listOptions) *FieldError { return opt(&o.callOptions) }

// WithHeader adds a header to a call. Headers that the client sets itself, such
// as Authorization, are refused with [ErrInvalidArgument]. So is
// Idempotency-Key, which Polar ignores and which makes net/http repeat a POST.
func WithHeader(key, value string) CallOption {
	return func(o *callOptions) *FieldError {
		key := http.CanonicalHeaderKey(key)
		switch {
		case !isHeaderName(key):
			return &FieldError{Path: "header", Message: "has a name that is not allowed"}
		case !isHeaderValue(value):
			return &FieldError{Path: "header " + key, Message: "has a value that is not allowed, such as a line break"}
		case slices.Contains(replayHeaders, key):
			return &FieldError{Path: "header " + key, Message: "is ignored by Polar and would make net/http send a POST twice"}
		case slices.Contains(ownHeaders, key):
			return &FieldError{Path: "header " + key, Message: "is set by the client: use an option of polar.New"}
		}
		if o.header == nil {
			o.header = http.Header{}
		}
		o.header.Add(key, value)
		return nil
	}
}

var ownHeaders = []string{
	"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "Host",
	"Polar-Organization", "Polar-Version", "Transfer-Encoding", "User-Agent",
}

// WithoutRetry sends a call once, whatever happens. The service can close a
// connection after a 500 without saying so; the next call on it then fails, and
// only a retry hides that.
func WithoutRetry() CallOption {
	return func(o *callOptions) *FieldError {
		o.withoutRetry = true
		return nil
	}
}

// RetryUnknownOutcome retries a call even when an earlier attempt may have taken
// effect: after a lost response and after a 500. It is for requests that the
// service recognizes when they come again, such as events with an external ID.
func RetryUnknownOutcome() CallOption {
	return func(o *callOptions) *FieldError {
		o.retryUnknown = true
		return nil
	}
}

// CaptureResponse stores the service's last response to the call in r, whether
// the call succeeds or fails. With an iterator, that is the last page.
func CaptureResponse(r *Response) CallOption {
	return func(o *callOptions) *FieldError {
		if r == nil {
			return &FieldError{Path: "response", Message: "to capture into is nil"}
		}
		o.capture = r
		return nil
	}
}

// resolve applies opts. What is wrong with them is one error.
func resolve(op *Operation, opts []CallOption) (callOptions, error) {
	var o callOptions
	var problems []FieldError
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, FieldError{Path: "option", Message: "is nil"})
		} else if problem := opt(&o); problem != nil {
			problems = append(problems, *problem)
		}
	}
	return o, invalidArgument(op, problems)
}

func resolveList(op *Operation, opts []ListOption) (listOptions, error) {
	var o listOptions
	var problems []FieldError
	for _, opt := range opts {
		if callOption, ok := opt.(CallOption); opt == nil || ok && callOption == nil {
			problems = append(problems, FieldError{Path: "option", Message: "is nil"})
		} else if problem := opt.applyList(&o); problem != nil {
			problems = append(problems, *problem)
		}
	}
	return o, invalidArgument(op, problems)
}

// WithConcurrency lets an iterator fetch up to n pages at once, after the first,
// which tells how many there are. The items still come in order. At most n pages
// are in flight or in memory, and rate limits and pauses hold for all of them.
// When the loop ends, requests in flight are canceled and no goroutine is left. A
// page that fails, after its retries, does so in its place.
func WithConcurrency(n int) ListOption { return concurrency(n) }

type concurrency int

func (n concurrency) applyList(o *listOptions) *FieldError {
	if n < 1 {
		return &FieldError{Path: "concurrency", Message: "must be at least 1"}
	}
	o.concurrency = int(n)
	return nil
}

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
