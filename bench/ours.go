package main

import (
	"context"
	"io"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

type ours struct{ c *customers.Client }

func newOurs(base string) *ours {
	c, err := polar.New(token, polar.WithBaseURL(base))
	if err != nil {
		panic(err)
	}
	return &ours{customers.New(c)}
}

func (o *ours) Get(ctx context.Context, id string) (string, error) {
	c, err := o.c.Get(ctx, id)
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

func (o *ours) GetByExternalID(ctx context.Context, id string) (string, error) {
	c, err := o.c.GetByExternalID(ctx, id)
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

func (o *ours) GetState(ctx context.Context, id string) (string, error) {
	s, err := o.c.GetState(ctx, id)
	if err != nil {
		return "", err
	}
	return s.ID + s.ActiveSubscriptions[1].ID, nil
}

func (o *ours) Create(ctx context.Context, email, externalID, name string) (string, error) {
	c, err := o.c.Create(ctx, customers.CreateParams{Email: email, ExternalID: externalID, Name: name, Metadata: customers.Metadata{"plan": "gold"}})
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

func (o *ours) List(ctx context.Context, width int, use func(id string)) error {
	for c, err := range o.c.All(ctx, customers.ListParams{}, polar.WithConcurrency(width)) {
		if err != nil {
			return err
		}
		use(c.ID)
	}
	return nil
}

func (o *ours) Export(ctx context.Context, w io.Writer) error {
	r, err := o.c.Export(ctx, customers.ExportParams{})
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

func (o *ours) ExportRows(ctx context.Context, use func(id string)) error {
	for row, err := range o.c.ExportRows(ctx, customers.ExportParams{}) {
		if err != nil {
			return err
		}
		use(row.ID)
	}
	return nil
}
