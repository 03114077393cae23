package imitation

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/recording"
)

// TestMalformedRequests sends recorded requests with errors in them to a server on
// which all objects exist. The server must neither panic nor fail, its responses must
// follow the contract, and its memory must not grow much.
func TestMalformedRequests(t *testing.T) {
	srv, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	m := &malformer{t: t, srv: srv, token: srv.Token(), random: rand.New(rand.NewPCG(1, 1)), ids: map[string]string{}}
	m.stock()
	var templates []template
	scenarios, err := recording.Services()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios {
		for _, step := range s.Steps {
			u, err := url.Parse(step.Path)
			if err != nil || step.RequestTrimmed {
				continue
			}
			rt, params, _ := find(step.Method, u.Path)
			if rt == nil || isCustomers(rt.operation) {
				continue
			}
			var body any
			if step.RequestBody != nil {
				_ = json.Unmarshal([]byte(*step.RequestBody), &body)
			}
			templates = append(templates, template{rt, params, u.Query(), body})
		}
	}
	for i := range routes {
		if rt := &routes[i]; !isCustomers(rt.operation) {
			params := map[string]string{}
			for _, m := range regexp.MustCompile(`{(\w+)}`).FindAllStringSubmatch(rt.pattern, -1) {
				params[m[1]] = ""
			}
			templates = append(templates, template{rt, params, nil, map[string]any{"metadata": map[string]any{}, "key": "", "cancel_at_period_end": true}})
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const n = 6000
	codes := map[int]int{}
	for range n {
		codes[m.send(templates[m.random.IntN(len(templates))])]++
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d templates, codes %v, %d KiB more memory", len(templates), codes, grown>>10)
	if grown > 64<<20 {
		t.Errorf("memory has grown by %d MiB", grown>>20)
	}
	if codes[200]+codes[201] < n/20 || codes[422] < n/5 {
		t.Errorf("codes %v: the requests are not what they should be", codes)
	}
	runtime.KeepAlive(srv)
}

type template struct {
	route  *route
	params map[string]string
	query  url.Values
	body   any
}

type malformer struct {
	t     *testing.T
	srv   *Server
	token string
	// session is the token of a customer who has bought something.
	session string
	random  *rand.Rand
	ids     map[string]string // by the name of a field or a part of a path
}

// stock adds one object of each kind.
func (m *malformer) stock() {
	s := m.srv
	meter := s.AddMeterDefinition(MeterDefinition{Event: "call"})
	key := s.AddBenefit(Benefit{Type: "license_keys", Properties: map[string]any{"activations": map[string]any{"limit": 3, "enable_customer_admin": true}}})
	credit := s.AddBenefit(Benefit{Type: "meter_credit", Properties: map[string]any{"meter_id": meter.ID, "units": 3, "rollover": false}})
	discount := s.AddDiscount(Discount{Code: "TEN"})
	product := s.AddProduct(Product{RecurringInterval: "month", Benefits: []string{key.ID, credit.ID}})
	if len(s.problems) > 0 {
		m.t.Fatal(s.problems)
	}
	create := func(more string) string {
		_, body := do(m.t, s, m.token, "POST", "/v1/checkouts/", fmt.Sprintf(`{"products":[%q]%s}`, product.ID, more))
		var checkout struct{ ID string }
		if err := json.Unmarshal([]byte(body), &checkout); err != nil || checkout.ID == "" {
			m.t.Fatal(err, body)
		}
		return checkout.ID
	}
	bought := s.Pay(create(`,"external_customer_id":"ext"`))
	open := create("")
	_, body := do(m.t, s, m.token, "POST", "/v1/customer-sessions/", fmt.Sprintf(`{"customer_id":%q}`, bought.CustomerID))
	var session struct{ Token string }
	if err := json.Unmarshal([]byte(body), &session); err != nil || session.Token == "" {
		m.t.Fatal(err, body)
	}
	m.session = session.Token
	shop := s.db.primary.shop
	first := func(k kind) string {
		if list := shop.of[owner{k, s.orgOrder[0]}]; len(list) > 0 {
			return list[0].id
		}
		return newUUID()
	}
	m.ids = map[string]string{
		"product_id": product.ID, "discount_id": discount.ID, "customer_id": bought.CustomerID, "organization_id": s.orgOrder[0], "order_id": bought.OrderID,
		"subscription_id": bought.SubscriptionID, "benefit_id": key.ID, "meter_id": meter.ID, "key": bought.LicenseKeys[0], "client_secret": shop.rows[open].text("client_secret"),
		"products": product.ID, "checkouts": open, "discounts": discount.ID, "orders": bought.OrderID, "subscriptions": bought.SubscriptionID,
		"benefits": key.ID, "meters": meter.ID, "license-keys": first(kindKey), "events": first(kindEvent), "customer-meters": first(kindCustomerMeter),
		"external_customer_id": "ext",
	}
}

// send sends a template with the server's IDs and an error in it. It returns the
// status.
func (m *malformer) send(tpl template) int {
	path := tpl.route.pattern
	for name, v := range tpl.params {
		segment := strings.Split(path, "/")[2]
		if segment == "customer-portal" {
			segment = strings.Split(path, "/")[3]
		}
		switch id := m.ids[segment]; {
		case m.random.IntN(6) == 0:
			v = m.text()
		case name == "client_secret":
			v = m.ids[name]
		case name == "id" && id != "":
			v = id
		}
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(v))
	}
	query := url.Values{}
	for name, values := range tpl.query {
		for _, v := range values {
			if id := m.ids[name]; id != "" && uuidForm.MatchString(v) {
				v = id
			}
			if m.random.IntN(3) == 0 {
				v = m.text()
			}
			query.Add(name, v)
		}
	}
	if m.random.IntN(8) == 0 {
		query.Set([]string{"limit", "page", "sorting", "query", "metadata[a]", "customer_id", "organization_id"}[m.random.IntN(7)], m.text())
	}
	body := ""
	if tpl.body != nil {
		v := m.known("", tpl.body)
		for range m.random.IntN(3) {
			v = m.broken(v)
		}
		data, err := json.Marshal(v)
		if err != nil {
			m.t.Fatal(err)
		}
		body = string(data)
	}
	target := "http://localhost" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(m.t.Context(), tpl.route.method, target, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if tpl.route.portal() {
		req.Header.Set("Authorization", "Bearer "+m.session)
	} else {
		req.Header.Set("Authorization", "Bearer "+m.token)
	}
	req.Header.Set("Content-Type", "application/json")
	said := func(what string) { m.t.Errorf("%s\n%s %s\n%s", what, req.Method, target, body) }
	defer func() {
		if v := recover(); v != nil {
			said(fmt.Sprintf("panic: %v", v))
			panic(v)
		}
	}()
	resp, err := m.srv.Transport().RoundTrip(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	// The service also fails if a required field is null, or if the page number
	// overflows the database's offset.
	known500 := strings.Contains(body, ":null") || strings.Contains(target, "page=9999")
	if resp.StatusCode >= 500 && !known500 && !strings.Contains(string(data), "does not implement") {
		said(fmt.Sprintf("status %d: %s", resp.StatusCode, data))
	}
	if resp.Header.Get("Content-Type") == jsonType && len(data) > 0 && !json.Valid(data) {
		said("not JSON: " + string(data))
	}
	for _, err := range m.srv.problems {
		if strings.Contains(err.Error(), ": response") {
			said(err.Error())
		}
	}
	m.srv.problems = nil
	return resp.StatusCode
}

// known replaces IDs with those of existing objects.
func (m *malformer) known(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = m.known(k, e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = m.known(name, e)
		}
		return out
	case string:
		if id := m.ids[name]; id != "" && (uuidForm.MatchString(v) || name == "key") {
			return id
		}
	}
	return v
}

// broken replaces, drops or adds something somewhere.
func (m *malformer) broken(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || m.random.IntN(8) == 0 {
			return m.nonsense()
		}
		out := maps.Clone(v)
		keys := slices.Sorted(maps.Keys(v))
		k := keys[m.random.IntN(len(keys))]
		switch m.random.IntN(6) {
		case 0:
			delete(out, k)
		case 1:
			out[m.text()] = m.nonsense()
		default:
			out[k] = m.broken(out[k])
		}
		return out
	case []any:
		if len(v) == 0 || m.random.IntN(3) == 0 {
			return m.nonsense()
		}
		out := slices.Clone(v)
		i := m.random.IntN(len(out))
		out[i] = m.broken(out[i])
		if m.random.IntN(4) == 0 {
			out = append(out, out[i])
		}
		return out
	}
	return m.nonsense()
}

func (m *malformer) nonsense() any {
	all := []any{
		nil, "", true, -1, 0, 1, 1.5, 1e300, json.Number("123456789012345678901234567890"), []any{}, map[string]any{}, []any{nil}, []any{map[string]any{}},
		map[string]any{"type": "x"}, map[string]any{"amount_type": "fixed"}, 2147483648, m.text(), newUUID(),
	}
	return all[m.random.IntN(len(all))]
}

func (m *malformer) text() string {
	all := []string{
		"x", "-1", "0", "999999999999999999999999", "é\u0000", "null", "true", "2026-01-01T00:00:00Z", "2026-01-01", "a/b", "%2F", "fixed", "month", "usd", "USD",
		"-created_at", "{}", strings.Repeat("y", 3000), newUUID(), "'", "\U0001F600", "01/01/2026", "[1]", "FR", "custom", "license_keys",
	}
	return all[m.random.IntN(len(all))]
}
