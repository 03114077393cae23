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

// teams keeps the members of teams as the application has them. Each of its
// methods can be called again after a failure.
type teams struct{ customers *customers.Client }

var errOwner = errors.New("the owner of a team cannot leave it: make somebody else the owner first")

// create makes a team that is owned by owner, unless there is one already.
func (t *teams) create(ctx context.Context, id, name string, owner person) error {
	_, _, err := t.customers.Ensure(ctx, customers.CreateParams{
		Type:       customers.TypeTeam,
		ExternalID: id,
		Name:       name,
		Owner:      &customers.OwnerParams{ExternalID: owner.ID, Name: owner.Name, Email: owner.Email},
	})
	return err
}

// add makes p a member. Who is one already stays as they are.
func (t *teams) add(ctx context.Context, id string, p person) error {
	_, err := t.customers.Members().CreateByExternalID(ctx, id, customers.MemberCreateParams{
		ExternalID: p.ID, Name: p.Name, Email: p.Email,
	})
	if errors.Is(err, polar.ErrNotPermitted) {
		return fmt.Errorf("this organization or customer has no members but the owner: %w", err)
	}
	return err
}

// setRole changes what p may do. A new owner takes the place of the former one,
// who becomes a billing manager.
func (t *teams) setRole(ctx context.Context, id string, p person, role customers.MemberRole) error {
	_, err := t.customers.Members().UpdateByExternalID(ctx, id, p.ID, customers.MemberUpdateParams{Role: polar.Set(role)})
	return err
}

// remove takes p out of the team, together with seats and benefits. Who has left
// already is no error. The owner gets errOwner.
func (t *teams) remove(ctx context.Context, id string, p person) error {
	err := t.customers.Members().DeleteByExternalID(ctx, id, p.ID)
	switch {
	case errors.Is(err, polar.ErrNotFound):
		return nil
	case errors.Is(err, polar.ErrValidation): // all that there is to refuse
		return errors.Join(errOwner, err)
	}
	return err
}

// print writes who is in the team. What was just written may not be read yet: the
// service reads from a replica, which can lag by a moment.
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
