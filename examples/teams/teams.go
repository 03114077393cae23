package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// person is a user of the application.
type person struct {
	ID, Name, Email string
}

// teams manages teams and their members. Each of its methods can be called again
// after a failure.
type teams struct{ customers *customers.Client }

var errOwner = errors.New("the owner of a team cannot leave it: make another member the owner first")

// create creates a team with an owner, unless there is one already.
func (t *teams) create(ctx context.Context, id, name string, owner person) error {
	_, _, err := t.customers.Ensure(ctx, customers.CreateParams{
		Type:       customers.TypeTeam,
		ExternalID: id,
		Name:       name,
		Owner:      &customers.OwnerParams{ExternalID: owner.ID, Name: owner.Name, Email: owner.Email},
	})
	return err
}

// add makes p a member. If p is a member already, nothing changes.
func (t *teams) add(ctx context.Context, id string, p person) error {
	_, err := t.customers.Members().CreateByExternalID(ctx, id, customers.MemberCreateParams{
		ExternalID: p.ID, Name: p.Name, Email: p.Email,
	})
	if errors.Is(err, polar.ErrNotPermitted) {
		return fmt.Errorf("this organization or customer has no members but the owner: %w", err)
	}
	return err
}

// setRole changes the role of p. If p becomes the owner, the former owner becomes
// a billing manager.
func (t *teams) setRole(ctx context.Context, id string, p person, role customers.MemberRole) error {
	_, err := t.customers.Members().UpdateByExternalID(ctx, id, p.ID, customers.MemberUpdateParams{Role: polar.Set(role)})
	return err
}

// remove removes p from the team, with seats and benefits. It is not an error if p
// has left already. For the owner it returns errOwner.
func (t *teams) remove(ctx context.Context, id string, p person) error {
	err := t.customers.Members().DeleteByExternalID(ctx, id, p.ID)
	switch {
	case errors.Is(err, polar.ErrNotFound):
		return nil
	case errors.Is(err, polar.ErrValidation): // the only reason to refuse
		return errors.Join(errOwner, err)
	}
	return err
}

// print writes the members of the team. The service reads from a replica, which can
// lag, so a new team may not be found for a moment.
func (t *teams) print(ctx context.Context, out io.Writer, id string) error {
	for member, err := range t.customers.Members().AllByExternalID(ctx, id, customers.MemberListParams{}) {
		if errors.Is(err, polar.ErrNotFound) {
			fmt.Fprintln(out, "  (the team cannot be read yet)")
			return nil
		}
		if err != nil {
			return err
		}
		name := member.Email
		if member.Name != nil {
			name = *member.Name
		}
		fmt.Fprintf(out, "  %-8s %s\n", name, member.Role)
	}
	return nil
}
