// Package shop uses the SDK as a user's program does: through its public packages, in a
// module of its own. It tests that such a program builds, and what its go.mod and go.sum
// need.
package shop

import (
	"context"
	"errors"
	"fmt"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// Greeting returns the text that greets a user of the shop. userID is the shop's own ID,
// which is the customer's external ID at Polar.
func Greeting(ctx context.Context, client *polar.Client, userID string) (string, error) {
	customer, err := customers.New(client).GetByExternalID(ctx, userID)
	switch {
	case errors.Is(err, polar.ErrNotFound):
		return "Welcome, stranger!", nil
	case err != nil:
		return "", fmt.Errorf("greeting: %w", err)
	case customer.Name == nil:
		return "Welcome back!", nil
	}
	return "Welcome back, " + *customer.Name + "!", nil
}
