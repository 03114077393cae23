package polartest_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// visitor opens pages as a browser does: it keeps cookies, and sends the origin of
// forms.
type visitor struct {
	t      *testing.T
	client *http.Client
	at     string
	status int
	header http.Header
	page   string
	fields map[string]string // more headers of requests
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t: t, client: &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (v *visitor) send(method, address string, form url.Values) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range v.fields {
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	resp, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.at, v.status, v.header, v.page = address, resp.StatusCode, resp.Header, string(page)
}

func (v *visitor) open(address string) {
	v.t.Helper()
	v.send(http.MethodGet, address, nil)
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// form returns the page's hidden inputs and the given values.
func (v *visitor) form(values ...string) url.Values {
	form := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(v.page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for i := 0; i+1 < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	return form
}

func (v *visitor) submit(values ...string) {
	v.t.Helper()
	v.send(http.MethodPost, v.at, v.form(values...))
}

func (v *visitor) want(status int, texts ...string) {
	v.t.Helper()
	if v.status != status {
		v.t.Fatalf("%s: status %d, want %d\n%s", v.at, v.status, status, v.page)
	}
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(v.page), text) {
			v.t.Fatalf("%s does not say %q:\n%s", v.at, text, v.page)
		}
	}
}

type pagedCheckout struct {
	ID     string `json:"id"`
	URL    string `json:"url"`
	Status string `json:"status"`
	Amount int    `json:"total_amount"`
}

func newCheckout(t *testing.T, srv *polartest.Server, body object) *pagedCheckout {
	t.Helper()
	c, err := polar.Call[pagedCheckout](t.Context(), srv.Client(), "POST", "/v1/checkouts/", body)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *pagedCheckout) now(t *testing.T, srv *polartest.Server) *pagedCheckout {
	t.Helper()
	c, err := polar.Call[pagedCheckout](t.Context(), srv.Client(), "GET", "/v1/checkouts/"+c.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCheckoutPage pays in a browser. Errors appear beside their fields, and the
// customer pays the amount that the page has shown.
func TestCheckoutPage(t *testing.T) {
	srv := polartest.NewServer(t)
	product := srv.AddProduct(polartest.Product{Name: "Pro & <More>", RecurringInterval: "month", PriceAmount: 1900})
	srv.AddDiscount(polartest.Discount{Code: "TEN"})
	checkout := newCheckout(t, srv, object{"products": []string{product.ID}, "external_customer_id": "user_42", "success_url": "http://shop.test/thanks?id={CHECKOUT_ID}", "return_url": "http://shop.test/"})
	v := newVisitor(t)
	v.open(checkout.URL)
	v.want(200, "Pro & <More>", "$19.00 a month", "Pay $19.00", "Decline the payment", `href="http://shop.test/"`)
	if strings.Contains(v.page, "<More>") {
		t.Error("the name is not escaped")
	}

	v.submit("action", "pay", "customer_email", "ada@example.com", "country", "FR")
	v.want(422, `value="ada@example.com"`, "does not accept email", `aria-invalid="true"`, `<option value="FR" selected>`)
	v.submit("action", "pay", "customer_email", "ada@polar.sh", "country", "")
	v.want(422, "Field is required.")
	v.submit("action", "pay", "customer_email", "ada@polar.sh", "country", "FR", "discount_code", "NONE")
	v.want(422, "Discount does not exist.")

	// In the United States, prices do not include tax.
	v.submit("action", "pay", "customer_email", "ada@polar.sh", "country", "US", "state", "US-NY")
	v.want(200, "The total has changed.", "Pay $22.80", "Tax")
	if status := checkout.now(t, srv).Status; status != "open" {
		t.Fatalf("status %s", status)
	}
	v.submit("action", "update", "customer_email", "ada@polar.sh", "country", "FR", "discount_code", "ten")
	v.want(200, "Pay $17.10", "−$1.90", "Tax, included")
	v.submit("action", "pay", "customer_email", "ada@polar.sh", "customer_name", "Ada", "country", "FR", "discount_code", "TEN")
	v.want(303)
	if to := v.header.Get("Location"); to != "http://shop.test/thanks?id="+checkout.ID {
		t.Errorf("paying leads to %s", to)
	}
	if c := checkout.now(t, srv); c.Status != "succeeded" || c.Amount != 1710 {
		t.Errorf("checkout %+v", c)
	}
	state, err := customers.New(srv.Client()).GetStateByExternalID(t.Context(), "user_42")
	if err != nil || !state.HasProduct(product.ID) || *state.Name != "Ada" {
		t.Errorf("state %+v, %v", state, err)
	}
	v.open(checkout.URL)
	v.want(200, "Thank you", "$17.10")
	v.open(checkout.URL + "/confirmation")
	v.want(200, "Thank you")
}

// A declined payment sells nothing. Without a success URL, the service's own page
// says thanks.
func TestCheckoutPageOutcomes(t *testing.T) {
	srv := polartest.NewServer(t)
	product := srv.AddProduct(polartest.Product{Name: "Book"})
	free := srv.AddProduct(polartest.Product{Name: "Sample", Free: true})
	trial := srv.AddProduct(polartest.Product{Name: "Trial", RecurringInterval: "month", TrialInterval: "day", TrialIntervalCount: 7})
	v := newVisitor(t)

	declined := newCheckout(t, srv, object{"products": []string{product.ID}})
	v.open(declined.URL)
	v.submit("action", "decline", "country", "FR")
	v.want(422, "Field is required.")
	v.submit("action", "decline", "customer_email", "eve@polar.sh", "country", "FR")
	v.want(303)
	v.open(declined.URL)
	v.want(200, "The payment was declined")
	if c := declined.now(t, srv); c.Status != "failed" {
		t.Errorf("checkout %+v", c)
	}

	several := newCheckout(t, srv, object{"products": []string{product.ID, free.ID, trial.ID}})
	v.open(several.URL)
	v.want(200, "Choose a product", "Book", "Sample", "Free")
	v.submit("action", "update", "product_id", trial.ID)
	v.want(200, "Start the trial", "Due on ")
	v.submit("action", "pay", "product_id", free.ID, "customer_email", "eve@polar.sh")
	v.want(200, "The total has changed.", "Get it for free")
	v.submit("action", "pay", "product_id", free.ID, "customer_email", "eve@polar.sh")
	v.want(303)
	if to := v.header.Get("Location"); to != several.URL+"/confirmation" {
		t.Errorf("paying leads to %s", to)
	}

	late := newCheckout(t, srv, object{"products": []string{product.ID}})
	v.open(late.URL + "/confirmation")
	v.want(303)
	srv.Advance(25 * time.Hour)
	v.open(late.URL)
	v.want(200, "This checkout has expired")
	v.open(srv.URL + "/checkout/polar_c_none")
	v.want(404, "This page does not exist.")
	v.open(srv.URL + "/checkout/polar_c_none/confirmation")
	v.want(404)

	link, err := polar.Call[struct{ URL string }](t.Context(), srv.Client(), "POST", "/v1/checkout-links/", object{"products": []string{product.ID}, "payment_processor": "stripe"})
	if err != nil {
		t.Fatal(err)
	}
	v.open(link.URL)
	v.want(307)
	v.open(v.header.Get("Location"))
	v.want(200, "Book")
}

// The page asks for the number that a price depends on.
func TestCheckoutPageAmounts(t *testing.T) {
	srv := polartest.NewServer(t)
	custom := srv.AddProduct(polartest.Product{Name: "Tip", Prices: []map[string]any{{"amount_type": "custom", "minimum_amount": 500, "preset_amount": 700}}})
	v := newVisitor(t)
	v.open(newCheckout(t, srv, object{"products": []string{custom.ID}}).URL)
	v.want(200, "Pay what you want", "Pay $7.00", `name="amount"`)
	v.submit("action", "update", "amount", "much")
	v.want(422, "Enter a whole number.")
	v.submit("action", "update", "amount", "100")
	v.want(422, "Amount is below minimum.")
	v.submit("action", "update", "amount", "1234")
	v.want(200, "Pay $12.34")
}

func newPortal(t *testing.T, srv *polartest.Server, body object) string {
	t.Helper()
	session, err := polar.Call[struct {
		URL string `json:"customer_portal_url"`
	}](t.Context(), srv.Client(), "POST", "/v1/customer-sessions/", body)
	if err != nil {
		t.Fatal(err)
	}
	return session.URL
}

// TestPortalPage cancels and resumes a subscription.
func TestPortalPage(t *testing.T) {
	srv := polartest.NewServer(t)
	key := srv.AddBenefit(polartest.Benefit{Type: "license_keys", Properties: object{"prefix": "ACME", "activations": object{"limit": 2, "enable_customer_admin": true}}})
	product := srv.AddProduct(polartest.Product{Name: "Pro", RecurringInterval: "month", Benefits: []string{key.ID}})
	bought := srv.Pay(newCheckout(t, srv, object{"products": []string{product.ID}, "customer_email": "ada@polar.sh", "external_customer_id": "ada"}).ID)
	other := srv.Pay(newCheckout(t, srv, object{"products": []string{product.ID}, "customer_email": "eve@polar.sh"}).ID)
	address := newPortal(t, srv, object{"external_customer_id": "ada", "return_url": "http://shop.test/account"})
	v := newVisitor(t)
	v.open(address)
	v.want(200, "Signed in as ada@polar.sh", "Renews on ", bought.LicenseKeys[0], "0 of 2 activations used", "INV-", "$10.00", `href="http://shop.test/account"`)
	status := func() (s struct {
		Status   string
		Canceled bool `json:"cancel_at_period_end"`
	}) {
		t.Helper()
		got, err := polar.Call[struct {
			Status   string
			Canceled bool `json:"cancel_at_period_end"`
		}](t.Context(), srv.Client(), "GET", "/v1/subscriptions/"+bought.SubscriptionID, nil)
		if err != nil {
			t.Fatal(err)
		}
		return *got
	}
	for _, step := range []struct {
		action, says string
		canceled     bool
	}{{"cancel", "Yours until ", true}, {"resume", "Renews on ", false}, {"cancel", "Yours until ", true}} {
		v.open(address)
		v.submit("action", step.action, "subscription", bought.SubscriptionID)
		v.want(303)
		v.open(srv.URL + v.header.Get("Location"))
		v.want(200, step.says, `role="status"`)
		if status().Canceled != step.canceled {
			t.Errorf("after %s: %+v", step.action, status())
		}
	}
	v.submit("action", "cancel", "subscription", bought.SubscriptionID)
	v.want(422, "already canceled")
	v.open(address)
	v.submit("action", "cancel", "subscription", other.SubscriptionID)
	v.want(422, "Not found")
	v.open(address)
	v.submit("action", "explode", "subscription", bought.SubscriptionID)
	v.want(422, "This action is unknown.")

	v.open(address + "&done=%3Cscript%3E")
	v.want(200)
	if strings.Contains(strings.ToLower(v.page), "<script") || strings.Contains(v.page, "3Cscript") {
		t.Error("the page shows text of its address")
	}
	v.open(strings.Replace(address, srv.Organization().Slug, "elsewhere", 1))
	v.want(401, "This link has expired")
	srv.Advance(2 * time.Hour)
	v.open(address)
	v.want(401, "This link has expired")
	srv.Advance(40 * 24 * time.Hour)
	v.open(newPortal(t, srv, object{"external_customer_id": "ada"}))
	v.want(200, "Ended on ", "Revoked")
}

// TestDashboard shows events, moves the time and opens pages.
func TestDashboard(t *testing.T) {
	srv := polartest.NewServer(t)
	in := newInbox(t)
	receiver := httptest.NewServer(in)
	defer receiver.Close()
	hook := srv.AddWebhook(polartest.Webhook{URL: receiver.URL, Secret: webhookSecret})
	product := srv.AddProduct(polartest.Product{Name: "Pro", RecurringInterval: "month"})
	bought := srv.Pay(newCheckout(t, srv, object{"products": []string{product.ID}, "customer_email": "ada@polar.sh", "customer_name": "<b>Ada</b>", "external_customer_id": "ada"}).ID)
	if err := hook.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t)
	v.open(srv.URL + "/")
	v.want(200, "ada@polar.sh", "<b>Ada</b>", "Pro (active)", "order.paid", bought.OrderID, receiver.URL)
	if strings.Contains(v.page, "<b>") {
		t.Error("the name is not escaped")
	}
	v.submit("advance", "month")
	v.want(303)
	v.open(srv.URL + v.header.Get("Location"))
	v.want(200, "The clock has moved forward.", "subscription.cycled")
	v.open(srv.URL + "/")
	v.submit("portal", bought.CustomerID)
	v.want(303)
	v.open(v.header.Get("Location"))
	v.want(200, "Signed in as ada@polar.sh")
	v.open(srv.URL + "/")
	v.submit("checkout", product.ID)
	v.want(303)
	v.open(v.header.Get("Location"))
	v.want(200, "Pay $10.00")
	for _, values := range [][]string{{"checkout", "none"}, {"portal", "none"}} {
		v.open(srv.URL + "/")
		v.submit(values...)
		v.want(404)
	}
	v.open(srv.URL + "/")
	v.submit("advance", "aeon")
	v.want(303)
	if n := len(srv.Events()); n < 20 || srv.Events()[n-1].Type != "checkout.created" {
		t.Errorf("%d events, the last is %+v", n, srv.Events()[n-1])
	}
}

// TestPagesAreGuarded refuses forms of other sites, and requests of other machines.
func TestPagesAreGuarded(t *testing.T) {
	srv := polartest.NewServer(t)
	product := srv.AddProduct(polartest.Product{RecurringInterval: "month"})
	checkout := newCheckout(t, srv, object{"products": []string{product.ID}})
	srv.Pay(newCheckout(t, srv, object{"products": []string{product.ID}, "external_customer_id": "ada"}).ID)
	portal := newPortal(t, srv, object{"external_customer_id": "ada"})
	valid := []string{"action", "pay", "customer_email", "ada@polar.sh", "country", "FR"}
	for _, address := range []string{checkout.URL, portal, srv.URL + "/"} {
		v := newVisitor(t)
		v.open(address)
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "same-origin",
		} {
			if got := v.header.Get(name); got != want {
				t.Errorf("%s of %s is %q, want %q", name, address, got, want)
			}
		}
		if policy := v.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(v.page, "<script") {
			t.Errorf("policy %q", policy)
		}
		if cookie := v.header.Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("cookie %q", cookie)
		}
		form := v.form(valid...)
		for name, spoil := range map[string]func(*visitor, url.Values){
			"no token":        func(_ *visitor, f url.Values) { f.Del("form_token") },
			"another token":   func(_ *visitor, f url.Values) { f.Set("form_token", f.Get("form_token")[1:]) },
			"another browser": func(v *visitor, _ url.Values) { v.client = newVisitor(t).client },
			"another site":    func(v *visitor, _ url.Values) { v.fields = map[string]string{"Sec-Fetch-Site": "cross-site"} },
			"an origin": func(v *visitor, _ url.Values) {
				v.fields = map[string]string{"Sec-Fetch-Site": "", "Origin": "http://evil.test"}
			},
			"a rebound name":    func(v *visitor, _ url.Values) { v.fields = map[string]string{"Host": "evil.test"} },
			"a very large form": func(_ *visitor, f url.Values) { f.Set("x", strings.Repeat("x", 1<<20)) },
		} {
			other := *v
			spoiled := url.Values{}
			for k, values := range form {
				spoiled[k] = values
			}
			spoil(&other, spoiled)
			other.send(http.MethodPost, address, spoiled)
			if other.status != http.StatusForbidden {
				t.Errorf("%s with %s: status %d", address, name, other.status)
			}
		}
		v.fields = map[string]string{"Host": "evil.test"}
		v.open(address)
		v.want(403, "Only on this machine")
		v.fields = nil
		v.send(http.MethodDelete, address, nil)
		v.want(405)
	}
	if c := checkout.now(t, srv); c.Status != "open" {
		t.Errorf("a forged form has changed %+v", c)
	}

	// The token of one page is not valid on another.
	v := newVisitor(t)
	v.open(srv.URL + "/")
	form := v.form(valid...)
	v.send(http.MethodPost, checkout.URL, form)
	v.want(403)

	remote := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
	remote.Header.Set("Accept", "text/html")
	remote.RemoteAddr = "192.0.2.1:1234"
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, remote)
	if w.Code != http.StatusForbidden {
		t.Errorf("another machine gets %d", w.Code)
	}
	// Without a browser, the root responds as on the service.
	if resp, err := http.Get(srv.URL + "/"); err != nil || resp.StatusCode != http.StatusNotFound || resp.Body.Close() != nil {
		t.Errorf("the root is %v, %v", resp.StatusCode, err)
	}
	for _, r := range srv.Requests() {
		if r.Operation == "" && r.Path != "/" {
			t.Errorf("the page %s counts as a request", r.Path)
		}
	}
}

// TestPublicPages serves other machines, at a chosen address.
func TestPublicPages(t *testing.T) {
	for base, want := range map[string]string{"https://pay.test/": "https://pay.test/checkout/", "": "http://shop.test:1234/checkout/"} {
		srv := polartest.NewServer(t, polartest.WithPublicPages(base))
		product := srv.AddProduct(polartest.Product{})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/v1/checkouts/", strings.NewReader(`{"products":["`+product.ID+`"]}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "shop.test:1234"
		r.Header.Set("Authorization", "Bearer "+srv.Token())
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(body), `"url":"`+want) {
			t.Errorf("%q: %s, %v", base, body, err)
		}
		v := newVisitor(t)
		v.fields = map[string]string{"Host": "shop.test:1234"}
		v.open(srv.URL + "/")
		v.want(200, "Sandbox")
	}
}
