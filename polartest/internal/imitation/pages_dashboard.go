package imitation

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/hosted"
	"github.com/polarexpress/polar-go/internal/python"
)

// shownRows is the number of rows of a table in the dashboard.
const shownRows = 25

// dashboardPage serves the dashboard for developers.
func (s *Server) dashboardPage(w http.ResponseWriter, r *http.Request, _ string) {
	if r.Method == http.MethodPost {
		s.dashboardForm(w, r)
		return
	}
	page := s.dashboardView()
	page.Form = hosted.Form{To: "/", Token: s.guard.Token(w, r, "dashboard")}
	if r.URL.Query().Has("advanced") {
		page.Done = "The clock has moved forward."
	}
	page.Render(w)
}

// dashboardForm moves the time, or opens a checkout or a portal.
func (s *Server) dashboardForm(w http.ResponseWriter, r *http.Request) {
	if !s.guard.Allows(w, r, "dashboard") {
		forged(w, r)
		return
	}
	to := "/?advanced"
	switch step := r.PostForm.Get("advance"); {
	case slices.Contains([]string{"day", "month", "year"}, step):
		s.mu.Lock()
		s.runUntil(addInterval(s.clock.time(), step, 1))
		s.mu.Unlock()
		s.awaitDeliveries(r.Context())
	case r.PostForm.Has("checkout"):
		to = s.openCheckoutFor(r, r.PostForm.Get("checkout"))
	case r.PostForm.Has("portal"):
		to = s.openPortalFor(r, r.PostForm.Get("portal"))
	default:
		to = "/"
	}
	if to == "" {
		missingPage(w)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// awaitDeliveries waits briefly, so that the page shows the deliveries.
func (s *Server) awaitDeliveries(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	s.mu.Lock()
	endpoints := s.endpoints
	s.mu.Unlock()
	for _, e := range endpoints {
		_ = e.Flush(ctx) // late deliveries appear when the page is reloaded
	}
}

func (s *Server) openCheckoutFor(r *http.Request, product string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.db.primary.shop.get(kindProduct, product)
	if p == nil {
		return ""
	}
	checkout, problems := s.newCheckout(s.pages(r), []*row{p}, python.NewObject(), func(string) bool { return true })
	if problems != nil {
		return ""
	}
	s.sendEvent("checkout.created", checkout)
	return checkout.text("url")
}

func (s *Server) openPortalFor(r *http.Request, customer string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.db.primary.customer(customer)
	if c == nil {
		return ""
	}
	return portalURL(s.pages(r), s.orgs[c.OrganizationID], s.newSession(c.ID, "", "polar_cst_").token, c.Email)
}

func (s *Server) dashboardView() hosted.Dashboard {
	s.mu.Lock()
	defer s.mu.Unlock()
	db := s.db.primary
	page := hosted.Dashboard{Now: hosted.Clock(s.clock.time()), EventCount: s.activity.count}
	for _, org := range s.orgOrder {
		customers := db.org(org).byTime
		page.CustomerCount += len(customers)
		for _, c := range newestOf(customers) {
			page.Customers = append(page.Customers, hosted.Customer{
				ID: c.ID, Name: c.Name, Email: cmp.Or(c.Email, c.Name, c.ID), ExternalID: c.ExternalID, Created: hosted.Date(c.CreatedAt), Bought: db.bought(c.ID),
			})
		}
		for _, p := range db.shop.of[owner{kindProduct, org}] {
			if price, _ := firstOf(listOf(p.data, "prices")).(*python.Object); !p.is("is_archived") {
				page.Products = append(page.Products, hosted.Product{ID: p.id, Name: p.text("name"), Price: productPrice(p, price)})
			}
		}
	}
	for _, e := range newestOf(s.activity.events) {
		page.Events = append(page.Events, hosted.Event{Time: hosted.Moment(e.Time), Type: e.Type, Object: e.ObjectID})
	}
	for _, e := range s.endpoints {
		page.Endpoints = append(page.Endpoints, e.hook.URL)
		deliveries := e.Deliveries()
		page.DeliveryCount += len(deliveries)
		for _, d := range newestOf(deliveries) {
			page.Deliveries = append(page.Deliveries, hosted.Delivery{
				Time: hosted.Moment(d.Time), Type: d.Type, URL: cmp.Or(e.hook.URL, "in memory"), Attempt: attemptText(d.Attempt), Result: resultText(d), Good: d.OK(),
			})
		}
	}
	return page
}

// newestOf returns the last rows, newest first.
func newestOf[T any](rows []T) []T {
	rows = slices.Clone(rows[max(0, len(rows)-shownRows):])
	slices.Reverse(rows)
	return rows
}

// bought lists the names of a customer's current subscriptions.
func (db *store) bought(customer string) string {
	var names []string
	for _, r := range db.shop.of[owner{kindSubscription, customer}] {
		if p := db.shop.rows[r.text("product_id")]; p != nil && !ended(r) {
			names = append(names, p.text("name")+" ("+r.text("status")+")")
		}
	}
	return strings.Join(names, ", ")
}

func attemptText(n int) string {
	if n == 0 {
		return "manual"
	}
	return strconv.Itoa(n)
}

func resultText(d Delivery) string {
	if d.Err != nil {
		return "no response"
	}
	return strconv.Itoa(d.Status)
}
