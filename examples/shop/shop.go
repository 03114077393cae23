package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/checkouts"
	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/portal"
	"github.com/polarexpress/polar-go/products"
	"github.com/polarexpress/polar-go/webhook"
)

const (
	webhookPath = "/webhooks/polar"
	// patience is the time that a page may wait for Polar.
	patience = 10 * time.Second
)

//go:embed page.html style.css
var files embed.FS

// shop sells one product.
type shop struct {
	http.Handler
	url, dashboard string
	product        *products.Product
	checkouts      *checkouts.Client
	portal         *portal.Client
	cache          *statecache.Cache
	page           *template.Template
	style          []byte
}

func newShop(ctx context.Context, b *backend, url string) (*shop, error) {
	product, err := products.New(b.client).Get(ctx, b.productID)
	if err != nil {
		return nil, err
	}
	page, err := template.ParseFS(files, "page.html")
	if err != nil {
		return nil, err
	}
	style, err := files.ReadFile("style.css")
	if err != nil {
		return nil, err
	}
	cache, err := statecache.New(customers.New(b.client), statecache.WithTTL(time.Hour)) // events keep it current
	if err != nil {
		return nil, err
	}
	s := &shop{
		url: url, dashboard: b.dashboard, product: product, checkouts: checkouts.New(b.client), portal: portal.New(b.client),
		cache: cache, page: page, style: style,
	}
	events, err := webhook.Handler(b.secret, cache.Apply, webhook.WithErrorHandler(func(_ *http.Request, err error) {
		slog.Error("webhook", "err", err)
	}))
	if err != nil {
		cache.Close()
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("POST /buy", s.buy)
	mux.HandleFunc("GET /thanks", s.thanks)
	mux.HandleFunc("GET /account", s.account)
	mux.HandleFunc("POST /portal", s.openPortal)
	mux.HandleFunc("GET /style.css", s.serveStyle)
	mux.Handle("POST "+webhookPath, events)
	s.Handler = http.NewCrossOriginProtection().Handler(mux) // other sites cannot post the forms
	return s, nil
}

func (s *shop) close() { s.cache.Close() }

func (s *shop) home(w http.ResponseWriter, r *http.Request) {
	user(w, r)
	s.show(w, r, "home", nil)
}

// buy sends the customer to a checkout. Payment creates the customer, with the user's
// ID as external ID.
func (s *shop) buy(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	checkout, err := s.checkouts.Create(ctx, checkouts.CreateParams{
		Products:           []string{s.product.ID},
		ExternalCustomerID: user(w, r),
		SuccessURL:         s.url + "/thanks?checkout_id={CHECKOUT_ID}",
		ReturnURL:          s.url + "/",
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, checkout.URL, http.StatusSeeOther)
}

// thanks shows the page after a payment. The event about the payment may arrive later;
// until then, the page reloads itself.
func (s *shop) thanks(w http.ResponseWriter, r *http.Request) {
	s.showState(w, r, "thanks")
}

func (s *shop) account(w http.ResponseWriter, r *http.Request) {
	s.showState(w, r, "account")
}

// showState shows a page that depends on the customer's purchases.
func (s *shop) showState(w http.ResponseWriter, r *http.Request, page string) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	result, err := s.cache.GetByExternalID(ctx, user(w, r))
	if err != nil && !errors.Is(err, polar.ErrNotFound) { // a user without purchases is not a customer yet
		s.fail(w, r, err)
		return
	}
	s.show(w, r, page, result.State)
}

// openPortal sends the customer to the portal, to cancel or to resume.
func (s *shop) openPortal(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	session, err := s.portal.CreateSession(ctx, portal.SessionParams{ExternalCustomerID: user(w, r), ReturnURL: s.url + "/account"})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, session.CustomerPortalURL, http.StatusSeeOther)
}

// view is the data of the pages.
type view struct {
	Page, Name, Description, Price, Dashboard string
	Benefits                                  []string
	// Customer is set if the user has bought something, and Entitled while the
	// product is paid for.
	Customer, Entitled, Canceled bool
	Until                        string
}

func (s *shop) show(w http.ResponseWriter, r *http.Request, page string, state *customers.State) {
	v := view{
		Page: page, Name: s.product.Name, Description: polar.Value(s.product.Description), Price: s.price(), Dashboard: s.dashboard,
		Customer: state != nil, Entitled: state.HasProduct(s.product.ID),
	}
	for _, b := range s.product.Benefits {
		v.Benefits = append(v.Benefits, b.Description)
	}
	if v.Entitled {
		for _, sub := range state.ActiveSubscriptions {
			if sub.ProductID == s.product.ID {
				v.Canceled, v.Until = sub.CancelAtPeriodEnd, sub.CurrentPeriodEnd.Format("2 January 2006")
			}
		}
	}
	s.render(w, r, http.StatusOK, v)
}

func (s *shop) fail(w http.ResponseWriter, r *http.Request, err error) {
	slog.Error("shop", "path", r.URL.Path, "err", err)
	s.render(w, r, http.StatusServiceUnavailable, view{Page: "error", Name: s.product.Name, Dashboard: s.dashboard})
}

func (s *shop) render(w http.ResponseWriter, r *http.Request, status int, v view) {
	var page bytes.Buffer
	if err := s.page.Execute(&page, v); err != nil {
		slog.Error("shop", "path", r.URL.Path, "err", err)
		http.Error(w, "Please try again in a moment.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the browser may have disconnected
}

func (s *shop) serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(s.style)
}

// price writes the product's price, in a currency with cents.
func (s *shop) price() string {
	if len(s.product.Prices) == 0 {
		return ""
	}
	price := s.product.Prices[0]
	text := fmt.Sprintf("%.2f %s", float64(polar.Value(price.PriceAmount))/100, strings.ToUpper(string(price.PriceCurrency)))
	if interval := s.product.RecurringInterval; interval != nil {
		text += " a " + string(*interval)
	}
	return text
}

// user replaces a real shop's sign-in: a new visitor gets an ID in a cookie.
func user(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie("shop_user"); err == nil && c.Value != "" {
		return c.Value
	}
	id := "user_" + rand.Text()
	http.SetCookie(w, &http.Cookie{Name: "shop_user", Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600})
	return id
}
