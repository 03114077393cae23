package imitation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

// customerRow is a stored customer. A stored row is never changed: an update
// stores a new row, so that readers and replicas can share rows.
type customerRow struct {
	Customer
	// metadata is in the database's form. Customer.Metadata is not used.
	metadata *python.Object
	// Lower-case copies for filters.
	lowerEmail, lowerName, lowerBilling, lowerExternal string
}

func newCustomerRow(c Customer, metadata *python.Object) *customerRow {
	c.Metadata = nil
	return &customerRow{
		Customer: c, metadata: metadata,
		lowerEmail: strings.ToLower(c.Email), lowerName: strings.ToLower(c.Name),
		lowerBilling: strings.ToLower(c.BillingName), lowerExternal: strings.ToLower(c.ExternalID),
	}
}

// externalIDKey is the metadata key of the external ID of a deleted customer. The
// service reads it for every customer without an external ID, so a value that callers
// store under this key shows as an external ID.
const externalIDKey = "__external_id"

// shownExternalID returns the external ID in responses, or nil.
func (c *customerRow) shownExternalID() any {
	if c.ExternalID != "" {
		return c.ExternalID
	}
	return c.metadata.Value(externalIDKey)
}

// presentable reports whether the service can show the customer. It fails if
// the external ID is not a string.
func (c *customerRow) presentable() bool {
	v := c.shownExternalID()
	_, isString := v.(string)
	return v == nil || isString
}

// store is one copy of the database: the primary, or a replica that lags.
type store struct {
	customers map[string]*customerRow // deleted ones too
	orgs      map[string]*orgIndex
	members   map[string]*Member // live ones
	// By customer ID, oldest first.
	membersOf map[string][]*Member
	methods   map[string][]*PaymentMethod
	shop      *shop
}

// orgIndex finds the live customers of one organization.
type orgIndex struct {
	byTime     []*customerRow // oldest first
	byEmail    map[string]*customerRow
	byExternal map[string]*customerRow
}

func newStore() *store {
	return &store{
		customers: map[string]*customerRow{}, orgs: map[string]*orgIndex{}, members: map[string]*Member{},
		membersOf: map[string][]*Member{}, methods: map[string][]*PaymentMethod{}, shop: newShop(),
	}
}

// clone copies s for a replica.
func (db *store) clone() *store {
	c := newStore()
	for _, row := range db.customers {
		c.customers[row.ID] = row
	}
	for id, o := range db.orgs {
		n := c.org(id)
		n.byTime = slices.Clone(o.byTime)
		for k, v := range o.byEmail {
			n.byEmail[k] = v
		}
		for k, v := range o.byExternal {
			n.byExternal[k] = v
		}
	}
	for id, m := range db.members {
		c.members[id] = m
	}
	cloneLists(c.membersOf, db.membersOf)
	cloneLists(c.methods, db.methods)
	c.shop = db.shop.clone()
	return c
}

func cloneLists[K comparable, T any](to, from map[K][]T) {
	for id, list := range from {
		to[id] = slices.Clone(list)
	}
}

func (db *store) org(id string) *orgIndex {
	o := db.orgs[id]
	if o == nil {
		o = &orgIndex{byEmail: map[string]*customerRow{}, byExternal: map[string]*customerRow{}}
		db.orgs[id] = o
	}
	return o
}

// compareRows orders customers by age, then by ID.
func compareRows(a, b *customerRow) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// putCustomer stores a new customer or a new version of one.
func (db *store) putCustomer(row *customerRow) {
	o := db.org(row.OrganizationID)
	if old := db.customers[row.ID]; old != nil {
		o.remove(old)
	}
	db.customers[row.ID] = row
	if row.DeletedAt.IsZero() {
		o.add(row)
	}
}

func (o *orgIndex) add(row *customerRow) {
	if n := len(o.byTime); n == 0 || compareRows(o.byTime[n-1], row) < 0 {
		o.byTime = append(o.byTime, row)
	} else {
		at, _ := slices.BinarySearchFunc(o.byTime, row, compareRows)
		o.byTime = slices.Insert(o.byTime, at, row)
	}
	if row.Email != "" {
		o.byEmail[row.lowerEmail] = row
	}
	if row.ExternalID != "" {
		o.byExternal[row.ExternalID] = row
	}
}

func (o *orgIndex) remove(row *customerRow) {
	if at, ok := slices.BinarySearchFunc(o.byTime, row, compareRows); ok {
		o.byTime = slices.Delete(o.byTime, at, at+1)
	}
	if o.byEmail[row.lowerEmail] == row {
		delete(o.byEmail, row.lowerEmail)
	}
	if o.byExternal[row.ExternalID] == row {
		delete(o.byExternal, row.ExternalID)
	}
}

// customer finds a live customer.
func (db *store) customer(id string) *customerRow {
	if row := db.customers[id]; row != nil && row.DeletedAt.IsZero() {
		return row
	}
	return nil
}

func (db *store) putMember(m *Member) {
	if db.members[m.ID] != nil {
		db.dropMember(m.ID)
	}
	db.members[m.ID] = m
	db.membersOf[m.CustomerID] = insertSorted(db.membersOf[m.CustomerID], m, compareMembers)
}

// compareMembers orders members by age, as compareRows does customers.
func compareMembers(a, b *Member) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

func (db *store) dropMember(id string) {
	m := db.members[id]
	if m == nil {
		return
	}
	delete(db.members, id)
	db.membersOf[m.CustomerID] = slices.DeleteFunc(slices.Clone(db.membersOf[m.CustomerID]), func(o *Member) bool { return o.ID == id })
}

// insertSorted returns a new slice, because readers may hold the old one.
func insertSorted[T any](list []T, v T, compare func(a, b T) int) []T {
	at, _ := slices.BinarySearchFunc(list, v, compare)
	out := make([]T, 0, len(list)+1)
	out = append(out, list[:at]...)
	out = append(out, v)
	return append(out, list[at:]...)
}

// owner returns the customer's owner, or nil.
func (db *store) owner(customerID string) *Member {
	for _, m := range db.membersOf[customerID] {
		if m.Role == polarrules.Owner {
			return m
		}
	}
	return nil
}

func (db *store) memberByEmail(customerID, email string) *Member {
	for _, m := range db.membersOf[customerID] {
		if strings.EqualFold(m.Email, email) {
			return m
		}
	}
	return nil
}

func (db *store) memberByExternalID(customerID, externalID string) *Member {
	for _, m := range db.membersOf[customerID] {
		if m.ExternalID != "" && m.ExternalID == externalID {
			return m
		}
	}
	return nil
}

func (db *store) putMethod(m *PaymentMethod) {
	db.methods[m.CustomerID] = insertSorted(db.methods[m.CustomerID], m, func(a, b *PaymentMethod) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
}

// active reports whether the list's active filter counts the customer.
func (db *store) active(customerID string) bool {
	for _, sub := range db.shop.of[owner{kindSubscription, customerID}] {
		if activeInList[sub.text("status")] {
			return true
		}
	}
	return false
}

// database is the primary and the replica that reads go to.
type database struct {
	primary *store
	// replica is the primary itself while there is no lag.
	replica *store
	lag     time.Duration
	log     []change
}

// change is a write that has not reached the replica yet.
type change struct {
	at    time.Time
	apply func(*store)
}

func newDatabase() *database {
	s := newStore()
	return &database{primary: s, replica: s}
}

// write applies a change to the primary now and to the replica in time.
func (d *database) write(now time.Time, apply func(*store)) {
	apply(d.primary)
	if d.replica != d.primary {
		d.log = append(d.log, change{now, apply})
	}
}

// reader returns the copy that a read at this time sees.
func (d *database) reader(now time.Time) *store {
	n := 0
	for n < len(d.log) && !d.log[n].at.Add(d.lag).After(now) {
		d.log[n].apply(d.replica)
		n++
	}
	d.log = d.log[n:]
	if d.lag == 0 {
		d.replica = d.primary
	}
	return d.replica
}

// setLag changes how far reads lag behind.
func (d *database) setLag(lag time.Duration, now time.Time) {
	d.reader(now)
	if lag > 0 && d.replica == d.primary {
		d.replica = d.primary.clone()
	}
	if lag == 0 {
		d.replica, d.log = d.primary, nil
	}
	d.lag = lag
}
