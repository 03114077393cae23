package statecache

import (
	"encoding/json"
	"time"

	"github.com/polarexpress/polar-go/customers"
)

// snapshot is what is known about a customer as of a time, from an event or
// loaded from the service. It is immutable. Stores hold it as JSON.
type snapshot struct {
	// State is nil if there is no such customer.
	State *customers.State `json:"state"`
	// ID is the customer's ID, if known.
	ID string `json:"id,omitempty"`
	// AsOf is the event's timestamp, or the time of the request.
	AsOf time.Time `json:"as_of"`
	// Loaded distinguishes a response of the service from an event. AsOf is then
	// by this machine's clock, not by the service's.
	Loaded bool `json:"loaded,omitempty"`
	// Uncertainty is by how much the request may have been earlier than AsOf.
	Uncertainty time.Duration `json:"uncertainty,omitempty"`
	// Doubtful says that a newer state may exist. The snapshot is used only while
	// the service cannot be asked.
	Doubtful bool `json:"doubtful,omitempty"`
}

func (s *snapshot) doubtful() *snapshot {
	d := *s
	d.Doubtful = true
	return &d
}

// relation is how an event relates in time to a loaded snapshot.
type relation int

const (
	older   relation = iota // the loaded state includes the event
	unclear                 // the clock was set, so either may be newer
	recent                  // the event is older by less than the service may lag
	newer                   // the event happened after the request
)

func relate(event, loaded *snapshot, margin time.Duration) relation {
	lead := loaded.AsOf.Sub(event.AsOf)
	switch {
	case lead < 0:
		return newer
	case lead <= margin:
		return recent
	case lead-loaded.Uncertainty <= margin:
		return unclear
	}
	return older
}

// combine returns what is known after news arrives: the newer of the two, or a
// doubtful copy of old if only the service can tell. It returns old itself if
// nothing has changed.
func combine(old, news *snapshot, margin time.Duration) *snapshot {
	switch {
	case news.deletesOther(old):
		return old
	case news.Loaded && old.deletesOther(news):
		return news
	case old.Loaded == news.Loaded:
		if news.AsOf.After(old.AsOf) || news.AsOf.Equal(old.AsOf) && news.Doubtful && !old.Doubtful {
			return news
		}
		return old
	case news.Loaded:
		if r := relate(old, news, margin); r == newer || r == recent && !old.Doubtful {
			return old
		}
		return news
	}
	switch relate(news, old, margin) {
	case newer:
		return news
	case recent, unclear:
		return old.doubtful()
	}
	return old
}

// deletesOther reports whether s is the deletion of a customer whose external
// ID other has by now.
func (s *snapshot) deletesOther(other *snapshot) bool {
	return s.State == nil && s.ID != "" && other.State != nil && other.State.ID != s.ID
}

// supersedes reports whether s is the deletion of the customer whose earlier
// state other is. It may be known by ID alone.
func (s *snapshot) supersedes(other *snapshot) bool {
	return s.State == nil && other.State != nil && s.ID == other.ID && !s.AsOf.Before(other.AsOf)
}

func (s *snapshot) encode() ([]byte, error) { return json.Marshal(s) }

// decodeSnapshot reads what encode wrote. It returns nil for anything else, such
// as a value that another version of this package wrote.
func decodeSnapshot(value []byte) *snapshot {
	var s snapshot
	if len(value) == 0 || json.Unmarshal(value, &s) != nil || s.AsOf.IsZero() {
		return nil
	}
	return &s
}
