package imitation

import (
	"net/http"
	"slices"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// benefitProperties lists the properties of each type of benefit, in the order of
// responses.
var benefitProperties = map[string][]string{
	"custom": {"note"}, "license_keys": {"prefix", "expires", "activations", "limit_usage"}, "meter_credit": {"units", "rollover", "meter_id"},
}

func createBenefit(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	org, resp := c.newOrganization(values)
	if resp != nil {
		return resp
	}
	r, problems := c.srv.newBenefit(org, values)
	if problems != nil {
		return validationError("BenefitPropertiesValidationError", problems)
	}
	c.srv.sendEvent("benefit.created", r)
	return c.withSent(http.StatusCreated, r, values)
}

// withSent shows an object. The metadata, and the other fields named, are shown as
// the request set them.
func (c *call) withSent(status int, r *row, values *python.Object, fields ...string) *response {
	shown := c.db.show(r)
	for _, key := range append(fields, "metadata") {
		if sent, ok := values.Value(key).(*python.Object); ok {
			shown.Set(key, sent)
		}
	}
	return jsonResponse(status, shown)
}

func (s *Server) newBenefit(org string, values *python.Object) (*row, []pydantic.Problem) {
	kind := values.Text("type")
	properties, problems := s.benefitProperties(org, kind, objectOf(values, "properties"))
	if problems != nil {
		return nil, problems
	}
	visibility := orElse(values.Value("visibility"), "public")
	if kind == "feature_flag" {
		visibility = "private"
	}
	return s.insert(kindBenefit, org, "", "type", kind, "description", values.Value("description"), "visibility", visibility,
		"metadata", polarrules.Stored(objectOf(values, "metadata")), "properties", properties), nil
}

// benefitProperties checks the properties of a benefit and sets missing ones to null.
func (s *Server) benefitProperties(org, kind string, given *python.Object) (*python.Object, []pydantic.Problem) {
	switch kind {
	case "downloadables":
		var problems []pydantic.Problem
		for i, f := range listOf(given, "files") {
			problems = append(problems, refuse("File not found.", f, "properties", "files", i))
		}
		return given, problems
	case "github_repository":
		return nil, []pydantic.Problem{{Type: "invalid_auth_subject", Loc: pydantic.Loc("body", "properties", "repository_owner"),
			Msg: "We do not yet support creating this benefit with an organization token.", Input: given.Value("repository_owner")}}
	case "meter_credit":
		if s.db.primary.shop.getIn(org, kindMeter, given.Text("meter_id")) == nil {
			return nil, []pydantic.Problem{refuse("This meter does not exist.", given.Value("meter_id"), "properties", "meter_id")}
		}
	}
	fields, known := benefitProperties[kind]
	if !known {
		return given, nil
	}
	full := python.NewObject()
	for _, f := range fields {
		full.Set(f, given.Value(f))
	}
	return full, nil
}

func updateBenefit(c *call, r *row, values *python.Object) *response {
	if kind := values.Text("type"); kind != r.text("type") {
		return businessError(refuse("Benefit type cannot be changed.", r.text("type"), "type"))
	}
	if !notNull(values, "description") {
		return internalError()
	}
	changed := values.Clone()
	if p, ok := values.Value("properties").(*python.Object); ok {
		properties, problems := c.srv.benefitProperties(r.org, r.text("type"), p)
		if problems != nil {
			return validationError("BenefitPropertiesValidationError", problems)
		}
		changed.Set("properties", properties)
	} else {
		changed.Delete("properties")
	}
	if m, ok := values.Value("metadata").(*python.Object); ok {
		changed.Set("metadata", polarrules.Stored(m))
	}
	next := c.srv.change(r, pairsOf(changed)...)
	if next != r {
		c.srv.sendEvent("benefit.updated", next)
	}
	return c.withSent(http.StatusOK, next, values)
}

func deleteBenefit(c *call) *response {
	r, resp := c.object(kindBenefit)
	if resp != nil {
		return resp
	}
	for _, g := range slices.Clone(c.srv.db.primary.shop.of[owner{kindGrant, r.org}]) {
		if g.text("benefit_id") == r.id && g.is("is_granted") {
			next := c.srv.change(g, "is_granted", false, "granted_at", nil, "is_revoked", true, "revoked_at", timestamp(c.srv.stamp()))
			c.srv.sendGrant("benefit_grant.revoked", next, objectOf(g.data, "properties"))
			c.srv.sendStateEvent(g.customer)
		}
	}
	c.srv.drop(c.srv.change(r, "is_deleted", true))
	return noContent()
}

// benefitGrants lists the grants of one benefit.
func benefitGrants(c *call) *response {
	r, resp := c.object(kindBenefit)
	if resp != nil {
		return resp
	}
	return c.list(kindGrant, func(g *row) bool { return g.text("benefit_id") == r.id })
}
