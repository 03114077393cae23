package imitation

import (
	"cmp"
	"container/heap"
	"time"
)

// agenda is a heap of the times at which something is due, the first one first.
type agenda struct {
	entries []entry
	count   int
}

// entry records when an object is due. It is stale once the object is due at another
// time.
type entry struct {
	at    time.Time
	order int
	id    string
}

func (a *agenda) Len() int { return len(a.entries) }
func (a *agenda) Less(i, j int) bool {
	x, y := a.entries[i], a.entries[j]
	return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.order, y.order)) < 0
}
func (a *agenda) Swap(i, j int) { a.entries[i], a.entries[j] = a.entries[j], a.entries[i] }
func (a *agenda) Push(x any)    { a.entries = append(a.entries, x.(entry)) }
func (a *agenda) Pop() any {
	last := a.entries[len(a.entries)-1]
	a.entries = a.entries[:len(a.entries)-1]
	return last
}

// add records when an object is due.
func (a *agenda) add(r *row) {
	if at := r.due(); !at.IsZero() {
		a.count++
		heap.Push(a, entry{at, a.count, r.id})
	}
}

// next removes and returns the first object that is due by target, or nil.
func (a *agenda) next(rows map[string]*row, target time.Time) *row {
	for len(a.entries) > 0 && !a.entries[0].at.After(target) {
		e := heap.Pop(a).(entry)
		if r := rows[e.id]; r != nil && !r.deleted && r.due().Equal(e.at) {
			return r
		}
	}
	return nil
}

// due returns when the next scheduled change of the object happens, or zero.
func (r *row) due() time.Time {
	status := r.text("status")
	switch {
	case r.kind == kindSubscription && (status == "active" || status == "trialing"):
		return r.time("current_period_end")
	case r.kind == kindSubscription && status == "paused":
		return r.time("resumes_at")
	case r.kind == kindOrder && status == "pending":
		return r.time("next_payment_attempt_at")
	case r.kind == kindCheckout && status == "open":
		return r.time("expires_at")
	}
	return time.Time{}
}
