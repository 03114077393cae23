package imitation

// Changes that no request to the customers API makes: at checkout, in the
// dashboard, by usage.

// ChangeSubscription replaces the subscription that has the same ID. A status such as
// "canceled" ends it.
func (s *Server) ChangeSubscription(v Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	old := s.db.primary.shop.get(kindSubscription, v.ID)
	if old != nil && old.customer == v.CustomerID {
		s.change(old, pairsOf(subscriptionObject(&v))...)
		s.sendStateEvent(v.CustomerID)
		return
	}
	s.misuse("ChangeSubscription: customer %q has no subscription %q; add it with AddSubscription", v.CustomerID, v.ID)
}

// RevokeGrant revokes a customer's grant, given its ID, and the license key that
// came with it.
func (s *Server) RevokeGrant(customerID, grantID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helper()
	grant := s.db.primary.shop.get(kindGrant, grantID)
	if grant == nil || grant.customer != customerID || !grant.is("is_granted") {
		s.misuse("RevokeGrant: customer %q has no grant %q; add it with AddGrant", customerID, grantID)
		return
	}
	s.revokeGrant(grant)
	s.sendStateEvent(customerID)
}
