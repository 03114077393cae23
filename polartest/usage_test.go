package polartest_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

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
	if len(blocks) != 3 {
		t.Errorf("%d blocks of Go in README.md, want 3", len(blocks))
	}
	for _, b := range blocks {
		if !strings.Contains(string(source), b[1]) {
			t.Errorf("README.md has code that no test compiles:\n%s", b[1])
		}
	}
}
