package imitation

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the responses in testdata/exchanges")

// TestExchanges plays the files of testdata/exchanges. A line that begins with "> " is
// a request: method, path, the name of a token, and headers; the lines with "| " after
// it are its body. Lines with "< " are the response. IDs and times are numbered as they
// appear, and requests refer to IDs by these numbers.
func TestExchanges(t *testing.T) {
	files, err := filepath.Glob("testdata/exchanges/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no exchanges: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) { playFile(t, name, file) })
	}
}

func playFile(t *testing.T, name, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	if setup := setups[name]; setup != nil {
		setup(s)
	}
	var out []string
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasPrefix(line, "< ") {
			continue
		}
		out = append(out, line)
		request, ok := strings.CutPrefix(line, "> ")
		if !ok {
			continue
		}
		var body []string
		for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "| ") {
			i++
			out = append(out, lines[i])
			body = append(body, lines[i][2:])
		}
		out = append(out, s.exchange(request, body)...)
	}
	got := strings.Join(out, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	compareLines(t, file, string(data), got)
}

func compareLines(t *testing.T, file, want, got string) {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			t.Fatalf("%s:%d: the server sends\n%s\nwant\n%s", file, i+1, g[i], w[i])
		}
	}
	if len(w) != len(g) {
		t.Fatalf("%s: %d lines, want %d", file, len(g), len(w))
	}
}

// stage is a server with named tokens and numbered IDs.
type stage struct {
	t      *testing.T
	srv    *Server
	tokens map[string]string
	names  map[string]string // real: shown
	real   map[string]string // shown: real
	count  map[string]int
}

func newStage(t *testing.T) *stage {
	srv := NewServer(t, WithoutContractCheck())
	s := &stage{t: t, srv: srv, names: map[string]string{}, real: map[string]string{}, count: map[string]int{}}
	second := srv.AddOrganization(Organization{})
	third := srv.AddOrganization(Organization{WithoutMembers: true})
	blocked := srv.AddOrganization(Organization{Blocked: true})
	first := srv.Organization()
	s.name("org-1", first.ID)
	s.name("org-2", second.ID)
	s.name("org-3", third.ID)
	both := []string{first.ID, second.ID}
	s.tokens = map[string]string{
		"all": srv.Token(), "read": srv.Token(ScopeCustomersRead), "write": srv.Token(ScopeCustomersWrite),
		"members-read": srv.Token(ScopeMembersRead), "members-write": srv.Token(ScopeMembersWrite), "none": srv.AddToken(Token{Scopes: []string{}}),
		"expired": srv.ExpiredToken(), "revoked": srv.RevokedToken(), "unknown": "polar_oat_unknown",
		"session": srv.AddToken(Token{Session: true}), "blocked": srv.AddToken(Token{Organizations: []string{blocked.ID}}),
		"second": srv.AddToken(Token{Organizations: []string{second.ID}}), "no-members": srv.AddToken(Token{Organizations: []string{third.ID}}),
		"user": srv.AddToken(Token{User: true, Organizations: both}), "finance": srv.AddToken(Token{User: true, Organizations: both, Role: "finance"}),
	}
	return s
}

func (s *stage) name(shown, real string) { s.names[real], s.real[shown] = shown, real }

var (
	shownName = regexp.MustCompile(`<([a-z]+-\d+)>`)
	realName  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?`)
)

func (s *stage) toReal(text string) string {
	return shownName.ReplaceAllStringFunc(text, func(m string) string {
		if real, ok := s.real[m[1:len(m)-1]]; ok {
			return real
		}
		return m
	})
}

// fixed IDs stand for themselves.
var fixedIDs = []string{"11111111-1111-4111-8111-111111111111", "018f4e1a-7c3b-7000-8000-000000000000", "00000000-0000-0000-0000-000000000000"}

func (s *stage) toShown(text string) string {
	text = strings.ReplaceAll(text, strings.TrimPrefix(s.srv.URL, "http://"), "<host>")
	return realName.ReplaceAllStringFunc(text, func(m string) string {
		if slices.Contains(fixedIDs, m) {
			return m
		}
		if s.names[m] == "" {
			kind := "id"
			if strings.Contains(m, "T") {
				kind = "time"
			}
			s.count[kind]++
			s.name(fmt.Sprintf("%s-%d", kind, s.count[kind]), m)
		}
		return "<" + s.names[m] + ">"
	})
}

// shownHeaders are the response headers that the files show.
var shownHeaders = []string{
	"Content-Type", "Cache-Control", "Polar-Version", "Location", "Www-Authenticate", "Allow", "Retry-After", "Pragma",
	"Content-Disposition", "X-Polar-Deprecation-Notice", "Vary",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
}

// usual are the headers of an ordinary response. They are shown if they
// differ.
var usual = map[string]string{"Content-Type": "application/json", "Cache-Control": "private, no-store", "Polar-Version": "2026-04"}

func (s *stage) exchange(request string, body []string) []string {
	s.t.Helper()
	words := strings.Fields(request)
	method, path := words[0], s.toReal(words[1])
	addr := strings.TrimPrefix(s.srv.URL, "http://")
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", method, path, addr)
	kind := "application/json"
	for _, w := range words[2:] {
		name, value, isHeader := strings.Cut(w, "=")
		switch {
		case !isHeader:
			head += "Authorization: Bearer " + s.tokens[w] + "\r\n"
		case name == "Content-Type":
			kind = value
		default:
			head += name + ": " + s.toReal(strings.ReplaceAll(value, "_", " ")) + "\r\n"
		}
	}
	if body != nil {
		text := s.toReal(strings.Join(body, "\n"))
		if kind != "" {
			head += "Content-Type: " + kind + "\r\n"
		}
		head += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text)
	} else {
		head += "\r\n"
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Write([]byte(head)); err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		s.t.Fatalf("%s: %v", request, err)
	}
	return s.show(resp)
}

func (s *stage) show(resp *http.Response) []string {
	defer resp.Body.Close()
	var b strings.Builder
	if _, err := bufio.NewReader(resp.Body).WriteTo(&b); err != nil {
		s.t.Fatal(err)
	}
	lines := []string{fmt.Sprintf("< %d", resp.StatusCode)}
	for _, name := range shownHeaders {
		if v := resp.Header.Get(name); v != usual[name] {
			lines = append(lines, fmt.Sprintf("< %s: %s", name, s.toShown(v)))
		}
	}
	if b.Len() == 0 {
		return lines
	}
	text := strings.NewReplacer("\r", `\r`, "\n", `\n`).Replace(s.toShown(b.String()))
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/csv") {
		text = strings.ReplaceAll(text, `\r\n`, "\\r\\n\n< ")
		text = strings.TrimSuffix(text, "\n< ")
	}
	return append(lines, strings.Split("< "+text, "\n")...)
}

// setups seed the server for a file.
var setups = map[string]func(*stage){
	"state":           seedState,
	"payment_methods": seedPaymentMethods,
	"ambiguous":       seedAmbiguous,
	"list":            seedList,
}

func seedState(s *stage) {
	c := s.srv.AddCustomer(Customer{Email: "entitled@polar-go.dev", ExternalID: "entitled"})
	for _, status := range []string{"active", "trialing", "past_due", "canceled", "paused"} {
		s.srv.AddSubscription(Subscription{
			CustomerID: c.ID, Status: status, Amount: 900, Seats: 3, Metadata: map[string]any{"plan": "pro", "n": 1},
			CustomFieldData: map[string]any{"company": "Acme", "agreed": true},
			Meters:          []SubscriptionMeter{{ConsumedUnits: 12.5, CreditedUnits: 10, Amount: 25}},
		})
	}
	for _, g := range []Grant{
		{Type: "custom", Metadata: map[string]any{"tier": "a"}},
		{Type: "feature_flag", Metadata: map[string]any{"flag": "beta"}},
		{Type: "discord", Properties: map[string]any{"guild_id": "1", "role_id": "2", "account_id": nil, "other": "dropped"}},
		{Type: "github_repository", Properties: map[string]any{"repository_owner": "acme", "repository_name": "code", "permission": "pull"}},
		{Type: "github_repository", Properties: map[string]any{"repository_owner": "acme", "permission": "own"}},
		{Type: "downloadables", Properties: map[string]any{"files": []string{"a", "b"}}},
		{Type: "license_keys", Properties: map[string]any{"display_key": "****-1", "license_key_id": "k"}},
		{Type: "meter_credit", Properties: map[string]any{"last_credited_units": 5}},
		{Type: "slack_shared_channel", Properties: map[string]any{"channel_name": "help"}},
		{Type: "custom", Pending: true},
	} {
		g.CustomerID = c.ID
		s.srv.AddGrant(g)
	}
	s.srv.AddMeter(Meter{CustomerID: c.ID, ConsumedUnits: 7, CreditedUnits: 10, Balance: 3})
	s.srv.AddMeter(Meter{CustomerID: c.ID, ConsumedUnits: 0.5, Balance: -0.5})
}

func seedPaymentMethods(s *stage) {
	c := s.srv.AddCustomer(Customer{Email: "payer@polar-go.dev", ExternalID: "payer"})
	for _, m := range []PaymentMethod{
		{Type: "card", Card: &Card{"visa", "4242", 12, 2030, ""}, Default: true},
		{Type: "card", Card: &Card{"mastercard", "4444", 1, 2031, "apple_pay"}},
		{Type: "card"},
		{Type: "kr_card", KrCard: &KrCard{"shinhan", "1234"}},
		{Type: "kr_card", KrCard: &KrCard{}},
		{Type: "sepa_debit"},
	} {
		m.CustomerID = c.ID
		s.srv.AddPaymentMethod(m)
	}
}

func seedAmbiguous(s *stage) {
	for _, org := range []string{"org-1", "org-2"} {
		s.srv.AddCustomer(Customer{OrganizationID: s.real[org], Email: "twin@polar-go.dev", ExternalID: "twin", Type: "team"})
	}
}

func seedList(s *stage) {
	for i, c := range []Customer{
		{Email: "anna@polar-go.dev", Name: "Anna 100%", ExternalID: "AX-1", Metadata: map[string]any{"plan": "pro", "n": 1, "f": 1.0, "b": true}},
		{Email: "Ben@polar-go.dev", Name: "Ben_Ö", Metadata: map[string]any{"plan": "free", "n": "1", "f": 1.5, "b": false}},
		{Email: "cleo@polar-go.dev", Metadata: map[string]any{"plan": "pro"}},
		{Type: "team", Name: "Dune"},
	} {
		c = s.srv.AddCustomer(c)
		if i < 2 {
			s.srv.AddSubscription(Subscription{CustomerID: c.ID, Status: []string{"past_due", "canceled"}[i]})
		}
	}
	s.srv.AddCustomer(Customer{OrganizationID: s.real["org-2"], Email: "else@polar-go.dev"})
}
