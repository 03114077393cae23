package customers

import (
	"context"
	"maps"
	"strings"

	"github.com/polarexpress/polar-go/polar"
)

// isRequested reports whether customer is what p asks for, in the service's form:
// the service rewrites domains, states, tax IDs and locales, so that only their
// presence can be compared.
func (c *Client) isRequested(ctx context.Context, customer *Customer, p CreateParams, opts []polar.CallOption) bool {
	kind := p.Type
	if kind == "" {
		kind = TypeIndividual
	}
	return customer.Type == kind &&
		sameEmail(polar.Value(customer.Email), p.Email) &&
		sameText(customer.ExternalID, p.ExternalID) &&
		sameText(customer.Name, p.Name) &&
		(customer.TaxID != nil) == (p.TaxID != "") &&
		(customer.Locale != nil) == (p.Locale != "") &&
		sameAddress(customer.BillingAddress, p.BillingAddress) &&
		(p.OrganizationID == "" || strings.EqualFold(customer.OrganizationID, p.OrganizationID)) &&
		maps.EqualFunc(customer.Metadata, p.Metadata, sameValue) &&
		c.hasOwner(ctx, customer, p.Owner, opts)
}

// hasOwner reports whether the customer's owner is the one that was asked for,
// if there was one. A token without a scope for members cannot tell.
func (c *Client) hasOwner(ctx context.Context, customer *Customer, owner *OwnerParams, opts []polar.CallOption) bool {
	if owner == nil {
		return true
	}
	page, err := c.Members().List(ctx, customer.ID, MemberListParams{Role: RoleOwner}, opts...)
	return err == nil && len(page.Items) == 1 &&
		sameEmail(page.Items[0].Email, owner.Email) &&
		sameText(page.Items[0].ExternalID, owner.ExternalID)
}

// sameText compares a text with what was sent. The service trims texts, and has no
// empty ones.
func sameText(got *string, sent string) bool { return polar.Value(got) == strings.TrimSpace(sent) }

// sameEmail compares an email address with what was sent. The service may rewrite
// an internationalized domain.
func sameEmail(got, sent string) bool {
	sent = strings.TrimSpace(sent)
	if strings.EqualFold(got, sent) {
		return true
	}
	gotLocal, gotDomain, _ := strings.Cut(got, "@")
	sentLocal, sentDomain, _ := strings.Cut(sent, "@")
	return strings.EqualFold(gotLocal, sentLocal) && (isInternational(gotDomain) || isInternational(sentDomain)) &&
		strings.Count(gotDomain, ".") == strings.Count(sentDomain, ".")
}

func isInternational(domain string) bool {
	return strings.Contains(strings.ToLower(domain), "xn--") || strings.ContainsFunc(domain, func(r rune) bool { return r >= 0x80 })
}

func sameAddress(got *Address, sent *AddressParams) bool {
	if got == nil || sent == nil {
		return got == nil && sent == nil
	}
	return strings.EqualFold(got.Country, sent.Country) && sameText(got.Line1, sent.Line1) && sameText(got.Line2, sent.Line2) &&
		sameText(got.PostalCode, sent.PostalCode) && sameText(got.City, sent.City) && (got.State != nil) == (sent.State != "")
}
