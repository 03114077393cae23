package shop_test

import (
	"errors"
	"testing"

	"example.com/shop"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func TestGreeting(t *testing.T) {
	srv := polartest.NewServer(t)
	srv.AddCustomer(polartest.Customer{ExternalID: "user_42", Name: "Ada"})
	client := srv.Client(polar.WithRetry(polar.RetryPolicy{MaxAttempts: 1}))

	for user, want := range map[string]string{
		"user_42": "Welcome back, Ada!",
		"user_43": "Welcome, stranger!",
	} {
		if got, err := shop.Greeting(t.Context(), client, user); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", user, got, err, want)
		}
	}

	srv.FailNext(polartest.Failure{Status: 502})
	if _, err := shop.Greeting(t.Context(), client, "user_42"); !errors.Is(err, polar.ErrServer) {
		t.Errorf("error is %v", err)
	}
}
