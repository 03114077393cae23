package polarrules

import (
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// MailStatus is the result of a lookup of the mail settings of a domain.
type MailStatus int

// The results of a lookup.
const (
	// MailAccepted means that the domain accepts mail, or that the lookup timed
	// out.
	MailAccepted MailStatus = iota
	// MailNoDomain means that the domain does not exist.
	MailNoDomain
	// MailRefused means that the domain accepts no mail.
	MailRefused
	// MailNeverSends means that the domain declares that it sends no mail.
	MailNeverSends
)

// DefaultMail stands in for the lookup. Most domains accept mail. The domains reserved
// for documentation, example.com, example.net and example.org, accept none, and their
// subdomains do not exist. For tests, a domain with "nxdomain" in its name does not
// exist, and one with "nullmx" or "nomx" accepts no mail.
func DefaultMail(domain string) MailStatus {
	for _, reserved := range []string{"example.com", "example.net", "example.org"} {
		switch {
		case domain == reserved:
			return MailRefused
		case strings.HasSuffix(domain, "."+reserved):
			return MailNoDomain
		}
	}
	switch {
	case strings.Contains(domain, "nxdomain"):
		return MailNoDomain
	case strings.Contains(domain, "nullmx"), strings.Contains(domain, "nomx"):
		return MailRefused
	}
	return MailAccepted
}

// mailReasons are the reasons for which a domain is refused.
var mailReasons = map[MailStatus]string{
	MailNoDomain:   "The domain name %s does not exist.",
	MailRefused:    "The domain name %s does not accept email.",
	MailNeverSends: "The domain name %s does not send email.",
}

// emailCheck checks the syntax of an email address, then its domain. The result has the
// domain in lower case and in Unicode, and the local part unchanged.
func emailCheck(status func(domain string) MailStatus) pydantic.Check {
	return func(in any, at []any) (any, []pydantic.Problem) {
		raw, bad := pydantic.String(in, at)
		if bad != nil {
			return nil, bad
		}
		address, domain, err := parseEmail(raw)
		if err != nil {
			return nil, []pydantic.Problem{{
				Type: "value_error", Loc: at, Msg: "value is not a valid email address: " + err.Error(),
				Input: in, Ctx: python.NewObject("reason", err.Error()),
			}}
		}
		if reason, refused := mailReasons[status(domain)]; refused {
			reason = fmt.Sprintf(reason, domain)
			return nil, []pydantic.Problem{{
				Type: "value_error", Loc: at, Msg: address + " is not a valid email address: " + reason,
				Input: in, Ctx: python.NewObject("email", address, "reason", reason),
			}}
		}
		return address, nil
	}
}

// mailError is the problem of an address, in the service's words.
type mailError string

func (e mailError) Error() string { return string(e) }

const (
	maxEmailInput  = 2048
	maxEmail       = 254
	maxDomain      = 253
	maxDomainLabel = 63
)

// parseEmail reads an address, with or without a display name.
func parseEmail(raw string) (address, asciiDomain string, err error) {
	if n := utf8.RuneCountInString(raw); n > maxEmailInput {
		return "", "", mailError(fmt.Sprintf("Length must not exceed %d characters", maxEmailInput))
	}
	if strings.ContainsAny(raw, "\r\n") {
		return "", "", mailError("Carriage return and line feed characters are not allowed")
	}
	local, domain, quoted, err := splitEmail(python.Strip(withoutName(raw)))
	if err != nil {
		return "", "", err
	}
	if local, err = localPart(local, quoted); err != nil {
		return "", "", err
	}
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") {
		return "", "", mailError("A bracketed IP address after the @-sign is not allowed here.")
	}
	shown, ascii, err := domainPart(domain)
	if err != nil {
		return "", "", err
	}
	address = local + "@" + shown
	return address, ascii, checkEmailLength(local, ascii, address)
}

// withoutName reduces "Name <address>" to the address. It returns text that the
// standard library cannot read unchanged.
func withoutName(raw string) string {
	s := python.Strip(raw)
	open := strings.LastIndexByte(s, '<')
	if open < 0 || !strings.HasSuffix(s, ">") {
		return raw
	}
	name := python.Strip(s[:open])
	if name != "" {
		if _, err := mail.ParseAddress(name + " <a@b.c>"); err != nil {
			return raw
		}
	}
	return s[open+1 : len(s)-1]
}

// splitEmail cuts at the first at-sign outside quotes.
func splitEmail(s string) (local, domain string, quoted bool, err error) {
	inside, escaped := false, false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && inside:
			escaped = true
		case r == '"' && (inside || i == 0):
			inside = !inside
		case r == '<' && !inside:
			return "", "", false, angleBracket(s[i:])
		case r == '@' && !inside:
			local, domain = s[:i], s[i+1:]
			if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
				return local[1 : len(local)-1], domain, true, nil
			}
			return local, domain, false, nil
		}
	}
	return "", "", false, mailError("An email address must have an @-sign.")
}

func angleBracket(rest string) error {
	switch {
	case !strings.Contains(rest, ">"):
		return mailError("An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.")
	case !strings.HasSuffix(strings.TrimRight(rest, " "), ">"):
		return mailError("There can't be anything after the email address.")
	}
	return mailError("A display name and angle brackets around the email address are not permitted here.")
}

// fixedMailboxes are names whose case never matters (RFC 2142).
var fixedMailboxes = map[string]bool{
	"info": true, "marketing": true, "sales": true, "support": true, "abuse": true, "noc": true, "security": true,
	"postmaster": true, "hostmaster": true, "usenet": true, "news": true, "webmaster": true, "www": true, "uucp": true, "ftp": true,
}

func isAtext(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_!#$%&'*+-/=?^`{|}~", r)
}

func localPart(local string, quoted bool) (string, error) {
	if local == "" {
		return "", mailError("There must be something before the @-sign.")
	}
	if !quoted {
		if bad := badRunes(local, func(r rune) bool { return isAtext(r) || r == '.' || r >= 0x80 }); bad != "" {
			return "", mailError("The email address contains invalid characters before the @-sign: " + bad + ".")
		}
		if err := checkDots(local, "An email address cannot start with a %s.", "An email address cannot have a %s immediately before the @-sign.", false); err != nil {
			return "", err
		}
		local = norm.NFC.String(local)
	}
	if err := unsafeRunes(local, quoted); err != nil {
		return "", err
	}
	if quoted {
		return "", mailError("Quoting the part before the @-sign is not allowed here.")
	}
	if fixedMailboxes[strings.ToLower(local)] {
		local = strings.ToLower(local)
	}
	return local, nil
}

// badRunes lists the characters that ok does not accept, each once, sorted.
func badRunes(s string, ok func(rune) bool) string {
	seen := map[string]bool{}
	for _, r := range s {
		if !ok(r) {
			seen[showRune(r)] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), ", ")
}

// showRune returns a printable character in quotes, or the name of another character.
func showRune(r rune) string {
	if r == '\\' {
		return `"\"`
	}
	if unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
		return python.Repr(string(r))
	}
	if name := runenames.Name(r); name != "" && !strings.HasPrefix(name, "<") {
		return name
	}
	if r < 0xffff {
		return fmt.Sprintf("U+%04X", r)
	}
	return fmt.Sprintf("U+%08X", r)
}

// unsafeRunes refuses spaces, controls and the like.
func unsafeRunes(s string, allowSpace bool) error {
	bad := map[string]bool{}
	for i, r := range s {
		switch {
		case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
		case unicode.Is(unicode.M, r) && i > 0:
		case unicode.Is(unicode.Zs, r) && allowSpace:
		default:
			bad[showRune(r)] = true
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return mailError("The email address contains unsafe characters: " + strings.Join(slices.Sorted(maps.Keys(bad)), ", ") + ".")
}

func checkDots(s, atStart, atEnd string, hostname bool) error {
	switch {
	case strings.HasSuffix(s, "."):
		return mailError(fmt.Sprintf(atEnd, "period"))
	case strings.HasPrefix(s, "."):
		return mailError(fmt.Sprintf(atStart, "period"))
	case strings.Contains(s, ".."):
		return mailError("An email address cannot have two periods in a row.")
	case !hostname:
	case strings.HasSuffix(s, "-"):
		return mailError(fmt.Sprintf(atEnd, "hyphen"))
	case strings.HasPrefix(s, "-"):
		return mailError(fmt.Sprintf(atStart, "hyphen"))
	case strings.Contains(s, ".-"), strings.Contains(s, "-."):
		return mailError("An email address cannot have a period and a hyphen next to each other.")
	}
	return nil
}

// specialDomains are reserved and accept no mail.
var specialDomains = []string{"arpa", "invalid", "local", "localhost", "onion", "test"}

// domainForm maps a domain to its normal form and back to Unicode.
var domainForm = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// domainPart returns the domain in Unicode, and in ASCII as DNS has it.
func domainPart(domain string) (shown, ascii string, err error) {
	if domain == "" {
		return "", "", mailError("There must be something after the @-sign.")
	}
	if bad := badRunes(domain, isHostRune); bad != "" {
		return "", "", mailError("The part after the @-sign contains invalid characters: " + bad + ".")
	}
	if err := unsafeRunes(domain, false); err != nil {
		return "", "", err
	}
	domain = norm.NFC.String(strings.ToLower(strings.Map(fullStop, domain)))
	if err := checkDots(domain, "An email address cannot have a %s immediately after the @-sign.", "An email address cannot end with a %s.", true); err != nil {
		return "", "", err
	}
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) > 3 && label[2:4] == "--" && !strings.HasPrefix(label, "xn") {
			return "", "", mailError("An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode.")
		}
	}
	ascii = domain
	if !isASCII(domain) {
		if ascii, err = domainForm.ToASCII(domain); err != nil {
			return "", "", mailError(fmt.Sprintf("The part after the @-sign contains invalid characters (%v).", err))
		}
	}
	if err := checkDomainLength(domain, ascii); err != nil {
		return "", "", err
	}
	if err := checkTopLevel(ascii); err != nil {
		return "", "", err
	}
	if shown, err = domainForm.ToUnicode(ascii); err != nil {
		return "", "", mailError(fmt.Sprintf("The part after the @-sign is not valid IDNA (%v).", err))
	}
	return shown, ascii, nil
}

func isHostRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r >= 0x80
}

// fullStop maps the full stops of other scripts to the dot.
func fullStop(r rune) rune {
	switch r {
	case 0x3002, 0xff0e, 0xff61:
		return '.'
	}
	return r
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func tooMany(n, limit int) string {
	return fmt.Sprintf("(%d character%s too many)", n-limit, pydantic.Plural(n-limit))
}

func checkDomainLength(domain, ascii string) error {
	if len(ascii) > maxDomain {
		if ascii == domain {
			return mailError("The email address is too long after the @-sign " + tooMany(len(ascii), maxDomain) + ".")
		}
		n := len(ascii) - maxDomain
		return mailError(fmt.Sprintf("The email address is too long after the @-sign (%d byte%s too many after IDNA encoding).", n, pydantic.Plural(n)))
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if len(label) > maxDomainLabel {
			return mailError("After the @-sign, periods cannot be separated by so many characters " + tooMany(len(label), maxDomainLabel) + ".")
		}
	}
	return nil
}

func checkTopLevel(ascii string) error {
	if !strings.Contains(ascii, ".") {
		return mailError("The part after the @-sign is not valid. It should have a period.")
	}
	if last := ascii[len(ascii)-1]; last < 'a' || last > 'z' {
		return mailError("The part after the @-sign is not valid. It is not within a valid top-level domain.")
	}
	for _, special := range specialDomains {
		if strings.HasSuffix(ascii, "."+special) {
			return mailError("The part after the @-sign is a special-use or reserved name that cannot be used with email.")
		}
	}
	return nil
}

func checkEmailLength(local, asciiDomain, address string) error {
	n := utf8.RuneCountInString(address)
	ascii := len(local) + 1 + len(asciiDomain)
	switch {
	case isASCII(local) && ascii > maxEmail && n > maxEmail, len(address) > maxEmail && n > maxEmail:
		return mailError("The email address is too long " + tooMany(n, maxEmail) + ".")
	case isASCII(local) && ascii > maxEmail:
		return mailError("The email address is too long when converted to IDNA ASCII.")
	case len(address) > maxEmail:
		return mailError("The email address is too long when encoded in bytes.")
	}
	return nil
}
