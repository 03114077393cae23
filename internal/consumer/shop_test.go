package shop_test

import (
	"errors"
	"testing"

	"example.com/shop"
	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/customerstest"
)

func TestGreeting(t *testing.T) {
	srv := customerstest.NewServer(t)
	srv.AddCustomer(customerstest.Customer{ExternalID: "user_42", Name: "Ada"})
	client := srv.Client(customers.WithRetry(customers.RetryPolicy{MaxAttempts: 1}))

	for user, want := range map[string]string{
		"user_42": "Welcome back, Ada!",
		"user_43": "Welcome, stranger!",
	} {
		if got, err := shop.Greeting(t.Context(), client, user); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", user, got, err, want)
		}
	}

	srv.FailNext(customerstest.Failure{Status: 502})
	if _, err := shop.Greeting(t.Context(), client, "user_42"); !errors.Is(err, customers.ErrServer) {
		t.Errorf("error is %v", err)
	}
}
