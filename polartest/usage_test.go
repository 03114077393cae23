package polartest_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/checkouts"
	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// The code under test in README.md.

func signUp(ctx context.Context, client *customers.Client, userID, email string) error {
	_, _, err := client.Ensure(ctx, customers.CreateParams{ExternalID: userID, Email: email})
	return err
}

func mayExport(ctx context.Context, client *customers.Client, userID string) (bool, error) {
	state, err := client.GetStateByExternalID(ctx, userID)
	if errors.Is(err, polar.ErrNotFound) {
		return false, nil
	}
	return state.HasBenefitKey("export"), err
}

func buy(ctx context.Context, client *checkouts.Client, productID, userID string) (url string, err error) {
	checkout, err := client.Create(ctx, checkouts.CreateParams{Products: []string{productID}, ExternalCustomerID: userID})
	if err != nil {
		return "", err
	}
	return checkout.URL, nil
}

func TestSignUp(t *testing.T) {
	srv := polartest.NewServer(t)

	if err := signUp(t.Context(), customers.New(srv.Client()), "user_42", "ada@polar.sh"); err != nil {
		t.Fatal(err)
	}

	list := srv.Customers()
	if len(list) != 1 || list[0].ExternalID != "user_42" || list[0].Email != "ada@polar.sh" {
		t.Errorf("stored: %+v", list)
	}
}

func TestSignUpSurvivesLostResponse(t *testing.T) {
	srv := polartest.NewServer(t)
	srv.FailNext(polartest.Failure{
		Operation: "customers.Create",
		Applied:   true,
		Cut:       polartest.CutBeforeResponse,
	})

	if err := signUp(t.Context(), customers.New(srv.Client()), "user_42", "ada@polar.sh"); err != nil {
		t.Fatal(err)
	}
	if n := len(srv.Customers()); n != 1 {
		t.Errorf("%d customers, want 1", n)
	}
}

func TestEntitlement(t *testing.T) {
	srv := polartest.NewServer(t)
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
	srv.AddSubscription(polartest.Subscription{CustomerID: ada.ID})
	srv.AddGrant(polartest.Grant{CustomerID: ada.ID, Type: "feature_flag", Metadata: map[string]any{"export": true}})
	srv.AddCustomer(polartest.Customer{ExternalID: "bob"})

	client := customers.New(srv.ClientWithToken(srv.Token(polartest.ScopeCustomersRead)))
	for user, want := range map[string]bool{"ada": true, "bob": false, "eve": false} {
		got, err := mayExport(t.Context(), client, user)
		if err != nil || got != want {
			t.Errorf("mayExport(%s) = %v, %v, want %v", user, got, err, want)
		}
	}
}

func TestPurchaseOfExport(t *testing.T) {
	srv := polartest.NewServer(t)
	export := srv.AddBenefit(polartest.Benefit{Type: "feature_flag", Metadata: map[string]any{"export": true}})
	pro := srv.AddProduct(polartest.Product{Name: "Pro", RecurringInterval: "month", Benefits: []string{export.ID}})

	url, err := buy(t.Context(), checkouts.New(srv.Client()), pro.ID, "user_42")
	if err != nil {
		t.Fatal(err)
	}
	bought := srv.Pay(url)
	client := customers.New(srv.Client())
	if ok, err := mayExport(t.Context(), client, "user_42"); err != nil || !ok {
		t.Errorf("mayExport = %v, %v", ok, err)
	}

	stop := srv.FailPayments(bought.CustomerID) // the card is declined from now on
	defer stop()
	srv.Advance(60 * 24 * time.Hour)
	if ok, err := mayExport(t.Context(), client, "user_42"); err != nil || ok {
		t.Errorf("mayExport = %v, %v", ok, err)
	}
}

// TestREADME fails when README.md shows a test that is not above.
func TestREADME(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("usage_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 4 {
		t.Errorf("%d blocks of Go in README.md, want 4", len(blocks))
	}
	for _, b := range blocks {
		if !strings.Contains(string(source), b[1]) {
			t.Errorf("README.md has code that no test compiles:\n%s", b[1])
		}
	}
}
