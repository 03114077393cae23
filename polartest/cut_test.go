package polartest_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// An export that is cut short is the service's own up to there.
func TestCutExport(t *testing.T) {
	srv := polartest.NewServer(t)
	for range 10 {
		srv.AddCustomer(polartest.Customer{})
	}
	srv.FailNext(polartest.Failure{Operation: "customers:export", Cut: polartest.CutWithinBody})
	csv, err := customers.New(srv.Client()).Export(t.Context(), customers.ExportParams{})
	if err != nil {
		t.Fatal(err)
	}
	defer csv.Close()
	body, err := io.ReadAll(csv)
	if !errors.Is(err, polar.ErrUnexpectedResponse) {
		t.Errorf("error is %v, want that of a cut stream", err)
	}
	if rows := strings.Count(string(body), "\r\n"); !strings.HasPrefix(string(body), "ID,External ID,") || rows < 2 || rows > 9 {
		t.Errorf("read %d rows, want some of the 10: %q", rows, body)
	}
}
