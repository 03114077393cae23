// Package shop uses the SDK as a user's program does: through its public packages,
// in a module of its own. It shows that this builds, and what go.mod and go.sum need.
package shop

import (
	"context"
	"errors"
	"fmt"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// Greeting is what the shop says to the customer with its own ID userID.
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
