package customers_test

import (
	"context"
	"fmt"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/gen"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// A program gets or creates the customer behind one of its own users, and asks
// what that customer may use.
func Example() {
	ctx := context.Background()
	srv, err := polartest.Start() // the service in memory
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()

	// In production: polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
	client, err := polar.New(srv.Token(), polar.WithBaseURL(srv.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	service := customers.New(client)
	customer, created, err := service.Ensure(ctx, customers.CreateParams{
		ExternalID: "user_42", // your own ID
		Email:      "ada@polar.sh",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(polar.Value(customer.Email), "created:", created)

	state, err := service.GetState(ctx, customer.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("benefits:", len(state.GrantedBenefits))
	// Output:
	// ada@polar.sh created: true
	// benefits: 0
}

func ExampleNew() {
	client, err := polar.New("polar_oat_xyz", // from the environment, in your program
		polar.WithSandbox(),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	service := customers.New(client) // as cheap as a struct: make one wherever you need it
	_, err = service.Get(ctx, "user_42")
	fmt.Println(err)
	// Output: customers: get: id: must be Polar's ID, a UUID; for your own IDs, use the ByExternalID method
}

// The generated client has the same operations in the form of the contract, and
// leaves it to the program to judge the response.
func ExampleClient_Raw() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{Name: "Ada Lovelace"})
	client := customers.New(srv.Client())

	result, err := client.Raw().CustomersGetWithResponse(ctx, gen.PathID(ada.ID))
	if err != nil {
		fmt.Println(err) // there is no response
		return
	}
	if result.JSON200 == nil {
		fmt.Println(result.StatusCode())
		return
	}
	fmt.Println(result.StatusCode(), *result.JSON200.Name)
	// Output: 200 Ada Lovelace
}
