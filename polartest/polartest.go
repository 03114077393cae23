package polartest

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest/internal/imitation"
)

// Server is the service in memory. All of its methods are safe for concurrent
// use.
//
// Besides the API it serves pages: a dashboard at the root of its URL, the pages of
// checkouts, and the customer portal. Without [WithPublicPages], only this machine can
// open them.
type Server struct {
	// URL is the base URL, such as "http://127.0.0.1:45678", without a trailing
	// slash. It is empty for a server without a socket.
	URL string

	service *imitation.Server
	// helper is the test's Helper method: failures show the caller's line.
	helper func()
}

// NewServer starts a server for a test and closes it when the test ends. If
// [Server.Close] then returns an error, the test fails.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	service := imitation.NewServer(t, opts...)
	return &Server{URL: service.URL, service: service, helper: t.Helper}
}

// Start starts a server without a test. The caller closes it.
func Start(opts ...Option) (*Server, error) {
	service, err := imitation.Start(opts...)
	if err != nil {
		return nil, err
	}
	return &Server{URL: service.URL, service: service, helper: func() {}}, nil
}

// AddBenefit stores a benefit and returns it with its defaults filled in.
func (s *Server) AddBenefit(b Benefit) Benefit {
	s.helper()
	return s.service.AddBenefit(b)
}

// AddCustomer stores a customer as if it had existed before the test, and returns it
// with its defaults filled in. A customer that the service would refuse fails the test,
// for instance if the email address is taken or is in a domain that accepts no mail,
// such as example.com. The tax ID is stored unchecked.
func (s *Server) AddCustomer(c Customer) Customer {
	s.helper()
	return s.service.AddCustomer(c)
}

// AddDiscount stores a discount and returns it with its defaults filled in.
func (s *Server) AddDiscount(d Discount) Discount {
	s.helper()
	return s.service.AddDiscount(d)
}

// AddGrant grants a benefit and returns the grant with its defaults filled in.
func (s *Server) AddGrant(v Grant) Grant {
	s.helper()
	return s.service.AddGrant(v)
}

// AddMember stores a member and returns it with its defaults filled in.
func (s *Server) AddMember(m Member) Member {
	s.helper()
	return s.service.AddMember(m)
}

// AddMeter stores a customer's meter and returns it with its defaults filled in.
func (s *Server) AddMeter(v Meter) Meter {
	s.helper()
	return s.service.AddMeter(v)
}

// AddMeterDefinition stores a meter and returns it with its defaults filled in. A
// customer's consumption of it is added with [Server.AddMeter], or by ingesting events.
func (s *Server) AddMeterDefinition(m MeterDefinition) MeterDefinition {
	s.helper()
	return s.service.AddMeterDefinition(m)
}

// AddOrganization stores an organization and returns it with its defaults filled in.
func (s *Server) AddOrganization(o Organization) Organization {
	s.helper()
	return s.service.AddOrganization(o)
}

// AddPaymentMethod stores a payment method and returns it with its defaults filled in.
// A card without details is a Visa card.
func (s *Server) AddPaymentMethod(m PaymentMethod) PaymentMethod {
	s.helper()
	return s.service.AddPaymentMethod(m)
}

// AddProduct stores a product and returns it with its defaults filled in. A product
// that the service would refuse fails the test. The same holds for the other methods
// that add something to sell.
func (s *Server) AddProduct(p Product) Product {
	s.helper()
	return s.service.AddProduct(p)
}

// AddSubscription stores a subscription and returns it with its defaults filled in.
func (s *Server) AddSubscription(v Subscription) Subscription {
	s.helper()
	return s.service.AddSubscription(v)
}

// AddToken adds a token of any kind and returns its value.
func (s *Server) AddToken(t Token) string {
	s.helper()
	return s.service.AddToken(t)
}

// AddWebhook adds an endpoint. It is closed with the server, or by [Endpoint.Close],
// which tests under testing/synctest call.
func (s *Server) AddWebhook(w Webhook) *Endpoint {
	s.helper()
	return &Endpoint{s.service.AddWebhook(w)}
}

// Advance moves the server's clock forward by d. On the way, in order of time, trials
// end, subscriptions are renewed and charged, resumed or ended, and checkouts expire.
func (s *Server) Advance(d time.Duration) {
	s.helper()
	s.service.Advance(d)
}

// ChangeSubscription replaces the subscription that has the same ID. A status such as
// "canceled" ends it.
func (s *Server) ChangeSubscription(v Subscription) {
	s.helper()
	s.service.ChangeSubscription(v)
}

// Client returns a client of the server with a token of the first organization that has
// all scopes. Invalid options fail the test.
func (s *Server) Client(opts ...polar.Option) *polar.Client {
	s.helper()
	return s.service.Client(opts...)
}

// ClientWithToken returns a client of the server that uses token.
func (s *Server) ClientWithToken(token string, opts ...polar.Option) *polar.Client {
	s.helper()
	return s.service.ClientWithToken(token, opts...)
}

// Close stops the server and closes its connections. Its error has all problems of the
// run: unmet expectations, scripted failures that no request met, and requests and
// responses that do not match the contract.
func (s *Server) Close() error {
	s.helper()
	return s.service.Close()
}

// Customer returns the stored customer with an ID, even if it is deleted, and whether
// it exists.
func (s *Server) Customer(id string) (Customer, bool) {
	s.helper()
	return s.service.Customer(id)
}

// Customers returns all customers that are not deleted, oldest first.
func (s *Server) Customers() []Customer {
	s.helper()
	return s.service.Customers()
}

// Events returns the latest 1,000 events, oldest first.
func (s *Server) Events() []Event {
	s.helper()
	return s.service.Events()
}

// Expect requires exactly times calls of an operation before the server closes. The
// operation is an ID or a Go name, as for [Server.Requests]. An unknown name fails the
// test immediately.
func (s *Server) Expect(operation string, times int) {
	s.helper()
	s.service.Expect(operation, times)
}

// ExpiredToken adds an expired token. Requests with it fail with 401.
func (s *Server) ExpiredToken() string {
	s.helper()
	return s.service.ExpiredToken()
}

// FailNext scripts failures of the next requests. Several calls queue up. A failure
// that no request meets is an error when the server closes. An unknown operation fails
// the test immediately.
func (s *Server) FailNext(failures ...Failure) {
	s.helper()
	s.service.FailNext(failures...)
}

// FailPayment makes the payment of a checkout fail, given its ID or URL: the status of
// the checkout becomes "failed", and nothing is sold.
func (s *Server) FailPayment(checkout string) {
	s.helper()
	s.service.FailPayment(checkout)
}

// FailPayments makes the payments of a customer's renewals fail until stop is called.
// The subscription becomes past due, is charged again after 2, 7, 14 and 21 days, and
// ends when the last attempt fails. Use [Server.Advance] to move the time.
func (s *Server) FailPayments(customerID string) (stop func()) {
	s.helper()
	return s.service.FailPayments(customerID)
}

// Handler returns the server as a handler, for programs with a server or a
// transport of their own.
func (s *Server) Handler() http.Handler {
	s.helper()
	return s.service.Handler()
}

// Load adds the objects of a file that Save wrote. A hand-written file may also have
// tokens. If nothing has been added to the server yet, the first organization of the
// file replaces the server's first organization, whose tokens and webhooks move to it.
func (s *Server) Load(r io.Reader) error {
	s.helper()
	return s.service.Load(r)
}

// Members returns a customer's members, oldest first.
func (s *Server) Members(customerID string) []Member {
	s.helper()
	return s.service.Members(customerID)
}

// Now returns the time on the server's clock.
func (s *Server) Now() time.Time {
	s.helper()
	return s.service.Now()
}

// Organization returns the server's first organization. It is the default of
// tokens and customers.
func (s *Server) Organization() Organization {
	s.helper()
	return s.service.Organization()
}

// Outage makes every request that f matches fail until stop is called. Failures
// scripted by FailNext come first. Outage ignores Times, and an outage that no request
// meets is not an error.
func (s *Server) Outage(f Failure) (stop func()) {
	s.helper()
	return s.service.Outage(f)
}

// Pay completes a checkout, given by its ID or URL, as if the customer had paid: the
// customer is found or created, the order is paid, the subscription begins, benefits
// are granted, and webhooks get the events in the service's order. A checkout without
// an email address gets a generated one. A checkout that is not open fails the test.
func (s *Server) Pay(checkout string) Purchase {
	s.helper()
	return s.service.Pay(checkout)
}

// Refund refunds amount of the net amount of an order, in the currency's smallest unit,
// and the tax on it. If amount is zero, it refunds the rest. The customer keeps the
// benefits, as on the service unless the request for the refund has revoke_benefits:
// see [Server.RevokeGrant].
func (s *Server) Refund(orderID string, amount int) {
	s.helper()
	s.service.Refund(orderID, amount)
}

// Requests returns the requests that the server has handled, oldest first: all of them,
// or those of the given operations. An operation is an ID such as "customers:create",
// or a Go name such as "customers.Create". An unknown name fails the test.
//
// The server keeps the latest 10,000 requests, and at most 16 MiB of their
// bodies and headers.
func (s *Server) Requests(operations ...string) []Request {
	s.helper()
	return s.service.Requests(operations...)
}

// RevokeGrant revokes a customer's grant, given its ID, and the license key that
// came with it.
func (s *Server) RevokeGrant(customerID, grantID string) {
	s.helper()
	s.service.RevokeGrant(customerID, grantID)
}

// RevokeToken revokes a token.
func (s *Server) RevokeToken(value string) {
	s.helper()
	s.service.RevokeToken(value)
}

// RevokedToken adds a revoked token. Requests with it fail with 401. The service does
// not distinguish expired and revoked tokens.
func (s *Server) RevokedToken() string {
	s.helper()
	return s.service.RevokedToken()
}

// RunJobs runs the service's background jobs. With [WithStateCache] they wait for it:
// it completes paid checkouts and drops cached states, so that the next read of each
// state is current.
func (s *Server) RunJobs() {
	s.helper()
	s.service.RunJobs()
}

// Save writes the server's organizations, their customers and all other objects as
// JSON. It leaves out deleted customers, tokens and scripted failures.
func (s *Server) Save(w io.Writer) error {
	s.helper()
	return s.service.Save(w)
}

// Seed adds a catalogue and customers from hand-written JSON:
//
//	{
//	  "organization": {"name": "Acme", "slug": "acme"},
//	  "meters":       [{"name": "API calls", "event": "api_call"}],
//	  "benefits":     [{"description": "License", "type": "license_keys", "properties": {"prefix": "ACME"}},
//	                   {"description": "100 calls", "type": "meter_credit", "properties": {"meter_id": "API calls", "units": 100, "rollover": false}}],
//	  "products":     [{"name": "Pro", "recurring_interval": "month", "price_amount": 1900, "benefits": ["License", "100 calls"]}],
//	  "discounts":    [{"code": "WELCOME", "basis_points": 1000}],
//	  "customers":    [{"external_id": "ada", "email": "ada@polar.sh"}]
//	}
//
// The fields are those of the types of this package, in snake case. A product refers to
// its benefits by description or ID, and a meter credit refers to its meter by name or
// ID. An object without an ID gets one derived from its name, so that it is the same at
// each start. The organization replaces the server's first one, as in [Server.Load].
func (s *Server) Seed(r io.Reader) error {
	s.helper()
	return s.service.Seed(r)
}

// ServeHTTP handles one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.service.ServeHTTP(w, r)
}

// SetLatency delays every response by d.
func (s *Server) SetLatency(d time.Duration) {
	s.helper()
	s.service.SetLatency(d)
}

// SetRateLimit turns rate limits on, or off with the zero value. All tokens of
// an organization share one limit. The first request of a token counts against a
// limit of its own, 60 requests a minute, as on the service. The public routes of
// license keys allow 3 requests a second. Callers who send more are blocked for a
// minute. The confirmation of checkouts is limited to 6 requests a minute and 20 an
// hour, and blocks for 30 minutes.
func (s *Server) SetRateLimit(limit RateLimit) {
	s.helper()
	s.service.SetRateLimit(limit)
}

// SetReplicaLag makes reads return the data of d ago, by the server's clock, as reads
// from the service's replicas may.
func (s *Server) SetReplicaLag(d time.Duration) {
	s.helper()
	s.service.SetReplicaLag(d)
}

// Token adds an organization token of the first organization with the given scopes, or
// with all scopes if none are given.
func (s *Server) Token(scopes ...string) string {
	s.helper()
	return s.service.Token(scopes...)
}

// Transport returns a transport that reaches the server without a socket. It ignores
// the host of a request. Requests run in the goroutine that makes them.
func (s *Server) Transport() http.RoundTripper {
	s.helper()
	return s.service.Transport()
}
