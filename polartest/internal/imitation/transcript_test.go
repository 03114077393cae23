package imitation

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
	"github.com/polarexpress/polar-go/internal/recording"
)

// minEqual is the share of recorded steps to which the server must respond as
// the service did.
const minEqual = 0.97

// minEqualServices is that share for recordings of the other services, which depend on
// objects that cannot all be inferred.
const minEqualServices = 0.9

// knownDifferences counts, for each recording in the repository, the steps in
// which the server still differs from the service.
var knownDifferences = map[string]int{
	"members_list": 3, "methods": 2, "polar_version": 1, "routing": 2,

	"checkout_links": 1, "checkouts_create": 1, "concurrency": 1, "events_ingest": 1, "events_list": 2, "meters_quantities": 3, "orders_draft_enabled": 1,
	"orders_list_get": 1, "orgs_and_user_tokens": 2, "polar_version_services": 1, "rate_limits": 1, "subscriptions_change": 1, "subscriptions_list_get": 2,
}

// transcript is a recorded series of exchanges with the service.
type transcript struct {
	Name, Description string
	Steps             []step
}

type step struct{ recording.Step }

func (s *step) token() string {
	if s.Token == nil {
		return ""
	}
	return *s.Token
}

func (s *step) header(name string) string { return s.ResponseHeaders.Get(name) }

// TestTranscripts plays exchanges that were recorded from the service against
// the server, and compares. POLAR_TRANSCRIPTS names a folder of recordings to
// play instead of those of the repository.
func TestTranscripts(t *testing.T) {
	if dir := os.Getenv("POLAR_TRANSCRIPTS"); dir != "" {
		all := readTranscripts(t, dir)
		steps, different, least := 0, 0, minEqual
		for i, diffs := range replayAll(t, dir, all) {
			steps += len(all[i].Steps)
			different += len(diffs)
			if all[i].services() {
				least = minEqualServices
			}
		}
		if share := float64(steps-different) / float64(steps); share < least {
			t.Errorf("%.1f%% of the steps are equal, want %.0f%%", 100*share, 100*least)
		}
		return
	}
	for _, all := range [][]*transcript{repositoryTranscripts(t), repositoryServices(t)} {
		for i, diffs := range replayAll(t, "the repository", all) {
			if name := all[i].Name; len(diffs) != knownDifferences[name] {
				t.Errorf("%s: %d steps differ, knownDifferences has %d", name, len(diffs), knownDifferences[name])
			}
		}
	}
}

// TestTranscriptFormats checks that the compact recordings replay as the
// originals do.
func TestTranscriptFormats(t *testing.T) {
	dir, ok := recording.Originals()
	if !ok {
		t.Skipf("the original recordings are not in %s", dir)
	}
	originals := replayAll(t, dir, readTranscripts(t, dir))
	compact := replayAll(t, "the repository", repositoryTranscripts(t))
	if len(originals) != len(compact) {
		t.Fatalf("%d original recordings, %d compact ones", len(originals), len(compact))
	}
	for i := range originals {
		at := func(diffs []difference) (steps []int) {
			for _, d := range diffs {
				steps = append(steps, d.step)
			}
			return steps
		}
		if a, b := at(originals[i]), at(compact[i]); !slices.Equal(a, b) {
			t.Errorf("recording %d: the original differs in steps %v, the compact one in %v", i, a, b)
		}
	}
}

func readTranscripts(t *testing.T, dir string) []*transcript {
	t.Helper()
	scenarios, err := recording.Read(os.DirFS(dir))
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return transcripts(scenarios)
}

func repositoryTranscripts(t *testing.T) []*transcript {
	t.Helper()
	scenarios, err := recording.Customers()
	if err != nil {
		t.Fatal(err)
	}
	return transcripts(scenarios)
}

func repositoryServices(t *testing.T) []*transcript {
	t.Helper()
	scenarios, err := recording.Services()
	if err != nil {
		t.Fatal(err)
	}
	return transcripts(scenarios)
}

func transcripts(scenarios []*recording.Scenario) (all []*transcript) {
	for _, s := range scenarios {
		tr := &transcript{Name: s.Name, Description: s.Description}
		for _, recorded := range s.Steps {
			tr.Steps = append(tr.Steps, step{recorded})
		}
		all = append(all, tr)
	}
	return all
}

// replayAll plays recordings, logs a table of the results, and returns the
// differences of each.
func replayAll(t *testing.T, from string, all []*transcript) (differences [][]difference) {
	t.Helper()
	orgs := learnOrganizations(all)
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "scenario\tsteps\tequal\tdifferent\twhy")
	steps, equal := 0, 0
	skipped := 0
	for _, tr := range all {
		diffs := replay(t, tr, orgs)
		n := len(tr.Steps) - len(diffs)
		diffs = slices.DeleteFunc(diffs, func(d difference) bool { return d.why == notImplemented })
		skipped += len(tr.Steps) - n - len(diffs)
		steps += n + len(diffs)
		equal += n
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\n", tr.Name, n+len(diffs), n, len(diffs), reasons(tr, diffs))
		differences = append(differences, diffs)
	}
	w.Flush()
	t.Logf("recordings in %s\n%snot implemented: %d\ntotal: %d of %d", from, table.String(), skipped, equal, steps)
	return differences
}

// notImplemented is the difference of a step whose operation the server does not
// implement. It does not count.
const notImplemented = "not implemented"

// difference is a step with another response.
type difference struct {
	step int
	why  string
}

// explained are the requests that Go's HTTP server handles before this package sees
// them.
var explained = []struct {
	is     func(*step) bool
	reason string
}{
	{func(s *step) bool { return s.Path == "" || strings.HasSuffix(s.Path, " ") }, "net/http refuses the malformed request line, in its own words"},
	{func(s *step) bool {
		for _, v := range s.RequestHeaders {
			if v != strings.TrimRight(v, " \t") {
				return true
			}
		}
		return false
	}, "net/http trims the space after a header's value"},
}

func reasons(tr *transcript, diffs []difference) string {
	var list []string
	for _, d := range diffs {
		why := d.why
		for _, e := range explained {
			if e.is(&tr.Steps[d.step]) {
				why = e.reason
			}
		}
		if len(why) > 240 {
			why = why[:240] + "..."
		}
		list = append(list, fmt.Sprintf("step %d: %s", d.step, why))
	}
	return strings.Join(list, "; ")
}

// replay plays one recording against a server of its own.
func replay(t *testing.T, tr *transcript, orgs map[string]string) (diffs []difference) {
	t.Helper()
	now := time.Now()
	if tr.services() {
		now = started(tr).Add(-24*time.Hour - 7*time.Microsecond)
	}
	sandbox := func(s *settings) {
		s.sandbox = tr.services() && slices.ContainsFunc(tr.Steps, func(s step) bool { return s.header("X-Polar-Sandbox") != "" })
	}
	srv, err := Start(WithStateCache(), WithMailDomains(recordedMail), asRecorded, sandbox, WithClock(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	p := &player{srv: srv, ids: newBijection(), times: newBijection(), tokens: map[string]string{}}
	p.addTokens(orgs, tr.services())
	plant(p, tr, orgs)
	if tr.services() {
		plantShop(p, tr, orgs)
		now = started(tr)
	}
	p.limits(tr)
	for i := 0; i < len(tr.Steps); {
		if t := newest(&tr.Steps[i]); tr.services() && t.After(now) {
			now = t.Add(3*time.Millisecond + 141*time.Microsecond) // no recorded time
		}
		if group := tr.together(i); len(group) > 1 {
			diffs = append(diffs, p.playTogether(i, group)...)
			i += len(group)
			continue
		}
		if err := p.exhaust(&tr.Steps[i], &tr.Steps[max(i-1, 0)]); err != nil {
			t.Fatal(err)
		}
		if why := p.play(&tr.Steps[i]); why != "" {
			diffs = append(diffs, difference{i, why})
		}
		i++
	}
	if err := srv.Close(); err != nil {
		t.Logf("%s: what was there before is not all planted: %v", tr.Name, err)
	}
	return diffs
}

// recordedMail is the lookup of domains in the recordings.
func recordedMail(domain string) MailStatus {
	switch {
	case strings.Contains(domain, "nxdomain"):
		return MailNoDomain
	case strings.Contains(domain, "nullmx"), strings.Contains(domain, "nomx"):
		return MailRefused
	}
	return MailAccepted
}

// asRecorded allows seeds that no request could create, and gives rows of equal rank
// their order in the recordings.
func asRecorded(s *settings) { s.unchecked, s.uncheckedSeeds, s.newestFirst = true, true, true }

// bijection pairs recorded values with the server's values.
type bijection struct{ to, from map[string]string }

func newBijection() *bijection { return &bijection{map[string]string{}, map[string]string{}} }

func (b *bijection) bind(recorded, actual string) bool {
	to, hasTo := b.to[recorded]
	from, hasFrom := b.from[actual]
	if !hasTo && !hasFrom {
		b.to[recorded], b.from[actual] = actual, recorded
		return true
	}
	return hasTo && hasFrom && to == actual && from == recorded
}

// player plays the steps of one recording.
type player struct {
	srv        *Server
	ids, times *bijection
	tokens     map[string]string
}

// scopesOf are the scopes of the recording's tokens. Other tokens have all scopes. In
// those of services, letters stand for the scopes of all services.
func scopesOf(token string, services bool) (scopes []string) {
	switch token {
	case "B":
		scopes = []string{ScopeCustomersRead}
	case "WRITEONLY":
		scopes = []string{ScopeCustomersWrite}
	case "MEMREAD":
		return []string{ScopeMembersRead}
	case "NOSCOPE":
		return []string{}
	case "PATRO":
		return []string{ScopeCustomersRead}
	}
	if services && scopes != nil {
		_, kind, _ := strings.Cut(scopes[0], ":")
		return slices.DeleteFunc(slices.Clone(allScopes()), func(s string) bool { return !strings.HasSuffix(s, ":"+kind) })
	}
	return scopes
}

func (p *player) addTokens(orgs map[string]string, services bool) {
	for _, name := range []string{"A", "C", "E", "D", "BLOCKED"} {
		p.srv.AddOrganization(Organization{ID: orgs[name], WithoutMembers: name == "D", Blocked: name == "BLOCKED"})
	}
	for _, name := range []string{"A", "B", "C", "D", "E", "WRITEONLY", "MEMREAD", "NOSCOPE", "EXPIRED", "DELETED", "BLOCKED", "PAT", "PATRO"} {
		token := Token{
			Scopes: scopesOf(name, services), Organizations: []string{orgs[organizationOf(name)]},
			Expired: name == "EXPIRED", Revoked: name == "DELETED", User: strings.HasPrefix(name, "PAT"),
		}
		if token.User {
			token.Organizations = []string{orgs["A"], orgs["C"], orgs["E"]}
		}
		p.tokens[name] = p.srv.AddToken(token)
	}
}

// organizationOf names the token with all scopes in a token's organization.
func organizationOf(token string) string {
	switch token {
	case "C", "D", "E", "BLOCKED":
		return token
	}
	return "A"
}

// learnOrganizations finds the recorded IDs of the organizations.
func learnOrganizations(all []*transcript) map[string]string {
	orgs := map[string]string{}
	id := regexp.MustCompile(`"organization_id":"([0-9a-f-]{36})"`)
	for _, tr := range all {
		for i := range tr.Steps {
			s := &tr.Steps[i]
			m := id.FindStringSubmatch(s.ResponseBody)
			if m == nil || s.Token == nil || strings.HasPrefix(*s.Token, "PAT") {
				continue
			}
			if name := organizationOf(*s.Token); orgs[name] == "" {
				orgs[name] = m[1]
			}
		}
	}
	others := otherOrganizations(all, orgs)
	for _, name := range []string{"C", "E"} {
		if orgs[name] == "" && len(others) > 0 {
			orgs[name], others = others[0], others[1:]
		}
	}
	for _, name := range []string{"A", "C", "D", "E", "BLOCKED"} {
		if orgs[name] == "" {
			orgs[name] = newUUID()
		}
	}
	return orgs
}

// otherOrganizations are the organizations in requests to which no known token belongs.
func otherOrganizations(all []*transcript, known map[string]string) (ids []string) {
	form := regexp.MustCompile(`organization_id(?:"\s*:\s*"|=)([0-9a-f-]{36})`)
	for _, tr := range all {
		for i := range tr.Steps {
			s := &tr.Steps[i]
			if !strings.HasPrefix(s.token(), "PAT") || s.Status > 299 {
				continue
			}
			body := ""
			if s.RequestBody != nil {
				body = *s.RequestBody
			}
			for _, m := range form.FindAllStringSubmatch(s.Path+" "+body+" "+s.ResponseBody, -1) {
				if !slices.Contains(ids, m[1]) && !slices.Contains(slices.Collect(maps.Values(known)), m[1]) {
					ids = append(ids, m[1])
				}
			}
		}
	}
	return ids
}

var uuidForm = regexp.MustCompile(`[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}`)

// translate replaces the recorded IDs with the server's.
func (p *player) translate(s string) string {
	s = secretForm.ReplaceAllStringFunc(s, func(m string) string { return cmp.Or(p.ids.to[m], m) })
	return uuidForm.ReplaceAllStringFunc(s, func(m string) string {
		id, err := pydantic.ParseUUID(m)
		if err != nil {
			return m
		}
		actual, ok := p.ids.to[id]
		if !ok || actual == id {
			return m
		}
		if !strings.Contains(m, "-") {
			actual = strings.ReplaceAll(actual, "-", "")
		}
		if m == strings.ToUpper(m) {
			actual = strings.ToUpper(actual)
		}
		return actual
	})
}

// reply is the server's response.
type reply struct {
	status int
	header http.Header
	body   string
}

// play sends one step and returns how the response differs, or "".
func (p *player) play(s *step) string {
	got, err := p.send(s)
	if err != nil {
		return "send: " + err.Error()
	}
	return p.judge(s, got)
}

// limits sets the rate limit if the recording shows one, and adjusts for the tokens
// that it never accepts.
func (p *player) limits(tr *transcript) {
	accepted, limited := map[string]bool{}, false
	for i := range tr.Steps {
		s := &tr.Steps[i]
		limited = limited || s.Status == http.StatusTooManyRequests
		accepted[s.token()] = accepted[s.token()] || s.Status != http.StatusUnauthorized && s.Status != http.StatusTooManyRequests
	}
	for name := range accepted {
		if p.tokens[name] == "" && !accepted[name] {
			p.tokens[name] = "polar_oat_unknown"
		}
	}
	if limited {
		p.srv.SetRateLimit(SandboxLimit())
	}
}

// exhaust sends the equal requests that the recording leaves out before one is
// refused.
func (p *player) exhaust(s, before *step) error {
	if s.Status != http.StatusTooManyRequests || before.Status == s.Status || before.Path != s.Path || before.token() != s.token() {
		return nil
	}
	for range SandboxLimit().Requests {
		if got, err := p.send(s); err != nil || got.status == s.Status {
			return err
		}
	}
	return nil
}

// judge returns how a response differs, or "".
func (p *player) judge(s *step, got *reply) string {
	why := p.difference(s, got)
	if why != "" && (s.RequestTrimmed || beyond(s)) {
		return notImplemented
	}
	return why
}

// beyond reports whether a step is about an operation that the server does not
// implement, or that only the recorded service had.
func beyond(s *step) bool {
	path, _, _ := strings.Cut(s.Path, "?")
	if rt, _, _ := find(s.Method, path); rt != nil {
		return false
	}
	_, implemented := unimplemented(s.Method, path)
	_, twin := unimplemented(s.Method, toggleSlash(path))
	return implemented || twin || s.Status < 300 && s.Method != http.MethodHead && s.Method != http.MethodOptions
}

func (p *player) difference(s *step, got *reply) string {
	if got.status != s.Status {
		return fmt.Sprintf("status %d, want %d: %.200s", got.status, s.Status, got.body)
	}
	if why := p.compareBody(s, got); why != "" {
		if p.equalRows(s) {
			return ""
		}
		return why
	}
	return p.compareHeaders(s, got)
}

// send writes the recorded request to the wire, because clients would normalize it.
func (p *player) send(s *step) (*reply, error) {
	addr := strings.TrimPrefix(p.srv.URL, "http://")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	version := "1.1"
	if s.Transport.HTTPVersion != "" {
		version = s.Transport.HTTPVersion
	}
	path := strings.ReplaceAll(p.translate(s.Path), "http://127.0.0.1:18080", p.srv.URL)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/%s\r\n", s.Method, path, version)
	if s.Transport.Host == nil || *s.Transport.Host {
		fmt.Fprintf(&b, "host: %s\r\n", addr)
	}
	if s.Token != nil {
		value, ok := p.tokens[*s.Token]
		if !ok {
			value = p.tokens["A"]
		}
		fmt.Fprintf(&b, "authorization: Bearer %s\r\n", value)
	}
	framed, chunked := false, s.Transport.Chunked
	for k, v := range s.RequestHeaders {
		switch strings.ToLower(k) {
		case "transfer-encoding":
			chunked = true
		case "content-length":
			framed = s.RequestBody == nil || v != strconv.Itoa(len(*s.RequestBody))
			if !framed {
				continue
			}
		}
		fmt.Fprintf(&b, "%s: %s\r\n", k, v)
	}
	b.WriteString("connection: close\r\n")
	body := ""
	if s.RequestBody != nil {
		body = p.translate(*s.RequestBody)
	}
	switch {
	case chunked:
		if s.Transport.Chunked {
			b.WriteString("transfer-encoding: chunked\r\n")
		}
		fmt.Fprintf(&b, "\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	case s.RequestBody == nil && s.Status != http.StatusLengthRequired && (s.Method == http.MethodPost || s.Method == http.MethodPatch) && !framed:
		b.WriteString("content-length: 0\r\n\r\n")
	case framed || s.RequestBody == nil:
		fmt.Fprintf(&b, "\r\n%s", body)
	default:
		fmt.Fprintf(&b, "content-length: %d\r\n\r\n%s", len(body), body)
	}
	if _, err := conn.Write(b.Bytes()); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: s.Method})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if len(resp.TransferEncoding) > 0 {
		resp.Header.Set("Transfer-Encoding", resp.TransferEncoding[0])
	}
	return &reply{resp.StatusCode, resp.Header, string(data)}, err
}

// comparedHeaders are the headers that a client may depend on.
var comparedHeaders = []string{
	"Content-Type", "Cache-Control", "Polar-Version", "Location", "WWW-Authenticate", "Allow", "Retry-After",
	"Pragma", "Content-Disposition", "X-Polar-Deprecation-Notice", "X-Polar-Sandbox", "Vary",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
}

func (p *player) compareHeaders(s *step, got *reply) string {
	for _, name := range comparedHeaders {
		want, have := s.header(name), got.header.Get(name)
		if name == "Location" {
			want = strings.ReplaceAll(want, "127.0.0.1:18080", strings.TrimPrefix(p.srv.URL, "http://"))
		}
		if name == "WWW-Authenticate" {
			want, have = sortScopes(want), sortScopes(have)
		}
		if why := p.compareText(want, have); why != "" {
			return fmt.Sprintf("header %s: %s", name, why)
		}
	}
	for _, name := range []string{"Content-Length", "Transfer-Encoding"} {
		if want, have := s.header(name) != "", got.header.Get(name) != ""; want != have && s.Transport.HTTPVersion == "" {
			return fmt.Sprintf("header %s: sent %v, want %v", name, have, want)
		}
	}
	return ""
}

var scopeList = regexp.MustCompile(`scope="([^"]*)"`)

// sortScopes orders the scopes of a challenge, which the service does not.
func sortScopes(h string) string {
	return scopeList.ReplaceAllStringFunc(h, func(m string) string {
		words := strings.Fields(scopeList.FindStringSubmatch(m)[1])
		slices.Sort(words)
		return `scope="` + strings.Join(words, " ") + `"`
	})
}

func (p *player) compareBody(s *step, got *reply) string {
	if strings.HasPrefix(s.header("Content-Type"), "text/csv") {
		return p.compareCSV(s, got.body)
	}
	if s.Trimmed {
		return p.compareTrimmed(s, got.body)
	}
	if !strings.HasPrefix(s.header("Content-Type"), "application/json") || s.ResponseBody == "" {
		return p.compareText(s.ResponseBody, got.body)
	}
	want, err1 := python.ParseJSON([]byte(s.ResponseBody))
	have, err2 := python.ParseJSON([]byte(got.body))
	if err1 != nil || err2 != nil {
		return fmt.Sprintf("not JSON: %v, %v: %.100s", err1, err2, got.body)
	}
	return p.compare("", want, have)
}

// compareTrimmed compares the items that were kept of a long list.
func (p *player) compareTrimmed(s *step, body string) string {
	have, err := python.ParseJSON([]byte(body))
	if err != nil {
		return "not JSON: " + err.Error()
	}
	got, _ := have.(*python.Object)
	if got == nil {
		return "not an object"
	}
	items, _ := got.Value("items").([]any)
	for i, want := range keptItems(s.ResponseBody) {
		if i >= len(items) {
			return fmt.Sprintf("%d items, want more", len(items))
		}
		if why := p.compare(fmt.Sprintf("items[%d]", i), want, items[i]); why != "" {
			return why
		}
	}
	return ""
}

// compare walks two values; it returns the first difference.
func (p *player) compare(at string, want, have any) string {
	switch w := want.(type) {
	case *python.Object:
		h, ok := have.(*python.Object)
		if !ok {
			return fmt.Sprintf("%s: %s, want %s", at, python.MarshalJSON(have), python.MarshalJSON(want))
		}
		return p.compareObjects(at, w, h)
	case []any:
		h, ok := have.([]any)
		if !ok || len(h) != len(w) {
			return fmt.Sprintf("%s: %s, want %s", at, python.MarshalJSON(have), python.MarshalJSON(want))
		}
		if unordered(at) {
			return p.compareSets(at, w, h)
		}
		for i := range w {
			if why := p.compare(fmt.Sprintf("%s[%d]", at, i), w[i], h[i]); why != "" {
				return why
			}
		}
		return ""
	case string:
		h, ok := have.(string)
		if !ok {
			return fmt.Sprintf("%s: %s, want %q", at, python.MarshalJSON(have), w)
		}
		if why := p.compareText(w, h); why != "" {
			return at + ": " + why
		}
		return ""
	}
	if a, b := string(python.MarshalJSON(want)), string(python.MarshalJSON(have)); a != b {
		return fmt.Sprintf("%s: %s, want %s", at, b, a)
	}
	return ""
}

// loopback is the address of the recorded server.
var loopback = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

// wordy are problems whose texts list words in an order that the contract does not
// keep.
var wordy = []string{"enum", "literal_error", "union_tag_invalid"}

func (p *player) compareObjects(at string, w, h *python.Object) string {
	if slices.Contains(wordy, w.Text("type")) && has(w, "loc", "msg") && h.Text("msg") != "" {
		w, h = pick(w, "type loc input"), pick(h, "type loc input")
	}
	if !slices.Equal(w.Keys(), h.Keys()) {
		a, b := slices.Sorted(slices.Values(w.Keys())), slices.Sorted(slices.Values(h.Keys()))
		if extra := without(b, a); !slices.Equal(extra, sinceRecorded(extra)) || len(without(a, b)) > 0 {
			return fmt.Sprintf("%s: keys %q, want %q", at, h.Keys(), w.Keys())
		}
	}
	for _, k := range w.Keys() {
		if why := p.compare(at+"."+k, w.Value(k), h.Value(k)); why != "" {
			return why
		}
	}
	return ""
}

func without(list, drop []string) (kept []string) {
	for _, s := range list {
		if !slices.Contains(drop, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// sinceRecorded returns the keys that the service has added since the recordings: seats
// and units of a state's subscription.
func sinceRecorded(keys []string) (kept []string) {
	for _, k := range keys {
		if k == "seats" || k == "units" {
			kept = append(kept, k)
		}
	}
	return kept
}

// unordered reports whether the service guarantees no order.
func unordered(at string) bool {
	return at == ".detail" || strings.HasSuffix(at, ".active_subscriptions") || strings.HasSuffix(at, ".granted_benefits")
}

// compareSets pairs the elements of two lists in any order.
func (p *player) compareSets(at string, want, have []any) string {
	left := slices.Clone(have)
	for i, w := range want {
		found := slices.IndexFunc(left, func(h any) bool { return p.same(w, h) })
		if found < 0 {
			return fmt.Sprintf("%s[%d]: %s is missing in %s", at, i, python.MarshalJSON(w), python.MarshalJSON(have))
		}
		p.compare(at, w, left[found])
		left = slices.Delete(left, found, found+1)
	}
	return ""
}

// same compares without pairing anything new.
func (p *player) same(want, have any) bool {
	trial := &player{srv: p.srv, ids: p.ids.clone(), times: p.times.clone()}
	return trial.compare("", want, have) == ""
}

func (b *bijection) clone() *bijection {
	c := newBijection()
	for k, v := range b.to {
		c.to[k] = v
	}
	for k, v := range b.from {
		c.from[k] = v
	}
	return c
}

// changing matches IDs, times, and other generated values.
var changing = regexp.MustCompile(secretForm.String() + `|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?`)

// compareText compares two strings, pairing IDs and times where they differ.
func (p *player) compareText(want, have string) string {
	want, have = loopback.ReplaceAllString(want, "server"), loopback.ReplaceAllString(have, "server")
	if want == have {
		return ""
	}
	w, h := changing.FindAllString(want, -1), changing.FindAllString(have, -1)
	if changing.ReplaceAllString(want, "*") != changing.ReplaceAllString(have, "*") || len(w) != len(h) {
		return fmt.Sprintf("%.300q, want %.300q", have, want)
	}
	for i := range w {
		pairs, what := p.ids, "ID"
		if strings.HasPrefix(w[i], "20") && strings.Contains(w[i], "T") {
			pairs, what = p.times, "time"
		}
		if !pairs.bind(w[i], h[i]) {
			return fmt.Sprintf("%s %s where %s was recorded stood for another before", what, h[i], w[i])
		}
	}
	return ""
}

// compareCSV compares the rows in any order.
func (p *player) compareCSV(s *step, body string) string {
	want, have := csvRecords(s.ResponseBody), csvRecords(body)
	if s.Trimmed && len(want) > 0 {
		want = want[:len(want)-1]
	} else if len(want) != len(have) {
		return fmt.Sprintf("%d rows, want %d", len(have), len(want))
	}
	if len(have) == 0 || len(want) == 0 || want[0] != have[0] {
		return "header row differs"
	}
	if !strings.HasPrefix(want[0], "ID,") {
		slices.Sort(want)
		slices.Sort(have)
		for _, row := range want {
			if !slices.Contains(have, row) {
				return fmt.Sprintf("row %q is missing", row)
			}
		}
		return ""
	}
	rows := map[string]string{}
	for _, row := range have[1:] {
		id, _, _ := strings.Cut(row, ",")
		rows[id] = row
	}
	for _, row := range want[1:] {
		id, _, _ := strings.Cut(row, ",")
		actual, ok := p.ids.to[id]
		if !ok {
			actual = id
		}
		if why := p.compareText(row, rows[actual]); why != "" {
			return "row: " + why
		}
	}
	return ""
}

// csvRecords splits a file at the line ends that are outside quotes.
func csvRecords(body string) (records []string) {
	quoted, start := false, 0
	for i := range len(body) {
		switch {
		case body[i] == '"':
			quoted = !quoted
		case body[i] == '\n' && !quoted && i > 0 && body[i-1] == '\r':
			records = append(records, body[start:i+1])
			start = i + 1
		}
	}
	if start < len(body) {
		records = append(records, body[start:])
	}
	return records
}
