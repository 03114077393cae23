package imitation

import "testing"

// Every handler belongs to an operation of the contract.
func TestShopRoutes(t *testing.T) {
	if got, want := len(shopRoutes())-1, len(shopHandlers()); got != want {
		t.Errorf("%d routes for %d handlers: an ID is not the contract's", got, want)
	}
}
