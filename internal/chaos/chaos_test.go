package chaos_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/internal/chaos"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

var (
	operations = flag.Int("operations", 800, "the `number` of operations of TestChaos")
	seed       = flag.Uint64("seed", rand.Uint64(), "the `seed` of the storms")
)

const workers = 16

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// naive changes what the client reports to what a client without a rule would report.
type naive struct {
	noReconciliation bool // a create whose retry meets what it created is a duplicate
	noGoneRule       bool // a deletion whose retry finds nothing is a failure
}

// storm is a run of several workers through a bad network. Each has customers of its
// own, and all share some customers.
type storm struct {
	operations int
	lag        time.Duration // of the service's reads
	naive      naive

	server   *polartest.Server
	seen     map[chaos.Fault]int
	stubborn chaos.Stubborn

	mu       sync.Mutex
	teams    map[string]string // team's name → what was reported about it
	sharers  map[string]string // shared external ID → the name with which it was reported as created
	failed   int               // failed operations
	unknown  int               // failed operations whose outcome is unknown
	open     int               // creates that found a customer, and cannot tell whether it is theirs
	resolved int               // creates without retries that found what a cut 201 had created
	problems []string
}

func (s *storm) complain(format string, args ...any) {
	s.mu.Lock()
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
	s.mu.Unlock()
}

// faulty returns functions that choose faults: for about a third of the exchanges.
func faulty(seed uint64) (dial func() chaos.Fault, pick func(*http.Request, []byte) chaos.Fault) {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 0))
	// Pauses and stalls are rare, because they take time.
	weights := map[chaos.Fault]int{
		chaos.ResetBefore: 40, chaos.ResetAfter: 60, chaos.ResetWithin: 40, chaos.Drip: 20, chaos.StallBefore: 4, chaos.StallAfter: 5,
		chaos.Limit: 4, chaos.FailBefore: 10, chaos.FailAfter: 10, chaos.GatewayBefore: 25, chaos.GatewayAfter: 40,
		chaos.Unavailable: 25, chaos.CutJSON: 30, chaos.Plaintext: 20, chaos.Twice: 30,
	}
	exchanges := 0
	pick = func(_ *http.Request, body []byte) chaos.Fault {
		mu.Lock()
		defer mu.Unlock()
		exchanges++
		all := chaos.All()
		picked := chaos.None
		if i := exchanges%2000 - 100; i >= 0 && i < len(all) && all[i] != chaos.Refuse {
			picked = all[i] // so that each happens at least once
		} else {
			n := r.IntN(1000)
			if i := slices.IndexFunc(all, func(f chaos.Fault) bool { n -= weights[f]; return n < 0 }); i >= 0 {
				picked = all[i]
			}
		}
		// A network that delivers a request twice creates two teams, because nothing
		// tells the requests apart. No client can prevent that.
		if picked == chaos.Twice && strings.Contains(string(body), `"team"`) {
			return chaos.None
		}
		return picked
	}
	dial = func() chaos.Fault {
		mu.Lock()
		defer mu.Unlock()
		if r.IntN(4) == 0 {
			return chaos.Refuse
		}
		return chaos.None
	}
	return dial, pick
}

type senderKey struct{}

// run runs the storm and returns the client's wrong reports.
func (s *storm) run(t *testing.T, seed uint64) []string {
	t.Helper()
	s.teams, s.sharers = map[string]string{}, map[string]string{}
	s.server = polartest.NewServer(t)
	s.server.SetReplicaLag(s.lag)
	dial, pick := faulty(seed)
	proxy, err := chaos.New(s.server.URL, dial, pick)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DialContext: proxy.DialContext, TLSClientConfig: proxy.TLS(), MaxIdleConnsPerHost: workers}
	var failures, numbers atomic.Int64
	s.stubborn.Retries = func() bool { return failures.Add(1)%3 == 0 }
	mark := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			req = req.Clone(req.Context())
			req.Header.Set(chaos.OrderHeader, fmt.Sprint(req.Context().Value(senderKey{}), " ", numbers.Add(1)))
			req.Header.Set("Idempotency-Key", "key") // with it, net/http would replay a POST
			return next.RoundTrip(req)
		})
	}
	token := s.server.Token()
	newClient := func() *customers.Client {
		// Each worker has its own client: after a 429, all requests of a client wait.
		client, err := polar.New(token, polar.WithBaseURL(proxy.URL()), polar.WithHTTPClient(&http.Client{Transport: transport}),
			polar.WithMiddleware(s.stubborn.Wrap, mark), polar.WithTimeout(400*time.Millisecond),
			polar.WithRetry(polar.RetryPolicy{MaxAttempts: 4, BaseDelay: time.Millisecond, MaxDelay: 4 * time.Millisecond}))
		if err != nil {
			t.Fatal(err)
		}
		return customers.New(client)
	}
	var wg sync.WaitGroup
	keys := make([][]*key, workers)
	for w := range workers {
		client := newClient()
		wg.Go(func() {
			ctx := context.WithValue(t.Context(), senderKey{}, w)
			keys[w] = (&worker{s, client}).work(ctx, w, rand.New(rand.NewPCG(seed, uint64(w+1))))
		})
	}
	wg.Wait()
	transport.CloseIdleConnections()
	if err := proxy.Close(); err != nil {
		t.Error(err)
	}
	s.seen = proxy.Seen()
	s.compare(slices.Concat(keys...))
	return s.problems
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// worker runs a part of the operations.
type worker struct {
	*storm
	client *customers.Client
}

func (s *worker) work(ctx context.Context, w int, r *rand.Rand) []*key {
	var keys []*key
	for i := range 6 {
		k := &key{email: fmt.Sprintf("w%d.k%d@polar.sh", w, i), can: []state{{}}}
		if i > 1 { // the first two have only an email address
			k.id = fmt.Sprintf("w%d-k%d", w, i)
		}
		keys = append(keys, k)
	}
	for i := range s.operations / workers {
		k := keys[r.IntN(len(keys))]
		name := fmt.Sprintf("w%d.%d", w, i)
		switch n := r.IntN(100); {
		case n < 25:
			s.create(ctx, k, name, r.IntN(5) == 0)
		case n < 35 && k.id != "":
			s.ensure(ctx, k, name)
		case n < 55:
			s.update(ctx, k, name, r.IntN(2) == 0)
		case n < 75:
			s.delete(ctx, k, r.IntN(2) == 0)
		case n < 85:
			s.read(ctx, k)
		case n < 90:
			s.list(ctx)
		case n < 95:
			s.share(ctx, name, r.IntN(max(1, s.operations/400)))
		default:
			s.team(ctx, name)
		}
	}
	for _, k := range keys {
		for _, problem := range k.wrong {
			s.complain("%s", problem)
		}
	}
	return keys
}

// reported counts failures.
func (s *storm) reported(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil || known(err) && (errors.Is(err, polar.ErrNotFound) || errors.Is(err, polar.ErrDuplicate)) {
		return
	}
	s.failed++
	if !known(err) {
		s.unknown++
	}
}

// naively returns what a client without a rule would have reported.
func (s *storm) naively(last polar.Response, err error) error {
	switch {
	case err != nil:
		return err
	case s.naive.noReconciliation && last.StatusCode == http.StatusOK: // not 201: it was looked up
		return polar.ErrDuplicate
	case s.naive.noGoneRule && last.StatusCode == http.StatusNotFound:
		return polar.ErrNotFound
	}
	return nil
}

func (s *worker) create(ctx context.Context, k *key, name string, once bool) {
	var last polar.Response
	opts := []polar.CallOption{polar.CaptureResponse(&last)}
	if once {
		opts = append(opts, polar.WithoutRetry())
	}
	c, err := s.client.Create(ctx, customers.CreateParams{Email: k.email, ExternalID: k.id, Name: name, Metadata: customers.Metadata{"n": 1.5}}, opts...)
	err = s.naively(last, err)
	s.reported(err)
	if errors.Is(err, polar.ErrDuplicate) && !known(err) && !slices.ContainsFunc(k.can, there) {
		s.mu.Lock()
		s.open++
		s.mu.Unlock()
	}
	switch {
	case !known(err) && k.id != "" && last.StatusCode == http.StatusCreated:
		s.complain("%s: a 201 was cut, and nobody looked for the customer", k.email)
	case err == nil && once && last.StatusCode == http.StatusOK:
		s.mu.Lock()
		s.resolved++
		s.mu.Unlock()
	}
	k.created(name, c, err)
}

func (s *worker) ensure(ctx context.Context, k *key, name string) {
	c, created, err := s.client.Ensure(ctx, customers.CreateParams{Email: k.email, ExternalID: k.id, Name: name})
	s.reported(err)
	if err == nil && !created && s.lag > 0 {
		k.found(name)
		return
	}
	k.ensured(name, c, created, err)
}

func (s *worker) update(ctx context.Context, k *key, name string, external bool) {
	var err error
	switch {
	case external && k.id != "":
		_, err = s.client.UpdateByExternalID(ctx, k.id, customers.UpdateByExternalIDParams{Name: polar.Set(name)})
	case k.customerID != "" && !slices.ContainsFunc(k.can, gone):
		_, err = s.client.Update(ctx, k.customerID, customers.UpdateParams{Name: polar.Set(name)})
	default:
		return // the customer may have been created again, with another ID
	}
	s.reported(err)
	k.updated(name, err)
}

func (s *worker) delete(ctx context.Context, k *key, external bool) {
	var last polar.Response
	var err error
	switch {
	case external && k.id != "":
		err = s.client.DeleteByExternalID(ctx, k.id, customers.DeleteParams{}, polar.CaptureResponse(&last))
	case k.customerID != "" && !slices.ContainsFunc(k.can, gone):
		err = s.client.Delete(ctx, k.customerID, customers.DeleteParams{}, polar.CaptureResponse(&last))
	default:
		return
	}
	err = s.naively(last, err)
	s.reported(err)
	k.deleted(err)
}

func (s *worker) read(ctx context.Context, k *key) {
	if k.id == "" {
		return
	}
	c, err := s.client.GetByExternalID(ctx, k.id)
	s.reported(err)
	if s.lag == 0 {
		k.read(c, err)
	}
}

func (s *worker) list(ctx context.Context) {
	seen := map[string]bool{}
	for c, err := range s.client.All(ctx, customers.ListParams{}) {
		if err != nil {
			s.reported(err)
			return
		}
		if seen[c.ID] {
			s.complain("listed twice: %s", c.ID)
		}
		seen[c.ID] = true
	}
}

// share ensures a customer that all workers share. Each call has another name, which
// shows the call that created the customer.
func (s *worker) share(ctx context.Context, name string, n int) {
	id := fmt.Sprintf("shared-%d", n)
	c, created, err := s.client.Ensure(ctx, customers.CreateParams{Email: id + "@polar.sh", ExternalID: id, Name: name})
	s.reported(err)
	switch {
	case err == nil && created:
		s.mu.Lock()
		before := s.sharers[id]
		s.sharers[id] = name
		s.mu.Unlock()
		if before != "" {
			s.complain("%s was created twice: %s, %s", id, before, name)
		}
	case err == nil && (c.ExternalID == nil || *c.ExternalID != id):
		s.complain("%s: got another customer", id)
	}
}

// team creates a team, which has only its name to identify it.
func (s *worker) team(ctx context.Context, name string) {
	_, err := s.client.Create(ctx, customers.CreateParams{Type: customers.TypeTeam, Name: name, Owner: &customers.OwnerParams{Email: name + "@polar.sh"}})
	s.reported(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		s.teams[name] = "created"
	case known(err):
		s.teams[name] = "not created"
	default:
		s.teams[name] = "unknown"
	}
}

// compare compares what the service has with what was reported.
func (s *storm) compare(keys []*key) {
	type named struct{ email, id string }
	real := map[string]state{}
	ids := map[string]named{}
	teams := map[string]int{}
	for _, c := range s.server.Customers() {
		if c.Type == "team" {
			teams[c.Name]++
			continue
		}
		if real[c.Email].there {
			s.complain("%s is there twice", c.Email)
		}
		real[c.Email] = state{true, c.Name}
		ids[c.Email] = named{c.Email, c.ExternalID}
	}
	for _, k := range keys {
		if got := real[k.email]; !slices.Contains(k.can, got) {
			s.complain("%s is %v, and was reported as %v, after %q", k.email, got, k.can, k.history[max(0, len(k.history)-6):])
		}
		if got := ids[k.email]; got.id != k.id && got.email != "" {
			s.complain("%s has the external ID %q, want %q", k.email, got.id, k.id)
		}
		delete(real, k.email)
	}
	for email, got := range real { // the shared ones
		id := strings.TrimSuffix(email, "@polar.sh")
		if who := s.sharers[id]; who != "" && got.name != who {
			s.complain("%s is %s, and was reported as created as %s", id, got.name, who)
		}
		delete(s.sharers, id)
	}
	for id, who := range s.sharers {
		s.complain("%s was reported as %s, and is not there", id, who)
	}
	for name, report := range s.teams {
		if n := teams[name]; n > 1 || n != 1 && report == "created" || n != 0 && report == "not created" {
			s.complain("the team %s, reported as %s, is there %d times", name, report, n)
		}
		delete(teams, name)
	}
	for name := range teams {
		s.complain("nobody wanted the team %q", name)
	}
}

// After thousands of operations through a network that fails in every way, the service
// has exactly what the client reported.
func TestChaos(t *testing.T) {
	t.Parallel()
	t.Logf("-seed %d", *seed)
	s := &storm{operations: *operations}
	for _, problem := range s.run(t, *seed) {
		t.Error(problem)
	}
	exchanges, faults := 0, 0
	for f, n := range s.seen {
		exchanges += n
		if f != chaos.None {
			faults += n
		}
	}
	for _, f := range chaos.All() {
		t.Logf("%6d %v", s.seen[f], f)
		if s.seen[f] == 0 {
			t.Errorf("there was no %v", f)
		}
	}
	t.Logf("%6d errors replaced by one of dialing", s.stubborn.Hidden())
	t.Logf("%6d cut responses resolved by a look-up", s.resolved)
	t.Logf("%d operations, %d exchanges, %d with a fault (%d%%); %d operations failed, %d of them with an unknown outcome, %d of these although only one is possible",
		s.operations, exchanges, faults, 100*faults/exchanges, s.failed, s.unknown, s.open)
	if s.stubborn.Hidden() == 0 {
		t.Error("the transport never retried")
	}
	if faults*4 < exchanges {
		t.Errorf("%d faults in %d exchanges, want at least a quarter", faults, exchanges)
	}
	if s.operations < 5000 {
		return // too few for stable shares, because a busy machine adds timeouts
	}
	if s.unknown*10 > s.operations {
		t.Errorf("%d of %d outcomes are unknown, want at most a tenth", s.unknown, s.operations)
	}
	if s.open*200 > s.operations {
		t.Errorf("%d of %d operations cannot tell whose the customer is, want at most one in 200", s.open, s.operations)
	}
}

// The reports are also right if the service's reads lag behind its writes.
func TestChaosLag(t *testing.T) {
	t.Parallel()
	t.Logf("-seed %d", *seed)
	s := &storm{operations: *operations / 4, lag: 30 * time.Millisecond}
	for _, problem := range s.run(t, *seed) {
		t.Error(problem)
	}
}

// Without one of the client's rules, the storm finds wrong reports.
func TestChaosTeeth(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]naive{"no reconciliation": {noReconciliation: true}, "no 404 rule": {noGoneRule: true}} {
		var problems []string
		for seed := uint64(0); len(problems) == 0 && seed < 10; seed++ {
			s := &storm{operations: 320, naive: off}
			problems = s.run(t, seed)
		}
		if len(problems) == 0 {
			t.Errorf("%s: the storm found no wrong report", name)
			continue
		}
		t.Logf("%s: %d wrong reports, such as %q", name, len(problems), problems[0])
	}
}
