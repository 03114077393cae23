package imitation

import (
	"bytes"
	"cmp"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/polarexpress/polar-go/internal/apischema"
	"github.com/polarexpress/polar-go/internal/python"
)

// kind is the kind of an object of the shop.
type kind string

const (
	kindProduct       kind = "product"
	kindDiscount      kind = "discount"
	kindCheckout      kind = "checkout"
	kindLink          kind = "checkout_link"
	kindOrder         kind = "order"
	kindSubscription  kind = "subscription"
	kindRefund        kind = "refund"
	kindBenefit       kind = "benefit"
	kindGrant         kind = "benefit_grant"
	kindKey           kind = "license_key"
	kindActivation    kind = "license_key_activation"
	kindMeter         kind = "meter"
	kindEvent         kind = "event"
	kindCustomerMeter kind = "customer_meter"
)

// row is an object of the shop. Like other rows it is never written to once it
// is stored.
type row struct {
	kind     kind
	id, org  string
	customer string // empty if it belongs to none
	created  time.Time
	// data is the object as responses show it. References to other objects are null
	// or IDs; show fills them in.
	data *python.Object
	// hidden has the fields that no response shows.
	hidden  *python.Object
	deleted bool
}

// owner identifies the objects of one kind of an organization or a customer.
type owner struct {
	kind kind
	id   string
}

// shop holds the objects of a store beside customers and members.
type shop struct {
	rows map[string]*row   // deleted ones too
	of   map[owner][]*row  // oldest first
	keys map[string]string // from secrets, license keys and external IDs to IDs
	// uneven has the owners of objects that lists leave out or do not show in the
	// order of age.
	uneven map[owner]bool
}

func newShop() *shop {
	return &shop{rows: map[string]*row{}, of: map[owner][]*row{}, keys: map[string]string{}, uneven: map[owner]bool{}}
}

func (s *shop) clone() *shop {
	c := &shop{rows: maps.Clone(s.rows), of: map[owner][]*row{}, keys: maps.Clone(s.keys), uneven: maps.Clone(s.uneven)}
	cloneLists(c.of, s.of)
	return c
}

func compareAge(a, b *row) int { return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id)) }

// put stores a new object, or a new version of one.
func (s *shop) put(r *row) {
	for _, o := range r.owners() {
		list := s.of[o]
		at, found := slices.BinarySearchFunc(list, r, compareAge)
		switch {
		case found && r.deleted:
			list = slices.Delete(list, at, at+1)
		case found:
			list[at] = r
		case !r.deleted:
			list = slices.Insert(list, at, r)
		}
		s.of[o] = list
		if !r.deleted && (r.unlisted() || at > 0 && startsAfter(list[at-1], r) || at+1 < len(list) && startsAfter(r, list[at+1])) {
			s.uneven[o] = true
		}
	}
	s.rows[r.id] = r
	for _, key := range []string{"client_secret", "key"} {
		if v := r.data.Text(key); v != "" {
			s.keys[v] = r.id
		}
	}
	if id := r.hidden.Text("external_id"); id != "" {
		s.keys[eventKey(r.org, id)] = r.id
	}
}

// eventKey identifies an event by its external ID.
func eventKey(org, externalID string) string { return "event " + org + " " + externalID }

// unlisted reports whether lists leave the object out.
func (r *row) unlisted() bool {
	return r.kind == kindSubscription && r.text("status") == "incomplete" || r.kind == kindEvent && orphan(r)
}

func startsAfter(a, b *row) bool {
	return a.kind == kindSubscription && compareValues(a.data.Value("started_at"), b.data.Value("started_at")) > 0
}

func (r *row) owners() []owner {
	owners := []owner{{r.kind, r.org}}
	if r.customer != "" {
		owners = append(owners, owner{r.kind, r.customer})
	}
	return owners
}

// get returns an object of a kind, or nil.
func (s *shop) get(k kind, id string) *row {
	if r := s.rows[id]; r != nil && r.kind == k && !r.deleted {
		return r
	}
	return nil
}

// getIn returns an object of a kind and an organization, or nil.
func (s *shop) getIn(org string, k kind, id string) *row {
	if r := s.get(k, id); r != nil && r.org == org {
		return r
	}
	return nil
}

// find returns the object that a secret or a key belongs to.
func (s *shop) find(k kind, key string) *row { return s.get(k, s.keys[key]) }

// text returns a field of the object, or "" if it is null.
func (r *row) text(field string) string { return r.data.Text(field) }

// time returns a field of the object, or zero if it is null.
func (r *row) time(field string) time.Time { return timeOf(r.data.Value(field)) }

// int returns a field of the object, or zero if it is null.
func (r *row) int(field string) int64 { return intOf(r.data.Value(field)) }

func (r *row) is(field string) bool { return r.data.Value(field) == true }

func timeOf(v any) time.Time {
	t, _ := apischema.ParseTime(text(v))
	return t
}

func intOf(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case *big.Int:
		return v.Int64()
	case float64:
		return int64(v)
	}
	return 0
}

func floatOf(v any) float64 {
	if f, ok := v.(float64); ok {
		return f
	}
	return float64(intOf(v))
}

// listOf returns a list within an object, or an empty list.
func listOf(o *python.Object, key string) []any {
	list, _ := o.Value(key).([]any)
	return list
}

// objectOf returns an object within another, or an empty object.
func objectOf(o *python.Object, key string) *python.Object {
	if v, ok := o.Value(key).(*python.Object); ok && v != nil {
		return v
	}
	return python.NewObject()
}

// textsOf returns the elements of a list as strings.
func textsOf(list []any) (out []string) {
	for _, v := range list {
		out = append(out, text(v))
	}
	return out
}

func rowIDs(rows []*row) []any {
	out := make([]any, len(rows))
	for i, r := range rows {
		out[i] = r.id
	}
	return out
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func same(a, b any) bool { return bytes.Equal(python.MarshalJSON(a), python.MarshalJSON(b)) }

// newRow returns a new object with the defaults of its kind. It is not stored yet.
func newRow(k kind, id, org, customer string, created time.Time) *row {
	r := &row{kind: k, id: id, org: org, customer: customer, created: created, data: blank(k), hidden: python.NewObject()}
	for key, v := range map[string]any{"id": id, "created_at": timestamp(created), "timestamp": timestamp(created), "organization_id": org, "customer_id": null(customer)} {
		if _, has := r.data.Get(key); has {
			r.data.Set(key, v)
		}
	}
	return r
}

// newID returns the ID of a new object: a random one, unless a seed has set it.
func (s *Server) newID() string {
	id := s.seedID
	s.seedID = ""
	if id == "" {
		id = newUUID()
	}
	return id
}

// insert stores a new object, with values in pairs of keys and values.
func (s *Server) insert(k kind, org, customer string, pairs ...any) *row {
	r := newRow(k, s.newID(), org, customer, s.stamp())
	setAll(r.data, pairs)
	s.save(r)
	return r
}

// change stores a new version of an object with the given values, and returns it. If
// nothing differs, change returns r.
func (s *Server) change(r *row, pairs ...any) *row {
	next := *r
	next.data = r.data.Clone()
	changed := false
	for i := 0; i+1 < len(pairs); i += 2 {
		key, v := pairs[i].(string), pairs[i+1]
		if old, has := r.data.Get(key); !has || !same(old, v) {
			next.data.Set(key, v)
			changed = true
		}
	}
	if !changed {
		return r
	}
	if _, has := next.data.Get("modified_at"); has {
		next.data.Set("modified_at", timestamp(s.stamp()))
	}
	s.save(&next)
	return &next
}

func setAll(o *python.Object, pairs []any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
}

// pairsOf lists the keys and values of an object.
func pairsOf(o *python.Object) (pairs []any) {
	for k, v := range o.All() {
		pairs = append(pairs, k, v)
	}
	return pairs
}

// drop deletes an object.
func (s *Server) drop(r *row) {
	next := *r
	next.deleted = true
	s.save(&next)
}

func (s *Server) save(r *row) {
	if old := s.db.primary.shop.rows[r.id]; old == nil || !old.due().Equal(r.due()) {
		s.agenda.add(r)
	}
	apply := func(db *store) { db.shop.put(r) }
	if s.seeding {
		s.seed(apply)
	} else {
		s.db.write(s.clock.time(), apply)
	}
}
