package main

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

	"github.com/polarexpress/polar-go/polartest"
)

// browser follows redirects and keeps cookies.
type browser struct {
	t      *testing.T
	client *http.Client
	at     *url.URL
	page   string
}

func newBrowser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &browser{t: t, client: &http.Client{Jar: jar, Transport: transport}}
}

func (b *browser) do(r *http.Request) {
	b.t.Helper()
	r.Header.Set("Accept", "text/html")
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at, b.page = resp.Request.URL, string(page)
}

func (b *browser) open(address string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(r)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// submit posts the form with the given action, its hidden inputs and the given
// values.
func (b *browser) submit(action string, values ...string) {
	b.t.Helper()
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(b.page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for i := 0; i+1 < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	to, err := b.at.Parse(action)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.do(r)
}

func (b *browser) want(text string) {
	b.t.Helper()
	if !strings.Contains(b.page, text) {
		b.t.Fatalf("%s does not say %q:\n%s", b.at.Path, text, b.page)
	}
}

func openEmbedded(t *testing.T, server *polartest.Server, address string) *backend {
	t.Helper()
	b, err := embedded(server, address)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestPurchase buys, cancels, and loses access when the period ends.
func TestPurchase(t *testing.T) {
	server := polartest.NewServer(t)
	web := httptest.NewUnstartedServer(nil)
	address := "http://" + web.Listener.Addr().String()
	b := openEmbedded(t, server, address)
	shop, err := newShop(t.Context(), b, address)
	if err != nil {
		t.Fatal(err)
	}
	defer shop.close()
	web.Config.Handler = shop
	web.Start()
	defer web.Close()

	customer := newBrowser(t)
	customer.open(address)
	customer.want("Buy Ink Pro")
	customer.want("9.00 USD a month")
	customer.open(address + "/account")
	customer.want("You do not have Ink Pro.")

	customer.submit("/buy")
	customer.want("Pay $9.00")
	customer.submit("", "action", "pay", "customer_email", "ada@polar.sh", "country", "FR")
	if customer.at.Path != "/thanks" || len(customer.at.Query().Get("checkout_id")) != 36 {
		t.Fatalf("paying leads to %s", customer.at)
	}
	delivered(t, b)
	customer.open(customer.at.String())
	customer.want("Ink Pro is yours.")
	customer.open(address + "/account")
	customer.want("You have Ink Pro.")
	customer.want("It renews on ")

	customer.submit("/portal")
	customer.want("Ink Pro")
	customer.want("INK-")
	customer.want("Back to the shop")
	customer.submit(customer.at.RequestURI(), "action", "cancel")
	customer.want("Your subscription ends after the paid period.")
	delivered(t, b)
	customer.open(address + "/account")
	customer.want("You have Ink Pro.")
	customer.want("It is canceled, and yours until ")

	server.Advance(32 * 24 * time.Hour)
	delivered(t, b)
	customer.open(address + "/account")
	customer.want("You do not have Ink Pro.")

	stranger := newBrowser(t)
	stranger.open(address + "/account")
	stranger.want("You do not have Ink Pro.")
}

// delivered waits until the shop has all events.
func delivered(t *testing.T, b *backend) {
	t.Helper()
	if err := b.events.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, d := range b.events.Deliveries() {
		if !d.OK() {
			t.Errorf("%s: status %d, %v", d.Type, d.Status, d.Err)
		}
	}
}

// A failed request shows a page that says so.
func TestOutage(t *testing.T) {
	server := polartest.NewServer(t)
	b := openEmbedded(t, server, "http://127.0.0.1:1")
	shop, err := newShop(t.Context(), b, "http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	defer shop.close()
	server.FailNext(polartest.Failure{Operation: "checkouts.Create", Status: http.StatusUnprocessableEntity, Body: `{"detail":[]}`})
	w := httptest.NewRecorder()
	shop.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/buy", nil))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Nothing was charged.") {
		t.Errorf("got %d\n%s", w.Code, w.Body)
	}
}

// Forms of other sites are refused.
func TestCrossOrigin(t *testing.T) {
	server := polartest.NewServer(t)
	shop, err := newShop(t.Context(), openEmbedded(t, server, "http://127.0.0.1:1"), "http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	defer shop.close()
	r := httptest.NewRequest(http.MethodPost, "/buy", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	shop.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
}
