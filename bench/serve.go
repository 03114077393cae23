package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	totalCustomers = 10_000
	perPage        = 100
)

// service responds from memory, so that what is measured is the client. The first
// segment of a path sets it up: /latency=50ms/v1/customers/.
type service struct {
	pages [][]byte
	rows  []byte // a hundred rows of an export
}

func newService() *service {
	s := &service{}
	for page := range totalCustomers / perPage {
		s.pages = append(s.pages, pageJSON(page, totalCustomers))
	}
	for i := range 100 {
		s.rows = append(s.rows, rowCSV(i)...)
	}
	return s
}

// pageJSON is a page, counted from 0, of total customers.
func pageJSON(page, total int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"items":[`)
	for i := range perPage {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(customerJSON(page*perPage + i))
	}
	fmt.Fprintf(&b, `],"pagination":{"total_count":%d,"max_page":%d}}`, total, total/perPage)
	return b.Bytes()
}

func uuid(kind, i int) string {
	return fmt.Sprintf("%08x-%04x-4000-8000-%012x", i*2654435761&0xffffffff, kind, i)
}

// customerJSON is a customer as the service writes it: of every third, most
// fields are null.
func customerJSON(i int) string {
	if i%3 == 2 {
		return fmt.Sprintf(`{"id":%q,"created_at":"2026-03-%02dT09:30:00.%06dZ","modified_at":null,"metadata":{},"external_id":null,"email":"c%d@example.com","email_verified":false,"type":"individual","name":null,"billing_name":null,"billing_address":null,"tax_id":null,"locale":null,"organization_id":%q,"default_payment_method_id":null,"deleted_at":null,"first_user_event_at":null,"avatar_url":"https://www.gravatar.com/avatar/cd42f32ecc5f4dfe54f85c074ad317ce74bb3bb17dd215755e696dcfdcf300b3?d=404"}`,
			uuid(1, i), i%28+1, i, i, uuid(9, 1))
	}
	return fmt.Sprintf(`{"id":%q,"created_at":"2026-03-%02dT09:30:00.%06dZ","modified_at":"2026-05-01T10:00:00.123456Z","metadata":{"plan":"gold","seats":%d,"vip":true,"ratio":1.5,"source":"newsletter-%d"},"external_id":"user_%d","email":"c%d@example.com","email_verified":true,"type":"individual","name":"Customer %d","billing_name":"Customer %d","billing_address":{"line1":"1 rue de Rivoli","line2":null,"postal_code":"75001","city":"Paris","state":null,"country":"FR"},"tax_id":["FR61954506077","eu_vat"],"locale":"fr","organization_id":%q,"default_payment_method_id":%q,"deleted_at":null,"first_user_event_at":"2026-03-02T00:00:00Z","avatar_url":"https://www.gravatar.com/avatar/cd42f32ecc5f4dfe54f85c074ad317ce74bb3bb17dd215755e696dcfdcf300b3?d=404"}`,
		uuid(1, i), i%28+1, i, i%7, i%11, i, i, i, i, uuid(9, 1), uuid(8, i))
}

func stateJSON(i int) string {
	subscription := func(n int) string {
		return fmt.Sprintf(`{"id":%q,"created_at":"2026-04-01T00:00:00Z","modified_at":null,"custom_field_data":{"team":"blue"},"metadata":{"channel":"web"},"status":"active","amount":1500,"currency":"eur","recurring_interval":"month","current_period_start":"2026-11-01T00:00:00Z","current_period_end":"2026-12-01T00:00:00Z","trial_start":null,"trial_end":null,"cancel_at_period_end":false,"canceled_at":null,"started_at":"2026-04-01T00:00:00Z","ends_at":null,"product_id":%q,"discount_id":null,"price_id":null,"seats":5,"units":null,"meters":[{"id":%q,"created_at":"2026-04-01T00:00:00Z","modified_at":null,"consumed_units":12.5,"credited_units":100,"amount":250,"meter_id":%q}]}`,
			uuid(2, n), uuid(3, n), uuid(4, n), uuid(5, n))
	}
	grant := func(n int, kind string) string {
		return fmt.Sprintf(`{"id":%q,"created_at":"2026-04-01T00:00:00Z","modified_at":null,"granted_at":"2026-04-01T00:00:01Z","benefit_id":%q,"benefit_type":%q,"benefit_metadata":{"tier":%d},"properties":{}}`,
			uuid(6, n), uuid(7, n), kind, n)
	}
	meter := func(n int) string {
		return fmt.Sprintf(`{"id":%q,"created_at":"2026-04-01T00:00:00Z","modified_at":"2026-11-01T00:00:00Z","meter_id":%q,"consumed_units":%d.5,"credited_units":100,"balance":87.5}`, uuid(10, n), uuid(5, n), n)
	}
	c := strings.TrimSuffix(customerJSON(i), "}")
	return c + `,"active_subscriptions":[` + subscription(1) + "," + subscription(2) + `],"granted_benefits":[` +
		grant(1, "license_keys") + "," + grant(2, "feature_flag") + "," + grant(3, "custom") + `],"active_meters":[` + meter(1) + "," + meter(2) + `]}`
}

const csvHeader = "ID,External ID,Created At,Email,Name,Tax ID,Billing Address Line 1,Billing Address Line 2,Billing Address City,Billing Address State,Billing Address Zip,Billing Address Country,Metadata\r\n"

func rowCSV(i int) string {
	if i%3 == 2 {
		return fmt.Sprintf("%s,,2026-03-%02dT09:30:00.%06d+00:00,c%d@example.com,,,,,,,,,\r\n", uuid(1, i), i%28+1, i, i)
	}
	return fmt.Sprintf(`%s,user_%d,2026-03-%02dT09:30:00.%06d+00:00,c%d@example.com,Customer %d,"('FR61954506077', <TaxIDFormat.eu_vat: 'eu_vat'>)",1 rue de Rivoli,,Paris,,75001,FR,"{""plan"": ""gold"", ""seats"": %d, ""vip"": true, ""ratio"": 1.5}"`+"\r\n",
		uuid(1, i), i, i%28+1, i, i, i, i%7)
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setup, path, _ := strings.Cut(r.URL.EscapedPath(), "/v1/customers/")
	customers, rows := totalCustomers, 1_000_000
	switch name, value, _ := strings.Cut(setup, "="); name {
	case "/latency":
		d, _ := time.ParseDuration(value)
		time.Sleep(d)
	case "/customers":
		customers, _ = strconv.Atoi(value)
	case "/rows":
		rows, _ = strconv.Atoi(value)
	}
	respond := func(status int, body []byte) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Header().Set("Cache-Control", "private, no-store")
		w.Header().Set("Polar-Version", "2026-10")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
	switch {
	case r.Method == http.MethodPost:
		_, _ = io.Copy(io.Discard, r.Body)
		respond(http.StatusCreated, []byte(customerJSON(7)))
	case path == "":
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		if customers == totalCustomers {
			respond(http.StatusOK, s.pages[page-1])
		} else {
			respond(http.StatusOK, pageJSON(page-1, customers))
		}
	case path == "export":
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		b := bufio.NewWriterSize(w, 32<<10)
		_, _ = b.WriteString(csvHeader)
		for range rows / 100 {
			if _, err := b.Write(s.rows); err != nil {
				return
			}
		}
		_ = b.Flush()
	case strings.HasSuffix(path, "/state"):
		respond(http.StatusOK, []byte(stateJSON(7)))
	default:
		respond(http.StatusOK, []byte(customerJSON(7)))
	}
}
