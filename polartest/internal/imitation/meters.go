package imitation

import (
	"net/http"
	"slices"
	"strings"

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
	stored.Set("filter", plainProperties(objectOf(values, "filter")))
	stored.Set("metadata", polarrules.Stored(objectOf(values, "metadata")))
	r := s.insert(kindMeter, org, "", pairsOf(stored)...)
	return s.setQuietly(r, "modified_at", timestamp(s.stamp())) // the service stores where it begins to count
}

// plainProperties returns a filter whose properties lack the optional prefix
// "metadata.".
func plainProperties(filter *python.Object) *python.Object {
	filter = filter.Clone()
	clauses := slices.Clone(listOf(filter, "clauses"))
	for i, v := range clauses {
		clause, _ := v.(*python.Object)
		if _, nested := clause.Get("clauses"); nested {
			clauses[i] = plainProperties(clause)
		} else if rest, ok := strings.CutPrefix(clause.Text("property"), "metadata."); ok {
			clause = clause.Clone()
			clause.Set("property", rest)
			clauses[i] = clause
		}
	}
	filter.Set("clauses", clauses)
	return filter
}
