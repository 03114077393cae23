//go:build naive

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/oapi-codegen/runtime/types"

	"github.com/polarexpress/polar-go/bench/naive"
)

// generated is a program on top of the naive client: it asks each union for the
// variant that it holds, as it must to read a field.
type generated struct{ c *naive.ClientWithResponses }

func newGenerated(base string) client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	c, err := naive.NewClientWithResponses(base,
		naive.WithHTTPClient(&http.Client{Transport: t, Timeout: 5 * time.Minute}),
		naive.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Polar-Version", "2026-10")
			return nil
		}))
	if err != nil {
		panic(err)
	}
	return &generated{c}
}

var errStatus = errors.New("not a success")

// customerID asks the union which variant it is, and for that.
func customerID(c *naive.Customer) (string, error) {
	if c == nil {
		return "", errStatus
	}
	v, err := c.ValueByDiscriminator()
	if err != nil {
		return "", err
	}
	switch v := v.(type) {
	case naive.CustomerIndividual:
		return v.Id, nil
	case naive.CustomerTeam:
		return v.Id, nil
	}
	return "", errStatus
}

func (g *generated) Get(ctx context.Context, id string) (string, error) {
	r, err := g.c.CustomersGetWithResponse(ctx, id)
	if err != nil {
		return "", err
	}
	return customerID(r.JSON200)
}

func (g *generated) GetByExternalID(ctx context.Context, id string) (string, error) {
	r, err := g.c.CustomersGetExternalWithResponse(ctx, id)
	if err != nil {
		return "", err
	}
	return customerID(r.JSON200)
}

func (g *generated) GetState(ctx context.Context, id string) (string, error) {
	r, err := g.c.CustomersGetStateWithResponse(ctx, id)
	if err != nil {
		return "", err
	}
	if r.JSON200 == nil {
		return "", errStatus
	}
	v, err := r.JSON200.ValueByDiscriminator()
	if err != nil {
		return "", err
	}
	switch s := v.(type) {
	case naive.CustomerStateIndividual:
		return s.Id + s.ActiveSubscriptions[1].Id, nil
	case naive.CustomerStateTeam:
		return s.Id + s.ActiveSubscriptions[1].Id, nil
	}
	return "", errStatus
}

func (g *generated) Create(ctx context.Context, email, externalID, name string) (string, error) {
	var plan naive.CustomerIndividualCreate_Metadata_AdditionalProperties
	if err := plan.FromCustomerIndividualCreateMetadata0("gold"); err != nil {
		return "", err
	}
	metadata := map[string]naive.CustomerIndividualCreate_Metadata_AdditionalProperties{"plan": plan}
	var body naive.CustomerCreate
	if err := body.FromCustomerIndividualCreate(naive.CustomerIndividualCreate{
		Email: types.Email(email), ExternalId: nullable.NewNullableWithValue(externalID), Name: nullable.NewNullableWithValue(name), Metadata: &metadata,
	}); err != nil {
		return "", err
	}
	r, err := g.c.CustomersCreateWithResponse(ctx, body)
	if err != nil {
		return "", err
	}
	return customerID(r.JSON201)
}

func (g *generated) List(ctx context.Context, _ int, use func(id string)) error {
	limit, sorting := perPage, []naive.CustomerSortProperty{naive.CustomerSortPropertyCreatedAt}
	for page := 1; ; page++ {
		r, err := g.c.CustomersListWithResponse(ctx, &naive.CustomersListParams{Page: &page, Limit: &limit, Sorting: &sorting})
		if err != nil {
			return err
		}
		if r.JSON200 == nil {
			return errStatus
		}
		for i := range r.JSON200.Items {
			id, err := customerID(&r.JSON200.Items[i])
			if err != nil {
				return err
			}
			use(id)
		}
		if page >= r.JSON200.Pagination.MaxPage {
			return nil
		}
	}
}

func (g *generated) Export(ctx context.Context, w io.Writer) error {
	r, err := g.c.CustomersExportWithResponse(ctx, nil)
	if err != nil {
		return err
	}
	_, err = w.Write(r.Body)
	return err
}

func (g *generated) ExportRows(ctx context.Context, use func(id string)) error {
	r, err := g.c.CustomersExportWithResponse(ctx, nil)
	if err != nil {
		return err
	}
	return readRows(bytes.NewReader(r.Body), use)
}
