package imitation

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/hosted"
	"github.com/polarexpress/polar-go/internal/python"
)

// WithPublicPages serves the pages for browsers to other machines as well. The URLs of
// checkouts and portals then begin with baseURL or, if it is empty, with the host of
// the request that creates them. Everyone who can reach the dashboard can see all
// customers.
func WithPublicPages(baseURL string) Option {
	return func(s *settings) { s.publicPages, s.pagesURL = true, strings.TrimSuffix(baseURL, "/") }
}

// page returns the handler of a request for a page, or nil if the request is for the
// API.
func (s *Server) page(r *http.Request) http.HandlerFunc {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	var show func(http.ResponseWriter, *http.Request, string)
	var name string
	switch {
	case r.URL.Path == "/" && fromBrowser(r):
		show = s.dashboardPage
	case len(parts) == 2 && parts[0] == "checkout":
		show, name = s.checkoutPage, parts[1]
	case len(parts) == 3 && parts[0] == "checkout" && parts[2] == "confirmation":
		show, name = s.confirmationPage, parts[1]
	case len(parts) == 2 && parts[1] == "portal":
		show, name = s.portalPage, parts[0]
	default:
		return nil
	}
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.opts.publicPages && !hosted.Local(r):
			hosted.Message{Title: "Only on this machine", Text: "This page is available only on the machine that serves it."}.Render(w, http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
			w.Header().Set("Allow", "GET, HEAD, POST")
			hosted.Message{Title: "Method not allowed"}.Render(w, http.StatusMethodNotAllowed)
		default:
			show(w, r, name)
		}
	}
}

// fromBrowser reports whether a browser sent the request. Other requests for the root
// fail, as on the service.
func fromBrowser(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

func missingPage(w http.ResponseWriter) {
	hosted.Message{Title: "Not found", Text: "This page does not exist."}.Render(w, http.StatusNotFound)
}

// forged refuses a form that does not come from a page of this server.
func forged(w http.ResponseWriter, r *http.Request) {
	hosted.Message{
		Title: "Please try again", Text: "This form did not come from this page.",
		Link: r.URL.RequestURI(), LinkText: "Open the page",
	}.Render(w, http.StatusForbidden)
}

// perform runs an operation for a page, whose request is r. The caller holds the
// lock.
func (s *Server) perform(r *http.Request, operation string, who *principal, params map[string]string, body *python.Object) *response {
	i := slices.IndexFunc(routes, func(rt route) bool { return rt.operation == operation })
	c := &call{srv: s, req: r, route: &routes[i], params: params, who: who, body: body, now: s.clock.time(), db: s.db.primary}
	return c.route.handle(c)
}

// problem is an error in a response. It concerns a field, or the whole request if field
// is empty.
type problem struct{ field, text string }

// problemsOf reads the error of a response. It is empty if the operation
// succeeded.
func problemsOf(resp *response) (problems []problem) {
	if resp.status < 300 {
		return nil
	}
	body := parseObject(string(resp.body))
	if body == nil {
		return []problem{{text: http.StatusText(resp.status)}}
	}
	list, ok := body.Value("detail").([]any)
	if !ok {
		return []problem{{text: body.Text("detail")}}
	}
	for _, v := range list {
		p, _ := v.(*python.Object)
		found := problem{text: p.Text("msg")}
		if loc := listOf(p, "loc"); len(loc) > 0 {
			found.field = text(loc[len(loc)-1])
		}
		problems = append(problems, found)
	}
	return problems
}

// webURL returns raw if it is a URL that a page may link to, else "".
func webURL(raw string) string {
	if u, err := url.Parse(raw); err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return raw
}

// priceText writes a price for customers.
func priceText(price *python.Object, interval string, count int64) string {
	currency, per := price.Text("price_currency"), hosted.Per(interval, count)
	switch kind := price.Text("amount_type"); {
	case kind == "fixed" && intOf(price.Value("price_amount")) == 0:
		return "Free"
	case kind == "fixed":
		return hosted.Money(intOf(price.Value("price_amount")), currency) + per
	case kind == "custom":
		return "Pay what you want" + per
	case kind == "metered_unit":
		return "By usage" + per
	case kind == "seat_based":
		return hosted.Money(priceAmount(price, nil, 1, 0), currency) + " a seat" + per
	case kind == "unit_based":
		return hosted.Money(priceAmount(price, nil, 0, 1), currency) + " a unit" + per
	}
	return ""
}
