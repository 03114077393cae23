package imitation

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/polarexpress/polar-go/internal/hosted"
	"github.com/polarexpress/polar-go/internal/python"
)

// done are the messages of the portal after an action. The page shows no other text
// from its URL.
var done = map[string]string{
	"cancel": "Your subscription ends after the paid period.",
	"resume": "Your subscription continues.",
}

// portalPage serves the page on which customers see their purchases.
func (s *Server) portalPage(w http.ResponseWriter, r *http.Request, slug string) {
	token := r.URL.Query().Get("customer_session_token")
	if r.Method == http.MethodPost && !s.guard.Allows(w, r, token) {
		forged(w, r)
		return
	}
	page, problems, ok := s.visitPortal(r, token, slug)
	if !ok {
		hosted.Message{Title: "This link has expired", Text: "Please open the portal from the shop again."}.Render(w, http.StatusUnauthorized)
		return
	}
	query := r.URL.Query()
	if r.Method == http.MethodPost && len(problems) == 0 {
		query.Set("done", r.PostForm.Get("action"))
		http.Redirect(w, r, r.URL.Path+"?"+query.Encode(), http.StatusSeeOther)
		return
	}
	page.Done = done[query.Get("done")]
	query.Del("done")
	page.Form = hosted.Form{To: r.URL.Path + "?" + query.Encode(), Token: s.guard.Token(w, r, token)}
	status := http.StatusOK
	if len(problems) > 0 {
		page.Done, page.Error, status = "", problems[0].text, http.StatusUnprocessableEntity
	}
	page.Render(w, status)
}

// visitPortal performs the action of a form, and returns the page. It reports whether
// the token is valid.
func (s *Server) visitPortal(r *http.Request, token, slug string) (page hosted.Portal, problems []problem, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := s.portalCaller(token, slug)
	if who == nil {
		return page, nil, false
	}
	if r.Method == http.MethodPost {
		problems = s.changeInPortal(r, who, r.PostForm.Get("action"))
	}
	return s.portalView(who), problems, true
}

// portalCaller returns the caller with a session token, or nil if the token is not
// valid for the organization.
func (s *Server) portalCaller(token, slug string) *principal {
	t, known := s.tokens[token]
	if !known || !t.Session || t.customer == "" || t.Expired || t.Revoked || !s.clock.time().Before(t.until) ||
		s.db.primary.customer(t.customer) == nil || s.orgs[t.Organizations[0]].Slug != slug {
		return nil
	}
	return &principal{t, t.Organizations}
}

// changeInPortal performs the action of a form of the portal.
func (s *Server) changeInPortal(r *http.Request, who *principal, action string) []problem {
	params := map[string]string{"id": r.PostForm.Get("subscription")}
	sub := s.db.primary.shop.get(kindSubscription, params["id"])
	switch {
	case action == "cancel":
		return problemsOf(s.perform(r, "customer_portal:subscriptions:cancel", who, params, python.NewObject()))
	case action == "resume" && sub != nil && sub.text("status") == "paused":
		return problemsOf(s.perform(r, "customer_portal:subscriptions:update", who, params, python.NewObject("resume", true)))
	case action == "resume":
		return problemsOf(s.perform(r, "customer_portal:subscriptions:update", who, params, python.NewObject("cancel_at_period_end", false)))
	}
	return []problem{{text: "This action is unknown."}}
}

func (s *Server) portalView(who *principal) hosted.Portal {
	db := s.db.primary
	customer := db.customer(who.customer)
	page := hosted.Portal{Brand: s.orgs[customer.OrganizationID].Name, Customer: cmp.Or(customer.Email, customer.Name), Back: webURL(who.returnURL)}
	newest := func(k kind) []*row {
		rows := slices.Clone(db.shop.of[owner{k, customer.ID}])
		slices.Reverse(rows)
		return rows
	}
	productName := func(r *row) string {
		if p := db.shop.rows[r.text("product_id")]; p != nil {
			return p.text("name")
		}
		return "Product"
	}
	for _, r := range newest(kindSubscription) {
		page.Subscriptions = append(page.Subscriptions, subscriptionView(r, productName(r)))
	}
	for _, r := range newest(kindOrder) {
		page.Orders = append(page.Orders, hosted.Order{
			Date: hosted.Date(r.created), Product: productName(r), Number: r.text("invoice_number"), Status: words(r.text("status")),
			Total: hosted.Money(r.int("total_amount"), r.text("currency")),
		})
	}
	for _, r := range newest(kindKey) {
		key := hosted.Key{Key: r.text("key"), Status: words(r.text("status")), Good: r.text("status") == "granted", Detail: "Any number of devices"}
		if limit := r.data.Value("limit_activations"); limit != nil {
			key.Detail = strconv.Itoa(len(s.activations(r))) + " of " + python.Str(limit) + " activations used"
		}
		if end := r.time("expires_at"); !end.IsZero() {
			key.Detail += ", until " + hosted.Date(end)
		}
		page.Keys = append(page.Keys, key)
	}
	return page
}

// words turns a value of an enum into text.
func words(v string) string {
	v = strings.ReplaceAll(v, "_", " ")
	if v == "" {
		return v
	}
	return strings.ToUpper(v[:1]) + v[1:]
}

func subscriptionView(r *row, product string) hosted.Subscription {
	status := r.text("status")
	v := hosted.Subscription{
		ID: r.id, Product: product, Status: words(status), Good: status == "active" || status == "trialing",
		Price: hosted.Money(r.int("amount"), r.text("currency")) + hosted.Per(r.text("recurring_interval"), r.int("recurring_interval_count")),
	}
	end := hosted.Date(r.time("current_period_end"))
	switch {
	case status == "paused":
		v.Detail, v.Resumable = "Paused since "+hosted.Date(r.time("paused_at")), true
	case ended(r):
		v.Detail = "Ended on " + hosted.Date(r.time("ended_at"))
	case r.is("cancel_at_period_end"):
		v.Status, v.Good, v.Detail, v.Resumable = "Canceled", false, "Yours until "+end, true
	case r.is("pause_at_period_end"):
		v.Detail = "Pauses on " + end
	case status == "trialing":
		v.Detail, v.Cancelable = "Free until "+end, true
	case status == "past_due":
		v.Detail, v.Cancelable = "The last payment has failed.", true
	default:
		v.Detail, v.Cancelable = "Renews on "+end, true
	}
	return v
}
