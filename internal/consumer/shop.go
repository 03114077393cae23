// Package shop uses the SDK as a program of a stranger would: through its public
// packages, in a module of its own. That it builds, and how much go.mod and
// go.sum it takes, is what users get.
package shop

import (
	"context"
	"errors"
	"fmt"

	"github.com/polarexpress/polar-go/customers"
)

// Greeting is what the shop says to the customer with its own ID userID.
func Greeting(ctx context.Context, client *customers.Client, userID string) (string, error) {
	customer, err := client.GetByExternalID(ctx, userID)
	switch {
	case errors.Is(err, customers.ErrNotFound):
		return "Welcome, stranger!", nil
	case err != nil:
		return "", fmt.Errorf("greeting: %w", err)
	case customer.Name == nil:
		return "Welcome back!", nil
	}
	return "Welcome back, " + *customer.Name + "!", nil
}
