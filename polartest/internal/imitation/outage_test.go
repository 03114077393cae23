package imitation

import (
	"net/http"
	"testing"
)

func TestOutage(t *testing.T) {
	srv := NewServer(t) // an outage that nobody meets is no unmet expectation
	token := srv.Token()
	srv.Outage(Failure{Operation: "customers.Export"})
	stop := srv.Outage(Failure{Operation: "customers.List", Status: http.StatusServiceUnavailable})
	list := func(want int) {
		t.Helper()
		if status, _ := do(t, srv, token, "GET", "/v1/customers/", ""); status != want {
			t.Errorf("list: %d, want %d", status, want)
		}
	}
	for range 50 {
		list(http.StatusServiceUnavailable)
	}
	srv.FailNext(Failure{Operation: "customers:list", Status: http.StatusBadGateway})
	list(http.StatusBadGateway)
	list(http.StatusServiceUnavailable)
	if status, _ := do(t, srv, token, "GET", "/v1/customers/external/nobody", ""); status != http.StatusNotFound {
		t.Errorf("another operation: %d, want 404", status)
	}
	stop()
	stop()
	list(http.StatusOK)
}
