package imitation

import (
	"github.com/polarexpress/polar-go/internal/polarrules"
)

// MailStatus is the result of a lookup of the mail settings of a domain.
type MailStatus int

// The results of a lookup.
const (
	// MailAccepted means that the domain accepts mail, or that the lookup timed
	// out.
	MailAccepted = MailStatus(polarrules.MailAccepted)
	// MailNoDomain means that the domain does not exist.
	MailNoDomain = MailStatus(polarrules.MailNoDomain)
	// MailRefused means that the domain accepts no mail.
	MailRefused = MailStatus(polarrules.MailRefused)
	// MailNeverSends means that the domain declares that it sends no mail.
	MailNeverSends = MailStatus(polarrules.MailNeverSends)
)

// WithMailDomains replaces the lookup of the domains of email addresses, for which the
// service uses DNS. By default every domain accepts mail, except example.com,
// example.net, example.org and their subdomains, which the service refuses too, and,
// for tests, domains with "nxdomain", "nullmx" or "nomx" in their name.
func WithMailDomains(status func(domain string) MailStatus) Option {
	return func(s *settings) {
		s.mail = func(domain string) polarrules.MailStatus { return polarrules.MailStatus(status(domain)) }
	}
}
