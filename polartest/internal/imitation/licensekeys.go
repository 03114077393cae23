package imitation

import (
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/python"
)

// licenseKey finds the key that a body names. Callers without a token reach the
// keys of all organizations.
func (c *call) licenseKey(values *python.Object) *row {
	r := c.db.shop.find(kindKey, values.Text("key"))
	if r == nil || r.text("key") != values.Text("key") || r.org != values.Text("organization_id") || len(c.route.scopes) > 0 && !c.who.sees(r.org) {
		return nil
	}
	return r
}

// activations returns the activations of a key, oldest first.
func (s *Server) activations(key *row) (list []*row) {
	return s.db.primary.shop.of[owner{kindActivation, key.id}]
}

func (c *call) activation(key *row, id string) *row {
	a := c.db.shop.get(kindActivation, id)
	if a == nil || a.text("license_key_id") != key.id {
		return nil
	}
	return a
}

func expiredKey(c *call, r *row) bool {
	end := r.time("expires_at")
	return !end.IsZero() && !c.now.Before(end)
}

func validateKey(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	r := c.licenseKey(values)
	if r == nil {
		return notFound("Not found")
	}
	var activation *row
	if id := values.Text("activation_id"); id != "" {
		if activation = c.activation(r, id); activation == nil {
			return notFound("Not found")
		}
	}
	if usage := intOf(values.Value("increment_usage")); usage > 0 && r.data.Value("limit_usage") != nil && r.int("usage")+usage > r.int("limit_usage") && r.text("status") == "granted" && !expiredKey(c, r) {
		return domainError(http.StatusBadRequest, "BadRequest", "License key only has "+python.Str(max(0, int(r.int("limit_usage")-r.int("usage"))))+" more usages.")
	}
	switch {
	case r.text("status") != "granted":
		return notFound("License key is no longer active.")
	case expiredKey(c, r):
		return notFound("License key has expired.")
	case activation != nil && !same(objectOf(activation.hidden, "conditions"), normalized(objectOf(values, "conditions"))):
		return notFound("License key does not match required conditions")
	case values.Value("benefit_id") != nil && values.Text("benefit_id") != r.text("benefit_id"):
		return notFound("License key does not match given benefit.")
	case values.Value("customer_id") != nil && values.Text("customer_id") != r.customer:
		return notFound("License key does not match given user.")
	}
	next := c.srv.change(r, "validations", r.int("validations")+1, "last_validated_at", timestamp(c.srv.stamp()), "usage", r.int("usage")+intOf(values.Value("increment_usage")))
	shown := c.db.show(next)
	shown.Set("activation", nil)
	if activation != nil {
		shown.Set("activation", activation.data)
	}
	return jsonResponse(http.StatusOK, shown)
}

// normalized returns an object with sorted keys, for comparison.
func normalized(o *python.Object) *python.Object {
	o = o.Clone()
	o.SortKeys(strings.Compare)
	return o
}

func activateKey(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	r := c.licenseKey(values)
	switch {
	case r == nil:
		return notFound("Not found")
	case r.text("status") != "granted":
		return notPermitted("License key is no longer active. This license key can not be activated.")
	case expiredKey(c, r):
		return notPermitted("License key has expired.")
	case r.data.Value("limit_activations") == nil:
		return notPermitted("This license key does not support activations. Use the /validate endpoint instead to check license validity.")
	case int64(len(c.srv.activations(r))) >= r.int("limit_activations"):
		return notPermitted("License key activation limit already reached")
	}
	a := newRow(kindActivation, newUUID(), r.org, r.id, c.srv.stamp())
	setAll(a.data, []any{"license_key_id", r.id, "label", values.Value("label"), "meta", objectOf(values, "meta")})
	a.hidden.Set("conditions", normalized(objectOf(values, "conditions")))
	c.srv.save(a)
	shown := a.data.Clone()
	shown.Set("license_key", c.db.show(r))
	return jsonResponse(http.StatusOK, shown)
}

func deactivateKey(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	r := c.licenseKey(values)
	if r == nil {
		return notFound("Not found")
	}
	a := c.activation(r, values.Text("activation_id"))
	if a == nil {
		return notFound("Not found")
	}
	c.srv.drop(a)
	return noContent()
}

// getKey also shows the key's activations.
func getKey(c *call) *response {
	r, resp := c.object(kindKey)
	if resp != nil {
		return resp
	}
	return jsonResponse(http.StatusOK, c.keyWithActivations(r))
}

func (c *call) keyWithActivations(r *row) *python.Object {
	shown := c.db.show(r)
	list := []any{}
	for _, a := range c.srv.activations(r) {
		list = append(list, a.data)
	}
	shown.Set("activations", list)
	return shown
}

func getActivation(c *call) *response {
	id := c.pathUUID("activation_id", true)
	r, resp := c.object(kindKey)
	if resp != nil {
		return resp
	}
	a := c.activation(r, id)
	if a == nil {
		return notFound("Not found")
	}
	shown := a.data.Clone()
	shown.Set("license_key", c.db.show(r))
	return jsonResponse(http.StatusOK, shown)
}

func updateKey(c *call, r *row, values *python.Object) *response {
	if !notNull(values, "status") {
		return internalError()
	}
	return c.shown(http.StatusOK, c.srv.change(r, pairsOf(values)...))
}

func rotateKey(c *call) *response {
	r, resp := c.object(kindKey)
	if resp != nil {
		return resp
	}
	if status := r.text("status"); !slices.Contains([]string{"granted", "disabled"}, status) {
		return domainError(http.StatusBadRequest, "RotateNotPermitted", "License key cannot be rotated in its current status. Current status: "+status+". Allowed statuses: disabled, granted.")
	}
	value := strings.ToUpper(newUUID())
	if b := c.db.shop.rows[r.text("benefit_id")]; b != nil {
		if prefix := objectOf(b.data, "properties").Text("prefix"); prefix != "" {
			value = prefix + "-" + value
		}
	}
	return c.shown(http.StatusOK, c.srv.change(r, "key", value, "display_key", "****-"+value[len(value)-6:]))
}
