package main

import (
	"context"
	"errors"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// syncer makes a table equal to the service's customers, in passes over all pages.
type syncer struct {
	client   *customers.Client
	table    *table
	pageSize int // at most 100
	pageDone func(page, of int)
}

type changes struct{ added, changed, removed int }

// run finishes the pass of the table's checkpoint. After an error it can be called
// again and continues there. The next pass finds what changes during this one.
func (s *syncer) run(ctx context.Context) (c changes, err error) {
	at := &s.table.Checkpoint
	if at.Page > 1 {
		// Deletions may have moved customers to earlier pages. Reading a page twice is
		// harmless.
		at.Page--
	}
	for {
		// Oldest first, so that new customers come last.
		page, err := s.client.List(ctx, customers.ListParams{
			Page: at.Page, Limit: s.pageSize, Sorting: []customers.SortProperty{customers.SortCreatedAt},
		})
		if err != nil {
			return c, err
		}
		for i := range page.Items {
			s.put(&page.Items[i], &c)
		}
		at.Page++
		if err := s.table.save(); err != nil {
			return c, err
		}
		s.pageDone(page.Page, page.MaxPage)
		if !page.HasNext() {
			break
		}
	}
	if err := s.sweep(ctx, &c); err != nil {
		return c, err
	}
	s.table.Checkpoint = checkpoint{Pass: at.Pass + 1, Page: 1}
	return c, s.table.save()
}

// sweep removes customers that the pass has not seen. It gets each of them first,
// because a customer that moved to an earlier page was skipped and still exists.
func (s *syncer) sweep(ctx context.Context, c *changes) error {
	for id, r := range s.table.Rows {
		if r.Pass == s.table.Checkpoint.Pass {
			continue
		}
		customer, err := s.client.Get(ctx, id)
		switch {
		case errors.Is(err, polar.ErrNotFound):
			delete(s.table.Rows, id)
			c.removed++
		case err != nil:
			return errors.Join(err, s.table.save())
		default:
			s.put(customer, c)
		}
	}
	return nil
}

// put writes a customer to the table. A repeat changes nothing.
func (s *syncer) put(customer *customers.Customer, c *changes) {
	next := row{
		ExternalID: polar.Value(customer.ExternalID),
		Email:      polar.Value(customer.Email),
		Name:       polar.Value(customer.Name),
		CreatedAt:  customer.CreatedAt,
		Pass:       s.table.Checkpoint.Pass,
	}
	old, known := s.table.Rows[customer.ID]
	old.Pass = next.Pass
	switch {
	case !known:
		c.added++
	case old != next:
		c.changed++
	}
	s.table.Rows[customer.ID] = next
}
