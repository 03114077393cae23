package polartest

import (
	"net/http"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

func createMeter(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	org, resp := c.newOrganization(values)
	if resp != nil {
		return resp
	}
	return c.withSent(http.StatusCreated, c.srv.newMeter(org, values), values)
}

func (s *Server) newMeter(org string, values *python.Object) *row {
	stored := values.Clone()
	stored.Set("metadata", polarrules.Stored(objectOf(values, "metadata")))
	return s.insert(kindMeter, org, "", pairsOf(stored)...)
}
