package customerstest_test

import (
	"testing"

	"github.com/polarexpress/polar-go/customers/customerstest"
)

func TestClient(t *testing.T) {
	srv := customerstest.NewServer(t)
	ada := srv.AddCustomer(customerstest.Customer{Email: "ada@example.com", ExternalID: "u1"})
	got, err := srv.Client().GetByExternalID(t.Context(), "u1")
	if err != nil || got.ID != ada.ID {
		t.Errorf("GetByExternalID = %v, %v, want %s", got, err, ada.ID)
	}
}
