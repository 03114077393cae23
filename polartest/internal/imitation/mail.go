package imitation

import (
	"github.com/polarexpress/polar-go/internal/polarrules"
)

// MailStatus is what the name service says of a domain that mail is to reach.
type MailStatus int

// What a domain can be.
const (
	// MailAccepted means that the domain takes mail, or could not be asked in
	// time.
	MailAccepted = MailStatus(polarrules.MailAccepted)
	// MailNoDomain means that there is no such domain.
	MailNoDomain = MailStatus(polarrules.MailNoDomain)
	// MailRefused means that the domain takes no mail.
	MailRefused = MailStatus(polarrules.MailRefused)
	// MailNeverSends means that the domain says that it sends none.
	MailNeverSends = MailStatus(polarrules.MailNeverSends)
)

// WithMailDomains replaces the stand-in for the name service, which the
// service asks about the domain of every email address. By default every
// domain takes mail, except example.com, example.net, example.org and what
// lies below them, which the service refuses too, and, for tests, domains with
// "nxdomain", "nullmx" or "nomx" in their name.
func WithMailDomains(status func(domain string) MailStatus) Option {
	return func(s *settings) {
		s.mail = func(domain string) polarrules.MailStatus { return polarrules.MailStatus(status(domain)) }
	}
}
