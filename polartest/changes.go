package polartest

import (
	"maps"
)

// Changes that no request to the customers API makes: at checkout, in the
// dashboard, by usage.

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
			s.sendStateEvent(v.CustomerID)
			return
		}
	}
	s.misuse("ChangeSubscription: customer %q has no subscription %q; add it with AddSubscription", v.CustomerID, v.ID)
}

// RevokeGrant removes a customer's grant, given its ID.
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
	s.sendStateEvent(customerID)
}
