package imitation

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// A recording shows customers that existed before its first step, and counts more
// customers than it shows. The code below infers these customers and adds similar ones.

// garden collects the objects that must exist before the first step.
type garden struct {
	player    *player
	orgs      map[string]string
	created   map[string]bool // customers and members that the recording makes
	customers map[string]*seedCustomer
	members   map[string]Member
	methods   map[string]PaymentMethod
	states    map[string]*python.Object
	// times are the times of creation in the recording, by organization.
	made  map[string][]time.Time
	lists []listFact
	order []string
	// orgOf and externalOf are inferred from requests, for customers that no
	// response shows.
	orgOf, externalOf map[string]string
	// individual are customers whose type an error reveals.
	individual map[string]bool
	// active are customers that a list of active ones shows.
	active map[string]bool
	// bought are customers that checkouts mention, in the order of ordered.
	bought  map[string]*seedCustomer
	ordered []string
	// fresh is the start of the current step, if it changes an object of the
	// services.
	fresh time.Time
	// taken are values that new customers could not get, and used are values that
	// they have.
	taken []Customer
	used  map[string]bool
	// low and high are the bounds of the lists by name and by email.
	low, high map[string]string
	// teams are the organizations of customers that an error calls teams.
	teams map[string]string
}

type seedCustomer struct {
	Customer
	metadata *python.Object
	// patched is set where the first that is seen of a customer is the response
	// to a change of it.
	patched bool
}

// listFact is the size and the order of an organization, as a list shows them.
type listFact struct {
	orgs    []string
	members bool
	total   int
	// at maps positions, counted from the oldest row, to times.
	at map[int]time.Time
	// before is the number of earlier creations.
	made map[string]int
}

func plant(p *player, tr *transcript, orgs map[string]string) {
	g := &garden{
		player: p, orgs: orgs, created: map[string]bool{}, customers: map[string]*seedCustomer{}, members: map[string]Member{},
		methods: map[string]PaymentMethod{}, states: map[string]*python.Object{}, made: map[string][]time.Time{},
		individual: map[string]bool{}, orgOf: map[string]string{}, externalOf: map[string]string{}, active: map[string]bool{}, used: map[string]bool{},
		bought: map[string]*seedCustomer{}, low: map[string]string{}, high: map[string]string{}, teams: map[string]string{},
	}
	for i := range tr.Steps {
		g.observe(&tr.Steps[i])
	}
	g.sow()
}

// observe learns from one step.
func (g *garden) observe(s *step) {
	if s.Status < 200 || s.Status > 299 {
		g.refusal(s)
		return
	}
	if o := parseObject(s.ResponseBody); o != nil && strings.HasSuffix(s.Path, "/confirm") {
		if id := o.Text("customer_id"); g.bought[id] == nil && g.customers[id] == nil {
			g.created[id] = true // by the confirmation
		}
	}
	g.fresh = time.Time{}
	if s.Method != "GET" && !strings.HasPrefix(s.Path, "/v1/customers") && !strings.HasPrefix(s.Path, "/v1/members") {
		g.fresh = newest(s).Add(-time.Second)
		if newest(s).IsZero() {
			g.fresh = time.Now().AddDate(100, 0, 0)
		}
	}
	if s.RequestBody != nil && !strings.HasPrefix(s.token(), "PAT") && s.Method == "POST" && !g.fresh.IsZero() {
		if body := parseObject(*s.RequestBody); body != nil {
			for _, id := range customerIDs(body) {
				if g.orgOf[id] == "" {
					g.orgOf[id] = g.orgs[organizationOf(s.token())]
				}
			}
		}
	}
	g.pathID(s)
	if strings.HasPrefix(s.header("Content-Type"), "text/csv") {
		g.rows(s)
		return
	}
	v, err := python.ParseJSON([]byte(s.ResponseBody))
	if s.Trimmed {
		v, err = keptItems(s.ResponseBody), nil
	}
	if err != nil {
		return
	}
	if o, ok := v.(*python.Object); ok && s.Status == 201 {
		id := o.Text("id")
		_, seeded := g.members[id]
		g.used["email "+strings.ToLower(o.Text("email"))] = true
		g.used["external_id "+o.Text("external_id")] = true
		if !seeded {
			g.created[id] = true
			org := o.Text("organization_id")
			g.made[org] = append(g.made[org], recordedTime(o, "created_at"))
		}
		g.guests(s, o)
		for _, key := range o.Keys() {
			g.visit(o.Value(key), false)
		}
		return
	}
	g.list(s, v)
	g.visit(v, s.Method == "PATCH")
	g.hints(s, v)
}

// refusal learns from an error: a customer that may not be changed exists, and so does
// the one with an email address or external ID that is taken.
func (g *garden) refusal(s *step) {
	v, err := python.ParseJSON([]byte(s.ResponseBody))
	o, ok := v.(*python.Object)
	if err != nil || !ok {
		return
	}
	code := o.Text("error")
	if code != "NotPermitted" && code != "PolarRequestValidationError" || strings.HasPrefix(s.token(), "PAT") {
		return
	}
	id := g.pathID(s)
	if strings.HasPrefix(o.Text("detail"), "Individual customers can only") {
		g.individual[id] = true
	}
	for _, d := range parts(o, "detail") {
		if strings.HasPrefix(d.Text("msg"), "Cannot change the email of an individual customer's owner") {
			g.individual[id] = true
		}
		input := d.Text("input")
		org := g.orgs[organizationOf(s.token())]
		switch d.Text("msg") {
		case "member_id is required for team customers.":
			if body := parseObject(*s.RequestBody); body != nil && body.Text("customer_id") != "" {
				g.teams[body.Text("customer_id")] = org
			}
		case "A customer with this email address already exists.":
			if !g.used["email "+strings.ToLower(input)] {
				g.taken = append(g.taken, Customer{ID: newUUID(), OrganizationID: org, Email: input})
			}
		case "A customer with this external ID already exists.":
			if !g.used["external_id "+input] {
				g.taken = append(g.taken, Customer{ID: newUUID(), OrganizationID: org, ExternalID: input})
			}
		}
	}
}

// pathID learns of a customer whose ID is in a path, and returns the ID.
func (g *garden) pathID(s *step) string {
	rest, ok := strings.CutPrefix(s.Path, "/v1/customers/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(strings.SplitN(rest, "?", 2)[0], "/")
	id, err := pydantic.ParseUUID(first)
	if err == nil && g.orgOf[id] == "" {
		g.orgOf[id] = g.orgs[organizationOf(s.token())]
	}
	return id
}

// hints learns the organization and the external ID of the customers whose
// members or payment methods are shown.
func (g *garden) hints(s *step, v any) {
	if strings.HasSuffix(s.Path, "/confirm") {
		return // which creates the customer
	}
	path, raw, _ := strings.Cut(s.Path, "?")
	external := ""
	if rest, ok := strings.CutPrefix(path, "/v1/customers/external/"); ok {
		external, _, _ = strings.Cut(rest, "/")
	}
	q := pydantic.ParseQuery(raw)
	if e, ok := q.Last("external_customer_id"); ok {
		external = e
	}
	for _, id := range customerIDs(v) {
		if g.orgOf[id] == "" && !strings.HasPrefix(s.token(), "PAT") {
			g.orgOf[id] = g.orgs[organizationOf(s.token())]
		}
		if external != "" {
			g.externalOf[id] = python.Unquote(external)
		}
	}
}

func customerIDs(v any) (ids []string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			ids = append(ids, customerIDs(e)...)
		}
	case *python.Object:
		if id := v.Text("customer_id"); id != "" {
			return []string{id}
		}
		for _, k := range v.Keys() {
			ids = append(ids, customerIDs(v.Value(k))...)
		}
	}
	return ids
}

func (g *garden) addCustomer(c *seedCustomer) {
	g.customers[c.ID] = c
	g.order = append(g.order, c.ID)
}

// visit looks for customers, members and payment methods at any depth.
func (g *garden) visit(v any, patched bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.visit(e, patched)
		}
	case *python.Object:
		switch {
		case has(v, "avatar_url", "organization_id", "email"):
			g.customer(v, patched)
		case has(v, "processor"):
			g.method(v)
		case has(v, "role", "customer_id"):
			g.member(v)
		default:
			g.buyer(v)
			for _, k := range v.Keys() {
				g.visit(v.Value(k), patched)
			}
		}
	}
}

func has(o *python.Object, keys ...string) bool {
	for _, k := range keys {
		if _, ok := o.Get(k); !ok {
			return false
		}
	}
	return true
}

// part returns an object within an object, or an empty one.
func part(o *python.Object, key string) *python.Object {
	if p, ok := o.Value(key).(*python.Object); ok {
		return p
	}
	return python.NewObject()
}

// parts returns the objects of a list within an object.
func parts(o *python.Object, key string) (list []*python.Object) {
	all, _ := o.Value(key).([]any)
	for _, v := range all {
		if p, ok := v.(*python.Object); ok {
			list = append(list, p)
		}
	}
	return list
}

func recordedTime(o *python.Object, key string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, text(o.Value(key)))
	return t
}

func (g *garden) customer(o *python.Object, patched bool) {
	if at := recordedTime(o, "modified_at"); !g.fresh.IsZero() && !at.Before(g.fresh) {
		patched = true // by the step that shows it
	}
	id := o.Text("id")
	if g.created[id] {
		return
	}
	if has(o, "active_meters") && g.states[id] == nil {
		g.states[id] = o
	}
	if g.customers[id] != nil {
		return
	}
	c := &seedCustomer{Customer: Customer{
		ID: id, OrganizationID: o.Text("organization_id"), CreatedAt: recordedTime(o, "created_at"), ModifiedAt: recordedTime(o, "modified_at"),
		Type: o.Text("type"), Email: o.Text("email"), EmailVerified: o.Value("email_verified") == true,
		Name: o.Text("name"), BillingName: o.Text("billing_name"), ExternalID: o.Text("external_id"),
		Locale: o.Text("locale"), DefaultPaymentMethodID: o.Text("default_payment_method_id"),
		FirstUserEventAt: recordedTime(o, "first_user_event_at"),
	}, metadata: part(o, "metadata")}
	if c.BillingName == c.Name {
		c.BillingName = ""
	}
	c.patched = patched
	if c.Email == "" {
		c.AvatarURL = o.Text("avatar_url")
	}
	if a, ok := o.Value("billing_address").(*python.Object); ok {
		c.BillingAddress = &Address{
			Line1: a.Text("line1"), Line2: a.Text("line2"), PostalCode: a.Text("postal_code"),
			City: a.Text("city"), State: a.Text("state"), Country: a.Text("country"),
		}
	}
	if t, ok := o.Value("tax_id").([]any); ok && len(t) == 2 {
		c.TaxID = &TaxID{text(t[0]), text(t[1])}
	}
	g.addCustomer(c)
}

func (g *garden) member(o *python.Object) {
	id := o.Text("id")
	if g.created[id] || g.created[o.Text("customer_id")] {
		return
	}
	if _, ok := g.members[id]; ok {
		return
	}
	m := Member{
		ID: id, CustomerID: o.Text("customer_id"), CreatedAt: recordedTime(o, "created_at"), ModifiedAt: recordedTime(o, "modified_at"),
		Email: o.Text("email"), Name: o.Text("name"), ExternalID: o.Text("external_id"), Role: o.Text("role"),
	}
	g.members[id] = m
}

func (g *garden) method(o *python.Object) {
	m := PaymentMethod{
		ID: o.Text("id"), CustomerID: o.Text("customer_id"), CreatedAt: recordedTime(o, "created_at"),
		ModifiedAt: recordedTime(o, "modified_at"), Type: o.Text("type"), Default: o.Value("is_default") == true,
	}
	if d, ok := o.Value("method_metadata").(*python.Object); ok {
		switch m.Type {
		case "card":
			m.Card = &Card{d.Text("brand"), d.Text("last4"), integer(d, "exp_month"), integer(d, "exp_year"), d.Text("wallet")}
		case "kr_card":
			m.KrCard = &KrCard{d.Text("brand"), d.Text("last4")}
		}
	}
	g.methods[m.ID] = m
}

func integer(o *python.Object, key string) int {
	if n, ok := o.Value(key).(*big.Int); ok {
		return int(n.Int64())
	}
	return 0
}

func float(o *python.Object, key string) float64 {
	switch n := o.Value(key).(type) {
	case *big.Int:
		return float64(n.Int64())
	case float64:
		return n
	}
	return 0
}

// rows learns of customers from an export.
func (g *garden) rows(s *step) {
	records := csvRecords(s.ResponseBody)
	if s.Trimmed && len(records) > 0 {
		records = records[:len(records)-1]
	}
	if len(records) == 0 {
		return
	}
	org := g.reach(s)
	for _, text := range records[1:] {
		row, err := csv.NewReader(strings.NewReader(text)).Read()
		if err != nil || len(row) != 13 || g.created[row[0]] || g.customers[row[0]] != nil || len(org) != 1 {
			continue
		}
		created, _ := time.Parse(time.RFC3339Nano, row[2])
		c := &seedCustomer{Customer: Customer{
			ID: row[0], ExternalID: row[1], CreatedAt: created, Email: row[3], Name: row[4], OrganizationID: org[0], Type: polarrules.Individual,
		}, metadata: python.NewObject()}
		if c.Email == "" {
			c.Type = polarrules.Team
		}
		// encoding/csv turns \r\n within quotes into \n.
		if strings.Contains(text, "\r\n") && strings.Contains(row[4], "\n") && strings.Contains(text, strings.ReplaceAll(row[4], "\n", "\r\n")) {
			c.Name = strings.ReplaceAll(row[4], "\n", "\r\n")
		}
		if words := strings.Split(row[5], "'"); len(words) > 3 {
			c.TaxID = &TaxID{words[1], words[3]}
		}
		if row[11] != "" {
			c.BillingAddress = &Address{row[6], row[7], row[10], row[8], row[9], row[11]}
		}
		if m, err := python.ParseJSON([]byte(row[12])); err == nil {
			if o, ok := m.(*python.Object); ok {
				c.metadata = o
			}
		}
		g.addCustomer(c)
	}
}

// reach returns the organizations that a step's list covers.
func (g *garden) reach(s *step) []string {
	all := []string{g.orgs[organizationOf(s.token())]}
	if strings.HasPrefix(s.token(), "PAT") {
		all = []string{g.orgs["A"], g.orgs["C"], g.orgs["E"]}
	}
	_, raw, _ := strings.Cut(s.Path, "?")
	q := pydantic.ParseQuery(raw)
	asked, given := polarrules.Organizations(&q)
	if !given {
		return all
	}
	return slices.DeleteFunc(all, func(id string) bool { return !slices.Contains(asked, id) })
}

// list records what an unfiltered list shows about its organizations.
func (g *garden) list(s *step, v any) {
	path, raw, _ := strings.Cut(s.Path, "?")
	members := path == "/v1/members/"
	if path != "/v1/customers/" && !members {
		return
	}
	q := pydantic.ParseQuery(raw)
	g.ends(&q, v)
	if active, given := q.Bool("active"); given && active && !members {
		for _, id := range objectIDs(v) {
			g.active[id] = true
		}
	}
	for _, p := range q.Params {
		switch {
		case p.Name == "email" && !members, p.Name == "query" && p.Value != "" && !members, p.Name == "active", strings.HasPrefix(p.Name, "metadata["),
			p.Name == "role", p.Name == "customer_id", p.Name == "external_customer_id":
			return
		}
	}
	o, ok := v.(*python.Object)
	if !ok {
		return
	}
	sorting := q.Words("sorting", customerSorting, "-created_at")[0]
	c := &call{query: q}
	p := c.paging()
	total := integer(part(o, "pagination"), "total_count")
	fact := listFact{orgs: g.reach(s), members: members, total: total, at: map[int]time.Time{}, made: map[string]int{}}
	for org, made := range g.made {
		fact.made[org] = len(made)
	}
	for i, item := range parts(o, "items") {
		at := p.offset + i
		switch sorting {
		case "-created_at":
			fact.at[total-1-at] = recordedTime(item, "created_at")
		case "created_at":
			fact.at[at] = recordedTime(item, "created_at")
		}
	}
	g.lists = append(g.lists, fact)
}

// ends records the bounds of lists by name and by email: added customers that no
// response shows must lie outside.
func (g *garden) ends(q *pydantic.Query, v any) {
	field, descending := strings.CutPrefix(q.Words("sorting", customerSorting, "-created_at")[0], "-")
	o, ok := v.(*python.Object)
	if field == "created_at" || !ok {
		return
	}
	for _, item := range parts(o, "items") {
		text := text(item.Value(field))
		switch {
		case text == "":
		case descending && (g.high[field] == "" || text < g.high[field]):
			g.high[field] = text
		case !descending && text > g.low[field]:
			g.low[field] = text
		}
	}
}

func objectIDs(v any) (ids []string) {
	o, _ := v.(*python.Object)
	if o == nil {
		return nil
	}
	for _, item := range parts(o, "items") {
		ids = append(ids, item.Text("id"))
	}
	return ids
}

// sow stores all customers in the server, including fillers.
func (g *garden) sow() {
	g.buyers()
	g.strangers()
	for _, c := range g.taken {
		if !g.known(c) {
			g.addCustomer(&seedCustomer{Customer: c, metadata: python.NewObject()})
		}
	}
	for id, org := range g.teams {
		if g.customers[id] == nil && !g.created[id] {
			g.addCustomer(&seedCustomer{Customer: Customer{ID: id, OrganizationID: org, Type: "team"}, metadata: python.NewObject()})
		}
	}
	filled := map[string]bool{}
	for _, single := range []bool{true, false} {
		for _, fact := range g.lists {
			if (len(fact.orgs) == 1) == single {
				g.fill(fact, filled)
			}
		}
	}
	slices.SortStableFunc(g.order, func(a, b string) int {
		return g.customers[a].CreatedAt.Compare(g.customers[b].CreatedAt)
	})
	for _, id := range g.order {
		g.sowCustomer(g.customers[id])
	}
	for _, id := range slices.Sorted(maps.Keys(g.members)) {
		m := g.members[id]
		g.player.srv.AddMember(m)
		g.player.ids.bind(id, id)
	}
	for _, id := range slices.Sorted(maps.Keys(g.methods)) {
		g.player.srv.AddPaymentMethod(g.methods[id])
		g.player.ids.bind(id, id)
	}
	for id, state := range g.states {
		g.sowState(id, state)
	}
	for id := range g.active {
		if g.customers[id] != nil { // a status that lists count and states do not show
			g.player.srv.AddSubscription(Subscription{CustomerID: id, Status: "past_due"})
		}
	}
}

// known reports whether a customer has the email address or the external ID.
func (g *garden) known(c Customer) bool {
	for _, o := range g.customers {
		if o.OrganizationID == c.OrganizationID &&
			(c.Email != "" && strings.EqualFold(o.Email, c.Email) || c.ExternalID != "" && o.ExternalID == c.ExternalID) {
			return true
		}
	}
	return false
}

// strangers adds customers of which responses show only an ID, members or payment
// methods.
func (g *garden) strangers() {
	for _, id := range slices.Sorted(maps.Keys(g.members)) {
		m := g.members[id]
		g.stranger(Customer{ID: m.CustomerID, CreatedAt: m.CreatedAt, Email: m.Email, Type: polarrules.Team})
	}
	for _, id := range slices.Sorted(maps.Keys(g.methods)) {
		m := g.methods[id]
		g.stranger(Customer{ID: m.CustomerID, CreatedAt: m.CreatedAt})
	}
	for _, id := range slices.Sorted(maps.Keys(g.orgOf)) {
		g.stranger(Customer{ID: id})
	}
}

func (g *garden) stranger(c Customer) {
	if g.customers[c.ID] != nil || g.created[c.ID] {
		return
	}
	c.OrganizationID, c.ExternalID = g.orgOf[c.ID], g.externalOf[c.ID]
	if c.OrganizationID == "" {
		c.OrganizationID = g.orgs["A"]
	}
	g.addCustomer(&seedCustomer{Customer: c, metadata: python.NewObject()})
}

func (g *garden) sowCustomer(c *seedCustomer) {
	hasOwner := false
	for _, m := range g.members {
		hasOwner = hasOwner || m.CustomerID == c.ID && m.Role == polarrules.Owner
	}
	c.WithoutOwner = hasOwner
	if g.individual[c.ID] {
		c.Type = polarrules.Individual
	}
	c.Metadata, _ = toGo(c.metadata).(map[string]any)
	stored := g.player.srv.AddCustomer(c.Customer)
	g.player.ids.bind(c.ID, c.ID)
	times := []time.Time{stored.CreatedAt}
	if !c.patched { // else the change may give it another
		times = append(times, stored.ModifiedAt)
	}
	for _, t := range times {
		if text := text(timestamp(t)); text != "" {
			g.player.times.bind(strings.TrimSuffix(text, "Z"), strings.TrimSuffix(text, "Z"))
		}
	}
}

func (g *garden) sowState(customerID string, state *python.Object) {
	srv := g.player.srv
	for _, o := range parts(state, "active_subscriptions") {
		v := Subscription{
			ID: o.Text("id"), CustomerID: customerID, CreatedAt: recordedTime(o, "created_at"), ModifiedAt: recordedTime(o, "modified_at"),
			Status: o.Text("status"), Amount: integer(o, "amount"), Currency: o.Text("currency"), RecurringInterval: o.Text("recurring_interval"),
			CurrentPeriodStart: recordedTime(o, "current_period_start"), CurrentPeriodEnd: recordedTime(o, "current_period_end"),
			TrialStart: recordedTime(o, "trial_start"), TrialEnd: recordedTime(o, "trial_end"), CancelAtPeriodEnd: o.Value("cancel_at_period_end") == true,
			CanceledAt: recordedTime(o, "canceled_at"), StartedAt: recordedTime(o, "started_at"), EndsAt: recordedTime(o, "ends_at"),
			ProductID: o.Text("product_id"), DiscountID: o.Text("discount_id"), PriceID: o.Text("price_id"),
			Metadata: goMap(o, "metadata"), CustomFieldData: goMap(o, "custom_field_data"),
		}
		for _, m := range parts(o, "meters") {
			v.Meters = append(v.Meters, SubscriptionMeter{
				ID: m.Text("id"), MeterID: m.Text("meter_id"), CreatedAt: recordedTime(m, "created_at"), ModifiedAt: recordedTime(m, "modified_at"),
				ConsumedUnits: float(m, "consumed_units"), CreditedUnits: integer(m, "credited_units"), Amount: integer(m, "amount"),
			})
		}
		srv.AddSubscription(v)
	}
	for _, o := range parts(state, "granted_benefits") {
		srv.AddGrant(Grant{
			ID: o.Text("id"), BenefitID: o.Text("benefit_id"), CustomerID: customerID, CreatedAt: recordedTime(o, "created_at"),
			ModifiedAt: recordedTime(o, "modified_at"), GrantedAt: recordedTime(o, "granted_at"), Type: o.Text("benefit_type"),
			Metadata: goMap(o, "benefit_metadata"), Properties: goMap(o, "properties"),
		})
	}
	for _, o := range parts(state, "active_meters") {
		srv.AddMeter(Meter{
			ID: o.Text("id"), MeterID: o.Text("meter_id"), CustomerID: customerID, CreatedAt: recordedTime(o, "created_at"),
			ModifiedAt: recordedTime(o, "modified_at"), ConsumedUnits: float(o, "consumed_units"), CreditedUnits: integer(o, "credited_units"), Balance: float(o, "balance"),
		})
	}
}

func goMap(o *python.Object, key string) map[string]any {
	m, _ := toGo(o.Value(key)).(map[string]any)
	return m
}

// fill adds nameless customers where a list counts more than the known ones, at the
// positions that they must have had.
func (g *garden) fill(fact listFact, filled map[string]bool) {
	org := ""
	for _, id := range fact.orgs {
		if !filled[id] {
			org = id
		}
	}
	if org == "" {
		return
	}
	for _, id := range fact.orgs {
		filled[id] = true
	}
	merged := fact
	for _, other := range g.lists {
		if other.members == fact.members && slices.Equal(other.orgs, fact.orgs) {
			for at, t := range other.at {
				merged.at[at] = t
			}
		}
	}
	known := g.knownTimes(fact)
	places := slices.Sorted(maps.Keys(merged.at))
	last, lastTime := -1, time.Time{}
	n := 0
	for _, place := range append(places, fact.total) {
		t, more := merged.at[place]
		between := 0
		for _, k := range known {
			if k.After(lastTime) && (!more || k.Before(t)) {
				between++
			}
		}
		need := place - last - 1 - between
		if !more && len(places) > 0 {
			t = lastTime.Add(time.Duration(need+2) * time.Microsecond)
		}
		for i := range max(need, 0) {
			at := t.Add(-time.Duration(need-i) * time.Microsecond)
			if t.IsZero() {
				at = time.Date(2026, 1, 1, 0, 0, 0, i*1000, time.UTC)
			}
			n++
			g.addCustomer(&seedCustomer{Customer: g.filler(org, n, at), metadata: python.NewObject()})
		}
		last, lastTime = place, t
	}
}

// filler returns a customer that a list counts but no response shows.
func (g *garden) filler(org string, n int, at time.Time) Customer {
	c := Customer{ID: newUUID(), OrganizationID: org, CreatedAt: at, Type: polarrules.Individual}
	c.Email = fmt.Sprintf("%s!%s-%d@filler-mail.com", g.low["email"], org[:4], n)
	if g.low["name"] != "" || g.high["name"] != "" {
		c.Name = g.low["name"] + "!"
	}
	return c
}

// knownTimes returns the known times of the list's rows.
func (g *garden) knownTimes(fact listFact) (times []time.Time) {
	for _, c := range g.customers {
		if slices.Contains(fact.orgs, c.OrganizationID) {
			times = append(times, c.CreatedAt)
		}
	}
	if fact.members {
		for _, m := range g.members {
			if m.Role != polarrules.Owner {
				times = append(times, m.CreatedAt)
			}
		}
	}
	for _, org := range fact.orgs {
		made := g.made[org]
		times = append(times, made[:min(fact.made[org], len(made))]...)
	}
	return times
}

// keptItems returns the complete items of a truncated list.
func keptItems(body string) []any {
	rest, ok := strings.CutPrefix(body, `{"items":[`)
	if !ok {
		return nil
	}
	var items []any
	for rest != "" {
		end := objectEnd(rest)
		if end < 0 {
			break
		}
		v, err := python.ParseJSON([]byte(rest[:end]))
		if err != nil {
			break
		}
		items = append(items, v)
		rest = strings.TrimPrefix(rest[end:], ",")
	}
	return items
}

// objectEnd returns the end of the object at the beginning of s, or -1.
func objectEnd(s string) int {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
