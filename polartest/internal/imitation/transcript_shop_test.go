package imitation

import (
	"cmp"
	"encoding/csv"
	"maps"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
	"github.com/polarexpress/polar-go/internal/recording"
)

// The recordings of the services use products, subscriptions and orders that no step
// creates. The code below adds them as responses first show them.

// services reports whether a recording is about more than customers and members.
func (tr *transcript) services() bool {
	return slices.ContainsFunc(tr.Steps, func(s step) bool {
		path, _, _ := strings.Cut(s.Path, "?")
		rest, ok := strings.CutPrefix(path, "/v1/")
		return ok && rest != "" && !strings.HasPrefix(rest, "customers") && !strings.HasPrefix(rest, "members")
	})
}

// secretForm matches texts that identify an object, or that the service generates.
var secretForm = regexp.MustCompile(`polar_(?:cl|cst|mst|c)_[A-Za-z0-9_]+|create_customer[a-z_]*_[0-9a-f]{12}|cus_[A-Z0-9]{14}|INV-[A-Z0-9]{6}|[A-Z0-9]+-[A-Z]{10}-[0-9]{4}` +
	`|(?:[A-Z0-9]+-)?[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}|\*{4}-[0-9A-Z]{6}`)

// kindOf infers the kind of an object in a response from its keys, and returns how many
// of the kind's keys it has.
func kindOf(o *python.Object) kind {
	for _, k := range []struct {
		kind kind
		keys []string
	}{
		{kindCheckout, []string{"client_secret", "payment_processor_metadata", "status"}},
		{kindLink, []string{"client_secret", "label", "products"}},
		{kindOrder, []string{"billing_reason", "items"}},
		{kindSubscription, []string{"current_period_start", "recurring_interval", "customer_id"}},
		{kindRefund, []string{"revoke_benefits", "order_id"}},
		{kindGrant, []string{"is_granted", "benefit_id"}},
		{kindKey, []string{"display_key", "validations"}},
		{kindActivation, []string{"license_key_id", "label", "meta"}},
		{kindBenefit, []string{"selectable", "deletable"}},
		{kindProduct, []string{"is_recurring", "is_archived", "name"}},
		{kindDiscount, []string{"duration", "type", "code"}},
		{kindCustomerMeter, []string{"balance", "meter_id", "customer_id"}},
		{kindMeter, []string{"aggregation", "filter"}},
		{kindMeter, []string{"custom_label", "custom_multiplier"}},
		{kindEvent, []string{"source", "name", "timestamp", "child_count"}},
	} {
		if has(o, append(k.keys, "id")...) {
			return k.kind
		}
	}
	return ""
}

// nursery collects the objects of a recording.
type nursery struct {
	p       *player
	orgs    map[string]string
	seen    map[string]*seedling
	order   []*seedling
	created map[string]int // steps that make objects, by ID
	gone    map[string]int // steps that delete them
	facts   []*fact
	hints   []*seedling
	refunds []*python.Object  // that steps have made
	secrets map[string]string // of checkouts, and their IDs
	keys    map[string]bool
	counts  []*seedling // events that a meter has counted, of the customer counted
	counted string
	latest  time.Time // in the steps so far
	exports []export
	names   map[string]*python.Object // what lists of names of events say
	// nameTotals are the numbers of names in those lists, by source.
	nameTotals map[string]int
	// full are the steps at which a key had no activation left, and its key.
	full map[int]string
	// conditions are those of activations, by ID.
	conditions map[string]*python.Object
}

// seedling is an object in the form in which a response first shows it.
type seedling struct {
	kind kind
	id   string
	org  string
	o    *python.Object
	made bool // by a step
}

// export is a list as CSV.
type export struct {
	kind kind
	org  string
	step *step
}

// fact is the content of a list.
type fact struct {
	step   int
	kind   kind
	total  int
	call   *call
	args   map[string][]string
	keep   func(*row) bool
	passes func(*row) bool
	items  []string
	count  int
}

// listed are the kinds of objects that paths list.
var listed = map[string]kind{
	"/v1/products/": kindProduct, "/v1/checkouts/": kindCheckout, "/v1/checkout-links/": kindLink, "/v1/orders/": kindOrder, "/v1/subscriptions/": kindSubscription,
	"/v1/refunds/": kindRefund, "/v1/discounts/": kindDiscount, "/v1/benefits/": kindBenefit, "/v1/benefit-grants/": kindGrant, "/v1/license-keys/": kindKey,
	"/v1/meters/": kindMeter, "/v1/events/": kindEvent, "/v1/customer-meters/": kindCustomerMeter,
	"/v1/customer-portal/subscriptions/": kindSubscription, "/v1/customer-portal/orders/": kindOrder, "/v1/customer-portal/benefit-grants/": kindGrant,
	"/v1/customer-portal/license-keys/": kindKey, "/v1/customer-portal/meters/": kindCustomerMeter,
}

// plantShop adds the objects that a recording requires.
func plantShop(p *player, tr *transcript, orgs map[string]string) {
	n := &nursery{p: p, orgs: orgs, seen: map[string]*seedling{}, created: map[string]int{}, gone: map[string]int{}, secrets: map[string]string{}, keys: map[string]bool{},
		full: map[int]string{}, names: map[string]*python.Object{}, nameTotals: map[string]int{}, conditions: map[string]*python.Object{}}
	for i := range tr.Steps {
		n.observe(i, &tr.Steps[i])
		if t := newest(&tr.Steps[i]); t.After(n.latest) {
			n.latest = t
		}
	}
	n.sow(tr)
}

var createdForm = regexp.MustCompile(`"(?:created_at|modified_at|started_at)":"(20[^"]+)"`)

// newest returns the latest time of a creation or a change in a response.
func newest(s *step) (last time.Time) {
	for _, m := range createdForm.FindAllStringSubmatch(s.ResponseBody, -1) {
		if t, err := time.Parse(time.RFC3339Nano, m[1]); err == nil && t.After(last) {
			last = t
		}
	}
	return last
}

// started returns the start of a recording: the time of its first response that has
// one.
func started(tr *transcript) (at time.Time) {
	for i := range tr.Steps {
		if t := newest(&tr.Steps[i]); !t.IsZero() {
			return t
		}
	}
	return time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC)
}

func (n *nursery) observe(i int, s *step) {
	path, raw, _ := strings.Cut(s.Path, "?")
	if s.Method == http.MethodDelete && s.Status == http.StatusNoContent {
		if m := uuidForm.FindString(path); m != "" {
			n.gone[m] = i
		}
	}
	if s.Status < 200 || s.Status > 299 {
		n.refusal(i, s)
		return
	}
	if s.Status == http.StatusNoContent {
		n.named(s)
	}
	if k := map[string]kind{"/v1/orders/export": kindOrder, "/v1/subscriptions/export": kindSubscription}[path]; k != "" {
		n.exports = append(n.exports, export{k, n.orgs[organizationOf(s.token())], s})
	}
	v, err := python.ParseJSON([]byte(s.ResponseBody))
	if s.Trimmed {
		v, err = keptItems(s.ResponseBody), nil
	}
	if err != nil {
		return
	}
	top, _ := v.(*python.Object)
	if top != nil && (s.Status == http.StatusCreated || strings.HasSuffix(path, "/activate")) {
		if id := top.Text("id"); id != "" {
			if _, known := n.seen[id]; !known {
				n.created[id] = i
			}
		}
	}
	if top != nil && strings.HasSuffix(path, "/validate") {
		n.conditions[part(top, "activation").Text("id")] = part(n.sent(s), "conditions")
	}
	n.visit(i, s, v, top)
	if q := pydantic.ParseQuery(raw); s.Method == http.MethodGet {
		if id, ok := q.Last("meter_id"); ok {
			o := python.NewObject()
			if items := parts(top, "items"); len(items) > 0 { // the meter counts events of this name
				o.Set("filter", python.NewObject("conjunction", "and", "clauses", []any{python.NewObject("property", "name", "operator", "eq", "value", items[0].Value("name"))}))
				o.Set("aggregation", python.NewObject("func", "count"))
			}
			n.hints = append(n.hints, &seedling{kind: kindMeter, id: id, org: n.orgs[organizationOf(s.token())], o: o})
		}
		n.quantities(s, path, &q, top)
	}
	if path == "/v1/events/names" && top != nil {
		for _, item := range parts(top, "items") {
			n.name(i, s, item)
		}
		q := pydantic.ParseQuery(raw)
		if _, given := q.Last("query"); !given {
			source, _ := q.Last("source")
			n.nameTotals[source] = integer(part(top, "pagination"), "total_count")
		}
	}
	k := listed[path]
	var keep func(*row) bool
	if of, ok := strings.CutPrefix(path, "/v1/benefits/"); ok && strings.HasSuffix(of, "/grants") {
		k, keep = kindGrant, func(r *row) bool { return r.text("benefit_id") == strings.TrimSuffix(of, "/grants") }
	}
	if k != "" && s.Method == http.MethodGet && top != nil && !s.Trimmed {
		total := integer(part(top, "pagination"), "total_count")
		if has(part(top, "pagination"), "total_count") {
			n.facts = append(n.facts, &fact{step: i, kind: k, total: total, items: objectIDs(top), call: n.callOf(s, raw), keep: keep})
		}
	}
}

// name learns how many events of a name there are, and when the first and the last
// were.
func (n *nursery) name(i int, s *step, item *python.Object) {
	key := item.Text("name") + " " + item.Text("source")
	if n.names[key] != nil {
		return
	}
	n.names[key] = item
	raw := url.Values{"name": {item.Text("name")}, "source": {item.Text("source")}}.Encode()
	list := &step{recording.Step{Method: http.MethodGet, Path: "/v1/events/?" + raw, Token: s.Token}}
	n.facts = append(n.facts, &fact{step: i, kind: kindEvent, total: integer(item, "occurrences"), call: n.callOf(list, raw)})
}

// ends plants the first and the last event of each name.
func (n *nursery) ends() {
	for _, item := range n.names {
		for _, end := range []string{"first_seen", "last_seen"} {
			at := item.Value(end)
			if !slices.ContainsFunc(n.order, func(d *seedling) bool {
				return d.kind == kindEvent && d.o.Text("name") == item.Text("name") && same(d.o.Value("timestamp"), at)
			}) {
				n.stranger(kindEvent, newUUID(), n.orgs["A"], python.NewObject("name", item.Value("name"), "label", item.Value("label"), "source", item.Value("source"),
					"timestamp", at, "metadata", python.NewObject()))
			}
		}
	}
}

// otherNames plants an event for each name that is counted but not shown.
func (n *nursery) otherNames() {
	for _, source := range []string{"system", "user", ""} {
		known := map[string]bool{}
		var like *seedling
		for _, d := range n.order {
			if d.kind == kindEvent && (source == "" || d.o.Text("source") == source) {
				known[d.o.Text("name")] = true
				if like == nil || d.o.Value("customer_id") != nil {
					like = d
				}
			}
		}
		oldest := time.Time{} // those that are not shown were seen before the others
		for _, item := range n.names {
			if at := recordedTime(item, "last_seen"); (source == "" || item.Text("source") == source) && (oldest.IsZero() || at.Before(oldest)) {
				oldest = at
			}
		}
		for i := len(known); i < n.nameTotals[source] && like != nil; i++ {
			o := like.o.Clone()
			name := "unknown-" + strconv.Itoa(i)
			setAll(o, []any{"name", name, "label", name, "source", cmp.Or(source, "user"), "timestamp", timestamp(oldest.Add(-time.Millisecond)), "parent_id", nil, "metadata", python.NewObject()})
			n.stranger(kindEvent, newUUID(), like.org, o)
		}
	}
}

// callOf returns the request of a step as a call of the server.
func (n *nursery) callOf(s *step, raw string) *call {
	srv := n.p.srv
	t := srv.tokens[n.p.tokens[s.token()]]
	path, _, _ := strings.Cut(s.Path, "?")
	rt, params, _ := find(s.Method, path)
	if rt == nil {
		return nil
	}
	return &call{srv: srv, req: httptest.NewRequest(s.Method, path, nil), route: rt, params: params, who: &principal{t, t.Organizations}, query: pydantic.ParseQuery(raw), db: srv.db.primary}
}

// visit notes the objects at any depth.
func (n *nursery) visit(i int, s *step, v any, top *python.Object) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n.visit(i, s, e, top)
		}
	case *python.Object:
		if has(v, "slug", "customer_email_settings") {
			if org := n.p.srv.orgs[v.Text("id")]; org != nil {
				org.Name, org.Slug, org.CreatedAt, org.AvatarURL = v.Text("name"), v.Text("slug"), recordedTime(v, "created_at"), v.Text("avatar_url")
			}
		}
		if k := kindOf(v); k != "" {
			n.note(i, s, k, v, v == top)
		}
		if m, ok := v.Value("meter").(*python.Object); ok && kindOf(m) == "" && has(m, "id", "name") {
			n.note(i, s, kindMeter, m, false)
		}
		for _, key := range v.Keys() {
			if key != "metadata" && key != "detail" {
				n.visit(i, s, v.Value(key), top)
			}
		}
	}
}

func (n *nursery) note(i int, s *step, k kind, o *python.Object, top bool) {
	id := o.Text("id")
	org := o.Text("organization_id")
	if org == "" {
		org = n.orgs[organizationOf(s.token())]
	}
	known := n.seen[id]
	if key := o.Text("key"); key != "" {
		n.keys[key] = true
	}
	if secret := o.Text("client_secret"); secret != "" {
		n.secrets[secret] = id
	}
	if known == nil {
		_, made := n.created[id]
		known = &seedling{kind: k, id: id, org: org, o: o.Clone(), made: made}
		n.seen[id] = known
		n.order = append(n.order, known)
		if k == kindRefund && made {
			n.refunds = append(n.refunds, o)
		}
		if k == kindOrder && !made {
			n.unrefund(known.o)
		}
		if top && !made && s.Method != http.MethodGet {
			n.undo(s, known)
		}
		return
	}
	for _, key := range o.Keys() {
		if _, has := known.o.Get(key); !has {
			known.o.Set(key, o.Value(key))
		}
	}
}

// undo reverts the change of a step to an object that only later responses show.
func (n *nursery) undo(s *step, d *seedling) {
	body, o := n.sent(s), d.o
	if modified := recordedTime(o, "modified_at"); !modified.IsZero() && modified.Before(n.latest) {
		return // the step has not changed it
	}
	switch {
	case strings.HasSuffix(s.Path, "/benefits"):
		return
	case d.kind == kindKey && strings.HasSuffix(s.Path, "/validate"):
		o.Set("validations", intOf(o.Value("validations"))-1)
		o.Set("usage", intOf(o.Value("usage"))-intOf(body.Value("increment_usage")))
		o.Set("last_validated_at", nil)
	case d.kind == kindSubscription && (s.Method == http.MethodDelete || body.Value("revoke") == true):
		setAll(o, []any{"status", "active", "canceled_at", nil, "ends_at", nil, "ended_at", nil, "modified_at", nil})
		if end := timeOf(o.Value("trial_end")); !end.IsZero() && end.After(timeOf(d.o.Value("current_period_start"))) {
			o.Set("status", "trialing")
		}
		if o.Value("past_due_at") != nil {
			o.Set("status", "past_due")
		}
	case d.kind == kindSubscription && body.Value("cancel_at_period_end") != nil:
		setAll(o, []any{"cancel_at_period_end", false, "canceled_at", nil, "ends_at", nil, "customer_cancellation_reason", nil, "customer_cancellation_comment", nil})
	case d.kind == kindSubscription && body.Text("product_id") != "" && body.Text("product_id") == o.Text("product_id"):
		o.Set("product_id", nil) // another one is found for it
		o.Set("modified_at", nil)
	case d.kind == kindSubscription && body.Value("seats") != nil, d.kind == kindSubscription && body.Value("units") != nil:
		for _, what := range []string{"seats", "units"} {
			if v := body.Value(what); v != nil && same(v, o.Value(what)) {
				o.Set(what, intOf(v)+1)
			}
		}
	case d.kind == kindSubscription && body.Value("pending_update") == nil && has(body, "pending_update"):
		o.Set("pending_update", python.NewObject("id", newUUID()))
		return
	case d.kind == kindCheckout && strings.HasSuffix(s.Path, "/confirm"):
		setAll(o, []any{"status", "open", "customer_id", nil, "payment_processor_metadata", omit(part(o, "payment_processor_metadata"), "customer_id")})
	case d.kind == kindKey && strings.HasSuffix(s.Path, "/rotate"):
		before := "before-" + newUUID()
		setAll(o, []any{"key", before, "display_key", "****-" + before[len(before)-6:]})
	case s.Method == http.MethodPatch:
		if !n.perturb(o, body) {
			return
		}
	}
	o.Set("modified_at", nil)
}

// sent returns the fields of a step's body that the contract has.
func (n *nursery) sent(s *step) *python.Object {
	body := python.NewObject()
	if s.RequestBody == nil {
		return body
	}
	path, _, _ := strings.Cut(s.Path, "?")
	rt, _, _ := find(s.Method, path)
	v, _ := python.ParseJSON([]byte(*s.RequestBody))
	if o, ok := v.(*python.Object); ok {
		body = o
	}
	if rt == nil {
		return body
	}
	if op, err := document().Operation(rt.method, rt.pattern); err == nil && op != nil && op.Body != nil {
		if values, _ := n.p.srv.checker.Body(op.Body, v); values != nil {
			for _, key := range body.Keys() {
				if _, known := values.Get(key); !known {
					body.Delete(key)
				}
			}
		}
	}
	return body
}

// unrefund removes from an order the refunds before its first response.
func (n *nursery) unrefund(o *python.Object) {
	for _, r := range n.refunds {
		if r.Text("order_id") != o.Text("id") {
			continue
		}
		amount, tax := intOf(r.Value("amount")), intOf(r.Value("tax_amount"))
		if amount > intOf(o.Value("refunded_amount")) {
			continue // it was lost
		}
		setAll(o, []any{"refunded_amount", intOf(o.Value("refunded_amount")) - amount, "refunded_tax_amount", intOf(o.Value("refunded_tax_amount")) - tax,
			"refundable_amount", intOf(o.Value("refundable_amount")) + amount, "refundable_tax_amount", intOf(o.Value("refundable_tax_amount")) + tax,
			"status", "partially_refunded", "modified_at", nil})
		if intOf(o.Value("refunded_amount")) == 0 {
			o.Set("status", "paid")
		}
	}
}

// quantities learns from what a meter has counted: one event for each number.
func (n *nursery) quantities(s *step, path string, q *pydantic.Query, top *python.Object) {
	rest, ok := strings.CutSuffix(path, "/quantities")
	if external, given := q.Last("external_customer_id"); given {
		n.counted = external
	}
	if !ok || top == nil || len(n.counts) > 0 {
		return
	}
	meter, org := uuidForm.FindString(rest), n.orgs[organizationOf(s.token())]
	n.hints = append(n.hints, &seedling{kind: kindMeter, id: meter, org: org, o: python.NewObject(
		"filter", parseObject(`{"conjunction":"and","clauses":[{"property":"name","operator":"eq","value":"counted"}]}`), "aggregation", parseObject(`{"func":"sum","property":"n"}`))})
	for _, v := range parts(top, "quantities") {
		if quantity := float(v, "quantity"); quantity != 0 {
			n.counts = append(n.counts, &seedling{kind: kindEvent, id: newUUID(), org: org, o: python.NewObject("name", "counted", "label", "counted",
				"timestamp", v.Value("timestamp"), "metadata", python.NewObject("n", quantity))})
		}
	}
}

// variants returns an object, and copies of it with other owners.
func (n *nursery) variants(r *row) []*row {
	all := []*row{r}
	if r.customer == "" {
		return all
	}
	customers := []string{}
	if r.kind == kindEvent {
		customers = append(customers, "")
	}
	for _, c := range n.p.srv.db.primary.org(r.org).byTime {
		if c.ID != r.customer && len(customers) < 6 {
			customers = append(customers, c.ID)
		}
	}
	for _, id := range customers {
		other := *r
		other.customer = id
		other.data = r.data.Clone()
		for _, key := range []string{"customer_id", "external_customer_id"} {
			if v, has := other.data.Get(key); has && v != nil {
				other.data.Set(key, null(id))
				if key == "external_customer_id" {
					other.data.Set(key, nil)
				}
			}
		}
		all = append(all, &other)
	}
	return all
}

// perturb gives the fields that a request sets other values than it sets. It
// reports whether there are any.
func (n *nursery) perturb(o, body *python.Object) (changed bool) {
	for key, v := range body.All() {
		shown, has := o.Get(key)
		if !has || key == "type" || !same(shown, v) && key != "billing_address" {
			continue
		}
		changed = true
		switch v := v.(type) {
		case nil:
			if strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "_at") {
				continue
			}
			o.Set(key, "before")
		case string:
			o.Set(key, v+" before")
		case bool:
			o.Set(key, !v)
		case *python.Object:
			o.Set(key, python.NewObject())
			if v.Len() == 0 {
				o.Set(key, python.NewObject("before", true))
			}
			if key == "billing_address" {
				before := pick(v, "line2 state country")
				setAll(before, []any{"line1", "before", "postal_code", nil, "city", nil})
				o.Set(key, before)
			}
		default:
			o.Set(key, intOf(v)+1)
		}
	}
	return changed
}

// sow stores all objects in the server.
func (n *nursery) sow(tr *transcript) {
	n.organizations(tr)
	for _, d := range n.order {
		if !d.made {
			n.plantOne(d)
		}
	}
	n.strangers()
	for _, d := range n.counts {
		if c := n.p.srv.db.primary.org(d.org).byExternal[n.counted]; c != nil {
			d.o.Set("external_customer_id", n.counted)
			d.o.Set("customer_id", c.ID)
		}
		n.plantOne(d)
	}
	n.ends()
	n.otherNames()
	n.activations()
	for _, e := range n.exports {
		n.exported(e)
	}
	n.others()
	n.sessions(tr)
	for _, f := range n.facts {
		if f.call != nil {
			f.args, _ = f.call.arguments()
			if f.call.who.Session {
				f.keep = func(r *row) bool { return r.customer == f.call.who.customer }
			}
			f.passes = f.call.passing(views[f.kind], f.keep, f.args)
		}
	}
	n.p.srv.opts.rank = n.ranks()
	for k := range maps.Keys(blanks) {
		n.fill(k)
	}
}

// ranks are the positions of objects in recorded lists, which order equal objects.
func (n *nursery) ranks() map[string]int {
	ranks := map[string]int{}
	for _, f := range n.facts {
		for _, id := range f.items {
			if _, known := ranks[id]; !known {
				ranks[id] = len(ranks) + 1
			}
		}
	}
	return ranks
}

// organizations learns the public data of organizations.
func (n *nursery) organizations(tr *transcript) {
	slug := regexp.MustCompile(`http://127\.0\.0\.1:3000/([^/"]+)/portal`)
	for i := range tr.Steps {
		if m := slug.FindStringSubmatch(tr.Steps[i].ResponseBody); m != nil {
			n.p.srv.orgs[n.orgs["A"]].Slug = m[1]
		}
	}
}

// embedded are the objects within others, which are shown from their own rows.
var embedded = strings.Fields("customer user user_id product discount subscription benefit member meter price organization activation activations product_price license_key")

func (n *nursery) plantOne(d *seedling) *row {
	o := d.o
	data := blank(d.kind)
	for _, key := range o.Keys() {
		if _, known := data.Get(key); known {
			data.Set(key, o.Value(key))
		}
	}
	for _, key := range embedded {
		if _, has := data.Get(key); has && !(d.kind == kindOrder && key == "product_price") {
			data.Set(key, nil)
		}
	}
	for _, key := range []string{"url", "success_url"} {
		if v := data.Text(key); v != "" {
			data.Set(key, strings.ReplaceAll(v, "http://127.0.0.1:3000", n.p.srv.URL))
		}
	}
	if d.kind == kindMeter && data.Value("filter") == nil {
		data.Set("filter", python.NewObject("conjunction", "and", "clauses", []any{}))
		data.Set("aggregation", python.NewObject("func", "count"))
	}
	for _, key := range []string{"products", "benefits"} {
		if list, ok := o.Value(key).([]any); ok {
			data.Set(key, idsOf(list))
		}
	}
	customer := o.Text("customer_id")
	if c, ok := o.Value("customer").(*python.Object); ok && c != nil && customer == "" {
		customer = c.Text("id")
	}
	if d.kind == kindEvent && has(o, "customer") && o.Value("customer") == nil {
		customer = ""
	}
	created := recordedTime(o, "created_at")
	if d.kind == kindEvent {
		created = recordedTime(o, "timestamp")
	}
	if d.kind == kindActivation {
		customer = o.Text("license_key_id")
	}
	r := &row{kind: d.kind, id: d.id, org: d.org, customer: customer, created: created, data: data, hidden: python.NewObject()}
	if d.kind == kindCheckout {
		if price, ok := o.Value("product_price").(*python.Object); ok && price != nil {
			r.hidden.Set("price", price)
		}
		own := python.NewObject()
		for id, v := range part(o, "prices").All() {
			if list, ok := v.([]any); ok && len(list) > 0 && list[0].(*python.Object).Text("source") == "ad_hoc" {
				own.Set(id, list)
			}
		}
		data.Set("prices", own)
	}
	if d.kind == kindProduct && len(listOf(data, "prices")) == 0 {
		data.Set("prices", []any{python.NewObject("id", newUUID(), "created_at", data.Value("created_at"), "modified_at", nil, "source", "catalog", "amount_type", "fixed",
			"price_currency", "usd", "tax_behavior", nil, "is_archived", false, "product_id", d.id, "type", "one_time", "recurring_interval", nil, "price_amount", 1000)})
	}
	srv := n.p.srv
	srv.mu.Lock()
	defer srv.mu.Unlock()
	srv.seed(func(db *store) { db.shop.put(r) })
	n.p.ids.bind(d.id, d.id)
	for _, key := range []string{"client_secret", "key", "display_key", "invoice_number"} {
		if v := data.Text(key); v != "" {
			n.p.ids.bind(v, v)
		}
	}
	for _, m := range createdForm.FindAllStringSubmatch(string(python.MarshalJSON(data)), -1) {
		n.p.times.bind(strings.TrimSuffix(m[1], "Z"), strings.TrimSuffix(m[1], "Z"))
	}
	return r
}

func idsOf(list []any) []any {
	ids := []any{}
	for _, v := range list {
		if o, ok := v.(*python.Object); ok {
			ids = append(ids, o.Value("id"))
		} else {
			ids = append(ids, v)
		}
	}
	return ids
}

// references are the fields with the IDs of other objects.
var references = map[string]kind{
	"meter_id": kindMeter, "product_id": kindProduct, "benefit_id": kindBenefit, "discount_id": kindDiscount, "order_id": kindOrder, "subscription_id": kindSubscription,
}

// strangers adds the objects of which other objects and errors show only the ID.
func (n *nursery) strangers() {
	var visit func(org string, v any)
	visit = func(org string, v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				visit(org, e)
			}
		case *python.Object:
			for key, value := range v.All() {
				if k := references[key]; k != "" {
					o := python.NewObject()
					if k == kindOrder || k == kindSubscription {
						o.Set("customer_id", v.Value("customer_id"))
					}
					if amount := intOf(v.Value("amount")); k == kindOrder && amount > 0 && has(v, "revoke_benefits") { // a refund
						const net = 1_000_000
						setAll(o, []any{"net_amount", net, "tax_amount", net * intOf(v.Value("tax_amount")) / amount, "currency", v.Value("currency"), "subscription_id", v.Value("subscription_id")})
					}
					n.stranger(k, text(value), org, o)
				}
				visit(org, value)
			}
		}
	}
	for _, h := range n.hints {
		if key := h.o.Text("key"); key == "" || n.p.srv.db.primary.shop.find(kindKey, key) == nil {
			n.stranger(h.kind, h.id, h.org, h.o)
		}
	}
	for _, d := range slices.Clone(n.order) {
		visit(d.org, d.o)
	}
}

func (n *nursery) stranger(k kind, id, org string, o *python.Object) {
	if id == "" || n.seen[id] != nil || strings.HasPrefix(id, "00000000") {
		return
	}
	o.Set("id", id)
	for key, v := range map[string]any{"name": "Planted", "created_at": "2026-11-01T00:00:00Z", "organization_id": org} {
		if _, has := o.Get(key); !has {
			o.Set(key, v)
		}
	}
	d := &seedling{kind: k, id: id, org: org, o: o}
	n.seen[id] = d
	n.order = append(n.order, d)
	n.plantOne(d)
}

// refusals are errors that reveal the kind of the object whose ID is the input, and its
// fields.
var refusals = map[string]struct {
	kind kind
	like string
}{
	"Product is archived.":                     {kindProduct, `{"is_archived":true}`},
	"Product is not a recurring product.":      {kindProduct, `{}`},
	"Only free subscriptions can be upgraded.": {kindSubscription, `{"amount":1000}`},
	"Product is not free. The customer should go through a checkout to create a paid subscription.": {kindProduct, `{"is_recurring":true,"recurring_interval":"month","recurring_interval_count":1}`},
	"Product is not available in the specified currency.":                                           {kindProduct, `{}`},
}

// statuses are errors about the object that the path or the text names.
var statuses = map[string]struct {
	kind kind
	like string
}{
	"AlreadyCanceledSubscription":  {kindSubscription, `{"status":"canceled","ended_at":"2026-11-01T00:00:00Z"}`},
	"RefundedAlready":              {kindOrder, `{"status":"refunded","net_amount":1000}`},
	"RefundUnknownPayment":         {kindOrder, `{"status":"pending","paid":false,"net_amount":1000000}`},
	"CannotPauseSubscription":      {kindSubscription, `{"status":"past_due"}`},
	"NoScheduledPause":             {kindSubscription, `{}`},
	"NotPausedSubscription":        {kindSubscription, `{}`},
	"InvoiceDoesNotExist":          {kindOrder, `{}`},
	"MissingInvoiceBillingDetails": {kindOrder, `{}`},
	"OrderNotEligibleForInvoice":   {kindOrder, `{"status":"void"}`},
	"NotASeatBasedSubscription":    {kindSubscription, `{}`},
	"NotAUnitBasedSubscription":    {kindSubscription, `{}`},
	"RotateNotPermitted":           {kindKey, `{}`},
}

// keyErrors are the service's errors about invalid license keys.
var keyErrors = map[string]string{
	"License key has expired.":                                                `{"expires_at":"2026-01-01T00:00:00Z","limit_activations":2}`,
	"License key is no longer active.":                                        `{"status":"revoked"}`,
	"License key is no longer active. This license key can not be activated.": `{"status":"revoked"}`,
	"License key activation limit already reached":                            `{"limit_activations":0}`,
	"This license key does not support activations. Use the /validate endpoint instead to check license validity.": `{}`,
}

// refusalsOf are problems with another field than the one whose object they tell
// of.
var refusalsOf = map[string]struct {
	kind        kind
	field, like string
}{
	"Refund amount exceeds refundable amount": {kindOrder, "order_id", `{}`},
}

// named learns of the object whose ID is in a path.
func (n *nursery) named(s *step) {
	segments := strings.Split(s.Path, "/")
	if len(segments) < 4 {
		return
	}
	if k := listed["/v1/"+segments[2]+"/"]; k != "" && uuidForm.MatchString(segments[3]) {
		n.hints = append(n.hints, &seedling{kind: k, id: uuidForm.FindString(segments[3]), org: n.orgs[organizationOf(s.token())], o: python.NewObject()})
	}
}

// refusal learns from an error.
func (n *nursery) refusal(i int, s *step) {
	o := parseObject(s.ResponseBody)
	if o == nil {
		return
	}
	org := n.orgs["A"]
	if rest, ok := strings.CutPrefix(s.Path, "/v1/checkouts/client/"); ok {
		secret, _, _ := strings.Cut(rest, "/")
		status := map[int]string{http.StatusGone: "expired"}[s.Status]
		if status == "" && o.Text("error") == "NotOpenCheckout" {
			status = o.Text("detail")[strings.LastIndex(o.Text("detail"), " ")+1:]
		}
		if status != "" && n.secrets[secret] == "" {
			n.secrets[secret] = cmp.Or(uuidForm.FindString(o.Text("detail")), newUUID())
			n.hints = append(n.hints, &seedling{kind: kindCheckout, id: n.secrets[secret], org: org, o: python.NewObject("client_secret", secret, "status", status)})
		}
	}
	if s.RequestBody != nil && o.Text("detail") == "License key activation limit already reached" {
		n.full[i] = n.sent(s).Text("key")
	}
	if left := moreUsages.FindStringSubmatch(o.Text("detail")); left != nil && s.RequestBody != nil {
		limit, _ := new(big.Int).SetString(left[1], 10)
		n.missingKey(n.sent(s), python.NewObject("limit_usage", limit))
	}
	if why, known := keyErrors[o.Text("detail")]; known && s.RequestBody != nil {
		n.missingKey(n.sent(s), parseObject(why))
	}
	id := uuidForm.FindString(s.Path)
	if o.Text("detail") != "" && uuidForm.MatchString(o.Text("detail")) {
		id = uuidForm.FindString(o.Text("detail"))
	}
	if r, known := statuses[o.Text("error")]; known && id != "" {
		like := parseObject(r.like)
		if status := currentStatus.FindStringSubmatch(o.Text("detail")); status != nil {
			like.Set("status", status[1])
		}
		net, tax := int64(0), int64(0)
		for _, refund := range n.refunds {
			if refund.Text("order_id") == id {
				net, tax = net+intOf(refund.Value("amount")), tax+intOf(refund.Value("tax_amount"))
				setAll(like, []any{"status", "paid", "net_amount", net, "tax_amount", tax, "currency", refund.Value("currency"), "customer_id", refund.Value("customer_id")})
			}
		}
		n.hints = append(n.hints, &seedling{kind: r.kind, id: id, org: org, o: like})
	}
	if s.Status != http.StatusNotFound && s.Status != http.StatusUnauthorized && s.Status != http.StatusMethodNotAllowed &&
		o.Text("error") != "insufficient_scope" && o.Text("error") != "RequestValidationError" {
		n.named(s)
	}
	for _, d := range parts(o, "detail") {
		if r, known := refusalsOf[d.Text("msg")]; known && s.RequestBody != nil {
			if body := parseObject(*s.RequestBody); body != nil {
				n.hints = append(n.hints, &seedling{kind: r.kind, id: body.Text(r.field), org: org, o: parseObject(r.like)})
			}
		}
		if r, known := refusals[d.Text("msg")]; known && isText(d.Value("input")) {
			n.hints = append(n.hints, &seedling{kind: r.kind, id: d.Text("input"), org: n.orgs[organizationOf(s.token())], o: parseObject(r.like)})
		}
	}
}

var (
	moreUsages    = regexp.MustCompile(`^License key only has (\d+) more usages\.$`)
	currentStatus = regexp.MustCompile(`Current status: (\w+)\.`)
)

// missingKey adds a license key that a request uses, unless a response shows it.
func (n *nursery) missingKey(body, like *python.Object) {
	if key := body.Text("key"); key != "" {
		setAll(like, []any{"key", key, "display_key", "****-"})
		n.hints = append(n.hints, &seedling{kind: kindKey, id: newUUID(), org: body.Text("organization_id"), o: like})
	}
}

// exported plants the rows of an export that are not known otherwise.
func (n *nursery) exported(e export) {
	srv := n.p.srv
	db := srv.db.primary
	field := map[kind]string{kindOrder: "created_at", kindSubscription: "started_at"}[e.kind]
	var known [][]string
	for _, r := range db.shop.of[owner{e.kind, e.org}] {
		var record []string
		for _, cell := range map[kind]func(*store, *row) []any{kindOrder: orderCells, kindSubscription: subscriptionCells}[e.kind](db, r) {
			record = append(record, csvCell(cell))
		}
		known = append(known, record)
	}
	for _, d := range n.order {
		if d.kind == e.kind && d.made {
			known = append(known, []string{part(d.o, "customer").Text("email"), text(csvTime(timeOf(d.o.Value(field)))), "", "", "", "", ""})
		}
	}
	records, _ := csv.NewReader(strings.NewReader(e.step.ResponseBody)).ReadAll()
	if e.step.Trimmed && len(records) > 0 {
		records = records[:len(records)-1]
	}
	if len(records) == 0 || len(records[0]) != 7 {
		return
	}
	records = records[1:]
	for _, columns := range [][]int{{0, 1, 2, 5}, {0, 1, 2}, {0, 1}} { // an object may have changed before the export
		records = slices.DeleteFunc(records, func(record []string) bool {
			at := slices.IndexFunc(known, func(k []string) bool {
				return !slices.ContainsFunc(columns, func(i int) bool { return k[i] != record[i] })
			})
			if at >= 0 {
				known = slices.Delete(known, at, at+1)
			}
			return at >= 0
		})
	}
	for _, record := range records {
		created := strings.Replace(record[1], "+00:00", "Z", 1)
		c := db.org(e.org).byEmail[strings.ToLower(record[0])]
		if c == nil {
			srv.AddCustomer(Customer{OrganizationID: e.org, Email: record[0]})
			c = db.org(e.org).byEmail[strings.ToLower(record[0])]
		}
		amount, err := strconv.ParseFloat(record[3], 64)
		if c == nil || err != nil {
			continue
		}
		product := ""
		for _, p := range db.shop.of[owner{kindProduct, e.org}] {
			if p.text("name") == record[2] {
				product = p.id
			}
		}
		if product == "" && record[2] != "" {
			product = newUUID()
			n.stranger(kindProduct, product, e.org, python.NewObject("name", record[2]))
		}
		cents := int64(math.Round(amount * 100))
		o := python.NewObject("id", newUUID(), "customer_id", c.ID, "product_id", null(product), "currency", record[4], "status", record[5], "created_at", created)
		if e.kind == kindOrder {
			setAll(o, []any{"net_amount", cents, "total_amount", cents, "description", record[2], "invoice_number", record[6], "paid", record[5] == "paid"})
		} else {
			setAll(o, []any{"amount", cents, "started_at", created, "recurring_interval", record[6], "current_period_start", created})
		}
		n.stranger(e.kind, o.Text("id"), e.org, o)
	}
}

// activations plants those of keys that had none left, and the conditions of those
// that are known.
func (n *nursery) activations() {
	shop := n.p.srv.db.primary.shop
	for id, conditions := range n.conditions {
		r := shop.get(kindActivation, id)
		if _, made := n.created[id]; r != nil && !made {
			r.hidden.Set("conditions", normalized(conditions))
		}
	}
	for step, key := range n.full {
		k := shop.find(kindKey, key)
		if k == nil {
			continue
		}
		have := int64(len(n.p.srv.activations(k)))
		for _, d := range n.order {
			if at, made := n.created[d.id]; made && at < step && d.kind == kindActivation && d.o.Text("license_key_id") == k.id && (n.gone[d.id] == 0 || n.gone[d.id] > step) {
				have++
			}
		}
		for ; have < k.int("limit_activations"); have++ {
			id := newUUID()
			n.plantOne(&seedling{kind: kindActivation, id: id, org: k.org, o: python.NewObject("id", id, "license_key_id", k.id, "label", "planted", "created_at", "2026-11-01T00:00:00Z")})
		}
	}
}

// buyer learns of the customer of a checkout.
func (g *garden) buyer(o *python.Object) {
	id := o.Text("customer_id")
	if id == "" || !has(o, "client_secret", "customer_email", "customer_billing_name") {
		return
	}
	if c := g.bought[id]; c != nil {
		c.ExternalID = cmp.Or(c.ExternalID, o.Text("external_customer_id"))
		return
	}
	c := &seedCustomer{Customer: Customer{
		ID: id, OrganizationID: o.Text("organization_id"), Type: polarrules.Individual, Email: o.Text("customer_email"), Name: o.Text("customer_name"),
		ExternalID: o.Text("external_customer_id"), BillingName: o.Text("customer_billing_name"), WithoutOwner: true,
	}, metadata: python.NewObject()}
	if c.BillingName == c.Name {
		c.BillingName = ""
	}
	if a, ok := o.Value("customer_billing_address").(*python.Object); ok && a != nil {
		c.BillingAddress = &Address{
			Line1: a.Text("line1"), Line2: a.Text("line2"), PostalCode: a.Text("postal_code"), City: a.Text("city"), State: a.Text("state"), Country: a.Text("country"),
		}
	}
	if has(part(o, "payment_processor_metadata"), "customer_session_client_secret") {
		c.DefaultPaymentMethodID = newUUID()
	}
	g.bought[id] = c
	g.ordered = append(g.ordered, id)
}

func orNil(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// buyers plants the customers of whom only checkouts tell.
func (g *garden) buyers() {
	for _, id := range g.ordered {
		if c := g.bought[id]; g.customers[id] == nil && !g.created[id] {
			g.addCustomer(c)
		}
	}
}

// guests learns of the members for whom sessions are made.
func (g *garden) guests(s *step, o *python.Object) {
	if body := parseObject(text(orNil(s.RequestBody))); body != nil && body.Text("customer_id") != "" && body.Text("external_customer_id") != "" {
		o = omit(o, "external_customer_id") // it is not the customer's
	}
	g.buyer(o)
	if !has(o, "customer_portal_url") || s.RequestBody == nil {
		return
	}
	body := parseObject(*s.RequestBody)
	u, err := url.Parse(o.Text("customer_portal_url"))
	if body == nil || err != nil || body.Value("member_id") == nil && body.Value("external_member_id") == nil {
		return
	}
	id := body.Text("member_id")
	if id == "" {
		id = newUUID()
	}
	if _, known := g.members[id]; !known {
		g.members[id] = Member{ID: id, CustomerID: o.Text("customer_id"), Email: u.Query().Get("email"), ExternalID: body.Text("external_member_id"), Role: polarrules.PlainMember,
			CreatedAt: recordedTime(o, "created_at").Add(-time.Hour)}
	}
}

// others gives subscriptions that a response first shows with a new product a different
// product before.
func (n *nursery) others() {
	db := n.p.srv.db.primary
	for _, d := range n.order {
		r := db.shop.get(kindSubscription, d.id)
		if r == nil || r.data.Value("product_id") != nil {
			continue
		}
		now := d.o
		for _, p := range db.shop.of[owner{kindProduct, r.org}] {
			price := firstPrice(p)
			same := p.text("recurring_interval") == now.Text("recurring_interval")
			if p.is("is_recurring") && price.Text("amount_type") == "fixed" && p.id != part(now, "product").Text("id") &&
				same == (now.Value("seats") != nil || recordedTime(now, "current_period_start").Equal(recordedTime(now, "started_at"))) {
				r.data.Set("product_id", p.id)
				r.data.Set("recurring_interval", p.text("recurring_interval"))
				r.data.Set("recurring_interval_count", p.data.Value("recurring_interval_count"))
				r.data.Set("seats", nil)
				r.data.Set("amount", price.Value("price_amount"))
				r.data.Set("prices", p.data.Value("prices"))
				break
			}
		}
	}
}

// sessions finds the customer of the recorded session.
func (n *nursery) sessions(tr *transcript) {
	srv := n.p.srv
	for i := range tr.Steps {
		s := &tr.Steps[i]
		if s.token() != "CUSTOMER" || s.Status != http.StatusOK {
			continue
		}
		o := parseObject(s.ResponseBody)
		if o == nil {
			continue
		}
		for _, id := range append([]string{o.Text("id")}, customerIDs(o)...) {
			if srv.db.primary.customers[id] != nil {
				srv.mu.Lock()
				token := srv.newSession(id, "", "polar_cst_").token
				t := srv.tokens[token]
				t.until = t.until.AddDate(1, 0, 0)
				srv.tokens[token], n.p.tokens["CUSTOMER"] = t, token
				for _, f := range n.facts {
					if f.call != nil && tr.Steps[f.step].token() == "CUSTOMER" {
						f.call.who = &principal{Token: srv.tokens[n.p.tokens["CUSTOMER"]]}
					}
				}
				srv.mu.Unlock()
				return
			}
		}
	}
	n.p.tokens["CUSTOMER"] = srv.AddToken(Token{Session: true})
}

// fill plants more objects of a kind where lists count more than is known: copies
// of those that are known, such that no list has too many.
func (n *nursery) fill(k kind) {
	var facts []*fact
	for _, f := range n.facts {
		if f.kind == k && f.call != nil {
			facts = append(facts, f)
		}
	}
	if len(facts) == 0 {
		return
	}
	db := n.p.srv.db.primary
	reaches := func(f *fact, r *row) bool {
		asked, given := f.args["organization_id"]
		return slices.Contains(f.call.reach(asked, given), r.org) && (f.passes == nil || f.passes(r))
	}
	var candidates []*row
	for _, d := range n.order {
		if d.kind != k {
			continue
		}
		r := db.shop.rows[d.id]
		if d.made {
			r = &row{kind: k, id: d.id, org: d.org, customer: d.o.Text("customer_id"), created: recordedTime(d.o, "created_at"), data: d.o, hidden: python.NewObject()}
		} else {
			candidates = append(candidates, r)
		}
		for _, f := range facts {
			at, made := n.created[d.id]
			end, gone := n.gone[d.id]
			if (!made || at < f.step) && (!gone || end > f.step) && reaches(f, r) {
				f.count++
			}
		}
	}
	slices.SortStableFunc(facts, func(a, b *fact) int { return a.total - b.total })
	slices.Reverse(candidates)
	for _, r := range slices.Clone(candidates) {
		candidates = append(candidates, n.variants(r)[1:]...)
	}
	oldest := time.Time{}
	for _, r := range candidates {
		if oldest.IsZero() || r.created.Before(oldest) {
			oldest = r.created
		}
	}
	step := -time.Microsecond
	for _, f := range facts {
		_, sorting := f.call.arguments()
		order := cmp.Or(strings.Join(sorting, " "), views[k].sorting)
		if order == "timestamp" || order == "created_at" { // the oldest one is shown first
			step = time.Microsecond
		}
	}
	fillers := map[*python.Object]int{}
	for _, f := range facts {
		for f.count < f.total {
			source := n.sourceFor(f, facts, candidates, reaches)
			if source == nil {
				break
			}
			oldest = oldest.Add(step)
			next := *source
			if name := n.names[source.data.Text("name")+" "+source.data.Text("source")]; k == kindEvent && name != nil {
				fillers[name]++
				oldest = recordedTime(name, "first_seen").Add(time.Duration(fillers[name]) * time.Microsecond)
			}
			next.id, next.created = newUUID(), oldest
			next.data = source.data.Clone()
			for _, key := range []string{"created_at", "timestamp"} {
				if _, has := next.data.Get(key); has {
					next.data.Set(key, timestamp(oldest))
				}
			}
			setAll(next.data, []any{"id", next.id})
			if next.data.Text("client_secret") != "" {
				next.data.Set("client_secret", "polar_c_"+secretText())
			}
			n.p.srv.seed(func(db *store) { db.shop.put(&next) })
			for _, other := range facts {
				if reaches(other, &next) {
					other.count++
				}
			}
		}
	}
}

// sourceFor finds an object that the list f lacks another of, and no other list
// has enough of.
func (n *nursery) sourceFor(f *fact, facts []*fact, candidates []*row, reaches func(*fact, *row) bool) *row {
	for _, r := range candidates {
		if !reaches(f, r) {
			continue
		}
		fits := true
		for _, other := range facts {
			if reaches(other, r) && other.count >= other.total {
				fits = false
			}
		}
		if fits {
			return r
		}
	}
	return nil
}

// together are the steps from i on that were sent at the same time.
func (tr *transcript) together(i int) []step {
	if !strings.Contains(tr.Description, "at the same time") {
		return nil
	}
	same := func(a, b *step) bool {
		return a.Method != http.MethodGet && a.Method == b.Method && a.Path == b.Path && a.token() == b.token() && orNil(a.RequestBody) == orNil(b.RequestBody)
	}
	end := i + 1
	for end < len(tr.Steps) && same(&tr.Steps[i], &tr.Steps[end]) {
		end++
	}
	return tr.Steps[i:end]
}

// playTogether sends steps at the same time. Their order is random, as on the service.
func (p *player) playTogether(at int, steps []step) (diffs []difference) {
	p.srv.SetLatency(50 * time.Millisecond)
	defer p.srv.SetLatency(0)
	replies := make([]*reply, len(steps))
	var all sync.WaitGroup
	for i := range steps {
		all.Go(func() { replies[i], _ = p.send(&steps[i]) })
	}
	all.Wait()
	for i := range steps {
		why := "no response"
		for j, got := range replies {
			if got == nil {
				continue
			}
			trial := &player{srv: p.srv, ids: p.ids.clone(), times: p.times.clone(), tokens: p.tokens}
			if why = trial.judge(&steps[i], got); why == "" {
				p.judge(&steps[i], got)
				replies[j] = nil
				break
			}
		}
		if why != "" {
			diffs = append(diffs, difference{at + i, why})
		}
	}
	return diffs
}

// equalRows reports whether a list differs from the recorded one only in the order of
// equal rows, which the service does not guarantee.
func (p *player) equalRows(s *step) bool {
	path, raw, _ := strings.Cut(s.Path, "?")
	k := listed[path]
	if k == "" || s.Method != http.MethodGet || s.Status != http.StatusOK || strings.Contains(raw, "cursor_pagination") {
		return false
	}
	n := &nursery{p: p}
	c := n.callOf(s, p.translate(raw))
	want := parseObject(s.ResponseBody)
	if c == nil || want == nil {
		return false
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	args, sorting := c.arguments()
	v := views[k]
	order := cmp.Or(strings.Join(sorting, " "), v.sorting, "-created_at")
	var keep func(*row) bool
	if c.who.Session {
		keep = func(r *row) bool { return r.customer == c.who.customer }
	}
	rows := c.sorted(v, c.selected(k, v, keep, args), order)
	at := c.paging()
	if len(rows) != integer(part(want, "pagination"), "total_count") {
		return false
	}
	items := parts(want, "items")
	if len(items) != len(page(rows, at)) {
		return false
	}
	for i, item := range items {
		found := slices.IndexFunc(rows, func(r *row) bool {
			shown := c.db.show(r)
			if c.who.Session {
				shown = c.portalForm(r)
			}
			return p.same(item, shown)
		})
		if found < 0 || c.order(v, order)(rows[found], rows[at.offset+i]) != 0 {
			return false
		}
	}
	return true
}
