package imitation

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
	"github.com/polarexpress/polar-go/polar"
)

// shopHandlers returns the handlers of operations other than those on customers and
// members, by operation ID.
func shopHandlers() map[string]func(*call) *response {
	return map[string]func(*call) *response{
		"products:list":            listing(kindProduct),
		"products:create":          createProduct,
		"products:get":             reading(kindProduct),
		"products:update":          updating(kindProduct, updateProduct),
		"products:update_benefits": updating(kindProduct, updateBenefits),

		"checkouts:list":           listing(kindCheckout),
		"checkouts:create":         createCheckout,
		"checkouts:get":            reading(kindCheckout),
		"checkouts:update":         updating(kindCheckout, updateCheckout),
		"checkouts:client_get":     clientCheckout(getClientCheckout),
		"checkouts:client_update":  clientCheckout(updateClientCheckout),
		"checkouts:client_confirm": clientCheckout(confirmCheckout),

		"checkout-links:list":   listing(kindLink),
		"checkout-links:create": createLink,
		"checkout-links:get":    reading(kindLink),
		"checkout-links:update": updating(kindLink, updateLink),
		"checkout-links:delete": deleting(kindLink, ""),

		"customer-sessions:create": createSession,

		"discounts:list":   listing(kindDiscount),
		"discounts:create": createDiscount,
		"discounts:get":    reading(kindDiscount),
		"discounts:update": updating(kindDiscount, updateDiscount),
		"discounts:delete": deleting(kindDiscount, "discount.deleted"),

		"benefits:list":       listing(kindBenefit),
		"benefits:create":     createBenefit,
		"benefits:get":        reading(kindBenefit),
		"benefits:update":     updating(kindBenefit, updateBenefit),
		"benefits:delete":     deleteBenefit,
		"benefits:grants":     benefitGrants,
		"benefit-grants:list": listing(kindGrant),

		"orders:list":             listing(kindOrder),
		"orders:get":              reading(kindOrder),
		"orders:update":           updating(kindOrder, updateOrder),
		"orders:generate_invoice": createInvoice,
		"orders:invoice":          getInvoice,
		"orders:export":           exporting(kindOrder, "polar-orders.csv", "Email,Created At,Product,Net Amount,Currency,Status,Invoice number", orderCells),
		"refunds:list":            listing(kindRefund),
		"refunds:create":          createRefund,

		"subscriptions:list":   listing(kindSubscription),
		"subscriptions:create": createSubscription,
		"subscriptions:get":    reading(kindSubscription),
		"subscriptions:update": updating(kindSubscription, updateSubscription),
		"subscriptions:revoke": deleteSubscription,
		"subscriptions:export": exporting(kindSubscription, "polar-subscriptions.csv", "Email,Started At,Product,Amount,Currency,Status,Billing Interval", subscriptionCells),

		"license_keys:list":                       listing(kindKey),
		"license_keys:get":                        getKey,
		"license_keys:update":                     updating(kindKey, updateKey),
		"license_keys:rotate":                     rotateKey,
		"license_keys:get_activation":             getActivation,
		"license_keys:validate":                   validateKey,
		"license_keys:activate":                   activateKey,
		"license_keys:deactivate":                 deactivateKey,
		"customer_portal:license_keys:validate":   validateKey,
		"customer_portal:license_keys:activate":   activateKey,
		"customer_portal:license_keys:deactivate": deactivateKey,
		"customer_portal:license_keys:list":       portalListing(kindKey, nil),
		"customer_portal:customers:get":           portalCustomer,
		"customer_portal:subscriptions:list":      portalListing(kindSubscription, nil),
		"customer_portal:subscriptions:get":       portalReading(kindSubscription),
		"customer_portal:subscriptions:update":    portalSubscription(updateSubscription),
		"customer_portal:subscriptions:cancel":    portalSubscription(cancelPortalSubscription),
		"customer_portal:orders:list":             portalListing(kindOrder, nil),
		"customer_portal:orders:get":              portalReading(kindOrder),
		"customer_portal:benefit-grants:list":     portalListing(kindGrant, func(r *row) bool { return r.is("is_granted") }),
		"customer_portal:customer_meters:list":    portalListing(kindCustomerMeter, nil),
		"customer_portal:customer_meters:get":     portalReading(kindCustomerMeter),

		"meters:list":          listing(kindMeter),
		"meters:create":        createMeter,
		"meters:get":           reading(kindMeter),
		"meters:update":        updating(kindMeter, updateMeter),
		"meters:quantities":    meterQuantities,
		"events:list":          listEvents,
		"events:get":           reading(kindEvent),
		"events:ingest":        ingestEvents,
		"events:list_names":    listEventNames,
		"customer_meters:list": listing(kindCustomerMeter),
		"customer_meters:get":  reading(kindCustomerMeter),
	}
}

// isCustomers reports whether an operation is on customers or members.
func isCustomers(operation string) bool {
	return strings.HasPrefix(operation, "customers:") || strings.HasPrefix(operation, "members:")
}

// shopRoutes returns the routes of those operations, and one that the contract leaves
// out.
func shopRoutes() (all []route) {
	all = append(all, route{http.MethodGet, "/v1/checkout-links/{client_secret}/redirect", "checkout-links:redirect", nil, followLink, false})
	handlers := shopHandlers()
	for _, op := range polar.Operations() {
		if handle := handlers[op.ID]; handle != nil {
			all = append(all, route{op.Method, op.Path, op.ID, op.Scopes, handle, op.Method != http.MethodGet && op.Method != http.MethodDelete})
		}
	}
	return all
}

// checkBody checks the body against the operation's schema in the contract. The result
// is empty if there are problems.
func (c *call) checkBody() *python.Object {
	op, err := document().Operation(c.route.method, c.route.pattern)
	if err != nil || op == nil || op.Body == nil {
		return python.NewObject()
	}
	values, problems := c.srv.checker.Body(op.Body, c.body)
	c.badBody = problems
	if values == nil {
		values = python.NewObject()
	}
	return values
}

// object returns the object with the ID in the path, or an error.
func (c *call) object(k kind) (*row, *response) {
	id := c.pathUUID("id", true)
	if resp := c.invalid(); resp != nil {
		return nil, resp
	}
	if r := c.visibleRow(k, id); r != nil {
		return r, nil
	}
	return nil, notFound("Not found")
}

// visibleRow returns an object that the caller may see.
func (c *call) visibleRow(k kind, id string) *row {
	r := c.db.shop.get(k, id)
	if r == nil || !c.who.sees(r.org) || k == kindSubscription && r.text("status") == "incomplete" {
		return nil
	}
	return r
}

func (c *call) shown(status int, r *row) *response { return jsonResponse(status, c.db.show(r)) }

// reading is the operation that gets an object.
func reading(k kind) func(*call) *response {
	return func(c *call) *response {
		r, resp := c.object(k)
		if resp != nil {
			return resp
		}
		return c.shown(http.StatusOK, r)
	}
}

// updating is an operation on an object, with a body.
func updating(k kind, change func(c *call, r *row, values *python.Object) *response) func(*call) *response {
	return func(c *call) *response {
		values := c.checkBody()
		r, resp := c.object(k)
		if resp != nil {
			return resp
		}
		return change(c, r, values)
	}
}

// deleting is the operation that deletes an object.
func deleting(k kind, event string) func(*call) *response {
	return func(c *call) *response {
		r, resp := c.object(k)
		if resp != nil {
			return resp
		}
		c.srv.drop(r)
		if event != "" {
			c.srv.sendEvent(event, r)
		}
		return noContent()
	}
}

// refuse returns the problem of a request that breaks a rule of the service.
func refuse(msg string, input any, loc ...any) pydantic.Problem {
	return pydantic.Problem{Type: "value_error", Loc: append([]any{"body"}, loc...), Msg: msg, Input: input}
}

// newOrganization resolves the organization that a new object belongs to.
func (c *call) newOrganization(values *python.Object) (string, *response) {
	if c.who.User && values.Text("organization_id") == "" {
		return "", businessError(pydantic.Problem{Type: "missing", Loc: pydantic.Loc("body", "organization_id"), Msg: "organization_id is required."})
	}
	org, resp := c.newCustomerOrganization(values.Text("organization_id"))
	values.Delete("organization_id")
	return org, resp
}

// sendEvent sends an event about an object with its current data.
func (s *Server) sendEvent(typ string, r *row) {
	s.happened(typ, r.id)
	s.sendData(typ, r.org, func() *python.Object { return s.db.primary.show(r) })
}

func (s *Server) sendData(typ, org string, data func() *python.Object) {
	for _, e := range s.endpoints {
		if e.hook.OrganizationID == org {
			e.record(typ, data())
		}
	}
}

// view describes how a kind is listed, beyond the contract.
type view struct {
	// sorting is the default order; the newest come first if it is empty.
	sorting string
	// search are the fields that the parameter query searches.
	search string
	// filters are the parameters that are not fields of the object, or are not
	// compared for equality.
	filters map[string]func(db *store, r *row, values []string) bool
	// sorts are the sort properties that are not fields of the object.
	sorts map[string]func(db *store, r *row) any
}

var views = map[kind]view{
	kindProduct: {search: "name", filters: map[string]func(*store, *row, []string) bool{
		"benefit_id": func(_ *store, r *row, values []string) bool {
			return slices.ContainsFunc(textsOf(listOf(r.data, "benefits")), func(id string) bool { return slices.Contains(values, id) })
		},
	}, sorts: map[string]func(*store, *row) any{
		"price_amount_type": func(_ *store, r *row) any { return firstPrice(r).Value("amount_type") },
		"price_amount":      func(_ *store, r *row) any { return firstPrice(r).Value("price_amount") },
	}},
	kindLink:     {sorting: "created_at", filters: map[string]func(*store, *row, []string) bool{"product_id": byProducts}},
	kindDiscount: {search: "name code"}, kindBenefit: {search: "description"}, kindMeter: {sorting: "name", search: "name", filters: map[string]func(*store, *row, []string) bool{
		"is_archived": func(_ *store, r *row, values []string) bool {
			archived, _ := pydantic.ParseBool(values[0])
			return (r.data.Value("archived_at") != nil) == archived
		},
	}}, kindKey: {sorting: "created_at"},
	kindSubscription: {sorting: "-started_at", filters: map[string]func(*store, *row, []string) bool{
		"active": func(_ *store, r *row, values []string) bool {
			active, _ := pydantic.ParseBool(values[0])
			if active {
				return activeInList[r.text("status")]
			}
			return r.text("status") == "canceled" || r.text("status") == "unpaid"
		},
	}, sorts: partySorts},
	kindOrder: {filters: map[string]func(*store, *row, []string) bool{
		"product_billing_type": func(db *store, r *row, values []string) bool {
			p := db.shop.rows[r.text("product_id")]
			recurring := p != nil && p.is("is_recurring")
			return recurring && slices.Contains(values, "recurring") || !recurring && slices.Contains(values, "one_time")
		},
	}, sorts: partySorts},
	kindRefund: {filters: map[string]func(*store, *row, []string) bool{
		"succeeded": func(_ *store, r *row, values []string) bool {
			succeeded, _ := pydantic.ParseBool(values[0])
			return (r.text("status") == "succeeded") == succeeded
		},
	}},
	kindEvent: {sorting: "-timestamp", search: "name", filters: map[string]func(*store, *row, []string) bool{
		"meter_id": func(db *store, r *row, values []string) bool {
			m := db.shop.rows[values[0]]
			return m != nil && matchesFilter(objectOf(m.data, "filter"), r)
		},
		"filter":          func(_ *store, r *row, values []string) bool { return matchesFilter(parseObject(values[0]), r) },
		"customer_id":     func(_ *store, r *row, values []string) bool { return slices.Contains(values, r.customer) },
		"start_timestamp": func(_ *store, r *row, values []string) bool { return !r.created.Before(timeOf(values[0])) },
		"end_timestamp":   func(_ *store, r *row, values []string) bool { return !r.created.After(timeOf(values[0])) },
	}},
	kindCheckout: {search: "customer_email", filters: map[string]func(*store, *row, []string) bool{
		"external_customer_id": byExternalCustomer, "product_id": byProducts,
	}},
}

// partySorts sort by related objects.
var partySorts = map[string]func(*store, *row) any{
	"customer": func(db *store, r *row) any { return null(customerEmail(db, r.customer)) },
	"product":  nameOf("product_id"), "discount": nameOf("discount_id"),
	"subscription": func(_ *store, r *row) any { return r.data.Value("subscription_id") },
}

func nameOf(field string) func(*store, *row) any {
	return func(db *store, r *row) any {
		if o := db.shop.rows[r.text(field)]; o != nil {
			return o.text("name")
		}
		return nil
	}
}

func firstPrice(r *row) *python.Object {
	if prices := listOf(r.data, "prices"); len(prices) > 0 {
		p, _ := prices[0].(*python.Object)
		return p
	}
	return python.NewObject()
}

func byExternalCustomer(db *store, r *row, values []string) bool {
	if external := r.text("external_customer_id"); external != "" {
		return slices.Contains(values, external)
	}
	c := db.customers[r.customer]
	return c != nil && slices.Contains(values, c.ExternalID)
}

func byProducts(_ *store, r *row, values []string) bool {
	return slices.ContainsFunc(textsOf(listOf(r.data, "products")), func(id string) bool { return slices.Contains(values, id) })
}

// listing is the operation that lists a kind of objects.
func listing(k kind) func(*call) *response {
	return func(c *call) *response { return c.list(k, nil) }
}

// list lists the objects of a kind that match keep and the query.
func (c *call) list(k kind, keep func(*row) bool) *response {
	v := views[k]
	args, sorting := c.arguments()
	p := c.paging()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	if p.beyond {
		return internalError()
	}
	order := cmp.Or(strings.Join(sorting, " "), v.sorting, "-created_at")
	if order == "-started_at" && c.even(k) {
		order = "-created_at"
	}
	rows := c.sorted(v, c.selected(k, v, keep, args), order)
	items := []any{}
	for _, r := range page(rows, p) {
		if c.who.Session {
			items = append(items, c.portalForm(r))
		} else {
			items = append(items, c.db.show(r))
		}
	}
	if cursor, _ := c.query.Bool("cursor_pagination"); cursor {
		return jsonResponse(http.StatusOK, python.NewObject("items", items, "pagination", python.NewObject("has_next_page", p.offset+p.limit < len(rows))))
	}
	return pageResponse(items, len(rows), p)
}

// even reports whether lists show all objects of a kind, in the order of age.
func (c *call) even(k kind) bool {
	return !slices.ContainsFunc(c.who.Organizations, func(org string) bool { return c.db.shop.uneven[owner{k, org}] })
}

// selected returns the objects that match, oldest first.
func (c *call) selected(k kind, v view, keep func(*row) bool, args map[string][]string) (rows []*row) {
	asked, given := args["organization_id"]
	orgs := c.reach(asked, given)
	owners := orgs
	if customers := args["customer_id"]; len(customers) == 1 {
		owners = customers
	}
	for _, id := range owners {
		rows = append(rows, c.db.shop.of[owner{k, id}]...)
	}
	if len(orgs) > 1 {
		slices.SortFunc(rows, compareAge)
	}
	passes := c.passing(v, keep, args)
	if passes == nil && c.even(k) {
		return rows
	}
	return slices.DeleteFunc(rows, func(r *row) bool {
		return r.unlisted() || !slices.Contains(orgs, r.org) || passes != nil && !passes(r)
	})
}

// passing returns a filter for the parameters of a request, or nil if all objects
// match.
func (c *call) passing(v view, keep func(*row) bool, args map[string][]string) func(*row) bool {
	metadata := polarrules.MetadataFilters(&c.query)
	if keep == nil && len(args) == 0 && len(metadata) == 0 {
		return nil
	}
	return func(r *row) bool {
		if keep != nil && !keep(r) {
			return false
		}
		for name, values := range args {
			if !v.passes(c.db, r, name, values) {
				return false
			}
		}
		for key, values := range metadata {
			m, ok := objectOf(r.data, "metadata").Get(key)
			if !ok || !slices.Contains(values, polarrules.MetadataText(m)) {
				return false
			}
		}
		return true
	}
}

func (v view) passes(db *store, r *row, name string, values []string) bool {
	if filter := v.filters[name]; filter != nil {
		return filter(db, r, values)
	}
	switch name {
	case "page", "limit", "sorting", "organization_id", "cursor_pagination":
		return true
	case "query":
		q := strings.ToLower(values[0])
		return slices.ContainsFunc(strings.Fields(v.search), func(f string) bool { return strings.Contains(strings.ToLower(r.text(f)), q) })
	case "external_customer_id":
		return byExternalCustomer(db, r, values)
	}
	field, isAfter := strings.CutSuffix(name, "_after")
	field, isBefore := strings.CutSuffix(field, "_before")
	if isAfter || isBefore {
		if _, has := r.data.Get(field); !has {
			field += "_at"
		}
		t, bound := r.time(field), timeOf(values[0])
		return !t.IsZero() && (isAfter && !t.Before(bound) || isBefore && !t.After(bound))
	}
	actual, has := r.data.Get(name)
	if !has {
		return true
	}
	switch actual := actual.(type) {
	case string:
		return slices.Contains(values, actual)
	case bool:
		want, _ := pydantic.ParseBool(values[0])
		return actual == want
	}
	return false
}

// sorted orders objects that are given oldest first. Equal objects come newest first.
func (c *call) sorted(v view, rows []*row, sorting string) []*row {
	switch sorting {
	case "created_at":
		return rows
	case "-created_at", "-timestamp":
		slices.Reverse(rows)
		return rows
	}
	slices.Reverse(rows)
	compare := c.order(v, sorting)
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Or(compare(a, b), cmp.Compare(c.rank(a), c.rank(b))) })
	return rows
}

// order compares objects by criteria.
func (c *call) order(v view, sorting string) func(a, b *row) int {
	criteria := strings.Fields(sorting)
	return func(a, b *row) int {
		for _, s := range criteria {
			name, descending := strings.CutPrefix(s, "-")
			n := compareValues(c.sortKey(v, name, a), c.sortKey(v, name, b))
			if descending {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	}
}

func (c *call) sortKey(v view, name string, r *row) any {
	if sort := v.sorts[name]; sort != nil {
		return sort(c.db, r)
	}
	return r.data.Value(name)
}

// rank orders equal objects as a recording does.
func (c *call) rank(r *row) int {
	if n := c.srv.opts.rank[r.id]; n > 0 {
		return n
	}
	return len(c.srv.opts.rank) + 1
}

// compareValues orders values of one kind. Nulls come last, as in PostgreSQL.
func compareValues(a, b any) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(boolInt(a == nil), boolInt(b == nil))
	case isText(a) && isText(b):
		return cmp.Compare(text(a), text(b))
	}
	return cmp.Compare(floatOf(a), floatOf(b))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// arguments checks the query's parameters against the contract. It returns the values
// of the given parameters, and the sort criteria.
func (c *call) arguments() (args map[string][]string, sorting []string) {
	op, err := document().Operation(c.route.method, c.route.pattern)
	if err != nil || op == nil {
		return nil, nil
	}
	args = map[string][]string{}
	for _, p := range op.Params {
		if p.In != "query" || p.Name == "page" || p.Name == "limit" || p.Style == "deepObject" {
			continue
		}
		values := c.query.All(p.Name)
		if len(values) == 0 {
			continue
		}
		checked, early, problems := c.srv.checker.Query(p, values)
		c.query.Early = append(c.query.Early, early...)
		c.query.Problems = append(c.query.Problems, problems...)
		if p.Name == "sorting" {
			sorting = checked
			continue
		}
		args[p.Name] = checked
	}
	return args, sorting
}
