// Command customers makes one call with this module.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

func main() {
	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
	if err != nil {
		panic(err)
	}
	customer, err := customers.New(client).GetByExternalID(context.Background(), "user_42")
	if err != nil {
		panic(err)
	}
	fmt.Println(customer.ID)
}
