package statecache

import (
	"container/list"
	"time"
)

// recents keeps what was learned recently, even if nobody has asked for the
// customer or the entry was evicted from memory. So a load that finishes after an
// event finds the event.
type recents struct {
	keep  time.Duration
	limit int
	byKey map[key]*list.Element
	order *list.List // of recentEntry, the oldest in front
}

type recentEntry struct {
	key   key
	entry *entry
	at    int64
}

func newRecents(keep time.Duration, limit int) *recents {
	return &recents{keep: keep, limit: limit, byKey: map[key]*list.Element{}, order: list.New()}
}

// put adds an entry, and drops those that are too old or too many.
func (r *recents) put(k key, e *entry, now int64) {
	item := recentEntry{k, e, now}
	if element := r.byKey[k]; element != nil {
		element.Value = item
		r.order.MoveToBack(element)
	} else {
		r.byKey[k] = r.order.PushBack(item)
	}
	for {
		front := r.order.Front()
		oldest := front.Value.(recentEntry)
		if now-oldest.at <= int64(r.keep) && r.order.Len() <= r.limit {
			return
		}
		r.order.Remove(front)
		delete(r.byKey, oldest.key)
	}
}

func (r *recents) get(k key, now int64) *entry {
	if element := r.byKey[k]; element != nil {
		if item := element.Value.(recentEntry); now-item.at <= int64(r.keep) {
			return item.entry
		}
	}
	return nil
}
