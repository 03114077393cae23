package polartest

import (
	"maps"
)

// What changes in the life of a customer without a request to the API: at
// checkout, in the dashboard, by use.

// ChangeSubscription replaces the subscription that has the same ID. Give it
// another status, such as "canceled", to end it.
func (s *Server) ChangeSubscription(v Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, old := range s.db.primary.subs[v.CustomerID] {
		if old.ID == v.ID {
			v.ModifiedAt = s.stamp()
			v.Metadata, v.CustomFieldData = maps.Clone(v.Metadata), maps.Clone(v.CustomFieldData)
			s.seed(func(db *store) { db.setSubscription(&v) })
			s.tellState(v.CustomerID)
			return
		}
	}
	s.misuse("ChangeSubscription: customer %q has no subscription %q; add it with AddSubscription", v.CustomerID, v.ID)
}

// RevokeGrant takes a benefit from a customer, by the grant's ID.
func (s *Server) RevokeGrant(customerID, grantID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []*Grant
	for _, g := range s.db.primary.grants[customerID] {
		if g.ID != grantID {
			left = append(left, g)
		}
	}
	if len(left) == len(s.db.primary.grants[customerID]) {
		s.misuse("RevokeGrant: customer %q has no grant %q; add it with AddGrant", customerID, grantID)
		return
	}
	s.seed(func(db *store) { db.setGrants(customerID, left) })
	s.tellState(customerID)
}
