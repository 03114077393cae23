package polartest

import (
	"time"

	"github.com/polarexpress/polar-go/polartest/internal/imitation"
)

// Option configures a server.
type Option = imitation.Option

// WithAddress makes the server listen on addr, such as "127.0.0.1:8080",
// instead of a free port of the loopback interface.
func WithAddress(addr string) Option { return imitation.WithAddress(addr) }

// WithClock makes the server take the time from now instead of time.Now.
// [Server.Advance] adds to it.
func WithClock(now func() time.Time) Option { return imitation.WithClock(now) }

// WithEventLog calls log for every event, even if no webhook receives it. The server
// waits for log to return, so log must not call the server.
func WithEventLog(log func(Event)) Option { return imitation.WithEventLog(log) }

// WithMailDomains replaces the lookup of the domains of email addresses, for which the
// service uses DNS. By default every domain accepts mail, except example.com,
// example.net, example.org and their subdomains, which the service refuses too, and,
// for tests, domains with "nxdomain", "nullmx" or "nomx" in their name.
func WithMailDomains(status func(domain string) MailStatus) Option {
	return imitation.WithMailDomains(status)
}

// WithPublicPages serves the pages of the [Server] to other machines as well. The URLs
// of checkouts and portals then begin with baseURL or, if it is empty, with the host of
// the request that creates them. Everyone who can reach the dashboard can see all
// customers.
func WithPublicPages(baseURL string) Option { return imitation.WithPublicPages(baseURL) }

// WithSandboxHeader adds the header that marks responses of Polar's sandbox.
func WithSandboxHeader() Option { return imitation.WithSandboxHeader() }

// WithStateCache caches states as the service does. A state that has been read stays
// the same for an hour, or until [Server.RunJobs]. Without this option, states are
// always current.
func WithStateCache() Option { return imitation.WithStateCache() }

// WithoutContractCheck turns off the check of requests and responses against the
// contract. It is meant for benchmarks, and for tests that deliberately send requests
// that the service tolerates but the contract does not allow.
func WithoutContractCheck() Option { return imitation.WithoutContractCheck() }

// WithoutSocket makes the server reachable only through [Server.Transport], which
// [Server.Client] uses, and [Server.Handler]. Tests under testing/synctest need it:
// there, a server that waits for connections keeps the clock from moving.
func WithoutSocket() Option { return imitation.WithoutSocket() }
