package statecache

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/polarexpress/polar-go/customers"
)

// errDeleted is what a check learns of a customer that an event, or another
// instance, reported gone.
var errDeleted = fmt.Errorf("statecache: there is no such customer: %w", customers.ErrNotFound)

// knowledge is what is known under one key, in memory or in a store. It is
// never written to once it is made.
type knowledge struct {
	// State is nil if there is no such customer.
	State *customers.State `json:"state"`
	// ID is the customer's, where it is known.
	ID string `json:"id,omitempty"`
	// AsOf orders what is known: when an event was written down, or when the
	// service was asked.
	AsOf time.Time `json:"as_of"`
	// Asked tells an answer from an event. The clocks of the two differ.
	Asked bool `json:"asked,omitempty"`
	// Doubtful knowledge serves only while nothing better can be had.
	Doubtful bool `json:"doubtful,omitempty"`
}

// merge returns what is known when news comes to what was known: the later,
// with two exceptions. It never returns nil, and returns old itself if nothing
// changed.
func merge(old, news *knowledge, margin time.Duration) *knowledge {
	switch {
	case old == nil:
		return news
	case news.State == nil && news.ID != "" && old.State != nil && old.State.ID != news.ID:
		// The external ID of a deleted customer has gone to another.
		return old
	case news.AsOf.After(old.AsOf):
		return news
	case old.Asked && !news.Asked && !old.Doubtful && old.AsOf.Sub(news.AsOf) <= margin:
		// Which of the two is later only the service can tell.
		doubtful := *old
		doubtful.Doubtful = true
		return &doubtful
	}
	return old
}

// ends reports whether k is the deletion of the customer whose earlier state
// news is. What is known by external ID may not have heard of it.
func (k *knowledge) ends(news *knowledge) bool {
	return k.State == nil && news.State != nil && k.ID == news.ID && !k.AsOf.Before(news.AsOf)
}

func (k *knowledge) encode() ([]byte, error) { return json.Marshal(k) }

// decode reads what encode wrote. What it cannot read, such as that of another
// version of this package, is taken as absent.
func decode(value []byte) *knowledge {
	var k knowledge
	if len(value) == 0 || json.Unmarshal(value, &k) != nil || k.AsOf.IsZero() {
		return nil
	}
	return &k
}

// entry is knowledge in memory. Its times are readings of the cache's clock. It
// is never written to once it is made.
type entry struct {
	*knowledge
	err error // what a check returns
	// refreshAt is when to begin asking ahead, freshUntil the end of the time to
	// live, usableUntil the end of the time that the answer may be stale.
	refreshAt, freshUntil, usableUntil int64
	// epoch is the store's, when it was last compared with it.
	epoch uint64
}
