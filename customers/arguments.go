package customers

import (
	"strings"
	"unicode/utf8"
)

// maxExternalID is the longest external ID that a path carries, in bytes. The
// service stores no longer ones than about 2,700.
const maxExternalID = 2048

// checkID refuses what is not a UUID: such an ID could reach another route.
func checkID(op *Operation, name, id string) error {
	if isUUID(id) {
		return nil
	}
	why := "must be Polar's own ID, a UUID"
	if id == "" {
		why += ", and is empty"
	}
	if strings.Contains(op.Path, "{id}") {
		why += "; for an ID of your own call the method whose name ends in ByExternalID"
	}
	return invalidArgument(op, name, why)
}

// checkExternalID refuses what no path can carry to the service: it decodes a
// path before it routes, and a redirect would lead to another customer.
func checkExternalID(op *Operation, name, id string) error {
	switch {
	case id == "":
		return invalidArgument(op, name, "is empty: give the ID that you have stored at Polar")
	case len(id) > maxExternalID:
		return invalidArgument(op, name, "is longer than 2,048 bytes: find it with List, and use Polar's own ID")
	case id == "." || id == "..":
		return invalidArgument(op, name, "cannot be a dot or two in a path: find it with List, and use Polar's own ID")
	case strings.Contains(id, "/"):
		return invalidArgument(op, name, "holds a slash, which the service takes for the end of it: find it with List, and use Polar's own ID")
	case !utf8.ValidString(id):
		return invalidArgument(op, name, "is not valid UTF-8, which the service cannot have stored: check where it comes from")
	case strings.ContainsFunc(id, isControl):
		return invalidArgument(op, name, "holds a control character, such as a line break: trim it, or find it with List and use Polar's own ID")
	case strings.TrimSpace(id) != id:
		return invalidArgument(op, name, "begins or ends with white space, which the service does not store: trim it")
	}
	return nil
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

// isUUID reports whether s is 32 hexadecimal digits in groups of 8-4-4-4-12.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
				return false
			}
		}
	}
	return true
}

// checkCreate refuses what the service is known to refuse.
func checkCreate(p CreateParams) error {
	op := opCreate
	if p.Email == "" {
		switch {
		case p.Type != TypeTeam:
			return invalidArgument(op, "email", "is required, but for a team with an owner")
		case p.Owner == nil || p.Owner.Email == "":
			return invalidArgument(op, "owner", "with an e-mail address is required for a team without one")
		}
	}
	if p.OrganizationID != "" {
		if err := checkOrganizations(op, []string{p.OrganizationID}); err != nil {
			return err
		}
	}
	if p.TaxID != "" && p.BillingAddress == nil {
		return invalidArgument(op, "tax_id", "needs a billing address, whose country it is checked against")
	}
	if err := checkAddress(op, p.BillingAddress); err != nil {
		return err
	}
	return firstError(
		checkTexts(op, "email", p.Email, "external_id", p.ExternalID, "name", p.Name, "tax_id", p.TaxID, "locale", p.Locale),
		checkMetadata(op, p.Metadata),
	)
}

func checkUpdate(op *Operation, p UpdateByExternalIDParams) error {
	if p.BillingAddress.IsNull() {
		return invalidArgument(op, "billing_address", "cannot be null: leave it out to keep it")
	}
	if address, err := p.BillingAddress.Get(); err == nil {
		if err := checkAddress(op, &address); err != nil {
			return err
		}
	}
	return firstError(
		checkTexts(op, "email", value(p.Email), "name", value(p.Name), "tax_id", value(p.TaxID), "locale", value(p.Locale)),
		checkMetadata(op, p.Metadata),
	)
}

func checkAddress(op *Operation, a *AddressParams) error {
	if a == nil || len(a.Country) == 2 {
		return nil
	}
	return invalidArgument(op, "billing_address.country", "must be a code of two letters, such as FR")
}

// checkTexts refuses what no text can hold. It takes names and texts in turn.
func checkTexts(op *Operation, texts ...string) error {
	for i := 0; i < len(texts); i += 2 {
		name, text := texts[i], texts[i+1]
		if strings.Contains(text, "\x00") {
			return invalidArgument(op, name, "holds a NUL character")
		}
		if name == "name" && utf8.RuneCountInString(text) > 256 {
			return invalidArgument(op, name, "is longer than 256 characters")
		}
	}
	return nil
}

func checkMetadata(op *Operation, m Metadata) error {
	if err := m.Validate(); err != nil {
		return invalidArgument(op, "metadata", err.Error())
	}
	return nil
}

func checkOrganizations(op *Operation, ids []string) error {
	for _, id := range ids {
		if !isUUID(id) {
			return invalidArgument(op, "organization_id", "must be a UUID")
		}
	}
	return nil
}

func checkMemberIDs(op *Operation, customerID, memberID string) error {
	return firstError(checkID(op, "customer_id", customerID), checkID(op, "member_id", memberID))
}

func checkMemberExternalIDs(op *Operation, externalID, memberExternalID string) error {
	return firstError(checkExternalID(op, "external_id", externalID), checkExternalID(op, "member_external_id", memberExternalID))
}

func checkMember(op *Operation, p MemberCreateParams) error {
	if p.Email == "" {
		return invalidArgument(op, "email", "is required")
	}
	if p.Role == RoleOwner {
		return invalidArgument(op, "role", "cannot be owner: create the member, then make it the owner with Update")
	}
	return checkTexts(op, "email", p.Email, "name", p.Name, "external_id", p.ExternalID)
}

func checkMemberUpdate(op *Operation, p MemberUpdateParams) error {
	return checkTexts(op, "email", value(p.Email), "name", value(p.Name))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkPage refuses numbers that the service refuses.
func checkPage(op *Operation, page, limit int) error {
	if page < 0 {
		return invalidArgument(op, "page", "is below 0; pages begin at 1")
	}
	if limit < 0 {
		return invalidArgument(op, "limit", "is below 0")
	}
	return nil
}

func value(f Field[string]) string {
	v, _ := f.Get() // empty where there is none, which is valid
	return v
}
