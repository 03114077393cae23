package imitation

import (
	"cmp"
	"math"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// eventTime checks the time of an event against the server's clock.
func (s *Server) eventTime(check pydantic.Check) pydantic.Check {
	return func(in any, loc []any) (any, []pydantic.Problem) {
		out, problems := check(in, loc)
		if problems != nil {
			return nil, problems
		}
		if given := text(in); len(given) > len(time.DateOnly) && !strings.HasSuffix(strings.ToUpper(given), "Z") && !strings.ContainsAny(given[len(time.DateOnly):], "+-") {
			return nil, []pydantic.Problem{{Type: "timezone_aware", Loc: loc, Msg: "Input should have timezone info", Input: in}}
		}
		if timeOf(out).After(s.clock.time()) {
			return nil, []pydantic.Problem{pydantic.ValueError(in, loc, "Timestamp must be in the past.")}
		}
		return out, nil
	}
}

// eventMetadata checks the metadata of an event, whose keys have no limits.
func (s *Server) eventMetadata(in any, loc []any) (any, []pydantic.Problem) {
	o, ok := in.(*python.Object)
	if !ok {
		return nil, []pydantic.Problem{pydantic.NotModel(in, loc)}
	}
	out := python.NewObject()
	var problems []pydantic.Problem
	for key, v := range o.All() {
		at := pydantic.Within(loc, key)
		switch schema := map[string]string{"_cost": "CostMetadata-Input", "_llm": "LLMMetadata"}[key]; {
		case schema != "":
			value, bad := s.checker.Check(document().Schema(schema), v, at)
			problems = append(problems, bad...)
			out.Set(key, value)
		default:
			// A check of one pair applies only the limits of its value.
			value, bad := polarrules.Metadata(python.NewObject("k", v), loc)
			for _, p := range bad {
				p.Loc = append(pydantic.Within(at), p.Loc[len(loc)+1:]...)
				problems = append(problems, p)
			}
			if m, ok := value.(*python.Object); ok {
				out.Set(key, m.Value("k"))
			}
		}
	}
	return out, problems
}

func ingestEvents(c *call) *response {
	values := c.checkBody()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	events := listOf(values, "events")
	rows := make([]*row, 0, len(events))
	duplicates := 0
	seen := map[[2]string]bool{}
	var problems []pydantic.Problem
	for i, v := range events {
		e := v.(*python.Object)
		org, bad := c.eventOrganization(e, i)
		if bad != nil {
			problems = append(problems, *bad)
			continue
		}
		r, bad := c.srv.newEvent(org, e, i)
		if bad != nil {
			problems = append(problems, *bad)
			continue
		}
		if id := e.Text("external_id"); id != "" {
			key := [2]string{org, id}
			if seen[key] || c.db.shop.keys[eventKey(org, id)] != "" {
				duplicates++
				continue
			}
			seen[key] = true
		}
		rows = append(rows, r)
	}
	if problems != nil {
		return businessError(problems...)
	}
	for _, r := range rows {
		c.srv.ingest(r)
	}
	return jsonResponse(http.StatusOK, python.NewObject("inserted", len(rows), "duplicates", duplicates))
}

func (c *call) eventOrganization(e *python.Object, i int) (string, *pydantic.Problem) {
	at := pydantic.Loc("body", "events", i, "organization_id")
	given := e.Text("organization_id")
	switch {
	case !c.who.User && given != "":
		return "", &pydantic.Problem{Type: "organization_token", Loc: at, Msg: "Setting organization_id is disallowed when using an organization token.", Input: given}
	case !c.who.User:
		return c.who.Organizations[0], nil
	case given == "":
		return "", &pydantic.Problem{Type: "missing", Loc: at, Msg: "organization_id is required."}
	case !c.who.sees(given):
		return "", &pydantic.Problem{Type: "organization_id", Loc: at, Msg: "Organization not found.", Input: given}
	}
	return given, nil
}

// newEvent returns an event that is not stored yet. If it has both IDs of a customer,
// the external ID decides.
func (s *Server) newEvent(org string, e *python.Object, i int) (*row, *pydantic.Problem) {
	db := s.db.primary
	customer, external := "", e.Value("external_customer_id")
	if id := e.Text("customer_id"); id != "" && external == nil {
		c := db.customer(id)
		if c == nil || c.OrganizationID != org {
			return nil, &pydantic.Problem{Type: "customer_id", Loc: pydantic.Loc("body", "events", i, "customer_id"), Msg: "Customer not found.", Input: id}
		}
		customer = c.ID
	} else if c := db.org(org).byExternal[text(external)]; c != nil {
		customer = c.ID
	}
	if id := e.Text("member_id"); id != "" {
		if m := db.members[id]; m == nil || m.CustomerID != customer {
			return nil, &pydantic.Problem{Type: "member_id", Loc: pydantic.Loc("body", "events", i, "member_id"), Msg: "Member not found.", Input: id}
		}
	}
	when := s.stamp()
	if t := timeOf(e.Value("timestamp")); !t.IsZero() {
		when = t
	}
	r := newRow(kindEvent, newUUID(), org, customer, when)
	setAll(r.data, []any{"customer_id", e.Value("customer_id"), "external_customer_id", external, "member_id", e.Value("member_id"),
		"external_member_id", e.Value("external_member_id"), "label", e.Value("name"), "name", e.Value("name"), "metadata", polarrules.Stored(objectOf(e, "metadata"))})
	if external != nil {
		r.data.Set("customer_id", nil)
	}
	if parent := e.Text("parent_id"); parent != "" {
		r.hidden.Set("parent", parent)
		if id := db.shop.keys[eventKey(org, parent)]; id != "" {
			r.data.Set("parent_id", id)
		} else if p := db.shop.get(kindEvent, parent); p != nil {
			r.data.Set("parent_id", p.id)
		}
	}
	if id := e.Text("external_id"); id != "" {
		r.hidden.Set("external_id", id)
	}
	return r, nil
}

// ingest stores an event and counts it.
func (s *Server) ingest(r *row) {
	s.save(r)
	if r.customer == "" {
		return
	}
	counted := false
	for _, m := range s.db.primary.shop.of[owner{kindMeter, r.org}] {
		if m.data.Value("archived_at") == nil && matchesFilter(objectOf(m.data, "filter"), r) {
			s.consume(m, r.org, r.customer)
			counted = true
		}
	}
	if counted {
		s.sendStateEvent(r.customer)
	}
}

// consume computes how much of a meter a customer has used.
func (s *Server) consume(m *row, org, customer string) {
	used := aggregate(objectOf(m.data, "aggregation"), matching(m, s.db.primary.shop.of[owner{kindEvent, customer}]))
	cm := s.customerMeter(org, customer, m.id)
	s.change(cm, "consumed_units", used, "balance", floatOf(cm.data.Value("credited_units"))-used)
	for _, sub := range slices.Clone(s.db.primary.shop.of[owner{kindSubscription, customer}]) {
		start := sub.time("current_period_start")
		if !activeInList[sub.text("status")] || len(listOf(sub.data, "meters")) == 0 {
			continue
		}
		meters := slices.Clone(listOf(sub.data, "meters"))
		for i, v := range meters {
			o := v.(*python.Object)
			if o.Text("meter_id") != m.id {
				continue
			}
			events := matching(m, s.db.primary.shop.of[owner{kindEvent, customer}])
			events = slices.DeleteFunc(events, func(e *row) bool { return e.created.Before(start) })
			o = o.Clone()
			o.Set("consumed_units", aggregate(objectOf(m.data, "aggregation"), events))
			for _, p := range listOf(sub.data, "prices") {
				if price := p.(*python.Object); price.Text("meter_id") == m.id {
					o.Set("amount", meterAmount(price, o))
				}
			}
			meters[i] = o
		}
		s.setQuietly(sub, "meters", meters)
	}
}

// matching returns the events that a meter counts.
func matching(m *row, events []*row) (list []*row) {
	filter := objectOf(m.data, "filter")
	for _, e := range events {
		if matchesFilter(filter, e) {
			list = append(list, e)
		}
	}
	return list
}

// property returns a value of an event that a filter or an aggregation refers to: a
// field, or a key of its metadata.
func (r *row) property(name string) (any, bool) {
	switch name {
	case "name", "source":
		return r.data.Value(name), true
	case "timestamp":
		return float64(r.created.Unix()), true
	}
	var v any = objectOf(r.data, "metadata")
	for _, part := range strings.Split(strings.TrimPrefix(name, "metadata."), ".") {
		o, ok := v.(*python.Object)
		if !ok {
			return nil, false
		}
		if v, ok = o.Get(part); !ok {
			return nil, false
		}
	}
	if amount, ok := v.(string); ok && strings.HasSuffix(name, "_cost.amount") {
		n, err := strconv.ParseFloat(amount, 64)
		return n, err == nil
	}
	return v, true
}

func matchesFilter(filter *python.Object, e *row) bool {
	all := filter.Text("conjunction") != "or"
	for _, v := range listOf(filter, "clauses") {
		clause, _ := v.(*python.Object)
		var ok bool
		if _, nested := clause.Get("clauses"); nested {
			ok = matchesFilter(clause, e)
		} else {
			ok = matchesClause(clause, e)
		}
		if ok != all {
			return ok
		}
	}
	return all
}

func matchesClause(clause *python.Object, e *row) bool {
	actual, has := e.property(clause.Text("property"))
	if !has {
		return false
	}
	want := clause.Value("value")
	a, b := polarrules.MetadataText(actual), polarrules.MetadataText(want)
	switch clause.Text("operator") {
	case "eq":
		return a == b
	case "ne":
		return a != b
	case "like":
		return strings.Contains(strings.ToLower(a), strings.ToLower(b))
	case "not_like":
		return !strings.Contains(strings.ToLower(a), strings.ToLower(b))
	}
	n := cmp.Compare(floatOf(actual), floatOf(want))
	switch clause.Text("operator") {
	case "gt":
		return n > 0
	case "gte":
		return n >= 0
	case "lt":
		return n < 0
	case "lte":
		return n <= 0
	}
	return false
}

// aggregate reduces events to a number.
func aggregate(how *python.Object, events []*row) float64 {
	if how.Text("func") == "count" {
		return float64(len(events))
	}
	var numbers []float64
	distinct := map[string]bool{}
	for _, e := range events {
		v, ok := e.property(how.Text("property"))
		if !ok {
			continue
		}
		distinct[polarrules.MetadataText(v)] = true
		switch v.(type) {
		case *big.Int, float64, int:
			numbers = append(numbers, floatOf(v))
		}
	}
	sum := 0.0
	for _, n := range numbers {
		sum += n
	}
	switch f := how.Text("func"); {
	case f == "unique":
		return float64(len(distinct))
	case len(numbers) == 0:
		return 0
	case f == "max":
		return slices.Max(numbers)
	case f == "min":
		return slices.Min(numbers)
	case f == "avg":
		return sum / float64(len(numbers))
	}
	return sum
}

// orphan reports whether an event waits for its parent.
func orphan(r *row) bool {
	return r.hidden.Text("parent") != "" && r.data.Value("parent_id") == nil
}

func listEvents(c *call) *response {
	if v, given := c.query.Last("filter"); given {
		if resp := c.checkFilter(v); resp != nil {
			return resp
		}
	}
	if v, given := c.query.Last("query"); given {
		if _, org := c.query.Last("organization_id"); !org {
			return schemaError(pydantic.Problem{Type: "value_error", Loc: pydantic.Loc("query", "query"), Msg: "Query is only supported when organization_id is provided.", Input: v})
		}
	}
	if v, given := c.query.Last("meter_id"); given {
		at := pydantic.Loc("query", "meter_id")
		if id, p := pydantic.CheckUUID(v, at, true); p == nil && c.visibleRow(kindMeter, id) == nil {
			return businessError(pydantic.Problem{Type: "meter_id", Loc: at, Msg: "Meter not found.", Input: v})
		}
	}
	return c.list(kindEvent, nil)
}

// checkFilter returns the response to a filter of the wrong form, or nil.
func (c *call) checkFilter(raw string) *response {
	v, err := python.ParseJSON([]byte(raw))
	if err != nil {
		const why = "expected value at line 1 column 1"
		return jsonResponse(http.StatusUnprocessableEntity, python.NewObject("error", "RequestValidationError", "detail", []any{python.NewObject(
			"type", "json_invalid", "loc", []any{}, "msg", "Invalid JSON: "+why, "input", raw, "ctx", python.NewObject("error", why),
			"url", "https://errors.pydantic.dev/2.14/v/json_invalid")}))
	}
	if _, problems := c.srv.checker.Check(document().Schema("Filter"), v, pydantic.Loc()); problems != nil {
		return schemaError(problems...)
	}
	return nil
}

// listEventNames groups events by their names.
func listEventNames(c *call) *response {
	args, sorting := c.arguments()
	p := c.paging()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	names := map[[2]string]*row{}
	var rows []*row
	for _, e := range c.selected(kindEvent, views[kindEvent], nil, args) {
		key := [2]string{e.text("name"), e.text("source")}
		r := names[key]
		if r == nil {
			r = &row{id: e.id, created: e.created, data: python.NewObject("name", key[0], "label", e.text("label"), "source", key[1], "occurrences", 0,
				"first_seen", timestamp(e.created), "last_seen", nil)}
			names[key] = r
			rows = append(rows, r)
		}
		r.data.Set("occurrences", r.int("occurrences")+1)
		r.data.Set("last_seen", timestamp(e.created))
	}
	rows = c.sorted(view{}, rows, cmp.Or(strings.Join(sorting, " "), "-last_seen"))
	items := []any{}
	for _, r := range page(rows, p) {
		items = append(items, r.data)
	}
	return pageResponse(items, len(rows), p)
}

// maxQuantities is the longest span of quantities, in intervals.
const maxQuantities = 1000

func meterQuantities(c *call) *response {
	args, _ := c.arguments()
	start, end := c.quantityTime("start_timestamp"), c.quantityTime("end_timestamp")
	intervals := []string{"year", "month", "week", "day", "hour"}
	interval, given := c.query.Last("interval")
	if !given {
		c.query.Problems = append(c.query.Problems, pydantic.Problem{Type: "missing", Loc: pydantic.Loc("query", "interval"), Msg: "Field required"})
	}
	m, resp := c.object(kindMeter)
	if resp != nil {
		return resp
	}
	step := func(t time.Time) time.Time {
		if interval == "hour" {
			return t.Add(time.Hour)
		}
		return addInterval(t, interval, 1)
	}
	points := []any{}
	if !start.After(end) {
		for t := start; !t.After(end) && len(points) <= maxQuantities; t = step(t) {
			points = append(points, t)
		}
	}
	if len(points) == 0 || len(points) > maxQuantities || !slices.Contains(intervals, interval) {
		iso := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }
		return businessError(pydantic.Problem{Type: "value_error", Loc: pydantic.Loc("query"), Input: []any{iso(start), iso(end), interval},
			Msg: "The interval is too small for the given date range. Use a larger interval or reduce the date range."})
	}
	for _, name := range []string{"start_timestamp", "end_timestamp", "interval", "timezone", "customer_aggregation_function"} {
		delete(args, name)
	}
	events := slices.DeleteFunc(matching(m, c.selected(kindEvent, views[kindEvent], func(r *row) bool { return r.org == m.org }, args)), func(e *row) bool {
		return e.created.Before(start) || e.created.After(end)
	})
	how := objectOf(m.data, "aggregation")
	quantities := []any{}
	for _, v := range points {
		from := v.(time.Time)
		to := step(from)
		var within []*row
		for _, e := range events {
			if !e.created.Before(from) && e.created.Before(to) {
				within = append(within, e)
			}
		}
		quantities = append(quantities, python.NewObject("timestamp", timestamp(from), "quantity", aggregate(how, within)))
	}
	total := aggregate(how, events)
	if math.IsNaN(total) {
		total = 0
	}
	return jsonResponse(http.StatusOK, python.NewObject("quantities", quantities, "total", total))
}

// quantityTime reads the start or the end of the span of quantities.
func (c *call) quantityTime(name string) time.Time {
	raw, given := c.query.Last(name)
	t := timeOf(raw)
	first := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case !given:
		c.query.Problems = append(c.query.Problems, pydantic.Problem{Type: "missing", Loc: pydantic.Loc("query", name), Msg: "Field required"})
	case !t.IsZero() && t.Before(first):
		limit := "2023-01-01T00:00:00Z"
		c.query.Problems = append(c.query.Problems, pydantic.Problem{Type: "greater_than_equal", Loc: pydantic.Loc("query", name),
			Msg: "Input should be greater than or equal to " + limit, Input: raw, Ctx: python.NewObject("ge", limit)})
	}
	return t
}

func updateMeter(c *call, r *row, values *python.Object) *response {
	if !notNull(values, "name filter aggregation unit") {
		return internalError()
	}
	changed := values.Clone()
	if m, ok := values.Value("metadata").(*python.Object); ok {
		changed.Set("metadata", polarrules.Stored(m))
	}
	if f, ok := values.Value("filter").(*python.Object); ok {
		changed.Set("filter", plainProperties(f))
	}
	if v, given := values.Get("is_archived"); given {
		changed.Delete("is_archived")
		switch {
		case v != true:
			changed.Set("archived_at", nil)
		case r.data.Value("archived_at") == nil:
			changed.Set("archived_at", timestamp(c.srv.stamp()))
		}
	}
	return c.withSent(http.StatusOK, c.srv.change(r, pairsOf(changed)...), values)
}
