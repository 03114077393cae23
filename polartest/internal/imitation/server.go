package imitation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/internal/apischema"
	"github.com/polarexpress/polar-go/internal/hosted"
	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// Server is the service in memory. All of its methods are safe for concurrent
// use.
type Server struct {
	// URL is the base URL, such as "http://127.0.0.1:45678", without a trailing
	// slash. It is empty for a server without a socket.
	URL string

	http *httptest.Server // nil without a socket

	mu         sync.Mutex
	db         *database
	clock      clock
	lastTime   time.Time
	orgs       map[string]*Organization
	orgOrder   []string
	tokens     map[string]Token
	states     map[string]cachedState
	opts       settings
	bodies     *polarrules.Bodies
	checker    *apischema.Checker
	history    history
	failures   []*Failure
	outages    []*Failure
	expected   []expectation
	limiter    limiter
	latency    time.Duration
	sequence   int
	random     *rand.Rand // orders rows of equal rank
	problems   []error
	endpoints  []*Endpoint
	closed     bool
	guard      *hosted.Guard
	activity   activity
	seeding    bool     // stored rows do not lag
	seedID     string   // of the next stored object
	jobs       []func() // wait for RunJobs
	inProgress map[string]*contention
	failing    map[string]bool // customers whose payments fail
	agenda     agenda
	t          testing.TB
	helper     func() // t.Helper, if there is a test
}

type settings struct {
	listen     string
	now        func() time.Time
	stateCache bool
	mail       func(domain string) polarrules.MailStatus
	unchecked  bool
	sandbox    bool
	socketless bool
	// publicPages serves pages to other machines, under pagesURL if it is set.
	publicPages bool
	pagesURL    string
	eventLog    func(Event)
	// For the replay of recordings: seeds are stored unchecked, and rows of equal
	// rank are listed newest first.
	uncheckedSeeds, newestFirst bool
	rank                        map[string]int // of equal rows of the shop, by ID
}

// Option configures a server.
type Option func(*settings)

// WithClock makes the server take the time from now instead of time.Now.
// [Server.Advance] adds to it.
func WithClock(now func() time.Time) Option {
	return func(s *settings) { s.now = now }
}

// WithAddress makes the server listen on addr, such as "127.0.0.1:8080",
// instead of a free port of the loopback interface.
func WithAddress(addr string) Option {
	return func(s *settings) { s.listen = addr }
}

// WithoutSocket makes the server reachable only through [Server.Transport], which
// [Server.Client] uses, and [Server.Handler]. Tests under testing/synctest need it:
// there, a server that waits for connections keeps the clock from moving.
func WithoutSocket() Option {
	return func(s *settings) { s.socketless = true }
}

// WithStateCache caches states as the service does. A state that has been read stays
// the same for an hour, or until [Server.RunJobs]. Without this option, states are
// always current.
func WithStateCache() Option {
	return func(s *settings) { s.stateCache = true }
}

// WithSandboxHeader adds the header that marks responses of Polar's sandbox.
func WithSandboxHeader() Option {
	return func(s *settings) { s.sandbox = true }
}

// NewServer starts a server for a test and closes it when the test ends. If
// [Server.Close] then returns an error, the test fails.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := start(t, opts)
	if err != nil {
		t.Fatalf("polartest: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Errorf("polartest: %v", err)
		}
	})
	return s
}

// Start starts a server without a test. The caller closes it.
func Start(opts ...Option) (*Server, error) { return start(nil, opts) }

func start(t testing.TB, opts []Option) (*Server, error) {
	s := &Server{
		t: t, guard: hosted.NewGuard(), random: rand.New(rand.NewPCG(1, 1)),
		db: newDatabase(), orgs: map[string]*Organization{}, tokens: map[string]Token{}, states: map[string]cachedState{},
		opts: settings{listen: "127.0.0.1:0", now: time.Now, mail: polarrules.DefaultMail}, helper: func() {},
	}
	if t != nil {
		s.helper = t.Helper
	}
	for _, o := range opts {
		o(&s.opts)
	}
	s.clock.now = s.opts.now
	s.bodies = polarrules.NewBodies(s.opts.mail)
	s.checker = newChecker(s)
	s.addOrganization(Organization{})
	if s.opts.socketless {
		return s, nil
	}
	listener, err := net.Listen("tcp", s.opts.listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.opts.listen, err)
	}
	s.http = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s, ErrorLog: quiet}}
	s.http.Start()
	s.URL = s.http.URL
	return s, nil
}

// Close stops the server and closes its connections. Its error has all problems of the
// run: unmet expectations, scripted failures that no request met, and requests and
// responses that do not match the contract.
func (s *Server) Close() error {
	if s.http != nil {
		s.http.CloseClientConnections()
		s.http.Close()
	}
	s.mu.Lock()
	endpoints := s.endpoints
	s.mu.Unlock()
	for _, e := range endpoints {
		e.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(append(s.problems, s.unmet()...)...)
}

// Handler returns the server as a handler, for programs with a server or a
// transport of their own.
func (s *Server) Handler() http.Handler { return s }

// call is one request on its way through the server.
type call struct {
	srv    *Server
	req    *http.Request
	route  *route
	params map[string]string
	query  pydantic.Query
	body   any
	who    *principal
	now    time.Time
	// db is the primary for writes, the replica for reads.
	db *store
	// badPath and badBody are the problems of the path and the body; query has
	// its own.
	badPath, badBody []pydantic.Problem
}

// ServeHTTP handles one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if page := s.page(r); page != nil {
		page(w, r)
		return
	}
	s.serve(w, r)
}

// methods are those that the service's HTTP parser knows.
var methods = strings.Fields(`DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK
	BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PATCH PURGE MKCALENDAR LINK UNLINK SOURCE QUERY`)

// maxBody is the size of the largest body that the service accepts.
const maxBody = 10 << 20

const (
	versionHeader  = "Polar-Version"
	defaultVersion = "2026-04"
)

var versions = []string{"2026-04", "2026-10", "2027-01"}

// respond returns the response to a request. The checks are in the service's
// order.
func (s *Server) respond(r *http.Request, record *Request) *response {
	if !slices.Contains(methods, r.Method) {
		return &response{
			status: http.StatusBadRequest, contentType: textType, body: []byte("Invalid HTTP request received."),
			bare: true, unversioned: true,
		}
	}
	if !slices.Contains(versions, record.version) {
		resp := frameworkError(http.StatusNotFound, "Not Found")
		resp.bare, resp.unversioned = true, true
		return resp
	}
	if resp := preflight(r); resp != nil {
		return resp
	}
	resp := s.respondVersioned(r, record)
	allowOrigin(r, resp)
	return resp
}

// respondVersioned returns the response to a request for a known version.
func (s *Server) respondVersioned(r *http.Request, record *Request) *response {
	if resp := checkLength(r); resp != nil {
		return resp
	}
	path, rawQuery, oldRoot := target(r)
	resp := s.route(r, record, path, rawQuery)
	if oldRoot && !resp.fault {
		resp.set("X-Polar-Deprecation-Notice", "The API root has moved from /api/v1 to /v1. Please update your integration.")
	}
	return resp
}

// checkLength refuses bodies of unknown or excessive length.
func checkLength(r *http.Request) *response {
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		// A request that comes from Transport has no such header.
		overWire := r.RequestURI != ""
		if r.ContentLength < 0 || r.ContentLength == 0 && overWire && r.Header.Get("Content-Length") == "" {
			return spacedResponse(http.StatusLengthRequired,
				python.NewObject("error", "LengthRequired", "detail", "A Content-Length header is required."))
		}
	}
	if r.ContentLength > maxBody {
		return spacedResponse(http.StatusRequestEntityTooLarge, python.NewObject("error", "RequestBodyTooLarge",
			"detail", fmt.Sprintf("Request body exceeded the maximum allowed size of %d bytes.", maxBody)))
	}
	return nil
}

// route finds and runs the operation.
func (s *Server) route(r *http.Request, record *Request, path, rawQuery string) *response {
	if resp := s.limit(r, path); resp != nil {
		return resp
	}
	s.mu.Lock()
	who, resp := s.authenticate(r)
	s.mu.Unlock()
	if resp != nil {
		return resp
	}
	if path == healthPath && r.Method == http.MethodGet {
		return jsonResponse(http.StatusOK, python.NewObject("status", "ok"))
	}
	rt, params, resp := find(r.Method, path)
	if rt == nil {
		if op, ok := unimplemented(r.Method, path); ok {
			return domainError(http.StatusNotImplemented, "NotImplemented", "polartest does not implement "+op.Name+" ("+op.Method+" "+op.Path+").")
		}
		if resp != nil {
			return resp
		}
		if toggled := toggleSlash(path); toggled != "" {
			if hit, _, partial := find(r.Method, toggled); hit != nil || partial != nil {
				return redirect(r, toggled, rawQuery)
			}
		}
		return frameworkError(http.StatusNotFound, "Not Found")
	}
	record.Operation = rt.operation
	if who != nil && !isCustomers(rt.operation) {
		who.Organizations = who.all // the other services ignore the header
	}
	c := &call{srv: s, req: r, route: rt, params: params, who: who, query: pydantic.ParseQuery(rawQuery)}
	return c.run(record)
}

// run reads the body, checks the caller and runs the operation.
func (c *call) run(record *Request) *response {
	if c.route.body {
		if resp := c.readBody(record); resp != nil {
			return resp
		}
	}
	public := len(c.route.scopes) == 0
	if !public && (c.who == nil || c.who.Session != c.route.portal()) {
		return unauthorized()
	}
	if !public && !c.who.hasAny(c.route.scopes) {
		return insufficientScope(c.route.scopes)
	}
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.now = c.srv.clock.time()
	c.db = c.srv.db.reader(c.now)
	if c.req.Method != http.MethodGet {
		c.db = c.srv.db.primary
	}
	if record.contended != nil && record.contended() {
		if resp := contenders[c.route.operation](c); resp != nil {
			return resp
		}
	}
	return c.route.handle(c)
}

// readBody parses the body. A body of another type than JSON becomes a string.
func (c *call) readBody(record *Request) *response {
	data := record.Body
	if len(data) == 0 {
		return nil
	}
	if !isJSON(c.req.Header.Get("Content-Type")) {
		c.body = string(data)
		return nil
	}
	v, err := python.ParseJSON(data)
	var syntax *python.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return schemaError(pydantic.Problem{
			Type: "json_invalid", Loc: pydantic.Loc("body", syntax.Offset), Msg: "JSON decode error",
			Input: python.NewObject(), Ctx: python.NewObject("error", syntax.Msg),
		})
	case err != nil:
		return frameworkError(http.StatusBadRequest, "There was an error parsing the body")
	}
	c.body = v
	return nil
}

// isJSON reports whether a content type is application/json, or ends in +json.
func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	rest, ok := strings.CutPrefix(kind, "application/")
	return ok && (rest == "json" || strings.HasSuffix(rest, "+json"))
}

// host returns the authority that the client used.
func host(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	if addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		return addr.String()
	}
	return r.URL.Host
}

// write stores a change.
func (c *call) write(apply func(*store)) { c.srv.db.write(c.now, apply) }

// invalid returns the 422 for all problems found so far, or nil.
func (c *call) invalid() *response {
	all := slices.Concat(c.query.Early, c.badPath, c.query.Problems, c.badBody)
	if len(all) == 0 {
		return nil
	}
	return schemaError(all...)
}

// pathUUID reads a path parameter that must be a UUID.
func (c *call) pathUUID(name string, v4 bool) string {
	id, p := pydantic.CheckUUID(c.params[name], pydantic.Loc("path", name), v4)
	if p != nil {
		c.badPath = append(c.badPath, *p)
	}
	return id
}

// stamp returns the time of a new row. No two rows of a server share a
// microsecond, so that their order by age is total.
func (s *Server) stamp() time.Time {
	t := s.clock.time().Truncate(time.Microsecond)
	if !t.After(s.lastTime) {
		t = s.lastTime.Add(time.Microsecond)
	}
	s.lastTime = t
	return t
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func readAll(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	return io.ReadAll(io.LimitReader(r.Body, maxBody+1))
}
