package polartest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func TestClientWithoutSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := polartest.NewServer(t, polartest.WithoutSocket())
		ada := srv.AddCustomer(polartest.Customer{})
		began := time.Now()
		srv.SetLatency(time.Second)
		if _, err := customers.New(srv.Client()).Get(t.Context(), ada.ID); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v, want 1s", took)
		}
	})
}

func TestClientRefusesOptions(t *testing.T) {
	srv, err := polartest.Start()
	if err != nil {
		t.Fatal(err)
	}
	if c := srv.Client(polar.WithBaseURL("ftp://example.com")); c == nil {
		t.Error("no client")
	}
	if err := srv.Close(); err == nil {
		t.Error("Close() = nil, want the option that was refused")
	}
}

func TestClient(t *testing.T) {
	srv := polartest.NewServer(t)
	ada := srv.AddCustomer(polartest.Customer{Email: "ada@polar.sh", ExternalID: "u1"})
	got, err := customers.New(srv.Client()).GetByExternalID(t.Context(), "u1")
	if err != nil || got.ID != ada.ID {
		t.Errorf("GetByExternalID = %v, %v, want %s", got, err, ada.ID)
	}
}
