package customers_test

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polartest"
)

func ExampleClient_List() {
	srv, stop := start()
	defer stop()
	for _, name := range []string{"Ada", "Charles", "Grace"} {
		srv.AddCustomer(polartest.Customer{Name: name})
	}
	client := customers.New(srv.Client())

	page, err := client.List(ctx, customers.ListParams{
		Limit:   2,
		Sorting: []customers.SortProperty{customers.SortNameDesc},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, customer := range page.Items {
		fmt.Println(*customer.Name)
	}
	fmt.Printf("page %d of %d, %d in all\n", page.Page, page.MaxPage, page.TotalCount)
	// Output:
	// Grace
	// Charles
	// page 1 of 2, 3 in all
}

// A customer must match all filters. Of the values of one metadata key, any one is
// enough.
func ExampleClient_List_filters() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Name: "Ada", Metadata: map[string]any{"plan": "gold"}})
	srv.AddCustomer(polartest.Customer{Name: "Adam", Metadata: map[string]any{"plan": "silver"}})
	srv.AddCustomer(polartest.Customer{Name: "Grace", Metadata: map[string]any{"plan": "gold"}})
	client := customers.New(srv.Client())

	page, err := client.List(ctx, customers.ListParams{
		Query:    "ada",
		Metadata: map[string][]string{"plan": {"gold", "platinum"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, customer := range page.Items {
		fmt.Println(*customer.Name)
	}
	// Output: Ada
}

func ExampleClient_All() {
	srv, stop := start()
	defer stop()
	for _, name := range []string{"Ada", "Charles", "Grace"} {
		srv.AddCustomer(polartest.Customer{Name: name})
	}
	client := customers.New(srv.Client())

	for customer, err := range client.All(ctx, customers.ListParams{}) {
		if err != nil {
			fmt.Println(err) // it ends the loop
			return
		}
		fmt.Println(*customer.Name)
		if *customer.Name == "Charles" {
			break // no more requests
		}
	}
	// Output:
	// Ada
	// Charles
}

func ExampleClient_ListPaymentMethods() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	srv.AddPaymentMethod(polartest.PaymentMethod{CustomerID: ada.ID, Type: "sepa_debit"})
	srv.AddPaymentMethod(polartest.PaymentMethod{CustomerID: ada.ID, Default: true}) // a Visa card
	client := customers.New(srv.Client())

	page, err := client.ListPaymentMethods(ctx, ada.ID, customers.PageParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, method := range page.Items {
		fmt.Print(method.Type)
		// Only cards have metadata, and any part of it can be missing.
		if card := method.MethodMetadata; card != nil && card.Last4 != nil {
			fmt.Print(" that ends in ", *card.Last4)
		}
		if method.IsDefault {
			fmt.Print(", charged first")
		}
		fmt.Println()
	}
	// Output:
	// card that ends in 4242, charged first
	// sepa_debit
}

func ExampleClient_ListPaymentMethodsByExternalID() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{ExternalID: "user_42"})
	client := customers.New(srv.Client())

	page, err := client.ListPaymentMethodsByExternalID(ctx, "user_42", customers.PageParams{Limit: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("can pay:", page.TotalCount > 0)
	// Output: can pay: false
}

func ExampleClient_AllPaymentMethods() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{})
	for _, year := range []int{2020, 2035} {
		card := polartest.Card{Brand: "visa", Last4: "4242", ExpMonth: 12, ExpYear: year}
		srv.AddPaymentMethod(polartest.PaymentMethod{CustomerID: ada.ID, Card: &card})
	}
	client := customers.New(srv.Client())

	for method, err := range client.AllPaymentMethods(ctx, ada.ID, customers.PageParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if card := method.MethodMetadata; card != nil && card.ExpYear != nil && *card.ExpYear < 2026 {
			fmt.Println("expired in", *card.ExpYear)
		}
	}
	// Output: expired in 2020
}

func ExampleClient_AllPaymentMethodsByExternalID() {
	srv, stop := start()
	defer stop()
	ada := srv.AddCustomer(polartest.Customer{ExternalID: "user_42"})
	srv.AddPaymentMethod(polartest.PaymentMethod{CustomerID: ada.ID})
	client := customers.New(srv.Client())

	for method, err := range client.AllPaymentMethodsByExternalID(ctx, "user_42", customers.PageParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(method.Type)
	}
	// Output: card
}

// The export is CSV as it arrives. io.Copy writes it to a file or a response.
func ExampleClient_Export() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Email: "ada@polar.sh"})
	client := customers.New(srv.Client())

	csv, err := client.Export(ctx, customers.ExportParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer csv.Close()

	lines := bufio.NewScanner(csv)
	for lines.Scan() {
		fmt.Println(strings.Contains(lines.Text(), "ada@polar.sh"))
	}
	if err := lines.Err(); err != nil { // the stream was truncated, for example
		fmt.Println(err)
	}
	// Output:
	// false
	// true
}

func ExampleClient_ExportRows() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{
		Email: "ada@polar.sh", TaxID: &polartest.TaxID{Value: "FR61954506077", Format: "eu_vat"},
		BillingAddress: &polartest.Address{Country: "FR"}, Metadata: map[string]any{"seats": 3},
	})
	client := customers.New(srv.Client())

	for row, err := range client.ExportRows(ctx, customers.ExportParams{}) {
		var bad *customers.RowError
		if errors.As(err, &bad) {
			fmt.Println("skipped:", bad)
			continue
		}
		if err != nil {
			fmt.Println(err) // the rows before it may not be all
			return
		}
		fmt.Println(row.Email, row.TaxID.Value, row.BillingAddress.Country, row.Metadata["seats"])
	}
	// Output: ada@polar.sh FR61954506077 FR 3
}
