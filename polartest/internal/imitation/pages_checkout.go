package imitation

import (
	"cmp"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/polarexpress/polar-go/internal/hosted"
	"github.com/polarexpress/polar-go/internal/python"
)

// checkoutPage serves the page on which a customer pays.
func (s *Server) checkoutPage(w http.ResponseWriter, r *http.Request, secret string) {
	if r.Method == http.MethodPost && !s.guard.Allows(w, r, secret) {
		forged(w, r)
		return
	}
	switch page := s.visitCheckout(r, secret).(type) {
	case hosted.Checkout:
		page.Token = s.guard.Token(w, r, secret)
		status := http.StatusOK
		if page.Failed() {
			status = http.StatusUnprocessableEntity
		}
		page.Render(w, status)
	case hosted.Message:
		page.Render(w, http.StatusOK)
	case string:
		http.Redirect(w, r, page, http.StatusSeeOther)
	default:
		missingPage(w)
	}
}

// visitCheckout returns the page to show, or the URL to go to, or nil if there is no
// such checkout.
func (s *Server) visitCheckout(r *http.Request, secret string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.checkoutOf(secret)
	switch {
	case row == nil:
		return nil
	case s.expired(row) || row.text("status") != "open":
		return s.closedCheckout(row)
	case r.Method != http.MethodPost:
		return s.checkoutForm(row, nil)
	}
	row, problems := s.submitCheckout(r, row)
	page := s.checkoutForm(row, problems)
	switch action := r.PostForm.Get("action"); {
	case len(problems) > 0:
		keepEntered(&page, r)
		return page
	case action == "update":
		return page
	case page.Shown != r.PostForm.Get("shown"):
		page.Notice = "The total has changed. Please check it, then confirm."
		return page
	default:
		problems = s.confirmPage(r, row, action)
	}
	row = s.db.primary.shop.rows[row.id]
	switch row.text("status") {
	case "open":
		return s.checkoutForm(row, problems)
	case "failed":
		return r.URL.Path
	}
	return row.text("success_url")
}

// checkoutOf finds the checkout that a secret belongs to.
func (s *Server) checkoutOf(secret string) *row {
	row := s.db.primary.shop.find(kindCheckout, secret)
	if row == nil || s.db.primary.shop.get(kindProduct, row.text("product_id")) == nil { // a loaded file may lack the product
		return nil
	}
	return row
}

// addressNames are the fields of a billing address.
var addressNames = []string{"line1", "line2", "postal_code", "city", "state"}

// submitCheckout stores the customer's input.
func (s *Server) submitCheckout(r *http.Request, row *row) (*row, []problem) {
	body := python.NewObject()
	given := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	for _, name := range []string{"customer_email", "customer_name", "customer_billing_name", "customer_tax_id", "discount_code", "product_id"} {
		if v := given(name); v != "" {
			body.Set(name, v)
		}
	}
	if r.PostForm.Has("discount_code") && given("discount_code") == "" && row.data.Value("discount_id") != nil {
		body.Set("discount_code", nil)
	}
	for _, name := range []string{"seats", "units", "amount"} {
		if v := given(name); v != "" {
			n, ok := new(big.Int).SetString(v, 10)
			if !ok {
				return row, []problem{{name, "Enter a whole number."}}
			}
			body.Set(name, n)
		}
	}
	if country := given("country"); country != "" {
		address := python.NewObject("country", country)
		for _, name := range addressNames {
			if v := given(name); v != "" {
				address.Set(name, v)
			}
		}
		body.Set("customer_billing_address", address)
	}
	resp := s.perform(r, "checkouts:client_update", nil, map[string]string{"client_secret": row.text("client_secret")}, body)
	return s.db.primary.shop.rows[row.id], problemsOf(resp)
}

// confirmPage pays a checkout, or declines its payment.
func (s *Server) confirmPage(r *http.Request, row *row, action string) []problem {
	paid := python.NewObject("confirmation_token_id", "ctoken_"+row.id)
	if action != "decline" {
		return problemsOf(s.perform(r, "checkouts:client_confirm", nil, map[string]string{"client_secret": row.text("client_secret")}, paid))
	}
	if problems := missingToConfirm(row, paid); problems != nil {
		return problemsOf(businessError(problems...))
	}
	s.decline(row)
	return nil
}

// checkoutForm returns the page of an open checkout.
func (s *Server) checkoutForm(row *row, problems []problem) hosted.Checkout {
	db, o := s.db.primary, row.data
	product, price := db.shop.rows[row.text("product_id")], objectOf(row.hidden, "price")
	currency := row.text("currency")
	page := hosted.Checkout{
		Form: hosted.Form{To: "/checkout/" + row.text("client_secret")}, Brand: s.orgs[row.org].Name,
		Product: product.text("name"), Description: product.text("description"), Price: productPrice(product, price),
		Back: webURL(row.text("return_url")), Declinable: row.is("is_payment_form_required"),
	}
	for _, b := range listOf(db.publicProduct(product), "benefits") {
		page.Benefits = append(page.Benefits, b.(*python.Object).Text("description"))
	}
	if ids := textsOf(listOf(o, "products")); len(ids) > 1 {
		for _, id := range ids {
			if p := db.shop.rows[id]; p != nil {
				first, _ := firstOf(row.pricesOf(p)).(*python.Object)
				page.Products = append(page.Products, hosted.Option{Value: id, Label: p.text("name"), Hint: productPrice(p, first), Selected: id == product.id})
			}
		}
	}
	money := func(field string) string { return hosted.Money(row.int(field), currency) }
	page.Lines = append(page.Lines, hosted.Line{Label: "Subtotal", Value: money("amount")})
	if row.int("discount_amount") > 0 {
		page.Lines = append(page.Lines, hosted.Line{Label: "Discount", Value: hosted.Money(-row.int("discount_amount"), currency)})
	}
	tax := hosted.Line{Label: "Tax", Value: "depends on the country"}
	switch {
	case o.Value("tax_behavior") == "inclusive":
		tax = hosted.Line{Label: "Tax, included", Value: money("tax_amount")}
	case o.Value("tax_amount") != nil:
		tax.Value = money("tax_amount")
	}
	page.Lines = append(page.Lines, tax)
	total := row.int("total_amount")
	page.Pay = "Pay " + hosted.Money(total, currency)
	if end := row.data.Value("trial_end"); end != nil {
		page.Lines = append(page.Lines, hosted.Line{Label: "Due on " + hosted.Date(timeOf(end)), Value: hosted.Money(total, currency)})
		page.Trial = "Free until " + hosted.Date(timeOf(end))
		page.Pay, total = "Start the trial", 0
	} else if total == 0 {
		page.Pay = "Get it for free"
	}
	page.Total = hosted.Money(total, currency)
	page.Shown = product.id + " " + page.Total + " " + strconv.FormatInt(row.int("total_amount"), 10)
	page.Fields = s.checkoutFields(row, price.Text("amount_type"))
	for _, p := range problems {
		i := slices.IndexFunc(page.Fields, func(f hosted.Field) bool { return f.Name == p.field })
		if i < 0 {
			page.Errors = append(page.Errors, p.text)
		} else {
			page.Fields[i].Error = p.text
		}
	}
	return page
}

// productPrice writes the price of a product for customers.
func productPrice(product *row, price *python.Object) string {
	if price == nil {
		return ""
	}
	return priceText(price, product.text("recurring_interval"), product.int("recurring_interval_count"))
}

// checkoutFields returns the fields of the form of a checkout.
func (s *Server) checkoutFields(row *row, amountType string) []hosted.Field {
	o := row.data
	address := objectOf(o, "customer_billing_address")
	need := objectOf(o, "billing_address_fields")
	fields := []hosted.Field{
		{Name: "customer_email", Label: "Email address", Type: "email", Value: row.text("customer_email"), Autocomplete: "email", Required: true},
		{Name: "customer_name", Label: "Name", Type: "text", Value: row.text("customer_name"), Autocomplete: "name"},
	}
	number := func(name, label, value, hint string) {
		fields = append(fields, hosted.Field{Name: name, Label: label, Type: "number", Value: value, Autocomplete: "off", Hint: hint, Required: true})
	}
	switch amountType {
	case "seat_based":
		number("seats", "Seats", strconv.FormatInt(row.int("seats"), 10), "")
	case "unit_based":
		number("units", "Units", strconv.FormatInt(row.int("units"), 10), "")
	case "custom":
		number("amount", "Amount", strconv.FormatInt(row.int("amount"), 10), "In the smallest unit of the currency, such as cents.")
	}
	if row.is("is_business_customer") {
		fields = append(fields, hosted.Field{Name: "customer_billing_name", Label: "Company", Type: "text", Value: row.text("customer_billing_name"), Autocomplete: "organization"},
			hosted.Field{Name: "customer_tax_id", Label: "Tax number", Type: "text", Value: row.text("customer_tax_id"), Autocomplete: "off"})
	}
	fields = append(fields, hosted.Field{Name: "country", Label: "Country", Autocomplete: "country", Options: hosted.Countries(address.Text("country")),
		Required: row.is("is_payment_form_required")})
	labels := map[string]string{"line1": "Street and number", "line2": "Flat or building", "postal_code": "Postal code", "city": "City", "state": "State or province"}
	complete := map[string]string{"line1": "address-line1", "line2": "address-line2", "postal_code": "postal-code", "city": "address-level2", "state": "address-level1"}
	for _, name := range addressNames {
		if kind := need.Text(name); kind != "disabled" {
			fields = append(fields, hosted.Field{Name: name, Label: labels[name], Type: "text", Value: address.Text(name), Autocomplete: complete[name], Required: kind == "required"})
		}
	}
	discount := s.db.primary.shop.get(kindDiscount, row.text("discount_id"))
	if row.is("allow_discount_codes") && row.is("is_discount_applicable") && (discount == nil || discount.text("code") != "") {
		field := hosted.Field{Name: "discount_code", Label: "Discount code", Type: "text", Autocomplete: "off"}
		if discount != nil {
			field.Value = discount.text("code")
		}
		fields = append(fields, field)
	}
	return fields
}

// keepEntered keeps refused input in the form.
func keepEntered(page *hosted.Checkout, r *http.Request) {
	for i := range page.Fields {
		f := &page.Fields[i]
		if !r.PostForm.Has(f.Name) {
			continue
		}
		f.Value = r.PostForm.Get(f.Name)
		for j := range f.Options {
			f.Options[j].Selected = f.Options[j].Value == f.Value
		}
	}
}

// closedCheckout returns a message that explains why a checkout cannot be paid.
func (s *Server) closedCheckout(row *row) hosted.Message {
	m := hosted.Message{Brand: s.orgs[row.org].Name, Link: webURL(row.text("return_url")), LinkText: "Back to the shop"}
	switch status := row.text("status"); {
	case status == "failed":
		m.Title, m.Text = "The payment was declined", "Nothing was charged. Please start again in the shop."
	case status == "succeeded" || status == "confirmed":
		m.Title = "Thank you"
		m.Text = "Your payment was successful."
		m.Lines = []hosted.Line{{Label: s.db.primary.shop.rows[row.text("product_id")].text("name"), Value: hosted.Money(row.int("total_amount"), row.text("currency"))}}
		m.Link = cmp.Or(m.Link, webURL(row.text("success_url")))
		if strings.HasSuffix(m.Link, row.text("client_secret")+"/confirmation") {
			m.Link = ""
		}
	default:
		m.Title, m.Text = "This checkout has expired", "Please start again in the shop."
	}
	return m
}

// confirmationPage serves the page that follows a payment if the seller has set no
// success URL.
func (s *Server) confirmationPage(w http.ResponseWriter, r *http.Request, secret string) {
	s.mu.Lock()
	row := s.checkoutOf(secret)
	open := row != nil && row.text("status") == "open" && !s.expired(row)
	s.mu.Unlock()
	if open {
		http.Redirect(w, r, "/checkout/"+secret, http.StatusSeeOther)
		return
	}
	s.checkoutPage(w, r, secret) // shows that it is paid
}
