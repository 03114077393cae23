package customers_test

import (
	"errors"
	"fmt"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// Members have scopes of their own. The scopes of customers do not cover them.
func ExampleClient_Members() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team"})
	client := customers.New(srv.ClientWithToken(srv.Token("customers:read", "customers:write")))

	_, err := client.Members().List(ctx, team.ID, customers.MemberListParams{})
	fmt.Println(err)
	// Output: customers: members list: 403 insufficient_scope: the token needs members:read or members:write
}

func ExampleMembersClient_List() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", WithoutOwner: true})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Name: "Charles", Role: "owner"})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Name: "Ada"})
	client := customers.New(srv.Client())

	page, err := client.Members().List(ctx, team.ID, customers.MemberListParams{Role: customers.RoleOwner})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, member := range page.Items {
		fmt.Println(*member.Name)
	}
	// Output: Charles
}

func ExampleMembersClient_ListByExternalID() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", ExternalID: "team_7", WithoutOwner: true})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Email: "ada@polar.sh"})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Email: "grace@polar.sh"})
	client := customers.New(srv.Client())

	page, err := client.Members().ListByExternalID(ctx, "team_7", customers.MemberListParams{
		Limit: 1, Sorting: []customers.MemberSortProperty{customers.SortMembersCreatedAt},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].Email, "is the first of", page.TotalCount)
	// Output: ada@polar.sh is the first of 2
}

func ExampleMembersClient_All() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", WithoutOwner: true})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Name: "Charles", Role: "owner"})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Name: "Ada"})
	client := customers.New(srv.Client())

	for member, err := range client.Members().All(ctx, team.ID, customers.MemberListParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*member.Name, "is", member.Role)
	}
	// Output:
	// Charles is owner
	// Ada is member
}

func ExampleMembersClient_AllByExternalID() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", ExternalID: "team_7", WithoutOwner: true})
	srv.AddMember(polartest.Member{CustomerID: team.ID, Email: "ada@polar.sh"})
	client := customers.New(srv.Client())

	for member, err := range client.Members().AllByExternalID(ctx, "team_7", customers.MemberListParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(member.Email)
	}
	// Output: ada@polar.sh
}

func ExampleMembersClient_Create() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team"})
	client := customers.New(srv.Client())

	member, err := client.Members().Create(ctx, team.ID, customers.MemberCreateParams{
		Email:      "ada@polar.sh",
		Name:       "Ada",
		ExternalID: "user_42",
		Role:       customers.RoleBillingManager,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*member.Name, "is", member.Role)
	// Output: Ada is billing_manager
}

// Adding a person who already is a member changes nothing and returns the member.
func ExampleMembersClient_CreateByExternalID() {
	srv, stop := start()
	defer stop()
	srv.AddCustomer(polartest.Customer{Type: "team", ExternalID: "team_7"})
	client := customers.New(srv.Client())

	var ids [2]string
	for i := range ids {
		member, err := client.Members().CreateByExternalID(ctx, "team_7", customers.MemberCreateParams{
			Email: "ada@polar.sh", ExternalID: "user_42",
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		ids[i] = member.ID
	}
	fmt.Println("one member:", ids[0] == ids[1])
	// Output: one member: true
}

func ExampleMembersClient_Get() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team"})
	ada := srv.AddMember(polartest.Member{CustomerID: team.ID, Name: "Ada"})
	client := customers.New(srv.Client())

	member, err := client.Members().Get(ctx, team.ID, ada.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*member.Name, "is", member.Role)
	// Output: Ada is member
}

func ExampleMembersClient_GetByExternalID() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", ExternalID: "team_7"})
	srv.AddMember(polartest.Member{CustomerID: team.ID, ExternalID: "user_42", Name: "Ada"})
	client := customers.New(srv.Client())

	member, err := client.Members().GetByExternalID(ctx, "team_7", "user_42")
	if errors.Is(err, polar.ErrNotFound) {
		fmt.Println("not a member of this team")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*member.Name, "is", member.Role)
	// Output: Ada is member
}

// Making a member the owner makes the former owner a billing manager.
func ExampleMembersClient_Update() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", WithoutOwner: true})
	charles := srv.AddMember(polartest.Member{CustomerID: team.ID, Role: "owner"})
	ada := srv.AddMember(polartest.Member{CustomerID: team.ID})
	client := customers.New(srv.Client())

	owner, err := client.Members().Update(ctx, team.ID, ada.ID, customers.MemberUpdateParams{
		Role: polar.Set(customers.RoleOwner),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	former, err := client.Members().Get(ctx, team.ID, charles.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(owner.Role, former.Role)
	// Output: owner billing_manager
}

func ExampleMembersClient_UpdateByExternalID() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", ExternalID: "team_7"})
	srv.AddMember(polartest.Member{CustomerID: team.ID, ExternalID: "user_42", Name: "Ada"})
	client := customers.New(srv.Client())

	member, err := client.Members().UpdateByExternalID(ctx, "team_7", "user_42", customers.MemberUpdateParams{
		Name: polar.Set("Ada King"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*member.Name)
	// Output: Ada King
}

// The only owner cannot be removed.
func ExampleMembersClient_Delete() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", WithoutOwner: true})
	charles := srv.AddMember(polartest.Member{CustomerID: team.ID, Role: "owner"})
	ada := srv.AddMember(polartest.Member{CustomerID: team.ID})
	client := customers.New(srv.Client())

	err := client.Members().Delete(ctx, team.ID, charles.ID)
	fmt.Println("the owner stays:", errors.Is(err, polar.ErrValidation))

	if err := client.Members().Delete(ctx, team.ID, ada.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("members left:", len(srv.Members(team.ID)))
	// Output:
	// the owner stays: true
	// members left: 1
}

func ExampleMembersClient_DeleteByExternalID() {
	srv, stop := start()
	defer stop()
	team := srv.AddCustomer(polartest.Customer{Type: "team", ExternalID: "team_7", WithoutOwner: true})
	srv.AddMember(polartest.Member{CustomerID: team.ID, ExternalID: "user_42"})
	client := customers.New(srv.Client())

	err := client.Members().DeleteByExternalID(ctx, "team_7", "user_42")
	if err != nil && !errors.Is(err, polar.ErrNotFound) { // another program may have done it
		fmt.Println(err)
		return
	}
	fmt.Println("members left:", len(srv.Members(team.ID)))
	// Output: members left: 0
}
