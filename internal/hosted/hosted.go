// Package hosted renders the pages of the service in memory for customers and
// developers: a checkout, the customer portal and a dashboard. Pages are plain HTML and
// CSS. They have no script, load nothing, and are not cached.
package hosted

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
	"sync"
)

//go:embed *.html
var files embed.FS

//go:embed style.css
var style string

//go:embed countries.txt
var countryNames string

// Countries returns an empty choice and the countries that the service bills, sorted by
// name.
func Countries(selected string) []Option {
	options := []Option{{Label: "Choose a country", Selected: selected == ""}}
	for line := range strings.Lines(countryNames) {
		code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		options = append(options, Option{Value: code, Label: name, Selected: code == selected})
	}
	return options
}

// view is the data of the layout.
type view struct {
	Title, Brand string
	Style        template.CSS
	Content      any
}

var pages = sync.OnceValue(func() map[string]*template.Template {
	layout := template.Must(template.ParseFS(files, "layout.html"))
	all := map[string]*template.Template{}
	for _, name := range []string{"checkout", "message", "portal", "dashboard"} {
		all[name] = template.Must(template.Must(layout.Clone()).ParseFS(files, name+".html"))
	}
	return all
})

// policy allows the style sheet, and forms with the given targets.
func policy(formAction string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action " + formAction + "; base-uri 'none'; frame-ancestors 'none'"
}

// setHeaders sets the headers that every page has.
func setHeaders(h http.Header, formAction string) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(formAction))
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin") // the URLs are secrets
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

const self = "'self'"

func render(w http.ResponseWriter, status int, name, formAction string, v view) {
	v.Style = template.CSS(style)
	var page bytes.Buffer
	if err := pages()[name].ExecuteTemplate(&page, "layout.html", v); err != nil {
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	setHeaders(w.Header(), formAction)
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the browser may have disconnected
}

// Message is a page with one message.
type Message struct {
	// Brand is the seller's name.
	Brand string
	// Title is the heading, and Text explains it.
	Title, Text string
	// Lines are details.
	Lines []Line
	// Link is the URL of a link to follow. The default is no link.
	Link, LinkText string
}

// Line is a label and its value, such as an amount.
type Line struct{ Label, Value string }

// Render writes the page.
func (m Message) Render(w http.ResponseWriter, status int) {
	render(w, status, "message", self, view{Title: m.Title, Brand: m.Brand, Content: m})
}

// Form has the data of every form of a page.
type Form struct {
	// To is the path that the form is posted to.
	To string
	// Token proves that the form comes from a page of this server.
	Token string
}

// Option is one choice of several.
type Option struct {
	Value, Label, Hint string
	Selected           bool
}

// Field is an input of a form.
type Field struct {
	// Name is sent with the form.
	Name, Label, Type, Value, Autocomplete, Hint string
	// Options make it a list to select from.
	Options  []Option
	Required bool
	// Error explains why Value is invalid.
	Error string
}

// Invalid reports whether the field has an error.
func (f Field) Invalid() bool { return f.Error != "" }

// Checkout is the page on which a customer pays.
type Checkout struct {
	Form
	// Brand is the seller's name.
	Brand string
	// Product is the name of the product, and Price its price.
	Product, Description, Price, Trial string
	Benefits                           []string
	// Products are the products to choose from, if there are several.
	Products []Option
	// Lines lead to Total.
	Lines []Line
	Total string
	// Shown is sent with the form, so that nobody pays a different amount from the
	// one on the page.
	Shown  string
	Fields []Field
	// Notice is information for the customer.
	Notice string
	// Errors are the errors that belong to no field.
	Errors []string
	// Pay is the text of the button.
	Pay string
	// Declinable is set if there is a payment that can fail.
	Declinable bool
	// Back is the URL of the seller's page.
	Back string
}

// Failed reports whether the input has errors.
func (c Checkout) Failed() bool {
	for _, f := range c.Fields {
		if f.Invalid() {
			return true
		}
	}
	return len(c.Errors) > 0
}

// Render writes the page. A payment redirects to a page of the seller, which may
// redirect to others, and browsers apply the policy for forms to all redirects. So the
// policy allows all targets.
func (c Checkout) Render(w http.ResponseWriter, status int) {
	title := "Checkout: " + c.Product
	if c.Failed() {
		title = "Error: " + title
	}
	render(w, status, "checkout", self+" http: https:", view{Title: title, Brand: c.Brand, Content: c})
}

// Portal is the page on which customers see their purchases.
type Portal struct {
	Form
	// Brand is the seller's name.
	Brand string
	// Customer names the customer who is signed in.
	Customer string
	// Done is the result of the last form, and Error its failure.
	Done, Error   string
	Subscriptions []Subscription
	Orders        []Order
	Keys          []Key
	// Back is the URL of the seller's page.
	Back string
}

// Subscription is a subscription in the portal.
type Subscription struct {
	ID, Product, Price, Status, Detail string
	// Good is set while the subscription gives access.
	Good bool
	// Cancelable and Resumable are set if the customer may cancel or resume it.
	Cancelable, Resumable bool
}

// Order is an order in the portal.
type Order struct{ Date, Product, Number, Total, Status string }

// Key is a license key in the portal.
type Key struct {
	Key, Status, Detail string
	Good                bool
}

// Render writes the page.
func (p Portal) Render(w http.ResponseWriter, status int) {
	render(w, status, "portal", self, view{Title: "Your purchases", Brand: p.Brand, Content: p})
}

// Dashboard is the page on which developers see the server's data.
type Dashboard struct {
	Form
	// Now is the server's clock.
	Now   string
	Done  string
	Error string
	// CustomerCount includes the customers that are not shown.
	CustomerCount int
	Customers     []Customer
	Products      []Product
	EventCount    int
	Events        []Event
	Endpoints     []string
	DeliveryCount int
	Deliveries    []Delivery
}

// Customer is a customer in the dashboard.
type Customer struct{ ID, Name, Email, ExternalID, Created, Bought string }

// Product is a product in the dashboard.
type Product struct{ ID, Name, Price string }

// Event is an event in the dashboard.
type Event struct{ Time, Type, Object string }

// Delivery is an attempt to deliver an event.
type Delivery struct {
	Time, Type, URL, Attempt, Result string
	Good                             bool
}

// Render writes the page.
func (d Dashboard) Render(w http.ResponseWriter) {
	render(w, http.StatusOK, "dashboard", self, view{Title: "Sandbox dashboard", Brand: "Sandbox", Content: d})
}
